"""Slips of the thumb and of the ear, mended against the words that we know.

Our own vocabulary is the dictionary: "autisum" becomes "autism" because a card has that word. A word that is no slip
but merely unknown ("Macbeth") should stay as it is, so a mend must be close, and closer for short words.
"""

from bisect import bisect_left
from collections.abc import Iterable
from sys import intern

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .words import stem

_SOUNDS = (
    ("ph", "f"), ("ght", "t"), ("kn", "n"), ("wr", "r"), ("sch", "sk"), ("ck", "k"), ("qu", "kw"), ("x", "ks"),
    ("ci", "si"), ("ce", "se"), ("cy", "sy"), ("c", "k"), ("z", "s"), ("ti", "si"), ("gh", "g"), ("dge", "j"),
    ("y", "i"), ("ou", "o"), ("aw", "o"), ("or", "o"), ("au", "o"), ("ie", "i"), ("ea", "e"), ("ee", "i"), ("oo", "u"),
)  # fmt: skip


class Spelling:
    """Mends words against a vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        known = frozenset(vocabulary)
        # As a dictionary: half of what a set takes.
        self._stems = dict.fromkeys(map(stem, known))
        self._whole = sorted(intern(word) for word in known if len(word) >= 3 and word.isalpha())
        # A three-letter word is one slip from dozens of others: guessing there does more harm than good.
        self._long = [word for word in self._whole if len(word) >= 4]
        self._sounds: dict[str, str] = {}
        for word in self._long:
            self._sounds.setdefault(sound(word), word)
        self._mended: dict[str, tuple[tuple[str, float], ...]] = {}

    def knows(self, word: str) -> bool:
        """Whether the word, or another form of it, is in the vocabulary."""
        return stem(word) in self._stems

    def mend(self, word: str) -> tuple[tuple[str, float], ...]:
        """Words that this one may be, with how sure that is (0 to 1); none when it is known or nothing is near."""
        if self.knows(word) or len(word) < 4 or len(word) > 30 or not word.isalpha():
            return ()
        if word not in self._mended:
            if len(self._mended) > 20_000:
                self._mended.clear()  # a bound on memory, not on quality
            self._mended[word] = self._near(word)
        return self._mended[word]

    def _is_whole(self, word: str) -> bool:
        at = bisect_left(self._whole, word)
        return at < len(self._whole) and self._whole[at] == word

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
        for cut in range(3, len(word) - 2):
            if self._is_whole(word[:cut]) and self._is_whole(word[cut:]):
                return (word[:cut], 0.9), (word[cut:], 0.9)
        slips = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
        near = process.extract(word, self._long, scorer=OSA.distance, score_cutoff=slips, limit=5)
        by_ear = self._sounds.get(sound(word))
        found = {
            other: 1 - distance / (len(word) + 1) - (0.1 if other[0] != word[0] else 0) for other, distance, _ in near
        }
        if by_ear:
            found[by_ear] = max(found.get(by_ear, 0), 0.85)
        best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
        return tuple((other, sure) for other, sure in best if sure >= best[0][1] - 0.02)


def sound(word: str) -> str:
    """A word roughly as it sounds, so that "fisio" meets "physio"."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    short = word[:1] + "".join(sign for sign in word[1:] if sign not in "aeiouh")
    return "".join(sign for place, sign in enumerate(short) if place == 0 or sign != short[place - 1])
