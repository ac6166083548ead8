"""People type days, clocks and lengths in a hundred ways; a guess would send a family on the wrong evening."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue import NotUnderstood
from handlers.when import at, read_clock, read_day, read_minutes
from locales import dates, languages, speaking

LONDON = ZoneInfo("Europe/London")
A_TUESDAY = date(2026, 11, 10)

DAYS = {
    "12 March": date(2027, 3, 12),
    "March 12": date(2027, 3, 12),
    "the 12th of march 2027": date(2027, 3, 12),
    "12 march 27": date(2027, 3, 12),
    "12/3/27": date(2027, 3, 12),
    "12.3.2027": date(2027, 3, 12),
    "2027-03-12": date(2027, 3, 12),
    "Friday 12 March 2027": date(2027, 3, 12),
    "12/3": date(2027, 3, 12),
    "10/11": A_TUESDAY,
    "today": A_TUESDAY,
    "tomorrow": date(2026, 11, 11),
    "tomorow": date(2026, 11, 11),
    "the day after tomorrow": date(2026, 11, 12),
    "Friday": date(2026, 11, 13),
    "this friday": date(2026, 11, 13),
    "next Friday": date(2026, 11, 20),
    "a week on Friday": date(2026, 11, 20),
    "wensday": date(2026, 11, 11),
    "tuesday": date(2026, 11, 17),
    "in 2 weeks": date(2026, 11, 24),
    "in two weeks": date(2026, 11, 24),
    "in a fortnight": date(2026, 11, 24),
    "next week": date(2026, 11, 17),
    "in a month": date(2026, 12, 10),
    "the 30th": date(2026, 11, 30),
    "29 February": date(2028, 2, 29),
}
NO_DAYS = {
    "3/13/27": "There is no month 13. Please write the day first: “12 March” or “12/3”.",
    "31 April": "That month does not have a day 31. Please check it.",
    "Monday 12 March 2027": "That date is Friday 12 March 2027, so the weekday does not fit. Please type it again.",
    "12 or 13 March": "Please type a day such as “12 March”, “12/3/27”, “next Friday” or “in 2 weeks”.",
    "Friday or Monday": "Please type a day such as “12 March”, “12/3/27”, “next Friday” or “in 2 weeks”.",
    "this week": "Please type a day such as “12 March”, “12/3/27”, “next Friday” or “in 2 weeks”.",
    "banana": "Please type a day such as “12 March”, “12/3/27”, “next Friday” or “in 2 weeks”.",
}
CLOCKS = {
    "6pm": time(18),
    "6.30 p.m.": time(18, 30),
    "06:30": time(6, 30),
    "18:30": time(18, 30),
    "10:30": time(10, 30),
    "1830": time(18, 30),
    "half past six in the evening": time(18, 30),
    "quarter to 7 pm": time(18, 45),
    "quarter to one pm": time(12, 45),
    "7 o'clock in the morning": time(7),
    "noon": time(12),
    "12 noon": time(12),
    "midnight": time(0),
    "12am": time(0),
    "12pm": time(12),
}
LENGTHS = {
    "90": 90,
    "2": 120,
    "1 hour": 60,
    "an hour and a half": 90,
    "one and a half hours": 90,
    "1½ hours": 90,
    "1.5 hours": 90,
    "1h30": 90,
    "1:30": 90,
    "half an hour": 30,
    "2 hours 15 minutes": 135,
    "45 min": 45,
}


@pytest.mark.parametrize(("typed", "day"), DAYS.items())
def test_a_day_is_read_as_people_type_it(typed: str, day: date) -> None:
    assert read_day(typed, A_TUESDAY) == day


@pytest.mark.parametrize(("typed", "why"), NO_DAYS.items())
def test_a_day_that_may_mean_two_things_is_asked_about(typed: str, why: str) -> None:
    with pytest.raises(NotUnderstood) as problem:
        read_day(typed, A_TUESDAY)
    assert str(problem.value) == why


@given(st.dates(date(2026, 11, 10), date(2099, 12, 31)))
def test_every_day_that_we_write_can_be_typed_back(day: date) -> None:
    assert read_day(dates.day(day), A_TUESDAY) == day
    assert read_day(f"{day:%d/%m/%Y}", A_TUESDAY) == day
    assert read_day(day.isoformat(), A_TUESDAY) == day


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"] or ["en"])
@given(day=st.dates(date(2026, 11, 10), date(2099, 12, 31)))
def test_in_their_own_language_too(code: str, day: date) -> None:
    with speaking(code):
        assert read_day(dates.day(day), A_TUESDAY) == day


@pytest.mark.parametrize(("typed", "clock"), CLOCKS.items())
def test_a_clock_is_read_as_people_type_it(typed: str, clock: time) -> None:
    assert read_clock(typed) == clock


@pytest.mark.parametrize("typed", ["6", "6:30", "half past six", "10", "5 to 6"])
def test_morning_or_evening_is_not_guessed(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="morning or in the evening"):
        read_clock(typed)


@pytest.mark.parametrize("typed", ["25:00", "banana", "20 30", "", "13am", "31 oct 2027", "12/3 18:30"])
def test_what_is_no_clock_is_said_so(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="such as"):
        read_clock(typed)


@given(st.times())
def test_every_clock_that_we_write_can_be_typed_back(clock: time) -> None:
    assert read_clock(f"{clock:%H:%M}") == clock.replace(second=0, microsecond=0, fold=0)


@pytest.mark.parametrize(("typed", "minutes"), LENGTHS.items())
def test_how_long_it_takes(typed: str, minutes: int) -> None:
    assert read_minutes(typed) == minutes


@pytest.mark.parametrize("typed", ["a day", "5 minutes", "20 hours", "long"])
def test_what_is_no_length_is_said_so(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="how long"):
        read_minutes(typed)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_a_reader(typed: str) -> None:
    for read in (lambda text: read_day(text, A_TUESDAY), read_clock, read_minutes):
        with suppress(NotUnderstood):
            read(typed)


def test_the_hour_that_the_clocks_skip_and_the_one_that_comes_twice() -> None:
    assert at(date(2027, 3, 28), time(1, 30), LONDON) == []
    assert at(date(2026, 10, 25), time(1, 30), LONDON) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
    assert at(A_TUESDAY, time(18, 30), LONDON) == [datetime(2026, 11, 10, 18, 30, tzinfo=UTC)]
