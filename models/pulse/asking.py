"""Agreeing, being asked in turn, answering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from models.area import Area, PulseStatement
from models.database import now
from models.months import months_before
from models.person import Kind, Person
from models.pulse.tables import PulseAnswer, PulseWish, Side
from models.role import roles_of

# An answer given again within this time takes the place of the one before: an old button is safe to press twice.
CHANGES_FOR = timedelta(days=7)


def wants(session: Session, person: Person) -> bool:
    return session.get(PulseWish, person.id) is not None


def agree(session: Session, person: Person) -> None:
    """They may be asked from now on. Doing it twice changes nothing."""
    if not wants(session, person):
        session.add(PulseWish(person_id=person.id))
        session.flush()


def no_more(session: Session, person: Person) -> None:
    """They are not asked any more; what they answered stays until they erase it."""
    session.execute(delete(PulseWish).where(PulseWish.person_id == person.id))


def statement(area: Area, key: str) -> PulseStatement | None:
    return next((one for one in area.pulses.statement if one.key == key), None)


def next_statement(session: Session, area: Area, person: Person) -> PulseStatement | None:
    """The one after that which they were asked last; None where the area has none."""
    all_ = area.pulses.statement
    if not all_:
        return None
    wish = session.get(PulseWish, person.id)
    keys = [one.key for one in all_]
    if wish is None or wish.asked_key not in keys:
        return all_[0]
    return all_[(keys.index(wish.asked_key) + 1) % len(all_)]


def due(session: Session, area: Area, moment: datetime, most: int) -> Sequence[PulseWish]:
    """Who may be asked now: they agreed, have not stopped messages, and were last asked long enough ago.

    Nobody while the clock on the wall says that it is quiet."""
    if area.quiet(moment) or not area.pulses.statement:
        return []
    before = moment - timedelta(days=area.pulses.every_days)
    return session.scalars(
        select(PulseWish)
        .join(Person, Person.id == PulseWish.person_id)
        .where(
            Person.stopped_at.is_(None),
            or_(PulseWish.asked_at <= before, PulseWish.asked_at.is_(None)),
        )
        .order_by(PulseWish.asked_at, PulseWish.person_id)
        .limit(most)
    ).all()


def asked(session: Session, person: Person, key: str, moment: datetime) -> None:
    """Their turn has come: the next is as far away as the area says."""
    wish = session.get(PulseWish, person.id)
    if wish is not None:
        wish.asked_at, wish.asked_key = moment, key
        session.flush()


def answer(session: Session, area: Area, person: Person, key: str, value: int) -> PulseAnswer:
    """Keep what they feel, 1 to 5, as who they are now. Raises ValueError for anything else."""
    if not 1 <= value <= 5 or statement(area, key) is None:
        raise ValueError("no such answer")
    moment = now()
    newest = session.scalar(
        select(PulseAnswer)
        .where(PulseAnswer.person_id == person.id, PulseAnswer.key == key, PulseAnswer.at > moment - CHANGES_FOR)
        .order_by(PulseAnswer.id.desc())
        .limit(1)
    )
    if newest is not None:
        newest.value = value
        return newest
    row = PulseAnswer(person_id=person.id, key=key, value=value, side=_side(session, person), at=moment)
    session.add(row)
    session.flush()
    return row


def _side(session: Session, person: Person) -> Side:
    if roles_of(session, person):
        return Side.STAFF
    return {Kind.PARENT: Side.PARENT, Kind.YOUNG: Side.YOUNG}.get(person.kind or Kind.PROFESSIONAL, Side.OTHER)


def answers_of(session: Session, person: Person) -> Sequence[PulseAnswer]:
    return session.scalars(select(PulseAnswer).where(PulseAnswer.person_id == person.id).order_by(PulseAnswer.id)).all()


def forget_old(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What was answered longer ago than feedback is kept. Returns how many."""
    before = months_before(moment, area.retention.feedback.months)
    old = session.scalars(select(PulseAnswer.id).where(PulseAnswer.at < before).limit(most)).all()
    session.execute(delete(PulseAnswer).where(PulseAnswer.id.in_(old)))
    return len(old)
