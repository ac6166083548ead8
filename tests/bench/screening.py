"""How well the screening sees that somebody may be at risk: `python tests/bench/screening.py [--wrong develop|held_out]`.

For each kind of text: how many were red, and how many red or amber, with 95 % confidence intervals (Wilson's), and
what a text costs in time. `screening.own.jsonl` was written before the rules and is split in two halves by a hash of
each text: rules were written looking at the mistakes in "develop" only. The same hand wrote both halves, so
"held_out" is still kinder than strangers' words will be. The partnership's own files are only measured on.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from models.screening import screen  # noqa: E402
from tests.bench.finding import interval  # noqa: E402

OWN = Path(__file__).with_name("screening.own.jsonl")
SHARED = ROOT.parent / "shared" / "data"
AT_RISK = ("explicit", "indirect")


@dataclass(frozen=True)
class Labelled:
    kind: str
    text: str


@dataclass
class Tally:
    """Counts of one kind of text."""

    seen: int = 0
    red: int = 0
    flagged: int = 0


def half_of(text: str) -> str:
    """To which half of our own set a text belongs; it never changes."""
    return "develop" if sha256(text.encode()).digest()[0] % 2 else "held_out"


def own(half: str) -> Iterator[Labelled]:
    for line in OWN.read_text(encoding="utf-8").splitlines()[1:]:  # the first says how the others were made
        row = json.loads(line)
        if half_of(row["text"]) == half:
            yield Labelled(row["kind"], row["text"])


def shared() -> Iterator[Labelled]:
    for line in (SHARED / "feedback.dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled("feedback, at risk" if row["safeguarding"] else "feedback", row["text"])
    for line in (SHARED / "questions.dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kinds = {"crisis": "crisis", "not_crisis_lookalike": "lookalike"}
        yield Labelled(kinds.get(row["kind"], "questions"), row["q"])


def measure(texts: Iterable[Labelled]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for labelled in texts:
        level = screen(labelled.text).level
        for kind in (labelled.kind, *(["at risk"] if labelled.kind in AT_RISK else [])):
            tally = tallies[kind]
            tally.seen += 1
            tally.red += level == "red"
            tally.flagged += level != "none"
    return tallies


def report(name: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{name}\n{'kind':20}{'n':>4}  {'red':22}red or amber")
    for kind, tally in sorted(tallies.items()):
        print(f"{kind:20}{tally.seen:4}  {interval(tally.red, tally.seen):22}{interval(tally.flagged, tally.seen)}")


def report_wrong(texts: Iterable[Labelled]) -> None:
    for labelled in texts:
        found = screen(labelled.text)
        safe = labelled.kind not in (*AT_RISK, "crisis", "feedback, at risk")
        missed = found.level == "none" or (labelled.kind == "explicit" and found.level == "amber")
        if found.level != "none" if safe else missed:
            print(f"{labelled.kind:18}{found.level:6}{labelled.text}  {list(found.why)}")


def report_cost(texts: list[str]) -> None:
    times = []
    for text in texts:
        started = time.perf_counter()
        screen(text)
        times.append((time.perf_counter() - started) * 1000)
    print(f"\none text: median {median(times):.2f} ms, 99th percentile {quantiles(times, n=100)[98]:.2f} ms")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--wrong"]:
        report_wrong(shared() if arguments[1] == "shared" else own(arguments[1]))
        return
    for half in ("develop", "held_out"):
        report(f"our own, {half}", measure(own(half)))
    if SHARED.exists():
        report("the partnership's", measure(shared()))
    report_cost([labelled.text for half in ("develop", "held_out") for labelled in own(half)])


if __name__ == "__main__":
    main(sys.argv[1:])
