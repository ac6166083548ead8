"""One text in, its level and the reasons out. Pure: no database, no network, no clock."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from .reading import Spelling, readings
from .rules import Kind, Rule, Rules

_HERE = Path(__file__).parent
_EVERYDAY = _HERE.parent / "finding" / "everyday_words.txt"
# A long story is looked at in pieces that overlap, so that no sentence falls between two.
_PIECE = 4000
_OVERLAP = 400
_WITHIN = 24_000  # characters: six full messages of Telegram; of more, the beginning and the end
# Whom to ring follows this order: the most pressing first.
_ORDER: tuple[Kind, ...] = ("life", "self", "hurt", "partner", "missing", "online", "breaking", "asks", "worry")


@dataclass(frozen=True, slots=True)
class Screened:
    """How much it hurries, and why: "self: wants to die". The reasons name rules and hold none of the words."""

    level: Literal["none", "amber", "red"]
    why: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    """Of which kinds of danger the words speak, the most pressing first."""

    @property
    def rings(self) -> bool:
        """Whether it should be said at once whom to ring. Worries about school, food or money are read by a person
        today; numbers for danger would not be an answer to them."""
        return self.level == "red" or any(kind != "worry" for kind in self.kinds)


def screen(text: str) -> Screened:
    """Whether somebody may be at risk in a text of any length, language and script. Never raises."""
    found = {
        rule.why: rule
        for piece in _pieces(text)
        for read in readings(piece, _spelling())
        for rule in _rules().found_in(read)
    }
    if not found:
        return Screened("none")
    rules = sorted(found.values(), key=_pressing)
    return Screened(
        rules[0].level, tuple(rule.why for rule in rules), tuple(dict.fromkeys(rule.kind for rule in rules))
    )


def _pressing(rule: Rule) -> tuple[bool, int]:
    return rule.level != "red", _ORDER.index(rule.kind)


def _pieces(text: str) -> Iterator[str]:
    if len(text) > _WITHIN:
        text = f"{text[: _WITHIN // 2]} {text[-_WITHIN // 2 :]}"
    for start in range(0, max(1, len(text)), _PIECE - _OVERLAP):
        yield text[start : start + _PIECE]


@cache
def _rules() -> Rules:
    return Rules(_HERE)


@cache
def _spelling() -> Spelling:
    slips = tomllib.loads((_HERE / "slips.toml").read_text(encoding="utf-8"))
    everyday = _EVERYDAY.read_text(encoding="utf-8").split()
    return Spelling(_rules().words(), slips["mended"], [*everyday, *slips["words"]])
