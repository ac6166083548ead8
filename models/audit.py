"""Who did what to whose data: one row for every look at a family's words by staff, and for every change of rights.

It holds ids, never words.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.database import Base, now
from models.person import Person


class Audit(Base):
    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    # None: somebody with the machine itself (the command line).
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    deed: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(default="")


def record(session: Session, by: Person | None, deed: str, about: str, detail: str = "") -> None:
    session.add(Audit(person_id=by.id if by else None, deed=deed, about=about, detail=detail))


def deeds(session: Session) -> list[str]:
    """Every kind of deed that there is a line of."""
    return list(session.scalars(select(Audit.deed).distinct().order_by(Audit.deed)))
