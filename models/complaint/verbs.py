"""What families and staff do with a complaint about data: for staff it is an admin's work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.area import Area
from models.audit import record
from models.complaint.tables import DataComplaint, acknowledge_by
from models.database import now
from models.feedback import Feedback
from models.months import months_before
from models.person import Person
from models.role import Permission, require, staff_who_may

PERMISSION = Permission.APPOINT
# From so many days before the last one staff are told again each morning.
NEAR_DAYS = 7


def complain(
    session: Session,
    area: Area,
    person: Person,
    words: str = "",
    *,
    feedback: Feedback | None = None,
) -> DataComplaint:
    """Keep it, and start its clock. The words of a feedback are not kept twice. Telling staff is the caller's."""
    if feedback is not None and (there := about_feedback(session, feedback)) is not None:
        return there
    received = now()
    complaint = DataComplaint(
        person_id=person.id,
        feedback_id=feedback.id if feedback is not None else None,
        words="" if feedback is not None else words,
        received=received,
        acknowledge_by=acknowledge_by(area, received),
    )
    session.add(complaint)
    session.flush()
    return complaint


def about_feedback(session: Session, feedback: Feedback) -> DataComplaint | None:
    return session.scalar(
        select(DataComplaint).where(DataComplaint.feedback_id == feedback.id, DataComplaint.closed.is_(None)).limit(1)
    )


def mark(session: Session, area: Area, feedback: Feedback, by: Person) -> DataComplaint:
    """Staff see that a message is such a complaint: its clock began when it was received. Raises `NotAllowed`."""
    require(session, by, Permission.ANSWER)
    there = about_feedback(session, feedback)
    if there is not None:
        return there
    complaint = DataComplaint(
        person_id=feedback.person_id,
        feedback_id=feedback.id,
        received=feedback.received,
        acknowledge_by=acknowledge_by(area, feedback.received),
        marked_by=by.id,
    )
    session.add(complaint)
    session.flush()
    record(session, by, "marked as data complaint", feedback.about, complaint.code)
    return complaint


def complaints(session: Session, by: Person, *, open_only: bool = True, most: int = 50) -> Sequence[DataComplaint]:
    """Those that are not closed, the nearest day first; or all, newest first. Raises `NotAllowed`."""
    require(session, by, PERMISSION)
    found = select(DataComplaint).limit(most)
    if open_only:
        waiting = found.where(DataComplaint.closed.is_(None))
        return session.scalars(
            waiting.order_by(DataComplaint.acknowledged.is_not(None), DataComplaint.acknowledge_by, DataComplaint.id)
        ).all()
    return session.scalars(found.order_by(DataComplaint.id.desc())).all()


def with_code(session: Session, by: Person, code: str) -> DataComplaint | None:
    """The complaint of this code; the look is recorded. Raises `NotAllowed`."""
    require(session, by, PERMISSION)
    number = code.strip().upper().removeprefix("D")
    return (
        session.get(DataComplaint, int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None
    )


def acknowledge(session: Session, complaint: DataComplaint, by: Person) -> bool:
    """“We have it.” False when a colleague was quicker. Raises `NotAllowed`. Telling the family is the caller's."""
    require(session, by, PERMISSION)
    session.refresh(complaint, with_for_update=True)
    if complaint.acknowledged is not None or complaint.closed is not None:
        return False
    complaint.acknowledged, complaint.acknowledged_by = now(), by.id
    record(session, by, "acknowledged data complaint", complaint.about)
    session.flush()
    return True


def close(session: Session, complaint: DataComplaint, by: Person, outcome: str) -> bool:
    """What was done. False when it is closed already. Raises `NotAllowed`, ValueError without an outcome."""
    require(session, by, PERMISSION)
    if not outcome.strip():
        raise ValueError("a complaint is closed with what was done")
    session.refresh(complaint, with_for_update=True)
    if complaint.closed is not None:
        return False
    moment = now()
    if complaint.acknowledged is None:  # to be told the outcome is to be told that it arrived
        complaint.acknowledged, complaint.acknowledged_by = moment, by.id
    complaint.closed, complaint.closed_by, complaint.outcome = moment, by.id, outcome
    record(session, by, "closed data complaint", complaint.about)
    session.flush()
    return True


def withdraw(session: Session, complaint: DataComplaint, person: Person) -> bool:
    """It was none, says who wrote it. False when it is somebody else's, or closed."""
    if complaint.person_id != person.id or complaint.closed is not None:
        return False
    record(session, person, "withdrew data complaint", complaint.about)
    session.delete(complaint)
    session.flush()
    return True


def whom_to_tell(session: Session) -> list[Person]:
    """The admins."""
    return staff_who_may(session, PERMISSION)


def due_soon(session: Session, today: date) -> Sequence[DataComplaint]:
    """What nobody has acknowledged and has its last day within a week, or behind it; the latest first."""
    return session.scalars(
        select(DataComplaint)
        .where(
            DataComplaint.acknowledged.is_(None),
            DataComplaint.closed.is_(None),
            DataComplaint.acknowledge_by <= today + timedelta(days=NEAR_DAYS),
        )
        .order_by(DataComplaint.acknowledge_by, DataComplaint.id)
    ).all()


def complaints_of(session: Session, person: Person) -> Sequence[DataComplaint]:
    return session.scalars(
        select(DataComplaint).where(DataComplaint.person_id == person.id).order_by(DataComplaint.id)
    ).all()


def as_takeaway(complaint: DataComplaint) -> dict[str, Any]:
    return {
        "code": complaint.code,
        "received": complaint.received.isoformat(),
        "words": complaint.said,
        "acknowledge_by": complaint.acknowledge_by.isoformat(),
        "acknowledged": complaint.acknowledged.isoformat() if complaint.acknowledged else None,
        "closed": complaint.closed.isoformat() if complaint.closed else None,
        "what_was_done": complaint.outcome,
    }


def take_words(session: Session, person: Person) -> None:
    """Who is erased takes the words along, also what was written to them; what is still open has nobody to be told."""
    theirs = DataComplaint.person_id == person.id
    session.execute(update(DataComplaint).where(theirs, DataComplaint.closed.is_(None)).values(closed=now()))
    session.execute(update(DataComplaint).where(theirs).values(words="", outcome="", feedback_id=None))


def forget_old(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What was closed so long ago as alerts are kept. Returns how many."""
    before = months_before(moment, area.retention.alerts.months)
    old = session.scalars(select(DataComplaint.id).where(DataComplaint.closed < before).limit(most)).all()
    session.execute(delete(DataComplaint).where(DataComplaint.id.in_(old)))
    return len(old)
