"""A reminder is a row: when it is due, and how many hours before the meeting that is.

The rows are the schedule (DESIGN 7). They are made, moved and removed in the transaction that changes an answer or a
meeting. None falls into the quiet hours, none comes after the meeting began, none comes twice. After downtime what
was missed is said once, late, as long as the meeting is still ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.area import Area
from models.database import Base, now
from models.meeting.tables import Meeting, MeetingState, Rsvp
from models.outgoing import Outgoing
from models.person import Person

# Hours before a meeting: a week, a day, and in time to set out.
USUAL = (168, 24, 2)
HOURS_OF_A_DAY = 24
# A reminder that would have come at night comes so much before the night begins.
BEFORE_THE_NIGHT = timedelta(minutes=15)
A_MINUTE = timedelta(minutes=1)
# Reminders that were never said are kept for so long after their meeting began.
OVER_FOR = timedelta(days=2)


class Reminder(Base):
    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("rsvp_id", "hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"))
    hours: Mapped[int]
    # The start that it was counted back from: what was said of another start may be said again of this one.
    starts: Mapped[datetime]
    due: Mapped[datetime] = mapped_column(index=True)
    sent: Mapped[datetime | None]
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id", ondelete="SET NULL"), index=True)

    rsvp: Mapped[Rsvp] = relationship()


def due_at(area: Area, starts: datetime, hours: int) -> datetime:
    """When to remind of something that `starts` then (UTC), never in the quiet hours and never after the start.

    Whole days are days on the wall: a week before half past six is half past six, also when the clocks change between.
    Single hours are hours that pass. What would fall into the night waits for the morning where it is about days, and
    comes in the evening before where it is about hours: the morning might be too late to set out.
    """
    days, rest = divmod(hours, HOURS_OF_A_DAY)
    wanted = (area.local(starts) - timedelta(days=days)).astimezone(UTC) - timedelta(hours=rest)
    if not area.quiet(wanted):
        return wanted
    morning = area.next_waking(wanted)
    return morning if days and morning < starts else _evening_before(area, wanted)


def _evening_before(area: Area, moment: datetime) -> datetime:
    while area.quiet(moment):
        moment -= A_MINUTE
    earlier = moment + A_MINUTE - BEFORE_THE_NIGHT
    return moment if area.quiet(earlier) else earlier


def hours_for(person: Person) -> list[int]:
    """The hours before a meeting at which this person is reminded."""
    return (
        list(USUAL)
        if person.reminder_hours is None
        else sorted({int(hours) for hours in person.reminder_hours if int(hours) > 0})
    )


def plan(session: Session, area: Area, rsvp: Rsvp) -> None:
    """Make, move and remove the reminders of one answer, so that they are right for it as it now is.

    What would have been due already is not made: they have just heard of it.
    """
    meeting, moment = rsvp.meeting, now()
    wanted: dict[int, datetime] = {}
    if rsvp.expected and meeting.state is MeetingState.CALLED and meeting.starts is not None:
        times = {hours: due_at(area, meeting.starts, hours) for hours in hours_for(rsvp.person)}
        wanted = {hours: due for hours, due in times.items() if moment < due < meeting.starts}
    there = {one.hours: one for one in session.scalars(select(Reminder).where(Reminder.rsvp_id == rsvp.id))}
    for hours, old in there.items():
        if hours not in wanted and old.sent is None:
            session.delete(old)
    for hours, due in wanted.items():
        starts = meeting.starts or due
        row = there.get(hours)
        if row is None:
            session.add(Reminder(rsvp_id=rsvp.id, hours=hours, starts=starts, due=due))
        elif row.sent is None or row.starts != starts:
            row.starts, row.due, row.sent, row.outgoing_id = starts, due, None, None
    session.flush()


def plan_meeting(session: Session, area: Area, meeting: Meeting) -> None:
    """The meeting moved, was called or was cancelled: its reminders go with it."""
    for rsvp in session.scalars(select(Rsvp).where(Rsvp.meeting_id == meeting.id)).unique():
        plan(session, area, rsvp)


def plan_person(session: Session, area: Area, person: Person) -> None:
    """They chose other times to be reminded (`person.reminder_hours`)."""
    coming = select(Rsvp).join(Rsvp.meeting).where(Rsvp.person_id == person.id, Meeting.starts > now())
    for rsvp in session.scalars(coming).unique():
        plan(session, area, rsvp)


@dataclass(frozen=True, slots=True)
class Due:
    """One person to be reminded of one meeting now, however many reminders of it were missed."""

    rsvp: Rsvp
    reminders: tuple[Reminder, ...]


def take_due(session: Session, area: Area, moment: datetime, most: int) -> list[Due]:
    """What is to be said now, at most so many, marked as said. Nothing in the quiet hours.

    Of what is over nothing is said, and it is thrown away some days later: a clock that is ahead for a moment must not
    cost anybody a reminder. What several missed reminders would say is said once.
    """
    if area.quiet(moment):
        return []
    session.execute(
        delete(Reminder)
        .where(Reminder.sent.is_(None), Reminder.starts <= moment - OVER_FOR)
        .execution_options(synchronize_session="fetch")
    )
    waiting = (Reminder.sent.is_(None), Reminder.due <= moment, Reminder.starts > moment)
    next_ones = select(Reminder.rsvp_id).where(*waiting).distinct().order_by(Reminder.rsvp_id).limit(most)
    rows: dict[int, list[Reminder]] = {}
    for row in session.scalars(select(Reminder).where(*waiting, Reminder.rsvp_id.in_(next_ones.scalar_subquery()))):
        row.sent = moment
        rows.setdefault(row.rsvp_id, []).append(row)
    session.flush()
    rsvps = session.scalars(select(Rsvp).where(Rsvp.id.in_(list(rows)))).unique()
    return [Due(rsvp, tuple(rows[rsvp.id])) for rsvp in rsvps]


def still_wanted(session: Session, row: Outgoing, area: Area) -> bool:
    """Asked just before a row is sent: whether this reminder is still true and welcome. Other rows are none of its
    business. One that has been overtaken by the night is due again in the morning."""
    reminders = _of(session, row)
    if not reminders:
        return True
    rsvp, moment = reminders[0].rsvp, now()
    meeting = rsvp.meeting
    true = (
        meeting.state is MeetingState.CALLED
        and meeting.starts == reminders[0].starts
        and moment < reminders[0].starts
        and rsvp.expected
        and rsvp.person.stopped_at is None
    )
    if true and area.quiet(moment):
        ids = [one.id for one in reminders]
        again = update(Reminder).where(Reminder.id.in_(ids)).values(sent=None, outgoing_id=None)
        session.execute(again.execution_options(synchronize_session="fetch"))
        return False
    return true


def _of(session: Session, row: Outgoing) -> Sequence[Reminder]:
    return session.scalars(select(Reminder).where(Reminder.outgoing_id == row.id)).all()


def has_any(session: Session, rsvp: Rsvp) -> bool:
    """Whether they will be reminded: only then it is said."""
    waiting = select(Reminder.id).where(Reminder.rsvp_id == rsvp.id, Reminder.sent.is_(None)).limit(1)
    return session.scalar(waiting) is not None
