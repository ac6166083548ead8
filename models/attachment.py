"""A photo, voice note or file that somebody sent: kept and passed on as it came.

The row is made in the message's own transaction; a channel that only handed over a reference is asked for the content
afterwards, and again until it comes, so that a slow download never holds a conversation up.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from models.database import Base, now
from models.heard import Attached

# Telegram hands files of up to 20 MB to bots; the web chat takes the same.
MOST_BYTES = 20 * 1024 * 1024


class Attachment(Base):
    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # Empty until the words that it belongs to have been sent.
    feedback_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str]
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    channel: Mapped[str]
    ref: Mapped[str]
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    made: Mapped[datetime] = mapped_column(default=now)
    fetched: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


def keep(session: Session, person_id: int, channel: str, attached: Attached) -> Attachment:
    """Keep what came with a message; without its content it is fetched later (`to_fetch`)."""
    row = Attachment(
        person_id=person_id,
        kind=attached.kind,
        name=attached.name,
        mime=attached.mime,
        size=attached.size,
        channel=channel,
        ref=attached.ref,
        content=attached.content,
        fetched=now() if attached.content is not None else None,
    )
    session.add(row)
    session.flush()
    return row


def to_fetch(session: Session, channel: str, most_tries: int = 8) -> list[Attachment]:
    """What has come without its content: tried again on every sweep, up to `most_tries` times."""
    found = session.scalars(
        select(Attachment)
        .where(Attachment.channel == channel, Attachment.fetched.is_(None), Attachment.tries < most_tries)
        .order_by(Attachment.id)
        .limit(20)
    )
    return list(found)
