"""The object that tests hold: a stand-in that runs on its own thread, with its own event loop."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

import uvloop
from aiohttp import web

from ..patience import PATIENCE
from .faults import Fault, Faults, Kind
from .judge import Calls, Chat
from .line import Line
from .listening import Webhook
from .pace import Pace
from .people import Person, user
from .server import TOKEN, Server
from .updates import Update
from .world import World

T = TypeVar("T")

LARGEST_BODY_BYTES = 64 * 1024 * 1024
SECONDS_TO_CLOSE = 0.2


class BotApi:
    """The stand-in. `latency` in seconds is spent on every answer, half before and half after the call takes effect.

    `keep` bounds what is remembered (calls, and messages per chat), for benches; None remembers everything.
    """

    def __init__(self, port: int = 0, latency: float = 0.0, keep: int | None = None, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = port
        self.token = TOKEN
        self.world = World(self._wake, keep)
        self.faults = Faults()
        self.pace = Pace()
        self.webhook = Webhook(self.world)
        self.server = Server(self.world, self.webhook, self.faults, self.pace, latency)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._people: dict[int, Person] = {}
        self._person_ids = itertools.count(1001)
        self._thread: threading.Thread | None = None
        self._stop: asyncio.Event | None = None
        self._runner: web.ServerRunner | None = None
        self._listener: asyncio.Server | None = None
        self._lines: set[Line] = set()

    # Where it is

    @property
    def root(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """python-telegram-bot's base_url."""
        return f"{self.root}/bot"

    @property
    def file_url(self) -> str:
        """python-telegram-bot's base_file_url."""
        return f"{self.root}/file/bot"

    # Starting and stopping

    async def open(self) -> None:
        """Listen, on the running event loop."""
        self.loop = asyncio.get_running_loop()
        # A poll or a silence ends when its caller hangs up.
        server = web.Server(self.server, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=SECONDS_TO_CLOSE)
        await self._runner.setup()
        self._listener = await self.loop.create_server(self._line, self.host, self.port, backlog=4096)
        self.port = self._listener.sockets[0].getsockname()[1]

    def _line(self) -> Line:
        if self._runner is None or self._runner.server is None:
            raise RuntimeError("not open")
        return Line(self.server, self._runner.server, self._lines)

    async def close(self) -> None:
        await self.webhook.close()
        if self._listener:
            self._listener.close()
        self._cut_lines()
        if self._runner:
            await self._runner.cleanup()

    def __enter__(self) -> "BotApi":
        ready = threading.Event()
        trouble: list[BaseException] = []

        async def life() -> None:
            self._stop = asyncio.Event()
            try:
                await self.open()
            except BaseException as problem:
                trouble.append(problem)
                raise
            finally:
                ready.set()
            await self._stop.wait()
            await self.close()

        self._thread = threading.Thread(target=lambda: uvloop.run(life()), name="bot-api", daemon=True)
        self._thread.start()
        ready.wait()
        if trouble:
            raise trouble[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        if self.loop and self._stop and self._thread:
            self.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def _wake(self) -> None:
        """Something is there to be heard; called from any thread."""
        if self.loop is None:
            return
        listener = self.webhook.wake if self.world.updates.webhook_active else self.world.updates.wake_poll
        if threading.current_thread() is self._thread or self._on_loop():
            listener()
        elif not self.loop.is_closed():
            self.loop.call_soon_threadsafe(listener)

    def _on_loop(self) -> bool:
        try:
            return asyncio.get_running_loop() is self.loop
        except RuntimeError:
            return False

    # People and chats

    def person(
        self,
        id: int | None = None,  # noqa: A002 - Telegram's own word, and how a test says it
        first_name: str = "Sam",
        language_code: str | None = "en",
        **more: Any,
    ) -> Person:
        """Somebody with a phone; the same one for the same id. They are unknown to the bot until they speak."""
        if id is not None and id in self._people:
            return self._people[id]
        number = id if id is not None else next(self._person_ids)
        person = self._people[number] = Person(self.world, user(number, first_name, language_code, **more))
        return person

    def crowd(self, people: int, first_id: int = 1) -> list[Person]:
        """Many people who have all spoken before, for broadcasts; the bot hears nothing of it."""
        found = [self.person(number, f"Person {number}") for number in range(first_id, first_id + people)]
        for person in found:
            person.chat.open = True
        return found

    def chat(self, chat_id: int) -> Chat:
        """What the bot sent into a chat: `.messages`, `.texts`."""
        return self.world.chat(chat_id)

    @property
    def calls(self) -> Calls:
        return self.world.calls

    # Faults, pace, updates

    def fault(
        self,
        kind: Kind | str,
        method: str | None = None,
        chat_id: int | None = None,
        *,
        probability: float = 1.0,
        times: int | None = 1,
        seconds: float = 1.0,
        code: int = 500,
        description: str | None = None,
        retry_after: int = 1,
        body: bytes = b"",
    ) -> Fault:
        """Let the next call (or `times` calls, None: all) that fits go wrong. See Kind."""
        return self.faults.add(
            Fault(Kind(kind), method, chat_id, probability, times, seconds, code, description, retry_after, body)
        )

    def hang_up(self) -> None:
        """Cut every connection that is open; whoever waits for an answer gets none."""

        def cut() -> None:
            self._cut_lines()
            for connection in self._runner.server.connections if self._runner and self._runner.server else ():
                if connection.transport is not None:
                    connection.transport.abort()

        if self.loop is not None:
            self.loop.call_soon_threadsafe(cut)

    def _cut_lines(self) -> None:
        for line in list(self._lines):
            if line.transport is not None:
                line.transport.abort()

    def police(self, overall: int | None = 30, per_chat: int | None = 1) -> Pace:
        """Allow so many messages a second over all and in each chat; more are refused (429) and counted."""
        self.pace.overall, self.pace.per_chat = overall, per_chat
        return self.pace

    def redeliver(self, update: Update) -> None:
        """Deliver an update again, with the same id."""
        with self.world.changed:
            self.world.updates.again(update)

    def jump_update_ids(self, to: int) -> None:
        """Give the next update this id, higher or lower than the ones before."""
        with self.world.changed:
            self.world.updates.jump(to)

    def expire_queries(self) -> None:
        """Make every press of a button too old to be answered."""
        with self.world.changed:
            self.world.queries.clear()

    @property
    def listened_to(self) -> bool:
        """Whether a bot polls and waits, or has set a webhook."""
        with self.world.changed:
            return self.world.updates.webhook_active or self.world.updates.waited_for

    @property
    def all_heard(self) -> bool:
        """Whether the bot has confirmed every update."""
        with self.world.changed:
            return not self.world.updates.pending

    # Waiting

    def wait_for(self, condition: Callable[[], T], timeout: float = PATIENCE) -> T:
        """Wait until `condition()` is true, looking whenever a call was handled; gives back what it returned.

        Raises AssertionError after `timeout` seconds, telling the last calls.
        """
        deadline = time.monotonic() + timeout
        with self.world.changed:
            while not (found := condition()):
                if not self.world.changed.wait(deadline - time.monotonic()):
                    last = [f"{call.method}({call.chat_id}) {call.code}" for call in list(self.calls)[-8:]]
                    raise AssertionError(f"not within {timeout} s; the last calls were {last}")
            return found
