"""A few words that need no search: never mind, not that, yes, and a plain “who can help”.

Searching the services for “no, forget it” would answer a young person who takes back what they said with three
telephone numbers of somebody else.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from models.phrases import Phrases

# So much of what was written must be such words: with anything else in it, it is a message of its own.
NEARLY_ALL = 0.8


def takes_it_back(text: str) -> bool:
    """Whether they say no more than that it was nothing."""
    return _share("taken back", text) >= NEARLY_ALL


def says_not_this(text: str) -> bool:
    """Whether they say no more than that what they got is not it."""
    return _share("not this", text) >= NEARLY_ALL


def says_only_yes(text: str) -> bool:
    return _share("yes", text) >= NEARLY_ALL


def asks_for_somebody(text: str) -> bool:
    """Whether they ask plainly for somebody who helps, whatever else they tell."""
    return _share("asks for somebody", text) > 0


def _share(name: str, text: str) -> float:
    """How much of the text such words are, from 0 to 1."""
    said = text.strip()
    return sum(one.end - one.start for one in _rules().found_in(said) if one.name == name) / max(len(said), 1)


@cache
def _rules() -> Phrases:
    return Phrases(Path(__file__).with_name("said_plainly.toml"))
