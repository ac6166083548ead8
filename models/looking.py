"""Every look at a family's words by staff is recorded, once for each occasion (a conversation), and so is every refused
attempt to look at those that are closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import Audit, record
from models.person import Person

LOOKED = "looked at"
REFUSED = "refused"


def looked(session: Session, by: Person, about: str, occasion: str) -> None:
    """Safe to call again on the same occasion: a conversation runs from its top for every message."""
    if when_looked(session, by, about, occasion) is None:
        record(session, by, LOOKED, about, occasion)


def refused(session: Session, by: Person, about: str, occasion: str) -> None:
    """The same for who wanted to look and may not."""
    if _when(session, by, REFUSED, about, occasion) is None:
        record(session, by, REFUSED, about, occasion)


def when_looked(session: Session, by: Person, about: str, occasion: str) -> datetime | None:
    """When they first looked at it on this occasion (UTC); None when they have not."""
    return _when(session, by, LOOKED, about, occasion)


def _when(session: Session, by: Person, deed: str, about: str, occasion: str) -> datetime | None:
    return session.scalar(
        select(func.min(Audit.at)).where(
            Audit.person_id == by.id, Audit.deed == deed, Audit.about == about, Audit.detail == occasion
        )
    )
