"""What staff say of a group, by one tap each: it should have been this card; there is no such service; not for us."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.person import Person
from models.question import Question
from models.role import Permission, require
from models.unanswered.groups import Group
from models.unanswered.learning import learn
from models.unanswered.tables import LearntWords, Outcome, Settled


def should_have_been(session: Session, group: Group, contact_id: str, by: Person) -> tuple[Settled, list[LearntWords]]:
    """The group's questions become words of this contact, without what is personal in them.

    Returns what was said and the words that were learnt: none where nothing was left that is not personal. Raises
    `NotAllowed` unless `by` may answer families.
    """
    settled = _settle(session, group, Outcome.CARD, by, contact_id)
    return settled, learn(session, group.questions, contact_id, settled, by)


def no_service(session: Session, group: Group, by: Person) -> Settled:
    """There is no such service here: it stays listed as a gap, and goes to the report.

    Raises `NotAllowed` unless `by` may answer families.
    """
    return _settle(session, group, Outcome.GAP, by)


def not_for_us(session: Session, group: Group, by: Person) -> Settled:
    """Nobody here is for this. Raises `NotAllowed` unless `by` may answer families."""
    return _settle(session, group, Outcome.NOT_OURS, by)


def settled(session: Session, number: int) -> Settled | None:
    return session.get(Settled, number)


def lately_settled(session: Session, by: Person, most: int) -> Sequence[Settled]:
    """What was last said and not taken back, newest first. It holds no words. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    query = select(Settled).where(Settled.undone.is_(None)).order_by(Settled.id.desc()).limit(most)
    return session.scalars(query).all()


def take_back(session: Session, one: Settled, by: Person) -> None:
    """The questions are on the list again, and the card no longer has their words. Twice changes nothing.

    Raises `NotAllowed` unless `by` may answer families.
    """
    require(session, by, Permission.ANSWER)
    if one.undone is not None:
        return
    one.undone = now()
    session.execute(
        update(Question).where(Question.settled_id == one.id).values(settled_id=None, dealt_with=None),
        execution_options={"synchronize_session": "fetch"},
    )
    session.execute(
        update(LearntWords)
        .where(LearntWords.settled_id == one.id, LearntWords.undone.is_(None))
        .values(undone=one.undone)
    )
    record(session, by, "took back", f"settled:{one.id}")


def _settle(session: Session, group: Group, outcome: Outcome, by: Person, contact_id: str | None = None) -> Settled:
    require(session, by, Permission.ANSWER)
    one = Settled(outcome=outcome, contact_id=contact_id, by_id=by.id)
    session.add(one)
    session.flush()
    moment = now()
    for question in group.questions:
        question.settled_id, question.dealt_with = one.id, moment
    session.flush()
    record(session, by, f"settled: {outcome}", f"settled:{one.id}", contact_id or "")
    return one
