"""Who looks after a card, and when they are asked whether it is still right.

Asked is one person at a time, by the clock: about what families ring in danger after 90 days, about the rest after a
year, and at once where three did not get through. A card that nobody owns is the first organisation's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, func, or_, select, update
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
    office_open = area.office_open(moment)
    due = [one for one in to_check(session, area, area.today(moment)) if office_open or one.why is Why.UNREACHED]
    if not due:
        return
    asking = _Asking(session, area, moment)
    for one in due:
        if asking.asked_lately(one):
            continue
        person = asking.whom(one.card.id)
        if person is None or not (one.why is Why.UNREACHED or asking.today[person.id] < A_DAY):
            continue
        row = ContactAsked(contact_id=one.card.id, person_id=person.id, why=one.why, at=moment)
        session.add(row)
        session.flush()
        asking.note(row)
        yield person, one


class _Asking:
    """Who was asked about what, and who may be: read once, however many cards wait, as the clock comes every moment."""

    def __init__(self, session: Session, area: Area, moment: datetime) -> None:
        self.area = area
        self.moment = moment
        self.staff = {one.id: one for one in staff_who_may(session, Permission.ANSWER) if reach(one) is not None}
        self.there: dict[str, set[int]] = {}
        for organisation, person_id in session.execute(
            select(Role.organisation, Role.person_id).where(Role.ended.is_(None))
        ):
            self.there.setdefault(organisation, set()).add(person_id)
        owners = select(ContactOwner).where(ContactOwner.ended.is_(None)).order_by(ContactOwner.id)
        self.owners = {owner.contact_id: owner for owner in session.scalars(owners)}
        self.last: dict[int, int] = {}
        self.today = Counter[int]()
        self.lately: dict[str, set[Why]] = {}
        newest = select(func.max(ContactAsked.id)).group_by(ContactAsked.person_id)
        recent = ContactAsked.at > moment - ASK_AGAIN_AFTER
        for row in session.scalars(
            select(ContactAsked).where(or_(recent, ContactAsked.id.in_(newest))).order_by(ContactAsked.id)
        ):
            self.note(row)

    def note(self, row: ContactAsked) -> None:
        self.last[row.person_id] = row.id
        if row.at > self.moment - ASK_AGAIN_AFTER:
            self.lately.setdefault(row.contact_id, set()).add(row.why)
        if row.at > self.moment - timedelta(hours=20):
            self.today[row.person_id] += 1

    def asked_lately(self, one: ToCheck) -> bool:
        """Three who did not get through are asked about even where the card was asked about for another reason."""
        asked = self.lately.get(one.card.id, set())
        return Why.UNREACHED in asked if one.why is Why.UNREACHED else bool(asked)

    def whom(self, contact_id: str) -> Person | None:
        """The owner, or whoever of the organisation was asked longest ago; anybody at all where it has nobody."""
        owner = self.owners.get(contact_id)
        if owner is not None and owner.person_id in self.staff:
            return self.staff[owner.person_id]
        organisation = (
            owner.organisation if owner is not None and owner.organisation else self.area.organisations[0].key
        )
        there = self.there.get(organisation, set())
        theirs = [person for number, person in self.staff.items() if number in there] or self.staff.values()
        return min(theirs, key=lambda person: (self.last.get(person.id, 0), person.id), default=None)
