"""How well the screening sees that somebody may be at risk: `python tests/bench/screening.py [--by genre|lang|about]`.

For each kind of text: how many were red, and how many red or amber, with 95 % confidence intervals (Wilson's), and
what a text costs in time. `--wrong develop` prints what is wrong there. `screening.own.jsonl` and
`screening.large.jsonl` are split by a hash of each text: rules and model were made looking at "develop" only.
`screening.fresh.jsonl` was written when both were done, without a look at them, and `screening.fresh2.jsonl` before
they were mended again; neither is taught. `screening.fresh3.jsonl` was written before they were mended a third time, and
only its half "develop" was looked at. The same hand wrote all of these, so they are kinder than strangers' words will
be. `screening.fresh4.jsonl` is by another hand and was read by nobody who worked on rules or model; so is `screening.fresh5.jsonl`, by a fifth. The
partnership's own files are only measured on.
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
LARGE = Path(__file__).with_name("screening.large.jsonl")
FRESH = Path(__file__).with_name("screening.fresh.jsonl")
FRESH_2 = Path(__file__).with_name("screening.fresh2.jsonl")
FRESH_3 = Path(__file__).with_name("screening.fresh3.jsonl")
FRESH_5 = Path(__file__).with_name("screening.fresh5.jsonl")
FRESH_4 = Path(__file__).with_name("screening.fresh4.jsonl")
SHARED = next((up / "shared" / "data" for up in ROOT.parents if (up / "shared" / "data").exists()), ROOT / "shared")
AT_RISK = ("explicit", "indirect")


@dataclass(frozen=True)
class Labelled:
    kind: str
    text: str
    lang: str = "en"
    genre: str = "plain"
    about: str = "mixed"


@dataclass
class Tally:
    """Counts of one kind of text."""

    seen: int = 0
    red: int = 0
    flagged: int = 0


def half_of(text: str) -> str:
    """To which half of our own set a text belongs; it never changes."""
    return "develop" if sha256(text.encode()).digest()[0] % 2 else "held_out"


def part_of(text: str) -> str:
    """To which part of the large set a text belongs: a quarter is held out."""
    return "develop" if sha256(text.encode()).digest()[0] % 4 else "held_out"


def own(half: str) -> Iterator[Labelled]:
    return (row for row in _rows(OWN) if half_of(row.text) == half)


def large(part: str) -> Iterator[Labelled]:
    return (row for row in _rows(LARGE) if part_of(row.text) == part)


def fresh() -> Iterator[Labelled]:
    return _rows(FRESH)


def fresh_2() -> Iterator[Labelled]:
    return _rows(FRESH_2)


def fresh_3(half: str) -> Iterator[Labelled]:
    """The third batch: the half that was looked at ("develop"), and the one that nobody looked at ("held_out")."""
    return (row for row in _rows(FRESH_3) if half_of(row.text) == half)


def fresh_4() -> Iterator[Labelled]:
    """The fourth batch, by another hand, that nobody who worked on rules or model has read."""
    return _rows(FRESH_4)


def fresh_5() -> Iterator[Labelled]:
    return _rows(FRESH_5)


def develop() -> Iterator[Labelled]:
    """All that may be looked at and learnt from."""
    yield from own("develop")
    yield from large("develop")
    yield from fresh_3("develop")


def _rows(file: Path) -> Iterator[Labelled]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if "comment" not in (row := json.loads(line)):  # that says how the others were made
            yield Labelled(**row)


def shared() -> Iterator[Labelled]:
    for line in (SHARED / "feedback.dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled("feedback, at risk" if row["safeguarding"] else "feedback", row["text"])
    for line in (SHARED / "questions.dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kinds = {"crisis": "crisis", "not_crisis_lookalike": "lookalike"}
        yield Labelled(kinds.get(row["kind"], "questions"), row["q"])


def measure(texts: Iterable[Labelled], by: str = "") -> dict[str, Tally]:
    """Tallies by kind, and within it by `genre`, `lang` or `about` where that is asked for."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for labelled in texts:
        level = screen(labelled.text).level
        kinds = [labelled.kind, *(["at risk"] if labelled.kind in AT_RISK else [])]
        if by:
            kinds = [f"{kind}, {getattr(labelled, by)}" for kind in kinds]
        for kind in kinds:
            tally = tallies[kind]
            tally.seen += 1
            tally.red += level == "red"
            tally.flagged += level != "none"
    return tallies


def report(name: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{name}\n{'kind':26}{'n':>5}  {'red':22}red or amber")
    for kind, tally in sorted(tallies.items()):
        print(f"{kind:26}{tally.seen:5}  {interval(tally.red, tally.seen):22}{interval(tally.flagged, tally.seen)}")


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
        report_wrong(shared() if arguments[1] == "shared" else develop())
        return
    by = arguments[1] if arguments[:1] == ["--by"] else ""
    for half in ("develop", "held_out"):
        report(f"our own, {half}", measure(own(half), by))
    for part in ("develop", "held_out"):
        report(f"the large set, {part}", measure(large(part), by))
    report("fresh: written when the rules and the model were done", measure(fresh(), by))
    report("fresh: written before the second teaching", measure(fresh_2(), by))
    for half in ("develop", "held_out"):
        report(f"fresh: written before the third teaching, {half}", measure(fresh_3(half), by))
    for hand, texts in (("another", fresh_4), ("a fifth", fresh_5)):
        for tongue in ("English", "other languages"):
            rows = [row for row in texts() if (row.lang == "en") == (tongue == "English")]
            report(f"fresh: by {hand} hand, read by nobody, {tongue}", measure(rows, by))
    if SHARED.exists():
        report("the partnership's", measure(shared()))
    report_cost([labelled.text for labelled in fresh()])


if __name__ == "__main__":
    main(sys.argv[1:])
