"""Who is on duty at a moment, who comes next, and whether anybody is at all.

A person counts who looks after alerts and can be reached, in the chat or by a duty e-mail address that they have
confirmed. Whoever is away counts as the person who does their turns instead.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from models.area import Area
from models.database import now
from models.duty.email import DutyEmail
from models.duty.rota import absences, may_be_on_duty, turns
from models.duty.tables import DutyAway, DutyTurn, Order
from models.person import Address, Person, reach
from models.role import GRANTS, Permission, Role

# A turn comes round within a week; an absence of a fortnight is looked beyond.
LOOK_AHEAD = timedelta(days=21)
A_STEP = timedelta(minutes=15)
PROTECTORS = [name for name, granted in GRANTS.items() if Permission.PROTECT in granted]


def on_duty(session: Session, area: Area, moment: datetime, order: Order | None = None) -> list[Person]:
    """Who is on duty at this moment, of this order or of any, each once."""
    here = area.local(moment)
    away = {one.person_id: one for one in absences(session, (here - timedelta(days=1)).date())}
    people: dict[int, Person] = {}
    for turn in turns(session, area):
        if (order is not None and turn.order is not order) or not turn.holds(here):
            continue
        person = _who_does(turn, away.get(turn.person_id), here)
        if person is not None and _reachable(session, person):
            people.setdefault(person.id, person)
    return list(people.values())


def next_on_duty(session: Session, area: Area, moment: datetime) -> datetime | None:
    """When somebody is on duty next (UTC): the moment itself when somebody is; None when nobody will be."""
    rota = turns(session, area)
    if not rota:
        return None
    starts = sorted({moment, *(_beginnings(rota, area, moment))})
    return next((start for start in starts if on_duty(session, area, start)), None)


def watched(session: Session, area: Area) -> bool:
    """Whether anybody watches messages at all: somebody who is on the rota, looks after alerts, can be reached and is
    not away today. If not, every screen says so. One statement, and none where the area names no team."""
    teams = [duty.team for duty in area.duty]
    if not teams:
        return False
    if "watched" not in session.info:
        session.info["watched"] = session.scalar(_somebody(teams, area)) is not None
    return bool(session.info["watched"])


def who_reads(session: Session, area: Area) -> str:
    """Who reads messages, and when: an English sentence for `_()` that is true whether or not there is a rota."""
    return area.office.read_by if watched(session, area) else area.office.not_watched


def _somebody(teams: list[str], area: Area) -> Select[int]:
    today = area.today(now())
    instead = aliased(DutyAway)
    away = exists().where(DutyAway.person_id == DutyTurn.person_id, DutyAway.first <= today, DutyAway.last >= today)
    stands_in = exists().where(
        instead.person_id == DutyTurn.person_id,
        instead.first <= today,
        instead.last >= today,
        instead.instead_id.is_not(None),
    )
    in_the_chat = exists().where(
        Address.person_id == DutyTurn.person_id, Address.blocked_at.is_(None), Address.closed_at.is_(None)
    )
    by_mail = exists().where(DutyEmail.person_id == DutyTurn.person_id, DutyEmail.confirmed_at.is_not(None))
    protects = exists().where(Role.person_id == DutyTurn.person_id, Role.ended.is_(None), Role.name.in_(PROTECTORS))
    return (
        select(DutyTurn.id)
        .where(
            DutyTurn.ended.is_(None),
            DutyTurn.team.in_(teams),
            and_(protects, or_(in_the_chat, by_mail)),
            or_(~away, stands_in),
        )
        .limit(1)
    )


def _who_does(turn: DutyTurn, away: DutyAway | None, here: datetime) -> Person | None:
    if away is None or not away.first <= turn.day_of(here) <= away.last:
        return turn.person
    return away.instead


def _reachable(session: Session, person: Person) -> bool:
    if not may_be_on_duty(session, person):
        return False
    if reach(person) is not None:
        return True
    return (
        session.scalar(
            select(DutyEmail.id).where(DutyEmail.person_id == person.id, DutyEmail.confirmed_at.is_not(None))
        )
        is not None
    )


def _beginnings(rota: list[DutyTurn], area: Area, moment: datetime) -> list[datetime]:
    """Every moment of the coming weeks at which a turn may begin: by the clocks of the rota, and at midnight, when an
    absence ends."""
    clocks = {turn.starts for turn in rota} | {"00:00"}
    today = area.today(moment)
    found = []
    for days in range(LOOK_AHEAD.days):
        for clock in clocks:
            start = datetime.combine(today + timedelta(days=days), datetime.strptime(clock, "%H:%M").time(), area.zone)  # noqa: DTZ007
            if start > moment:
                found.append(start.astimezone(moment.tzinfo))
    return found
