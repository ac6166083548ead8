"""Which of the choices somebody meant by what they typed.

The label, its number, its emoji, a synonym, the beginning of it, or any of these with a slip: each works like the tap,
in any letter case and in the person's language. Where two choices would fit equally, none is taken: asking again is
cheaper than acting on the wrong answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from locales import spoken

# Below this, “no” would be “now” and “Hyde” would be “hydro”.
CLOSE_ENOUGH = 84
SHORTEST_TO_REPAIR = 4
# In every language that is spoken here, as `plain` leaves them.
NOT = frozenset(
    (
        *("not", "no", "never", "without", "dont", "doesnt", "cant", "cannot", "wont", "isnt"),
        *("nie", "nigdy", "bez"),
        *("نہ", "نہیں", "مت", "بغیر"),
    )
)

# What people put around a name: “I am a parent”, “the second please”. As `plain` leaves them.
AROUND = frozenset(
    (
        *("i", "im", "am", "we", "were", "are", "it", "its", "is", "a", "an", "the", "my", "just", "well", "um", "oh"),
        *("please", "pls", "thanks", "thx", "x", "ja", "jestem", "jesteśmy", "jestesmy", "to", "proszę", "prosze"),
        *("میں", "ہم", "ہوں", "ہیں", "ایک", "جی", "پلیز"),
    )
)
# Who says what they are may say of whom: “I am a mum of two boys”. In so many words, not a story.
OF_WHOM, OF_WHOM_WORDS = frozenset(("of", "to", "for", "with")), 12

# What looks like an answer in English and is the contrary of it in the language being spoken: “no” is how Polish says
# “well, yes”. It stands for neither there: who types it is asked again.
NEITHER = {"pl": frozenset({"no", "no no", "nooo", "noo"})}


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what is kept; `words` are synonyms, in the language being spoken."""

    value: str
    label: str
    words: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Letters and digits only, folded, single spaces: what is left when tiredness and telephones are taken away."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", "")
    kept = (character if unicodedata.category(character)[0] in "LNM" else " " for character in folded)
    return " ".join("".join(kept).split())


def number(text: str) -> int | None:
    """The number that somebody typed, in any script's digits, or None."""
    digits = plain(text)
    try:
        return int("".join(str(unicodedata.digit(character)) for character in digits)) if digits else None
    except ValueError:
        return None


def understand(text: str, choices: Sequence[Choice]) -> Choice | None:
    """The one choice that was meant, or None."""
    said = plain(text)
    position = number(text)
    if position is not None and 1 <= position <= len(choices):
        return choices[position - 1]
    if said in NEITHER.get(spoken(), ()):
        return None
    if not said:
        return _only(choice for choice in choices if _symbols(text) and _symbols(text) in _shown_symbols(choice))
    exact = _only(choice for choice in choices if said in _names(choice))
    if exact is not None:
        return exact
    if len(said) >= 3:
        begun = _only(choice for choice in choices if any(name.startswith(said + " ") for name in _names(choice)))
        if begun is not None:
            return begun
    return _spoken_of(said, choices) or _closest(said, choices) or _closest(_core(said), choices)


def names_one(text: str, choices: Sequence[Choice]) -> bool:
    """Whether this is exactly what one of the choices is called, with no slip to mend."""
    return any(plain(text) in _names(choice) for choice in choices)


def _names(choice: Choice) -> list[str]:
    return [plain(name) for name in (choice.label, choice.value, *choice.words) if plain(name)]


def _spoken_of(said: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice whose name stands there alone, but for what people put around a name."""
    words, core = said.split(), _core(said)
    if not core:
        return None
    named = _only(choice for choice in choices if core in map(_core, _names(choice)))
    if named is None and words[0] in AROUND and len(words) <= OF_WHOM_WORDS and NOT.isdisjoint(words):
        parts = core.split()
        heads = [" ".join(parts[:place]) for place, word in enumerate(parts) if word in OF_WHOM]
        named = _only(choice for choice in choices if not set(heads).isdisjoint(map(_core, _names(choice))))
    return named


def _core(words: str) -> str:
    kept = words.split()
    while kept and kept[0] in AROUND:
        del kept[0]
    while kept and kept[-1] in AROUND:
        del kept[-1]
    return " ".join(kept)


def _symbols(text: str) -> str:
    """The emoji alone, each once, without the marks that only choose its look or the colour of its skin."""
    return "".join(
        character
        for character in dict.fromkeys(text)
        if not character.isspace() and unicodedata.category(character) not in ("Mn", "Sk", "Cf")
    )


def _shown_symbols(choice: Choice) -> str:
    return " ".join(_symbols(name) for name in (choice.label, *choice.words))


def _only(found: Iterable[Choice]) -> Choice | None:
    several = list(found)
    return several[0] if len(several) == 1 else None


def _closest(said: str, choices: Sequence[Choice]) -> Choice | None:
    if len(said) < SHORTEST_TO_REPAIR:
        return None
    scored = sorted(
        ((max((_likeness(said, name) for name in _names(choice)), default=0.0), choice) for choice in choices),
        key=lambda pair: -pair[0],
    )
    if not scored or scored[0][0] < CLOSE_ENOUGH or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return scored[0][1]


def _likeness(said: str, name: str) -> float:
    """0 to 100. A “don't” more or less is no slip: it turns the meaning round."""
    same_sense = NOT.isdisjoint(said.split()) == NOT.isdisjoint(name.split())
    return fuzz.ratio(said, name) if same_sense else 0.0
