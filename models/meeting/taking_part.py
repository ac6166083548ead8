"""What a family does with a meeting: looks at what is coming, says yes, maybe or no, how, and asks ahead.

Reminders are made, moved and removed in the transaction that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.orm import Session

from models import reminder
from models.area import Area
from models.at_once import Ready, as_if_read, read_at_once
from models.database import now
from models.meeting.tables import AheadQuestion, Coming, Meeting, MeetingState, Rsvp, Way
from models.person import Person

# What may just have ended is looked at one by one. `handlers.when.read_minutes` takes no longer one.
LONGEST_MEETING = timedelta(hours=12)


class NotOpen(Exception):
    """The meeting is cancelled or over, or has no date yet: that cannot be said of it now."""


def upcoming(session: Session, moment: datetime, *, first: int = 0, most: int = 10) -> list[Meeting]:
    """What is coming, soonest first, then what has no date yet. What is going on at this moment is still coming."""
    rows = read_at_once(session, Meeting, _NOT_OVER, {"since": moment - LONGEST_MEETING})
    coming = [one for one in rows if one.state is MeetingState.PLANNED or one.open(moment)]
    return coming[first : first + most]


_NOT_OVER = Ready(
    select(*Meeting.__table__.columns)
    .where(
        or_(
            Meeting.state == MeetingState.PLANNED,
            (Meeting.state == MeetingState.CALLED) & (Meeting.starts > bindparam("since")),
        )
    )
    .order_by(Meeting.starts.is_(None), Meeting.starts, Meeting.id)
)


def rsvp_of(session: Session, meeting: Meeting, person: Person) -> Rsvp | None:
    return session.scalar(select(Rsvp).where(Rsvp.meeting_id == meeting.id, Rsvp.person_id == person.id))


def rsvps_of(session: Session, person: Person) -> Sequence[Rsvp]:
    """What somebody said about meetings, soonest first, also about those that are over."""
    session.flush()
    found = []
    for row in _THEIRS.rows(session, {"person": person.id}):
        said = dict(zip(_RSVP, row, strict=False))
        about = dict(zip(_MEETING, row[len(_RSVP) :], strict=True))
        found.append(as_if_read(session, Rsvp, {**said, "meeting": as_if_read(session, Meeting, about)}))
    return found


_RSVP, _MEETING = Rsvp.__table__.columns.keys(), Meeting.__table__.columns.keys()
_THEIRS = Ready(
    select(*Rsvp.__table__.columns, *Meeting.__table__.columns)
    .join_from(Rsvp.__table__, Meeting.__table__, Meeting.id == Rsvp.meeting_id)
    .where(Rsvp.person_id == bindparam("person"))
    .order_by(Meeting.starts.is_(None), Meeting.starts, Meeting.id)
)


def say(session: Session, area: Area, meeting: Meeting, person: Person, coming: Coming) -> Rsvp:
    """Yes, maybe or no; or “tell me when there is a date”. Saying it again changes it. Raises `NotOpen`."""
    dateless = meeting.state is MeetingState.PLANNED
    if dateless is not (coming is Coming.TELL) or not (dateless or meeting.open(now())):
        raise NotOpen(meeting.id)
    rsvp = rsvp_of(session, meeting, person)
    if rsvp is None:
        rsvp = Rsvp(meeting=meeting, person=person, how_many=1, arranged=[])
        session.add(rsvp)
    rsvp.coming, rsvp.changed, rsvp.answered_to = coming, now(), meeting.sequence
    if rsvp.expected and rsvp.way is None and len(meeting.ways) == 1:
        rsvp.way = Way(meeting.ways[0])
    session.flush()
    reminder.plan(session, area, rsvp)
    return rsvp


def say_how(session: Session, rsvp: Rsvp, *, way: Way | None, how_many: int, needs: dict[str, Any] | None) -> None:
    """How they take part, with how many, and what they need: what was arranged stays so as long as it is needed."""
    rsvp.way, rsvp.how_many, rsvp.needs, rsvp.changed = way, how_many, needs, now()
    rsvp.arranged = [mark for mark in rsvp.arranged if mark in (needs or {}).get("marks", ())]
    session.flush()


def withdraw(session: Session, rsvp: Rsvp) -> None:
    """No longer wants to be told of a date."""
    session.delete(rsvp)
    session.flush()


def ask_ahead(session: Session, meeting: Meeting, person: Person, text: str) -> AheadQuestion:
    """A question for the meeting, also from somebody who does not come (H6)."""
    question = AheadQuestion(meeting=meeting, person=person, text=text)
    session.add(question)
    session.flush()
    return question


def ahead_questions_of(session: Session, person: Person) -> Sequence[AheadQuestion]:
    """What somebody sent ahead, newest first."""
    query = select(AheadQuestion).where(AheadQuestion.person_id == person.id).order_by(AheadQuestion.id.desc())
    return session.scalars(query).all()


def as_takeaway(rsvp: Rsvp) -> dict[str, Any]:
    """What is held of somebody about a meeting, as they are given it to take."""
    meeting = rsvp.meeting
    return {
        "meeting": meeting.title,
        "starts": meeting.starts.isoformat() if meeting.starts else None,
        "coming": rsvp.coming.value,
        "how": rsvp.way.value if rsvp.way else None,
        "how_many": rsvp.how_many,
        "needs": rsvp.needs,
        "arranged": list(rsvp.arranged),
        "said": rsvp.changed.isoformat(),
    }


def question_as_takeaway(question: AheadQuestion) -> dict[str, Any]:
    return {
        "meeting": question.meeting.title,
        "question": question.text,
        "asked": question.asked.isoformat(),
        "answer": question.answer,
        "answered": question.answered.isoformat() if question.answered else None,
    }


def forget_old(session: Session, area: Area, moment: datetime) -> int:
    """Who came, and what they needed and asked, goes when its time is up (UK GDPR, article 5(1)(e)). Returns how many
    rows went; a meeting itself holds nothing personal and stays."""
    before = moment - timedelta(days=365 * area.retention.meetings.months // 12)
    old = select(Meeting.id).where(Meeting.starts < before)
    gone = 0
    for table in (Rsvp, AheadQuestion):
        done = session.execute(
            delete(table).where(table.meeting_id.in_(old)).execution_options(synchronize_session=False)
        )
        gone += done.rowcount  # type: ignore[attr-defined]  # a DELETE has one
    return gone
