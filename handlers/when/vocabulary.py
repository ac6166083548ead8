"""The words for days, months and times in a language: Babel's own names, and a few of ours from the catalogue.

What is typed and what is known are folded in the same way: without accents, capitals or dots, in Western digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Literal, TypeVar

from babel import Locale
from babel.dates import format_timedelta
from babel.units import format_unit
from rapidfuzz import fuzz, process

from locales import _, speaking, spoken

Meaning = TypeVar("Meaning")
Unit = Literal["minute", "hour", "day", "week", "month"]

SHORTEST_BEGINNING = 3  # “tue”, “sep”
SHORTEST_TO_REPAIR = 5
# “wensday” and “tomorow” are over it; “march” and “may” are far from each other.
CLOSE_ENOUGH = 80
UNITS: tuple[Unit, ...] = ("minute", "hour", "day", "week", "month")
LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
}
# Enough numbers to meet every plural form of the languages that we speak.
COUNTS = (1, 2, 5, 21, 22)


@dataclass
class Vocabulary:
    """Folded words, each with what it means."""

    months: dict[str, int] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)  # 0 is Monday
    units: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    # The half of the day (or its middle) that a phrase puts the clock in: am · pm · noon · midnight
    periods: dict[str, str] = field(default_factory=dict)
    today: set[str] = field(default_factory=set)
    tomorrow: set[str] = field(default_factory=set)
    day_after: set[str] = field(default_factory=set)
    coming: set[str] = field(default_factory=set)
    following: set[str] = field(default_factory=set)
    half: set[str] = field(default_factory=set)
    quarter: set[str] = field(default_factory=set)
    past: set[str] = field(default_factory=set)
    to: set[str] = field(default_factory=set)
    fortnight: set[str] = field(default_factory=set)
    filler: set[str] = field(default_factory=set)


def fold(text: str) -> str:
    """Small letters without accents, Western digits, single spaces; what joins the parts of a date or clock stays."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("½", " half "))
    kept = []
    for character in decomposed:
        if unicodedata.category(character) == "Nd":
            kept.append(str(unicodedata.digit(character)))
        elif unicodedata.category(character)[0] == "L" or character in "/-:.":
            kept.append(character)
        elif unicodedata.category(character)[0] != "M" and character not in "'’":
            kept.append(" ")
    return " ".join("".join(kept).split())


def words_of(text: str) -> list[str]:
    """The words and numbers of a folded text; “12th” and “90min” fall apart."""
    return re.findall(r"\d+|[^\W\d_]+", text)


def vocabulary() -> Vocabulary:
    """Of the language being spoken, with English beside it: people mix."""
    return _vocabulary(spoken())


@cache
def _vocabulary(language: str) -> Vocabulary:
    known = Vocabulary()
    for code in ("en", language):
        with speaking(code):
            _from_babel(known, Locale.parse({"en": "en_GB"}.get(code, code)))
            _from_catalogue(known)
    return known


def _from_babel(known: Vocabulary, locale: Locale) -> None:
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            known.months.update({_one_word(name): number for number, name in locale.months[form][width].items()})
            known.weekdays.update({_one_word(name): number for number, name in locale.days[form][width].items()})
    for unit in UNITS:
        for count in COUNTS:
            for length in ("long", "short"):
                for word in words_of(fold(format_unit(count, f"duration-{unit}", length=length, locale=locale))):
                    if not word.isdigit():
                        known.units.setdefault(word, unit)
            # What stands around it: “in 2 weeks”, “za 2 tygodnie”.
            ahead = format_timedelta(
                count * LENGTHS[unit], granularity=unit, add_direction=True, threshold=99, locale=locale
            )
            known.filler |= set(words_of(fold(ahead))) - set(known.units)
    for width in ("wide", "abbreviated"):
        for period, phrase in locale.day_periods["format"][width].items():
            half = _half_of_day(period)
            if half:
                known.periods[fold(phrase)] = half


def _half_of_day(period: str) -> str:
    if period in ("am", "pm", "noon", "midnight"):
        return period
    # A night has both halves of the day in it: that word settles nothing.
    return {"mor": "am", "aft": "pm", "eve": "pm"}.get(period[:3], "")


def _from_catalogue(known: Vocabulary) -> None:
    known.today |= _set(_("today|tonight|this evening"))
    known.tomorrow |= _set(_("tomorrow|tmrw|tomorrow evening"))
    known.day_after |= _set(_("day after tomorrow|the day after tomorrow"))
    known.coming |= _set(_("this|coming"))
    known.following |= _set(_("next"))
    known.half |= _set(_("half"))
    known.quarter |= _set(_("quarter"))
    known.past |= _set(_("past|after"))
    known.to |= _set(_("to|before"))
    known.fortnight |= _set(_("fortnight"))
    known.filler |= _set(_("the|of|on|in|at|by|and|from|now|time|st|nd|rd|th|please|o|clock|oclock|about|for"))
    # Translators: one to twelve, in order.
    numbers = _("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve").split("|")
    known.numbers.update({fold(word): number for number, word in enumerate(numbers, start=1)})
    known.numbers.update(dict.fromkeys(_set(_("a|an")), 1))
    known.periods.update(dict.fromkeys(_set(_("am|a.m.|in the morning|morning")), "am"))
    known.periods.update(dict.fromkeys(_set(_("pm|p.m.|in the afternoon|afternoon|in the evening|evening")), "pm"))
    known.periods.update(dict.fromkeys(_set(_("noon|midday")), "noon"))
    known.periods.update(dict.fromkeys(_set(_("midnight")), "midnight"))


def _set(words: str) -> set[str]:
    return {fold(word) for word in words.split("|")}


def _one_word(name: str) -> str:
    return fold(name).strip(".")


def meaning(word: str, known: Mapping[str, Meaning]) -> Meaning | None:
    """What a word means: as it stands, as the beginning of one (“tues”), or with a slip (“wensday”)."""
    if word in known:
        return known[word]
    if len(word) >= SHORTEST_BEGINNING:
        begun = _only(value for name, value in known.items() if name.startswith(word))
        if begun is not None:
            return begun
    if len(word) < SHORTEST_TO_REPAIR:
        return None
    close = process.extract(word, list(known), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=3)
    return _only(known[name] for name, score, _index in close if score == close[0][1])


def _only(found: Iterable[Meaning]) -> Meaning | None:
    values = list(dict.fromkeys(found))
    return values[0] if len(values) == 1 else None
