"""A turn of duty, and who is away from theirs.

Clocks are those on the area's walls, as “09:00”. A turn that ends at or before its start goes on into the next day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.area.area import WEEKDAYS
from models.database import Base, now
from models.person import Person


class Order(StrEnum):
    """Who is told when: at once, after 15 minutes, after 30."""

    FIRST = "first"
    SECOND = "second"
    MANAGER = "manager"


class DutyTurn(Base):
    __tablename__ = "duty_turn"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # One of the teams of area.toml: a turn of a team that is no longer there does not count.
    team: Mapped[str]
    order: Mapped[Order]
    days: Mapped[list[str]]
    starts: Mapped[str]
    ends: Mapped[str]
    made: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    def holds(self, here: datetime) -> bool:
        """Whether it covers this moment of the area's own clock."""
        start, end, clock = time.fromisoformat(self.starts), time.fromisoformat(self.ends), here.time()
        if start < end:
            return WEEKDAYS[here.weekday()] in self.days and start <= clock < end
        yesterday = WEEKDAYS[(here - timedelta(days=1)).weekday()]
        return (WEEKDAYS[here.weekday()] in self.days and clock >= start) or (yesterday in self.days and clock < end)

    def day_of(self, here: datetime) -> date:
        """The day to which the part of it that covers this moment belongs: a night's is the day on which it began."""
        start, end = time.fromisoformat(self.starts), time.fromisoformat(self.ends)
        began_yesterday = start >= end and here.time() < end
        return (here - timedelta(days=1)).date() if began_yesterday else here.date()


class DutyAway(Base):
    """Days, the last included, on which somebody does not do their turns; `instead_id` does them, if anybody."""

    __tablename__ = "duty_away"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    first: Mapped[date]
    last: Mapped[date] = mapped_column(index=True)
    instead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    instead: Mapped[Person | None] = relationship(foreign_keys=[instead_id])
