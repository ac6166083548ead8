"""What staff see and do around a meeting: who comes, what they need, what they asked ahead, and the notes.

Every look at what a family wrote is recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.area import Area
from models.at_once import Ready, read_at_once
from models.audit import record
from models.database import now
from models.meeting.tables import AheadQuestion, Coming, Meeting, MeetingState, Rsvp, Way
from models.meeting.telling import heard_of, write_to_all
from models.message import Message
from models.outgoing import Class
from models.person import Person
from models.role import Permission, require

# What several families need alike is arranged for all of them at once; what they put in words is arranged for each.
IN_WORDS = ("interp", "other")


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many answers of each kind, how many people that makes, by which way, and how many were asked again after a
    change and have not answered since."""

    answers: Mapping[Coming, int]
    people: int
    by_way: Mapping[Way | None, int]
    unconfirmed: int


@dataclass(frozen=True, slots=True)
class Need:
    """Something that somebody needs. `key` is its mark, with the number of the answer where it was put in words."""

    key: str
    mark: str
    words: str
    rsvps: tuple[Rsvp, ...]
    arranged: bool


def running(session: Session, by: Person) -> Sequence[Meeting]:
    """Meetings that still need something from staff: those to come, and those whose notes have not been sent."""
    require(session, by, Permission.PUBLISH)
    query = select(Meeting).where(Meeting.state == MeetingState.CALLED, Meeting.notes_sent.is_(None))
    return session.scalars(query.order_by(Meeting.starts, Meeting.id)).all()


def turnout(session: Session, by: Person, meeting: Meeting) -> Turnout:
    """Raises `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    rsvps = _rsvps(session, meeting)
    expected = [one for one in rsvps if one.expected]
    by_way: Counter[Way | None] = Counter()
    for one in expected:
        by_way[one.way] += one.how_many
    return Turnout(
        Counter(one.coming for one in rsvps),
        sum(one.how_many for one in expected),
        by_way,
        sum(one.answered_to < meeting.sequence for one in expected),
    )


def needs_at(session: Session, by: Person, meeting: Meeting) -> list[Need]:
    """What those who come need, what is not arranged first (H3). The look is recorded. Raises `NotAllowed`."""
    needs = needs_listed(session, by, meeting)
    record(session, by, "looked at needs", meeting.about)
    return needs


def needs_listed(session: Session, by: Person, meeting: Meeting) -> list[Need]:
    """The same; that it was looked at is the caller's to record."""
    require(session, by, Permission.PUBLISH)
    found: dict[str, list[Rsvp]] = {}
    for rsvp in _rsvps(session, meeting):
        if rsvp.expected:
            for mark in (rsvp.needs or {}).get("marks", ()):
                found.setdefault(f"{mark}{rsvp.id}" if mark in IN_WORDS else mark, []).append(rsvp)
    needs = [_need(key, tuple(rsvps)) for key, rsvps in found.items()]
    return sorted(needs, key=lambda need: (need.arranged, need.key))


def _need(key: str, rsvps: tuple[Rsvp, ...]) -> Need:
    mark = next((mark for mark in IN_WORDS if key.startswith(mark)), key)
    said = rsvps[0].needs or {}
    words = {"interp": said.get("language"), "other": said.get("words")}.get(mark) or ""
    return Need(key, mark, words, rsvps, all(mark in one.arranged for one in rsvps))


def arrange(session: Session, by: Person, meeting: Meeting, key: str) -> list[Rsvp]:
    """What they need is arranged. Returns those for whom it was not before: they want to hear. Raises `NotAllowed`."""
    require(session, by, Permission.PUBLISH)
    need = next((one for one in needs_at(session, by, meeting) if one.key == key), None)
    if need is None:
        return []
    new = [one for one in need.rsvps if need.mark not in one.arranged]
    for one in new:
        one.arranged = [*one.arranged, need.mark]
    session.flush()
    record(session, by, "arranged what is needed", meeting.about, need.mark)
    return new


def questions_for(session: Session, by: Person, meeting: Meeting) -> Sequence[AheadQuestion]:
    """What was sent ahead, unanswered first, oldest first (H6). The look is recorded. Raises `NotAllowed`."""
    questions = questions_listed(session, by, meeting)
    record(session, by, "looked at questions", meeting.about)
    return questions


def questions_listed(session: Session, by: Person, meeting: Meeting) -> Sequence[AheadQuestion]:
    """The same; that it was looked at is the caller's to record."""
    require(session, by, Permission.READ)
    query = select(AheadQuestion).where(AheadQuestion.meeting_id == meeting.id)
    return session.scalars(query.order_by(AheadQuestion.answered.is_not(None), AheadQuestion.id)).all()


def count_open_questions(session: Session, meeting: Meeting) -> int:
    query = select(func.count()).where(AheadQuestion.meeting_id == meeting.id, AheadQuestion.answered.is_(None))
    return session.scalar(query) or 0


def answer_question(session: Session, by: Person, question: AheadQuestion, answer: str, *, shared: bool) -> None:
    """Raises `NotAllowed` unless `by` may answer families."""
    require(session, by, Permission.ANSWER)
    question.answer, question.answered, question.answered_by = answer, now(), by.id
    question.shared = shared
    session.flush()
    record(session, by, "answered a question", question.meeting.about, str(question.id))


def send_notes(
    session: Session, area: Area, by: Person, meeting: Meeting, *, text: str, messages: Mapping[str, Message]
) -> int:
    """Send the notes to all who were invited or answered (H5); returns how many are written to. Raises `NotAllowed`,
    and ValueError before the meeting has begun."""
    require(session, by, Permission.PUBLISH)
    moment = now()
    if meeting.starts is None or meeting.starts > moment:
        raise ValueError("notes of a meeting that has not begun")
    meeting.notes, meeting.notes_sent = text, moment
    session.flush()
    record(session, by, "sent the notes", meeting.about)
    due = area.next_waking(moment)
    return write_to_all(session, heard_of(meeting), messages, kind=Class.BROADCAST, about=meeting.about, due=due)


def notes_to_ask_for(session: Session, area: Area, moment: datetime) -> list[Meeting]:
    """Meetings whose notes staff are to be asked for now, marked as asked: the day after, on the day that they are
    due, and the day after that, when they are late (H5)."""
    if area.quiet(moment):
        return []
    query = select(Meeting).where(
        Meeting.state == MeetingState.CALLED,
        Meeting.notes_sent.is_(None),
        Meeting.starts < moment,
        Meeting.notes_asked < 3,
    )
    asked = []
    for meeting in session.scalars(query):
        due_times = _times_to_ask(area, meeting, moment)
        if due_times > meeting.notes_asked:
            meeting.notes_asked = due_times
            asked.append(meeting)
    session.flush()
    return asked


def late_notes(session: Session, area: Area, moment: datetime) -> list[Meeting]:
    """Meetings whose notes are late: families see which (H5)."""
    found = read_at_once(session, Meeting, _WITHOUT_NOTES, {})
    return [one for one in found if one.notes_late(moment, area.zone)]


_WITHOUT_NOTES = Ready(
    select(*Meeting.__table__.columns)
    .where(Meeting.state == MeetingState.CALLED, Meeting.notes_sent.is_(None))
    .order_by(Meeting.starts)
)


def _times_to_ask(area: Area, meeting: Meeting, moment: datetime) -> int:
    if meeting.ends is None or meeting.notes_due is None:
        return 0
    today = area.today(moment)
    days = (area.today(meeting.ends) + timedelta(days=1), meeting.notes_due, meeting.notes_due + timedelta(days=1))
    return sum(today >= day for day in days)


def _rsvps(session: Session, meeting: Meeting) -> list[Rsvp]:
    return list(session.scalars(select(Rsvp).where(Rsvp.meeting_id == meeting.id).order_by(Rsvp.id)).unique())
