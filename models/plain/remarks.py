"""What would make a text of staff plainer, said before it goes out (H4).

A remark is advice: the writer decides. It says which words it is about, and what to write instead where we know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from locales import _
from models.area.facts import Term
from models.plain.reading import reading_age, sentences, words
from models.plain.words import AT_ONCE, CERTAIN, DONE_BY_NOBODY, KNOWN_TO_ALL, SECRET, SOME_DAY, STIFF

# The age that every text aims at (DESIGN 10), and the longest sentence that is read in one go.
AIM = 9
LONGEST_SENTENCE = 20

# A word of capitals, such as EHCP or PfA; one with a single capital is a name.
CAPITALS = re.compile(r"\b[A-Z]{2,}s?\b|\b[A-Z][a-z][A-Z]\b")
# "We cannot guarantee", "this is not confidential": the warning already stands there.
DENIED = re.compile(r"(\bnot|\bcannot|\bnever|\bno|\bnothing|n['’]t|\bwithout)\s+(\S+\s+){0,3}$", re.IGNORECASE)


class RemarkKind(StrEnum):
    """What a remark is about."""

    JARGON = "jargon"
    SHORT_FORM = "short form"
    STIFF = "stiff"
    PASSIVE = "passive"
    LONG_SENTENCE = "long sentence"
    READING_AGE = "reading age"
    PROMISE = "promise"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that could be plainer: the words it is about, and a sentence that says so to the writer."""

    kind: RemarkKind
    words: str
    text: str


def check(text: str, glossary: Iterable[Term] = (), *, aim: int = AIM) -> list[Remark]:
    """What could be plainer in an English text; the gravest first, each thing once. `aim` is an age in years.

    The sentences come in the language being spoken. An empty list means that nothing was found, not that all is well.
    """
    terms = tuple(glossary)
    found = [
        *_promises(text),
        *_short_forms(text, terms),
        *_jargon(text, terms),
        *_stiff(text),
        *_passive(text),
        *_long_sentences(text),
        *_reading_age(text, aim),
    ]
    return list(dict.fromkeys(found))


def _promises(text: str) -> Iterator[Remark]:
    for phrases, said in (
        (CERTAIN, _("Can you be sure of “{words}”? Say what you will do, and by which day.")),
        (SECRET, _("Do not say “{words}”. Say who will see it.")),
        (AT_ONCE, _("Will it be “{words}”, at night too? Say when, or who to ring.")),
        (SOME_DAY, _("“{words}” tells people no day. Say which day.")),
    ):
        for match in _any_of(phrases).finditer(text):
            if not DENIED.search(text[: match.start()]):
                yield Remark(RemarkKind.PROMISE, match[0], said.format(words=match[0]))


def _short_forms(text: str, terms: Sequence[Term]) -> Iterator[Remark]:
    known = {form: term for term in terms for form in (term.term, *term.also) if _is_short_form(form)}
    plain_words = {form for form, term in known.items() if term.say_instead}
    for short in dict.fromkeys(_short_forms_in(text, known)):
        if short in KNOWN_TO_ALL or short in plain_words or _explained(text, short, known.get(short)):
            continue
        term = known.get(short) or known.get(short.removesuffix("s"))
        if term is not None and term.stands_for:
            full = term.stands_for
            said = _("Not all know “{short}”. The first time, write “{full} ({short})”.", short=short, full=full)
        elif term is not None:
            said = _("Not all know “{short}”. Say what it is: {meaning}", short=short, meaning=term.meaning)
        else:
            said = _("Not all know “{short}”. Write it in full the first time.", short=short)
        yield Remark(RemarkKind.SHORT_FORM, short, said)


def _short_forms_in(text: str, known: Iterable[str]) -> Iterator[str]:
    for sentence in sentences(text):
        # WHERE ALL IS WRITTEN LIKE THIS, capitals mark no short form; only those of the glossary are told.
        shouted = sum(word.isupper() for word in words(sentence)) * 2 > len(words(sentence)) > 2
        if not shouted:
            yield from CAPITALS.findall(sentence)
        for form in known:
            if re.search(rf"(?<!\w){re.escape(form)}(?!\w)", sentence):
                yield form


def _is_short_form(form: str) -> bool:
    return " " not in form and sum(letter.isupper() for letter in form) > 1


def _explained(text: str, short: str, term: Term | None) -> bool:
    """Whether its full words stand in the text, or a bracket beside it says more."""
    if term is not None and term.stands_for and term.stands_for.casefold() in text.casefold():
        return True
    return bool(re.search(rf"\({re.escape(short)}\)|\b{re.escape(short)} \([^)]+ [^)]+\)", text))


def _jargon(text: str, terms: Sequence[Term]) -> Iterator[Remark]:
    instead = {form: term.say_instead for term in terms if term.say_instead for form in (term.term, *term.also)}
    for match in _spans(text, instead):
        plain = (
            instead.get(match[0]) or {form.casefold(): plain for form, plain in instead.items()}[match[0].casefold()]
        )
        if plain.casefold() != match[0].casefold():
            said = _("For “{words}”, say “{plain}”.", words=match[0], plain=plain)
            yield Remark(RemarkKind.JARGON, match[0], said)


def _stiff(text: str) -> Iterator[Remark]:
    for match in _any_of(tuple(STIFF)).finditer(text):
        plain = STIFF[match[0].casefold()]
        said = _("For “{words}”, say “{plain}”.", words=match[0], plain=plain)
        yield Remark(RemarkKind.STIFF, match[0], said)


def _passive(text: str) -> Iterator[Remark]:
    done = "|".join(sorted(DONE_BY_NOBODY, key=len, reverse=True))
    helping = r"(?:(?:will|can|must|should|may|has|have|to)\s+)?(?:is|are|was|were|be|been|being)"
    pattern = rf"\b{helping}\s+(?:\w+ly\s+)?(?:{done})\b(?!\s+by\b)"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        said = _("“{words}”: say who does it, such as “we”.", words=match[0])
        yield Remark(RemarkKind.PASSIVE, match[0], said)


def _long_sentences(text: str) -> Iterator[Remark]:
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > LONGEST_SENTENCE:
            start = " ".join(sentence.split()[:5])
            said = _("“{start} …” has {count} words. Make it two sentences.", start=start, count=count)
            yield Remark(RemarkKind.LONG_SENTENCE, sentence, said)


def _reading_age(text: str, aim: int) -> Iterator[Remark]:
    age = round(reading_age(text))
    if age > aim:
        said = _(
            "You have to be about {age} to read this with ease. Aim for {aim}: shorter words and sentences.",
            age=age,
            aim=aim,
        )
        yield Remark(RemarkKind.READING_AGE, "", said)


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One of these phrases, the longest that fits, in any letter case."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _spans(text: str, forms: Iterable[str]) -> Iterator[re.Match[str]]:
    """Where these forms stand. One of capitals only counts in capitals: "HI" is a short form, "hi" is a greeting."""
    everyday = tuple(form for form in forms if not form.isupper())
    capitals = [form for form in forms if form.isupper()]
    if everyday:
        yield from _any_of(everyday).finditer(text)
    for form in capitals:
        yield from re.finditer(rf"\b{re.escape(form)}\b", text)
