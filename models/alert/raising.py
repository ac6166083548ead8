"""How an alert comes to be, how an amber one becomes red, and how more of the same joins it. It never becomes less."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from models.alert.tables import Alert, Level, Source, Words
from models.at_once import Ready, read_at_once
from models.database import now


def raise_alert(
    session: Session,
    person_id: int | None,
    *,
    level: Level = Level.RED,
    source: Source = Source.WORDS,
    conversation_id: int | None = None,
    feedback_id: int | None = None,
) -> Alert | None:
    """The alert that somebody has to be told of now; None when this conversation or feedback has one already that
    says as much. What the same person says elsewhere while one about them is open joins it, and it is that one which
    has to be told of again. Telling staff is the caller's. Doing it twice changes nothing."""
    before = _before(session, conversation_id, feedback_id)
    if before is not None and not _says_more(before, level):
        return None
    if before is not None and before.decided_at is None:
        _made_worse(session, before, level, source)
        return alert_of(session, before)
    moment = now()
    joined = _open_one_of(session, person_id)
    alert = Alert(
        person_id=person_id,
        conversation_id=conversation_id,
        feedback_id=feedback_id,
        words=Words.SENT if feedback_id is not None else Words.AWAITED,
        level=level,
        source=source,
        made=moment,
        since=moment,
    )
    session.add(alert)
    if joined is not None:
        alert.joined_to, alert.seen_by, alert.seen_at = joined.id, joined.seen_by, joined.seen_at
        if alert.red and not joined.red:
            _made_worse(session, joined, level, source)
    session.flush()
    return joined or alert


def alert_of(session: Session, one: Alert) -> Alert:
    """The alert that this belongs to: itself, unless it joined another."""
    return session.get_one(Alert, one.joined_to) if one.joined_to is not None else one


def rows_of(session: Session, alert: Alert) -> list[Alert]:
    """The alert itself and what has joined it, oldest first."""
    return list(
        session.scalars(select(Alert).where(or_(Alert.id == alert.id, Alert.joined_to == alert.id)).order_by(Alert.id))
    )


def _made_worse(session: Session, one: Alert, level: Level, source: Source) -> None:
    """Whoever had it knew it as amber: as red it is everybody's again until somebody says so."""
    moment = now()
    alert = alert_of(session, one)
    for row in {one.id: one, alert.id: alert}.values():
        row.level, row.source, row.since = level, source, moment
    alert.step, alert.told_at = 0, None
    for row in rows_of(session, alert):
        row.seen_by, row.seen_at = None, None
    session.flush()


def _open_one_of(session: Session, person_id: int | None) -> Alert | None:
    """The alert about this person on which nobody has decided yet."""
    if person_id is None:
        return None
    mine = Alert.person_id == person_id, Alert.joined_to.is_(None), Alert.decided_at.is_(None)
    return session.scalar(select(Alert).where(*mine).order_by(Alert.id.desc()).limit(1))


def words_kept_back(session: Session, conversation_id: int) -> list[Alert]:
    """They have said that what they wrote in this conversation is not passed on. Returns the alerts that are still open
    and have nothing to read now."""
    found = session.scalars(
        select(Alert).where(Alert.conversation_id == conversation_id, Alert.words == Words.AWAITED)
    ).all()
    for one in found:
        one.words = Words.KEPT_BACK
    session.flush()
    return [alert_of(session, one) for one in found if one.open]


def would_tell(session: Session, level: Level, conversation_id: int | None) -> bool:
    """Whether words of this level in this conversation are news, to the person and to staff."""
    before = alerted_in(session, conversation_id)
    return before is None or _says_more(before, level)


def _says_more(before: Alert, level: Level) -> bool:
    """What comes after a decision is new; before it, only what is worse."""
    return before.decided_at is not None or (level is Level.RED and not before.red)


def _before(session: Session, conversation_id: int | None, feedback_id: int | None) -> Alert | None:
    found = alerted_in(session, conversation_id)
    if found is None and feedback_id is not None:
        found = session.scalar(select(Alert).where(Alert.feedback_id == feedback_id).order_by(Alert.id.desc()).limit(1))
    return found


def alerted_in(session: Session, conversation_id: int | None) -> Alert | None:
    """The newest alert that this conversation has raised, if any."""
    if conversation_id is None:
        return None
    return next(iter(read_at_once(session, Alert, _NEWEST_IN, {"conversation": conversation_id})), None)


def red_in(session: Session, conversation_id: int) -> bool:
    """Whether words of this conversation have raised a red alert. Reads no row: a flow may ask that in the midst."""
    red = select(Alert.id).where(Alert.conversation_id == conversation_id, Alert.level == Level.RED)
    return session.scalar(red.limit(1)) is not None


def alerted_since(session: Session, person_id: int, since: datetime) -> list[Alert]:
    """What this person wrote since then (UTC) that has raised an alert, oldest first."""
    query = select(Alert).where(Alert.person_id == person_id, Alert.made >= since)
    return list(session.scalars(query.order_by(Alert.id)))


# Everything that a family sends asks.
_NEWEST_IN = Ready(
    select(*Alert.__table__.columns)
    .where(Alert.conversation_id == bindparam("conversation"))
    .order_by(Alert.id.desc())
    .limit(1)
)


def alerted_about(session: Session, feedback_id: int | None) -> bool:
    if feedback_id is None:
        return False
    return session.scalar(select(Alert.id).where(Alert.feedback_id == feedback_id).limit(1)) is not None
