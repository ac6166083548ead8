"""The partnership's labelled feedback as it would arrive: `python tests/bench/real_feedback.py [--wrong]`.

For all messages of `shared/data/feedback.dev.jsonl` (or, where it is not there, of `feedback.own.jsonl`, written by us in
the same form; everything in it is invented): who is at risk, what holds personal data, what is abuse, each with how
many are seen and how many others are taken for it, with 95 % intervals (Wilson's). The rules were read against the
first file while they were made, so strangers' words will fare worse; our own second file was written afterwards.
"""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from models.abuse import hard_words  # noqa: E402
from models.personal import personal_data  # noqa: E402
from models.screening import screen  # noqa: E402
from tests.bench.finding import interval, rows  # noqa: E402

OWN = Path(__file__).with_name("feedback.own.jsonl")
PLACES = [up / "shared" / "data" / "feedback.dev.jsonl" for up in ROOT.parents]
SHARED = next((file for file in PLACES if file.exists()), None)


@dataclass(frozen=True)
class Message:
    text: str
    young: bool
    at_risk: bool
    personal: bool
    abusive: bool

    @property
    def personal_words(self) -> list[str]:
        return [self.text[mark.start : mark.end] for mark in personal_data(self.text)]


@dataclass
class Tally:
    """Of one kind: how many there are, how many are seen; of the others, how many are taken for it."""

    of: int = 0
    seen: int = 0
    others: int = 0
    false: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def count(self, text: str, *, is_it: bool, found: bool) -> None:
        if is_it:
            self.of, self.seen = self.of + 1, self.seen + found
            self.missed += [] if found else [text]
        else:
            self.others, self.false = self.others + 1, self.false + found
            self.wrong += [text] if found else []


def messages(file: Path | None = None) -> list[Message]:
    return [
        Message(
            row["text"],
            row["author"] == "young person",
            row["safeguarding"],
            row["mentions_personal_data"],
            row["abusive"],
        )
        for row in rows(file or SHARED or OWN)
    ]


CHECKS: dict[str, tuple[Callable[[Message], bool], Callable[[str], bool]]] = {
    "at risk": (lambda one: one.at_risk, lambda text: screen(text).level != "none"),
    "personal": (lambda one: one.personal, lambda text: bool(personal_data(text))),
    "abusive": (lambda one: one.abusive, lambda text: bool(hard_words(text))),
}


def measure(found: Iterable[Message]) -> dict[str, Tally]:
    tallies = {what: Tally() for what in CHECKS}
    for one in found:
        for what, (is_it, sees) in CHECKS.items():
            tallies[what].count(one.text, is_it=is_it(one), found=sees(one.text))
    return tallies


def runs_of(text: str, words: int) -> set[tuple[str, ...]]:
    """Every so many words in a row, without regard to signs and case."""
    each = re.findall(r"\w+", text.casefold())
    return {tuple(each[place : place + words]) for place in range(len(each) - words + 1)}


def main(arguments: list[str]) -> None:
    for file in filter(None, (SHARED, OWN)):
        found = messages(file)
        print(f"{file.name}: {len(found)} messages")
        for what, tally in measure(found).items():
            seen, false = interval(tally.seen, tally.of), interval(tally.false, tally.others)
            print(f"  {what}: seen {seen} of {tally.of}; false alarms {false} of {tally.others}")
            if "--wrong" in arguments:
                print(*(f"    missed: {text}" for text in tally.missed), sep="\n")
                print(*(f"    false: {text}" for text in tally.wrong), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
