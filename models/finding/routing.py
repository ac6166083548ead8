"""Where a message belongs: is somebody looking for help, or telling how things went?

Two lists of examples, `told.txt` and `asked.txt`, and how often each word and pair of words stands in one or the
other (naive Bayes: a sum of logarithms, nothing hidden), joined by a few cues in `feedback.toml`. The little words
decide here that the search leaves out: "they sent us", "was", "again". Families mix the two ("the taxi was late
again, who do I ring?"), so who asks is answered, and what is not clear is said to be unclear: the conversation can
then offer both.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path

from .danger import plainest
from .words import LONGEST

_HERE = Path(__file__).parent
_UNCLEAR = 1.5  # either side of the line within which both should be offered


@dataclass(frozen=True, slots=True)
class Sound:
    """How a message sounds.

    `tells` is above 0 for a report of how things went, and below for a need. `asks`: it asks outright.
    """

    tells: float
    asks: bool

    @property
    def is_feedback(self) -> bool:
        return self.tells > 0 and not self.asks

    @property
    def is_mixed(self) -> bool:
        return self.tells > -_UNCLEAR if self.asks else abs(self.tells) < _UNCLEAR


class Sounds:
    """The examples and the cues, read and counted once."""

    def __init__(self, folder: Path = _HERE) -> None:
        data = tomllib.loads((folder / "feedback.toml").read_text(encoding="utf-8"))
        self._cues = [(cue["weight"], re.compile(pattern)) for cue in data["cue"] for pattern in cue["say"]]
        self._asks = re.compile("|".join(f"(?:{pattern})" for pattern in data["asks"]["say"]))
        told, asked = (_counted(_examples(folder / name)) for name in ("told.txt", "asked.txt"))
        both = set(told) | set(asked)
        told_all, asked_all = sum(told.values()) + len(both) / 2, sum(asked.values()) + len(both) / 2
        self._weight = {
            sign: log((told[sign] + 0.5) / told_all) - log((asked[sign] + 0.5) / asked_all) for sign in both
        }

    def of(self, text: str) -> Sound:
        plain = plainest(text[:LONGEST])
        signs = set(_signs(plain))
        tells = sum(self._weight.get(sign, 0.0) for sign in signs)
        # Words of one message lean on each other; without this, long messages would always be too certain.
        tells /= max(1.0, len(signs) / 8) ** 0.5
        tells += sum(weight for weight, cue in self._cues if cue.search(plain))
        asks = self._asks.search(plain) is not None
        if not asks and any(mark in text for mark in "?？؟"):
            tells -= 2.5  # "Why is it always late?" may be either
        short = max(0.0, 5 - len(plain.split()))  # "transport" tells nothing; somebody looks for it
        return Sound(tells=tells - 1.5 - short, asks=asks)


def _examples(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield plainest(line)


def _counted(examples: Iterable[str]) -> Counter[str]:
    return Counter(sign for example in examples for sign in set(_signs(example)))


def _signs(plain: str) -> Iterator[str]:
    words = plain.split()
    yield from words
    yield from (f"{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True))
    yield from ("-ed" for word in words if word.isascii() and len(word) > 4 and word.endswith("ed"))
