"""Words that a card has learnt: written by a tap of staff, heard at once by every process.

The rows are the truth. Whoever searches asks first whether they have changed, one small query, and reads them again
only then; so nothing has to be told to other processes, and nothing is lost with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.finding import Finder
from models.finding.likeness import Learnt, likeness, says, signs
from models.person import Person
from models.personal import personal_data
from models.question import Question
from models.role import Permission, require
from models.unanswered.tables import LearntWords, Settled

# Of one group: more ways of asking than these say nothing new.
MOST_WAYS = 6
# What is as alike as this is learnt once.
SAME = 0.95
# A story this long is nobody's name for a service.
LONGEST = 160
# Words that say something, where a name or number was taken out of them.
LEFT = 2


def phrase_of(words: str) -> str:
    """The words without what is personal in them; empty when too little is left to know the question again by."""
    kept, done = [], 0
    for mark in personal_data(words):
        kept.append(words[done : mark.start])
        done = mark.end
    phrase = " ".join("".join([*kept, words[done:]]).replace("…", " ").split())
    if len(phrase) > LONGEST:
        phrase = phrase[:LONGEST].rsplit(" ", 1)[0]
    # "My name is", without the name, is nobody's question. And what is left may read as a name only now.
    enough = says(phrase) >= (LEFT if done else 1)
    return phrase if enough and not personal_data(phrase) else ""


def learn(
    session: Session, questions: Sequence[Question], contact_id: str, settled: Settled, by: Person
) -> list[LearntWords]:
    """Each way of asking becomes words of the contact, once. `settled` says by whom and lets it be taken back."""
    rows: list[LearntWords] = []
    known = [signs(row.words) for row in _standing(session, contact_id)]
    for question in questions:
        phrase = phrase_of(question.words)
        said = signs(phrase)
        if not phrase or any(likeness(said, other) >= SAME for other in known):
            continue
        known.append(said)
        rows.append(
            LearntWords(
                contact_id=contact_id,
                words=phrase,
                person_id=question.person_id,
                settled_id=settled.id,
                by_id=by.id,
            )
        )
        if len(rows) == MOST_WAYS:
            break
    session.add_all(rows)
    session.flush()
    if rows:
        record(session, by, "learnt words", f"contact:{contact_id}")
    return rows


def learnt_for(session: Session, contact_id: str, by: Person) -> Sequence[LearntWords]:
    """The words that staff have given this contact and not taken back, newest first.

    Raises `NotAllowed` unless `by` may read families' words.
    """
    require(session, by, Permission.READ)
    return _standing(session, contact_id)


def take_off(session: Session, row: LearntWords, by: Person) -> None:
    """The contact no longer has these words. Twice changes nothing.

    Raises `NotAllowed` unless `by` may answer families.
    """
    require(session, by, Permission.ANSWER)
    if row.undone is None:
        row.undone = now()
        record(session, by, "took off words", f"contact:{row.contact_id}")


def hear_what_was_learnt(session: Session, finder: Finder) -> None:
    """Have the search know what staff have taught it until now, in whichever process."""
    version = tuple(
        session.execute(
            select(
                func.count(), func.max(LearntWords.id), func.max(LearntWords.made), func.max(LearntWords.undone),
                func.count(LearntWords.undone),
            )
        ).one()
    )  # fmt: skip
    if finder.learnt.version == version:
        return
    if finder.learnt.version is None and version[0] == 0:
        return
    rows = session.execute(
        select(LearntWords.contact_id, LearntWords.words).where(LearntWords.undone.is_(None)).order_by(LearntWords.id)
    )
    finder.learn(Learnt.of(version, [(contact_id, words) for contact_id, words in rows]))


def forget_whose(session: Session, before: datetime) -> None:
    """Words from before then are nobody's any more: the questions that they came from have gone."""
    session.execute(
        update(LearntWords).where(LearntWords.made < before, LearntWords.person_id.is_not(None)).values(person_id=None)
    )


def _standing(session: Session, contact_id: str) -> Sequence[LearntWords]:
    return session.scalars(
        select(LearntWords)
        .where(LearntWords.contact_id == contact_id, LearntWords.undone.is_(None))
        .order_by(LearntWords.id.desc())
    ).all()
