"""Who looks after a card, and when they are asked whether it is still right.

Asked is one person at a time, by the clock: about what families ring in danger after 90 days, about the rest after a
year, and at once where three did not get through. A card that nobody owns is the first organisation's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.area import Area
from models.audit import record
from models.contact.attention import ToCheck, Why, to_check
from models.database import Base, now
from models.person import Person, reach
from models.role import Permission, Role, require, staff_who_may

# A list of forty is put off; three are rung.
A_DAY = 3
# Who has not got round to it is asked again after so long, or a colleague is.
ASK_AGAIN_AFTER = timedelta(days=14)


class ContactOwner(Base):
    """A member of staff, or an organisation, who keeps a card right."""

    __tablename__ = "contact_owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime | None]


class ContactAsked(Base):
    """That somebody was asked about a card, and why."""

    __tablename__ = "contact_asked"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    why: Mapped[Why]
    at: Mapped[datetime] = mapped_column(default=now, index=True)


def own(
    session: Session, contact_id: str, by: Person, *, person: Person | None = None, organisation: str | None = None
) -> ContactOwner:
    """From now on this person, or this organisation, looks after the card.

    Raises `NotAllowed` unless `by` may answer families.
    """
    require(session, by, Permission.ANSWER)
    session.execute(
        update(ContactOwner)
        .where(ContactOwner.contact_id == contact_id, ContactOwner.ended.is_(None))
        .values(ended=now()),
        execution_options={"synchronize_session": False},
    )
    row = ContactOwner(
        contact_id=contact_id, person_id=person.id if person else None, organisation=organisation, by_id=by.id
    )
    session.add(row)
    session.flush()
    record(session, by, "looks after", f"contact:{contact_id}", organisation or "")
    return row


def owner_of(session: Session, contact_id: str) -> ContactOwner | None:
    return session.scalars(
        select(ContactOwner)
        .where(ContactOwner.contact_id == contact_id, ContactOwner.ended.is_(None))
        .order_by(ContactOwner.id.desc())
        .limit(1)
    ).first()


def to_ask(session: Session, area: Area, moment: datetime) -> Iterator[tuple[Person, ToCheck]]:
    """Whom to ask about which card at this moment (UTC); each is kept as asked when the next one is taken.

    Never at night; outside office hours only where three did not get through.
    """
    if area.quiet(moment):
        return
    for one in to_check(session, area, area.today(moment)):
        at_once = one.why is Why.UNREACHED
        if not (at_once or area.office_open(moment)) or _asked_lately(session, one, moment):
            continue
        person = _whom(session, area, one.card.id)
        if person is None or not (at_once or _asked_today(session, person, moment) < A_DAY):
            continue
        session.add(ContactAsked(contact_id=one.card.id, person_id=person.id, why=one.why, at=moment))
        session.flush()
        yield person, one


def _asked_lately(session: Session, one: ToCheck, moment: datetime) -> bool:
    """Three who did not get through are asked about even where the card was asked about for another reason."""
    asked = select(ContactAsked.id).where(
        ContactAsked.contact_id == one.card.id, ContactAsked.at > moment - ASK_AGAIN_AFTER
    )
    if one.why is Why.UNREACHED:
        asked = asked.where(ContactAsked.why == Why.UNREACHED)
    return session.scalar(asked.limit(1)) is not None


def _asked_today(session: Session, person: Person, moment: datetime) -> int:
    asked = select(func.count()).where(
        ContactAsked.person_id == person.id, ContactAsked.at > moment - timedelta(hours=20)
    )
    return session.scalar(asked) or 0


def _whom(session: Session, area: Area, contact_id: str) -> Person | None:
    """The owner, or whoever of the organisation was asked longest ago; anybody who may answer where it has nobody."""
    staff = [person for person in staff_who_may(session, Permission.ANSWER) if reach(person) is not None]
    owner = owner_of(session, contact_id)
    if owner is not None and owner.person_id in {person.id for person in staff}:
        return session.get(Person, owner.person_id)
    organisation = owner.organisation if owner is not None and owner.organisation else area.organisations[0].key
    there = set(session.scalars(select(Role.person_id).where(Role.ended.is_(None), Role.organisation == organisation)))
    theirs = [person for person in staff if person.id in there] or staff
    asked = select(ContactAsked.person_id, func.max(ContactAsked.id)).group_by(ContactAsked.person_id)
    last = {person_id: newest for person_id, newest in session.execute(asked)}  # noqa: C416  # rows to numbers
    return min(theirs, key=lambda person: (last.get(person.id, 0), person.id), default=None)
