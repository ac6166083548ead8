"""Which texts are read again. It is a matter of arithmetic on their numbers, so nobody chooses and nothing has to be
remembered; in a week in which chance picked none, one of what families told us is picked all the same."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.database import now
from models.feedback import Feedback, FeedbackNote
from models.meeting import AheadQuestion
from models.question import Question
from models.screening import screen
from models.second_look.tables import SecondLook

IN_A_HUNDRED = 2
A_WEEK = timedelta(days=7)
# Of a week's texts so many are looked at when one has to be picked: more than any week has brought.
MOST_IN_A_WEEK = 2000


def pick_if_its_turn(session: Session, feedback: Feedback, note: FeedbackNote | None = None) -> SecondLook | None:
    """Called for every feedback once it is sent, and for every note that its family writes later; most are let go."""
    turn = _its_turn(feedback.id) if note is None else _its_turn(note.id, "note")
    if not turn or not _let_pass(session, feedback, note):
        return None
    return _pick(session, SecondLook(feedback=feedback, note=note))


def pick_question_if_its_turn(session: Session, question: Question) -> SecondLook | None:
    """Called for everything that somebody looks for in the Who's Who, where its words are kept."""
    if not _its_turn(question.id, "question") or not _nothing_heard(question.words):
        return None
    return _pick(session, SecondLook(question=question))


def pick_ahead_if_its_turn(session: Session, ahead: AheadQuestion) -> SecondLook | None:
    """Called for every question that is sent ahead to a meeting."""
    if not _its_turn(ahead.id, "ahead") or not _nothing_heard(ahead.text):
        return None
    return _pick(session, SecondLook(ahead=ahead))


def pick_one_a_week(session: Session, moment: datetime) -> int:
    """At least one feedback a week, where there was anything to read. Returns how many were picked (0 or 1)."""
    since = moment - A_WEEK
    picked = select(SecondLook.id).where(SecondLook.picked > since, SecondLook.feedback_id.is_not(None))
    if session.scalar(picked.limit(1)) is not None:
        return 0
    week = session.scalars(
        select(Feedback)
        .where(
            Feedback.received > since,
            Feedback.text != "",
            ~exists().where(Alert.feedback_id == Feedback.id),
            ~exists().where(SecondLook.feedback_id == Feedback.id, SecondLook.note_id.is_(None)),
        )
        .order_by(Feedback.received.desc(), Feedback.id.desc())
        .limit(MOST_IN_A_WEEK)
    )
    for feedback in sorted(week, key=lambda one: _number(one.id)):
        if _let_pass(session, feedback):
            _pick(session, SecondLook(feedback=feedback))
            return 1
    return 0


def _pick(session: Session, look: SecondLook) -> SecondLook:
    look.picked = now()
    session.add(look)
    session.flush()
    return look


def _let_pass(session: Session, feedback: Feedback, note: FeedbackNote | None = None) -> bool:
    """Whether there are words, and nothing flagged them."""
    if not _nothing_heard(feedback.text if note is None else note.text):
        return False
    return session.scalar(select(Alert.id).where(Alert.feedback_id == feedback.id).limit(1)) is None


def _nothing_heard(words: str) -> bool:
    return bool(words.strip()) and screen(words).level == "none"


def _its_turn(number: int, what: str = "") -> bool:
    return _number(number, what) % 100 < IN_A_HUNDRED


def _number(number: int, what: str = "") -> int:
    return int.from_bytes(hashlib.sha256(f"second look {what}{number}".encode()).digest()[:8])
