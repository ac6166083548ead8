"""What sounds alike: suggestions only, a person decides (T1).

Texts are compared by their words, by what those words mean (a taxi and a cab, from the search's own lists) and by
pieces of three letters, each weighed by how rare it is among what is compared (TF-IDF, cosine). Only what a member of
staff may see is compared for them, so a suggestion gives nothing away.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from math import log, sqrt
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.feedback import Feedback, may_see, visible_to
from models.finding.words import LONGEST, folded, meanings, pieces, stem, words
from models.person import Person
from models.role import NotAllowed, Permission, require
from models.theme.tables import Theme

Features = Mapping[str, float]

# Compared at a time: the newest. Some 50 ms for all of them, which a conversation may wait.
MOST_COMPARED = 400
MOST_THEMES = 200
# From which on two texts are shown as alike, and what being about one topic adds; figures in docs/decisions/0008.
ALIKE = 0.12
SAME_TOPIC = 0.03
# All the pieces of a word together say less than the word.
PIECE = 0.5
_FINDING = Path(__file__).parent.parent / "finding"


def features(text: str) -> Features:
    """Stems, meanings and pieces of a text, each with how much it counts before rarity."""
    spelled = words(folded(text[:LONGEST]))
    weights = meanings().weights(spelled)
    found: dict[str, float] = defaultdict(float)
    for word in spelled:
        if weights[word]:
            found[stem(word)] += weights[word]
            share = PIECE * weights[word] / len(word)
            for piece in pieces(word):
                found[f"~{piece}"] += share
    for meaning, counts in meanings().of([stem(word) for word in spelled]):
        if not meaning.startswith("§aged"):  # two children of seven have nothing else in common
            found[meaning] += counts
    # Said three times it counts more than once, but not three times as much.
    return {feature: 1 + log(often) if often > 1 else often for feature, often in found.items()}


def likeness(asked: str, texts: Sequence[str]) -> list[float]:
    """How much each text sounds like what is asked, 0 to 1."""
    every = [features(text) for text in (asked, *texts)]
    rare = _rarity(every)
    weighed = [{name: often * rare[name] for name, often in one.items()} for one in every]
    lengths = [sqrt(sum(value * value for value in one.values())) or 1.0 for one in weighed]
    first, length = weighed[0], lengths[0]
    return [
        sum(value * first[name] for name, value in one.items() if name in first) / (length * its)
        for one, its in zip(weighed[1:], lengths[1:], strict=True)
    ]


def _rarity(texts: Sequence[Features]) -> dict[str, float]:
    """How rare each feature is among these texts and among messages as families write them: a partnership that has
    just begun has too few of its own to know that “week” says little."""
    known, spread = _background()
    spread = spread.copy()
    for one in texts:
        spread.update(one.keys())
    whole = known + len(texts)
    return {name: log(whole / spread[name]) for one in texts for name in one}


@cache
def _background() -> tuple[int, Counter[str]]:
    lines = [line for name in ("told.txt", "asked.txt") for line in (_FINDING / name).read_text("utf-8").splitlines()]
    examples = [line for line in lines if line.strip() and not line.startswith("#")]
    return len(examples), Counter(feature for line in examples for feature in features(line))


def suggest_feedback(session: Session, theme: Theme, by: Person, *, most: int = 6) -> list[Feedback]:
    """What families said that is in no item yet and sounds like this one, likest first.

    That their words are looked at is the caller's to record (`seen_by`), when they are shown. Raises `NotAllowed`.
    """
    inside = [one.text for one in words_in(session, theme, by)]
    return _likest(session, " ".join([theme.said, *inside[:20]]), theme.topic, by, most=most)


def sounding_like(session: Session, feedback: Feedback, by: Person, *, most: int = 6) -> list[Feedback]:
    """What else families said that is in no item yet and sounds like this. As `suggest_feedback`."""
    _require_sight(session, feedback, by)
    return _likest(session, feedback.text, feedback.topic, by, most=most, but=feedback.id)


def suggest_themes(session: Session, feedback: Feedback, by: Person, *, most: int = 3) -> list[Theme]:
    """The items that this sounds like, likest first. Raises `NotAllowed`."""
    _require_sight(session, feedback, by)
    themes = session.scalars(select(Theme).order_by(Theme.id.desc()).limit(MOST_THEMES)).all()
    scores = likeness(feedback.text, [one.said for one in themes])
    return [themes[place] for place in _best(scores, [one.topic == feedback.topic for one in themes], most)]


def words_in(session: Session, theme: Theme, by: Person) -> Sequence[Feedback]:
    """What families said that is in this item, as far as this member of staff may see it, newest first.

    That they were looked at is the caller's to record. Raises `NotAllowed`.
    """
    require(session, by, Permission.READ)
    inside = select(Feedback).where(Feedback.theme_id == theme.id, visible_to(session, by))
    return session.scalars(inside.order_by(Feedback.id.desc())).all()


def _likest(session: Session, text: str, topic: str, by: Person, *, most: int, but: int = 0) -> list[Feedback]:
    require(session, by, Permission.READ)
    query = select(Feedback).where(
        Feedback.theme_id.is_(None), Feedback.id != but, Feedback.text != "", visible_to(session, by)
    )
    found = session.scalars(query.order_by(Feedback.id.desc()).limit(MOST_COMPARED)).all()
    scores = likeness(text, [one.text for one in found])
    return [found[place] for place in _best(scores, [one.topic == topic for one in found], most)]


def _best(scores: Sequence[float], same_topic: Sequence[bool], most: int) -> list[int]:
    """The places of the likest, from `ALIKE` on."""
    raised = [score + SAME_TOPIC * same for score, same in zip(scores, same_topic, strict=True)]
    ranked = sorted(range(len(raised)), key=lambda place: -raised[place])
    return [place for place in ranked[:most] if raised[place] >= ALIKE]


def _require_sight(session: Session, feedback: Feedback, by: Person) -> None:
    if not may_see(session, by, feedback):
        raise NotAllowed(Permission.READ)
