"""Staff call a meeting, move it, and cancel it. The charter's rules of notice and purpose are held here (H1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import reminder
from models.area import Area, MeetingFacts
from models.audit import record
from models.database import now
from models.meeting.tables import Meeting, MeetingState, Rsvp, Way
from models.meeting.telling import drop_waiting, expected_at, invited, rewrite_waiting, when_to_tell, write_to_all
from models.message import Message
from models.outgoing import Class
from models.person import Person
from models.promise import is_working_day
from models.role import Permission, require
from models.rung import Rung

FORMATS = {
    "face to face": Way.IN_PERSON,
    "online": Way.ONLINE,
    "telephone": Way.PHONE,
    "text chat": Way.TEXT,
    "online survey": Way.SURVEY,
}
SATURDAY = 5
# Minutes of a school day in which families are on their way (H2).
SCHOOL_RUNS = ((8 * 60, 9 * 60 + 30), (14 * 60 + 30, 16 * 60))


class AgainstTheCharter(ValueError):
    """A meeting without a purpose, or with too little notice and no reason for it (H1); or one that is over."""


class Clash(StrEnum):
    """What families have at that time (H2)."""

    BANK_HOLIDAY = "bank holiday"
    SCHOOL_RUN = "school run"


@dataclass(frozen=True, slots=True)
class Draft:
    """A meeting as it is to be announced."""

    title: str
    purpose: str
    starts: datetime
    minutes: int
    ways: tuple[Way, ...]
    place: str | None = None
    link: str | None = None
    phone: str | None = None
    audience: str = "everyone"
    for_whom: str | None = None
    short_notice_because: str | None = None


def load_meetings(session: Session, area: Area) -> int:
    """Bring in the kinds of meeting that the area holds, each once and without a date; returns how many were new.

    One that was brought in before is left alone, since staff may have called or changed it.
    """
    known = set(session.scalars(select(Meeting.source_id).where(Meeting.source_id.is_not(None))))
    new = [facts for facts in area.meetings if facts.id not in known]
    session.add_all(_planned(facts) for facts in new)
    session.flush()
    return len(new)


def _planned(facts: MeetingFacts) -> Meeting:
    ways = [FORMATS[name] for name in facts.formats if name in FORMATS]
    return Meeting(
        source_id=facts.id,
        title=facts.title,
        purpose=facts.purpose,
        for_whom=facts.who_for,
        minutes=facts.duration_min,
        ways=[way.value for way in ways or [Way.IN_PERSON]],
        state=MeetingState.PLANNED,
        sequence=0,
    )


def planned(session: Session) -> Sequence[Meeting]:
    """Kinds of meeting that have no date yet, in the order of their source."""
    query = select(Meeting).where(Meeting.state == MeetingState.PLANNED).order_by(Meeting.id)
    return session.scalars(query).all()


def notice_days(area: Area, starts: datetime, moment: datetime) -> int:
    """Days of the calendar between now and then, by the clock on the wall."""
    return (area.today(starts) - area.today(moment)).days


def needs_reason(area: Area, starts: datetime, moment: datetime) -> bool:
    """Whether that is less notice than the partnership promises (H1)."""
    return notice_days(area, starts, moment) < area.promises.meeting_notice_days


def clashes(area: Area, starts: datetime, minutes: int) -> list[Clash]:
    """What families have at that time (H2). England's school holidays differ by school and are not known here."""
    here = area.local(starts)
    if not is_working_day(here.date()):
        return [Clash.BANK_HOLIDAY] if here.weekday() < SATURDAY else []
    begins = here.hour * 60 + here.minute
    meets = any(begins < until and since < begins + minutes for since, until in SCHOOL_RUNS)
    return [Clash.SCHOOL_RUN] if meets else []


def call(session: Session, area: Area, by: Person, draft: Draft, template: Meeting | None = None) -> Meeting:
    """Call a meeting. A template that has no date yet gets one; any other stays as it is, and a new one is made.

    Raises `NotAllowed` unless `by` may publish, and `AgainstTheCharter`.
    """
    require(session, by, Permission.PUBLISH)
    moment = now()
    _hold_to_the_charter(area, draft, moment)
    meeting = template if template is not None and template.state is MeetingState.PLANNED else Meeting(sequence=0)
    _put(meeting, area, draft)
    meeting.state, meeting.called, meeting.called_by = MeetingState.CALLED, moment, by.id
    session.add(meeting)
    session.flush()
    record(session, by, "called a meeting", meeting.about)
    return meeting


def change(session: Session, area: Area, by: Person, meeting: Meeting, draft: Draft) -> None:
    """Change a meeting that was called; its reminders move with it. Raises as `call` does."""
    require(session, by, Permission.PUBLISH)
    moved = draft.starts != meeting.starts
    if moved:
        _hold_to_the_charter(area, draft, now())
    _put(meeting, area, draft)
    meeting.sequence, meeting.changed = meeting.sequence + 1, now()
    session.flush()
    _leave_lost_ways(session, meeting)
    if moved:
        reminder.plan_meeting(session, area, meeting)
    record(session, by, "changed a meeting", meeting.about)


def _leave_lost_ways(session: Session, meeting: Meeting) -> None:
    """Whoever wanted to take part in a way that there is no more has not said how. One way alone is everybody's."""
    ways = [Way(way) for way in meeting.ways]
    lost = Rsvp.way.not_in(ways) | Rsvp.way.is_(None)
    session.execute(
        update(Rsvp)
        .where(Rsvp.meeting_id == meeting.id, lost)
        .values(way=ways[0] if len(ways) == 1 else None)
        .execution_options(synchronize_session="fetch")
    )


def name_rung(session: Session, meeting: Meeting, rung: Rung | None, by: Person) -> None:
    """How far families work with staff at it (T10). Nobody is told: it is no change of the meeting. Raises
    `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    if rung is meeting.rung:
        return
    meeting.rung = rung
    record(session, by, "named the rung of", meeting.about, rung.value if rung else "")


def cancel(session: Session, area: Area, by: Person, meeting: Meeting, because: str) -> None:
    """Cancel a meeting: no reminder of it is left, and nothing that invites to it still goes out. Raises
    `NotAllowed`, and `AgainstTheCharter` without a reason."""
    require(session, by, Permission.PUBLISH)
    if not because.strip():
        raise AgainstTheCharter("families must hear why")
    meeting.state, meeting.cancelled_because = MeetingState.CANCELLED, because
    meeting.sequence, meeting.changed = meeting.sequence + 1, now()
    session.flush()
    reminder.plan_meeting(session, area, meeting)
    drop_waiting(session, meeting.about)
    record(session, by, "cancelled a meeting", meeting.about)


def announce(session: Session, area: Area, meeting: Meeting, messages: Mapping[str, Message]) -> int:
    """Tell everybody who is invited; returns how many are written to. Not in the quiet hours."""
    whom = invited(meeting.id, meeting.audience)
    return write_to_all(session, whom, messages, kind=Class.BROADCAST, about=meeting.about, due=area.next_waking(now()))


def tell_the_expected(
    session: Session, area: Area, meeting: Meeting, messages: Mapping[str, Message], *, before: datetime | None = None
) -> int:
    """Tell everybody who said yes or maybe that it changed or is off; returns how many are written to.

    `before` is when it was to start, where that has changed: who might set out for it is told in the night too.
    """
    soonest = min((one for one in (before, meeting.starts) if one is not None), default=None)
    due = when_to_tell(area, now(), soonest)
    return write_to_all(session, expected_at(meeting), messages, kind=Class.RECEIPT, about=meeting.about, due=due)


def correct_invitations(session: Session, meeting: Meeting, messages: Mapping[str, Message]) -> None:
    """Invitations that have not gone out yet say what is so now."""
    rewrite_waiting(session, messages, meeting.about)


def _hold_to_the_charter(area: Area, draft: Draft, moment: datetime) -> None:
    if not draft.title.strip() or not draft.purpose.strip():
        raise AgainstTheCharter("a meeting is announced with its purpose")
    if draft.starts <= moment:
        raise AgainstTheCharter("that time is over")
    if needs_reason(area, draft.starts, moment) and not (draft.short_notice_because or "").strip():
        raise AgainstTheCharter("less notice than promised, and no reason")
    if not draft.ways:
        raise AgainstTheCharter("no way to take part")


def _put(meeting: Meeting, area: Area, draft: Draft) -> None:
    meeting.title, meeting.purpose, meeting.for_whom = draft.title, draft.purpose, draft.for_whom
    meeting.starts, meeting.minutes = draft.starts.astimezone(UTC), draft.minutes
    meeting.ways = [way.value for way in draft.ways]
    meeting.place, meeting.link, meeting.phone = draft.place, draft.link, draft.phone
    meeting.audience, meeting.short_notice_because = draft.audience, draft.short_notice_because
    ends = meeting.starts + timedelta(minutes=meeting.minutes)
    meeting.notes_due = area.today(ends) + timedelta(days=area.promises.meeting_notes_days)


def preview(area: Area, draft: Draft) -> Meeting:
    """The meeting as it would be, to be read back: it belongs to no session and is not kept."""
    meeting = Meeting(state=MeetingState.CALLED, sequence=0)
    _put(meeting, area, draft)
    return meeting


def draft_of(meeting: Meeting) -> Draft:
    """A called meeting as it could be called again. Raises ValueError for one without a date."""
    if meeting.starts is None:
        raise ValueError(f"meeting {meeting.id} has no date")
    return Draft(
        title=meeting.title,
        purpose=meeting.purpose,
        starts=meeting.starts,
        minutes=meeting.minutes,
        ways=tuple(Way(way) for way in meeting.ways),
        place=meeting.place,
        link=meeting.link,
        phone=meeting.phone,
        audience=meeting.audience,
        for_whom=meeting.for_whom,
        short_notice_because=meeting.short_notice_because,
    )
