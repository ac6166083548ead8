"""Promises are counted in working days, as families count them (T2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.promise import (
    answer_by,
    bank_holidays,
    counts_as_received_on,
    is_working_day,
    next_working_day,
    working_days_between,
)

LONDON = ZoneInfo("Europe/London")

days = st.dates(date(2024, 1, 1), date(2034, 12, 31))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31), timezones=st.just(LONDON))  # noqa: DTZ001
lengths = st.integers(1, 60)


def in_london(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def test_a_message_of_monday_morning_is_answered_by_the_monday_after() -> None:
    assert answer_by(in_london(2026, 6, 1), 5, LONDON) == date(2026, 6, 8)


def test_easter_has_two_days_on_which_nobody_works() -> None:
    # Maundy Thursday; Good Friday and Easter Monday are bank holidays.
    assert answer_by(in_london(2026, 4, 2), 1, LONDON) == date(2026, 4, 7)


def test_boxing_day_on_a_saturday_is_taken_on_the_monday() -> None:
    assert not is_working_day(date(2026, 12, 28))
    assert answer_by(in_london(2026, 12, 24), 1, LONDON) == date(2026, 12, 29)


def test_scotlands_and_northern_irelands_holidays_do_not_count_in_england() -> None:
    assert is_working_day(date(2026, 1, 2))
    assert is_working_day(date(2026, 3, 17))


def test_what_comes_as_the_office_closes_counts_from_the_next_working_day() -> None:
    before, after = in_london(2026, 6, 5, 16, 59), in_london(2026, 6, 5, 17)
    assert counts_as_received_on(before, LONDON) == date(2026, 6, 5)
    assert counts_as_received_on(after, LONDON) == date(2026, 6, 8)
    assert answer_by(after, 1, LONDON) == date(2026, 6, 9)


def test_an_area_may_close_its_office_earlier() -> None:
    assert counts_as_received_on(in_london(2026, 6, 4, 16), LONDON, time(15, 30)) == date(2026, 6, 5)


def test_saturday_and_sunday_count_as_monday() -> None:
    assert counts_as_received_on(in_london(2026, 6, 6), LONDON) == date(2026, 6, 8)
    assert counts_as_received_on(in_london(2026, 6, 7), LONDON) == date(2026, 6, 8)


def test_the_day_is_the_one_on_the_wall_in_london_not_in_greenwich() -> None:
    # 23:30 UTC on Sunday is half past midnight on Monday in summer, before the office opens.
    assert counts_as_received_on(datetime(2026, 6, 7, 23, 30, tzinfo=UTC), LONDON) == date(2026, 6, 8)
    # 16:30 UTC is half past five in summer, and half past four in winter.
    assert counts_as_received_on(datetime(2026, 6, 8, 16, 30, tzinfo=UTC), LONDON) == date(2026, 6, 9)
    assert counts_as_received_on(datetime(2026, 1, 5, 16, 30, tzinfo=UTC), LONDON) == date(2026, 1, 5)


def test_fifteen_working_days_are_three_weeks_when_nothing_comes_between() -> None:
    assert answer_by(in_london(2026, 6, 1), 15, LONDON) == date(2026, 6, 22)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        answer_by(datetime(2026, 6, 1, 10), 5, LONDON)  # noqa: DTZ001


def test_a_promise_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        answer_by(in_london(2026, 6, 1), 0, LONDON)


@given(moments, lengths)
def test_an_answer_falls_on_a_working_day_and_exactly_that_many_lie_before_it(received: datetime, length: int) -> None:
    due = answer_by(received, length, LONDON)
    assert is_working_day(due)
    assert working_days_between(counts_as_received_on(received, LONDON), due) == length


@given(moments, lengths)
def test_a_longer_promise_is_never_due_earlier(received: datetime, length: int) -> None:
    due = answer_by(received, length, LONDON)
    assert answer_by(received, length + 1, LONDON) == next_working_day(due)


@given(moments, moments, lengths)
def test_who_wrote_first_is_promised_no_later(one: datetime, other: datetime, length: int) -> None:
    first, second = sorted([one, other], key=lambda moment: moment.astimezone(UTC))
    assert answer_by(first, length, LONDON) <= answer_by(second, length, LONDON)


@given(moments, lengths)
def test_the_same_moment_said_in_another_zone_gives_the_same_day(received: datetime, length: int) -> None:
    assert answer_by(received.astimezone(UTC), length, LONDON) == answer_by(received, length, LONDON)


@given(days, days, days)
def test_working_days_add_up_and_turn_round(one: date, other: date, third: date) -> None:
    assert working_days_between(one, other) == -working_days_between(other, one)
    assert working_days_between(one, other) + working_days_between(other, third) == working_days_between(one, third)


@given(days)
def test_no_more_than_five_days_go_by_without_a_working_day(day: date) -> None:
    # Christmas with a weekend and two substitute days is the longest rest.
    assert next_working_day(day) - day <= timedelta(days=5)


def test_england_has_eight_bank_holidays_in_a_usual_year() -> None:
    on_weekdays = {day for day in bank_holidays(2027) if day.weekday() < 5}
    assert len(on_weekdays) == 8
