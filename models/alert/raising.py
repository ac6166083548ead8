"""How an alert comes to be, and how an amber one becomes red. It never goes the other way."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.alert.tables import Alert, Level, Source
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
    says as much. Telling staff is the caller's. Doing it twice changes nothing."""
    before = _before(session, conversation_id, feedback_id)
    if before is not None and not _says_more(before, level):
        return None
    if before is not None and before.decided_at is None:
        # Whoever had it knew it as amber: as red it is everybody's again until somebody says so.
        before.level, before.source, before.since = level, source, now()
        before.step, before.told_at, before.seen_by, before.seen_at = 0, None, None, None
        session.flush()
        return before
    moment = now()
    alert = Alert(
        person_id=person_id,
        conversation_id=conversation_id,
        feedback_id=feedback_id,
        level=level,
        source=source,
        made=moment,
        since=moment,
    )
    session.add(alert)
    session.flush()
    return alert


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
