"""How well words thrown at staff are told from anger: `python tests/bench/abuse.py [--wrong]`.

For the partnership's labelled feedback and for messages of our own (`abuse.own.jsonl`, written before the rules were
tried on them): how many abusive ones are seen, and how many others are taken for abuse, with 95 % intervals (Wilson's).
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from models.abuse import hard_words  # noqa: E402
from tests.bench.finding import interval, rows  # noqa: E402

OWN = Path(__file__).with_name("abuse.own.jsonl")
SHARED = ROOT.parent / "shared" / "data"


@dataclass
class Tally:
    hits: int = 0
    of: int = 0


def own() -> list[tuple[str, bool]]:
    return [(row["text"], row["abusive"]) for row in rows(OWN)]


def shared() -> list[tuple[str, bool]]:
    return [(row["text"], row["abusive"]) for row in rows(SHARED / "feedback.dev.jsonl")]


def measure(texts: Iterable[tuple[str, bool]], *, show: bool = False) -> tuple[Tally, Tally]:
    """Of the abusive and of the others: how many are taken for abuse."""
    abusive, other = Tally(), Tally()
    for text, is_abusive in texts:
        tally, seen = (abusive if is_abusive else other), bool(hard_words(text))
        tally.of += 1
        tally.hits += seen
        if show and seen is not is_abusive:
            print("  missed:" if is_abusive else "  false:", text)
    return abusive, other


def main(arguments: list[str]) -> None:
    sets = {"our own": own(), **({"the partnership's feedback": shared()} if SHARED.exists() else {})}
    for name, texts in sets.items():
        abusive, other = measure(texts, show="--wrong" in arguments)
        print(f"{name}: seen {interval(abusive.hits, abusive.of)} of {abusive.of} abusive, ", end="")
        print(f"taken for it {interval(other.hits, other.of)} of {other.of} others")


if __name__ == "__main__":
    main(sys.argv[1:])
