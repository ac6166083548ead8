"""What a process does that serves one partnership together with others, on PostgreSQL: it hears the bells, works in
the crew, and is on shift when it is its turn. `yousaid serve` does it beside its pages, `yousaid worker` alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import psycopg
from sqlalchemy import URL, Engine

from bot.bells import Bells, connect
from bot.clock import Clock
from bot.crew import Crew, make_queue
from bot.on_telegram import OnTelegram
from bot.post import Post
from bot.shift import Shift
from bot.turn import Turns

# How often a database that is away is tried, and how long it has to answer, in seconds.
TRY_EVERY, NO_ANSWER = 1.0, 5.0


class Together:
    def __init__(
        self,
        engine: Engine,
        turns: Turns,
        post: Post,
        clock: Clock,
        telegram: OnTelegram | None,
        *,
        sweep_seconds: float,
        news: Callable[[str], None] = lambda _key: None,
    ) -> None:
        """`news` is told the key of each web conversation for which there may be something new."""
        make_queue(engine)
        turns.leaves_here = post.leaves_here
        self.telegram, self.url = telegram, engine.url
        duties = [telegram.run] if telegram is not None else []
        self.shift = Shift(engine.url, post, duties)
        self.bells = Bells(engine.url, to_send=post.ring, news=news)
        self.crew = Crew(engine.url, shift=self.shift.work, sweep=clock.sweep, sweep_seconds=sweep_seconds)

    async def run(self) -> None:
        """Goes on until cancelled; what was begun is finished first, and handed over."""
        beside = [asyncio.create_task(self.bells.run())]
        if self.telegram is not None:
            beside.append(asyncio.create_task(self.telegram.known()))
            if self.telegram.polls:
                beside.append(asyncio.create_task(self._listen_meanwhile(self.telegram)))
        crew = asyncio.create_task(self.crew.run())
        try:
            await asyncio.shield(crew)
        finally:
            self.shift.end()
            for one in (*beside, crew):
                one.cancel()
            await asyncio.gather(*beside, crew, return_exceptions=True)

    async def _listen_meanwhile(self, telegram: OnTelegram) -> None:
        """While the database is away nobody can be on shift; whoever was goes on asking Telegram for messages, so that
        help is said from memory (bot/help_anyway.py). Nothing is confirmed: each message comes again afterwards."""
        while True:
            await self.shift.lost.wait()
            listening = asyncio.create_task(telegram.listen())
            try:
                while not await _answers(self.url):
                    await asyncio.sleep(TRY_EVERY)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
            self.shift.lost.clear()


async def _answers(url: URL) -> bool:
    with contextlib.suppress(psycopg.Error, OSError, TimeoutError):
        async with asyncio.timeout(NO_ANSWER), await connect(url) as connection:
            await connection.execute("SELECT 1")
            return True
    return False
