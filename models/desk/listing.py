"""The inbox of the desk: what this member of staff may see, narrowed down, as a query that is turned over page by page.

The list itself shows nobody's words: whoever opens one is recorded, whoever looks down the list need not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from models.area import Area
from models.audit import Audit
from models.database import now
from models.desk.tables import FeedbackWork
from models.desk.word_index import has_words
from models.feedback import Feedback, Status, visible_to
from models.looking import LOOKED
from models.person import Person
from models.promise import next_working_day
from models.role import Permission, require


class Which(StrEnum):
    """Which part of the inbox. What is owed an answer comes by the day of its promise, everything else newest first."""

    OWED = "owed"
    LATE = "late"
    TODAY = "today"
    NEXT = "next"
    UNOPENED = "unopened"
    OPEN = "open"  # answered, and not settled yet
    SETTLED = "settled"
    SNOOZED = "snoozed"
    ALL = "all"

    @property
    def by_promise(self) -> bool:
        return self in (Which.OWED, Which.LATE, Which.TODAY, Which.NEXT, Which.UNOPENED)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty ones filter nothing."""

    which: Which = Which.OWED
    topic: str = ""
    status: str = ""
    organisation: str = ""
    language: str = ""
    mine: bool = False
    words: str = ""


def listing(session: Session, area: Area, by: Person, filters: Filters) -> Select[Any]:
    """The feedbacks that these filters leave, not yet in any order. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    today = area.today(now())
    query = select(Feedback).where(visible_to(session, by), *_which(filters.which, today))
    if filters.topic:
        query = query.where(Feedback.topic == filters.topic)
    if filters.status:
        query = query.where(Feedback.status == Status(filters.status))
    if filters.language:
        query = query.where(Feedback.language == filters.language)
    if filters.mine or filters.organisation:
        query = query.join(FeedbackWork, FeedbackWork.feedback_id == Feedback.id)
    if filters.mine:
        query = query.where(FeedbackWork.person_id == by.id)
    if filters.organisation:
        query = query.where(FeedbackWork.organisation == filters.organisation)
    if filters.words:
        ref = filters.words.strip().upper()
        query = query.where(or_(Feedback.ref == ref, has_words(session, Feedback.id, filters.words)))
    return query


def _which(which: Which, today: date) -> list[ColumnElement[bool]]:
    owed = Feedback.answered.is_(None)
    running = and_(owed, Feedback.paused.is_(None))
    settled = Feedback.status.in_((Status.DONE, Status.CANNOT))
    work = aliased(FeedbackWork)  # the query itself may be joined with it
    put_off = exists().where(work.feedback_id == Feedback.id, work.snoozed_until > today)
    # A promise that is late is never out of sight.
    in_sight = or_(Feedback.answer_by < today, ~put_off)
    conditions: dict[Which, list[ColumnElement[bool]]] = {
        Which.OWED: [owed, in_sight],
        Which.LATE: [running, Feedback.answer_by < today],
        Which.TODAY: [running, Feedback.answer_by == today, in_sight],
        Which.NEXT: [
            owed,
            Feedback.paused.is_(None),
            Feedback.answer_by > today,
            Feedback.answer_by <= next_working_day(today),
            in_sight,
        ],
        Which.UNOPENED: [owed, nobody_opened()],
        Which.OPEN: [~owed, ~settled, ~put_off],
        Which.SETTLED: [~owed, settled],
        Which.SNOOZED: [put_off],
        Which.ALL: [],
    }
    return conditions[which]


def nobody_opened() -> ColumnElement[bool]:
    about = literal("feedback:") + cast(Feedback.id, String)
    return ~exists().where(and_(Audit.about == about, Audit.deed == LOOKED))


def counted(session: Session, query: Select[Any], most: int = 1000) -> int:
    """How many there are; no further than `most`, since nobody needs it exactly then."""
    some = query.with_only_columns(Feedback.id).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
