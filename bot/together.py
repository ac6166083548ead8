"""What a process does that serves one partnership together with others, on PostgreSQL: it hears the bells, works in
the crew, and is on shift when it is its turn. `yousaid serve` does it beside its pages, `yousaid worker` alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import Engine

from bot.bells import Bells
from bot.clock import Clock
from bot.crew import Crew, make_queue
from bot.on_telegram import OnTelegram
from bot.post import Post
from bot.shift import Shift
from bot.turn import Turns


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
        self.telegram = telegram
        duties = [telegram.run] if telegram is not None else []
        self.shift = Shift(engine.url, post, duties)
        self.bells = Bells(engine.url, to_send=post.ring, news=news)
        self.crew = Crew(engine.url, shift=self.shift.work, sweep=clock.sweep, sweep_seconds=sweep_seconds)

    async def run(self) -> None:
        """Goes on until cancelled; what was begun is finished first, and handed over."""
        beside = [asyncio.create_task(self.bells.run())]
        if self.telegram is not None:
            beside.append(asyncio.create_task(self.telegram.known()))
        crew = asyncio.create_task(self.crew.run())
        try:
            await asyncio.shield(crew)
        finally:
            self.shift.end()
            for one in (*beside, crew):
                one.cancel()
            await asyncio.gather(*beside, crew, return_exceptions=True)
