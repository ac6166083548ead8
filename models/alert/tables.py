"""An alert holds ids, never words; and it is about one thing that was said, never a mark on a person.

Rules, the person themselves or somebody who reads may raise one; nothing lowers one but a person who says “I have it”.
What the same person says in another conversation while an alert about them is open is a row of its own that belongs to
that alert (`joined_to`): it has no code, nobody takes it, and it goes where its alert goes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, now


class Level(StrEnum):
    RED = "red"  # somebody may be in danger now: people are told now
    AMBER = "amber"  # a person reads it today, and nobody is woken


class Source(StrEnum):
    """What raised it."""

    WORDS = "words"  # the screening of what was written
    ASKED = "asked"  # they said so, or were not sure, when they were asked
    READER = "reader"  # somebody who read it again


class Decision(StrEnum):
    """What was done about it by whoever had it."""

    TOLD = "told"
    WROTE = "wrote"
    RANG = "rang"
    REFERRED = "referred"  # handed on: it must be heard that it arrived
    SAFE = "safe"

    NOTHING = "nothing"  # there was nothing to read, and nobody to ask


class Words(StrEnum):
    """What became of the words that raised it."""

    AWAITED = "awaited"  # they have not said yet whether staff may read them
    KEPT_BACK = "kept back"  # they said no
    SENT = "sent"


class Alert(Base):
    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime] = mapped_column(default=now, index=True)
    level: Mapped[Level] = mapped_column(default=Level.RED)
    source: Mapped[Source] = mapped_column(default=Source.WORDS)
    # Since when it is of this level: from then on counts how long nobody has had it.
    since: Mapped[datetime] = mapped_column(default=now)
    # What it is about may be erased; that there was an alert, and what was done, stays for its time.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"), index=True)
    words: Mapped[Words] = mapped_column(default=Words.AWAITED)
    # The open alert of the same person that this is more of.
    joined_to: Mapped[int | None] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"), index=True)
    # How far up the rota it has been told (1, 2, 3), and when last; the rows are the schedule.
    step: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    seen_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    # A referral's own clock: by when it must be heard that it arrived, and when it was.
    arrival_due: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    # When whoever has it was last reminded of what is still open about it.
    chased_at: Mapped[datetime | None]

    @property
    def code(self) -> str:
        """What staff call it. It says nothing about anybody."""
        return f"A{self.id}"

    @property
    def about(self) -> str:
        return f"alert:{self.id}"

    @property
    def red(self) -> bool:
        return self.level is Level.RED

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.closed is None

    @property
    def closed(self) -> datetime | None:
        """Since when nobody has to do anything about it any more: what was handed on has to arrive first."""
        if self.decided_at is None or self.arrival_due is None:
            return self.decided_at
        return self.arrived_at


class AlertLink(Base):
    """A link in an e-mail that lets one person say “I have it” once. Its secret is kept nowhere but in that e-mail."""

    __tablename__ = "alert_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    secret_digest: Mapped[str] = mapped_column(unique=True)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
