"""One text in, its level and the reasons out. Pure: no database, no network, no clock."""

import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
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
_IN_ENGLISH = (0.0, 0.1)
_ELSEWHERE = (0.1, -0.1)
# Of so many texts it is known what came out: as many drafts as are likely to be open at once.
_REMEMBERED = 2048
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
    """Whether somebody may be at risk in a text of any length, language and script. Never raises.

    A conversation runs from its top for every message, so the same draft is asked about at each step: what was said of
    it last time is known by its digest. A story of 4,000 characters took 0.1 to 0.2 s of every turn, while all waited.
    """
    return _LATELY.known(text, _screened)


class _Lately:
    """What came out for the texts that were asked about last; never the texts."""

    def __init__(self, most: int) -> None:
        self._most, self._found = most, dict[bytes, Screened]()
        self._one_at_a_time = threading.Lock()

    def known(self, text: str, work: Callable[[str], Screened]) -> Screened:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        found = self._found.get(digest)
        if found is None:
            found = work(text)
            with self._one_at_a_time:
                if len(self._found) >= self._most:
                    self._found.clear()
                self._found[digest] = found
        return found


_LATELY = _Lately(_REMEMBERED)


def _screened(text: str) -> Screened:
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
