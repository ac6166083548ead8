"""Messages that made the code fail: kept whole until staff have dealt with them, so that nobody's words are lost."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.looking import looked
from models.person import Person
from models.received import Received, unhandled
from models.role import Permission, require


def failed_messages(session: Session, by: Person) -> Sequence[Received]:
    """Those that nobody has dealt with, oldest first. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    return unhandled(session)


def look_at(session: Session, message: Received, by: Person, occasion: str) -> str:
    """The words of one, for those who may read; the look is recorded. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    looked(session, by, f"received:{message.id}", occasion)
    return str((message.kept or {}).get("text", ""))


def deal_with(session: Session, message: Received, by: Person) -> None:
    """Dealt with: it leaves the list and its words go. Raises `NotAllowed`."""
    require(session, by, Permission.ANSWER)
    message.dealt_with, message.kept = now(), None
    record(session, by, "dealt with", f"received:{message.id}")
