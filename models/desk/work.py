"""Whose work a feedback is, when it comes back into sight, and what colleagues tell each other about it.

None of it changes what the family was promised: a late promise is in everybody's sight, whoever was to deal with it
and however long it was put off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area
from models.audit import record
from models.database import now
from models.desk.tables import ColleagueNote, FeedbackWork
from models.feedback import Feedback, may_see
from models.person import Person
from models.role import GRANTS, NotAllowed, Permission, Role, require, roles_of


class NotForThem(ValueError):
    """The colleague, or the organisation, may not see these words."""


def work_on(session: Session, feedback: Feedback) -> FeedbackWork | None:
    return session.get(FeedbackWork, feedback.id)


def assign(
    session: Session, feedback: Feedback, by: Person, *, to: Person | None = None, organisation: str | None = None
) -> None:
    """It is this colleague's work from now on, or this organisation's, or both; or nobody's in particular.

    Raises `NotAllowed`, and `NotForThem` for a colleague who may not see it or may not answer.
    """
    _may_work(session, feedback, by)
    if to is not None and not may_be_given(session, feedback, to):
        raise NotForThem(feedback.ref)
    work = _work(session, feedback)
    work.person_id, work.organisation, work.changed = to.id if to else None, organisation, now()
    detail = ", ".join(filter(None, [f"person:{to.id}" if to else "", organisation or ""]))
    record(session, by, "assigned", feedback.about, detail or "nobody")
    session.flush()


def may_be_given(session: Session, feedback: Feedback, person: Person) -> bool:
    """Whether somebody may see it and answer it."""
    answers = any(Permission.ANSWER in GRANTS[role.name] for role in roles_of(session, person))
    return answers and may_see(session, person, feedback)


def who_may_be_given(session: Session, feedback: Feedback) -> list[Role]:
    """The colleagues it may be given to, each by one role of theirs."""
    names = [name for name, granted in GRANTS.items() if Permission.ANSWER in granted]
    found = session.scalars(
        select(Role).where(Role.ended.is_(None), Role.name.in_(names)).order_by(Role.organisation, Role.id)
    )
    one_each: dict[int, Role] = {}
    for role in found:
        one_each.setdefault(role.person_id, role)
    return [role for role in one_each.values() if may_see(session, role.person, feedback)]


def snooze(session: Session, area: Area, feedback: Feedback, until: date | None, by: Person) -> None:
    """Out of sight until this day, or in sight again. Raises `NotAllowed`, and `ValueError` for a day that is no later
    than today."""
    _may_work(session, feedback, by)
    if until is not None and until <= area.today(now()):
        raise ValueError(until)
    work = _work(session, feedback)
    work.snoozed_until, work.changed = until, now()
    record(session, by, "put off", feedback.about, until.isoformat() if until else "in sight again")
    session.flush()


def note_for_colleagues(session: Session, feedback: Feedback, text: str, by: Person) -> ColleagueNote:
    """Raises `NotAllowed`. Whoever may read may also write a note: it is sent to nobody."""
    require(session, by, Permission.READ)
    if not may_see(session, by, feedback):
        raise NotAllowed(Permission.READ)
    note = ColleagueNote(feedback_id=feedback.id, author_id=by.id, text=text)
    session.add(note)
    record(session, by, "wrote a note about", feedback.about)
    session.flush()
    return note


def notes_of_colleagues(session: Session, feedback: Feedback) -> Sequence[ColleagueNote]:
    return session.scalars(
        select(ColleagueNote).where(ColleagueNote.feedback_id == feedback.id).order_by(ColleagueNote.id)
    ).all()


def _may_work(session: Session, feedback: Feedback, by: Person) -> None:
    require(session, by, Permission.ANSWER)
    if not may_see(session, by, feedback):
        raise NotAllowed(Permission.ANSWER)


def _work(session: Session, feedback: Feedback) -> FeedbackWork:
    work = session.get(FeedbackWork, feedback.id)
    if work is None:
        work = FeedbackWork(feedback_id=feedback.id)
        session.add(work)
    return work
