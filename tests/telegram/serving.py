"""The program as far as Telegram is concerned, in a thread of its own: a real bot, a real database, real HTTP.

with Serving(api, engine, partnership):
    sam.says("taxi")
    assert sam.hears().text == "..."
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, TypeVar

import uvicorn
from sqlalchemy import Engine, select
from starlette.applications import Starlette

from bot.channels.telegram import Hearing, Polling, Telegram, new_bot, open_webhook, webhook_route
from bot.post import Post
from bot.turn import Turns
from bot.writer import Writer
from models.database import Base, reading
from models.partnership import Partnership
from tests.patience import PATIENCE
from tests.standin import BotApi

Row = TypeVar("Row", bound=Base)
Result = TypeVar("Result")

SECRET = "a-secret-of-the-tests"


class Serving:
    def __init__(
        self,
        api: BotApi,
        engine: Engine,
        partnership: Partnership,
        *,
        webhook: bool = False,
        turns: type[Turns] = Turns,
        read_seconds: float = PATIENCE,
        per_second: int = 30,
    ) -> None:
        self.api, self.engine, self.webhook, self.per_second = api, engine, webhook, per_second
        self.bot = new_bot(api.token, api.url, read_seconds=read_seconds)
        self.writer = Writer(engine)
        self.turns = turns(self.writer, partnership)
        self.web_address = ""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._life()), name="serving")
        self._trouble: list[BaseException] = []

    def __enter__(self) -> Serving:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        if self._trouble:
            raise self._trouble[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.stop.set)
            self._thread.join()

    async def _life(self) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self.bot.initialize()
            self.writer.start()
            self.channel = Telegram(self.bot)
            self.post = Post(self.engine, self.writer, [self.channel], per_second=self.per_second)
            self.hearing = Hearing(self.channel, self.turns, self.post.deliver)
            async with self._listening() as listening:
                tasks = [asyncio.create_task(listening), asyncio.create_task(self.post.run())]
                self._ready.set()
                await self.stop.wait()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            await self.post.idle()
            await self.hearing.idle()
            await self.bot.shutdown()
            self.writer.stop()
        except BaseException as trouble:
            self._trouble.append(trouble)
            raise
        finally:
            self._ready.set()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[Coroutine[Any, Any, None]]:
        if not self.webhook:
            yield Polling(self.bot, self.hearing).run()
            return
        app = Starlette(routes=[webhook_route(self.hearing, SECRET)])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        task = asyncio.create_task(server._serve())
        while not server.started:
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        self.web_address = f"http://127.0.0.1:{port}"
        yield open_webhook(self.bot, self.web_address, SECRET)
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run something on the program's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def kept(self, table: type[Row]) -> Sequence[Row]:
        with reading(self.engine) as session:
            return list(session.scalars(select(table)))
