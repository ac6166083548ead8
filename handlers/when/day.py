"""Reads a day: “12 March”, “12/3/27”, “next Friday”, “in 2 weeks”, “tomorrow”, “2027-03-12”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.dialogue import NotUnderstood
from handlers.when.vocabulary import Vocabulary, fold, meaning, vocabulary, words_of
from locales import _, dates

ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
BY_NUMBERS = re.compile(
    r"(?<![\d:])(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})(?:\s?[/.-]\s?(?P<year>\d{4}|\d{2}))?(?![\d:])"
)
A_WEEK = 7
# A day without a year is the next one; 29 February may be eight years off (1900 and 2100 have none).
YEARS_TO_LOOK = 9


def read_day(text: str, today: date) -> date:
    """The day that was typed, counted from `today` (by the area's clock); it may be over. A weekday alone is the next
    one after today, “next Friday” the Friday of next week; a day without a year is the next such day.

    Raises `NotUnderstood` with what would do.
    """
    folded, known = fold(text), vocabulary()
    for pattern in (ISO, BY_NUMBERS):
        found = pattern.search(folded)
        if found:
            rest = folded[: found.start()] + " " + folded[found.end() :]
            year = int(found["year"]) if found["year"] else None
            day = _made(int(found["day"]), int(found["month"]), year, today)
            return _that_weekday(day, _said(rest, known))
    return _in_words(folded, known, today)


@dataclass
class Said:
    """What the words of a day say, one by one."""

    numbers: list[int]
    months: list[int]
    weekdays: list[int]
    units: list[str]
    # In which order numbers (n) and months (m) came: a year stands last, “12 or 13 March” has none.
    order: str = ""
    coming: bool = False  # “this”
    following: bool = False  # “next”
    around: bool = False  # “in”, “on”, “of”
    unknown: bool = False


def _said(folded: str, known: Vocabulary) -> Said:
    said = Said([], [], [], [])
    for word in words_of(folded):
        _take(word, said, known)
    return said


def _take(word: str, said: Said, known: Vocabulary) -> None:
    # Some words are two things: in Urdu one word is both “week” and “Saturday”, and the number before it decides.
    unit = known.units.get(word)
    if word.isdigit():
        said.numbers.append(int(word))
        said.order += "n"
    elif word in known.numbers:
        said.numbers.append(known.numbers[word])
    elif word in known.fortnight:
        said.numbers, said.units = [2], [*said.units, "week"]
    elif unit and (said.numbers or said.weekdays or said.following or word not in known.weekdays):
        said.units.append(unit)
    elif (weekday := meaning(word, known.weekdays)) is not None and word not in known.months:
        said.weekdays.append(weekday)
    elif (month := meaning(word, known.months)) is not None:
        said.months.append(month)
        said.order += "m"
    elif meaning(word, dict.fromkeys(known.following, True)):
        said.following = True
    elif word in known.coming:
        said.coming = True
    elif word in known.filler or len(word) <= 2:
        said.around = True
    else:
        said.unknown = True


def _in_words(folded: str, known: Vocabulary, today: date) -> date:
    for ahead, names in enumerate((known.today, known.tomorrow, known.day_after)):
        if folded in names or meaning(folded, dict.fromkeys(names, True)):
            return today + timedelta(days=ahead)
    said = _said(folded, known)
    if said.unknown or len(said.months) > 1 or len(said.weekdays) > 1:
        raise NotUnderstood(_how())
    day = _in_a_month(said, today) if said.months else _from_today(said, folded, today)
    if day is None:
        raise NotUnderstood(_how())
    return day


def _in_a_month(said: Said, today: date) -> date | None:
    match said:
        case Said(numbers=[day], months=[month]):
            return _that_weekday(_made(day, month, None, today), said)
        case Said(numbers=[day, year], months=[month], order="nmn" | "mnn"):
            return _that_weekday(_made(day, month, year, today), said)
    return None


def _from_today(said: Said, folded: str, today: date) -> date | None:
    match said:
        case Said(numbers=[count], weekdays=[], units=[unit]):
            return _ahead(today, count, unit)
        case Said(numbers=[], weekdays=[], units=[unit]) if said.following or (said.around and not said.coming):
            return _ahead(today, 1, unit)
        case Said(numbers=[] | [1], weekdays=[weekday], units=["week"]):
            return _next(weekday, today) + timedelta(days=A_WEEK)
        case Said(numbers=[], weekdays=[weekday], units=[]):
            return _of_next_week(weekday, today) if said.following else _next(weekday, today)
        case Said(numbers=[day], units=[]) if re.search(rf"\b{day}(st|nd|rd|th)\b", folded):
            return _that_weekday(_next_numbered(day, today), said)
    return None


def _made(day: int, month: int, year: int | None, today: date) -> date:
    if not 1 <= month <= 12:
        raise NotUnderstood(
            _("There is no month {number}. Please write the day first: “12 March” or “12/3”.", number=month)
        )
    if year is not None:
        return _date(day, month, year + 2000 if year < 100 else year)
    for later in range(YEARS_TO_LOOK):
        try:
            made = date(today.year + later, month, day)
        except ValueError:
            continue
        if made >= today:
            return made
    return _date(day, month, today.year)


def _date(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotUnderstood(_("That month does not have a day {number}. Please check it.", number=day)) from None


def _that_weekday(day: date, said: Said) -> date:
    """The day, unless they also named a weekday that it is not: then one of the two is a slip."""
    if said.weekdays and day.weekday() not in said.weekdays:
        raise NotUnderstood(
            _("That date is {day}, so the weekday does not fit. Please type it again.", day=dates.day(day))
        )
    return day


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % A_WEEK + 1)


def _of_next_week(weekday: int, today: date) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(days=A_WEEK + weekday)


def _next_numbered(day: int, today: date) -> date:
    for ahead in range(62):
        if (today + timedelta(days=ahead)).day == day:
            return today + timedelta(days=ahead)
    raise NotUnderstood(_how())


def _ahead(today: date, count: int, unit: str) -> date:
    if count > 1000 or unit in ("minute", "hour"):
        raise NotUnderstood(_how())
    if unit != "month":
        return today + timedelta(days=count * (A_WEEK if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 + count
    year, month = divmod(months, 12)
    for day in range(today.day, 27, -1):  # a month from 31 January is the last of February
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(today.day, 28))


def _how() -> str:
    return _("Please type a day such as “12 March”, “12/3/27”, “next Friday” or “in 2 weeks”.")
