"""Miss-watch: two in a hundred of the texts that the screening let pass are read again, by two people (issue 5), among
them what a family writes later about what it said.

Which ones is a matter of arithmetic on their numbers, so nobody chooses and nothing has to be remembered; in a week in
which chance picked none, one is picked all the same. Whoever reads says whether somebody is at risk in it. One “yes”
is enough for an alert; two who disagree, or are not sure, are as well. What was missed is counted where staff see it,
and can be handed out without anything personal, so that it becomes a test of the screening.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, exists, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.alert import Alert, Level, Source, raise_alert
from models.audit import record
from models.database import Base, now
from models.feedback import Feedback, FeedbackNote, may_see
from models.looking import looked
from models.person import Person
from models.role import Permission, require
from models.screening import screen

IN_A_HUNDRED = 2
READERS = 2
A_WEEK = timedelta(days=7)
# Of a week's texts so many are looked at when one has to be picked: more than any week has brought.
MOST_IN_A_WEEK = 2000


class Judged(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class SecondLook(Base):
    """A text that is read again: what somebody told us, or (`note_id`) what they wrote about it later. It goes with the
    words it is about."""

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
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_note.id", ondelete="CASCADE"), unique=True)
    picked: Mapped[datetime] = mapped_column(default=now, index=True)
    # When two had read it, or one had said yes.
    done: Mapped[datetime | None]
    missed: Mapped[bool] = mapped_column(default=False)

    feedback: Mapped[Feedback] = relationship(lazy="joined", innerjoin=True)
    note: Mapped[FeedbackNote | None] = relationship(lazy="joined")
    readings: Mapped[list[SecondReading]] = relationship(
        order_by="SecondReading.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def words(self) -> str:
        return self.note.text if self.note is not None else self.feedback.text


class SecondReading(Base):
    """What one person made of it."""

    __tablename__ = "second_reading"
    __table_args__ = (UniqueConstraint("look_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    look_id: Mapped[int] = mapped_column(ForeignKey("second_look.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    judged: Mapped[Judged]
    at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the miss-watch has found. `waiting` texts still have to be read by one or two people."""

    picked: int
    read: int
    waiting: int
    missed: int


def pick_if_its_turn(session: Session, feedback: Feedback, note: FeedbackNote | None = None) -> SecondLook | None:
    """Called for every feedback once it is sent, and for every note that its family writes later; most are let go."""
    number = _number(feedback.id) if note is None else _number(note.id, "note")
    if number % 100 >= IN_A_HUNDRED or not _let_pass(session, feedback, note):
        return None
    return _pick(session, feedback, note)


def pick_one_a_week(session: Session, moment: datetime) -> int:
    """At least one a week, where there was anything to read. Returns how many were picked (0 or 1)."""
    since = moment - A_WEEK
    if session.scalar(select(SecondLook.id).where(SecondLook.picked > since).limit(1)) is not None:
        return 0
    week = session.scalars(
        select(Feedback)
        .where(
            Feedback.received > since,
            Feedback.text != "",
            ~exists().where(Alert.feedback_id == Feedback.id),
            ~exists().where(SecondLook.feedback_id == Feedback.id, SecondLook.note_id.is_(None)),
        )
        .order_by(Feedback.id.desc())
        .limit(MOST_IN_A_WEEK)
    )
    for feedback in sorted(week, key=lambda one: _number(one.id)):
        if _let_pass(session, feedback):
            _pick(session, feedback)
            return 1
    return 0


def to_read(session: Session, by: Person) -> SecondLook | None:
    """The oldest one that this member of staff has not read, may see, and that still needs a reader. Raises
    `NotAllowed`."""
    require(session, by, Permission.READ)
    open_ones = session.scalars(
        select(SecondLook)
        .where(
            SecondLook.done.is_(None),
            ~exists().where(SecondReading.look_id == SecondLook.id, SecondReading.person_id == by.id),
        )
        .order_by(SecondLook.id)
    )
    return next((one for one in open_ones if may_see(session, by, one.feedback)), None)


def look_of(session: Session, by: Person, number: int) -> SecondLook | None:
    """The one of this number, if this member of staff may see it. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    found = session.get(SecondLook, number)
    return found if found is not None and may_see(session, by, found.feedback) else None


def shown_to(session: Session, look: SecondLook, by: Person, occasion: str) -> None:
    """Record that they looked at these words."""
    looked(session, by, look.feedback.about, occasion)


def judge(session: Session, look: SecondLook, by: Person, judged: Judged) -> Alert | None:
    """What somebody makes of it. Returns the alert that has to be told now, if it takes one: somebody said that a
    person is at risk (red), or two did not agree that nobody is (amber). Twice by the same person changes nothing.

    Raises `NotAllowed`.
    """
    require(session, by, Permission.READ)
    if look.done is not None or any(one.person_id == by.id for one in look.readings):
        return None
    look.readings.append(SecondReading(person_id=by.id, judged=judged, at=now()))
    record(session, by, "read again", look.feedback.about, judged.value)
    said = [one.judged for one in look.readings]
    if Judged.YES not in said and len(said) < READERS:
        session.flush()
        return None
    look.done = now()
    look.missed = any(one is not Judged.NO for one in said)
    session.flush()
    if not look.missed:
        return None
    level = Level.RED if Judged.YES in said else Level.AMBER
    return raise_alert(
        session, look.feedback.person_id, level=level, source=Source.READER, feedback_id=look.feedback_id
    )


def counted(session: Session, since: datetime | None = None) -> Counted:
    """How the miss-watch stands, of all that was picked since then or at all."""
    chosen = [SecondLook.picked >= since] if since is not None else []

    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).select_from(SecondLook).where(*chosen, *conditions)) or 0  # type: ignore[arg-type]

    return Counted(
        picked=count(),
        read=count(SecondLook.done.is_not(None)),
        waiting=count(SecondLook.done.is_(None)),
        missed=count(SecondLook.missed.is_(True)),
    )


def missed_texts(session: Session) -> Iterator[tuple[str, str]]:
    """The language and the words of every miss that somebody confirmed with a yes, oldest first. They are a family's
    words: mask them before they go anywhere."""
    for look in session.scalars(select(SecondLook).where(SecondLook.missed.is_(True)).order_by(SecondLook.id)):
        if any(one.judged is Judged.YES for one in look.readings):
            yield look.feedback.language, look.words


def _pick(session: Session, feedback: Feedback, note: FeedbackNote | None = None) -> SecondLook:
    look = SecondLook(feedback=feedback, note=note, picked=now())
    session.add(look)
    session.flush()
    return look


def _let_pass(session: Session, feedback: Feedback, note: FeedbackNote | None = None) -> bool:
    """Whether there are words, and nothing flagged them."""
    words = feedback.text if note is None else note.text
    if not words.strip() or screen(words).level != "none":
        return False
    return session.scalar(select(Alert.id).where(Alert.feedback_id == feedback.id).limit(1)) is None


def _number(number: int, what: str = "") -> int:
    return int.from_bytes(hashlib.sha256(f"second look {what}{number}".encode()).digest()[:8])
