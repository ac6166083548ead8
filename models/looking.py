"""Every look at a family's words by staff is recorded, once for each occasion (a conversation)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Audit, record
from models.person import Person

LOOKED = "looked at"


def looked(session: Session, by: Person, about: str, occasion: str) -> None:
    """Safe to call again on the same occasion: a conversation runs from its top for every message."""
    before = select(Audit.id).where(
        Audit.person_id == by.id, Audit.deed == LOOKED, Audit.about == about, Audit.detail == occasion
    )
    if session.scalar(before.limit(1)) is None:
        record(session, by, LOOKED, about, occasion)
