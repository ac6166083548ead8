"""Asks Telegram for updates, and confirms them only when they are committed.

python-telegram-bot's own polling confirms a batch before it is handled: killed with 20 queued, it lost 13 for ever.
Here the next request's offset, which is the confirmation, waits for the whole of the batch before it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.channels.telegram.hearing import Hearing
from bot.channels.telegram.payload import ALLOWED_UPDATES, Update, number_of
from bot.channels.telegram.request import TooFast
from bot.channels.telegram.webhook import LONGEST_PAUSE, SHORTEST_PAUSE, close_webhook
from bot.writer import what_failed

log = structlog.get_logger()

# How long Telegram may keep the question open while nobody says anything; it allows 50.
LISTEN_SECONDS = 30


class Polling:
    """One loop. `listening` is whether the last question to Telegram was answered."""

    def __init__(self, bot: Bot, hearing: Hearing, *, listen_seconds: int = LISTEN_SECONDS) -> None:
        self.bot, self.hearing, self.listen_seconds = bot, hearing, listen_seconds
        self.offset = 0
        self.listening = False
        self._pause = SHORTEST_PAUSE

    async def run(self) -> None:
        """Goes on until it is cancelled. A batch that is cut off is not confirmed, and comes again. Raises
        InvalidToken or EndPointNotFound when Telegram does not know us."""
        while True:
            try:
                batch = await self._ask()
            except (InvalidToken, EndPointNotFound):
                self.listening = False
                log.critical("Telegram does not know this token")
                raise
            except Exception as error:
                self.listening = False
                await self._recover(error)
            else:
                self.listening = True
                self._pause = SHORTEST_PAUSE
                await self._take_in(batch)

    async def _ask(self) -> Sequence[Update]:
        question = {"offset": self.offset, "timeout": self.listen_seconds, "allowed_updates": ALLOWED_UPDATES}
        usual = self.bot.request.read_timeout or 0
        # The underscore: as in channel.py.
        answer = await self.bot.do_api_request("getUpdates_", question, read_timeout=self.listen_seconds + usual)
        if not isinstance(answer, list):
            raise TypeError("no list of updates")
        return answer

    async def _take_in(self, batch: Sequence[Update]) -> None:
        """Returns when all of it is committed: the next question confirms it."""
        # Side by side, so that they share a commit.
        errors = await asyncio.gather(*(self._hear(update) for update in batch))
        left = [update for update, error in zip(batch, errors, strict=True) if error is not None]
        while left:
            await self._rest()
            # One by one, so that one which fails does so for itself alone.
            left = [update for update in left if await self._hear(update) is not None]
        self._pause = SHORTEST_PAUSE
        numbers = [number for update in batch if (number := number_of(update)) is not None]
        if numbers:
            # The last of this batch, neither the highest of it nor of all time: after a quiet week the count may begin
            # anew, and lower; what comes again among the new ones may have a number above some that are yet to come.
            self.offset = numbers[-1] + 1
        elif batch:
            await self._rest()

    async def _hear(self, update: Update) -> Exception | None:
        try:
            await self.hearing.hear(update)
        except Exception as error:
            log.error("update not committed", **what_failed(error))
            return error
        return None

    # When something is wrong

    async def _recover(self, error: Exception) -> None:
        log.warning("not listening to Telegram", **what_failed(error))
        if isinstance(error, TooFast):
            await asyncio.sleep(error.seconds)
            return
        if isinstance(error, Conflict) and "webhook" in error.message:
            with contextlib.suppress(TelegramError):
                await close_webhook(self.bot)
        await self._rest()

    async def _rest(self) -> None:
        """Longer each time, until something works again."""
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
