"""Learns the needs anew: `python -m tests.bench.learn`, about a minute. Writes models/finding/needs.weights.

Softmax regression over the signs of models/finding/needs.py, one question at a time, with AdaGrad (Duchi, Hazan and
Singer 2011). What it learns from: the questions in areas/england/asked.toml; what people call the services of that kind (people_say.jsonl), where a need names one kind or one contact first; and
elsewhere.txt and out_of_scope.txt for "none of these"; and screening.own.jsonl and screening.large.jsonl for danger. Nothing that is measured on is learnt from. The order is shuffled with a fixed
seed, so that the same data gives the same weights.
"""

import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.finding import load_asked, load_needs
from models.finding.needs import BACKGROUND, BUCKETS, DANGER, NONE, WEIGHTS, digest, signs
from models.finding.words import Meanings, folded, stem, words
from models.finding.words import meanings as read_once
from tests.bench.slips import dictated, slipped

ROOT = Path(__file__).resolve().parents[2]
AREAS = ROOT / "areas"
FINDING = WEIGHTS.parent
AROUND = Path(__file__).with_name("background.txt")
ROUNDS = 4
STORY = 1.0
"""How much an example counts that has been put into a story."""
MISSING = 0.6
"""And one with words missing."""
_LEFT_OUT = 0.25
_SENTENCE = 5  # words: of less, none can be spared
_TIMES = 2
"""How many stories each example is put into."""
SLIPPED = 0.5
"""And one with slips in it."""
_SLIPPED_TIMES = 2
_DICTATED = 0.25  # of those: without marks, as a telephone writes down what it hears
_EVERY = 3  # of the many texts of danger: enough to know it by, and few enough to leave the needs their weight
_EACH_LINE = 14
_NO_SLIP = 3  # questions in which a word stands
IN_FEW_WORDS = 0.5
"""And one as it would be heard in another language."""
STEP = 0.5
HELD_BACK = 2e-6
SMALLEST = 0.4
"""Weights below this are dropped: a fifth of the size, and hardly an answer that changes."""


def elsewhere() -> list[str]:
    return lines_of(FINDING / "elsewhere.txt")


def lines_of(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def examples() -> Iterator[tuple[str, str, float]]:
    """What was said, the need it speaks of, and how much it counts."""
    by_kind = json.loads((ROOT / "tests" / "bench" / "kinds.json").read_text(encoding="utf-8"))
    for name, asked in load_asked(AREAS).items():
        for line in asked:
            yield line, name, 1.0
    for area in ("england", "tameside", "halton"):
        for line in (AREAS / area / "people_say.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["id"] in by_kind:
                for said in row.get("say", ()):
                    yield said, by_kind[row["id"]], 0.7
    for line in (ROOT / "tests" / "bench" / "screening.own.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("kind") in {"explicit", "indirect"}:
            yield row["text"], DANGER, 0.3
    large = (ROOT / "tests" / "bench" / "screening.large.jsonl").read_text(encoding="utf-8").splitlines()
    explicit = [row["text"] for row in map(json.loads, large) if row.get("kind") == "explicit"]
    for text in explicit[::_EVERY]:
        yield text, DANGER, 0.2
    for line in elsewhere():
        yield line, NONE, 1.0
    for line in out_of_scope():
        yield line, NONE, 0.7


def out_of_scope(chance: random.Random | None = None) -> Iterator[str]:
    """Lines of out_of_scope.txt with their alternatives written out: each line as often as it has many, at most so often."""
    chance = chance or random.Random(2026)
    for line in lines_of(Path(__file__).with_name("out_of_scope.txt")):
        parts = [part.split("|") for part in re.split(r"[{}]", line)]
        many = prod(len(part) for part in parts)
        written = {" ".join("".join(map(chance.choice, parts)).split()) for _ in range(min(many, _EACH_LINE))}
        yield from sorted(written)


def stories(chance: random.Random, told: list[tuple[str, str, float]]) -> Iterator[tuple[str, str, float]]:
    """The examples again, as part of a longer story: with other clauses before and after that say nothing of the need.

    Without these only the examples of danger are long, and whoever tells a long story would seem to be in danger.
    """
    around = lines_of(AROUND)
    by_need: dict[str, list[str]] = {}
    for text, name, counts in told:
        if counts == 1.0:
            by_need.setdefault(name, []).append(text)
    for text, name, counts in told:
        if not text.isascii() or (name == DANGER and chance.random() < 0.6):
            continue
        clauses = [text]
        if name in by_need and chance.random() < 0.3:
            clauses.append(chance.choice(by_need[name]))
        clauses += chance.sample(around, chance.choice((1, 1, 2, 3, 4, 6)))
        chance.shuffle(clauses)
        yield ". ".join(clauses), name, STORY * counts


def background(chance: random.Random) -> Iterator[tuple[str, str, float]]:
    """Clauses that say nothing of a need, by themselves and several together: the stories are made of these."""
    around = lines_of(AROUND)
    for line in around:
        yield line, BACKGROUND, 1.0
    for many in (2, 2, 3, 3, 4, 5) * (len(around) // 6):
        yield ". ".join(chance.sample(around, many)), BACKGROUND, 0.7


def with_words_missing(chance: random.Random, told: list[tuple[str, str, float]]) -> Iterator[tuple[str, str, float]]:
    """The examples again with a quarter of their words left out, so that no need hangs on one word alone."""
    for text, name, counts in told:
        every = text.split()
        if len(every) >= _SENTENCE and name != DANGER:
            yield " ".join(word for word in every if chance.random() > _LEFT_OUT), name, MISSING * counts


def in_few_words(told: list[tuple[str, str, float]], meanings: Meanings) -> Iterator[tuple[str, str, float]]:
    """The English examples again as no more than the words that glosses.toml can make of another language's."""
    whole: dict[str, str] = {}
    for listed in tomllib.loads((FINDING / "glosses.toml").read_text(encoding="utf-8")).values():
        for english in listed:
            for word in english.split():
                whole.setdefault(stem(word), english)
    for text, name, counts in told:
        spelled = words(folded(text))
        if name not in {DANGER, NONE} and text.isascii() and meanings.language(spelled) == "en":
            few = dict.fromkeys(whole[stem(word)] for word in spelled if stem(word) in whole)
            if few:
                yield " ".join(few), name, IN_FEW_WORDS * counts


def with_slips(
    chance: random.Random, told: list[tuple[str, str, float]], meanings: Meanings
) -> Iterator[tuple[str, str, float]]:
    """The English examples again as thumbs, ears and telephones write them (slips.py); not what is nobody's, whose
    slips would make every odd spelling nobody's."""
    for text, name, counts in told:
        if name not in {DANGER, NONE} and text.isascii() and meanings.language(words(folded(text))) == "en":
            for _ in range(_SLIPPED_TIMES):
                write_anew = dictated if chance.random() < _DICTATED else slipped
                yield write_anew(text, chance), name, SLIPPED * counts


def learn() -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
    """The names of the needs, what always speaks for each, and the weights by bucket and need."""
    chance = random.Random(2026)
    meanings = read_once()
    names = [*(need.name for need in load_needs(AREAS, "england")), NONE, DANGER, BACKGROUND]
    place = {name: number for number, name in enumerate(names)}
    taught: list[tuple[NDArray[np.int64], NDArray[np.float32], int, float]] = []
    told = list(examples())
    strewn = [story for _ in range(_TIMES) for story in stories(chance, told)]
    missing, slips = with_words_missing(chance, told), with_slips(chance, told, meanings)
    few = in_few_words(told, meanings) if IN_FEW_WORDS else ()
    for text, name, counts in (*told, *strewn, *missing, *background(chance), *slips, *few):
        if found := signs(words(folded(text)), meanings):
            strengths = np.array(list(found.values()), dtype=np.float32)
            taught.append((np.array(list(found)), strengths, place[name], counts))
    weights = np.zeros((BUCKETS, len(names)), dtype=np.float32)
    squares = np.full((BUCKETS, len(names)), 1e-2, dtype=np.float32)
    always = np.zeros(len(names), dtype=np.float32)
    for _ in range(ROUNDS):
        chance.shuffle(taught)
        for buckets, strengths, right, counts in taught:
            learnt = weights[buckets]
            totals = always + strengths @ learnt
            wrong = np.exp(totals - totals.max())
            wrong /= wrong.sum()
            wrong[right] -= 1
            slope = np.outer(counts * strengths, wrong)
            seen = squares[buckets] + slope * slope
            squares[buckets] = seen
            weights[buckets] = (1 - HELD_BACK) * learnt - STEP * slope / np.sqrt(seen)
            always -= 0.01 * counts * wrong
    return names, always, weights


def often_asked() -> list[str]:
    """English words that stand in several questions, and so are no slips: to be left alone, and to mend slips."""
    meanings = read_once()
    often = Counter(
        word
        for asked in load_asked(AREAS).values()
        for spelled in (words(folded(line)) for line in asked if line.isascii())
        if meanings.language(spelled) == "en"
        for word in spelled
    )
    return sorted(word for word, times in often.items() if times >= _NO_SLIP)


def write(names: list[str], always: NDArray[np.float32], weights: NDArray[np.float32], file: Path) -> int:
    kept = np.abs(weights) >= SMALLEST
    scale = float(np.abs(weights).max()) / 127
    starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.uint32)
    needs = np.nonzero(kept)[1].astype(np.uint8)
    small = np.rint(weights[kept] / scale).astype(np.int8)
    first = f"{digest(load_asked(AREAS), elsewhere()).hex()} {scale!r} {len(needs)}"
    header = "\n".join([first, " ".join(often_asked()), *names])
    parts = (always.astype("<f4"), starts.astype("<u4"), needs, small)
    file.write_bytes(header.encode() + b"\n\n" + b"".join(part.tobytes() for part in parts))
    return len(needs)


if __name__ == "__main__":
    print(write(*learn(), WEIGHTS), "weights")
