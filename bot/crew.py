"""The processes that share the work of one partnership on PostgreSQL, by Procrastinate's queue on the same database.

Any number of `yousaid serve` and `yousaid worker` may run; each is a worker of this queue. Three jobs are all there is,
and none carries anything that could be lost, since the rows are the work: `post` is one shift (bot/shift.py), `sweep`
goes once through what is due, and `watch` sees to it that there is always one who sends. Whoever is killed is missed
after some ten seconds, and another takes over.

The queue's tables stand in a schema of their own, named by Procrastinate's version: two releases can run side by side
while one takes over from the other, and the lock of the shift keeps them apart.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from importlib.metadata import version
from typing import Any

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from sqlalchemy import URL, Engine, text

from bot.writer import what_failed

log = structlog.get_logger()

SCHEMA = "yousaid_queue_" + version("procrastinate").replace(".", "_")
# A worker says that it lives, and is taken for dead when it has not said so for longer, in seconds.
ALIVE_EVERY, DEAD_AFTER, WATCH_EVERY = 2.0, 8.0, 5
# One shift, one sweep, one watch, and room for what is just being finished.
SIDE_BY_SIDE = 4
PAUSE = 2.0


def make_queue(engine: Engine) -> None:
    """The queue's tables, made unless they are there. Several processes may call it at once."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('yousaid queue'))"))
        there = text("SELECT to_regclass(:table)")
        if connection.scalar(there, {"table": f"{SCHEMA}.procrastinate_jobs"}) is None:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
            # Straight to the driver: many statements in one, which it takes only without parameters.
            connection.connection.cursor().execute(SchemaManager.get_schema())


class Crew:
    """`shift` is what the one who is on shift does; `sweep` goes once through all that is due."""

    def __init__(
        self,
        url: URL,
        *,
        shift: Callable[[], Coroutine[Any, Any, None]],
        sweep: Callable[[], Coroutine[Any, Any, int]],
        sweep_seconds: float,
    ) -> None:
        self.url = url
        self.app = _queue(url)
        self._jobs(shift, sweep, sweep_seconds)

    def _jobs(
        self,
        shift: Callable[[], Coroutine[Any, Any, None]],
        sweep: Callable[[], Coroutine[Any, Any, int]],
        sweep_seconds: float,
    ) -> None:
        @self.app.task(name="post", lock="post", queueing_lock="post")
        async def post() -> None:
            await shift()

        @self.app.periodic(cron=_every(sweep_seconds))
        @self.app.task(name="sweep", lock="sweep", queueing_lock="sweep")
        async def sweep_once(timestamp: int) -> None:
            await sweep()

        @self.app.periodic(cron=_every(WATCH_EVERY))
        @self.app.task(name="watch", queueing_lock="watch")
        async def watch(timestamp: int) -> None:
            await self._watch()

        self.post = post

    async def run(self) -> None:
        """Works until cancelled. While the database is away it tries again."""
        while True:
            try:
                async with self.app.open_async():
                    await self._watch()
                    await self.app.run_worker_async(
                        concurrency=SIDE_BY_SIDE,
                        install_signal_handlers=False,
                        update_heartbeat_interval=ALIVE_EVERY,
                        stalled_worker_timeout=DEAD_AFTER,
                        fetch_job_polling_interval=PAUSE,
                        shutdown_graceful_timeout=10.0,
                        delete_jobs="always",
                    )
                # A worker whose database went away may end without a word. Only who is being cancelled is done.
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    return
            except Exception as error:
                log.warning("queue not reached", **what_failed(error))
            await asyncio.sleep(PAUSE)

    async def _watch(self) -> None:
        """What a dead worker held is let go, and somebody waits to go on shift."""
        jobs = self.app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
            await jobs.finish_job(job, Status.FAILED, delete_job=True)
        with contextlib.suppress(AlreadyEnqueued):
            await self.post.defer_async()


def _queue(url: URL) -> procrastinate.App:
    conninfo = url.set(drivername="postgresql").update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=conninfo.render_as_string(hide_password=False), min_size=1, max_size=SIDE_BY_SIDE + 1
        )
    )


def _every(seconds: float) -> str:
    """As cron says it, with seconds as the sixth field; at most once a second, at least once a minute."""
    whole = min(max(round(seconds), 1), 60)
    return "* * * * * 0" if whole == 60 else f"* * * * * */{whole}"
