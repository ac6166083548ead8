"""One text in, its level and the reasons out. Pure: no database, no network, no clock."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from .learnt import in_english, kind_of, model
from .reading import Spelling, readings
from .rules import Kind, Rule, Rules

_HERE = Path(__file__).parent
_EVERYDAY = _HERE.parent / "finding" / "everyday_words.txt"
# A long story is looked at in pieces that overlap, so that no sentence falls between two.
_PIECE = 4000
_OVERLAP = 400
_WITHIN = 48_000  # characters: a dozen full messages; of more, the beginning and the end
# From here on the model alone raises the level: at risk, in danger. Set on texts that it was not taught (decision 13),
# lower where it knows fewer words, since a miss costs more than a false alarm.
_IN_ENGLISH = (0.2, 0.1)
_ELSEWHERE = (0.1, -0.1)
# Whom to ring follows this order: the most pressing first.
_ORDER: tuple[Kind, ...] = ("life", "self", "hurt", "partner", "missing", "online", "breaking", "asks", "worry")


@dataclass(frozen=True, slots=True)
class Screened:
    """How much it hurries, and why: "self: wants to die". The reasons name rules and hold none of the words."""

    level: Literal["none", "amber", "red"]
    why: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    """Of which kinds of danger the words speak, the most pressing first."""
    named: bool = False
    """Whether a rule names danger now; otherwise only the model has heard it."""

    @property
    def rings(self) -> bool:
        """Whether it should be said at once whom to ring. Worries about school, food or money are read by a person
        today; numbers for danger would not be an answer to them."""
        return self.level == "red" or any(kind != "worry" for kind in self.kinds)


def screen(text: str) -> Screened:
    """Whether somebody may be at risk in a text of any length, language and script. Never raises."""
    found: dict[str, Reason] = {}
    for piece in _pieces(text):
        for read in readings(piece, spelling()):
            found.update((rule.why, rule) for rule in _rules().found_in(read))
            if (heard := _heard(read)) is not None:
                found.setdefault(heard.why, heard)
    if not found:
        return Screened("none")
    reasons = sorted(found.values(), key=_pressing)
    named = [reason for reason in reasons if isinstance(reason, Rule)]
    return Screened(
        reasons[0].level,
        tuple(reason.why for reason in reasons),
        tuple(dict.fromkeys(reason.kind for reason in named or reasons)),
        named=any(rule.level == "red" for rule in named),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model alone has heard; the kind of danger is a guess from what the words are about."""

    kind: Kind
    level: Literal["amber", "red"]

    @property
    def why(self) -> str:
        danger = "danger now" if self.level == "red" else "somebody at risk"
        return f"{self.kind}: reads like {danger}, though no rule names it"


Reason = Rule | Heard


def _heard(read: str) -> Heard | None:
    risk, danger = model().heard(read)
    sounds_at_risk, sounds_like_danger = _IN_ENGLISH if in_english(read) else _ELSEWHERE
    if danger >= sounds_like_danger:
        return Heard(kind_of(read), "red")
    # Of what kind it is is a guess, and whom to ring is not said on a guess: a person reads it today.
    return Heard("worry", "amber") if risk >= sounds_at_risk else None


def _pressing(reason: Reason) -> tuple[bool, int]:
    return reason.level != "red", _ORDER.index(reason.kind)


def _pieces(text: str) -> Iterator[str]:
    if len(text) > _WITHIN:
        text = f"{text[: _WITHIN // 2]} {text[-_WITHIN // 2 :]}"
    for start in range(0, max(1, len(text)), _PIECE - _OVERLAP):
        yield text[start : start + _PIECE]


@cache
def _rules() -> Rules:
    return Rules(_HERE)


@cache
def spelling() -> Spelling:
    slips = tomllib.loads((_HERE / "slips.toml").read_text(encoding="utf-8"))
    everyday = _EVERYDAY.read_text(encoding="utf-8").split()
    return Spelling(_rules().words(), slips["mended"], [*everyday, *slips["words"]])
