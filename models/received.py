"""The inbox key: every message that reached us, by the channel's own id, once.

Claimed by INSERT inside the message's own transaction: whoever comes second with the same id does nothing. Ids are
never compared for size, since a channel's numbers may jump after a quiet week. Then they may also pass through numbers
that were given before: what has the number of an earlier message and another mark is another message, and is kept under
a key of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ForeignKey, Table, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.at_once import Ready
from models.database import Base, insert_unless_there, now

# No channel hands a message over again after so long (Telegram: a day). Only for rows of releases that kept no mark.
STILL_THE_SAME = timedelta(days=2)


class Received(Base):
    __tablename__ = "received"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"), index=True)
    # The words as a channel without a history of its own must show them again (the web chat).
    said: Mapped[str | None]
    # A message that made the code fail: what went wrong, and the whole message, until staff have dealt with it.
    error: Mapped[str | None]
    kept: Mapped[dict[str, Any] | None]
    dealt_with: Mapped[datetime | None]
    # What tells it from another message that is given the same number (`Heard.mark`).
    mark: Mapped[str | None]


def claim(session: Session, heard_id: str, mark: str = "", **what: Any) -> str | None:
    """The key of its row, with `what` in it, if this message is new; it stands or falls with the transaction."""
    values = {"at": now(), "mark": mark or None, **what}
    if _inserted(session, heard_id, values):
        return heard_id
    if not mark or _is_the_same(session, heard_id, mark):
        return None
    another = f"{heard_id}:{mark}"
    return another if _inserted(session, another, values) else None


def _inserted(session: Session, key: str, values: dict[str, Any]) -> bool:
    dialect = session.get_bind().dialect.name
    return bool(_claim(dialect, tuple(values)).rows(session, {"id": key, **values}))


def _is_the_same(session: Session, key: str, mark: str) -> bool:
    for earlier, at in session.execute(select(Received.mark, Received.at).where(Received.id == key)):
        return earlier == mark if earlier else bool(at > now() - STILL_THE_SAME)
    return False


@cache
def _claim(dialect: str, what: tuple[str, ...]) -> Ready:
    table = cast("Table", Received.__table__)  # not through the ORM
    return Ready(insert_unless_there(dialect, table).returning(table.c.id), ("id", *what))


def unhandled(session: Session) -> list[Received]:
    """Messages that made the code fail and that nobody has dealt with, oldest first."""
    query = select(Received).where(Received.error.is_not(None), Received.dealt_with.is_(None)).order_by(Received.at)
    return list(session.scalars(query))
