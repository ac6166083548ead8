"""What staff do with what families said: see it, answer it, say where it stands.

Access is checked here, not in the menu that leads here, and every look at a family's words is recorded. What is meant
only for the parent carer forum is seen only by its own people (H7), and they see no names. What an alert is about is
seen only by those who look after it, until they have said that nobody is at risk (models/alert/closed).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from models.alert import closed_by_alert, may_open, opened_by_alert, words_closed
from models.audit import record
from models.database import now
from models.feedback.said import Feedback, FeedbackNote, FeedbackStatus, Side, Status, Visibility
from models.looking import looked, when_looked
from models.person import Person
from models.role import NotAllowed, Permission, may, require, roles_of, staff_who_may

# The parent carer forum, as organisations are named in area.toml and in roles.
FORUM = "forum"


class ReasonMissing(ValueError):
    """“We can't” is an answer only with its because (T5)."""


def of_the_forum(session: Session, person: Person) -> bool:
    return any(role.organisation == FORUM for role in roles_of(session, person))


def _only_of_the_forum(session: Session, person: Person) -> bool:
    return all(role.organisation == FORUM for role in roles_of(session, person))


def may_see(session: Session, by: Person, feedback: Feedback) -> bool:
    """Whether this member of staff may see these words. What an alert is about is for those alone who look after it."""
    if not may(session, by, Permission.READ):
        return False
    if words_closed(session, feedback.id):
        return may_open(session, by, feedback.id)
    return feedback.visibility is not Visibility.FORUM or of_the_forum(session, by)


def name_shown(session: Session, by: Person, feedback: Feedback) -> str | None:
    """The name, if the family gave it for this and the reader is not of the forum, which sees no names (H7)."""
    named = feedback.visibility is Visibility.NAMED and not _only_of_the_forum(session, by)
    return feedback.name if named else None


def readers(session: Session, feedback: Feedback, permission: Permission = Permission.ANSWER) -> list[Person]:
    """The staff who may see it and have this permission."""
    return [one for one in staff_who_may(session, permission) if may_see(session, one, feedback)]


def forum_reads(session: Session) -> bool:
    """Whether anybody of the parent carer forum is here to read what is only for it."""
    return any(of_the_forum(session, one) for one in staff_who_may(session, Permission.READ))


def visible_to(session: Session, by: Person) -> ColumnElement[bool]:
    """What of `Feedback` this member of staff may see: what was said to the parent carer forum only is for its own
    people, and what an alert is about for those who look after it (`may_see` says the same of one). A condition for a
    query; that they may read at all is checked with `require`."""
    closed = closed_by_alert(Feedback.id)
    mine = closed & opened_by_alert(session, by, Feedback.id)
    if of_the_forum(session, by):
        return ~closed | mine
    return (~closed & (Feedback.visibility != Visibility.FORUM)) | mine


def inbox(session: Session, by: Person, *, offset: int = 0, limit: int = 8) -> Sequence[Feedback]:
    """What this member of staff may see: first what is owed an answer, the oldest promise first, those that stand
    still after the others; then what is not settled yet; then the rest, newest first. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    owed = Feedback.answered.is_(None)
    return session.scalars(
        select(Feedback)
        .where(visible_to(session, by))
        .order_by(
            ~owed,
            owed & Feedback.paused.is_not(None),
            ~owed & Feedback.status.in_((Status.DONE, Status.CANNOT)),
            case((owed, Feedback.answer_by)),
            case((owed, Feedback.id)),
            Feedback.id.desc(),
        )
        .offset(offset)
        .limit(limit)
    ).all()


def closed_to(session: Session, by: Person) -> int:
    """How many unanswered ones this member of staff may not see because they are for the forum only."""
    if of_the_forum(session, by):
        return 0
    count = select(func.count()).where(Feedback.visibility == Visibility.FORUM, Feedback.answered.is_(None))
    return session.scalar(count) or 0


def with_those_on_duty(session: Session, by: Person) -> int:
    """How many unanswered ones this member of staff may not see because somebody may be at risk in them."""
    closed = closed_by_alert(Feedback.id) & ~opened_by_alert(session, by, Feedback.id)
    return session.scalar(select(func.count()).select_from(Feedback).where(Feedback.answered.is_(None), closed)) or 0


def with_reference(session: Session, by: Person, ref: str) -> Feedback | None:
    """The feedback of this reference; None when there is none or it is not for this member of staff: the two look the
    same. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    found = session.scalar(select(Feedback).where(Feedback.ref == ref.strip().upper()))
    return found if found is not None and may_see(session, by, found) else None


def closed_to_them(session: Session, by: Person, ref: str) -> Feedback | None:
    """The feedback of this reference whose words an alert has closed to this member of staff: that they asked for it is
    to be kept (`models.looking.refused`), and nothing of it shown."""
    found = session.scalar(select(Feedback).where(Feedback.ref == ref.strip().upper()))
    closed = found is not None and words_closed(session, found.id) and not may_see(session, by, found)
    return found if closed else None


def seen_by(session: Session, feedback: Feedback, by: Person, occasion: str) -> None:
    """Record that a member of staff looked at a family's words: once for each occasion (a conversation)."""
    looked(session, by, feedback.about, occasion)


def done_meanwhile(
    session: Session, feedback: Feedback, by: Person, occasion: str
) -> list[FeedbackNote | FeedbackStatus]:
    """What colleagues wrote to the family, or set, since this member of staff opened it on this occasion."""
    opened = when_looked(session, by, feedback.about, occasion)
    if opened is None:
        return []
    done: list[FeedbackNote | FeedbackStatus] = []
    done += [one for one in feedback.notes if one.side is Side.STAFF and one.author_id != by.id]
    done += [one for one in feedback.history if one.by_id != by.id]
    return [one for one in done if one.at > opened]


def require_answer(session: Session, feedback: Feedback, by: Person) -> None:
    """Raises `NotAllowed` unless this member of staff may answer, and may see these words."""
    require(session, by, Permission.ANSWER)
    if not may_see(session, by, feedback):
        raise NotAllowed(Permission.ANSWER)


def reply(session: Session, feedback: Feedback, text: str, by: Person) -> FeedbackNote:
    """Staff answer; nothing is owed after it. Raises `NotAllowed`."""
    require_answer(session, feedback, by)
    note = FeedbackNote(side=Side.STAFF, author_id=by.id, text=text, at=now())
    feedback.notes.append(note)
    answered_now(feedback, note.at)
    record(session, by, "replied to", feedback.about)
    session.flush()
    return note


def set_status(
    session: Session, feedback: Feedback, status: Status, by: Person | None, reason: str = ""
) -> FeedbackStatus | None:
    """Say where it stands; the change is kept with its author and time. None when it stood there already, with the
    same reason: a tap is safe to make twice, and nobody is told twice.

    `by` is None for somebody with the machine itself. Telling the family is the caller's. Anything but “heard” counts
    as the answer that was promised. Raises `ReasonMissing` and `NotAllowed`.
    """
    if by is not None:
        require_answer(session, feedback, by)
    reason = reason.strip()
    if status is Status.CANNOT and not reason:
        raise ReasonMissing(feedback.ref)
    latest = feedback.history[-1] if feedback.history else None
    if latest is not None and (latest.status, latest.reason) == (status, reason):
        return None
    change = FeedbackStatus(status=status, reason=reason, by_id=by.id if by else None, at=now())
    feedback.history.append(change)
    feedback.status = status
    if status is not Status.HEARD:
        answered_now(feedback, feedback.answered or change.at)
    record(session, by, "set status of", feedback.about, status)
    session.flush()
    return change


def no_answer_needed(session: Session, feedback: Feedback, by: Person) -> None:
    """The family wrote back something that asks for nothing ("thank you"). Raises `NotAllowed`."""
    require_answer(session, feedback, by)
    answered_now(feedback, now())
    record(session, by, "needs no answer", feedback.about)


def answered_now(feedback: Feedback, at: datetime) -> None:
    """Nothing is owed from this moment; a promise that stood still is kept with it."""
    feedback.answered, feedback.paused = at, None
    for pause in feedback.pauses:
        pause.ended = pause.ended or at
