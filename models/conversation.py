"""A conversation: the named answers so far, and the question that is open.

That is the whole state. It lives in the transaction of the message that changed it, so a crash leaves it either
before or after that message, never between. One conversation of a person is current; others wait, newest first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.at_once import Ready, add_at_once, change_at_once, read_at_once
from models.database import Base, now


class Conversation(Base):
    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "ix_conversation_going_on",
            "person_id",
            "touched",
            sqlite_where=text("ended IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # an old button must never meet a new conversation under its number
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    flow: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    open: Mapped[str | None]
    # How often running the open question was not understood.
    misses: Mapped[int] = mapped_column(default=0)
    touched: Mapped[datetime] = mapped_column(default=now)
    # Since when something else has gone before it; words are not taken for its answers meanwhile.
    parked: Mapped[datetime | None]
    nudged: Mapped[datetime | None]
    ended: Mapped[datetime | None]


def going_on(session: Session, person_id: int) -> list[Conversation]:
    """The person's unfinished conversations, the current one first."""
    return read_at_once(session, Conversation, _GOING_ON, {"person": person_id})


# Every turn asks.
_GOING_ON = Ready(
    select(*Conversation.__table__.columns)
    .where(Conversation.person_id == bindparam("person"), Conversation.ended.is_(None))
    .order_by(Conversation.touched.desc(), Conversation.id.desc())
)


def begin(session: Session, person_id: int, flow: str, answers: dict[str, Any]) -> Conversation:
    """A new conversation, with these answers filled in. Not inside a flow."""
    return add_at_once(
        session,
        Conversation,
        person_id=person_id,
        flow=flow,
        answers=answers,
        open=None,
        misses=0,
        touched=now(),
        parked=None,
        nudged=None,
        ended=None,
    )


def finish(session: Session, conversation: Conversation) -> None:
    """What `end` does, at once. Not inside a flow."""
    moment = now()
    change_at_once(session, conversation, touched=moment, ended=moment, answers={}, open=None)


def ended_between(session: Session, person_id: int, start: datetime, stop: datetime) -> bool:
    """Whether a conversation of this person ended from `start` on and before `stop`."""
    ended = select(Conversation.id).where(
        Conversation.person_id == person_id, Conversation.ended >= start, Conversation.ended < stop
    )
    return session.scalar(ended.limit(1)) is not None


def end(conversation: Conversation) -> None:
    """Finished or thrown away: its number stays, so that its old buttons can explain; its words go."""
    conversation.ended = now()
    conversation.answers = {}
    conversation.open = None
