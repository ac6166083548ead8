"""The rows of the miss-watch: a text that is read again, and what each reader made of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, now
from models.feedback import Feedback, FeedbackNote
from models.meeting import AheadQuestion
from models.question import Question


class Judged(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class SecondLook(Base):
    """A text that is read again: what somebody told us (`feedback`), what they wrote about it later (`note`), what they
    looked for (`question`), or what they sent ahead to a meeting (`ahead`). It goes with the words it is about."""

    __tablename__ = "second_look"
    __table_args__ = (
        Index(
            "uq_second_look_feedback",
            "feedback_id",
            unique=True,
            sqlite_where=text("note_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_note.id", ondelete="CASCADE"), unique=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), unique=True)
    ahead_id: Mapped[int | None] = mapped_column(ForeignKey("ahead_question.id", ondelete="CASCADE"), unique=True)
    picked: Mapped[datetime] = mapped_column(default=now, index=True)
    # When two had read it, or one had said yes.
    done: Mapped[datetime | None]
    missed: Mapped[bool] = mapped_column(default=False)
    # The alert that reading it again has raised.
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id", ondelete="SET NULL"), index=True)

    feedback: Mapped[Feedback | None] = relationship(lazy="joined")
    note: Mapped[FeedbackNote | None] = relationship(lazy="joined")
    question: Mapped[Question | None] = relationship(lazy="joined")
    ahead: Mapped[AheadQuestion | None] = relationship(lazy="joined")
    readings: Mapped[list[SecondReading]] = relationship(
        order_by="SecondReading.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def words(self) -> str:
        if self.question is not None:
            return self.question.words
        if self.ahead is not None:
            return self.ahead.text
        if self.note is not None:
            return self.note.text
        return self.feedback.text if self.feedback is not None else ""

    @property
    def about(self) -> str:
        """What the audit calls these words."""
        if self.question_id is not None:
            return f"question:{self.question_id}"
        return f"feedback:{self.feedback_id}" if self.ahead_id is None else f"ahead:{self.ahead_id}"

    @property
    def person_id(self) -> int | None:
        """Who wrote them, as far as that is kept."""
        source = self.feedback or self.question or self.ahead
        return source.person_id if source is not None else None

    @property
    def language(self) -> str:
        if self.ahead is not None:
            return self.ahead.person.language
        source = self.feedback or self.question
        return source.language if source is not None else "en"


class SecondReading(Base):
    """What one person made of it."""

    __tablename__ = "second_reading"
    __table_args__ = (UniqueConstraint("look_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    look_id: Mapped[int] = mapped_column(ForeignKey("second_look.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    judged: Mapped[Judged]
    at: Mapped[datetime] = mapped_column(default=now)
