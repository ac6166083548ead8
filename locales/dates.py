"""Days, clocks and numbers in the language being spoken, in the partnership's time zone.

English is written here: Babel would keep 4 MB of memory for it, and take twenty times as long. As Babel has it for
Britain, that is; its own patterns for English are American.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from locales import SOURCE, spoken

_BRITISH = "en_GB"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """Monday 3 March 2025"""
    if spoken() == SOURCE:
        return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"
    return format_date(value, "EEEE d MMMM y", locale=spoken())


def month(value: date) -> str:
    """March 2025"""
    if spoken() == SOURCE:
        return f"{_MONTHS[value.month - 1]} {value.year}"
    return format_skeleton("yMMMM", value, locale=spoken())


def short_month(value: date) -> str:
    """Mar"""
    if spoken() == SOURCE:
        return _SHORT_MONTHS[value.month - 1]
    return format_date(value, "LLL", locale=spoken())


def short_day(value: date) -> str:
    """Mon 3 Mar"""
    if spoken() == SOURCE:
        return f"{_DAYS[value.weekday()][:3]} {value.day} {_SHORT_MONTHS[value.month - 1]}"
    return format_skeleton("MMMEd", value, locale=spoken())


def clock(value: datetime, zone: tzinfo) -> str:
    """18:30"""
    here = value.astimezone(zone)
    if spoken() == SOURCE:
        return f"{here:%H:%M}"
    return format_time(here, "HH:mm", locale=spoken())


def moment(value: datetime, zone: tzinfo) -> str:
    """Monday 3 March 2025, 18:30"""
    return f"{day(value.astimezone(zone).date())}, {clock(value, zone)}"


def number(value: float) -> str:
    """1,234"""
    if spoken() == SOURCE and isinstance(value, int):
        return f"{value:,}"
    return format_decimal(value, locale=_BRITISH if spoken() == SOURCE else spoken())
