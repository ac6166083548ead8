"""Days, clocks and numbers in the language being spoken, in the partnership's time zone."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from locales import spoken

# Babel's own patterns for English are American; families here read "Monday 3 March".
_BABEL = {"en": "en_GB"}


def _locale() -> str:
    return _BABEL.get(spoken(), spoken())


def day(value: date) -> str:
    """Monday 3 March 2025"""
    return format_date(value, "EEEE d MMMM y", locale=_locale())


def month(value: date) -> str:
    """March 2025"""
    return format_skeleton("yMMMM", value, locale=_locale())


def short_month(value: date) -> str:
    """Mar"""
    return format_date(value, "LLL", locale=_locale())


def short_day(value: date) -> str:
    """Mon 3 Mar"""
    return format_skeleton("MMMEd", value, locale=_locale())


def clock(value: datetime, zone: tzinfo) -> str:
    """18:30"""
    return format_time(value.astimezone(zone), "HH:mm", locale=_locale())


def moment(value: datetime, zone: tzinfo) -> str:
    """Monday 3 March 2025, 18:30"""
    return f"{day(value.astimezone(zone).date())}, {clock(value, zone)}"


def number(value: float) -> str:
    return format_decimal(value, locale=_locale())
