"""Reads how long something takes: “90”, “90 minutes”, “1 hour”, “an hour and a half”, “1h30”, “half an hour”."""

from __future__ import annotations

import re

from handlers.dialogue import NotUnderstood
from handlers.when.vocabulary import Vocabulary, fold, vocabulary, words_of
from locales import _

SHORTEST, LONGEST = 10, 12 * 60  # minutes: a shorter “meeting” or a longer one is a slip
MINUTES_ALONE = 12  # a bare number up to this is hours


def read_minutes(text: str) -> int:
    """How many minutes were typed. Raises `NotUnderstood`, also for less than ten minutes or more than twelve hours."""
    folded = fold(text)
    minutes = _hours_and_minutes(folded) or _in_words(folded, vocabulary())
    if minutes is None or not SHORTEST <= minutes <= LONGEST:
        raise NotUnderstood(_("Please type how long it takes, such as “90 minutes” or “1 hour 30 minutes”."))
    return minutes


def _hours_and_minutes(folded: str) -> int | None:
    """“1:30”, “1h30”, “1.5 hours”."""
    if found := re.fullmatch(r"(\d{1,2})\s?[:h]\s?([0-5]\d)\s?(?:m|min)?", folded):
        return int(found[1]) * 60 + int(found[2])
    if found := re.match(r"(\d{1,2})[.](\d)\b", folded):
        return round(float(f"{found[1]}.{found[2]}") * 60)
    return None


def _in_words(folded: str, known: Vocabulary) -> int | None:
    total, number, understood = 0, None, False
    half = 0
    for word in words_of(folded.replace("½", " half ")):
        unit = {"h": "hour", "m": "minute"}.get(word) or known.units.get(word)
        if word.isdigit() or word in known.numbers:
            if not (word in ("a", "an") and half):
                number = int(word) if word.isdigit() else known.numbers[word]
        elif word in known.half:
            half = 30
        elif word in known.quarter:
            half = 15
        elif unit in ("hour", "minute"):
            if half and not total and number is None:
                total, half = half, 0
            else:
                total += (number or (0 if half else 1)) * (60 if unit == "hour" else 1)
            number, understood = None, True
        elif word not in known.filler:
            return None
    if understood:
        return total + half + (number if number and number > 1 and not half else 0)
    if number is None:
        return None
    return number * 60 if number <= MINUTES_ALONE else number
