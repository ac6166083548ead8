"""A conversation as a page shows it, read from the rows: `Received.said` is theirs, `Outgoing` is ours.

The rows are the log: nothing is kept in memory for a page that is away, so nothing is lost when the server restarts.
A page says at which moment it was last told everything; it is told what came since, a minute more to be safe, and it
knows by the entries' keys what it has already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.message import Message
from models.outgoing import Outgoing, State
from models.person import Address
from models.received import Received

# What was committed while somebody looked may carry a slightly earlier moment than the look.
OVERLAP = timedelta(minutes=1)
# Sent this much after it was due, a message stands where it arrived, and not where it should have been.
LATE = timedelta(minutes=1)
# More than any family writes in the three months that messages are kept; a page of them is still quick.
MOST_ENTRIES = 1000
SHOWN = (State.SENDING, State.SENT, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the conversation. `replaces` are entries in whose place it stands."""

    key: str
    at: datetime
    text: str
    message: Message | None = None
    number: int = 0
    files: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()

    @property
    def mine(self) -> bool:
        """Whether the person said it."""
        return self.message is None


def whole(session: Session, address: Address) -> list[Entry]:
    """The conversation, oldest first: each message once, in its last form."""
    return _in_place(_entries(session, address, None))[-MOST_ENTRIES:]


def news(session: Session, address: Address, since: datetime) -> list[Entry]:
    """Everything that may have come since then; some of it the page may know already."""
    return _in_place(_entries(session, address, since - OVERLAP))


def _entries(session: Session, address: Address, since: datetime | None) -> list[Entry]:
    found = [*_said(session, address, since), *_sent(session, address, since)]
    return sorted(found, key=lambda entry: (entry.at, not entry.mine, entry.number))


def _said(session: Session, address: Address, since: datetime | None) -> list[Entry]:
    query = (
        select(Received)
        .where(Received.address_id == address.id, or_(Received.said.is_not(None), Received.kept.is_not(None)))
        .order_by(Received.at.desc())
        .limit(MOST_ENTRIES)
    )
    if since is not None:
        query = query.where(Received.at >= since)
    files = _files(session, address)
    entries = []
    for row in session.scalars(query):
        text = row.said if row.said is not None else _kept_words(row)
        named = files.get(row.id, ())
        if text or named:
            entries.append(Entry(_key_of(row.id), row.at, text, files=named))
    return entries


def _kept_words(row: Received) -> str:
    """The words of a message that made the code fail are theirs to see as well."""
    text = str((row.kept or {}).get("text", ""))
    return "" if text.startswith("/start") else text


def _files(session: Session, address: Address) -> dict[str, tuple[str, ...]]:
    """The names of the files that came with each message."""
    rows = session.execute(
        select(Attachment.ref, Attachment.name)
        .where(Attachment.person_id == address.person_id, Attachment.channel == address.channel)
        .order_by(Attachment.id)
    )
    files: dict[str, tuple[str, ...]] = {}
    for ref, name in rows:
        message = ref.rpartition(":")[0]
        files[message] = (*files.get(message, ()), name)
    return files


def _sent(session: Session, address: Address, since: datetime | None) -> list[Entry]:
    query = (
        select(Outgoing)
        .where(Outgoing.address_id == address.id, Outgoing.state.in_(SHOWN))
        .order_by(Outgoing.id.desc())
        .limit(MOST_ENTRIES)
    )
    if since is not None:
        query = query.where(or_(Outgoing.due >= since, Outgoing.settled >= since, Outgoing.state == State.SENDING))
    return [
        Entry(
            f"m-{row.id}",
            _arrived(row),
            row.message.text,
            row.message,
            row.id,
            replaces=(f"m-{row.replaces}",) if row.replaces else (),
        )
        for row in session.scalars(query)
    ]


def _arrived(row: Outgoing) -> datetime:
    late = row.settled is not None and row.settled - row.due > LATE
    return row.settled if row.settled is not None and late else row.due


def _key_of(received_id: str) -> str:
    return "w-" + re.sub(r"[^A-Za-z0-9]+", "-", received_id.split(":", 2)[-1])


def _in_place(entries: Sequence[Entry]) -> list[Entry]:
    """Each entry that stands for an earlier one takes its place, and the press that changed it is not shown: the mark
    on the message shows it already."""
    shown: list[Entry] = []
    place_of: dict[str, int] = {}
    for place, entry in enumerate(entries):
        following = entries[place + 1] if place + 1 < len(entries) else None
        if entry.mine and following is not None and following.replaces:
            continue
        earlier = next((place_of[key] for key in entry.replaces if key in place_of), None)
        if earlier is None:
            place_of[entry.key] = len(shown)
            shown.append(entry)
        else:
            before = shown[earlier]
            place_of[entry.key] = earlier
            shown[earlier] = replace(entry, replaces=(before.key, *before.replaces))
    return shown


def as_cursor(moment: datetime) -> str:
    """A moment as a page hands it back: microseconds, UTC."""
    return str(int(moment.timestamp() * 1_000_000))


def from_cursor(cursor: str, otherwise: datetime) -> datetime:
    """`otherwise` when it is none of ours."""
    if not re.fullmatch(r"[0-9]{1,17}", cursor):
        return otherwise
    return datetime.fromtimestamp(int(cursor) / 1_000_000, UTC)
