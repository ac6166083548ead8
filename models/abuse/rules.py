"""Which words are thrown at somebody, by the rules in `rules.toml`. Pure: no database, no clock."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from locales import _
from models.phrases import Phrases


class Hard(StrEnum):
    INSULT = "insult"
    SLUR = "slur"
    THREAT = "threat"


def hard_words(text: str) -> list[Hard]:
    """The kinds that are in it, each once, the gravest last; none for most texts. Never raises."""
    names = {found.name for found in _rules().found_in(text)}
    return [kind for kind in Hard if kind.value in names]


def softened(text: str) -> str:
    """The text with “[hard words]” where they stand."""
    parts: list[str] = []
    done = 0
    for start, end in _stretches(text):
        parts += [text[done:start], _("[hard words]")]
        done = end
    return "".join([*parts, text[done:]])


def _stretches(text: str) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for found in sorted(_rules().found_in(text), key=lambda one: one.start):
        end = found.start + len(text[found.start : found.end].rstrip())
        if joined and found.start <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((found.start, end))
    return joined


@cache
def _rules() -> Phrases:
    return Phrases(Path(__file__).with_name("rules.toml"))
