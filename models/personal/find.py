"""One text in, its marks out; and the text with plain words in their place. Pure: no database, no network, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from locales import _

from .letters import plain
from .marks import Kind, Mark, in_words
from .names import names
from .numbers import dates, emails, links, numbers
from .places import addresses, schools

_BESIDE_A_NAME = re.compile(r"[\s,(:;\-]{0,4}(?:aged? \d{1,2}[\s,(]{0,2})?")
# A long text is read in pieces, cut between words, so that no pattern goes over all of it.
_PIECE = 4000


def personal_data(text: str) -> list[Mark]:
    """What in a text could lead to a person, in order, not overlapping. For any text; never raises."""
    read = plain(text)
    marks: list[Mark] = []
    for offset, piece in _pieces(read.text):
        for kind, start, end in _apart(_found(piece), piece):
            marks.append(Mark(kind, *read.where(start + offset, end + offset)))
    return marks


def masked(text: str, allowed: Collection[str] = frozenset()) -> str:
    """The text with a plain word in brackets for each mark, in the language being spoken. What stands in `allowed`
    exactly as it is written in the text was looked at by a person, and stays."""
    parts: list[str] = []
    done = 0
    for mark in personal_data(text):
        if text[mark.start : mark.end] in allowed:
            continue
        parts += [text[done : mark.start], _("[{what}]", what=in_words(mark.kind))]
        done = mark.end
    return "".join([*parts, text[done:]])


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > _PIECE:
        cut = max(text.rfind("\n", start, start + _PIECE), text.rfind(". ", start, start + _PIECE))
        if cut <= start + _PIECE // 2:
            cut = text.rfind(" ", start + _PIECE // 2, start + _PIECE)
        if cut <= start:
            cut = start + _PIECE - 1
        yield start, text[start : cut + 1]
        start = cut + 1
    yield start, text[start:]


def _found(text: str) -> Iterator[tuple[Kind, int, int]]:
    """The surest first: what comes later gets what is left."""
    small = (
        "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
        if not text.isascii()
        else text.lower()
    )
    yield from emails(text)
    yield from links(text)
    yield from numbers(text)
    yield from addresses(text)
    yield from schools(text, small)
    named = list(names(text, small))
    yield from named
    for start, end in dates(text) if named else ():
        if any(
            0 <= start - name_end <= 20 and _BESIDE_A_NAME.fullmatch(text, name_end, start)
            for _kind, _start, name_end in named
        ):
            yield Kind.BIRTH, start, end


def _apart(found: Iterator[tuple[Kind, int, int]], text: str) -> list[tuple[Kind, int, int]]:
    """Without overlaps: each stretch keeps what no earlier one has taken."""
    taken: list[tuple[Kind, int, int]] = []
    for kind, start, end in found:
        for free in _free(start, end, taken):
            free_start, free_end = _trimmed(text, *free)
            if any(sign.isalnum() for sign in text[free_start:free_end]):
                taken.append((kind, free_start, free_end))
    return sorted(taken, key=lambda stretch: stretch[1])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum() and text[start] not in "+(@":
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _free(start: int, end: int, taken: list[tuple[Kind, int, int]]) -> list[tuple[int, int]]:
    free = [(start, end)]
    for _kind, from_, to in taken:
        free = [
            part
            for free_start, free_end in free
            for part in ((free_start, min(free_end, from_)), (max(free_start, to), free_end))
            if part[0] < part[1]
        ]
    return free
