"""A load balancer before several processes, as a council would have one: it hands each connection to the next process that
takes it. It knows nothing of what goes through it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Sequence
from types import TracebackType


class Balancer:
    def __init__(self, port: int, behind: Sequence[int]) -> None:
        self.port, self.behind = port, behind
        self._turns = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Balancer:
        self._thread.start()
        opening = asyncio.start_server(self._take, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        async def close() -> None:
            if self._server is not None:
                self._server.close()
            going_on = asyncio.all_tasks() - {asyncio.current_task()}
            for task in going_on:
                task.cancel()
            await asyncio.gather(*going_on, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(self._turns)
        for turn in range(len(self.behind)):
            port = self.behind[(first + turn) % len(self.behind)]
            with contextlib.suppress(OSError):
                from_it, to_it = await asyncio.open_connection("127.0.0.1", port)
                # Closed in the middle of it, it ends without a word: asyncio would log it for every connection.
                with contextlib.suppress(asyncio.CancelledError):
                    async with asyncio.TaskGroup() as both:
                        both.create_task(_pass_on(reader, to_it))
                        both.create_task(_pass_on(from_it, writer))
                return
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
