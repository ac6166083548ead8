"""Words as people type them, brought to the form in which they can be compared.

"Bed-wetting", "bedwetting" and "wets the bed" should meet; so should "Logopedy" and "logopeda", "كى" and "کی".
Nothing here knows what a word is about: that is the data's (`meanings.toml`, the areas' `people_say.jsonl`). All of
it is plain text in, plain text out, for any text in any script.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from .glosses import Glosses

LONGEST = 4000
"""Characters that the search looks at. A question is in the first lines; a pasted report must not cost seconds."""

# Letters that look or sound the same to the person typing, in scripts where Unicode's own folding leaves them apart.
_ALIKE = str.maketrans(
    {
        "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه",
        "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ـ": "",
        "\u200c": "", "\u200d": "", "\u200b": "", "\ufeff": "", "\u00ad": "",
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'",
    }
)  # fmt: skip
_MEANINGS = Path(__file__).with_name("meanings.toml")
_WORD = re.compile(r"[\w\u0900-\u0dff]+(?:'[\w]+)*")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_SEVERAL = 3  # words: English that has so many has one that everybody uses
_VOWEL = re.compile(r"[aeiouy]")

_AGES = (("0 to 4", 4), ("5 to 10", 10), ("11 to 15", 15), ("16 to 25", 25), ("over 25", 99))
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_MONTHS, _YEARS = frozenset({"month", "mth", "mo"}), frozenset({"year", "yr", "yo", "yrs", "years"})
_BEFORE_AGE = frozenset(
    {
        "im",
        "is",
        "age",
        "aged",
        "ag",
        "hes",
        "shes",
        "turn",
        "turned",
        "turns",
        "now",
        "just",
        "theyre",
        "nearly",
        "almost",
    }
)


def folded(text: str) -> str:
    """The text in lower case, without accents, control characters or doubled spaces."""
    if text.isascii() and text.isprintable():  # nearly all of English: no need to look at every letter
        return " ".join(text.lower().replace("`", "'").split())
    text = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    # Accents go; the vowel signs of Indian scripts are letters to their readers and stay.
    kept = (sign for sign in text if not unicodedata.combining(sign) or "\u0900" <= sign <= "\u0dff")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in kept).translate(_ALIKE).split())


def words(text: str) -> list[str]:
    """The words of a folded text; apostrophes are closed up ("cant"), stretched letters let go ("soooo" is "so")."""
    return [_STRETCHED.sub(r"\1", word).replace("'", "") for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of an English word without its ending; other words are cut to the part that endings leave alone."""
    if not word.isascii():
        return word
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ment", "ing", "ed", "ly", "er", "al"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and _VOWEL.search(root):
            word = root
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiols":
        word = word[:-1]
    if len(word) > 4 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


def pieces(word: str) -> Iterator[str]:
    """The three-letter pieces of a word with its edges, by which slips and endings of any language still meet."""
    edged = f"^{word}$"
    for start in range(len(edged) - 2):
        yield edged[start : start + 3]


class Meanings:
    """Words that mean the same to the person asking, and how much a word counts, as `meanings.toml` has them.

    A word keeps itself and gains its meanings ("cab" is also "§transport"). Words that everybody uses about everything
    ("son", "please") count for little.
    """

    def __init__(self, file: Path) -> None:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        self._same: dict[tuple[str, ...], list[str]] = {}
        for meaning, phrases in data["same"].items():
            for phrase in phrases:
                self._same.setdefault(tuple(map(stem, words(folded(phrase)))), []).append(meaning)
        self._meaning_weights = {meaning: w for w, listed in data["counts"].values() for meaning in listed}
        self._longest = max(map(len, self._same))
        self._weights = {
            stem(word): weight
            for group, weight in sorted(data["light"].items(), key=lambda pair: -pair[1])
            for word in _listed(data[group].values())
        }
        self._english = frozenset(_listed([data["nothing"]["en"]]))
        self._foreign = {name: frozenset(_listed([lines])) for name, lines in data["nothing_in"].items()}
        self._glosses = Glosses(file.with_name("glosses.toml"), folded)
        self._place = {name: place for place, name in enumerate(self._foreign)}
        self._little_of: dict[str, list[str]] = {}
        for name, little in self._foreign.items():
            for word in little:
                self._little_of.setdefault(word, []).append(name)
        ours = (data["same"].values(), data["little"].values(), data["some"].values(), data["most"].values())
        self._ours = self._english | frozenset(_listed(chain.from_iterable(ours))) | self._glosses.english
        self._ours |= frozenset(file.with_name("everyday_words.txt").read_text(encoding="utf-8").split())

    def weights(self, spelled: Sequence[str], language: str = "") -> dict[str, float]:
        """How much each word counts in this message: 1 for most, 0 for "the" (in a Polish message also for "dla")."""
        silent = self._foreign.get(language or self.language(spelled), frozenset())
        return {word: 0.0 if word in silent else self._weights.get(stem(word), 1.0) for word in spelled}

    def language(self, spelled: Sequence[str]) -> str:
        """A guess at the language of a message in Latin letters, by the words that it has in common with each.

        "en" unless another has two, and more than English has; or one, where no word is ours.
        """
        others = [word for word in spelled if word not in self._ours]
        if not others:
            return "en"
        fewest = 1 if len(others) == len(spelled) > 1 else 2
        theirs = Counter(
            name for word in others for name in self._glosses.languages(word).union(self._little_of.get(word, ()))
        )
        if not theirs:
            return "en"
        english = [word for word in spelled if word in self._english]
        shared = Counter(name for word in english for name in self._little_of.get(word, ()))
        best = max(sorted(theirs), key=lambda name: (theirs[name], shared[name], -self._place.get(name, len(theirs))))
        return best if theirs[best] >= fewest and theirs[best] > len(english) - shared[best] else "en"

    def is_english(self, spelled: Sequence[str]) -> bool:
        """Whether a message may be English: other letters or another language's words say no, and so do several words
        of which we know none."""
        known = len(spelled) < _SEVERAL or not self._ours.isdisjoint(spelled)
        return known and "".join(spelled).isascii() and self.language(spelled) == "en"

    def glossed(self, spelled: Sequence[str], language: str = "") -> list[str]:
        """What words of another language mean in English, as far as we know."""
        language = language or self.language(spelled)
        return [] if language == "en" and "".join(spelled).isascii() else self._glosses.of(spelled, language)

    def of(self, stems: Sequence[str]) -> Iterator[tuple[str, float]]:
        """The meanings of every word and run of words, each with how much it counts."""
        for start in range(len(stems)):
            for end in range(start + 1, min(len(stems), start + self._longest) + 1):
                for meaning in self._same.get(tuple(stems[start:end]), ()):
                    yield f"§{meaning}", self._meaning_weights.get(meaning, 1.0)
        for age in _ages(stems):
            yield next(f"§aged {name}" for name, oldest in _AGES if age <= oldest), 1.0


@cache
def meanings() -> Meanings:
    """Read once for everybody."""
    return Meanings(_MEANINGS)


def vocabulary() -> frozenset[str]:
    """The words that have a meaning or a weight."""
    data = tomllib.loads(_MEANINGS.read_text(encoding="utf-8"))
    return frozenset(_listed([*data["same"].values(), *(w for g in data["light"] for w in data[g].values())]))


def _ages(stems: Sequence[str]) -> Iterator[int]:
    """Ages in years that a message gives: "my 3 year old", "aged 15", "im sixteen"."""
    for place, word in enumerate(stems):
        number = _NUMBERS.get(word) or (int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0)
        if not number:
            continue
        before, after = stems[place - 1] if place else "", stems[place + 1] if place + 1 < len(stems) else ""
        if after in _MONTHS:
            yield number // 12
        elif after in _YEARS or before in _BEFORE_AGE:
            yield number


def _listed(lines: Iterable[list[str]]) -> Iterator[str]:
    for line in lines:
        for text in line:
            yield from words(folded(text))
