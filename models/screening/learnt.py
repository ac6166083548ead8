"""What a small model hears in a text that no rule names: it may raise the level, and take none down.

The model is a sum of weights, one for each word, pair of words, piece of a word, concept (`concepts.toml`) and group of
words of like meaning (`akin.bin`) that stands in a few sentences; `learnt.bin` holds them, and
`tests/bench/teach_screening.py` makes both files again from our own set. It has two answers: how much it reads like
somebody at risk, and how much like danger now. A long text is heard window by window, so that one sentence in the
middle counts as much as a message of its own.
"""

import struct
import tomllib
import zlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from mmap import ACCESS_READ, mmap
from pathlib import Path

from .reading import END, plain
from .rules import Kind

BITS = 19
SLOTS = 1 << BITS
HEADS = 2  # at risk, in danger now
_HERE = Path(__file__).parent
_WEIGHTS = _HERE / "learnt.bin"
_AKIN = _HERE / "akin.bin"
_CJK = 0x3000  # from here on scripts are written without spaces between words
_LONG = 16  # words: of a longer sentence overlapping parts are heard
_PIECES = (3, 4, 5)  # letters
_HELD = 3  # letters: more of the same are a key held down
_NEAR = 5  # words between which two concepts belong together
_MANY = 60  # letters: no word of any language is longer
_BY_CHANCE = 0.5
DAMPED = 20.0  # slots: of a very short text each counts for less, since one word says little
_FAR = 99.0  # from any answer: of a text without words


class Concepts:
    """Which concepts a word belongs to."""

    def __init__(self, path: Path) -> None:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        self.names = tuple(written)
        self.kinds: dict[str, Kind] = {name: about["kind"] for name, about in written.items() if "kind" in about}
        # Thousands of words share some fifty concepts: those of a word are one tuple, the same for all that have them.
        self._whole: dict[str, tuple[str, ...]] = {}
        self._beginnings: dict[str, tuple[str, ...]] = {}
        self._anywhere: list[tuple[str, str]] = []
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for name, about in written.items():
            for word in about["words"]:
                folded = plain(word.rstrip("*"))
                if ord(folded[0]) >= _CJK and ord(folded[0]) < 0xFFFF:
                    self._anywhere.append((folded, name))
                else:
                    known = self._beginnings if word.endswith("*") else self._whole
                    both = (*known.get(folded, ()), name)
                    known[folded] = shared.setdefault(both, both)

    def of(self, word: str) -> tuple[str, ...]:
        found = set(self._whole.get(word, ()))
        for end in range(2, len(word) + 1):
            found.update(self._beginnings.get(word[:end], ()))
        if ord(word[0]) >= _CJK:
            found.update(name for part, name in self._anywhere if part in word)
        return tuple(sorted(found))


CONCEPTS = Concepts(_HERE / "concepts.toml")


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> tuple[str, ...]:
    return CONCEPTS.of(word)


class Akin:
    """To which groups of like meaning some twelve thousand English words belong ("yanked" with "dragged"), so that the
    model knows a word from those that it was taught. A small group and a wider one for each word, six bytes a word."""

    def __init__(self, packed: bytes) -> None:
        count = len(packed) // 6
        self._words = array("I", packed[: 4 * count])
        self._groups, self._wider = packed[4 * count : 5 * count], packed[5 * count :]

    def of(self, word: str) -> tuple[int, int] | None:
        known = zlib.crc32(word.encode("utf-8", "replace"))
        place = bisect_left(self._words, known)
        if place == len(self._words) or self._words[place] != known:
            return None
        return self._groups[place], self._wider[place]


def packed_akin(groups: Mapping[str, tuple[int, int]]) -> bytes:
    """What `Akin` reads."""
    rows = sorted((zlib.crc32(word.encode()), *of) for word, of in groups.items())
    return (
        array("I", (row[0] for row in rows)).tobytes() + bytes(row[1] for row in rows) + bytes(row[2] for row in rows)
    )


@cache
def _akin() -> Akin:
    return Akin(_AKIN.read_bytes())


def akin_to(word: str) -> tuple[int, int] | None:
    return _akin().of(word)


def in_english(read: str) -> bool:
    """Whether most words of a text, read by `readings`, are English ones."""
    words = [word for word in read.split() if len(word) > 1]
    return 2 * sum(akin_to(word) is not None for word in words) >= len(words)


def windows(read: str) -> Iterator[list[str]]:
    """The parts of a text that are heard on their own: each sentence, each with the next, long ones in parts."""
    # One letter held down is no word.
    spoken = ([word for word in part.split() if len(word) <= _HELD or len(set(word)) > 1] for part in read.split(END))
    sentences = [words for words in spoken if words]
    for words in sentences:
        if len(words) <= _LONG:
            yield words
        else:
            for start in range(0, len(words) - _LONG // 2, _LONG // 2):
                yield words[start : start + _LONG]
    for first, second in pairwise(sentences):
        if len(first) + len(second) <= _LONG:
            yield [*first, *second]


def pieces(word: str) -> Iterator[int]:
    """The slots of a word, whole and in pieces; each piece once, so that "xxxxxxxx" weighs no more than "xxx"."""
    word = word[:_MANY]
    yield _slot(f"w {word}")
    if ord(word[0]) >= _CJK:
        for size in (1, 2, 3, 4):
            for start in range(len(word) - size + 1):
                yield _slot(f"p {word[start : start + size]}")
        return
    bounded = f"<{word}>"
    for piece in dict.fromkeys(bounded[at : at + size] for size in _PIECES for at in range(len(bounded) - size + 1)):
        yield _slot(f"p {piece}")
    for name in concepts_of(word):
        yield _slot(f"c {name}")
    if (group := akin_to(word)) is not None:
        yield _slot(f"g {group[0]}")
        yield _slot(f"G {group[1]}")


def together(words: list[str]) -> Iterator[int]:
    """The slots of what stands together: neighbours, words with one between them, concepts near to each other."""
    bounded = ["^", *words, "$"]
    for place, word in enumerate(bounded):
        for after in bounded[place + 1 : place + 2]:
            yield _slot(f"2 {word} {after}")
        for after in bounded[place + 2 : place + 3]:
            yield _slot(f"3 {word} {after}")
    yield from _akin_together(words)
    named = [concepts_of(word) for word in words]
    seen: set[str] = set()
    for place, names in enumerate(named):
        for name in names:
            for near in named[place : place + _NEAR + 1]:
                seen.update(f"4 {name} {other}" for other in near if other != name or near is not names)
            for after in words[place + 1 : place + 2]:
                seen.add(f"5 {name} {after}")
            for before in words[max(0, place - 1) : place]:
                seen.add(f"6 {before} {name}")
    for pair in sorted(seen):
        yield _slot(pair)


def _akin_together(words: list[str]) -> Iterator[int]:
    groups = [akin_to(word) for word in words]
    for place, group in enumerate(groups):
        if group is None:
            continue
        for near in groups[place + 1 : place + 3]:
            if near is not None:
                yield _slot(f"7 {group[0]} {near[0]}")
                yield _slot(f"8 {group[1]} {near[1]}")
        for after in words[place + 1 : place + 2]:
            yield _slot(f"9 {group[0]} {after}")
        for before in words[max(0, place - 1) : place]:
            yield _slot(f"0 {before} {group[0]}")


def _slot(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "replace")) & (SLOTS - 1)


def _known(word: str) -> bool:
    """Whether one word alone can say anything: "hmm" and "blimfark" cannot; three letters that can have a rule."""
    return not word.isascii() or (len(word) > _HELD and (bool(concepts_of(word)) or akin_to(word) is not None))


class Model:
    """The weights, a byte each, and what they are to be multiplied by. They stay where they are given: in the file."""

    def __init__(self, packed: bytes | mmap) -> None:
        self._scales = struct.unpack_from(f"<{HEADS}f", packed)
        self._biases = struct.unpack_from(f"<{HEADS}f", packed, 4 * HEADS)
        weights = memoryview(packed)[8 * HEADS :].cast("b")
        self._risk, self._danger = weights[:SLOTS], weights[SLOTS:]
        self._word = lru_cache(maxsize=20_000)(self._of_word)

    def heard(self, read: str) -> tuple[float, float]:
        """How much a text, read by `readings`, is like somebody at risk and like danger now; above 0 is likely."""
        risk, danger = -_FAR, -_FAR
        heard = [words for words in windows(read) if len(words) > 1 or _known(words[0])]
        # The more windows, the likelier one of them sounds bad by chance; what sounds very bad is heard all the same.
        chance = min(1.0, _BY_CHANCE * log(max(1, len(heard))))
        for words in heard:
            sums = [self._word(word) for word in words]
            slots = list(together(words))
            root = (DAMPED + sum(count for count, _, _ in sums) + len(slots)) ** 0.5
            of_risk = sum(of for _, of, _ in sums) + sum(map(self._risk.__getitem__, slots))
            of_danger = sum(of for _, _, of in sums) + sum(map(self._danger.__getitem__, slots))
            risk = max(risk, of_risk * self._scales[0] / root + self._biases[0])
            danger = max(danger, of_danger * self._scales[1] / root + self._biases[1])
        return risk - chance, danger - chance

    def _of_word(self, word: str) -> tuple[int, int, int]:
        slots = list(pieces(word))
        return (
            len(slots),
            sum(map(self._risk.__getitem__, slots)),
            sum(map(self._danger.__getitem__, slots)),
        )


def packed(weights: Sequence[Sequence[float]], biases: Sequence[float]) -> bytes:
    """What `Model` reads: for each head its weights, as bytes."""
    scales = [max(map(abs, head)) / 127 or 1.0 for head in weights]
    small = array("b", (round(weight / scale) for head, scale in zip(weights, scales, strict=True) for weight in head))
    return struct.pack(f"<{2 * HEADS}f", *scales, *biases) + small.tobytes()


@cache
def model() -> Model:
    with _WEIGHTS.open("rb") as file:
        return Model(mmap(file.fileno(), 0, access=ACCESS_READ))


def kind_of(read: str) -> Kind:
    """The kind of danger that most of the words of a text are about."""
    votes = Counter(
        CONCEPTS.kinds[name] for word in set(read.split()) for name in concepts_of(word) if name in CONCEPTS.kinds
    )
    return votes.most_common(1)[0][0] if votes else "worry"
