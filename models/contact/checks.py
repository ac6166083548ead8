"""What staff found out about a service: that its number is right, or what is right instead.

A row for each time, with its author; none is changed, and one that was wrong is taken back. Who reads the card next
sees it: nothing has to be loaded again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import record
from models.database import Base, now
from models.person import Person
from models.role import Permission, require


class Detail(StrEnum):
    """What of a card staff can correct; each is a column of `ContactCheck`."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    HOURS = "hours"


class ContactCheck(Base):
    __tablename__ = "contact_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The id of the area's files; it is stable.
    contact_id: Mapped[str] = mapped_column(index=True)
    # The day (the partnership's) on which the card was found right; None when something beside it was corrected.
    checked: Mapped[date | None]
    # What is right instead; an empty text when there is none, None when nothing was said about it.
    phone: Mapped[str | None]
    email: Mapped[str | None]
    web: Mapped[str | None]
    hours: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=now)
    undone: Mapped[datetime | None]


def found_right(session: Session, contact_id: str, day: date, by: Person, note: str = "") -> ContactCheck:
    """A member of staff rang (or, where there is no number, looked) on that day, and the card is right.

    Raises `NotAllowed` unless `by` may answer families.
    """
    return _add(session, ContactCheck(contact_id=contact_id, checked=day, note=note), by, "found right")


def correct(session: Session, contact_id: str, detail: Detail, right: str, *, day: date, by: Person) -> ContactCheck:
    """What is right instead (read by `models.contact.reading`); an empty text says that there is none.

    A new number counts as checked on that day. Another detail does not: correcting the hours says nothing about the
    number. Raises `NotAllowed` unless `by` may answer families.
    """
    check = ContactCheck(contact_id=contact_id, checked=day if detail is Detail.PHONE and right else None)
    setattr(check, detail, right)
    return _add(session, check, by, f"corrected {detail}")


def take_back(session: Session, check: ContactCheck, by: Person) -> None:
    """The card is again what it was without this. Doing it twice changes nothing.

    Raises `NotAllowed` unless `by` may answer families.
    """
    require(session, by, Permission.ANSWER)
    if check.undone is None:
        check.undone = now()
        record(session, by, "took back", f"contact:{check.contact_id}")


def standing_checks(session: Session, contact_ids: Collection[str]) -> Sequence[ContactCheck]:
    """What staff found out about these services and did not take back, oldest first."""
    standing = select(ContactCheck).where(ContactCheck.contact_id.in_(contact_ids), ContactCheck.undone.is_(None))
    return session.scalars(standing.order_by(ContactCheck.id)).all()


def newest_check(session: Session, contact_id: str) -> ContactCheck | None:
    """The last thing that staff found out about a service and did not take back."""
    return next(reversed(standing_checks(session, [contact_id])), None)


def _add(session: Session, check: ContactCheck, by: Person, deed: str) -> ContactCheck:
    require(session, by, Permission.ANSWER)
    check.by_id = by.id
    session.add(check)
    session.flush()
    record(session, by, deed, f"contact:{check.contact_id}")
    return check
