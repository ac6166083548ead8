"""All writing goes through here: jobs that wait together share one transaction and one commit.

A job is a function of a `Session`, and may be run again: it does nothing but read and write rows. Jobs are run
together first, without savepoints, which saves each a sixth of its time. If one fails, all of it is rolled back and
each runs again in a savepoint of its own, so that the one that fails takes nothing of the others with it; a rescue,
where one is given, then runs in its place. What `do` returns has been committed.

Measured on SQLite with `synchronous=FULL`: 200 messages at once, a commit each, took ten times as long as with shared
commits. There is one writer on SQLite anyway, so one thread does it, in the order in which jobs came.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

log = structlog.get_logger()

Result = TypeVar("Result")
Job = Callable[[Session], Result]
Rescue = Callable[[Session, Exception], Result]

# So many waiting jobs share a commit, usually; with more, the first would wait too long for the last.
SHARE_A_COMMIT = 64
# How often one is tried that other processes stand in the way of.
TRIES = 5
DEADLOCK = "40P01"  # what PostgreSQL calls it


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    job: Job[Any]
    rescue: Rescue[Any] | None
    # Whoever waits for it, and in which loop; None for callers without one.
    future: asyncio.Future[Any] | None = None
    loop: asyncio.AbstractEventLoop | None = None


class Writer:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # So many waiting jobs share a commit; whoever hears from afar sets it lower (bot/channels/telegram/polling.py).
        self.share = SHARE_A_COMMIT
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._patient: deque[_Waiting] = deque()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finishes what waits, then ends."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    async def do(
        self, job: Job[Result], rescue: Rescue[Result] | None = None, *, company_seconds: float = 0.0
    ) -> Result:
        """Returns once the job's work is committed. Raises what the job raised (without a rescue), or what kept the
        database from committing; then nothing of it is left.

        `company_seconds`: so long it may wait for another job, to share its commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        waiting = _Waiting(job, rescue, future, loop)
        if company_seconds:
            self._patient.append(waiting)
            loop.call_later(company_seconds, self._wait_no_longer, waiting)
        else:
            self._queue.put(waiting)
        return await future

    def _wait_no_longer(self, waiting: _Waiting) -> None:
        with contextlib.suppress(ValueError):  # it went with another one
            self._patient.remove(waiting)
            self._queue.put(waiting)

    def do_now(self, job: Job[Result], rescue: Rescue[Result] | None = None) -> Result:
        """The same for callers without an event loop, in a transaction of its own."""
        [result] = self._commit([_Waiting(job, rescue)])
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[no-any-return]  # what the job returned

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ended = [first], False
            while len(batch) < self.share and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ended = True
                    break
                batch.append(following)
            batch += self._company()
            try:
                results = self._commit(batch)
            except Exception as error:
                log.error("not committed", jobs=len(batch), **what_failed(error))
                results = [error] * len(batch)
            _tell(batch, results)
            if ended:
                return

    def _company(self) -> list[_Waiting]:
        found = []
        with contextlib.suppress(IndexError):
            while True:
                found.append(self._patient.popleft())
        return found

    def _commit(self, batch: Sequence[_Waiting]) -> list[Any]:
        try:
            return self._together(batch)
        except OperationalError as error:
            if not _stood_in_each_others_way(error):
                raise
        return [self._by_itself(waiting) for waiting in batch]

    def _by_itself(self, waiting: _Waiting) -> Any:
        """Two processes on PostgreSQL each held somebody whom the other one waited for, and this one had to let go.
        One message holds few people at a time: by itself it is hardly in anybody's way."""
        for tries_left in reversed(range(TRIES)):
            try:
                return self._together([waiting])[0]
            except OperationalError as error:
                if not tries_left or not _stood_in_each_others_way(error):
                    return error
        return None

    def _together(self, batch: Sequence[_Waiting]) -> list[Any]:
        try:
            with (
                self.engine.begin() as connection,
                Session(connection, expire_on_commit=False) as session,
                session.begin(),
            ):
                return [_without_savepoint(session, waiting.job) for waiting in batch]
        except _JobFailed:
            with self.engine.begin() as connection:
                return [self._run(connection, waiting) for waiting in batch]

    def _run(self, connection: Any, waiting: _Waiting) -> Any:
        try:
            return _in_savepoint(connection, waiting.job)
        except OperationalError:
            raise  # the database, not this job: nothing of the batch can be kept
        except Exception as error:
            if waiting.rescue is None:
                return error
            rescue, problem = waiting.rescue, error
            log.error("job failed", **what_failed(error))
            return _in_savepoint(connection, lambda session: rescue(session, problem))


class _JobFailed(Exception):
    """Not the database: one of the jobs."""


def _stood_in_each_others_way(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def _without_savepoint(session: Session, job: Job[Result]) -> Result:
    """Each finds the session as new: a session of its own took 32 µs."""
    try:
        result = job(session)
        session.flush()
        session.expunge_all()
        session.info.clear()
    except OperationalError:
        raise  # the database, not this job: nothing of the batch can be kept
    except Exception as error:
        raise _JobFailed from error
    return result


def _in_savepoint(connection: Any, job: Job[Result]) -> Result:
    with (
        Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
        session.begin(),
    ):
        return job(session)


def _tell(batch: Sequence[_Waiting], results: Sequence[Any]) -> None:
    """All who wait in one loop are told at once: to wake it for each would have it take the interpreter from here as
    often."""
    settled: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for waiting, result in zip(batch, results, strict=True):
        if waiting.future is not None and waiting.loop is not None:
            settled.setdefault(waiting.loop, []).append((waiting.future, result))
    for loop, them in settled.items():
        with contextlib.suppress(RuntimeError):  # it has been closed meanwhile: nobody is left to be told
            loop.call_soon_threadsafe(_settle, them)


def _settle(them: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in them:
        if future.cancelled():
            continue
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)


def what_failed(error: BaseException) -> dict[str, str]:
    """For the log: the kind of error and where, never its text, which may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return {"error": type(error).__name__, "where": where}
