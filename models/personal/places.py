"""Where somebody lives, and which school they go to."""

# ruff: noqa: E501  # a pattern is read in one line

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .marks import Kind
from .names import _read, lists
from .public import public

_YEAR = re.compile(
    r"\b(?:year|yr|y)\s?(?:group\s)?(?:1[0-3]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)\b|\breception(?: class)?\b|\bnursery class\b|\bks[1-5]\b",
    re.IGNORECASE,
)
_CLASS = re.compile(r"\b(?:in|class|form|group|set|klasa|klasie)\s+((?:1[0-3]|[1-9])\s?[A-Z]{1,2}\d?)\b")
_CLASS_SMALL = re.compile(
    r"\b(?:class|form|tutor group|reg|klasa|klasie|klasy)\s+((?:1[0-3]|[1-9])\s?[a-z]{1,2}\d?)\b", re.IGNORECASE
)
_SAINT = re.compile(
    r"\b(?:st|saint)\.?\s+[a-z]+(?:'?s)?(?:\s+(?:(?:and|&)\s+(?:st\.?\s+)?)?[a-z]+'?s?){0,2}?\s+(?:rc\s+|ce\s+|c of e\s+|catholic\s+)?(?:primary|infants?|juniors?|high|school|academy|college|nursery)(?:\s+(?:school|academy|college))?\b",
    re.IGNORECASE,
)
_SAINT_ALONE = re.compile(
    r"\b(?:at|attends|goes to|started|school,?|from) (St\.? [A-Z][\w']+(?:'s)?)(?! (?:Street|Road|Lane|Church|Hospital|Avenue|Close|Court|Square|Hospice|Ward))"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_FILLED = frozenset("of the and & rc ce c e".split())
_MOST_WORDS = 5
_NUMBER = r"(?:(?i:flat|apartment|apt|unit|room|no\.?|number)\s?\d{1,4}[a-z]?[,\s]+)?\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4}[a-zA-Z]?)?"
_LIVES = re.compile(
    r"\b(?:live|lives|lived|living|address(?: is|:)?|moved to|staying|home is|house is|round at|based)\b", re.IGNORECASE
)
_STREET_POLISH = re.compile(
    r"\b(?:ul\.|ulicy|ulica|al\.|aleja|alei|os\.|osiedle|osiedlu|plac|placu)\s+(?:[A-ZŻŹĆŁŚÓ][\w'-]*\s?){1,3}(?:\s?\d{1,4}\s?[a-zA-Z]?(?:\s?[/m]\.?\s?\d{1,4})?)?"
)
_HOUSE = re.compile(
    r"\b(?:[Ll]ive[sd]? (?:at|in)|[Aa]ddress is|[Aa]ddress:)\s+((?:The\s+)?(?:[A-Z][\w']*\s+){1,2}(?:Cottage|House|Farm|Lodge|Barn|Bungalow|Villa|Hall|Mews|Court|Flats|Towers?))\b"
)
_URDU = re.compile(
    r"(?:مکان|گہر|فلیٹ)\s*(?:نمبر)?\s*\d{1,4}[^\n.۔]{0,40}?(?:گلی|سڑک|روڈ|اسٹریٹ|سٹریٹ|محلہ)(?:\s*(?:نمبر)?\s*\d{1,4})?|\d{1,4}\s+(?:[\u0600-\u06ff]+\s+){1,2}(?:روڈ|اسٹریٹ|سٹریٹ|ایونیو|لین)"
)


@cache
def _words() -> dict[str, frozenset[str]]:
    return _read("words.toml")


@cache
def _streets() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    kinds = "|".join(sorted(_words()["street_kinds"], key=len, reverse=True))
    titled = "|".join(sorted((kind.capitalize() for kind in _words()["street_kinds"]), key=len, reverse=True))
    written = re.compile(
        rf"(?<![\w£.]){_NUMBER},?\s+(?:(?:[A-Z][\w']*|of|the|St\.?)\s+){{1,3}}(?:{titled}|{kinds})\b\.?"
    )
    small = re.compile(rf"(?<![\w£.]){_NUMBER},?\s+(?:[a-z']+\s+){{1,3}}?(?:{kinds})\b", re.IGNORECASE)
    lived_on = re.compile(
        rf"\b(?:[Ll]ive[sd]?|[Ll]iving|[Mm]oved|[Hh]ouse|[Hh]ome|[Ff]lat|[Pp]icked up|[Cc]ollected)\s+(?:on|in|to|from|at|down|off)\s+((?:[A-Z][\w']*\s+){{1,3}}(?:{titled}))\b"
    )
    return written, small, lived_on


def addresses(text: str) -> Iterator[tuple[Kind, int, int]]:
    written, small, lived_on = _streets()
    if any(sign.isdigit() for sign in text):
        for found in written.finditer(text):
            yield Kind.ADDRESS, found.start(), found.end()
        if _LIVES.search(text):
            for found in small.finditer(text):
                if _LIVES.search(text, max(0, found.start() - 40), found.start()):
                    yield Kind.ADDRESS, found.start(), found.end()
        for found in _URDU.finditer(text):
            yield Kind.ADDRESS, found.start(), found.end()
    for pattern in (lived_on, _HOUSE):
        for found in pattern.finditer(text):
            yield Kind.ADDRESS, found.start(1), found.end(1)
    for found in _STREET_POLISH.finditer(text):
        yield Kind.ADDRESS, found.start(), found.start() + len(found.group().rstrip())


def schools(text: str, small: str) -> Iterator[tuple[Kind, int, int]]:
    """Schools by name; beside one also the year group, and classes always: few children are in 8C."""
    named = [found for found in _named(text) if not public().covers(small, *found)]
    for start, end in named:
        yield Kind.SCHOOL, start, end
    if named:
        for found in _YEAR.finditer(text):
            yield Kind.SCHOOL, found.start(), found.end()
    for pattern in (_CLASS, _CLASS_SMALL):
        for found in pattern.finditer(text):
            yield Kind.SCHOOL, found.start(1), found.end(1)


def _named(text: str) -> Iterator[tuple[int, int]]:
    for found in _SAINT.finditer(text):
        yield found.span()
    for found in _SAINT_ALONE.finditer(text):
        yield found.span(1)
    words = list(_WORD.finditer(text))
    for i, word in enumerate(words):
        kind = word.group().casefold()
        if kind in _words()["school_kinds"] and not kind.endswith("s"):
            first = _beginning(text, words, i)
            if first is not None:
                yield words[first].start(), words[_ending(text, words, i)].end()


def _ending(text: str, words: list[re.Match[str]], i: int) -> int:
    """ "Oakfield Primary" goes on with "School"."""
    while i + 1 < len(words) and words[i + 1].group().casefold() in _words()["school_kinds"] | {"form", "school"}:
        if text[words[i].end() : words[i + 1].start()] != " ":
            break
        i += 1
    return i


def _beginning(text: str, words: list[re.Match[str]], i: int) -> int | None:
    """The first word of a school's name that ends at `i`; None when it is any school."""
    generic, no_names = _words()["any_school"], lists().none
    first = None
    for back in range(i - 1, max(-1, i - 1 - _MOST_WORDS), -1):
        word = words[back].group()
        small = word.casefold()
        gap = text[words[back].end() : words[back + 1].start()]
        if gap not in {" ", ". ", "-", " & "}:
            break
        if small in _FILLED and first is not None:
            continue
        if small in generic or (small in no_names and not _is_town(small)):
            if first is not None or (
                small not in _words()["school_kinds"] and small not in {"special", "community", "catholic", "grammar"}
            ):
                break
            continue
        if word[0].isupper():
            first = back
            continue
        if first is None and small not in lists().everyday and _goes_there(words, back) and len(small) > 3:
            return back
        break
    return first


def _is_town(small: str) -> bool:
    return small in {
        "tameside",
        "halton",
        "hyde",
        "ashton",
        "denton",
        "glossop",
        "mossley",
        "runcorn",
        "widnes",
        "stalybridge",
        "dukinfield",
        "droylsden",
        "audenshaw",
        "warrington",
        "stockport",
        "oldham",
        "manchester",
        "hattersley",
        "mottram",
        "longdendale",
        "wales",
    }


def _goes_there(words: list[re.Match[str]], i: int) -> bool:
    before = words[i - 1].group().casefold() if i else ""
    return before in {"at", "attends", "to", "from", "in", "attended"}
