"""Of several processes that serve one partnership, one at a time is on shift: it sends, and does what must be done
once (asks Telegram for messages where there is no webhook, fetches files).

That keeps the ceiling of messages a second over all machines, and each person's messages in their order. Whoever is on
shift holds a lock that PostgreSQL keeps for exactly as long as the connection lives: a process that was killed has lost
it, and one that only thinks that it still has it is told so by the database before it takes another message to send.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from bot.bells import connect
from bot.post import Post
from bot.writer import what_failed

log = structlog.get_logger()

# Two numbers that name the lock: any will do, if no other program on this database uses them.
LOCK = (0x594F5553, 1)
# How often it is tried while another process has it, and looked after while we have it.
TRY_EVERY, LOOK_EVERY, NO_ANSWER = 0.5, 2.0, 5.0

_HELD = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    " AND classid = :one AND objid = :two AND objsubid = 2 AND (CAST(:pid AS integer) IS NULL OR pid = :pid))"
)


def on_shift(session: Session, pid: int | None = None) -> bool:
    """Whether anybody is on shift; with `pid`, whether that connection of the server's is."""
    return bool(session.scalar(_HELD, {"one": LOCK[0], "two": LOCK[1], "pid": pid}))


class Shift:
    def __init__(self, url: URL, post: Post, duties: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()) -> None:
        """`duties` go on, beside the post, for as long as the shift lasts."""
        self.url, self.post, self.duties = url, post, duties
        self.ended = asyncio.Event()
        # Set when the database went away under us; whoever looks after it (bot/together.py) clears it.
        self.lost = asyncio.Event()
        post.off_shift()

    def end(self) -> None:
        """Hand over at the next moment at which that is possible, for good."""
        self.ended.set()

    async def work(self) -> None:
        """Until somebody ends it. When the database was away and the lock is lost, it waits for its turn again: the
        queue could not be told that this job was over, and would give it to nobody else."""
        while not self.ended.is_set():
            try:
                await self._work()
            except (psycopg.Error, OSError) as error:
                log.warning("shift not reached", **what_failed(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TRY_EVERY):
                    await self.ended.wait()

    async def _work(self) -> None:
        """Waits until it is our turn, works until somebody ends it or the lock is lost."""
        async with self._lock() as connection:
            if connection is None:
                return
            pid = connection.info.backend_pid
            work = [asyncio.create_task(self._keep(connection)), asyncio.create_task(self.ended.wait())]
            beside = [asyncio.create_task(_go_on(duty)) for duty in (lambda: self._send(pid), *self.duties)]
            try:
                await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not self.ended.is_set():
                    self.lost.set()
                for one in (*work, *beside):
                    one.cancel()
                await asyncio.gather(*work, *beside, return_exceptions=True)
                await self._hand_over()

    @asynccontextmanager
    async def _lock(self) -> AsyncIterator[psycopg.AsyncConnection[Any] | None]:
        """The connection that holds the lock; None when we were ended while waiting for it."""
        async with await connect(self.url) as connection:
            while not self.ended.is_set():
                row = await (await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)).fetchone()
                if row and row[0]:
                    log.info("on shift")
                    yield connection
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TRY_EVERY):
                        await self.ended.wait()
            yield None

    async def _keep(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Returns when the database does not answer any more: somebody else may have the lock by then."""
        try:
            while True:
                async with asyncio.timeout(NO_ANSWER):
                    await connection.execute("SELECT 1")
                await asyncio.sleep(LOOK_EVERY)
        except (psycopg.Error, TimeoutError) as error:
            log.warning("shift lost", **what_failed(error))

    async def _send(self, pid: int) -> None:
        await self.post.on_shift(lambda session: on_shift(session, pid))

    async def _hand_over(self) -> None:
        """What was begun is finished before anybody else begins."""
        self.post.off_shift()
        with contextlib.suppress(Exception):
            await self.post.writer.do(lambda _session: None)  # turns that still thought that their answers leave here
        await self.post.idle()
        log.info("off shift")


async def _go_on(duty: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One duty that fails (Telegram does not know our token, say) does not end the others."""
    try:
        await duty()
    except Exception as error:
        log.critical("a duty of the shift ended", **what_failed(error))
