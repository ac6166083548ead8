"""Words as people type them, brought to the form in which they can be compared.

"Bed-wetting", "bedwetting" and "wets the bed" should meet; so should "Logopedy" and "logopeda", "كى" and "کی". Nothing here
knows what a word is about: that is the data's (`meanings.toml`, the areas' `people_say.jsonl`). All of it is plain text in,
plain text out, for any text in any script.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LONGEST = 4000
"""Characters of a message that the search looks at. A question is in its first lines; a pasted report must not cost seconds."""

# Letters that look or sound the same to the person typing, in scripts where Unicode's own folding leaves them apart.
_ALIKE = str.maketrans(
    {
        "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
        "ؤ": "و", "ـ": "", "\u200c": "", "\u200d": "", "\u200b": "", "\ufeff": "", "\u00ad": "",
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'",
    }
)  # fmt: skip
_WORD = re.compile(r"[\w\u0900-\u0dff]+(?:'[\w]+)*")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_VOWEL = re.compile(r"[aeiouy]")


def folded(text: str) -> str:
    """The text in lower case, without accents, control characters or doubled spaces."""
    text = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    # Latin, Greek, Arabic and Cyrillic accents go; the vowel signs of Indian scripts are letters to their readers and stay.
    kept = (sign for sign in text if not unicodedata.combining(sign) or "\u0900" <= sign <= "\u0dff")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in kept).translate(_ALIKE).split())


def words(text: str) -> list[str]:
    """The words of a folded text, apostrophes closed up ("can't" is "cant") and stretched letters let go ("soooo" is "so")."""
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
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


def pieces(word: str) -> Iterator[str]:
    """The three-letter pieces of a word with its edges, by which slips and endings of any language still meet."""
    edged = f"^{word}$"
    for start in range(len(edged) - 2):
        yield edged[start : start + 3]


class Meanings:
    """Words that mean the same to the person asking, read once from `meanings.toml`.

    `same` words keep themselves and gain their meaning ("cab" is also "§transport"). `light` words are everywhere and say
    little about who can help ("son", "please"), so they count for little.
    """

    def __init__(self, file: Path) -> None:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        self._same: dict[tuple[str, ...], list[str]] = {}
        for meaning, phrases in data["same"].items():
            for phrase in phrases:
                self._same.setdefault(tuple(map(stem, words(folded(phrase)))), []).append(f"§{meaning}")
        self._longest = max(map(len, self._same))
        self._light = {stem(word): weight for weight, group in _light(data) for word in group}

    def weight(self, stemmed: str) -> float:
        """How much a word counts: 1 for most, near nothing for "the"."""
        return self._light.get(stemmed, 1.0)

    def of(self, stems: list[str]) -> Iterator[str]:
        """The meanings of every word and run of words."""
        for start in range(len(stems)):
            for end in range(start + 1, min(len(stems), start + self._longest) + 1):
                yield from self._same.get(tuple(stems[start:end]), ())

    def vocabulary(self) -> set[str]:
        return {word for run in self._same for word in run} | set(self._light)


def _light(data: dict[str, dict[str, list[str]]]) -> Iterator[tuple[float, list[str]]]:
    for group, listed in data["light"].items():
        yield (0.0 if group.startswith("empty") else 0.25), [word for line in listed for word in words(folded(line))]
