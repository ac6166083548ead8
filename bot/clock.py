"""Reminders, promises, publications, drafts, retention: everything that happens because time has passed.

The rows are the schedule; APScheduler only rings the bell. Each sweep is a verb that looks for what is due and does
it in the writer's transaction. A sweep that fails is logged and leaves the others alone; what it missed is still due
at the next one. `misfire_grace_time=None`: after downtime the bell rings late rather than not at all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from bot.writer import Writer, what_failed
from models.database import alone, now
from models.partnership import Partnership

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sweep:
    """`work` does what is due and returns how much; it is called again at once while it returns `slice` or more, so
    that a long list never holds the writer for long."""

    name: str
    work: Callable[[Session, Partnership, datetime], int]
    slice: int = 0


class Clock:
    def __init__(self, writer: Writer, partnership: Partnership, sweeps: Sequence[Sweep], ring: Callable[[], None]):
        """`ring` tells the post that there may be something to send."""
        self.writer, self.partnership, self.sweeps, self.ring = writer, partnership, sweeps, ring
        self.last_sweep: datetime | None = None
        self._scheduler = AsyncIOScheduler()

    def start(self, every_seconds: float) -> None:
        self._scheduler.add_job(
            self._tick, "interval", seconds=every_seconds, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        """A sweep that is cut off by the end of the program is no error: what it did not get to is still due."""
        with contextlib.suppress(asyncio.CancelledError):
            await self.sweep()

    async def sweep(self) -> int:
        """Goes once through everything. Returns how much was due."""
        total = 0
        for sweep in self.sweeps:
            try:
                total += await self._through(sweep)
            except Exception as error:
                log.error("sweep failed", sweep=sweep.name, **what_failed(error))
        self.last_sweep = now()
        if total:
            self.ring()
        return total

    async def _through(self, sweep: Sweep) -> int:
        total = 0
        while True:
            done = await self.writer.do(lambda session: self._once(sweep, session))
            total += done
            if not sweep.slice or done < sweep.slice:
                return total
            self.ring()

    def _once(self, sweep: Sweep, session: Session) -> int:
        """Several processes may serve one database: what is due is done by one of them."""
        return sweep.work(session, self.partnership, now()) if alone(session, f"sweep {sweep.name}") else 0
