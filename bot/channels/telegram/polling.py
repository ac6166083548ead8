"""Asks Telegram for updates, and confirms them only when they are committed.

python-telegram-bot's own polling confirms a batch before it is handled: killed with 20 queued, it lost 13 for ever.
Here the next request's offset, which is the confirmation, goes only as far as everything before it is committed.

It is asked again whenever something has been committed, not when all has: else whoever was answered first would wait
for whoever was answered last, before they are even heard.

From afar nothing is gained by confirming much at a time: everybody would be answered together, write together, and wait
together for the next question to go there and back. So fewer share a commit there, and what has been committed while a
question was on its way is reason enough for the next.

The same question is not asked again at once: one that confirms nothing is answered by Telegram with a single update, if
the last was less than half a second ago (`process_get_updates_query` of tdlib/telegram-bot-api).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.channels.telegram.hearing import Hearing, database_away
from bot.channels.telegram.payload import ALLOWED_UPDATES, Update, number_of
from bot.channels.telegram.request import TooFast
from bot.channels.telegram.webhook import LONGEST_PAUSE, SHORTEST_PAUSE, close_webhook
from bot.help_anyway import PATIENCE_SECONDS
from bot.writer import SHARE_A_COMMIT, what_failed

log = structlog.get_logger()

# How long Telegram may keep the question open while nobody says anything; it allows 50.
LISTEN_SECONDS = 30
# While nothing is committed, so long after a question the same is asked again, to hear what else there is; and not
# sooner than so long after its answer.
SAME_AGAIN_SECONDS, ASK_AGAIN_SECONDS = 0.55, 0.1
# Telegram is far away when the quickest of so many answers took longer. Then so many messages share a commit: with many
# more, everybody would be answered together; with half as many, commits take more than is gained.
FAR_SECONDS, ANSWERS = 0.015, 20
SHARE_FROM_AFAR = 28


@dataclass(frozen=True, slots=True)
class _Taken:
    update: Update
    # Ends with what kept it from being committed.
    work: asyncio.Future[Exception | None]

    @property
    def failed(self) -> bool:
        return self.work.done() and self.work.result() is not None

    @property
    def committed(self) -> bool:
        return self.work.done() and self.work.result() is None


class Polling:
    """One loop. `listening` is whether the last question to Telegram was answered."""

    def __init__(self, bot: Bot, hearing: Hearing, *, listen_seconds: int = LISTEN_SECONDS) -> None:
        self.bot, self.hearing, self.listen_seconds = bot, hearing, listen_seconds
        self.offset = 0
        self.listening = False
        self._pause = SHORTEST_PAUSE
        self._answered_in: deque[float] = deque(maxlen=ANSWERS)
        # From which number on Telegram was asked last, and when.
        self._asked, self._asked_at = -1, 0.0
        # By their numbers, until Telegram has been told that we have them.
        self._taken: dict[int, _Taken] = {}

    async def run(self) -> None:
        """Goes on until it is cancelled. What is cut off is not confirmed, and comes again. Raises InvalidToken or
        EndPointNotFound when Telegram does not know us."""
        try:
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
        finally:
            for taken in self._taken.values():
                taken.work.cancel()

    async def _ask(self) -> Sequence[Update]:
        seconds = 0 if self._not_committed() else self.listen_seconds
        question = {"offset": self.offset, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        usual = self.bot.request.read_timeout or 0
        self._asked, self._asked_at = self.offset, _clock()
        # The underscore: as in channel.py.
        answer = await self.bot.do_api_request("getUpdates_", question, read_timeout=self.listen_seconds + usual)
        if not isinstance(answer, list):
            raise TypeError("no list of updates")
        self._answered_in.append(_clock() - self._asked_at)
        self.hearing.turns.writer.share = SHARE_FROM_AFAR if self._far else SHARE_A_COMMIT
        return answer

    @property
    def _far(self) -> bool:
        return min(self._answered_in, default=0.0) > FAR_SECONDS

    async def _take_in(self, batch: Sequence[Update]) -> None:
        """Returns when some of it is committed, or soon: the next question to Telegram confirms as far as that goes."""
        if self._not_committed():
            await self._one_by_one(batch)
        else:
            await self._side_by_side(batch)
        numbers = [number for update in batch if (number := number_of(update)) is not None]
        await self._something_to_confirm(numbers)
        if self._not_committed() or (batch and not numbers):
            await self._rest()

    async def _side_by_side(self, batch: Sequence[Update]) -> None:
        for place, update in enumerate(batch):
            number = number_of(update)
            if number is None:
                await self._hear(update)
                continue
            before = self._taken.get(number)
            if before is not None and before.update == update:
                continue  # what is not confirmed yet comes with every answer
            if before is not None:  # another one with its number waits for it
                await asyncio.wait([before.work])
                if before.failed:
                    await self._one_by_one(batch[place:])
                    return
            self._begin(number, update)

    async def _one_by_one(self, batch: Sequence[Update]) -> None:
        """Something could not be committed. All of it is tried again in its order before anything newer, so that what
        somebody says next does not overtake it; where the database is away, only the first is tried, and of the others
        whoever needs help has it from memory."""
        if under_way := self._under_way():
            await asyncio.wait(under_way, timeout=PATIENCE_SECONDS)
        away, behind = bool(self._under_way()), set[str | None]()
        for number, update in self._in_order(batch):
            before = self._taken.get(number)
            if before is not None and (not before.work.done() or (before.update == update and not before.failed)):
                continue
            whose = self.hearing.whose(update)
            if away or whose in behind:
                self._leave_waiting(number, update)
                continue
            if before is not None and before.update != update and before.failed:
                continue  # not before the one whose number it has
            work = self._begin(number, update)
            await asyncio.wait([work], timeout=PATIENCE_SECONDS)
            error = work.result() if work.done() else TimeoutError()
            if error is not None:
                behind.add(whose)
                away = not work.done() or database_away(error)

    def _in_order(self, batch: Sequence[Update]) -> list[tuple[int, Update]]:
        """What is not committed and is not among these, then these as they came."""
        these = [(number, update) for update in batch if (number := number_of(update)) is not None]
        left = [(number, taken.update) for number, taken in self._taken.items() if taken.failed]
        return [one for one in left if one not in these] + these

    def _begin(self, number: int, update: Update) -> asyncio.Future[Exception | None]:
        work = asyncio.get_running_loop().create_task(self._hear(update))
        self._taken[number] = _Taken(update, work)
        return work

    def _leave_waiting(self, number: int, update: Update) -> None:
        self.hearing.only_help(update)
        before = self._taken.get(number)
        if before is None or before.committed:
            waiting = asyncio.get_running_loop().create_future()
            waiting.set_result(TimeoutError())
            self._taken[number] = _Taken(update, waiting)

    def _under_way(self) -> list[asyncio.Future[Exception | None]]:
        return [taken.work for taken in self._taken.values() if not taken.work.done()]

    def _not_committed(self) -> bool:
        return any(taken.failed for taken in self._taken.values())

    async def _something_to_confirm(self, numbers: Sequence[int]) -> None:
        """Returns when it pays to ask again: more can be confirmed than by the last question, or that is long ago."""
        self._confirm(numbers)
        enough = self._far and self.offset != self._asked
        until = max(self._asked_at + SAME_AGAIN_SECONDS, _clock() + ASK_AGAIN_SECONDS)
        while not enough and (under_way := self._under_way()) and (left := until - _clock()) > 0:
            await asyncio.wait(under_way, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            self._confirm(numbers)
            enough = self.offset != self._asked or self._not_committed()

    def _confirm(self, numbers: Sequence[int]) -> None:
        """What was answered, by its numbers in their order, as far as it is committed. Never past the last of it: after
        a quiet week the count may begin anew, and lower; and what comes again among the new ones may have a number
        above some that are yet to come."""
        if not numbers:
            return
        open_ones = [number for number, taken in self._taken.items() if not taken.committed]
        self.offset = min([*open_ones, numbers[-1] + 1])
        coming_again = {number for number in numbers if number >= self.offset}
        self._taken = {
            number: taken for number, taken in self._taken.items() if number in coming_again or not taken.committed
        }

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


def _clock() -> float:
    return asyncio.get_running_loop().time()
