"""A text in the letters that the rules know, and where each of them stood.

Full-width and Arabic-Indic digits, letters that only look like ours, hyphens and spaces of all kinds, signs that
nobody sees: all of it is brought to one spelling, so that a number cannot hide in it. Accents stay: in Polish they
make another word. `Plain.where` leads back to the text as it was written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ALIKE = str.maketrans(
    {
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹣": "-",
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "і": "i", "ј": "j", "ѕ": "s",
        "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "Х": "X",
        "І": "I", "Ј": "J", "Ѕ": "S", "Α": "A", "Β": "B", "Ε": "E", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N",
        "Ο": "O", "Ρ": "P", "Τ": "T", "Χ": "X", "Ζ": "Z", "ο": "o", "ι": "i",
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ۃ": "ہ", "ھ": "ہ", "ۂ": "ہ", "ۀ": "ہ",
        "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و",
    }
)  # fmt: skip
_UNSEEN = frozenset("\u00ad\u0640\ufe0e\ufe0f\u20e3")  # soft hyphen, tatweel, how a sign is drawn, a key's frame
_INDIC = range(0x0900, 0x0E00)  # vowel signs that are letters to their readers


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` in known letters; its i-th stood at `at[i]` of the original (None: both are the same)."""

    text: str
    at: list[int] | None
    length: int

    def where(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text stands in the original, with the unseen signs inside it."""
        if self.at is None:
            return start, end
        following = self.at[end] if end < len(self.at) else self.length
        return self.at[start], max(following, self.at[end - 1] + 1)


def plain(text: str) -> Plain:
    if text.isascii():
        return Plain(text, None, len(text))
    letters: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        if sign.isascii():
            letters.append(sign)
            at.append(place)
            continue
        if unicodedata.combining(sign) and ord(sign) not in _INDIC:
            _compose(letters, sign)
            continue
        for letter in _known(sign):
            letters.append(letter)
            at.append(place)
    return Plain("".join(letters), at, len(text))


def _compose(letters: list[str], accent: str) -> None:
    """Put an accent that stands by itself onto the letter before it; one that fits none is left out."""
    if letters:
        composed = unicodedata.normalize("NFC", letters[-1] + accent).translate(_ALIKE)
        if len(composed) == 1:
            letters[-1] = composed


def _known(sign: str) -> str:
    if sign in _UNSEEN or unicodedata.category(sign) == "Cf":
        return ""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    if sign.isspace():
        return "\n" if sign in "\u2028\u2029\u0085" else " "
    letters = unicodedata.normalize("NFKC", sign).translate(_ALIKE)
    return "".join(letter for letter in letters if not unicodedata.combining(letter) or ord(letter) in _INDIC)
