"""Keeping the rota. Whoever looks after alerts may put themselves on it and be away; for others it takes the same
role, and each change is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area
from models.area.area import WEEKDAYS
from models.audit import record
from models.database import now
from models.duty.tables import DutyAway, DutyTurn, Order
from models.person import Person
from models.role import Permission, may, require


class RotaError(ValueError):
    """What was asked for makes no turn of duty."""


def may_be_on_duty(session: Session, person: Person) -> bool:
    """Only who may take an alert can be told of one."""
    return may(session, person, Permission.PROTECT)


def turns(session: Session, area: Area) -> list[DutyTurn]:
    """Every turn that counts, first before second before manager; not those whose person has lost the role."""
    order = {Order.FIRST: 0, Order.SECOND: 1, Order.MANAGER: 2}
    teams = {duty.team for duty in area.duty}
    if not teams:
        return []
    found = session.scalars(
        select(DutyTurn).where(DutyTurn.ended.is_(None), DutyTurn.team.in_(teams)).order_by(DutyTurn.id)
    )
    able: dict[int, bool] = {}
    kept = []
    for turn in found:
        if turn.person_id not in able:
            able[turn.person_id] = may_be_on_duty(session, turn.person)
        if able[turn.person_id]:
            kept.append(turn)
    return sorted(kept, key=lambda turn: (order[turn.order], turn.id))


def add_turn(
    session: Session,
    area: Area,
    by: Person,
    person: Person,
    *,
    team: str,
    order: Order,
    days: Iterable[str],
    starts: str,
    ends: str,
) -> DutyTurn:
    """Put somebody on the rota. `days` are names of weekdays, `starts` and `ends` clocks like “09:00”.

    Raises `NotAllowed`, and `RotaError` for a team that area.toml does not name, a person who may not take alerts, or
    no day at all.
    """
    require(session, by, Permission.PROTECT)
    known = [day for day in WEEKDAYS if day in set(days)]
    if team not in {duty.team for duty in area.duty} or not known or not may_be_on_duty(session, person):
        raise RotaError(team)
    turn = DutyTurn(person=person, team=team, order=order, days=known, starts=starts, ends=ends)
    session.add(turn)
    session.flush()
    record(session, by, "put on duty", f"person:{person.id}", f"turn:{turn.id} {order.value}")
    _forget_watched(session)
    return turn


def end_turn(session: Session, by: Person, turn: DutyTurn) -> None:
    """Take a turn off the rota. Raises `NotAllowed`."""
    require(session, by, Permission.PROTECT)
    if turn.ended is None:
        turn.ended = now()
        record(session, by, "taken off duty", f"person:{turn.person_id}", f"turn:{turn.id}")
        session.flush()
    _forget_watched(session)


def be_away(
    session: Session, by: Person, person: Person, *, first: date, last: date, instead: Person | None = None
) -> DutyAway:
    """Somebody does not do their turns on these days, the last included; `instead` does them, if anybody: that is also
    how two swap. Raises `NotAllowed`, and `RotaError` when the days run backwards or `instead` may not take alerts."""
    require(session, by, Permission.PROTECT)
    if last < first or (instead is not None and (instead.id == person.id or not may_be_on_duty(session, instead))):
        raise RotaError("away")
    away = DutyAway(person=person, first=first, last=last, instead=instead)
    session.add(away)
    session.flush()
    record(session, by, "away from duty", f"person:{person.id}", f"away:{away.id}")
    _forget_watched(session)
    return away


def come_back(session: Session, by: Person, away: DutyAway) -> None:
    """The absence is over, or was a mistake. Raises `NotAllowed`."""
    require(session, by, Permission.PROTECT)
    record(session, by, "back on duty", f"person:{away.person_id}", f"away:{away.id}")
    session.delete(away)
    session.flush()
    _forget_watched(session)


def absences(session: Session, today: date) -> list[DutyAway]:
    """Those that are going on or to come."""
    return list(session.scalars(select(DutyAway).where(DutyAway.last >= today).order_by(DutyAway.first, DutyAway.id)))


def _forget_watched(session: Session) -> None:
    session.info.pop("watched", None)
