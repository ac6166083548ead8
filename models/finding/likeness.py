"""How alike two questions are, and the phrases that staff gave to a card while the program runs.

A learnt phrase counts only for who asks nearly the same as a whole: what they share is held against all that both of
them say. So one bad word cannot pull other questions to a card, and many phrases on one card do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .words import LONGEST, folded, meanings, pieces, stem, words

Signs = Mapping[str, float]

# From which on two questions ask for the same; below this nothing is learnt of the other.
ALIKE = 0.6
# From which on a learnt phrase answers by itself, also what would have been refused.
PLAINLY = 0.8
# All the pieces of a word together, for slips; beside them the word itself, and what it means.
_PIECES = 0.7
_MEANING = 0.6


def signs(text: str) -> Signs:
    """What a question says, each with how much it counts: its words, what they mean, and their pieces."""
    spelled = words(folded(text[:LONGEST]))
    weights = meanings().weights(spelled)
    if not any(weights.values()):
        weights = dict.fromkeys(spelled, 1.0)
    found: dict[str, float] = {}
    for word in spelled:
        if weights[word]:
            found[stem(word)] = weights[word]
            shares = list(pieces(word))
            for piece in shares:
                found[f"~{piece}"] = max(_PIECES * weights[word] / len(shares), found.get(f"~{piece}", 0.0))
    for meaning, counts in meanings().of([stem(word) for word in spelled]):
        found[meaning] = _MEANING * counts
    return found


def likeness(one: Signs, other: Signs) -> float:
    """From 0, nothing in common, to 1, the same: what both say, of all that the two say (Dice)."""
    fewer, more = (one, other) if len(one) < len(other) else (other, one)
    shared = sum(min(weight, more[sign]) for sign, weight in fewer.items() if sign in more)
    whole = sum(one.values()) + sum(other.values())
    return 2 * shared / whole if whole else 0.0


def says(text: str) -> int:
    """How many words in it are more than "who", "my" and "child"."""
    return sum(weight >= 0.4 for weight in meanings().weights(words(folded(text[:LONGEST]))).values())


@dataclass(frozen=True)
class Learnt:
    """Phrases with the contact that each is for. `version` says which rows it was made of."""

    version: object = None
    phrases: tuple[tuple[str, Signs], ...] = ()
    by_sign: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, version: object, rows: Iterable[tuple[str, str]]) -> Learnt:
        """From rows of contact and phrase."""
        phrases = tuple((contact, signs(text)) for contact, text in rows)
        by_sign: dict[str, list[int]] = {}
        for place, (_contact, said) in enumerate(phrases):
            for sign in said:
                by_sign.setdefault(sign, []).append(place)
        return cls(version, phrases, {sign: tuple(places) for sign, places in by_sign.items()})

    def contacts(self, text: str) -> dict[str, float]:
        """How nearly each contact was given this question: only those that were given one like it."""
        if not self.phrases:
            return {}
        asked = signs(text)
        shared: dict[int, float] = {}
        for sign, weight in asked.items():
            for place in self.by_sign.get(sign, ()):
                shared[place] = shared.get(place, 0.0) + min(weight, self.phrases[place][1][sign])
        whole = sum(asked.values())
        found: dict[str, float] = {}
        for place, both in shared.items():
            contact, said = self.phrases[place]
            alike = 2 * both / (whole + sum(said.values()))
            if alike >= ALIKE:
                found[contact] = max(alike, found.get(contact, 0.0))
        return found


NOTHING_LEARNT = Learnt()
