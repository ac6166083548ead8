"""Teaches the screening's model again: `python tests/bench/teach_screening.py` writes `models/screening/learnt.bin`.

A logistic regression for each of the two answers (somebody at risk; danger now), by gradient descent with a fixed
seed, so that the same set gives the same file; what tells much by itself is learnt quickest. It sees the develop half of our own sets (`screening.py` has the split),
`screening.taught.txt`, `screening.taught2.txt`, `screening.taught3.txt`, and nothing else: the same texts with slips, ordinary ones run together into long stories with
and without a sentence of danger, and sentences made of parts (`screening.parts.toml`), so that "my dad likes trains" is
known to be calm. Of a text about danger only the window that sounds most like it counts; of a calm one, every window.
"""

import random
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from models.screening import learnt  # noqa: E402
from models.screening.reading import readings  # noqa: E402
from models.screening.screen import spelling  # noqa: E402
from tests.bench.screening import AT_RISK, Labelled, develop  # noqa: E402

PARTS = Path(__file__).with_name("screening.parts.toml")
GRAMMAR = Path(__file__).with_name("screening.grammar.txt")
AKIN = Path(__file__).with_name("screening.akin.txt")
TAUGHT = Path(__file__).with_name("screening.taught.txt")
TAUGHT_2 = Path(__file__).with_name("screening.taught2.txt")
TAUGHT_3 = Path(__file__).with_name("screening.taught3.txt")
SEED = 1
ROUNDS, STEP, SMALL = 40, 0.05, 2e-6  # of descent; how far each goes; how much weights are kept small
SELDOM = 2.0  # texts of each answer that a slot is taken to stand in before any is read
MADE, LONG, MASHED = 1500, 400, 600  # calm sentences made of parts; long stories; letters without words
STRANGERS, ASKED = 3.0, 1.0  # what a text by other hands counts for, and a question to the finder
DRAWN = 30  # sentences, at most, of one line of the grammar
_SAID = {
    "you": "u", "are": "r", "to": "2", "for": "4", "and": "n", "please": "pls", "because": "cos", "with": "wiv",
    "the": "da", "my": "mi", "what": "wot", "nobody": "no1", "someone": "some1", "tonight": "2nite", "have": "av",
    "going": "gonna", "was": "woz", "know": "no", "every": "evry", "that": "dat", "this": "dis", "don't": "dnt",
    "can't": "cnt", "i'm": "im",
}  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    kind: str
    text: str
    weight: float = 1.0


def slipped(text: str, chance: random.Random) -> str:
    """The same with slips and in text-speak."""
    words = []
    for word in text.split():
        drawn = chance.random()
        if word.lower() in _SAID and drawn < 0.3:
            words.append(_SAID[word.lower()])
        elif len(word) > 4 and drawn < 0.12:
            at = chance.randrange(1, len(word) - 2)
            ways = (
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
            )
            words.append(chance.choice(ways))
        else:
            words.append(word.lower() if chance.random() < 0.7 else word)
    return " ".join(words).replace("'", "")


def made_of_parts(chance: random.Random) -> Iterator[Lesson]:
    parts = tomllib.loads(PARTS.read_text(encoding="utf-8"))
    for name, kind, count in (
        ("calm", "ordinary", MADE), ("danger", "explicit", MADE // 3), ("life", "explicit", MADE // 4),
    ):  # fmt: skip
        of = parts[name]
        for _ in range(count):
            text = " ".join(chance.choice(of[part]) for part in ("who", "does", "after"))
            text = text.replace("{whom}", chance.choice(of.get("whom", ["me"]))).strip()
            yield Lesson(kind, slipped(text, chance) if chance.random() < 0.3 else text, 0.5)


def taught(file: Path) -> Iterator[Labelled]:
    """Texts written for teaching alone."""
    kind, lang, genre = "", "", "plain"
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, lang, genre = [*line[3:].split(), "plain"][:3]
        elif line and not line.startswith("#"):
            yield Labelled(kind, line, lang, genre)


_CHOICE = re.compile(r"\[([^\[\]]*)\]|<(\w+)>")  # the innermost choice first


def drawn_from_grammar(chance: random.Random) -> Iterator[Labelled]:
    """Sentences of the grammar; how many of a line grows with how many it could make."""
    lists: dict[str, list[str]] = {}
    kind = lang = ""
    for line in GRAMMAR.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, lang = line[3:].split()
        elif (named := re.fullmatch(r"(\w+) = (.*)", line)) is not None:
            lists[named[1]] = [each.strip() for each in named[2].split("|")]
        elif line and not line.startswith("#"):
            drawn = {said(line, lists, chance) for _ in range(DRAWN)}
            yield from (Labelled(kind, text, lang) for text in sorted(drawn))


def said(line: str, lists: dict[str, list[str]], chance: random.Random) -> str:
    """One sentence that a line of the grammar can make."""

    def choose(choice: re.Match[str]) -> str:
        options: list[str] = choice[1].split("|") if choice[2] is None else lists[choice[2]]
        return chance.choice(options)

    while _CHOICE.search(line):
        line = _CHOICE.sub(choose, line)
    return " ".join(line.split())


def long_stories(rows: list[Labelled], chance: random.Random) -> Iterator[Lesson]:
    calm = [row.text for row in rows if row.kind == "ordinary" and len(row.text) > 25 and row.lang == "en"]
    danger = [row for row in rows if row.kind in AT_RISK and row.lang == "en"]
    for _ in range(LONG):
        yield Lesson("ordinary", ". ".join(chance.sample(calm, chance.randint(2, 6))))
    for _ in range(LONG // 2):
        row = chance.choice(danger)
        around = chance.sample(calm, chance.randint(1, 4))
        around.insert(chance.randint(0, len(around)), row.text)
        yield Lesson(row.kind, ". ".join(around), 0.5)


def lessons() -> Iterator[Lesson]:
    chance = random.Random(SEED)
    rows = [*develop(), *taught(TAUGHT)]
    for row in rows:
        yield Lesson(row.kind, row.text)
        if row.lang == "en":
            yield Lesson(row.kind, slipped(row.text, chance), 0.5)
    for row in (*taught(TAUGHT_2), *taught(TAUGHT_3)):
        yield Lesson(row.kind, row.text, ASKED if row.genre == "asked" else STRANGERS)
        if row.genre == "asked" and row.lang == "en":
            yield Lesson(row.kind, slipped(row.text, chance), ASKED / 2)
    for row in drawn_from_grammar(chance):
        typed = row.lang == "en" and chance.random() < 0.3
        yield Lesson(row.kind, slipped(row.text, chance) if typed else row.text)
    yield from made_of_parts(chance)
    yield from mashed(chance)
    yield from long_stories(rows, chance)


_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa")


def mashed(chance: random.Random) -> Iterator[Lesson]:
    """Letters of somebody leaning on the keys: nothing is said by them."""
    for _ in range(MASHED):
        row = chance.choice(_KEYS)
        at = chance.randrange(len(row) - 2)
        ways = (
            row[at : at + chance.randint(3, 9)],
            "".join(chance.choice(row) for _ in range(chance.randint(3, 14))),
            "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(chance.randint(4, 12))),
            chance.choice("abcdefghijklmnopqrstuvwxyz") * chance.randint(1, 60),
        )
        yield Lesson("ordinary", " ".join(chance.choice(ways) for _ in range(chance.choice((1, 1, 1, 2, 4)))))


@cache
def _pieces(word: str) -> tuple[int, ...]:
    return tuple(learnt.pieces(word))


def _slots(words: list[str]) -> list[int]:
    return [*(slot for word in words for slot in _pieces(word)), *learnt.together(words)]


def teach(taught: Iterable[Lesson]) -> tuple[Any, Any]:
    """Weights, a row for each answer, and their biases."""
    kept = [(lesson, found) for lesson in taught if (found := list(learnt.windows(_read(lesson.text))))]
    slots = [_slots(words) for _, found in kept for words in found]
    of = np.repeat(np.arange(len(kept)), [len(found) for _, found in kept])  # whose each window is
    first = np.searchsorted(of, np.arange(len(kept)))
    size = np.array([len(each) for each in slots])
    begins = np.concatenate([[0], np.cumsum(size)[:-1]])
    flat = np.concatenate([np.array(each) for each in slots])
    window = np.repeat(np.arange(len(size)), size)
    scale = 1 / np.sqrt(size + learnt.DAMPED)
    kinds = np.array([lesson.kind for lesson, _ in kept])
    weight = np.array([lesson.weight for lesson, _ in kept])
    answers = [np.isin(kinds, AT_RISK), kinds == "explicit"]
    # Danger's answer hardly minds an indirect text, and much a lookalike: nothing may say "this sounds serious" to one.
    matters = [
        weight * np.where(np.isin(kinds, AT_RISK), 1.2, 1.0),
        weight * np.select([kinds == "explicit", kinds == "indirect", kinds == "lookalike"], [1.2, 0.05, 1.5], 1.0),
    ]
    calm_windows = 1 / np.sqrt(np.bincount(of))[of]
    weights, biases = [], []
    for answer, matter in zip(answers, matters, strict=True):
        wholes = (matter[answer].sum(), matter[~answer].sum())
        telling = _telling(flat, answer[of][window], matter[of][window], len(kept), wholes)
        scaled = (scale[window] * telling[flat]).astype(np.float32)
        w, m, v = np.zeros(learnt.SLOTS), np.zeros(learnt.SLOTS), np.zeros(learnt.SLOTS)
        b, mb, vb = 0.0, 0.0, 0.0
        for turn in range(1, ROUNDS + 1):
            says = np.add.reduceat(w[flat] * scaled, begins) + b
            strongest = says >= np.maximum.reduceat(says, first)[of] - 1e-6
            off = (1 / (1 + np.exp(-np.clip(says, -30, 30))) - answer[of]) * matter[of] / len(kept)
            off = np.where(answer[of], off * strongest, off * calm_windows)
            slope = np.bincount(flat, weights=off[window] * scaled, minlength=learnt.SLOTS) + SMALL * w
            m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
            mb, vb = 0.9 * mb + 0.1 * off.sum(), 0.999 * vb + 0.001 * off.sum() ** 2
            w -= STEP * (m / (1 - 0.9**turn)) / (np.sqrt(v / (1 - 0.999**turn)) + 1e-9)
            b -= STEP * (mb / (1 - 0.9**turn)) / (np.sqrt(vb / (1 - 0.999**turn)) + 1e-9)
        weights.append(w * telling)
        biases.append(b)
    return weights, biases


def _telling(flat: Any, yes: Any, matter: Any, texts: int, windows: tuple[float, float]) -> Any:
    """How much each slot tells by itself: how unlike its share is in the texts that say yes and in the others. What
    tells much is learnt quickly; what stands everywhere, or was hardly seen, slowly."""
    shares = [
        np.bincount(flat, weights=matter * of, minlength=learnt.SLOTS) / whole + SELDOM / texts
        for of, whole in zip((yes, ~yes), windows, strict=True)
    ]
    told = np.abs(np.log(shares[0] / shares[1]))
    return told / told[flat].mean()


def akin() -> Iterator[tuple[str, tuple[int, int]]]:
    """Each word with its group of like meaning and the wider one."""
    for line in AKIN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            numbers, words = line.split(": ")
            group, wider = map(int, numbers.split())
            for word in words.split():
                yield word, (group, wider)


def _read(text: str) -> str:
    return readings(text, spelling())[-1]


def main() -> None:
    Path(learnt.__file__).with_name("akin.bin").write_bytes(learnt.packed_akin(dict(akin())))
    weights, biases = teach(lessons())
    file = Path(learnt.__file__).with_name("learnt.bin")
    file.write_bytes(learnt.packed(weights, biases))
    print(f"{file}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
