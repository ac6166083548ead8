"""Scores every card for a question.

Three looks at the same words, added up, because each misses what another sees:
- all the words of the card together (BM25 over stems and meanings): what is this card about?
- the one phrase of the card that is nearest: somebody put it just like this;
- three-letter pieces: slips, and the endings of languages that have more of them than English.
Built once, in memory, from what the cards say; a question then costs a few thousand additions.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from .words import Meanings, folded, pieces, stem, words

Phrase = tuple[float, str]
"""How much a text of a card counts (1 for what people say), and the text."""

_BEGINNING = 5
"""Letters that words of one family share where their endings differ: "szkoła, szkole", "occupation, occupational"."""

_LOOKED_AT = 12  # sentences
_WHOLE = 0.85  # of a phrase and of what was asked, from which on they are the same


@dataclass(frozen=True, slots=True)
class Tuning:
    """How much each look counts. Chosen on the questions in tests/bench; the figures move little around these."""

    saturation: float = 3.0  # how soon a word said often on a card stops counting more
    length: float = 0.2  # how much a card with many words is held back
    card: float = 1.0
    phrase: float = 1.6
    pieces: float = 6.0
    meaning: float = 0.9
    beginning: float = 0.35
    diluted: float = 25.0  # words and meanings from which on a story weakens each of its words
    exact: float = 0.5  # more for what is said word for word on a card: "DLA"
    narrow: float = 0.5  # of the nearest phrase: how much of it depends on its share of what was asked


class Rarities:
    """How much each feature says about which card is meant. `rows`: its place in all that is known of it; one
    dictionary for everything, because each takes half a megabyte."""

    def __init__(self, rarity: Mapping[str, float]) -> None:
        self.rows = {feature: row for row, feature in enumerate(rarity)}
        self._each = array("d", rarity.values())

    def of(self, feature: str, otherwise: float = 0.0) -> float:
        row = self.rows.get(feature)
        return otherwise if row is None else self._each[row]


class Postings:
    """For each feature where it stands and what that is worth, in three flat arrays: lists took ten times as much."""

    def __init__(self, rows: Mapping[str, int], listed: Mapping[str, Sequence[tuple[int, float]]]) -> None:
        self._rows = rows
        self._starts, self._places, self._worths = array("I", [0]), array("I"), array("f")
        for feature in rows:
            found = listed.get(feature, ())
            self._places.extend(place for place, _ in found)
            self._worths.extend(worth for _, worth in found)
            self._starts.append(len(self._places))

    def of(self, feature: str) -> Iterable[tuple[int, float]]:
        row = self._rows.get(feature)
        if row is None:
            return ()
        start, end = self._starts[row], self._starts[row + 1]
        return zip(self._places[start:end], self._worths[start:end], strict=True)


class Index:
    """An index over documents, each a list of weighted phrases. `scores` answers in the order of the documents."""

    def __init__(self, documents: Sequence[Sequence[Phrase]], meanings: Meanings, tuning: Tuning | None = None) -> None:
        self._meanings = meanings
        self._tuning = tuning or Tuning()
        self._count = len(documents)
        totals: list[dict[str, float]] = []
        parts: list[dict[str, float]] = []
        phrases: list[tuple[int, float, dict[str, float]]] = []
        for number, document in enumerate(documents):
            totals.append(defaultdict(float))
            parts.append(defaultdict(float))
            for weight, text in document:
                spelled = words(folded(text))
                weights = meanings.weights(spelled)
                features = self.features(spelled, weights)
                phrases.append((number, weight, features))
                for feature, share in features.items():
                    totals[-1][feature] += weight * share
                for word in spelled:
                    for piece in pieces(word):
                        parts[-1][piece] += weight * weights[word]
        self._rarity = Rarities(_rarities(totals))
        self._words = self._postings(totals)
        self._piece_rarity = Rarities({piece: log(1 + self._count / n) for piece, n in _spread(parts).items()})
        self._parts = self._piece_postings(parts)
        # Of each phrase its document, its weight, and what the whole of it is worth.
        self._document_of, self._weight_of, self._whole_of = array("I"), array("d"), array("d")
        self._phrases = self._phrase_postings(phrases)

    def features(self, spelled: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
        """The stems, beginnings and meanings in a run of words, each with its weight."""
        stems = [stem(word) for word in spelled]
        found: dict[str, float] = {}
        for word, stemmed in zip(spelled, stems, strict=True):
            weight = weights[word]
            if weight:
                found[stemmed] = max(found.get(stemmed, 0.0), weight)
                if len(word) > _BEGINNING:
                    beginning = word[:_BEGINNING] + "~"
                    found[beginning] = max(found.get(beginning, 0.0), weight * self._tuning.beginning)
        for meaning, counts in self._meanings.of(stems):
            found[meaning] = self._tuning.meaning * counts
        return found

    def _postings(self, totals: Sequence[Mapping[str, float]]) -> Postings:
        tuning = self._tuning
        sizes = [sum(total.values()) for total in totals]
        mean = sum(sizes) / max(1, len(sizes)) or 1.0
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, total in enumerate(totals):
            longer = 1 - tuning.length + tuning.length * sizes[number] / mean
            for feature, often in total.items():
                rarely = self._rarity.of(feature)
                score = rarely * often * (tuning.saturation + 1) / (often + tuning.saturation * longer)
                postings[feature].append((number, score))
        return Postings(self._rarity.rows, postings)

    def _piece_postings(self, parts: Sequence[Mapping[str, float]]) -> Postings:
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, part in enumerate(parts):
            weights = {piece: log(1 + often) * self._piece_rarity.of(piece) for piece, often in part.items()}
            length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for piece, weight in weights.items():
                postings[piece].append((number, weight / length))
        return Postings(self._piece_rarity.rows, postings)

    def _phrase_postings(self, phrases: Sequence[tuple[int, float, dict[str, float]]]) -> Postings:
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, weight, features in phrases:
            whole = sum(share * self._rarity.of(feature) for feature, share in features.items())
            if whole:
                for feature, share in features.items():
                    postings[feature].append((len(self._whole_of), share * self._rarity.of(feature)))
                self._document_of.append(number)
                self._weight_of.append(weight)
                self._whole_of.append(whole)
        return Postings(self._rarity.rows, postings)

    def scores(self, sentences: Sequence[Mapping[str, float]]) -> list[float]:
        """A score for each document, 0 where nothing is shared. `sentences`: the words of each and how they count."""
        tuning = self._tuning
        result = [0.0] * self._count
        whole: dict[str, float] = {}
        for sentence in sentences:
            for feature, share in self.features(list(sentence), sentence).items():
                whole[feature] = max(share, whole.get(feature, 0.0))
        # Long stories hold many words that belong to the story and not to the question.
        dilution = 1 / max(1.0, len(whole) / tuning.diluted) ** 0.5
        for feature, share in whole.items():
            for number, score in self._words.of(feature):
                result[number] += tuning.card * dilution * share * score
        for number, score in enumerate(self.nearest(sentences)):
            result[number] += tuning.phrase * score
        for number, score in self._shared_pieces(sentences).items():
            result[number] += tuning.pieces * score
        return result

    def nearest(self, sentences: Sequence[Mapping[str, float]]) -> list[float]:
        """For each document, how near its nearest phrase is; a second sentence that meets one adds a little."""
        result = [0.0] * self._count
        for sentence in map(sentences.__getitem__, self.telling(sentences)):
            for number, score in self._nearest_phrases(self.features(list(sentence), sentence)).items():
                result[number] = max(score, result[number]) + 0.3 * min(score, result[number])
        return result

    def telling(self, sentences: Sequence[Mapping[str, float]]) -> list[int]:
        """The places of the sentences that say most in words of ours: of a long story not every one is looked at."""
        places = range(len(sentences))
        if len(sentences) <= _LOOKED_AT:
            return list(places)
        says = [sum(share * self._rarity.of(stem(word)) for word, share in each.items()) for each in sentences]
        return sorted(sorted(places, key=lambda place: -says[place])[:_LOOKED_AT])

    def unknown(self, spelled: Sequence[str]) -> float:
        """The share (0 to 1) of what was said that stands in no document."""
        weights, known = self._meanings.weights(spelled), self._rarity.rows
        whole = sum(weights.values())
        return sum(weight for word, weight in weights.items() if stem(word) not in known) / whole if whole else 0.0

    def _nearest_phrases(self, features: Mapping[str, float]) -> dict[int, float]:
        matched: dict[int, float] = defaultdict(float)
        wanted = 0.0
        for feature, share in features.items():
            wanted += share * self._rarity.of(feature, 3.0)
            for phrase, worth in self._phrases.of(feature):
                matched[phrase] += worth if share > 0.9 else share * worth
        best: dict[int, float] = {}
        narrow = self._tuning.narrow
        for phrase, worth in matched.items():
            number, whole = self._document_of[phrase], self._whole_of[phrase]
            score = self._weight_of[phrase] * worth * (worth / whole) * (1 - narrow + narrow * min(1.0, worth / wanted))
            if worth > _WHOLE * max(whole, wanted):
                score *= 1 + self._tuning.exact
            if score > best.get(number, 0.0):
                best[number] = score
        return best

    def _shared_pieces(self, sentences: Sequence[Mapping[str, float]]) -> dict[int, float]:
        asked: dict[str, float] = defaultdict(float)
        for sentence in sentences:
            for word, weight in sentence.items():
                if weight > 0:
                    for piece in pieces(word):
                        asked[piece] += weight * self._piece_rarity.of(piece)
        length = sqrt(sum(weight * weight for weight in asked.values())) or 1.0
        shared: dict[int, float] = defaultdict(float)
        for piece, weight in asked.items():
            for number, score in self._parts.of(piece):
                shared[number] += weight * score / length
        return shared


def _spread(totals: Sequence[Mapping[str, float]]) -> Counter[str]:
    seen: Counter[str] = Counter()
    for total in totals:
        seen.update(total.keys())
    return seen


def _rarities(totals: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Words that few cards have say most about which card is meant."""
    return {feature: log(1 + (len(totals) - n + 0.5) / (n + 0.5)) for feature, n in _spread(totals).items()}
