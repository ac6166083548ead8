"""The tables of a meeting: what it is, who comes and how, and what they want to know beforehand."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, now
from models.person import Person
from models.rung import Rung


class Way(StrEnum):
    """A way to take part (H3)."""

    IN_PERSON = "person"
    ONLINE = "online"
    PHONE = "phone"
    TEXT = "text"
    SURVEY = "survey"


class MeetingState(StrEnum):
    PLANNED = "planned"  # a kind of meeting that the partnership holds; it has no date yet
    CALLED = "called"
    CANCELLED = "cancelled"


class Coming(StrEnum):
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"
    TELL = "tell"  # wants to be told when there is a date


EXPECTED = (Coming.YES, Coming.MAYBE)


class Meeting(Base):
    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The row of the area's meetings.jsonl that it came from, if it did: loading the area again finds it.
    source_id: Mapped[str | None] = mapped_column(unique=True)
    # A calendar knows the meeting again by this, however often it moves.
    uid: Mapped[str] = mapped_column(default=lambda: str(uuid4()), unique=True)
    title: Mapped[str]
    purpose: Mapped[str]
    # Whom it is for in the words of its source, and who is invited: everyone · parents · young · topic:X · asked
    for_whom: Mapped[str | None]
    audience: Mapped[str] = mapped_column(default="everyone")
    starts: Mapped[datetime | None] = mapped_column(index=True)
    minutes: Mapped[int]
    ways: Mapped[list[str]]
    place: Mapped[str | None]
    link: Mapped[str | None]
    phone: Mapped[str | None]
    # Why it was called with less notice than the partnership promises: families see it (H1).
    short_notice_because: Mapped[str | None]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    called: Mapped[datetime | None]
    called_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    cancelled_because: Mapped[str | None]
    # How far families work with staff at it (T10).
    rung: Mapped[Rung | None]
    # How often it has changed since it was called: a calendar takes only what is newer (RFC 5545, SEQUENCE).
    sequence: Mapped[int] = mapped_column(default=0)
    changed: Mapped[datetime] = mapped_column(default=now)
    # By when its notes are due (H5), what they say, and how often staff were asked for them.
    notes_due: Mapped[date | None]
    notes: Mapped[str | None]
    notes_sent: Mapped[datetime | None]
    notes_asked: Mapped[int] = mapped_column(default=0)

    @property
    def about(self) -> str:
        return f"meeting:{self.id}"

    @property
    def ends(self) -> datetime | None:
        """Minutes that really pass, whatever the clocks do meanwhile."""
        return self.starts + timedelta(minutes=self.minutes) if self.starts else None

    def open(self, moment: datetime) -> bool:
        """Whether one can still say that one comes: it has a date, is on, and is not over."""
        return self.state is MeetingState.CALLED and self.ends is not None and moment < self.ends

    def notes_late(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether its notes should have been sent on an earlier day than this."""
        expected = self.state is MeetingState.CALLED and self.notes_due is not None and self.notes_sent is None
        return expected and self.notes_due is not None and moment.astimezone(zone).date() > self.notes_due


class Rsvp(Base):
    __tablename__ = "rsvp"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    coming: Mapped[Coming]
    way: Mapped[Way | None]
    how_many: Mapped[int] = mapped_column(default=1)
    # {"marks": [...], "language": ..., "words": ...}, and which of the marks are arranged (H3).
    needs: Mapped[dict[str, Any] | None]
    arranged: Mapped[list[str]] = mapped_column(default=list)
    # The meeting's `sequence` when they answered: after a change they are asked again.
    answered_to: Mapped[int] = mapped_column(default=0)
    made: Mapped[datetime] = mapped_column(default=now)
    changed: Mapped[datetime] = mapped_column(default=now)

    meeting: Mapped[Meeting] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship()

    @property
    def expected(self) -> bool:
        return self.coming in EXPECTED


class AheadQuestion(Base):
    """A question sent ahead, also by somebody who cannot come; its answer goes back to them (H6)."""

    __tablename__ = "ahead_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    asked: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None]
    answered: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # Whether the answer went to everybody who comes, without saying who had asked.
    shared: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(foreign_keys=person_id)
