"""Reminders: a week, a day and two hours before, by the clock on the wall; never at night, never too late, never twice.

They are rows that move with the meeting. What happens to them is tried out with calendars, with both clock changes
minute by minute, and with long random stories.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from handlers.reminders import send_due
from models import consent, reminder
from models.area import Area
from models.area.rules import QuietHours
from models.database import now, open_database, writing
from models.meeting import Coming, Draft, Meeting, Rsvp, Way, call, cancel, change, draft_of, say
from models.outgoing import Class, Outgoing
from models.partnership import Partnership
from models.person import Address, Kind, Person
from models.reminder import USUAL, Reminder, due_at
from models.role import Role, RoleName
from models.tables import Base
from tests.talk import Talk, as_lines

pytestmark = pytest.mark.both_databases
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
NEXT_MONTH = datetime(2026, 12, 10, 18, 30, tzinfo=UTC)


@pytest.fixture
def area(tameside: Partnership) -> Area:
    return tameside.area


# When they are due


def local(area: Area, moment: datetime) -> str:
    return f"{area.local(moment):%a %d %b %H:%M}"


def test_an_evening_meeting_is_said_a_week_a_day_and_two_hours_before(area: Area) -> None:
    assert [local(area, due_at(area, NEXT_MONTH, hours)) for hours in USUAL] == [
        "Thu 03 Dec 18:30",
        "Wed 09 Dec 18:30",
        "Thu 10 Dec 16:30",
    ]


def test_two_hours_before_an_early_meeting_is_said_the_evening_before(area: Area) -> None:
    nine = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    assert local(area, due_at(area, nine, 2)) == "Wed 09 Dec 20:45"


def test_a_day_before_a_meeting_in_the_quiet_hours_waits_for_the_morning_of_that_day(area: Area) -> None:
    seven = datetime(2026, 12, 10, 7, 0, tzinfo=UTC)
    assert local(area, due_at(area, seven, 24)) == "Wed 09 Dec 08:00"


@pytest.mark.parametrize("changing_day", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_minute_by_minute_around_a_clock_change_a_day_before_is_the_same_clock_on_the_wall(
    area: Area, changing_day: datetime
) -> None:
    starts = changing_day - A_DAY
    while starts < changing_day + 8 * A_DAY:
        here = area.local(starts)
        for days in (1, 7):
            due = area.local(due_at(area, starts, days * 24))
            assert due < here
            assert not area.quiet(due)
            if not area.quiet(starts):
                assert (due.date(), due.time()) == (here.date() - timedelta(days=days), here.time())
        two_hours = due_at(area, starts, 2)
        assert two_hours < starts
        assert not area.quiet(two_hours)
        if not area.quiet(starts - timedelta(hours=2)):
            assert starts - two_hours == timedelta(hours=2)
        starts += A_MINUTE if starts.date() == changing_day.date() else 7 * A_MINUTE


@given(
    starts=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hours=st.integers(1, 24 * 30),
    quiet=st.tuples(st.times(), st.times()).filter(lambda both: both[0] != both[1]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_quiet_hours_no_reminder_falls_into_them_or_comes_too_late(
    area: Area, starts: datetime, hours: int, quiet: tuple[time, time]
) -> None:
    begin, end = (each.replace(microsecond=0, fold=0) for each in quiet)
    awake = (
        begin.hour * 3600 + begin.minute * 60 + begin.second - end.hour * 3600 - end.minute * 60 - end.second
    ) % 86400
    if not awake >= 3600:
        return  # a partnership that is awake for less than an hour a day sends nobody anything
    own = area.model_copy(update={"quiet_hours": QuietHours(start=begin, end=end)})
    due = due_at(own, starts, hours)
    assert due < starts
    assert not own.quiet(due)


# A small world: one member of staff, one family, one meeting


class World:
    def __init__(self, engine: Engine, area: Area, partnership: Partnership) -> None:
        self.engine, self.area, self.partnership = engine, area, partnership
        with writing(engine) as session:
            family = Person(kind=Kind.PARENT, agreed_to="1", language="en")
            family.addresses = [Address(channel="terminal", key="1")]
            staff = Person(kind=Kind.PROFESSIONAL)
            session.add_all([family, staff])
            session.flush()
            session.add(Role(person=staff, name=RoleName.BROADCASTER, organisation="council"))
            self.family, self.staff = family.id, staff.id

    def call(self, starts: datetime = NEXT_MONTH) -> int:
        draft = Draft("A chat", "To hear you.", starts, 90, (Way.IN_PERSON,), "Hyde", short_notice_because="Snow.")
        with writing(self.engine) as session:
            return call(session, self.area, session.get_one(Person, self.staff), draft).id

    def move(self, meeting: int, starts: datetime) -> None:
        with writing(self.engine) as session:
            row = session.get_one(Meeting, meeting)
            old = draft_of(row)
            draft = Draft(old.title, old.purpose, starts, 90, old.ways, "Hyde", short_notice_because="Snow.")
            change(session, self.area, session.get_one(Person, self.staff), row, draft)

    def cancel(self, meeting: int) -> None:
        with writing(self.engine) as session:
            by = session.get_one(Person, self.staff)
            cancel(session, self.area, by, session.get_one(Meeting, meeting), "The speaker is ill.")

    def say(self, meeting: int, coming: Coming) -> None:
        with writing(self.engine) as session:
            person = session.get_one(Person, self.family)
            say(session, self.area, session.get_one(Meeting, meeting), person, coming)

    def sweep(self) -> int:
        with writing(self.engine) as session:
            return send_due(session, self.partnership, now())

    def rows(self) -> list[Reminder]:
        with writing(self.engine) as session:
            return list(session.scalars(select(Reminder).order_by(Reminder.due)))

    def due(self) -> list[str]:
        return [local(self.area, row.due) for row in self.rows() if row.sent is None]

    def said(self) -> list[Outgoing]:
        with writing(self.engine) as session:
            return list(session.scalars(select(Outgoing).where(Outgoing.kind == Class.REMINDER).order_by(Outgoing.id)))


@pytest.fixture
def world(engine: Engine, area: Area, tameside: Partnership, clock: time_machine.Traveller) -> World:
    return World(engine, area, tameside)


def test_saying_yes_makes_them_and_saying_no_removes_them(world: World) -> None:
    meeting = world.call()
    world.say(meeting, Coming.YES)
    assert world.due() == ["Thu 03 Dec 18:30", "Wed 09 Dec 18:30", "Thu 10 Dec 16:30"]
    world.say(meeting, Coming.NO)
    assert world.due() == []
    world.say(meeting, Coming.MAYBE)
    assert len(world.due()) == 3


def test_they_move_with_the_meeting_and_end_with_it(world: World) -> None:
    meeting = world.call()
    world.say(meeting, Coming.YES)
    world.move(meeting, NEXT_MONTH + 7 * A_DAY)
    assert world.due() == ["Thu 10 Dec 18:30", "Wed 16 Dec 18:30", "Thu 17 Dec 16:30"]
    world.cancel(meeting)
    assert world.due() == []


def test_own_hours_and_never(world: World) -> None:
    meeting = world.call()
    world.say(meeting, Coming.YES)
    with writing(world.engine) as session:
        person = session.get_one(Person, world.family)
        person.reminder_hours = [48]
        reminder.plan_person(session, world.area, person)
    assert world.due() == ["Tue 08 Dec 18:30"]
    with writing(world.engine) as session:
        person = session.get_one(Person, world.family)
        person.reminder_hours = []
        reminder.plan_person(session, world.area, person)
    assert world.due() == []


def test_who_says_yes_the_day_before_is_reminded_once_more_and_not_of_the_past(
    world: World, clock: time_machine.Traveller
) -> None:
    meeting = world.call()
    clock.move_to(NEXT_MONTH - timedelta(hours=20))
    world.say(meeting, Coming.YES)
    assert world.due() == ["Thu 10 Dec 16:30"]


def test_what_a_reminder_says(world: World, clock: time_machine.Traveller) -> None:
    meeting = world.call()
    world.say(meeting, Coming.YES)
    clock.move_to(NEXT_MONTH - 7 * A_DAY)
    assert world.sweep() == 1
    assert world.sweep() == 0
    [row] = world.said()
    assert row.about == f"meeting:{meeting}"
    assert as_lines(row.message) == [
        "A reminder: “A chat” is on Thursday 10 December 2026, 18:30.",
        "Where: Hyde.",
        "You said yes. [I'm coming] [Can't come]",
    ]


def test_after_downtime_several_missed_ones_are_said_once_late(world: World, clock: time_machine.Traveller) -> None:
    meeting = world.call()
    world.say(meeting, Coming.YES)
    clock.move_to(NEXT_MONTH - timedelta(hours=1))
    assert world.sweep() == 1
    assert len(world.said()) == 1
    assert world.due() == []


def test_after_downtime_nothing_is_said_of_what_is_over(world: World, clock: time_machine.Traveller) -> None:
    world.say(world.call(), Coming.YES)
    clock.move_to(NEXT_MONTH + A_MINUTE)
    assert world.sweep() == 0
    assert world.said() == []
    # They go later: it may be the clock that is wrong.
    clock.shift(timedelta(days=2))
    assert world.sweep() == 0
    assert (world.said(), world.rows()) == ([], [])


def test_downtime_that_ends_at_night_waits_for_the_morning(world: World, clock: time_machine.Traveller) -> None:
    world.say(world.call(), Coming.YES)
    clock.move_to(datetime(2026, 12, 9, 23, 0, tzinfo=UTC))
    assert world.sweep() == 0
    clock.move_to(datetime(2026, 12, 10, 8, 0, tzinfo=UTC))
    assert world.sweep() == 1


def test_a_full_hall_is_reminded_slice_by_slice(world: World, clock: time_machine.Traveller) -> None:
    meeting = world.call()
    with writing(world.engine) as session:
        people = [
            Person(kind=Kind.PARENT, addresses=[Address(channel="terminal", key=f"p{number}")]) for number in range(7)
        ]
        session.add_all(people)
        for person in people:
            say(session, world.area, session.get_one(Meeting, meeting), person, Coming.YES)
    clock.move_to(NEXT_MONTH - timedelta(hours=1))
    with writing(world.engine) as session:
        counts = [send_due(session, world.partnership, now(), most=3) for _slice in range(4)]
    assert counts == [3, 3, 1, 0]
    assert len({row.address_id for row in world.said()}) == len(world.said()) == 7


def test_who_stopped_messages_is_not_reminded(world: World, clock: time_machine.Traveller) -> None:
    world.say(world.call(), Coming.YES)
    with writing(world.engine) as session:
        session.get_one(Person, world.family).stopped_at = now()
    clock.move_to(NEXT_MONTH - timedelta(hours=2))
    world.sweep()
    assert world.said() == []


def wanted(world: World) -> bool:
    with writing(world.engine) as session:
        row = session.scalars(select(Outgoing).where(Outgoing.kind == Class.REMINDER)).one()
        return reminder.still_wanted(session, row, world.area)


def test_one_that_waited_is_asked_again_whether_it_is_still_wanted(world: World, clock: time_machine.Traveller) -> None:
    meeting = world.call()
    world.say(meeting, Coming.YES)
    clock.move_to(NEXT_MONTH - A_DAY)
    world.sweep()
    assert wanted(world)
    world.say(meeting, Coming.NO)
    assert not wanted(world)
    world.say(meeting, Coming.YES)
    assert wanted(world)
    world.move(meeting, NEXT_MONTH + A_DAY)
    assert not wanted(world)


def test_one_that_waited_into_the_night_comes_in_the_morning(world: World, clock: time_machine.Traveller) -> None:
    world.say(world.call(), Coming.YES)
    clock.move_to(NEXT_MONTH - A_DAY)
    world.sweep()
    clock.move_to(datetime(2026, 12, 9, 22, 0, tzinfo=UTC))
    assert not wanted(world)
    clock.move_to(datetime(2026, 12, 10, 8, 0, tzinfo=UTC))
    assert world.sweep() == 1


def test_who_is_erased_takes_their_reminders_along(world: World) -> None:
    world.say(world.call(), Coming.YES)
    with writing(world.engine) as session:
        session.execute(delete(Person).where(Person.id == world.family))
    assert world.rows() == []


# Long random stories

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from([Coming.YES, Coming.MAYBE, Coming.NO])),
        st.tuples(st.just("move"), st.integers(1, 40 * 24 * 60)),  # minutes from then
        st.tuples(st.just("pass"), st.integers(1, 12 * 24 * 60)),  # minutes
        st.tuples(st.just("sweep"), st.just(0)),
        st.tuples(st.just("cancel"), st.just(0)),
    ),
    max_size=14,
)


@given(
    begin=st.sampled_from([datetime(2026, 10, 20, 9, 0, tzinfo=UTC), datetime(2027, 3, 20, 9, 0, tzinfo=UTC)]),
    first=st.integers(60, 20 * 24 * 60),
    steps=STEPS,
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
def test_whatever_happens_nobody_is_reminded_at_night_too_late_or_twice(
    tameside: Partnership, begin: datetime, first: int, steps: list[tuple[str, int | Coming]]
) -> None:
    area = tameside.area
    engine = open_database("sqlite://")
    with time_machine.travel(begin, tick=False) as clock:
        Base.metadata.create_all(engine)
        world = World(engine, area, tameside)
        meeting = world.call(begin + timedelta(minutes=first))
        world.say(meeting, Coming.YES)
        heard: Counter[datetime] = Counter()
        for step, value in steps:
            with writing(engine) as session:
                row = session.get_one(Meeting, meeting)
                is_open, starts = row.open(now()), row.starts
            if step == "pass":
                clock.shift(timedelta(minutes=int(value)))
            elif step == "say" and is_open:
                world.say(meeting, Coming(str(value)))
            elif step == "move" and is_open:
                world.move(meeting, now() + timedelta(minutes=int(value)))
            elif step == "cancel" and is_open:
                world.cancel(meeting)
            elif step == "sweep" and world.sweep():
                assert starts is not None
                assert not area.quiet(now())
                assert now() < starts
                assert is_open
                heard[starts] += 1
        assert all(times <= len(USUAL) for times in heard.values())
        _rows_are_right(world, meeting)
    engine.dispose()


def _rows_are_right(world: World, meeting: int) -> None:
    """What still waits is for the meeting as it now is, once for each offset; what was said has one row."""
    with writing(world.engine) as session:
        row = session.get_one(Meeting, meeting)
        rsvp = session.scalars(select(Rsvp)).one()
        waiting = session.scalars(select(Reminder).where(Reminder.sent.is_(None))).all()
        assert len({one.hours for one in waiting}) == len(waiting)
        for one in waiting:
            assert rsvp.expected
            assert row.starts is not None
            assert one.starts == row.starts
            assert one.due == due_at(world.area, row.starts, one.hours)
        messages = session.scalars(select(Outgoing).where(Outgoing.kind == Class.REMINDER)).all()
        moments = [message.made for message in messages]
        assert len(set(moments)) == len(moments)


def test_a_reminder_in_the_chat(talk: Talk, world: World, clock: time_machine.Traveller) -> None:
    """The buttons under it are a whole answer."""
    meeting = world.call()
    talk.shown()
    with talk.writing() as session:
        person = talk.person(session)
        consent.agree(session, person, world.area)
        say(session, world.area, session.get_one(Meeting, meeting), person, Coming.MAYBE)
    clock.move_to(NEXT_MONTH - A_DAY)
    world.sweep()
    talk.taps("Can't come")
    assert Coming.NO in [rsvp.coming for rsvp in talk.kept(Rsvp)]
