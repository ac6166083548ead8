"""The inbox key: every message that reached us, by the channel's own id, once.

Claimed by INSERT inside the message's own transaction: whoever comes second with the same id does nothing. Ids are
never compared for size, since a channel's numbers may jump after a quiet week.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ForeignKey, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.at_once import Ready
from models.database import Base, now


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


def claim(session: Session, heard_id: str, **what: Any) -> bool:
    """Whether this message is new; if so, its row is there with `what` in it. It stands or falls with the
    transaction."""
    dialect = session.get_bind().dialect.name
    return bool(_claim(dialect, tuple(what)).rows(session, {"id": heard_id, "at": now(), **what}))


@cache
def _claim(dialect: str, what: tuple[str, ...]) -> Ready:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table = cast("Table", Received.__table__)  # not through the ORM
    return Ready(insert(table).on_conflict_do_nothing().returning(table.c.id), ("id", "at", *what))


def unhandled(session: Session) -> list[Received]:
    """Messages that made the code fail and that nobody has dealt with, oldest first."""
    query = select(Received).where(Received.error.is_not(None), Received.dealt_with.is_(None)).order_by(Received.at)
    return list(session.scalars(query))
