"""Reads a clock: “6pm”, “18:30”, “half past six in the evening”, “noon”. And what that is on a day of this zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handlers.dialogue import NotUnderstood
from handlers.when.vocabulary import Vocabulary, fold, vocabulary, words_of
from locales import _

WITH_MINUTES = re.compile(r"(?<!\d)(?P<hour>\d{1,2})\s?[:.]\s?(?P<minute>[0-5]\d)(?!\d)")
FOUR_DIGITS = re.compile(r"(?<!\d)(?P<hour>[012]\d)(?P<minute>[0-5]\d)(?!\d)")


def read_clock(text: str) -> time:
    """The clock that was typed. “6” and “6:30” may be morning or evening: they are asked about, “06:30”, “10:30” and
    “18:30” are not. Raises `NotUnderstood`."""
    known = vocabulary()
    folded = fold(text)
    half, rest = _period(folded, known)
    if half in ("noon", "midnight") and not words_of(rest):
        return time(12 if half == "noon" else 0)
    written = WITH_MINUTES.search(rest) or FOUR_DIGITS.search(rest)
    if written:
        _nothing_else(rest[: written.start()] + " " + rest[written.end() :], known)
        hour, minute = int(written["hour"]), int(written["minute"])
        sure = written["hour"].startswith("0") or hour >= 10
    else:
        hour, minute = _in_words(rest, known)
        sure = hour == 0 or hour > 12
    return _in_its_half(hour, minute, half, sure=sure)


def at(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """Every moment (UTC) at which this clock is on the wall on this day: one; none in the hour that the clocks skip in
    spring; two, the earlier first, in the hour that comes twice in autumn."""
    both = {datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(each for each in both if each.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, clock))


def _period(folded: str, known: Vocabulary) -> tuple[str, str]:
    """The half of the day that a phrase names, and what is left without it. The longest phrase is meant."""
    spaced = f" {re.sub(r'(?<=[0-9])(?=[^0-9 :.])', ' ', folded)} "
    for phrase in sorted(known.periods, key=len, reverse=True):
        if f" {phrase} " in spaced or f" {phrase}. " in spaced:
            return known.periods[phrase], spaced.replace(f" {phrase}", " ", 1).strip()
    return "", spaced.strip()


def _nothing_else(rest: str, known: Vocabulary) -> None:
    """“31 October 2027” holds no clock, though 20:27 is one."""
    for word in words_of(rest):
        if word.isdigit() or (
            len(word) > 2 and word not in known.filler and known.units.get(word) not in ("hour", "minute")
        ):
            raise NotUnderstood(_how())


def _in_words(rest: str, known: Vocabulary) -> tuple[int, int]:
    """“six”, “half past six”, “quarter to 7”, “ten past six”, “6 o'clock”."""
    numbers: list[int] = []
    minutes, sign, hour_first = 0, 0, False
    for word in words_of(rest):
        if word.isdigit() or (word in known.numbers and word not in ("a", "an")):
            numbers.append(int(word) if word.isdigit() else known.numbers[word])
        elif word in known.half:
            minutes = 30
        elif word in known.quarter:
            minutes = 15
        elif word in known.past or word in known.to:
            sign = 1 if word in known.past else -1
            hour_first = True
        elif word not in known.filler and known.units.get(word) not in ("minute", "hour") and len(word) > 3:
            raise NotUnderstood(_how())
    match numbers:
        case [hour] if not sign and not minutes:
            return hour, 0
        case [hour] if minutes and hour_first:
            return _shifted(hour, sign * minutes)
        case [before, hour] if sign and not minutes and before < 60:
            return _shifted(hour, sign * before)
    raise NotUnderstood(_how())


def _shifted(hour: int, minutes: int) -> tuple[int, int]:
    if not 1 <= hour <= 23:
        raise NotUnderstood(_how())
    total = hour * 60 + minutes
    # A quarter to one is a quarter past noon's own hour: twelve, not nought, so that its half is still asked.
    return (total // 60 or 12), total % 60


def _in_its_half(hour: int, minute: int, half: str, *, sure: bool) -> time:
    if hour > 23 or (half and hour > 12 and half == "am"):
        raise NotUnderstood(_how())
    if half in ("am", "midnight"):
        return time(0 if hour == 12 else hour, minute)
    if half in ("pm", "noon"):
        return time(hour if hour >= 12 else hour + 12, minute)
    if not sure and (hour, minute) == (12, 0):
        raise NotUnderstood(_("Is that midday or midnight? Please type “midday” or “midnight”."))
    if not sure:
        raise NotUnderstood(
            _(
                "Is that in the morning or in the evening? Please type “{hour}am” or “{hour}pm”.",
                hour=_typed(hour, minute),
            )
        )
    return time(hour, minute)


def _typed(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}" if minute else str(hour)


def _how() -> str:
    return _("Please type a time such as “6pm”, “10:30am” or “18:30”.")
