"""Help needs no database: whoever asks for it, or writes of danger, while nothing can be kept is told whom to ring.

The numbers are in memory since the start. Nothing of it is written down, and the message itself is not taken: it comes
again by itself, or its sender is told that it was not sent. Each message is answered so at most once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog

from bot.turn import Turns
from bot.writer import what_failed
from handlers.help_now import from_memory
from models.heard import Heard
from models.message import Message

log = structlog.get_logger()

# A database that is locked or far away need not refuse at once: nobody in danger waits for it longer than this.
PATIENCE_SECONDS = 3.0
REMEMBERED = 5000


class HelpAnyway:
    def __init__(self, turns: Turns, say: Callable[[str, Message], Awaitable[object]]) -> None:
        """`say` writes to the person with this key of the channel, without any row."""
        self.turns, self.say = turns, say
        self._said: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def unless_kept(self, heard: Heard) -> Iterator[None]:
        """Around the turn of a message: when it fails, or takes too long, help is said all the same."""
        late = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._begin, heard)
        try:
            yield
        except Exception:
            self._begin(heard)
            raise
        finally:
            late.cancel()

    def at_once(self, heard: Heard) -> None:
        """Where it is known that nothing can be kept just now."""
        self._begin(heard)

    def _begin(self, heard: Heard) -> None:
        if _which(heard) in self._said:
            return
        task = asyncio.get_running_loop().create_task(self._help(heard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _help(self, heard: Heard) -> None:
        message = from_memory(self.turns.partnership.area, heard)
        which = _which(heard)
        if message is None or which in self._said:
            return
        self._said[which] = None
        while len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        try:
            await self.say(heard.key, message)
        except Exception as error:
            log.error("help not said", **what_failed(error))
            self._said.pop(which, None)
        else:
            log.warning("help said from memory")

    async def idle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


def _which(heard: Heard) -> str:
    return f"{heard.id}:{heard.mark}"
