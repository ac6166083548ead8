"""How well the finder finds: `python tests/bench/finding.py [--cost] [QUESTIONS.jsonl …]`.

Prints, for each kind of question, how often an expected contact is first and among the first three, with 95 %
confidence intervals (Wilson's), how often out-of-scope questions are refused and real ones are not, how feedback is
told apart, and with `--cost` what it costs in time and memory. Without a file it takes the questions written for this beside it
(`questions.own.jsonl`, made from the list of services before any of their words were written) and the partnership's
own where they are to be found.

`questions.fresh*.jsonl` were each written before the words that could answer them, measured once, and then used to add words,
so that today they only say whether something was lost. `questions.fresh8` was split by chance: `.dev` was developed with,
`.held` was kept shut and measured before and after (docs/decisions/0012). Kind "odd" is real and sounds as if it were not.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
COST = "--cost"
STORY = 2000
_STORIES = 200
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


def report_cost(questions: list[str]) -> None:
    """What an answer costs in time and memory, in `yousaid who --stdin` itself: a line in, a line out."""
    stories = [story for start in range(len(questions)) if len(story := _story(questions[start:])) == STORY]
    asked = [sys.executable, "-m", "bot.cli", "who", "--area", "tameside", "--stdin"]
    bare = [sys.executable, "-c", "import sys; [print(line, flush=True) for line in sys.stdin]"]
    with _running(bare) as process:
        _answered(process, "hello")
        before = _resident_mb(process)
    with _running(asked) as process:
        _answered(process, "hello")
        built = _resident_mb(process)
        for name, texts in (("questions", questions), (f"stories of {STORY} characters", stories[:_STORIES])):
            times = sorted(_answered(process, text) * 1000 for text in texts)
            p99 = quantiles(times, n=100)[98]
            print(f"{len(times)} {name}: p50 {median(times):.1f} ms, p99 {p99:.1f} ms, longest {times[-1]:.1f} ms")
        after = _resident_mb(process)
    print(
        f"memory: {after - before:.0f} MB more than a bare Python ({built - before:.0f} before the first question),"
        f" {after:.0f} MB in all"
    )


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        if process.stdin:
            process.stdin.close()


def _resident_mb(process: subprocess.Popen[str]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _answered(process: subprocess.Popen[str], text: str) -> float:
    """Seconds from asking to the answer."""
    assert process.stdin
    assert process.stdout
    started = time.perf_counter()
    process.stdin.write(" ".join(text.split()) + "\n")
    process.stdin.flush()
    assert process.stdout.readline()
    return time.perf_counter() - started


def _story(questions: list[str]) -> str:
    """As many of these as make a story of `STORY` characters."""
    return " ".join(questions[:100])[:STORY]


def main(files: list[Path]) -> None:
    for file in files:
        report(file.name, measure(rows(file)))
    if (SHARED / "feedback.dev.jsonl").exists():
        report_feedback(SHARED / "feedback.dev.jsonl")
    if COST in sys.argv:
        report_cost([row["q"] for file in files for row in rows(file)])


if __name__ == "__main__":
    written = sorted(OWN.parent.glob("questions.fresh*.jsonl"))
    known = [file for file in (OWN, *written, SHARED / "questions.dev.jsonl") if file.exists()]
    main([Path(argument) for argument in sys.argv[1:] if argument != COST] or known)
