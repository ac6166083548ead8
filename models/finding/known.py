"""What a family has said of their child before, and which services fit it: age, before or at school, the town.

It is read out of words that are there anyway, used for one answer, and kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .cards import Card
from .words import folded

Stage = Literal["before school", "at school", "grown up"]

# Children start school in the September after they are four; adult services begin at 18.
_SCHOOL_AGE, _GROWN = 5, 18
_FITS, _FITS_NOT = 1.3, 0.4

_AGE = re.compile(
    r"\b(\d{1,2}) ?(?:years?|yrs?|yo\b|y/o)|\b(?:aged?|is|hes|shes|he's|she's|im|i'm|i am|turned|nearly) (\d{1,2})\b"
    r"(?! ?(?:weeks?|months?|days?|hours?|minutes?|times?|%|pm|am))"
)
_BEFORE = re.compile(r"\b(?:pre-?school|nursery|toddler|not at school yet|childminder|reception next)\b")
_AT = re.compile(r"\b(?:(?:at|in|his|her|my|their) school|primary|secondary|year (?:[1-9]|1[0-3])|high school)\b")
_GROWN_UP = re.compile(r"\b(?:college|sixth form|university|adult)\b")
_CARD_BEFORE = re.compile(r"\bpre-?school|under 5|health visitor", re.IGNORECASE)
_CARD_AT = re.compile(r"\bschool nurse|special needs at school|\bpupils\b", re.IGNORECASE)
_CARD_GROWN = re.compile(r"\bover-18s|\badults?\b|\b16-64\b|16 and over", re.IGNORECASE)
_TOWNS = (
    "ashton", "stalybridge", "dukinfield", "mossley", "hyde", "hattersley", "longdendale", "denton", "droylsden",
    "audenshaw", "runcorn", "widnes",
)  # fmt: skip
_TOWN = re.compile(rf"\b(?:{'|'.join(_TOWNS)})\b")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the child of whoever asks; None where nothing is."""

    stage: Stage | None = None
    town: str | None = None

    def __bool__(self) -> bool:
        return self.stage is not None or self.town is not None

    def or_else(self, before: Known) -> Known:
        """This, and where it says nothing, what was known before."""
        return Known(self.stage or before.stage, self.town or before.town)

    def leaning(self, card: Card) -> float:
        """How much a card fits, as a factor: 1 where this says nothing of it."""
        stages, towns = _of(card)
        leaning = 1.0
        if self.stage and stages:
            leaning *= _FITS if self.stage in stages else _FITS_NOT
        if self.town and towns:
            leaning *= _FITS if self.town in towns else _FITS_NOT
        return leaning


NOTHING_KNOWN = Known()


def known_from(words: str) -> Known:
    """What these words say of the child."""
    text = folded(words)
    return Known(_stage(text), found[0] if (found := _TOWN.search(text)) else None)


def known_from_all(texts: Iterable[str]) -> Known:
    """What several messages say, the first counting most."""
    known = NOTHING_KNOWN
    for text in texts:
        known = known.or_else(known_from(text))
    return known


def _stage(text: str) -> Stage | None:
    if found := _AGE.search(text):
        age = int(found[1] or found[2])
        return "before school" if age < _SCHOOL_AGE else "at school" if age < _GROWN else "grown up"
    if _BEFORE.search(text):
        return "before school"
    if _AT.search(text):
        return "at school"
    return "grown up" if _GROWN_UP.search(text) else None


@cache
def _of(card: Card) -> tuple[frozenset[Stage], frozenset[str]]:
    """The stages and towns that a card is for; none where it is for all."""
    text = f"{card.name}; {card.plain_name}; {card.who_for}"
    patterns: tuple[tuple[Stage, re.Pattern[str]], ...] = (
        ("before school", _CARD_BEFORE), ("at school", _CARD_AT), ("grown up", _CARD_GROWN),
    )  # fmt: skip
    stages = frozenset(stage for stage, pattern in patterns if pattern.search(text))
    return stages, frozenset(_TOWN.findall(folded(text)))
