"""Finds whom to ask, and says what kind of message it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .cards import NATIONAL, Card
from .index import Index
from .spelling import Spelling
from .words import LONGEST, Meanings, folded, stem, words

Route = Literal["contact", "feedback", "help", "none"]
_HERE = Path(__file__).parent
_FIELDS = {"people_say": 1.0, "plain_name": 1.0, "helps_with": 0.8, "name": 0.8, "who_for": 0.2}
_MOST = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What a message is (`route`), which contacts fit it (ids, best first, at most ten), and whether we are `sure`."""

    route: Route
    contacts: tuple[str, ...]
    sure: bool


class Finder:
    """Answers "who do I ask?" for one area, from its own cards and those of all England."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = tuple(cards)
        self._meanings = Meanings(_HERE / "meanings.toml")
        self._index = Index([_phrases(card) for card in self._cards], self._meanings)
        self._spelling = Spelling(set(self._index.vocabulary) | self._meanings.vocabulary())

    def find(self, words_typed: str, *, young: bool = False) -> Found:
        """Never raises, whatever the text. `young`: the person told us that they are a young person themselves."""
        spelled = words(folded(words_typed[:LONGEST]))
        ranked = self._ranked(spelled)
        if not ranked:
            return Found("none", (), sure=False)
        return Found("contact", tuple(card.id for _, card in ranked[:_MOST]), sure=False)

    def _ranked(self, spelled: list[str]) -> list[tuple[float, Card]]:
        order: list[str] = []
        sureness: dict[str, float] = {}
        for word in spelled:
            mended = () if stem(word) in self._spelling._known else self._spelling.mend(word)
            for other, sure in mended:
                order.append(other)
                sureness[other] = max(sure, sureness.get(other, 0.0))
            if not mended:
                order.append(word)
        scores = self._index.scores(order, sureness)
        ranked = [
            (score * (1.0 if card.area == NATIONAL else 1.1), card)
            for score, card in zip(scores, self._cards, strict=True)
            if score > 0
        ]
        return sorted(ranked, key=lambda pair: (-pair[0], pair[1].id))


def _phrases(card: Card) -> list[tuple[float, str]]:
    texts = [(_FIELDS["people_say"], text) for text in card.people_say]
    texts += [(_FIELDS["helps_with"], text) for text in card.helps_with]
    return [
        *texts,
        (_FIELDS["plain_name"], card.plain_name),
        (_FIELDS["name"], card.name),
        (_FIELDS["who_for"], card.who_for),
    ]
