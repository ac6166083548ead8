"""What staff do with an alert: take it, decide, hand it on. Only who looks after alerts may, and every look is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from models.alert.raising import alert_of, rows_of
from models.alert.tables import Alert, AlertLink, Decision, Level
from models.area import Area
from models.audit import Audit, record
from models.database import now
from models.looking import LOOKED, REFUSED, looked
from models.outgoing import drop
from models.person import Person, digest, new_secret
from models.promise import answer_by
from models.role import NotAllowed, Permission, may, staff_who_may

# The link of an e-mail that was overlooked for a day opens nothing any more; the alert has been told again since.
LINK_HOURS = 24


def whom_to_alert(session: Session) -> list[Person]:
    """The staff who look after alerts; everybody who may read when nobody does."""
    return staff_who_may(session, Permission.PROTECT) or staff_who_may(session, Permission.READ)


def may_take(session: Session, by: Person) -> bool:
    if may(session, by, Permission.PROTECT):
        return True
    return not staff_who_may(session, Permission.PROTECT) and may(session, by, Permission.READ)


def alert_with(session: Session, by: Person, code: str, occasion: str = "") -> Alert | None:
    """The alert of this code. With an `occasion` the look is recorded, once for it. Raises `NotAllowed`."""
    _require(session, by)
    number = code.strip().upper().removeprefix("A")
    found = session.get(Alert, int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None
    found = alert_of(session, found) if found is not None else None
    if found is not None and occasion:
        looked(session, by, found.about, occasion)
    return found


def alerts(session: Session, by: Person, occasion: str, *, offset: int = 0, limit: int = 20) -> Sequence[Alert]:
    """Every alert, for who looks after them, as `in_order`. The look is recorded. Raises `NotAllowed`."""
    found = in_order(session, by, offset=offset, limit=limit)
    looked(session, by, "alerts", occasion)
    return found


def in_order(session: Session, by: Person, *, offset: int = 0, limit: int = 20) -> Sequence[Alert]:
    """What nobody has first, red before amber; then what is not decided, then a referral not known to have arrived;
    then the rest, newest first. That it was looked at is the caller's to record. Raises `NotAllowed`."""
    _require(session, by)
    urgency = case(
        (Alert.seen_at.is_(None) & (Alert.level == Level.RED), 0),
        (Alert.seen_at.is_(None), 1),
        (Alert.decided_at.is_(None), 2),
        (Alert.arrival_due.is_not(None) & Alert.arrived_at.is_(None), 3),
        else_=4,
    )
    return session.scalars(
        select(Alert).where(Alert.joined_to.is_(None)).order_by(urgency, Alert.id.desc()).offset(offset).limit(limit)
    ).all()


def take(session: Session, alert: Alert, by: Person) -> bool:
    """“I have it”: the repeat of this alert stops. False when somebody had it already. Raises `NotAllowed`."""
    _require(session, by)
    session.refresh(alert, with_for_update=True)
    if alert.seen_at is not None:
        return False
    moment = now()
    for row in rows_of(session, alert):
        row.seen_by, row.seen_at = by.id, moment
    drop(session, alert.about)
    record(session, by, "has alert", alert.about)
    session.flush()
    return True


def decide(session: Session, alert: Alert, by: Person, decision: str, reason: str = "") -> None:
    """What the person who has it decided, and why. Raises `NotAllowed`."""
    _require(session, by)
    moment = now()
    for row in rows_of(session, alert):
        row.decision, row.reason, row.decided_at = decision, reason, moment
        row.arrival_due = row.arrived_at = None
    drop(session, alert.about)
    record(session, by, "decided on alert", alert.about, decision)
    session.flush()


def refer(session: Session, area: Area, alert: Alert, by: Person, reason: str) -> datetime:
    """Handed on to others: by the moment that is returned it must be heard that it arrived. Raises `NotAllowed`."""
    decide(session, alert, by, Decision.REFERRED, reason)
    moment = now()
    day = answer_by(moment, 1, area.zone, area.office.closes)
    due = datetime.combine(day, area.office.closes, area.zone)
    for row in rows_of(session, alert):
        row.arrival_due, row.chased_at = due, None
    session.flush()
    return due


def referral_arrived(session: Session, alert: Alert, by: Person) -> bool:
    """Whoever it was referred to has said that it arrived. False when that was known. Raises `NotAllowed`."""
    _require(session, by)
    if alert.arrived_at is not None or alert.arrival_due is None:
        return False
    moment = now()
    for row in rows_of(session, alert):
        row.arrived_at = moment
    drop(session, alert.about)
    record(session, by, "referral arrived", alert.about)
    session.flush()
    return True


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at an alert, or at the `words` that it is about, or wanted to and may not (`refused`)."""

    person_id: int | None
    at: datetime
    words: bool
    refused: bool = False


def looks_at(session: Session, by: Person, alert: Alert, most: int = 30) -> list[Look]:
    """Who looked at it, newest first: for those who look after alerts. Raises `NotAllowed`."""
    _require(session, by)
    words = [f"feedback:{row.feedback_id}" for row in rows_of(session, alert) if row.feedback_id is not None]
    found = session.scalars(
        select(Audit)
        .where(Audit.deed.in_([LOOKED, REFUSED]), Audit.about.in_([alert.about, *words]))
        .order_by(Audit.id.desc())
        .limit(most)
    )
    return [Look(one.person_id, one.at, one.about != alert.about, one.deed == REFUSED) for one in found]


def forget_reasons(session: Session, before: datetime) -> None:
    """Of what was closed before this moment, and whose words are gone, nothing stays that was written about it, nor who
    it was about: that there was an alert, who had it, when, and what kind of thing was done."""
    closed = case((Alert.arrival_due.is_(None), Alert.decided_at), else_=Alert.arrived_at)
    something = or_(Alert.reason != "", Alert.person_id.is_not(None))
    session.execute(
        update(Alert)
        .where(closed < before, Alert.feedback_id.is_(None), something)
        .values(reason="", person_id=None, conversation_id=None)
        .execution_options(synchronize_session=False)
    )


# -- the link in an e-mail


def link_for(session: Session, alert: Alert, person: Person) -> str:
    """The secret of a new link by which this person can take this alert, once, for a day."""
    secret = new_secret()
    session.add(
        AlertLink(
            alert_id=alert.id,
            person_id=person.id,
            secret_digest=digest(secret),
            expires=now() + timedelta(hours=LINK_HOURS),
        )
    )
    return secret


def alert_by_link(session: Session, secret: str, *, use: bool = False) -> tuple[Alert, Person] | None:
    """The alert and the person that a link is for; None when it is unknown, used, too old, or its person may no longer
    take alerts: the four look the same. With `use` it is good for nothing afterwards."""
    good = AlertLink.secret_digest == digest(secret), AlertLink.used.is_(None), AlertLink.expires > now()
    if use:
        claimed = session.execute(
            update(AlertLink).where(*good).values(used=now()).returning(AlertLink.alert_id, AlertLink.person_id)
        ).one_or_none()
    else:
        claimed = session.execute(select(AlertLink.alert_id, AlertLink.person_id).where(*good)).one_or_none()
    if claimed is None:
        return None
    alert, person = session.get_one(Alert, claimed.alert_id), session.get_one(Person, claimed.person_id)
    return (alert, person) if may_take(session, person) else None


def _require(session: Session, by: Person) -> None:
    if not may_take(session, by):
        raise NotAllowed(Permission.PROTECT)
