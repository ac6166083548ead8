"""The web chat as it is served: real uvicorn on a free port of this machine, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette

from bot.channels.web import WebChat
from bot.post import Post
from bot.turn import Turns
from bot.web.app import create_app
from bot.writer import Writer
from models.partnership import Partnership
from tests.patience import PATIENCE


class Served:
    """A process of the program, as far as the web chat can tell. `stop()` and `start()` again is a restart."""

    def __init__(self, engine: Engine, partnership: Partnership, *, a_minute: int = 1000, public: str = "") -> None:
        """`public`: the address that people know it by, where that is another."""
        self.engine = engine
        self._kept, self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.partnership = replace(partnership, web_address=public or self.address)
        self.a_minute = a_minute

    def start(self) -> None:
        writer = Writer(self.engine)
        turns = Turns(writer, self.partnership)
        self.post = Post(self.engine, writer, [])
        self.chat = WebChat(turns, self.engine, self.partnership, self.post.deliver)
        self.post.add(self.chat)

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            writer.start()
            rounds = asyncio.create_task(self.post.run())
            yield
            rounds.cancel()
            await self.post.idle()
            writer.stop()

        app = create_app(self.chat, lifespan=lifespan, messages_a_minute=self.a_minute)
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, log_level="error", access_log=False, timeout_graceful_shutdown=10
        )
        self.server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        started = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(PATIENCE), "the web server did not start"

    def _serve(self, started: threading.Event) -> None:
        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            telling = asyncio.create_task(self._tell(started))
            await self.server.serve()
            await telling

        asyncio.run(serve())

    async def _tell(self, started: threading.Event) -> None:
        while not self.server.started:
            await asyncio.sleep(0.005)
        started.set()

    def ring(self) -> None:
        """There is something to send that did not come from the web chat."""
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.post.ring)

    def stop(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.chat.close)
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the web server did not stop"

    def close(self) -> None:
        """For good."""
        self.stop()
        self._kept.close()


def _free_port() -> tuple[socket.socket, int]:
    """A free port, and what keeps it ours while nothing listens there: between a stop and a start another test, or
    somebody's connection, could take it."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept, int(kept.getsockname()[1])


@contextmanager
def serving(engine: Engine, partnership: Partnership, *, a_minute: int = 1000, public: str = "") -> Iterator[Served]:
    served = Served(engine, partnership, a_minute=a_minute, public=public)
    served.start()
    try:
        yield served
    finally:
        served.close()
