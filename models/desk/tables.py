"""The rows of the desk in the browser. Of every secret only its digest is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.database import Base, now
from models.person import Person


class DeskLink(Base):
    """A way in: it works once and for minutes, and was sent to the chat of the person that it is for."""

    __tablename__ = "desk_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    expires: Mapped[datetime] = mapped_column(index=True)
    used: Mapped[datetime | None]


class DeskSession(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "desk_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made: Mapped[datetime] = mapped_column(default=now)
    # When it was last used, to the minute; and until when it lasts, however much it is used.
    seen: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime] = mapped_column(index=True)
    ended: Mapped[datetime | None]
    # What the next page says first: that something was done.
    flash: Mapped[str | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class DeskDraft(Base):
    """What somebody has begun to write in one form and not sent yet."""

    __tablename__ = "desk_draft"
    __table_args__ = (UniqueConstraint("person_id", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # Which form, and of what: "reply:7K2M9P".
    form: Mapped[str]
    # What it is about: it goes with it.
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    fields: Mapped[dict[str, Any]]
    touched: Mapped[datetime] = mapped_column(default=now, index=True)


class FeedbackWork(Base):
    """Whose work a feedback is just now, and until when it is out of sight. The family sees neither."""

    __tablename__ = "feedback_work"

    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    # The key of an organisation in area.toml.
    organisation: Mapped[str | None] = mapped_column(index=True)
    # Out of sight until this day (the area's), or until its promise is late.
    snoozed_until: Mapped[date | None]
    changed: Mapped[datetime] = mapped_column(default=now)


class ColleagueNote(Base):
    """What one colleague writes to the others about a feedback. It is never sent to the family."""

    __tablename__ = "colleague_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class SavedReply(Base):
    """Words that are written again and again: somebody's own, or everybody's here."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: for everybody.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    changed: Mapped[datetime] = mapped_column(default=now)
    # Goes up by one with every change, so that two who change it at once notice.
    version: Mapped[int] = mapped_column(default=1)


def end_sessions_of(session: Session, person_id: int) -> int:
    """Every browser is signed out, and no link that was made before opens anything. Returns how many browsers."""
    moment = now()
    session.execute(
        update(DeskLink).where(DeskLink.person_id == person_id, DeskLink.used.is_(None)).values(used=moment)
    )
    done = session.execute(
        update(DeskSession)
        .where(DeskSession.person_id == person_id, DeskSession.ended.is_(None))
        .values(ended=moment, flash=None)
    )
    return done.rowcount  # type: ignore[attr-defined,no-any-return]  # an UPDATE has one
