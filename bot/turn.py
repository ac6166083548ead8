"""One message, one transaction.

`turn` is a plain, synchronous function: it claims the message's id, finds the person, runs the conversation, and
leaves state, effect and reply as rows of the transaction it was given. `Turns` runs it: those that wait together share
one commit, each in a savepoint of its own, and only what is committed is acknowledged.

A message that makes the code fail is kept with its error, the person is told so kindly, staff see it, and the queue
goes on: nobody's words are dropped because of a bug.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from handlers import reception
from handlers.reception import sorry
from locales import languages, speaking
from models.heard import Heard
from models.message import Message
from models.outgoing import Class, State, send, sent_in
from models.partnership import Partnership
from models.person import Address, meet
from models.received import Received, claim

log = structlog.get_logger()

# So many waiting turns share a commit; more would make the first of them wait for the last.
SHARE_A_COMMIT = 64


@dataclass(frozen=True, slots=True)
class Turned:
    """What a turn left behind: the person's address, and the messages to be delivered now, in order."""

    address: int | None
    outgoing: tuple[int, ...] = ()
    repeated: bool = False


def turn(session: Session, heard: Heard, partnership: Partnership) -> Turned:
    """Handle one message, once. Writes, never commits."""
    if not claim(session, heard.id):
        return Turned(None, repeated=True)
    address = _who(session, heard, partnership)
    received = session.get_one(Received, heard.id)
    received.address_id = address.id
    received.said = heard.text if heard.keep_words else None
    with speaking(address.person.language):
        reception.receive(session, heard, address, partnership)
    return Turned(address.id, _to_deliver(session, address))


def _who(session: Session, heard: Heard, partnership: Partnership) -> Address:
    offered = partnership.area.languages
    device = heard.language.partition("-")[0]
    language = device if device in offered and device in languages() else offered[0]
    return meet(session, heard.channel, heard.key, language)


def _to_deliver(session: Session, address: Address) -> tuple[int, ...]:
    """This turn's own replies are marked as being sent in its own transaction: that saves a commit of their own."""
    now_for_them = [row for row in sent_in(session) if row.address_id == address.id and row.kind is Class.REPLY]
    for row in now_for_them:
        row.state = State.SENDING
        row.attempts = 1
    session.flush()
    return tuple(row.id for row in now_for_them)


def failed(session: Session, heard: Heard, partnership: Partnership, error: Exception) -> Turned:
    """Keep a message that could not be handled, and say so to the person. Writes, never commits."""
    if not claim(session, heard.id):
        return Turned(None, repeated=True)
    address = _who(session, heard, partnership)
    received = session.get_one(Received, heard.id)
    received.address_id = address.id
    received.error = type(error).__name__
    received.kept = heard.as_json()
    with speaking(address.person.language):
        send(session, address, Message(sorry()), Class.REPLY)
    return Turned(address.id, _to_deliver(session, address))


@dataclass(slots=True)
class _Waiting:
    heard: Heard
    done: Callable[[Turned | BaseException], None]


class Turns:
    """Runs turns one after the other in a thread of its own, in the order in which they came.

    On SQLite there is one writer anyway, and what waits together shares its commit.
    """

    def __init__(self, engine: Engine, partnership: Partnership) -> None:
        self.engine = engine
        self.partnership = partnership
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="turns", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finishes what waits, then ends."""
        self._queue.put(None)
        self._thread.join()

    async def take(self, heard: Heard) -> Turned:
        """Handle a message; returns once that is committed. Raises what kept the database from committing."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Turned] = loop.create_future()

        def done(result: Turned | BaseException) -> None:
            loop.call_soon_threadsafe(_settle, future, result)

        self._queue.put(_Waiting(heard, done))
        return await future

    def take_now(self, heard: Heard) -> Turned:
        """The same for callers without an event loop: one message, one commit, here and now."""
        [result] = self.commit([heard])
        return result

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ended = [first], False
            while len(batch) < SHARE_A_COMMIT and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ended = True
                    break
                batch.append(following)
            self._settle_batch(batch)
            if ended:
                return

    def _settle_batch(self, batch: Sequence[_Waiting]) -> None:
        try:
            results: Sequence[Turned | BaseException] = self.commit([one.heard for one in batch])
        except Exception as error:
            log.error("turns not committed", count=len(batch), **what_failed(error))
            results = [error] * len(batch)
        for waiting, result in zip(batch, results, strict=True):
            waiting.done(result)

    def commit(self, batch: Sequence[Heard]) -> list[Turned]:
        """Handle these messages in one transaction, each in a savepoint of its own.

        Raises what kept the whole of it from being committed; then none of them has been handled.
        """
        with self.engine.connect() as connection, connection.begin():
            return [self._one(Session(connection, join_transaction_mode="create_savepoint"), heard) for heard in batch]

    def _one(self, session: Session, heard: Heard) -> Turned:
        try:
            with session, session.begin():
                return turn(session, heard, self.partnership)
        except OperationalError:
            raise  # the database, not this message: nothing of the batch can be kept
        except Exception as error:
            log.error("turn failed", id=heard.id, **what_failed(error))
            with Session(session.get_bind(), join_transaction_mode="create_savepoint") as again, again.begin():
                return failed(again, heard, self.partnership, error)


def what_failed(error: BaseException) -> dict[str, str]:
    """For the log: the kind of error and where, never its text, which may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return {"error": type(error).__name__, "where": where}


def _settle(future: asyncio.Future[Turned], result: Turned | BaseException) -> None:
    if future.cancelled():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def unhandled(session: Session) -> list[Received]:
    """Messages that made the code fail and that nobody has dealt with, oldest first."""
    return list(
        session.scalars(
            select(Received).where(Received.error.is_not(None), Received.dealt_with.is_(None)).order_by(Received.at)
        )
    )
