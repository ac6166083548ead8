"""The answers that were promised and are not yet given: chased the day before and on the day, visible after it (T2)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area
from models.database import now
from models.feedback.said import Feedback
from models.promise import next_working_day


class PromisesDue(NamedTuple):
    tomorrow: list[Feedback]
    today: list[Feedback]
    overdue: list[Feedback]


def promises_due(session: Session, area: Area, today: date | None = None) -> PromisesDue:
    """What is owed an answer by the next working day, by today, and since before today; the oldest promise first.

    `today` is the area's day, unless given. On a Friday, “tomorrow” is Monday: nobody is there to be told on Sunday.
    """
    today = today or area.today(now())
    owed = session.scalars(
        select(Feedback)
        .where(Feedback.answered.is_(None), Feedback.answer_by <= next_working_day(today))
        .order_by(Feedback.answer_by, Feedback.id)
    ).all()
    return PromisesDue(
        tomorrow=[one for one in owed if one.answer_by > today],
        today=[one for one in owed if one.answer_by == today],
        overdue=[one for one in owed if one.answer_by < today],
    )
