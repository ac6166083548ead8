"""How well personal data in free text is seen: `python tests/bench/personal.py [--wrong]`.

Prints, with 95 % confidence intervals (Wilson's): of the partnership's labelled feedback, how many messages with
personal data are marked and how many without are; the same for messages of our own, and how many of the single names
and numbers in them are masked (`personal.own.jsonl`, written before the rules were tried on them, then used to mend
them); of identifiers planted by a generator, how many come through; of ordinary text (services, questions, meetings),
how much is marked. And what a message costs in time.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from models.personal import masked, personal_data  # noqa: E402
from tests.bench.finding import interval, rows  # noqa: E402
from tests.planted import planted, survives  # noqa: E402

OWN = Path(__file__).with_name("personal.own.jsonl")
SHARED = ROOT.parent / "shared" / "data"
FIELDS = ("name", "plain_name", "who_for", "title", "purpose", "said", "doing", "feedback_due")


def labelled() -> Iterator[tuple[str, bool]]:
    for row in rows(SHARED / "feedback.dev.jsonl"):
        yield row["text"], row["mentions_personal_data"]


def own() -> list[dict[str, Any]]:
    return rows(OWN)[1:]


def ordinary() -> Iterator[str]:
    """What the areas publish, sentence by sentence, and what families ask: nothing in it is about anybody."""
    for area in ("england", "tameside", "halton"):
        for file in ("contacts", "meetings", "you_said"):
            path = ROOT / "areas" / area / f"{file}.jsonl"
            for row in rows(path) if path.exists() else ():
                yield from (row[field] for field in FIELDS if row.get(field))
                yield from row.get("what_they_help_with", ())
                yield from (f"Ring or write: {row[way]}." for way in ("phone", "email", "web") if row.get(way))


def questions() -> Iterator[str]:
    for row in rows(Path(__file__).with_name("questions.own.jsonl")):
        if "q" in row:
            yield row["q"]


def marked(text: str) -> bool:
    return bool(personal_data(text))


def come_through(count: int, seed: int) -> Counter[str]:
    """Of the planted, by kind, what can still be read."""
    return Counter(one.kind for one in planted(count, seed) if survives(one.identifier, masked(one.text)))


def main(arguments: list[str]) -> None:
    mine = [(row["text"], bool(row["personal"])) for row in own()]
    sets = {"our own messages": mine}
    if SHARED.exists():
        sets["the partnership's feedback"] = list(labelled())
    for name, texts in sets.items():
        with_, without = [text for text, has in texts if has], [text for text, has in texts if not has]
        print(f"{name}: marked {interval(sum(map(marked, with_)), len(with_))} of {len(with_)} with personal data,")
        print(f"  {interval(sum(map(marked, without)), len(without))} of {len(without)} without")
        if "--wrong" in arguments:
            print(*(f"  missed: {text}" for text in with_ if not marked(text)), sep="\n")
            print(*(f"  false: {masked(text)}" for text in without if marked(text)), sep="\n")
    single = [(row["text"], one) for row in own() for one in row["personal"]]
    left = [(text, one) for text, one in single if survives(one, masked(text))]
    print(
        f"single names and numbers in our own: masked {interval(len(single) - len(left), len(single))} of {len(single)}"
    )
    if "--wrong" in arguments:
        print(*(f"  left: {one!r} in {masked(text)}" for text, one in left), sep="\n")
    for seed in (1, 2, 3, 4):
        through = come_through(500, seed)
        print(f"planted, seed {seed}: come through {interval(through.total(), 500)} of 500 {dict(through) or ''}")
    for name, ordinary_texts in {
        "what the areas publish": list(ordinary()),
        "what families ask": list(questions()),
    }.items():
        wrong = [text for text in ordinary_texts if marked(text)]
        print(f"{name}: marked {interval(len(wrong), len(ordinary_texts))} of {len(ordinary_texts)}")
        if "--wrong" in arguments:
            print(*(f"  marked: {masked(text)}" for text in wrong), sep="\n")
    times = []
    for text, _has in mine * 5:
        started = time.perf_counter()
        personal_data(text)
        times.append((time.perf_counter() - started) * 1000)
    print(f"one message: median {median(times):.2f} ms, 99th percentile {quantiles(times, n=100)[98]:.2f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
