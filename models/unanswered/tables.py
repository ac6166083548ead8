"""What staff said of a group of questions, and the words that a card has learnt by it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, now


class Outcome(StrEnum):
    CARD = "card"  # it should have been this contact
    GAP = "gap"  # there is no such service: it stays listed
    NOT_OURS = "not ours"  # it is not for us


class Settled(Base):
    """One tap of a member of staff. It holds no words: those are the questions', and go with them."""

    __tablename__ = "settled"

    id: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome]
    contact_id: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=now)
    undone: Mapped[datetime | None]


class LearntWords(Base):
    """What a family called a service, in words without personal data. A whole question, never a word out of it."""

    __tablename__ = "learnt_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(index=True)
    words: Mapped[str]
    # Whose words they are: erased with them. Nobody's any more once the question itself has gone in its time.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    settled_id: Mapped[int | None] = mapped_column(ForeignKey("settled.id", ondelete="SET NULL"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=now)
    undone: Mapped[datetime | None]
