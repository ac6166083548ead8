"""Hears what the database rings (models/bell.py), for a process that serves together with others.

A bell that was not heard because the connection was gone is made up for: whoever listens is told “look at everything”
each time the connection is there again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import structlog
from sqlalchemy import URL

from bot.writer import what_failed
from models.bell import NEWS, TO_SEND

log = structlog.get_logger()

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


class Bells:
    def __init__(self, url: URL, *, to_send: Callable[[], None], news: Callable[[str], None]) -> None:
        """`to_send` is called when there may be something to send, `news` with the key of a web conversation."""
        self.url, self.to_send, self.news = url, to_send, news

    async def run(self) -> None:
        """Listens until cancelled; while the database is away it tries again."""
        pause = SHORTEST_PAUSE
        while True:
            try:
                async with await connect(self.url) as connection:
                    for channel in (TO_SEND, NEWS):
                        await connection.execute(f"LISTEN {channel}")
                    pause = SHORTEST_PAUSE
                    self.to_send()
                    async for heard in connection.notifies():
                        if heard.channel == TO_SEND:
                            self.to_send()
                        else:
                            self.news(heard.payload)
            except psycopg.Error as error:
                log.warning("bells not heard", **what_failed(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def connect(url: URL) -> psycopg.AsyncConnection[tuple[object, ...]]:
    """A connection of its own, outside the pool: it is kept for as long as the process lives.

    TCP keep-alives tell within half a minute that the other machine is gone, also when nothing is said.
    """
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return await psycopg.AsyncConnection.connect(
        plain, autocommit=True, keepalives=1, keepalives_idle=10, keepalives_interval=5, keepalives_count=3
    )
