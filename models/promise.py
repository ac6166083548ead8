"""A promise: the day by which somebody will hear from us, counted in working days.

A working day is a weekday that is not a bank holiday in England. Counting goes as families count: the day on which
we got the message is day nought, the next working day is day one (T2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

OFFICE_CLOSES = time(17)
A_DAY = timedelta(days=1)
SATURDAY = 5


# By their years. Filled a year at a time: the library's own calendar marks a year as known before it has filled it in,
# which a second thread could read as "no holidays".
_known: dict[int, frozenset[date]] = {}


def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, with their substitute days."""
    if year not in _known:
        _known[year] = looked_up(year)
    return _known[year]


def looked_up(year: int) -> frozenset[date]:
    """The library brings 300 modules and 11 MB with it, and takes a third of a second to load: only whoever needs it
    does, and a server asks another process, once (`bot/warm.py`)."""
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year, expand=False))


def remember(days: Mapping[int, frozenset[date]]) -> None:
    """What another process has looked up."""
    _known.update(days)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """The first working day after this one."""
    day += A_DAY
    while not is_working_day(day):
        day += A_DAY
    return day


def counts_as_received_on(received: datetime, zone: tzinfo, office_closes: time = OFFICE_CLOSES) -> date:
    """The working day on which a message counts as received (an aware moment; the zone's own clock).

    What comes after the office has closed, at a weekend or on a bank holiday counts as received on the next working
    day: nobody could have read it before. Said on Friday at 17:00, it is Monday's.
    """
    if received.tzinfo is None:
        raise ValueError("when a message was received must carry its time zone")
    here = received.astimezone(zone)
    if is_working_day(here.date()) and here.time() < office_closes:
        return here.date()
    return next_working_day(here.date())


def answer_by(received: datetime, working_days: int, zone: tzinfo, office_closes: time = OFFICE_CLOSES) -> date:
    """The last day on which an answer keeps the promise (T2): always a working day.

    `received` is an aware moment; the day on which it counts as received (see `counts_as_received_on`) is not counted.
    With five working days, a message of Monday morning is answered by the Monday after.
    """
    if working_days < 1:
        raise ValueError("a promise is at least one working day long")
    day = counts_as_received_on(received, zone, office_closes)
    for _ in range(working_days):
        day = next_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start`, up to and including `end`; below nought when `end` is the earlier.

    From today to the day of a promise, this is how many working days are left.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=gone)) for gone in range(1, (end - start).days + 1))
