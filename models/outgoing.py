"""Every message to be sent: a row with its due time, its class and its state.

A row is made in the transaction that decided to send it, and sent after that has been committed. A channel has no key
by which it would know a message again, so exactly-once is impossible. What holds: nobody gets it twice, nobody is
missed silently, and each message of unknown fate is listed. What happens to an unknown one depends on its class
(DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.at_once import insert_row
from models.database import Base, now
from models.message import Message
from models.person import Address


class Class(StrEnum):
    """Why a message is sent; it decides its lane, and what becomes of it when nobody knows whether it arrived."""

    ALERT = "alert"  # somebody may be at risk: repeats until a person says "I have it"
    REPLY = "reply"  # an answer in a conversation: repeats
    RECEIPT = "receipt"  # what became of your words: repeats
    REMINDER = "reminder"  # tries once more
    BROADCAST = "broadcast"  # never repeats by itself: staff see the list


class State(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"  # refused for good, or parked for staff
    DROPPED = "dropped"  # no longer wanted: stopped, cancelled, over


# Replies and safety first; the rest uses what is left of the ceiling.
FIRST_LANE = (Class.ALERT, Class.REPLY, Class.RECEIPT)
SECOND_LANE = (Class.REMINDER, Class.BROADCAST)
URGENCY = {Class.ALERT: 0, Class.REPLY: 1, Class.RECEIPT: 2, Class.REMINDER: 3, Class.BROADCAST: 4}


class Outgoing(Base):
    __tablename__ = "outgoing"
    __table_args__ = (Index("ix_outgoing_due", "state", "urgency", "due"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"), index=True)
    body: Mapped[dict[str, Any]]
    kind: Mapped[Class]
    urgency: Mapped[int]
    state: Mapped[State] = mapped_column(default=State.WAITING)
    due: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    # What it belongs to ("broadcast:7", "meeting:3"), so that it can be counted, moved or dropped with it.
    about: Mapped[str | None] = mapped_column(index=True)
    # The channel's own number of the sent message, and of the message that it stands in the place of.
    channel_ref: Mapped[str | None]
    replaces: Mapped[str | None]
    error: Mapped[str | None]
    made: Mapped[datetime] = mapped_column(default=now)
    settled: Mapped[datetime | None]

    @property
    def message(self) -> Message:
        return Message.from_json(self.body)


def send(
    session: Session,
    address: Address,
    message: Message,
    kind: Class,
    *,
    due: datetime | None = None,
    about: str | None = None,
    replaces: str | None = None,
) -> Outgoing:
    """Have a message sent at `due` (UTC; now, unless given) once this transaction is committed."""
    row = Outgoing(
        address_id=address.id,
        body=message.as_json(),
        kind=kind,
        urgency=URGENCY[kind],
        due=due or now(),
        about=about,
        replaces=replaces,
    )
    session.add(row)
    session.info.setdefault("outgoing", []).append(row)
    return row


# What a session knows of the process that it is in: whether replies leave from here.
LEAVES_HERE = "replies leave from here"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as it leaves with its turn: its row is marked as being sent already."""

    row: int
    message: Message
    replaces: str | None = None


def answer(session: Session, address: Address, message: Message, *, replaces: str | None = None) -> None:
    """Reply to whoever is being served. Not inside a flow.

    It is marked as being sent in the transaction that makes it: that saves a commit of its own. And it is sent as it is
    in memory: that saves reading it again. Where another process sends (`session.info[LEAVES_HERE]` is False), it waits
    for it like any other message."""
    session.flush()  # what was written to them before goes before it
    moment = now()
    here = session.info.get(LEAVES_HERE, True)
    number = insert_row(
        session,
        Outgoing,
        address_id=address.id,
        body=message.as_json(),
        kind=Class.REPLY,
        urgency=URGENCY[Class.REPLY],
        state=State.SENDING if here else State.WAITING,
        due=moment,
        attempts=1 if here else 0,
        replaces=replaces,
        made=moment,
    )
    if here:
        session.info.setdefault("answers", []).append(Answer(number, message, replaces))


def answers_in(session: Session) -> tuple[Answer, ...]:
    """What was given to `answer` in this session."""
    return tuple(session.info.get("answers", ()))


def sent_in(session: Session) -> list[Outgoing]:
    """What was given to `send` in this session and not taken back since."""
    return [row for row in session.info.get("outgoing", ()) if row in session]


def drop(session: Session, about: str, address: Address | None = None) -> int:
    """What is about this is no longer wanted (at this address, or at any): nothing of it that still waits is sent.
    Returns how many."""
    there = [Outgoing.address_id == address.id] if address is not None else []
    done = session.execute(
        update(Outgoing)
        .where(Outgoing.about == about, Outgoing.state == State.WAITING, *there)
        .values(state=State.DROPPED, settled=now())
    )
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def hold_at_night(session: Session, about: str, moment: datetime, until: datetime) -> int:
    """What is due of this (a pattern of SQL's LIKE) and could not be sent by day waits for the morning."""
    held = session.execute(
        update(Outgoing)
        .where(Outgoing.about.like(about), Outgoing.state == State.WAITING, Outgoing.due <= moment)
        .values(due=until)
        .execution_options(synchronize_session=False)
    )
    return held.rowcount  # type: ignore[attr-defined,no-any-return]  # an UPDATE has one


def due(
    session: Session,
    channels: Iterable[str],
    most: int,
    *,
    kinds: Iterable[Class],
    but: Mapping[str, Sequence[str]] | None = None,
) -> list[Outgoing]:
    """What is to be sent now of these kinds on these channels, most urgent and oldest first, except to the keys in
    `but` (of each channel). Whoever shut us out is left alone."""
    urgencies = [URGENCY[kind] for kind in kinds]
    not_now = [~((Address.channel == channel) & Address.key.in_(keys)) for channel, keys in (but or {}).items() if keys]
    query = (
        select(Outgoing)
        .join(Address, Address.id == Outgoing.address_id)
        .where(
            Outgoing.state == State.WAITING,
            Outgoing.urgency.in_(urgencies),
            Outgoing.due <= now(),
            Address.channel.in_(channels),
            Address.blocked_at.is_(None),
            *not_now,
        )
        .order_by(Outgoing.urgency, Outgoing.due, Outgoing.id)
        .limit(most)
        .with_for_update(of=Outgoing, skip_locked=True)
    )
    return list(session.scalars(query))


def begin(row: Outgoing) -> None:
    """An attempt is on its way: committed before the channel is called, so that a crash leaves a trace of it."""
    row.state, row.attempts = State.SENDING, row.attempts + 1


def arrived(row: Outgoing, channel_ref: str) -> None:
    row.state, row.channel_ref, row.settled, row.error = State.SENT, channel_ref, now(), None


def all_arrived(session: Session, refs: Mapping[int, str]) -> None:
    """The same for many at once (the channel's numbers by our rows): 5 µs each instead of 300."""
    outgoing = cast("Table", Outgoing.__table__)
    moment = now()
    session.connection().execute(
        update(outgoing).where(outgoing.c.id == bindparam("row")).values(state=State.SENT, settled=moment, error=None),
        [{"row": row, "channel_ref": ref} for row, ref in refs.items()],
    )


def put_back(row: Outgoing, seconds: float, reason: str) -> None:
    """It certainly did not arrive, and may be tried again after so many seconds."""
    row.state, row.due, row.error = State.WAITING, now() + timedelta(seconds=seconds), reason


def give_up(row: Outgoing, reason: str) -> None:
    """It will not be sent as it is: it waits on staff's list."""
    row.state, row.settled, row.error = State.NOT_SENT, now(), reason


def settle_interrupted(session: Session, ids: Sequence[int] | None = None) -> int:
    """Messages whose sending was cut off (by a crash, or an answer that never came): decide by class.

    Without `ids`: every one that an earlier process left as `sending`. Returns how many there were.
    """
    query = select(Outgoing).where(Outgoing.state == State.SENDING)
    if ids is not None:
        query = query.where(Outgoing.id.in_(ids))
    rows = list(session.scalars(query))
    for row in rows:
        fate_unknown(row)
    return len(rows)


def marked(session: Session, channels: Iterable[str]) -> set[int]:
    """The rows that are marked as being sent on these channels."""
    query = select(Outgoing.id).join(Address, Address.id == Outgoing.address_id)
    return set(session.scalars(query.where(Outgoing.state == State.SENDING, Address.channel.in_(channels))))


def never_left(session: Session, ids: Iterable[int], seconds: float = 0) -> None:
    """What was marked as being sent, and certainly was not, waits so long as if it had not been tried."""
    for row in session.scalars(select(Outgoing).where(Outgoing.id.in_(ids), Outgoing.state == State.SENDING)):
        row.attempts = max(row.attempts - 1, 0)
        put_back(row, seconds, "never left")


def fate_unknown(row: Outgoing) -> None:
    """Nobody knows whether it arrived (DESIGN 5): alerts, replies and receipts repeat, a reminder tries once more,
    a broadcast never repeats by itself."""
    again = row.kind in FIRST_LANE or (row.kind is Class.REMINDER and row.attempts < 2)
    if again:
        row.state, row.due = State.WAITING, now() + pause_before(row.attempts)
    else:
        row.state, row.settled = State.UNKNOWN, now()


def pause_before(attempts: int) -> timedelta:
    """Two seconds, doubling, at most five minutes: a channel that is down is not hammered."""
    return timedelta(seconds=min(2 ** max(attempts, 1), 300))
