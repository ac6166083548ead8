"""A promise may stand still only with a reason, which the family is told and sees; going on, it has a new day (T2, T5).

So many working days as were left when it stopped there are again when it goes on. A promise whose day has passed is
broken, and no pause mends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area
from models.audit import record
from models.database import now
from models.feedback.said import Feedback, PromisePause
from models.feedback.standing import ReasonMissing, require_answer, visible_to
from models.person import Person
from models.promise import is_working_day, next_working_day, working_days_between
from models.role import Permission, require


class CannotPause(Exception):
    """Nothing is owed, it stands still already, or its day has passed."""


def pause_promise(session: Session, area: Area, feedback: Feedback, reason: str, by: Person) -> PromisePause:
    """The promise of an answer stands still from now on, because of `reason`: the family reads these words. Telling
    them is the caller's.

    Raises `ReasonMissing`, `CannotPause` and `NotAllowed`.
    """
    require_answer(session, feedback, by)
    session.refresh(feedback, with_for_update=True)
    today = area.today(now())
    if feedback.answered is not None or feedback.paused is not None or feedback.answer_by < today:
        raise CannotPause(feedback.ref)
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(feedback.ref)
    left = working_days_between(today, feedback.answer_by)
    pause = PromisePause(reason=reason, by_id=by.id, since=now(), days_left=left)
    feedback.pauses.append(pause)
    feedback.paused = pause.since
    record(session, by, "paused the promise of", feedback.about)
    session.flush()
    return pause


def resume_promise(session: Session, area: Area, feedback: Feedback, by: Person) -> date:
    """The promise goes on; returns its new day. Telling the family is the caller's.

    Raises `NotAllowed`, or `CannotPause` when it does not stand still.
    """
    require_answer(session, feedback, by)
    session.refresh(feedback, with_for_update=True)
    pause = standing_still(feedback)
    if pause is None:
        raise CannotPause(feedback.ref)
    moment = now()
    pause.ended, feedback.paused = moment, None
    feedback.answer_by = _so_many_later(area.today(moment), pause.days_left)
    record(session, by, "resumed the promise of", feedback.about)
    session.flush()
    return feedback.answer_by


def standing_still(feedback: Feedback) -> PromisePause | None:
    """The pause that it is in, with its reason; None when it runs."""
    return next((one for one in feedback.pauses if one.ended is None), None) if feedback.paused is not None else None


def paused(session: Session, by: Person) -> Sequence[Feedback]:
    """The promises that stand still, as far as this member of staff may see them, the longest first.

    Raises `NotAllowed`.
    """
    require(session, by, Permission.READ)
    still = Feedback.paused.is_not(None), Feedback.answered.is_(None), visible_to(session, by)
    return session.scalars(select(Feedback).where(*still).order_by(Feedback.paused, Feedback.id)).all()


def _so_many_later(day: date, working_days: int) -> date:
    """The day after so many working days, always one itself."""
    if working_days < 1:
        return day if is_working_day(day) else next_working_day(day)
    for _day in range(working_days):
        day = next_working_day(day)
    return day
