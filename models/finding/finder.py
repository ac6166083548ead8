"""Finds whom to ask, and says what kind of message it was.

The order of the questions matters. Is somebody in danger? Then whom to ring, whatever else the message holds. Is it
anything that people here can help with? Is it a report of how things went? Whatever remains looks for a contact, and
so does every report: a family that tells of the late taxi may want its number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from models.screening import screen

from .cards import NATIONAL, Card
from .danger import Ring, plainest
from .index import Index, Phrase
from .known import NOTHING_KNOWN, Known, known_from
from .likeness import NOTHING_LEARNT, PLAINLY, Learnt
from .needs import DANGER, NONE, Need, Sensed, agreed
from .routing import Sounds
from .spelling import Spelling
from .words import LONGEST, folded, meanings, vocabulary, words

Weighed = dict[str, float]
"""The words of a sentence, each with how much it counts."""
Route = Literal["contact", "feedback", "help", "none"]
_HERE = Path(__file__).parent
_FIELDS = {"people_say": 1.0, "plain_name": 1.0, "helps_with": 0.9, "name": 0.9, "who_for": 0.2}
_MOST = 10
_SHOWN = 3
_LOCAL = 1.2
# Scores: a phrase found whole is 15 and more, one shared word of middling rarity about 4.
_FAINT = 2.0
_STRONG = 14.0
_ELSEWHERE = 0.45  # of the best card's score: what "not for us" must reach when its phrases are the nearer ones
_ELSEWHERE_FOREIGN = 1.2
_NOBODYS_A_WORD = 0.04  # of "none of these" among the needs, for each word: the more is told, the likelier it is ours
_NOBODYS_BESIDE = 0.65  # of the plainest need
_NOBODYS_FOREIGN = 0.1
_NOBODYS_STORY = 0.75
_SURELY_NOBODYS = 0.85  # then nothing of ours is missing: it goes on no list of gaps
_PERHAPS_NOBODYS = 0.1
_BESIDE_A_NEED = 0.6  # of the plainest need: what "none of these" must have to be thought of
_PLAIN_NEED = 0.45
_PLAINLY_ASKED = 0.7
_NO_DANGER = 0.02  # of danger among the needs
_TOLD_NEED = 0.15  # of the plainest need in a story, and twice what danger has
_GLOSSED = 0.8  # how much an English word counts that is what another language's word means
_WORDS = 0.4  # how much the words on a card count beside the need
_WORDS_LATER = 0.3  # and for the second and third
_LONG = 15  # words: a story this long is hardly ever about the weather
_ENOUGH = 100  # words: among so many a slip hardly counts, and a second look would take long
_MOSTLY = 0.6  # of the words that count
_PLAINLY_TOLD = 2.0
_CLOSE = 0.85
_QUESTION = re.compile(r"(?:what|whats|will|who|whos|when|where|which|how|is|are|do|does|did|can|have|should|would)\b")
_NEARLY_EVEN = 0.8  # of the best score: what the second has when a question to the family is worth a tap
_NOT_YET = 0.5  # likeness that does not count yet; at 0.9 what was taught weighs as much as the best card
_TAUGHT = 2.5
_YOUNG = re.compile(
    r"\b(?:im|i am) (?:9|1[0-9]|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|in year \w+)\b"
    r"|\bmy (?:mum|mam|dad|mom|parents|teachers?|stepdad|stepmum|mates?|nan|foster carers?)\b|\bat my school\b"
)
_FOR_YOUNG = re.compile(r"\b(?:children|young|pupils|young people|under 19s|under-18s)\b", re.IGNORECASE)
_ONLY_YOUNG = re.compile(r"^young (?:people|carers)\b|^children and young people under 19$")
_FOR_GROWN = re.compile(r"\b(?:parents?|adults?|families|worried about)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?;,؟۔।\n]+|\b(?:and|but|so|because|cos|then)\b")
_FEWEST = 4  # words in a sentence that is looked at by itself


@dataclass(frozen=True, slots=True)
class Found:
    """What a message is (`route`), which contacts fit it (ids, best first, at most ten), and whether we are `sure`.

    `close`: the two contacts between which the words do not decide. `need`: what the family plainly needs, by its name
    in needs.toml; empty where that is not plain.
    """

    route: Route
    contacts: tuple[str, ...]
    sure: bool
    close: tuple[str, str] | None = None
    need: str = ""


class Finder:
    """Answers "who do I ask?" for one area, from its own cards and those of all England."""

    # What staff taught it since it was built; put in whole, so that whoever is searching meanwhile sees old or new.
    learnt: Learnt = NOTHING_LEARNT

    def __init__(self, cards: Iterable[Card], needs: Iterable[Need] = ()) -> None:
        self._cards = tuple(cards)
        self._meanings = meanings()
        needs = tuple(needs)
        self._sensed = Sensed(needs, self._meanings) if needs else None
        elsewhere = [(1.0, line) for line in _lines(_HERE / "elsewhere.txt")]
        self._index = Index([*map(_phrases, self._cards), elsewhere], self._meanings)
        often_asked = self._sensed.often_asked if self._sensed else frozenset[str]()
        self._spelling = Spelling(self._english_words(elsewhere) | often_asked)
        self._ring = Ring(self._cards)
        self._sounds = Sounds()
        # What people say is in the index now.
        self._cards = tuple(replace(card, people_say=()) for card in self._cards)

    def _english_words(self, elsewhere: list[Phrase]) -> set[str]:
        """The words that a slip may have been meant for: ours, and ordinary ones, which are then left alone."""
        known = set(vocabulary())
        known.update(word for line in _lines(_HERE / "everyday_words.txt") for word in line.split())
        for phrases in (*map(_phrases, self._cards), elsewhere):
            for spelled in (words(folded(text)) for _, text in phrases):
                if self._meanings.language(spelled) == "en":
                    known.update(spelled)
        return known

    def learn(self, learnt: Learnt) -> None:
        """Know these phrases from now on, and no others beside what the cards say."""
        self.learnt = learnt

    def find(self, words: str, *, young: bool = False, known: Known = NOTHING_KNOWN) -> Found:
        """Never raises, whatever the words. `young`: the person told us that they are a young person themselves;
        `known`: what they said before of their child, which counts where these words say nothing of it."""
        screened = screen(words)
        spelled = _sentences(folded(words[:LONGEST]))
        every_word = [word for sentence in spelled for word in sentence]
        language, english = self._meanings.language(every_word), self._meanings.is_english(every_word)
        mended = [self._weighed(sentence, language, english=english) for sentence in spelled]
        needs = self._needs(spelled, mended)
        sentences = [self._with_glosses(sentence, language) for sentence in mended] if not english else mended
        by_words, elsewhere = self._by_words(
            sentences, young=young or _YOUNG.search(plainest(words[:LONGEST])) is not None
        )
        ranked = self._with_needs(by_words, needs)
        known = known_from(words).or_else(known)
        if known:
            ranked = _best_first([(score * known.leaning(card), card) for score, card in ranked])
        taught = self.learnt.contacts(words)
        ranked = self._with_taught(ranked, taught)
        if screened.level == "red":
            ring = self._ring.order(screened.kinds, words, young=young)
            others = [card.id for _, card in ranked if card.id not in ring]
            # Nothing takes an alarm back, but it may be a false one ("my tablets make me feel weird"): whom the words
            # ask for stands before the numbers where nothing else in them speaks of danger.
            plain_letters = not any(sign.isalpha() for sign in words if not sign.isascii())
            plainly = plain_letters and self._asks_plainly(sentences, needs, others[:1], by_words, english=english)
            # What only the model hears is told to staff (handlers/danger.py); a question that is plain is answered all
            # the same, and no other is refused or sent to whoever sounds most like it.
            if screened.named or not (plainly or _plain_need(needs)):
                asked_for = others[:1] if plainly else []
                rest = others[len(asked_for) :]
                return Found("help", (*asked_for, *ring, *rest)[:_MOST], sure=True)
        best, next_best = ([score for score, _ in by_words] + [0.0, 0.0])[:2]
        sound = self._sounds.of(words)
        plainly_taught = max(taught.values(), default=0.0) >= PLAINLY
        if not plainly_taught and self._is_nobodys(sentences, best, elsewhere, needs, english=english):
            asks = sound.asks or _QUESTION.match(plainest(words[:LONGEST])) is not None
            told = sound.is_feedback and sound.tells > _PLAINLY_TOLD and not asks
            plainly = not told and needs.get(NONE, 0.0) >= _SURELY_NOBODYS
            return Found("feedback" if told else "none", (), sure=plainly)
        contacts = tuple(card.id for _, card in ranked[:_MOST])
        first, runner_up = ([score for score, _ in ranked] + [0.0, 0.0])[:2]
        alone = next_best < best * _CLOSE and runner_up < first * _CLOSE
        sure = plainly_taught or (best >= _STRONG and alone and not sound.is_mixed)
        close = (contacts[0], contacts[1]) if not sure and first > 0 and runner_up >= first * _NEARLY_EVEN else None
        return Found(
            "feedback" if sound.is_feedback and not plainly_taught else "contact",
            contacts,
            sure=sure,
            close=close,
            need=_plain_need(needs),
        )

    def ring(self, words: str, *, young: bool = False) -> tuple[str, ...]:
        """Whom to ring about words that speak of danger: ids of contacts, the first to ring first."""
        return self._ring.order(screen(words).kinds, words, young=young)

    def _needs(self, spelled: list[list[str]], mended: list[Weighed]) -> dict[str, float]:
        """What is needed, by the words as they were typed and as they were mended.

        The learning has heard slips too, and a mend may be wrong, so neither is believed alone.
        """
        if self._sensed is None:
            return {}
        places = self._index.telling(mended)
        as_typed = self._sensed.needs(spelled, places)
        as_meant = all(word in known for words, known in zip(spelled, mended, strict=True) for word in words)
        if as_meant or sum(map(len, spelled)) > _ENOUGH:
            return as_typed
        return agreed(as_typed, self._sensed.needs([list(sentence) for sentence in mended], places))

    def _with_taught(self, ranked: list[tuple[float, Card]], taught: dict[str, float]) -> list[tuple[float, Card]]:
        """What staff taught counts in the measure of the best card: said nearly word for word it comes first, less
        alike it only helps."""
        if not taught:
            return ranked
        best = ranked[0][0] if ranked else 1.0
        scored = {card.id: score for score, card in ranked}
        return _best_first(
            [
                (score, card)
                for card in self._cards
                if (score := scored.get(card.id, 0.0) + best * _TAUGHT * (taught.get(card.id, _NOT_YET) - _NOT_YET)) > 0
            ]
        )

    def _asks_plainly(
        self,
        sentences: list[Weighed],
        needs: dict[str, float],
        first: list[str],
        by_words: list[tuple[float, Card]],
        *,
        english: bool,
    ) -> bool:
        """Whether a contact may stand before the numbers to ring. Not where we know too little of the language."""
        plainest_need = max(needs, key=lambda name: needs[name], default=DANGER)
        spelled = [word for sentence in sentences for word in sentence]
        if plainest_need in {DANGER, NONE} or not english:
            return False
        share, danger = needs[plainest_need], needs[DANGER]
        # A story shares itself out among many needs; nothing in it has as much as a plain question's.
        if len(spelled) > _LONG:
            return share >= max(_TOLD_NEED, 2 * danger)
        both = first and first[0] in {card.id for _, card in by_words[:_SHOWN]}
        return bool(both) and share >= _PLAINLY_ASKED and danger < _NO_DANGER

    def _with_needs(self, by_words: list[tuple[float, Card]], needs: dict[str, float]) -> list[tuple[float, Card]]:
        """The cards by both looks: the words that stand on them, and the need that was heard.

        The first is the likeliest. The second and third are for the case that it is wrong: what they are for counts
        only as far as the ones before have not met it. Three cards for one need would leave the other need without.
        """
        if self._sensed is None:
            return by_words
        most = by_words[0][0] if by_words else 1.0
        said = {card.id: score / most for score, card in by_words}

        def ranked(words_count: float, left: dict[str, float]) -> list[tuple[float, Card]]:
            heard = self._sensed.contacts_of(left) if self._sensed else {}
            both = ((words_count * said.get(card.id, 0.0) + heard.get(card.id, 0.0), card) for card in self._cards)
            return _best_first([pair for pair in both if pair[0] > 0])

        left = self._sensed.ours(needs)
        all_ranked = ranked(_WORDS, left)
        named = all_ranked[:1]
        while 0 < len(named) < min(_SHOWN, len(all_ranked)):
            left = self._sensed.without(left, named[-1][1].id)
            ids = {card.id for _, card in named}
            following = next((pair for pair in ranked(_WORDS_LATER, left) if pair[1].id not in ids), None)
            if following is None:
                break
            named.append(following)
        scores = [score for score, _ in all_ranked]
        ids = {card.id for _, card in named}
        order = [card for _, card in named] + [card for _, card in all_ranked if card.id not in ids]
        return list(zip(scores, order, strict=True))

    def _by_words(self, sentences: list[Weighed], *, young: bool) -> tuple[list[tuple[float, Card]], float]:
        """The cards with their scores, best first; and the score of what we are not for."""
        *scores, elsewhere = self._index.scores(sentences)
        ranked = [
            (score * self._leaning(card, young=young), card)
            for score, card in zip(scores, self._cards, strict=True)
            if score > 0
        ]
        return sorted(ranked, key=lambda pair: (-pair[0], pair[1].id)), elsewhere

    def _is_nobodys(
        self, sentences: list[Weighed], best: float, elsewhere: float, needs: dict[str, float], *, english: bool
    ) -> bool:
        """Whether nobody here is for this: the needs decide where they are plain, and the words where they are not."""
        nobodys = needs.get(NONE)
        if nobodys is None:
            return self._is_elsewhere(sentences, best, elsewhere, english=english)
        spelled = [word for sentence in sentences for word in sentence]
        if len(spelled) > _LONG:
            return nobodys >= _NOBODYS_STORY
        # We know too little of other languages to refuse anybody because of a word that we do not know.
        if spelled and not english:
            return nobodys >= _NOBODYS_FOREIGN
        plainest_need = max(share for name, share in needs.items() if name not in {NONE, DANGER})
        if nobodys >= max(_NOBODYS_A_WORD * len(spelled), _NOBODYS_BESIDE * plainest_need):
            return True
        # "my dauhter cant speek": no card knows such words, and yet a need is plain in them.
        perhaps = nobodys >= max(_PERHAPS_NOBODYS, plainest_need * _BESIDE_A_NEED)
        return perhaps and self._is_elsewhere(sentences, best, elsewhere, english=english)

    def _is_elsewhere(self, sentences: list[Weighed], best: float, elsewhere: float, *, english: bool) -> bool:
        """Whether nobody here is for this: nearer to what we are not for, or made of words that no card knows."""
        spelled = [word for sentence in sentences for word in sentence]
        if best < _FAINT:
            return True
        if not english:  # too few words of ours to refuse anybody lightly
            return elsewhere > best * _ELSEWHERE_FOREIGN
        if len(spelled) > _LONG:
            return elsewhere > best
        *phrases, not_for_us = self._index.nearest(sentences)
        nearer = not_for_us > max(phrases, default=0.0) and elsewhere > best * _ELSEWHERE
        return nearer or (best < _STRONG and self._index.unknown(spelled) > _MOSTLY)

    @staticmethod
    def _leaning(card: Card, *, young: bool) -> float:
        """Local before national; for a young person, what is theirs before what is for parents or grown-ups."""
        leaning = 1.0 if card.area == NATIONAL else _LOCAL
        for_young, for_grown = _FOR_YOUNG.search(card.who_for), _FOR_GROWN.search(card.who_for)
        if young:
            return leaning * (1.2 if for_young and not for_grown else 0.85 if for_grown and not for_young else 1.0)
        return leaning * (0.9 if _ONLY_YOUNG.search(card.who_for) else 1.0)

    def _weighed(self, spelled: list[str], language: str, *, english: bool) -> Weighed:
        """The words of a sentence, mended where they are slips, with how much each counts.

        Our vocabulary holds too little of other languages to mend their words.
        """
        weights = self._meanings.weights(spelled, language)
        weighed: Weighed = {}
        for word in spelled:
            mended = self._spelling.mend(word) if english else ()
            for other, sure in mended or ((word, 1.0),):
                weight = sure * (weights[word] if other == word else self._meanings.weights([other], language)[other])
                weighed[other] = max(weight, weighed.get(other, 0.0))
        return weighed

    def _with_glosses(self, sentence: Weighed, language: str) -> Weighed:
        """A sentence in another language with what its words mean in English, as most of the cards are."""
        glossed = self._meanings.glossed(list(sentence), language)
        weights = self._meanings.weights(glossed, "en")
        return {word: _GLOSSED * weights[word] for word in glossed} | sentence


def _best_first(scored: list[tuple[float, Card]]) -> list[tuple[float, Card]]:
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].id))


def _plain_need(needs: dict[str, float]) -> str:
    name = max(needs, key=lambda each: needs[each], default="")
    return name if name not in {"", DANGER, NONE} and needs[name] >= _PLAIN_NEED else ""


def _sentences(text: str) -> list[list[str]]:
    """A text in its sentences; short ones join the next, because "he is six" alone says nothing."""
    found: list[list[str]] = []
    for part in _SENTENCE.split(text):
        spelled = words(part)
        if found and len(found[-1]) < _FEWEST:
            found[-1] += spelled
        elif spelled:
            found.append(spelled)
    if len(found) > 1 and len(found[-1]) < _FEWEST:
        last = found.pop()
        found[-1] += last
    return found


def _phrases(card: Card) -> list[Phrase]:
    fields = [(field, getattr(card, field)) for field in _FIELDS]
    return [
        (_FIELDS[field], text)
        for field, value in fields
        for text in (value if isinstance(value, tuple) else (value,))
        if text
    ]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
