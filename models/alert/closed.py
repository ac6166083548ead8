"""Who may open the words that an alert is about: the people on duty and their manager, not every member of staff.

They stay closed to everybody else, in every list, search and report, until somebody has decided that nobody is at risk;
then they are what any other family said. Whoever looks after alerts and is on no rota (an admin, say) takes the alert
first, which is recorded; where nobody is on a rota, it falls to all who look after alerts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from models.alert.having import may_take
from models.alert.tables import Alert, Decision
from models.database import now
from models.duty import DutyAway, DutyTurn
from models.person import Person


def closed_by_alert(feedback_id: ColumnElement[Any] | Any) -> ColumnElement[bool]:
    """A condition: an alert is about the feedback of this number, and nobody has said that nobody is at risk."""
    one = aliased(Alert)
    at_risk = or_(one.decision.is_(None), one.decision != Decision.SAFE)
    return exists().where(one.feedback_id == feedback_id, at_risk)


def opened_by_alert(session: Session, by: Person, feedback_id: ColumnElement[Any] | Any) -> ColumnElement[bool]:
    """A condition: of what is closed so, what this member of staff may open all the same."""
    if not may_take(session, by):
        return false()
    if on_the_rota(session, by):
        return true()
    one = aliased(Alert)
    return exists().where(one.feedback_id == feedback_id, one.seen_by == by.id)


def words_closed(session: Session, feedback_id: int) -> bool:
    return bool(session.scalar(select(closed_by_alert(feedback_id))))


def may_open(session: Session, by: Person, feedback_id: int) -> bool:
    """Whether they may open these words, which an alert has closed to others."""
    return bool(session.scalar(select(opened_by_alert(session, by, feedback_id))))


def on_the_rota(session: Session, by: Person) -> bool:
    """Whether they are on duty at any time, or do somebody else's turns; true for everybody where there is no rota."""
    theirs = session.scalar(
        select(
            or_(
                exists().where(DutyTurn.person_id == by.id, DutyTurn.ended.is_(None)),
                exists().where(DutyAway.instead_id == by.id, DutyAway.last >= now().date()),
            )
        )
    )
    return bool(theirs) or not session.scalar(select(exists().where(DutyTurn.ended.is_(None))))


def still_needed(session: Session, feedback_id: int) -> bool:
    """Whether an alert about these words is still open: until it is closed they cannot go."""
    return bool(session.scalar(select(needed_for_alert(feedback_id))))


def needed_for_alert(feedback_id: ColumnElement[Any] | Any) -> ColumnElement[bool]:
    """The same as a condition."""
    one = aliased(Alert)
    return exists().where(one.feedback_id == feedback_id, closed_at(one).is_(None))


def closed_before(feedback_id: ColumnElement[Any] | Any, moment: datetime) -> ColumnElement[bool]:
    """A condition: there were alerts about it, and the last was closed before this moment (UTC)."""
    one, other = aliased(Alert), aliased(Alert)
    later = or_(closed_at(other).is_(None), closed_at(other) > moment)
    return and_(
        exists().where(one.feedback_id == feedback_id),
        ~exists().where(other.feedback_id == feedback_id, later),
    )


def closed_at(alert: type[Alert] | Any) -> ColumnElement[Any]:
    """`Alert.closed` for a query."""
    return case((alert.arrival_due.is_(None), alert.decided_at), else_=alert.arrived_at)
