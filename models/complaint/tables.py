"""The row of a complaint about data, with its clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.area import Area
from models.database import Base, now
from models.feedback import Feedback
from models.person import Person

# Section 164A(3) of the Data Protection Act 2018; the day on which it is received is the first of them.
ACKNOWLEDGE_DAYS = 30


class DataComplaint(Base):
    __tablename__ = "data_complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Who is erased takes the words along; that there was a complaint, and what was done, stays for its time.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(default="")
    received: Mapped[datetime] = mapped_column(default=now)
    acknowledge_by: Mapped[date] = mapped_column(index=True)
    # Who of the staff marked it; None when the rules recognised it or the family said so.
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    acknowledged: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    closed: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # What was done, as the family was told.
    outcome: Mapped[str] = mapped_column(default="")

    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    feedback: Mapped[Feedback | None] = relationship()

    @property
    def code(self) -> str:
        """What it is called on both sides. It says nothing about anybody."""
        return f"D{self.id}"

    @property
    def about(self) -> str:
        return f"complaint:{self.id}"

    @property
    def said(self) -> str:
        """The words: its own, or those of the message that it came in."""
        return self.words or (self.feedback.text if self.feedback is not None else "")

    def overdue(self, today: date) -> bool:
        return self.acknowledged is None and self.closed is None and self.acknowledge_by < today


def acknowledge_by(area: Area, received: datetime) -> date:
    """The last day on which it may be acknowledged, by the calendar on this area's walls."""
    return area.today(received) + timedelta(days=ACKNOWLEDGE_DAYS - 1)
