"""Phrases that are data (`*.toml`), and where they stand in a text.

A phrase is words with a space between them. Each may be `a|b` (either), `word*` (any word that begins so), `<list>`
(any of the list of that name), `word?` (there or not), `..` (up to three words of the same sentence); `_` within one
stands for a space. A letter may be hidden in a text as people hide it ("sh1t", "f*ck"); letters of other scripts,
signs that nobody sees and accents are brought to one spelling first (`models.personal.letters`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.personal.letters import plain

# What a letter is hidden behind.
_HIDDEN = {"a": "[a@4*]", "e": "[e3*]", "i": "[i1!*]", "o": "[o0*]", "u": "[uv*]", "s": "[s$5]", "t": "[t7+]"}
_BETWEEN = r"[^\w.!?…;:\n۔؟]{1,4}"
_GAP = rf"(?:[^\s.!?…;:\n۔؟]+{_BETWEEN}){{0,3}}?"
_LONGEST = 12_000
_END = r"(?!\w)"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None  # not where this stands right before


@dataclass(frozen=True, slots=True)
class Found:
    name: str
    start: int
    end: int


class Phrases:
    """All rules of a file: lists of words, and each rule with what it says, and before which words it does not."""

    def __init__(self, file: Path) -> None:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        lists: Mapping[str, Sequence[str]] = read.get("lists", {})
        self.rules = tuple(
            Rule(
                rule["name"],
                re.compile("|".join(_pattern(phrase, lists) for phrase in rule["say"])),
                re.compile("(?:" + "|".join(_pattern(phrase, lists) for phrase in rule["unless"]) + rf"){_GAP}$")
                if rule.get("unless")
                else None,
            )
            for rule in read["rule"]
        )

    def found_in(self, text: str) -> Iterator[Found]:
        """Where the rules stand, by the places of the text as it was written."""
        read = plain(text[:_LONGEST])
        small = small_letters(read.text)
        for rule in self.rules:
            for found in rule.pattern.finditer(small):
                before = small[max(0, found.start() - 60) : found.start()]
                if rule.unless is None or rule.unless.search(before) is None:
                    yield Found(rule.name, *read.where(found.start(), found.end()))


def small_letters(text: str) -> str:
    """In small, without accents and apostrophes' kinds, exactly as long as it was."""
    return "".join(map(_small, text))


def _small(sign: str) -> str:
    small = sign.lower()
    if len(small) != 1:
        return sign
    if small == "ł":
        return "l"
    base = unicodedata.normalize("NFD", small)[0]
    return base if base.isascii() else small


def _pattern(phrase: str, lists: Mapping[str, Sequence[str]]) -> str:
    parts: list[str] = []
    for element in phrase.split():
        if element == "..":
            parts.append(_GAP)
            continue
        ways = "|".join(_word(way) for way in _ways(element.rstrip("?"), lists))
        word = rf"(?:{ways}){_END}(?:{_BETWEEN}|$|(?=[.!?…;:\n۔؟]))"
        parts.append(f"(?:{word})?" if element.endswith("?") else word)
    return r"(?<!\w)" + "".join(parts)


def _ways(element: str, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for part in element.split("|"):
        if part.startswith("<"):
            for listed in lists[part[1:-1]]:
                yield from listed.replace(" ", "_").split("|")
        else:
            yield part


def _word(way: str) -> str:
    any_ending = way.endswith("*")
    letters = []
    for sign in small_letters(plain(way.rstrip("*")).text):
        if sign == "_":
            letters.append(_BETWEEN)
        elif sign == "'":
            letters.append("'?")
        else:
            letters.append(_HIDDEN.get(sign, re.escape(sign)))
    return "".join(letters) + (r"\w*" if any_ending else "")
