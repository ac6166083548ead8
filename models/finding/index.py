"""Scores every card for a question.

Three looks at the same words, added up, because each misses what another sees:
- all the words of the card together (BM25 over stems and meanings): what is this card about?
- the one phrase of the card that is nearest: somebody put it just like this;
- three-letter pieces: slips, and the endings of languages that have more of them than English.
Built once, in memory, from what the cards say; a question then costs a few thousand additions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt

from .words import Meanings, folded, pieces, stem, words

Phrase = tuple[float, str]
"""How much a text of a card counts (1 for what people say), and the text."""

Features = Mapping[str, float]

# Tuned together on the questions in tests/bench (kept-apart halves); see there for the figures.
_SATURATION, _LENGTH = 2.0, 0.35
_CARD, _PHRASE, _PIECES = 1.0, 1.6, 1.2
_MEANING = 0.6


class Index:
    """An index over documents, each a list of weighted phrases. `scores` answers in the order of the documents."""

    def __init__(self, documents: Sequence[Sequence[Phrase]], meanings: Meanings) -> None:
        self._meanings = meanings
        self._count = len(documents)
        self.vocabulary: Counter[str] = Counter()
        totals: list[Counter[str]] = []
        phrases: list[tuple[int, float, dict[str, float]]] = []
        parts: list[Counter[str]] = []
        for number, document in enumerate(documents):
            total: Counter[str] = Counter()
            part: Counter[str] = Counter()
            for weight, text in document:
                spelled = words(folded(text))
                self.vocabulary.update(spelled)
                features = self.features({word: 1.0 for word in spelled}, spelled)
                for feature, share in features.items():
                    total[feature] += weight * share  # type: ignore[assignment]  # Counter holds fractions as well
                phrases.append((number, weight, features))
                for word in spelled:
                    if meanings.weight(stem(word)) == 1.0:
                        for piece in pieces(word):
                            part[piece] += weight  # type: ignore[assignment]
            totals.append(total)
            parts.append(part)
        self._rarity = self._rarities(totals)
        self._words = self._postings(totals)
        self._parts = self._piece_postings(parts)
        self._phrases, self._phrase_of = self._phrase_postings(phrases)

    def features(self, sureness: Mapping[str, float], order: Sequence[str]) -> dict[str, float]:
        """The stems and meanings in a run of words, each with its weight (`sureness`: how sure we are of a mended word)."""
        stems = [stem(word) for word in order]
        found: dict[str, float] = {}
        for word, stemmed in zip(order, stems, strict=True):
            weight = self._meanings.weight(stemmed) * sureness.get(word, 1.0)
            if weight:
                found[stemmed] = max(found.get(stemmed, 0.0), weight)
        for meaning in self._meanings.of(stems):
            found[meaning] = _MEANING
        return found

    def _rarities(self, totals: Sequence[Counter[str]]) -> dict[str, float]:
        """Words that few cards have say most about which card is meant."""
        seen: Counter[str] = Counter()
        for total in totals:
            seen.update(total.keys())
        return {feature: log(1 + (self._count - n + 0.5) / (n + 0.5)) for feature, n in seen.items()}

    def _postings(self, totals: Sequence[Counter[str]]) -> dict[str, list[tuple[int, float]]]:
        sizes = [sum(total.values()) for total in totals]
        mean = sum(sizes) / max(1, len(sizes)) or 1.0
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, total in enumerate(totals):
            longer = 1 - _LENGTH + _LENGTH * sizes[number] / mean
            for feature, often in total.items():
                score = self._rarity[feature] * often * (_SATURATION + 1) / (often + _SATURATION * longer)
                postings[feature].append((number, score))
        return dict(postings)

    def _piece_postings(self, parts: Sequence[Counter[str]]) -> dict[str, list[tuple[int, float]]]:
        seen: Counter[str] = Counter()
        for part in parts:
            seen.update(part.keys())
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._piece_rarity = {piece: log(1 + self._count / n) for piece, n in seen.items()}
        for number, part in enumerate(parts):
            weights = {piece: log(1 + often) * self._piece_rarity[piece] for piece, often in part.items()}
            length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for piece, weight in weights.items():
                postings[piece].append((number, weight / length))
        return dict(postings)

    def _phrase_postings(
        self, phrases: Iterable[tuple[int, float, dict[str, float]]]
    ) -> tuple[dict[str, list[tuple[int, float]]], list[tuple[int, float, float]]]:
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        of: list[tuple[int, float, float]] = []
        for number, weight, features in phrases:
            whole = sum(share * self._rarity[feature] for feature, share in features.items())
            if whole:
                for feature, share in features.items():
                    postings[feature].append((len(of), share * self._rarity[feature]))
                of.append((number, weight, whole))
        return dict(postings), of

    def scores(self, spelled: Sequence[str], sureness: Mapping[str, float]) -> list[float]:
        """A score for each document; 0 where nothing is shared. About 1 per shared word of middling rarity."""
        features = self.features(sureness, spelled)
        result = [0.0] * self._count
        for feature, share in features.items():
            for number, score in self._words.get(feature, ()):
                result[number] += _CARD * share * score
        wanted = sum(share * self._rarity.get(feature, 3.0) for feature, share in features.items()) or 1.0
        for number, score in self._nearest_phrases(features, wanted).items():
            result[number] += _PHRASE * score
        for number, score in self._shared_pieces(spelled).items():
            result[number] += _PIECES * score
        return result

    def _nearest_phrases(self, features: Features, wanted: float) -> dict[int, float]:
        matched: dict[int, float] = defaultdict(float)
        for feature, share in features.items():
            for phrase, worth in self._phrases.get(feature, ()):
                matched[phrase] += share * worth
        best: dict[int, float] = {}
        for phrase, worth in matched.items():
            number, weight, whole = self._phrase_of[phrase]
            score = weight * worth * (worth / whole) * (0.5 + 0.5 * min(1.0, worth / wanted))
            if score > best.get(number, 0.0):
                best[number] = score
        return best

    def _shared_pieces(self, spelled: Sequence[str]) -> dict[int, float]:
        asked: Counter[str] = Counter()
        for word in spelled:
            if self._meanings.weight(stem(word)) == 1.0:
                asked.update(pieces(word))
        length = sqrt(sum((n * self._piece_rarity.get(piece, 0.0)) ** 2 for piece, n in asked.items())) or 1.0
        shared: dict[int, float] = defaultdict(float)
        for piece, n in asked.items():
            weight = n * self._piece_rarity.get(piece, 0.0) / length
            for number, score in self._parts.get(piece, ()):
                shared[number] += weight * score
        return {number: 10 * score for number, score in shared.items()}
