"""How well the finder finds: `python tests/bench/finding.py [QUESTIONS.jsonl …]`.

Prints, for each kind of question, how often an expected contact is first and among the first three, with 95 %
confidence intervals (Wilson's), how often out-of-scope questions are refused and real ones are not, how feedback is
told apart, and what it costs in time and memory. Without a file it takes the questions written for this beside it
(`questions.own.jsonl`, made from the list of services before any of their words were written) and the partnership's
own where they are to be found.

`questions.fresh*.jsonl` were each written before the words that could answer them, measured once, and then used to add words,
so that today they only say whether something was lost. `questions.fresh8` was split by chance: `.dev` was developed with,
`.held` was kept shut and measured before and after (docs/decisions/0012). Kind "odd" is real and sounds as if it were not.
"""

import json
import os
import sys
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from models.finding import Card, Finder, load_needs, load_people_say  # noqa: E402

OWN = Path(__file__).with_name("questions.own.jsonl")
SHARED = Path(os.environ.get("YOUSAID_SHARED", ROOT.parent / "shared")) / "data"
ENGLISH = ("ordinary", "typo", "oneword", "rambling", "youngperson")


@dataclass
class Tally:
    """Counts of one kind of question."""

    asked: int = 0
    first: int = 0
    three: int = 0
    refused: int = 0
    helped: int = 0
    as_feedback: int = 0


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def cards(area: str, areas: Path = ROOT / "areas") -> Iterator[Card]:
    """The cards of an area and of all England, as the area packs hold them."""
    said = load_people_say(areas, area)
    for pack in dict.fromkeys((area, "england")):
        for row in rows(areas / pack / "contacts.jsonl"):
            yield Card(
                id=row["id"],
                area=row["area"],
                name=row["name"],
                plain_name=row["plain_name"],
                helps_with=tuple(row["what_they_help_with"]),
                who_for=row["who_for"],
                people_say=said.get(row["id"], ()),
            )


@cache
def finder(area: str) -> Finder:
    return Finder(cards(area), load_needs(ROOT / "areas", area))


def measure(questions: Iterable[dict[str, Any]]) -> dict[str, Tally]:
    """Tallies by kind, and "English" for the kinds that the goal is about."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for question in questions:
        found = finder(question["area"]).find(question["q"])
        for kind in (question["kind"], "English" if question["kind"] in ENGLISH else ""):
            if kind:
                tally = tallies[kind]
                tally.asked += 1
                tally.first += bool(found.contacts) and found.contacts[0] in question["expect"]
                tally.three += any(contact in question["expect"] for contact in found.contacts[:3])
                tally.refused += found.route == "none"
                tally.helped += found.route == "help"
                tally.as_feedback += found.route == "feedback"
    return tallies


def interval(hits: int, of: int) -> str:
    """Wilson's 95 % interval, in whole percent."""
    if not of:
        return "-"
    share, z = hits / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{share:4.0%} ({max(0.0, middle - half):.0%} to {min(1.0, middle + half):.0%})"


def report(name: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{name}\n{'kind':22}{'n':>4}  {'first':20}{'among three':20}{'refused':20}{'as help':20}as feedback")
    for kind, tally in sorted(tallies.items()):
        parts = (tally.first, tally.three, tally.refused, tally.helped, tally.as_feedback)
        print(f"{kind:22}{tally.asked:4}  " + "".join(f"{interval(hits, tally.asked):20}" for hits in parts))
    real = [tally for kind, tally in tallies.items() if kind in {"English", "otherlang"}]
    refused, asked = sum(tally.refused for tally in real), sum(tally.asked for tally in real)
    print(f"{'real questions refused':22}{asked:4}  {interval(refused, asked)}")


def report_feedback(file: Path) -> None:
    told = rows(file)
    routes: dict[str, int] = defaultdict(int)
    for row in told:
        found = finder(row["area"]).find(row["text"])
        unsure = found.route == "contact" and not found.sure
        routes["contact, both offered" if unsure else found.route] += 1
    print(f"\n{file.name}: " + "; ".join(f"{route} {interval(n, len(told))}" for route, n in sorted(routes.items())))


def report_cost(texts: list[str]) -> None:
    tracemalloc.start()
    started = time.perf_counter()
    built = Finder(cards("tameside"), load_needs(ROOT / "areas", "tameside"))
    took = time.perf_counter() - started
    size = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    print(f"\nbuilt in {took:.2f} s (while memory was traced), {size:.1f} MB")
    times = []
    for text in texts:
        started = time.perf_counter()
        built.find(text)
        times.append((time.perf_counter() - started) * 1000)
    print(f"one question: median {median(times):.1f} ms, 99th percentile {quantiles(times, n=100)[98]:.1f} ms")


def main(files: list[Path]) -> None:
    for file in files:
        report(file.name, measure(rows(file)))
    if (SHARED / "feedback.dev.jsonl").exists():
        report_feedback(SHARED / "feedback.dev.jsonl")
    report_cost([row["q"] for file in files for row in rows(file)])


if __name__ == "__main__":
    written = sorted(OWN.parent.glob("questions.fresh*.jsonl"))
    known = [file for file in (OWN, *written, SHARED / "questions.dev.jsonl") if file.exists()]
    main([Path(argument) for argument in sys.argv[1:]] or known)
