"""The answers that were promised: chased the day before and on the day, visible after it, and counted (T2).

A promise that stands still (`pausing`) is neither due nor late; it has its new day once it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.area import Area
from models.database import now
from models.feedback.said import EarlierPromise, Feedback
from models.feedback.standing import visible_to
from models.person import Person
from models.promise import next_working_day
from models.role import Permission, require


class PromisesDue(NamedTuple):
    tomorrow: list[Feedback]
    today: list[Feedback]
    overdue: list[Feedback]


def promises_due(session: Session, area: Area, today: date | None = None, *, by: Person | None = None) -> PromisesDue:
    """What is owed an answer by the next working day, by today, and since before today; the oldest promise first.

    `today` is the area's day, unless given. On a Friday, “tomorrow” is Monday: nobody is there to be told on Sunday.
    With `by`, only what this member of staff may see; raises `NotAllowed`.
    """
    today = today or area.today(now())
    query = _owed().where(Feedback.answer_by <= next_working_day(today))
    if by is not None:
        require(session, by, Permission.READ)
        query = query.where(visible_to(session, by))
    owed = session.scalars(query).all()
    return PromisesDue(
        tomorrow=[one for one in owed if one.answer_by > today],
        today=[one for one in owed if one.answer_by == today],
        overdue=[one for one in owed if one.answer_by < today],
    )


def overdue(session: Session, area: Area, by: Person, *, most: int = 100) -> Sequence[Feedback]:
    """The answers whose day has passed, the oldest promise first, as far as this member of staff may see them.

    That they were looked at is the caller's to record (`seen_by`), when their words are shown. Raises `NotAllowed`.
    """
    require(session, by, Permission.READ)
    late = _owed().where(Feedback.answer_by < area.today(now()), visible_to(session, by))
    return session.scalars(late.limit(most)).all()


def how_many_overdue(session: Session, area: Area, by: Person) -> int:
    """The same, counted by the database. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    late = _owed().where(Feedback.answer_by < area.today(now()), visible_to(session, by)).order_by(None)
    return session.scalar(select(func.count()).select_from(late.subquery())) or 0


def _owed() -> Select[Any]:
    running = Feedback.answered.is_(None) & Feedback.paused.is_(None)
    return select(Feedback).where(running).order_by(Feedback.answer_by, Feedback.id)


@dataclass(frozen=True, slots=True)
class PromiseFigures:
    """Promises whose day fell into a time: kept, broken (answered late, or late and not answered yet), and those that
    still have time or stand still."""

    kept: int = 0
    broken: int = 0
    open: int = 0

    @property
    def share_kept(self) -> float | None:
        """Of those that are decided, 0 to 1; None while none is."""
        decided = self.kept + self.broken
        return self.kept / decided if decided else None


def promise_figures(
    session: Session, area: Area, start: date, end: date, *, topic: str | None = None
) -> PromiseFigures:
    """How the promises were kept whose day is `start` or later and before `end` (days of the area), of one topic or of
    all. Numbers only; a small one is for `models.small_number` before everybody sees it.

    What a family has taken back or had erased is counted no more, nor what is older than the area keeps.
    """
    decided = [_kept(area, day, answered) for day, answered in _promised(session, start, end, topic)]
    return PromiseFigures(kept=decided.count(True), broken=decided.count(False), open=decided.count(None))


def _promised(session: Session, start: date, end: date, topic: str | None) -> Iterator[tuple[date, datetime | None]]:
    """Every promise of the time: its day, and when it was answered. One that stands still has no day yet."""
    about = [Feedback.topic == topic] if topic is not None else []
    now_promised = select(Feedback.answer_by, Feedback.answered, Feedback.paused).where(
        Feedback.answer_by >= start, Feedback.answer_by < end, *about
    )
    for day, answered, paused in session.execute(now_promised):
        yield (date.max if paused else day), answered
    before = (
        select(EarlierPromise.answer_by, EarlierPromise.answered)
        .join(Feedback, Feedback.id == EarlierPromise.feedback_id)
        .where(EarlierPromise.answer_by >= start, EarlierPromise.answer_by < end, *about)
    )
    for day, answered in session.execute(before):
        yield day, answered


def _kept(area: Area, day: date, answered: datetime | None) -> bool | None:
    """None while it may still be kept."""
    if answered is not None:
        return area.today(answered) <= day
    return False if day < area.today(now()) else None
