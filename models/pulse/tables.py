"""Who wants to be asked, what they answered, and the pictures that somebody waits for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, now
from models.person import Person


class Side(StrEnum):
    """As whom somebody answered."""

    PARENT = "parent"
    YOUNG = "young"
    OTHER = "other"  # a family's professional, or somebody who did not say who they are
    STAFF = "staff"


class PulseWish(Base):
    """Somebody agreed to be asked. The row goes when they no longer want it."""

    __tablename__ = "pulse_wish"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime] = mapped_column(default=now)
    # When they were last asked, by the clock or because they came; and what, so that the next one takes its turn.
    asked_at: Mapped[datetime | None] = mapped_column(index=True)
    asked_key: Mapped[str | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class PulseAnswer(Base):
    __tablename__ = "pulse_answer"
    __table_args__ = (Index("ix_pulse_answer_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key: Mapped[str]
    # 1 (not at all) to 5 (very much).
    value: Mapped[int]
    side: Mapped[Side]
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class PulsePicture(Base):
    """Somebody asked for the picture; it is drawn outside the turn and sent when it is there."""

    __tablename__ = "pulse_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key: Mapped[str]
    asked: Mapped[datetime] = mapped_column(default=now)
