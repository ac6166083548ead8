"""What a family needs, from the words they have: learnt beforehand from the questions in `areas/england/asked.toml`.

The search in index.py knows the words that stand on a card. This knows how people ask: for every need there are
questions as families put them, and from these `tests/bench/learn.py` has learnt how much each word, pair of words and
part of a word speaks for each need (softmax regression: one number a word and need, nothing hidden). The numbers are
in `needs.weights`; reading them is all that the program does, without any library, in half a megabyte. A part of a
word is known by its checksum, so no word stands in that file. "None of these" is one of the needs: the weather is
nobody's here.
"""

from __future__ import annotations

import mmap
import re
import tomllib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from math import exp, sqrt
from operator import mul
from pathlib import Path
from zlib import crc32

from .cards import NATIONAL, contacts_of_kind
from .words import Meanings, stem

BUCKETS = 1 << 16
"""Where the weights of a sign are kept, by its checksum. Two signs in one bucket are rare enough to do no harm."""
NONE = "none of these"
DANGER = "somebody in danger"
BACKGROUND = "background"
"""What families tell around their question. It is learnt beside the needs and never answered."""
WEIGHTS = Path(__file__).with_name("needs.weights")
_LEAST = 0.15  # "who", "my" and "not" say little about the need, but not nothing
_PARTS = 0.7  # how much parts of words count beside whole ones
_GLOSSED = 1.0  # how much the English meaning of another language's words counts beside the words themselves
_PART_LENGTHS = (3, 4, 5)
_SHORT_LENGTHS = (1, 2, 3)  # where no spaces stand between words, and one sign is often a word
_HAN = re.compile("[\u3400-\u9fff]")
_LATER = (1.0, 0.6, 0.42, 0.3, 0.2, 0.15, 0.1)  # of a need, for the second and third whom to ask
_MET = (0.8, 0.5, 0.3)  # how likely the first, second, third whom to ask is one that a family would have accepted
_LANE = 4  # bytes
_ZERO = 128  # stands for no weight, so that no lane is ever below nothing
_FINE = 1 << 13  # steps in which a sign's strength is counted; the longest message stays far below a lane's end
_ROWS = 4096  # kept ready, half a kilobyte each
_SHORT = 3  # words: less is no sentence that says what somebody needs


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody may need: its name, and the contacts to ask in this area.

    Each contact has its place, 0 for the best. Services of one kind (a family hub in each town) share a place: the
    words decide between them.
    """

    name: str
    contacts: Mapping[str, int]


def load_needs(areas_folder: Path, area: str) -> tuple[Need, ...]:
    """The needs that England's file lists, with whom to ask about each in this area.

    None where there is no such file: the search then goes by the cards alone. Raises `ValueError` for a `who` that is
    neither a contact nor a kind of service.
    """
    file = areas_folder / NATIONAL / "needs.toml"
    if not file.exists():
        return ()
    own_file = areas_folder / area / "needs.toml"
    here = {}
    if area != NATIONAL and own_file.exists():
        here = tomllib.loads(own_file.read_text(encoding="utf-8")).get("who", {})
    kinds = contacts_of_kind(areas_folder, area)
    return tuple(
        Need(name=row["name"], contacts=_places(here.get(row["name"], row["who"]), kinds))
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["need"]
    )


def _places(who: Iterable[str], kinds: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Ids of contacts with their places; a kind of service stands for the area's services of that kind."""
    places: dict[str, int] = {}
    for place, name in enumerate(dict.fromkeys(who)):
        for contact in kinds.get(name, (name,)):
            places.setdefault(contact, place)
    return places


def load_asked(areas_folder: Path) -> dict[str, tuple[str, ...]]:
    """How people put each need, in all languages. Only the learning reads it: the program has the weights."""
    asked = tomllib.loads((areas_folder / NATIONAL / "asked.toml").read_text(encoding="utf-8"))
    return {
        name: tuple(line for lines in by_language.values() for line in lines.split("\n") if line)
        for name, by_language in asked.items()
    }


def digest(asked: Mapping[str, Iterable[str]], elsewhere: Iterable[str]) -> bytes:
    """What the weights were learnt from: they are out of date when it is another."""
    told = "\n".join([*(f"{name}\n" + "\n".join(lines) for name, lines in asked.items()), *elsewhere])
    return sha256(told.encode()).digest()


def signs(spelled: Sequence[str], meanings: Meanings, language: str = "") -> dict[int, float]:
    """What a run of words shows (stems, pairs of them, meanings, parts of words), by bucket, and how strongly."""
    language = language or meanings.language(spelled)
    found = _shown(spelled, meanings, language)
    if glossed := meanings.glossed(spelled, language):
        for bucket, strong in _shown(glossed, meanings, "en").items():
            found[bucket] = found.get(bucket, 0.0) + _GLOSSED * strong
    return found


def _shown(spelled: Sequence[str], meanings: Meanings, language: str) -> dict[int, float]:
    weights = {word: max(weight, _LEAST) for word, weight in meanings.weights(spelled, language).items()}
    stems = [stem(word) for word in spelled]
    whole: dict[int, float] = {}
    parts: dict[int, float] = {}
    for word, stemmed in zip(spelled, stems, strict=True):
        weight = weights[word]
        _raise(whole, _bucket("w" + stemmed), weight)
        for bucket in _parts_of(word):
            if parts.get(bucket, 0.0) < weight:
                parts[bucket] = weight
    for place in range(len(stems) - 1):
        both = max(_LEAST, (weights[spelled[place]] + weights[spelled[place + 1]]) / 2)
        _raise(whole, _bucket(f"b{stems[place]} {stems[place + 1]}"), 0.8 * both)
    for meaning, counts in meanings.of(stems):
        whole[_bucket("m" + meaning)] = 0.8 * counts
    found: dict[int, float] = {}
    for group, share in ((whole, 1.0), (parts, _PARTS)):
        size: float = sqrt(sum(strong * strong for strong in group.values())) or 1.0
        for bucket, strong in group.items():
            found[bucket] = found.get(bucket, 0.0) + share * strong / size
    return found


def _raise(found: dict[int, float], bucket: int, weight: float) -> None:
    found[bucket] = max(weight, found.get(bucket, 0.0))


def _bucket(sign: str) -> int:
    return crc32(sign.encode("utf-8", "surrogatepass")) % BUCKETS


@lru_cache(maxsize=4096)
def _parts_of(word: str) -> tuple[int, ...]:
    """The buckets of the parts of a word."""
    edged = f"^{word}$"
    return tuple(
        _bucket("c" + edged[start : start + length])
        for length in (_SHORT_LENGTHS if _HAN.match(word) else _PART_LENGTHS)
        for start in range(len(edged) - length + 1)
    )


class Learnt:
    """The weights, as `tests/bench/learn.py` wrote them."""

    def __init__(self, file: Path = WEIGHTS) -> None:
        self._file = file
        # Mapped, not read: of 1.7 MB only what is asked for comes into memory, once for all processes.
        with file.open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        header = mapped[: mapped.find(b"\n\n")]
        body = memoryview(mapped)[len(header) + 2 :]
        first, self._often, *names = header.decode().split("\n")
        digest_hex, scale, entries = first.split()
        self.digest = bytes.fromhex(digest_hex)
        self.names = tuple(names)
        self._scale = float(scale)
        self._always = array("f")
        self._always.frombytes(body[: 4 * len(names)])
        body = body[4 * len(names) :]
        self._starts = body[: 4 * (BUCKETS + 1)].cast("I")
        body = body[4 * (BUCKETS + 1) :]
        self._needs = body[: int(entries)]
        self._weights = body[int(entries) :].cast("b")
        self._bare = bytes((_ZERO, *bytes(_LANE - 1))) * len(names)
        self._rows: dict[int, int] = {}

    def __reduce__(self) -> tuple[Callable[[Path], Learnt], tuple[Path]]:
        return learnt, (self._file,)

    @property
    def often_asked(self) -> frozenset[str]:
        return frozenset(self._often.split())

    def shares(self, found: Mapping[int, float]) -> list[float]:
        """How likely each need is, in the order of `names`; they sum to 1."""
        lanes, strengths = 0, 0
        for bucket, strength in found.items():
            strong = round(strength * _FINE)
            strengths += strong
            lanes += strong * self._row(bucket)
        summed = array("I")
        summed.frombytes(lanes.to_bytes(_LANE * len(self.names), "little"))
        scale, zero = self._scale / _FINE, _ZERO * strengths
        totals = [always + scale * (lane - zero) for always, lane in zip(self._always, summed, strict=True)]
        most = max(totals)
        raised = [exp(total - most) for total in totals]
        whole = sum(raised)
        return [one / whole for one in raised]

    def _row(self, bucket: int) -> int:
        """The weights of a bucket side by side in one long number, a lane of 32 bits for each need: to multiply and add
        such numbers is to do it for all the needs at once."""
        if (known := self._rows.get(bucket)) is not None:
            return known
        if len(self._rows) >= _ROWS:
            self._rows.clear()
        row = bytearray(self._bare)
        for entry in range(self._starts[bucket], self._starts[bucket + 1]):
            row[_LANE * self._needs[entry]] = self._weights[entry] + _ZERO
        self._rows[bucket] = made = int.from_bytes(row, "little")
        return made


def agreed(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """What two looks agree on: their geometric mean, summing to 1."""
    both = {name: sqrt(share * other[name]) for name, share in one.items()}
    whole = sum(both.values()) or 1.0
    return {name: share / whole for name, share in both.items()}


@cache
def learnt(file: Path = WEIGHTS) -> Learnt:
    """Opened once for all finders: nothing in it is one area's."""
    return Learnt(file)


class Sensed:
    """The needs of one area: how likely each is for a question, and what that says of each contact."""

    def __init__(self, needs: Iterable[Need], meanings: Meanings) -> None:
        self._meanings = meanings
        self._learnt = learnt()
        by_name = {need.name: need.contacts for need in needs}
        self._contacts = {name: by_name.get(name, {}) for name in self._learnt.names if name != BACKGROUND}
        self._background = self._learnt.names.index(BACKGROUND)

    @property
    def often_asked(self) -> frozenset[str]:
        return self._learnt.often_asked

    def needs(self, sentences: Sequence[Sequence[str]], places: Iterable[int]) -> dict[str, float]:
        """How likely each need is. In a story the sentences in these places are heard by themselves as well: one may
        hold the question. A sentence that is background counts by what is left of it."""
        whole = [word for spelled in sentences for word in spelled]
        language = self._meanings.language(whole)
        shares = self._learnt.shares(signs(whole, self._meanings, language))
        alone = [spelled for place in places if len(spelled := sentences[place]) >= _SHORT]
        if len(sentences) > 1 and alone:
            each = [self._learnt.shares(signs(spelled, self._meanings, language)) for spelled in alone]
            telling = [1 - one[self._background] for one in each]
            columns = list(zip(*each, strict=True))
            mean = self._ours([sum(map(mul, column, telling)) for column in columns])
            most = self._ours([max(column) for column in columns])
            shares = [
                0.5 * all_of_it + 0.25 * usual + 0.25 * high
                for all_of_it, usual, high in zip(shares, mean, most, strict=True)
            ]
        found = dict(zip(self._learnt.names, self._ours(shares), strict=True))
        del found[BACKGROUND]
        return found

    def _ours(self, shares: list[float]) -> list[float]:
        """The shares without the background's, summing to 1 again."""
        shares[self._background] = 0.0
        whole = sum(shares) or 1.0
        return [share / whole for share in shares]

    def contacts_of(self, needs: Mapping[str, float]) -> dict[str, float]:
        """How much the needs (of `ours`) speak for each contact, 0 to about 1."""
        found: dict[str, float] = {}
        for name, share in needs.items():
            for contact, place in self._contacts[name].items():
                found[contact] = found.get(contact, 0.0) + share * _LATER[min(place, len(_LATER) - 1)]
        return found

    @staticmethod
    def ours(needs: Mapping[str, float]) -> dict[str, float]:
        """The needs that somebody here is for, and their shares of each other."""
        ours = {name: share for name, share in needs.items() if name not in {NONE, DANGER}}
        whole = sum(ours.values())
        return {name: share / whole for name, share in ours.items()} if whole > 0 else {}

    def without(self, needs: Mapping[str, float], contact: str) -> dict[str, float]:
        """What is left of the needs where this contact is named already."""
        return {
            name: share * (1 - _MET[min(places[contact], len(_MET) - 1)]) if contact in (places := self._contacts[name])
            else share
            for name, share in needs.items()
        }  # fmt: skip
