"""Words as they are typed in fear, in haste or so that a filter will not see them, brought to plain words.

`readings(text, words)` gives the text as it stands and, where something was hidden or slipped ("k1ll", "s*icide",
"d i e", "sucidal"), once more with that undone. Both are screened, so that undoing can only add an alarm.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

END = "¶"
"""Stands between sentences, so that no rule reaches from one into the next."""

# Signs that mean danger by themselves or beside a word, and those that take the edge off one.
_SIGNS = "🔪🩸😭😢💔💀🔫💊🆘🪢⚰🪦🧨🔥🍆😂🤣😅😉❤🥰👍🙂🙃☠🗡💉👊🚨"
_ALIKE = str.maketrans(
    {
        "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه", "ۀ": "ه",
        "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ـ": "",
        "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u00ad": "", "\ufe0f": "",
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'",
    }
)  # fmt: skip
_STOPS = re.compile(r"[.!?…;\n؟।۔]+(?=\s|$)|\n+")
_MARKS = re.compile(rf"[^\w\s{_SIGNS}\u0900-\u0dff{END}]|_")
_SIGN = re.compile(f"([{_SIGNS}])")
# Letters one by one: "k i l l", "k.m.s", "d-i-e"; two spaces end a word.
_SPELLED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*/]){2,}[^\W\d_](?![^\W_])")
_LEET = str.maketrans(
    {"4": "a", "@": "a", "3": "e", "€": "e", "1": "i", "!": "i", "0": "o", "5": "s", "$": "s", "7": "t"}
)
_HIDES = re.compile(r"[^\W\d_].*[0-9@$€!*#]|[0-9@$€!*#].*[^\W\d_]")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_SHORTEST_SLIP = 5  # letters: in shorter words one slip makes too many other words
_LONG_WORD = 8  # letters: from here on two slips are forgiven
_LONGEST_WORD = 40  # letters: what is longer is no word with a slip, and looking for one would take a second


class Spelling:
    """The words that rules are made of, and how slips and disguises find back to them."""

    def __init__(self, words: Iterable[str], mended: Iterable[str], everyday: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._everyday = frozenset(everyday)
        # Apart by spaces: a set for each of 6,000 keys took a megabyte more.
        self._near: dict[str, str] = {}
        for word in mended:
            for key in _without_one(word):
                self._near[key] = f"{near} {word}" if (near := self._near.get(key)) else word
        self._remembered = lru_cache(maxsize=20_000)(self._mend)

    def mend(self, word: str) -> str:
        """The word that a typed one was meant for; the same word when it is a word, or like none."""
        if len(word) > _LONGEST_WORD:
            word = _STRETCHED.sub(r"\1\1\1", word)
        return word if len(word) > _LONGEST_WORD else self._remembered(word)

    def _mend(self, word: str) -> str:
        if word in self._words or word in self._everyday:
            return word
        if _STRETCHED.search(word):
            for kept in (r"\1\1", r"\1"):
                shorter = _STRETCHED.sub(kept, word)
                if shorter in self._words:
                    return shorter
        if len(word) < _SHORTEST_SLIP - 1 or not word.isascii() or not word.isalpha():
            return word
        nearest = sorted(
            (OSA.distance(word, near), near) for key in _without_one(word) for near in self._near.get(key, "").split()
        )
        allowed = 2 if len(word) >= _LONG_WORD else 1
        return nearest[0][1] if nearest and nearest[0][0] <= allowed else word

    def uncover(self, typed: str) -> str:
        """A word written with digits or symbols in the place of letters; the same when it hides none of our words."""
        bare = typed.strip(".,;:?\"'()")
        if len(bare) > _LONGEST_WORD * 3 or not _HIDES.search(bare):
            return typed
        for candidate in (bare, bare.rstrip("!*")):
            for letters in (candidate, candidate.replace("1", "l")):
                if (plain := letters.translate(_LEET)) in self._words:
                    return plain
                if (mended := self.mend(plain.replace("*", "").replace("#", ""))) in self._words:
                    return mended
        return typed


def readings(text: str, spelling: Spelling) -> tuple[str, ...]:
    """The text as plain words with a space on either side, and as it reads with slips and disguises undone."""
    typed = _folded(text)
    plain = _plain(typed)
    uncovered = " ".join(spelling.uncover(word) for word in _SPELLED_OUT.sub(_joined, typed).split(" "))
    mended = " ".join(["", *map(spelling.mend, _plain(uncovered).split()), ""])
    return (plain,) if mended == plain else (plain, mended)


def plain(text: str) -> str:
    """A phrase of a rule as it would stand in a text."""
    return _plain(_folded(text)).strip()


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    # Accents go; the vowel signs of Indian scripts are letters to their readers and stay.
    kept = (sign for sign in folded if not unicodedata.combining(sign) or "\u0900" <= sign <= "\u0dff")
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in kept).translate(_ALIKE)


def _plain(folded: str) -> str:
    ended = _STOPS.sub(f" {END} ", folded.replace("'", "").replace("-", " "))
    return " ".join(["", *_SIGN.sub(r" \1 ", _MARKS.sub(" ", ended)).split(), ""])


def _joined(spelled_out: re.Match[str]) -> str:
    return re.sub(r"[ .\-_*/]", "", spelled_out.group())


def _without_one(word: str) -> Iterable[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
