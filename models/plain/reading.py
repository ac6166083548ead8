"""The reading age of an English text, by the Flesch-Kincaid grade level plus five years.

    grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59

(Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas", US Navy research branch report 8-75,
1975.) A school grade in the United States begins at age grade + 5. The formula knows how long sentences and words are,
not whether they make sense: it finds what is too hard, and proves nothing about what is not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.plain.words import SYLLABLES

# Children begin to read at about five; the formula goes on below that.
YOUNGEST = 5.0
# One long word makes half of a label. A text shorter than this is judged as if words of everyday length filled it up:
# running speech to families has about 1.3 syllables a word.
FEW_WORDS = 12
EVERYDAY_SYLLABLES = 1.3

# What is read at a glance, not spelled out: an address, a number, a place that will be filled in.
AT_A_GLANCE = re.compile(r"\{\w+\}|https?://\S+|www\.\S+|\S+@\S+\.\w+|£?\d[\d .,:/-]*\d|£?\d")
# Full stops that end no sentence.
SHORT_FORMS = re.compile(r"\b(e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|vs)\.(?=\s+\S)", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def sentences(text: str) -> list[str]:
    """The text's sentences. A line of its own, such as a point of a list, is one."""
    joined = SHORT_FORMS.sub(lambda found: found[1].replace(".", ""), text)
    return [part.strip() for part in SENTENCE_END.split(joined) if words(part)]


def words(text: str) -> list[str]:
    """The text's words. A number, an address or a place to be filled counts as one short word."""
    return WORD.findall(AT_A_GLANCE.sub(" x ", text))


def reading_age(text: str) -> float:
    """The age in years at which a text reads with ease: 5.0 for the easiest, and for none at all."""
    count = len(words(text))
    if not count:
        return YOUNGEST
    sounds = sum(syllables(word) for word in words(text))
    missing = max(0, FEW_WORDS - count)
    sounds_a_word = (sounds + missing * EVERYDAY_SYLLABLES) / (count + missing)
    grade = 0.39 * count / len(sentences(text)) + 11.8 * sounds_a_word - 15.59
    return max(YOUNGEST, grade + 5)


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """How many syllables an English word has, by its spelling; at least one. A short form is spelled: EHCP has four."""
    if word.casefold() in SYLLABLES:
        return SYLLABLES[word.casefold()]
    if 1 < len(word) <= 5 and word.isupper():
        return len(word)
    return sum(_syllables_of_part(part) for part in re.split(r"[-–]", word.casefold()) if part) or 1


def _syllables_of_part(part: str) -> int:
    part = re.sub(r"['’](s|re|ll|m|d)?$", "", part).replace("’", "'")
    if part in SYLLABLES:
        return SYLLABLES[part]
    if part.endswith("n't"):
        # "did-n't" is two, "don't" and "aren't" are one.
        return _syllables_of_part(part[:-3]) + (part[:-3] in {"did", "could", "would", "should", "does", "is", "has"})
    for ending in ("s", "'s", "es", "ed", "d", "ing", "ly", "ful", "ment", "ments"):
        if part.endswith(ending) and (whole := part[: -len(ending)]) in SYLLABLES:
            sounded = ending in {"ing", "ly", "ful", "ment", "ments"} or (ending == "ed" and whole[-1] in "td")
            return SYLLABLES[whole] + sounded
    return max(1, len(re.findall(r"[aeiouy]+", part)) - _silent(part) + _split(part))


def _silent(part: str) -> int:
    """Vowels that are written and not said."""
    silent = 0
    if re.search(r"[^aeiouy]e$", part) and not re.search(r"[^aeiouyl]le$", part):
        silent += 1
    elif re.search(r"[^aeiouytd]ed$", part) or re.search(r"[^aeiouysxzcg]es$", part):
        # "asked", "comes"; but "wanted", "places", "wishes" and "disabled" sound it.
        silent += not re.search(r"[cs]hes$|[^aeiouyl]l(es|ed)$", part)
    # The e before an ending: "care-ful", "safe-ly", "move-ment".
    silent += len(re.findall(r"[aeiouy][^aeiouyl]+e(?=(ful|less|ly|ness|ment|some|thing|times?|where|body)s?)", part))
    return silent


def _split(part: str) -> int:
    """Vowels that stand together and are said apart."""
    apart = len(re.findall(r"i(a(?!ge)|o(?![un])|um|en(?![dec]))|(?<![tscgxh])ion|[rvbd]ious|eo(?![pu])", part))
    apart += len(re.findall(r"ying|uing|uition|(?<!q)u(a[lt]|en[ct])", part))
    # "special", "social", "patient": the i only softens what stands before it.
    apart -= len(re.findall(r"[ct]i(a|en)", part))
    return apart + part.endswith(("ism", "isms"))
