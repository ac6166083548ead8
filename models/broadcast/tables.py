"""The tables of a publication that goes to many."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.audience import Part
from models.database import Base, now
from models.feedback import Status
from models.person import Person
from models.theme import Action, Theme, Update


class BroadcastState(StrEnum):
    DRAFT = "draft"  # sent back by the second person, or not handed in yet
    WAITING = "waiting for approval"
    SCHEDULED = "scheduled"
    GOING = "going"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Broadcast(Base):
    """One text to many people, and what it says about an item, if it is about one."""

    __tablename__ = "broadcast"
    __table_args__ = (Index("ix_broadcast_due", "state", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str]
    # What was written, by language; English is always there.
    texts: Mapped[dict[str, Any]]
    # What is sent, word for word, by language and by whom it is for: what was seen before it went is what goes.
    messages: Mapped[dict[str, Any]]

    # What becomes true of the item when this goes out.
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status | None]
    organisation: Mapped[str | None]
    role: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None]
    # Which of the item's actions it is about; or it begins one more beside them.
    action_id: Mapped[int | None] = mapped_column(ForeignKey("theme_action.id", ondelete="SET NULL"), index=True)
    another: Mapped[bool] = mapped_column(default=False)
    # What it made of the item, once it has gone out.
    update_id: Mapped[int | None] = mapped_column(ForeignKey("theme_update.id", ondelete="SET NULL"), index=True)

    state: Mapped[BroadcastState]
    # How many of these the area allows each person a week; None: handed in before there was a limit.
    most_a_week: Mapped[int | None]
    # Who was left out, and why, as it was when there was a row for everybody: {"stopped": 3}.
    left_out: Mapped[dict[str, Any] | None]
    # When it may begin (UTC), and whether somebody said that it may go in the quiet hours.
    at: Mapped[datetime] = mapped_column(default=now)
    at_night: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    sent_back_because: Mapped[str | None]
    made: Mapped[datetime] = mapped_column(default=now)
    approved: Mapped[datetime | None]
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]

    # The last person for whom a row was made; it moves in the transaction that makes the rows, so that a crash between
    # two slices leaves nobody out and nobody twice.
    cursor: Mapped[int] = mapped_column(default=0)
    # Since when there is a row for everybody.
    expanded: Mapped[datetime | None]

    theme: Mapped[Theme | None] = relationship()
    action: Mapped[Action | None] = relationship()
    update: Mapped[Update | None] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=author_id)

    @property
    def about(self) -> str:
        return f"broadcast:{self.id}"


class Delivery(Base):
    """Whom a broadcast is for: at most one row for each person, whatever happens."""

    __tablename__ = "delivery"

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    part: Mapped[Part]
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id", ondelete="SET NULL"), index=True)
    # When they first pressed one of its buttons.
    tapped_at: Mapped[datetime | None]
    # Nobody knows whether it arrived, and staff have decided to leave it so.
    left_at: Mapped[datetime | None]
