"""What somebody said, and where it stands.

Every feedback has a reference and a day by which it is answered (T2), a wish about who may see it, and one status in
plain words with every status it ever had (T5). The person stays linked, so that they hear what becomes of it; whether
anybody sees who they are is theirs to say.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.alert import still_needed
from models.area import Area
from models.at_once import insert_row
from models.attachment import Attachment
from models.database import Base, now
from models.person import Kind, Person

# No vowels and none that look alike: a reference is read out on the telephone and spells no word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
REFERENCE_LENGTH = 6


class Status(StrEnum):
    HEARD = "heard"
    LOOKING = "looking"
    DOING = "doing"
    DONE = "done"
    CANNOT = "cannot"  # needs a reason (T5)


class Visibility(StrEnum):
    """Who may see it: everyone without a name, only the partnership, only the parent carer forum, or by name."""

    EVERYONE = "everyone"
    PARTNERSHIP = "partnership"
    FORUM = "forum"
    NAMED = "named"


class Voice(StrEnum):
    """Whose voice it is, as a parent or carer says (T4). A young person speaks for themselves and is not asked."""

    MINE = "mine"
    CHILD = "child"
    BOTH = "both"


class Side(StrEnum):
    """Who wrote a note of the back-and-forth."""

    FAMILY = "family"
    STAFF = "staff"


class Feedback(Base):
    __tablename__ = "feedback"
    # What is owed, by its day, without reading through all that was answered in years.
    __table_args__ = (
        Index(
            "ix_feedback_owed",
            "answer_by",
            "id",
            sqlite_where=text("answered IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    # Empty once the person has been erased; what they allowed everyone to see may stay without them.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    topic: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    # 1 (very bad) to 5 (very good); None when they left it out.
    feeling: Mapped[int | None]
    voice: Mapped[str | None]
    said_by: Mapped[Kind | None]
    name: Mapped[str | None]
    visibility: Mapped[Visibility]
    language: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.HEARD)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    received: Mapped[datetime] = mapped_column(default=now, index=True)
    answer_by: Mapped[date] = mapped_column(index=True)
    # Since when nothing is owed: a reply, or a word about where it stands. Empty again once the family writes back.
    answered: Mapped[datetime | None]
    # Since when the promise stands still; the reason is in `pauses`. None: it runs, or was kept.
    paused: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    history: Mapped[list[FeedbackStatus]] = relationship(
        back_populates="feedback", order_by="FeedbackStatus.id", cascade="all, delete-orphan", passive_deletes=True
    )
    notes: Mapped[list[FeedbackNote]] = relationship(
        back_populates="feedback", order_by="FeedbackNote.id", cascade="all, delete-orphan", passive_deletes=True
    )

    pauses: Mapped[list[PromisePause]] = relationship(
        order_by="PromisePause.id", cascade="all, delete-orphan", passive_deletes=True
    )
    kept_before: Mapped[list[EarlierPromise]] = relationship(
        order_by="EarlierPromise.id", cascade="all, delete-orphan", passive_deletes=True
    )
    parts: Mapped[list[FeedbackPart]] = relationship(
        back_populates="feedback", order_by="FeedbackPart.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def about(self) -> str:
        """How messages and the audit point at it."""
        return f"feedback:{self.id}"


class FeedbackStatus(Base):
    """Where it stood once: every change is kept, with who made it and when (T5)."""

    __tablename__ = "feedback_status"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status]
    reason: Mapped[str] = mapped_column(default="")
    # None: the program itself, when it first heard it, or somebody with the machine.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)

    feedback: Mapped[Feedback] = relationship(back_populates="history")


class FeedbackNote(Base):
    """One message of the back-and-forth about a feedback."""

    __tablename__ = "feedback_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime] = mapped_column(default=now)

    feedback: Mapped[Feedback] = relationship(back_populates="notes")


class PromisePause(Base):
    """A time in which a promise stood still, with the reason that the family was given."""

    __tablename__ = "promise_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)
    # Working days that were left of the promise: so many there are again when it goes on.
    days_left: Mapped[int]
    # When it went on, or was answered; None while it stands still.
    ended: Mapped[datetime | None]


class EarlierPromise(Base):
    """A promise that was answered before the family wrote again, and so a new one was made."""

    __tablename__ = "earlier_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    answer_by: Mapped[date] = mapped_column(index=True)
    answered: Mapped[datetime]


class FeedbackPart(Base):
    """What one organisation is to answer of a feedback that several are needed for."""

    __tablename__ = "feedback_part"
    __table_args__ = (
        UniqueConstraint("feedback_id", "organisation"),
        Index("ix_feedback_part_open", "organisation", "answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    # A key of area.organisations.
    organisation: Mapped[str]
    # What they are to answer, in staff's words; the family does not read it.
    asked: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    answered: Mapped[datetime | None]
    # When the family was sent this answer, in the one that joins them all.
    sent: Mapped[datetime | None]

    feedback: Mapped[Feedback] = relationship(back_populates="parts")


def new_reference() -> str:
    """Six characters that nobody can guess from another reference: 387 million of them."""
    return "".join(secrets.choice(ALPHABET) for _place in range(REFERENCE_LENGTH))


def give_feedback(
    session: Session,
    area: Area,
    person: Person,
    *,
    topic: str,
    text: str = "",
    feeling: int | None = None,
    voice: str | None = None,
    visibility: Visibility = Visibility.PARTNERSHIP,
    name: str | None = None,
    attachments: Sequence[int] = (),
) -> Feedback:
    """Keep what somebody said, with a reference and the day by which it is answered (T2).

    `topic` is a key of the area's, `feeling` 1 (very bad) to 5 (very good), `attachments` rows of this person. A name
    is kept only when they said that it may be seen. Unless they said otherwise, only the partnership sees it, without
    a name: the most private setting is the default (Children's Code).
    """
    received = now()
    feedback = Feedback(
        ref=new_reference(),
        person_id=person.id,
        topic=topic,
        text=text,
        feeling=feeling,
        voice=voice,
        said_by=person.kind,
        name=name if visibility is Visibility.NAMED else None,
        visibility=visibility,
        language=person.language,
        received=received,
        answer_by=area.answer_by(received),
    )
    session.add(feedback)
    session.flush()
    # The first line of its history, which is read when it is asked for: no object is made of it.
    insert_row(session, FeedbackStatus, feedback_id=feedback.id, status=Status.HEARD, reason="", at=received)
    if attachments:
        _keep_with(session, feedback, attachments)
    return feedback


def _keep_with(session: Session, feedback: Feedback, attachments: Sequence[int]) -> None:
    session.execute(
        update(Attachment)
        .where(Attachment.id.in_(attachments), Attachment.person_id == feedback.person_id)
        .values(feedback_id=feedback.id)
    )


def feedback_of(session: Session, person: Person) -> list[Feedback]:
    """Everything that this person said, newest first."""
    found = session.scalars(select(Feedback).where(Feedback.person_id == person.id).order_by(Feedback.id.desc()))
    return list(found)


def mine(session: Session, person: Person, ref: str) -> Feedback | None:
    """The person's own feedback of this reference; None when it is somebody else's or there is none."""
    return session.scalar(select(Feedback).where(Feedback.ref == ref.strip().upper(), Feedback.person_id == person.id))


def answer_back(
    session: Session, area: Area, feedback: Feedback, text: str, attachments: Sequence[int] = ()
) -> FeedbackNote:
    """The family writes again about what it said. What had been answered is owed an answer once more, by a new day."""
    note = FeedbackNote(
        side=Side.FAMILY, author_id=feedback.person_id, text=text, attachments=list(attachments), at=now()
    )
    feedback.notes.append(note)
    if feedback.answered is not None:
        feedback.kept_before.append(EarlierPromise(answer_by=feedback.answer_by, answered=feedback.answered))
        feedback.answered, feedback.answer_by = None, area.answer_by(note.at)
    session.flush()
    _keep_with(session, feedback, attachments)
    return note


def discard(session: Session, person: Person, attachments: Sequence[int]) -> None:
    """What somebody sent along with words that they then did not send: it goes."""
    session.execute(
        delete(Attachment).where(
            Attachment.id.in_(attachments), Attachment.person_id == person.id, Attachment.feedback_id.is_(None)
        )
    )


def attached(session: Session, feedback: Feedback) -> list[Attachment]:
    """The photos, voice notes and files that came with it, in the order in which they came."""
    found = session.scalars(select(Attachment).where(Attachment.feedback_id == feedback.id).order_by(Attachment.id))
    return list(found)


def take_back(session: Session, feedback: Feedback) -> bool:
    """The person wants it unsaid: it goes, with all that was written about it and all that was sent with it.

    False where an alert about it is still open: somebody may be at risk, and it may not be the person themselves who
    wants it gone. Then it is no longer theirs and has no name, and it goes once the alert is closed (`models.keeping`).
    """
    if still_needed(session, feedback.id):
        feedback.person, feedback.name = None, None
        session.flush()
        return False
    remove(session, feedback)
    return True


def remove(session: Session, feedback: Feedback) -> None:
    """It goes, with all that was written about it and all that was sent with it."""
    session.execute(delete(Attachment).where(Attachment.feedback_id == feedback.id))
    session.delete(feedback)
    session.flush()


def erase_feedback_of(session: Session, person: Person, *, keep_shared: bool = False) -> int:
    """Erase what this person said; call it before the person goes. Returns how many were erased: what an alert that is
    open is about stays without them until it is closed (see `take_back`).

    With `keep_shared`, what they allowed everyone to see stays: its words alone, linked to nobody. Ask them first.
    """
    erased = 0
    for feedback in feedback_of(session, person):
        if keep_shared and feedback.visibility is Visibility.EVERYONE:
            session.execute(delete(Attachment).where(Attachment.feedback_id == feedback.id))
            feedback.person, feedback.notes, feedback.parts, feedback.pauses = None, [], [], []
        else:
            erased += take_back(session, feedback)
    session.flush()
    return erased


def as_takeaway(feedback: Feedback) -> dict[str, Any]:
    """All that is held of it, for the person to take away (UK GDPR, articles 15 and 20). Times are ISO, UTC."""
    return {
        "reference": feedback.ref,
        "said": feedback.received.isoformat(),
        "topic": feedback.topic,
        "text": feedback.text,
        "feeling": feedback.feeling,
        "voice": feedback.voice,
        "said_by": feedback.said_by,
        "name": feedback.name,
        "who_may_see_it": feedback.visibility.value,
        "language": feedback.language,
        "status": feedback.status.value,
        "answer_promised_by": feedback.answer_by.isoformat(),
        "answered": feedback.answered.isoformat() if feedback.answered else None,
        "statuses": [
            {"status": one.status.value, "reason": one.reason, "at": one.at.isoformat()} for one in feedback.history
        ],
        "messages": [{"from": one.side.value, "text": one.text, "at": one.at.isoformat()} for one in feedback.notes],
        "promise_stood_still": [
            {
                "reason": one.reason,
                "since": one.since.isoformat(),
                "until": one.ended.isoformat() if one.ended else None,
            }
            for one in feedback.pauses
        ],
        "earlier_promises": [
            {"answer_promised_by": one.answer_by.isoformat(), "answered": one.answered.isoformat()}
            for one in feedback.kept_before
        ],
        "parts": [
            {"organisation": one.organisation, "asked": one.asked, "answer": one.answer} for one in feedback.parts
        ],
    }
