"""Which families can be told that their question has its answer now: staff have said who it should have been."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, exists, select
from sqlalchemy.orm import Session

from models.outgoing import Outgoing
from models.person import Person
from models.question import Question
from models.unanswered.tables import Outcome, Settled

# Time for staff to take it back, which is one tap.
NOT_BEFORE = timedelta(minutes=30)
NO_LATER = timedelta(days=7)


def about(settled: Settled) -> str:
    return f"settled:{settled.id}"


def answered_since(session: Session, moment: datetime, most: int = 1000) -> Sequence[tuple[Question, Settled]]:
    """The newest question of each person whom nobody has told of this answer; only who agreed, and has not stopped
    messages."""
    query = (
        select(Question, Settled)
        .join(Settled, Settled.id == Question.settled_id)
        .join(Person, Person.id == Question.person_id)
        .where(
            Settled.outcome == Outcome.CARD,
            Settled.undone.is_(None),
            Settled.made <= moment - NOT_BEFORE,
            Settled.made > moment - NO_LATER,
            Question.words != "",
            Person.agreed_to.is_not(None),
            Person.stopped_at.is_(None),
            # Whoever belongs to one answer is told in one transaction, so that one message says it of all.
            ~exists().where(Outgoing.about == "settled:" + Settled.id.cast(String)),
        )
        .order_by(Settled.id, Question.id.desc())
        .limit(most)
    )
    newest: dict[tuple[int, int | None], tuple[Question, Settled]] = {}
    for question, settled in session.execute(query):
        newest.setdefault((settled.id, question.person_id), (question, settled))
    return list(newest.values())
