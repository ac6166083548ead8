"""One message, one transaction.

`turn` is a plain, synchronous function: it claims the message's id, finds the person, runs the conversation, and
leaves state, effect and reply as rows of the transaction it was given. `Turns` has the writer run it, and only what is
committed is acknowledged.

A message that makes the code fail is kept with its error, the person is told so kindly, staff see it, and the queue
goes on: nobody's words are dropped because of a bug.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.figures import HEARD, TURN_SECONDS
from bot.writer import Writer
from handlers import reception
from locales import languages, speaking
from models.heard import Heard, keepable
from models.message import Message
from models.outgoing import LEAVES_HERE, Answer, answer, answers_in, sent_in
from models.partnership import Partnership
from models.person import Address, meet
from models.received import claim


@dataclass(frozen=True, slots=True)
class Turned:
    """What a turn left behind: the person's address, the replies to be delivered there now, in order, and whether
    others are to be written to as well."""

    address: int | None
    channel: str = ""
    key: str = ""
    answers: tuple[Answer, ...] = ()
    others: bool = False
    repeated: bool = False
    failed: bool = False

    @property
    def outgoing(self) -> tuple[int, ...]:
        """The rows of the replies."""
        return tuple(one.row for one in self.answers)


def turn(session: Session, heard: Heard, partnership: Partnership) -> Turned:
    """Handle one message, once. Writes, never commits.

    The address is found first: it is locked, so that a second process with a message of the same person waits here."""
    address = _who(session, heard, partnership)
    if not claim(session, heard.id, heard.mark, address_id=address.id, said=heard.text if heard.keep_words else None):
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
    return Turned(address.id, address.channel, address.key, answers_in(session), others=bool(sent_in(session)))


def failed(session: Session, heard: Heard, partnership: Partnership, error: Exception) -> Turned:
    """Keep a message that could not be handled, and say so to the person. Writes, never commits."""
    address = _who(session, heard, partnership)
    if not claim(
        session, heard.id, heard.mark, address_id=address.id, error=type(error).__name__, kept=heard.as_json()
    ):
        return Turned(None, repeated=True)
    with speaking(address.person.language):
        answer(session, address, Message(reception.sorry()))
    return replace(_to_deliver(session, address), failed=True)


class Turns:
    """Takes messages in, each once."""

    def __init__(self, writer: Writer, partnership: Partnership) -> None:
        self.writer = writer
        self.partnership = partnership
        # Of several processes, one sends (bot/shift.py); a channel's name is asked for.
        self.leaves_here: Callable[[str], bool] = lambda _channel: True
        # Told of each channel on which somebody is heard, before they are answered.
        self.heard: Callable[[str], None] = lambda _channel: None

    async def take(self, heard: Heard) -> Turned:
        """Returns once the message's work is committed. Raises what kept the database from committing."""
        heard, began = keepable(heard), time.perf_counter()
        self.heard(heard.channel)
        turned = await self.writer.do(
            lambda session: turn(self._told(session, heard), heard, self.partnership),
            lambda session, error: failed(self._told(session, heard), heard, self.partnership, error),
        )
        TURN_SECONDS.observe(time.perf_counter() - began)
        HEARD.labels(heard.channel, "repeated" if turned.repeated else "failed" if turned.failed else "handled").inc()
        return turned

    def take_now(self, heard: Heard) -> Turned:
        """The same for callers without an event loop."""
        heard = keepable(heard)
        return self.writer.do_now(
            lambda session: turn(self._told(session, heard), heard, self.partnership),
            lambda session, error: failed(self._told(session, heard), heard, self.partnership, error),
        )

    def _told(self, session: Session, heard: Heard) -> Session:
        session.info[LEAVES_HERE] = self.leaves_here(heard.channel)
        return session
