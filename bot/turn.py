"""One message, one transaction.

`turn` is a plain, synchronous function: it claims the message's id, finds the person, runs the conversation, and
leaves state, effect and reply as rows of the transaction it was given. `Turns` has the writer run it, and only what is
committed is acknowledged.

A message that makes the code fail is kept with its error, the person is told so kindly, staff see it, and the queue
goes on: nobody's words are dropped because of a bug.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.writer import Writer
from handlers import reception
from locales import languages, speaking
from models.heard import Heard, keepable
from models.message import Message
from models.outgoing import Class, State, send, sent_in
from models.partnership import Partnership
from models.person import Address, meet
from models.received import claim


@dataclass(frozen=True, slots=True)
class Turned:
    """What a turn left behind: the person's address, the rows to be delivered now, in order, and whether others are
    to be written to as well."""

    address: int | None
    outgoing: tuple[int, ...] = ()
    others: bool = False
    repeated: bool = False


def turn(session: Session, heard: Heard, partnership: Partnership) -> Turned:
    """Handle one message, once. Writes, never commits.

    The address is found first: it is locked, so that a second process with a message of the same person waits here."""
    address = _who(session, heard, partnership)
    if not claim(session, heard.id, address_id=address.id, said=heard.text if heard.keep_words else None):
        return Turned(None, repeated=True)
    with speaking(address.person.language):
        reception.receive(session, heard, address, partnership)
    return _to_deliver(session, address)


def _who(session: Session, heard: Heard, partnership: Partnership) -> Address:
    offered = partnership.area.languages
    device = heard.language.partition("-")[0]
    language = device if device in offered and device in languages() else offered[0]
    return meet(session, heard.channel, heard.key, language)


def _to_deliver(session: Session, address: Address) -> Turned:
    """This turn's own replies are marked as being sent in its own transaction: that saves a commit of their own."""
    sent = sent_in(session)
    mine = [row for row in sent if row.address_id == address.id and row.kind is Class.REPLY]
    for row in mine:
        row.state = State.SENDING
        row.attempts = 1
    session.flush()
    return Turned(address.id, tuple(row.id for row in mine), others=len(sent) > len(mine))


def failed(session: Session, heard: Heard, partnership: Partnership, error: Exception) -> Turned:
    """Keep a message that could not be handled, and say so to the person. Writes, never commits."""
    address = _who(session, heard, partnership)
    if not claim(session, heard.id, address_id=address.id, error=type(error).__name__, kept=heard.as_json()):
        return Turned(None, repeated=True)
    with speaking(address.person.language):
        send(session, address, Message(reception.sorry()), Class.REPLY)
    return _to_deliver(session, address)


class Turns:
    """Takes messages in, each once."""

    def __init__(self, writer: Writer, partnership: Partnership) -> None:
        self.writer = writer
        self.partnership = partnership

    async def take(self, heard: Heard) -> Turned:
        """Returns once the message's work is committed. Raises what kept the database from committing."""
        heard = keepable(heard)
        return await self.writer.do(
            lambda session: turn(session, heard, self.partnership),
            lambda session, error: failed(session, heard, self.partnership, error),
        )

    def take_now(self, heard: Heard) -> Turned:
        """The same for callers without an event loop."""
        heard = keepable(heard)
        return self.writer.do_now(
            lambda session: turn(session, heard, self.partnership),
            lambda session, error: failed(session, heard, self.partnership, error),
        )
