"""Takes updates in: whichever way they come, each is committed before anybody tells Telegram that we have it.

An update that we cannot read is kept as it came, for staff, and the queue goes on. So is one whose turn fails again and
again, when the database is well: nothing blocks the messages behind it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.heard import Group, Ignored, heard, heard_id, mark, pressed
from bot.channels.telegram.payload import Update, number_of
from bot.help_anyway import HelpAnyway
from bot.turn import Turned, Turns
from bot.writer import what_failed
from locales import _, speaking
from models.heard import Heard
from models.received import Received, claim

log = structlog.get_logger()

# An update that could not be committed this often, while others could, is not the database's fault.
MOST_TRIES = 3
# A group is told once; later messages of the same hour find us silent on the way out.
TELL_AGAIN_SECONDS = 3600.0
LEAVE_PAUSES = (1.0, 5.0, 30.0)


class Hearing:
    """`on_turned` is called right after each commit, with what is to be sent (`Post.deliver`); it must not wait."""

    def __init__(self, channel: Telegram, turns: Turns, on_turned: Callable[[Turned], None]) -> None:
        self.channel, self.turns, self.on_turned = channel, turns, on_turned
        self.help_anyway = HelpAnyway(turns, lambda key, message: channel.deliver(key, message, None, None))
        # Known from the token before Telegram has answered for the first time.
        self.bot_id = int(channel.bot.token.partition(":")[0])
        self._failures: dict[int, int] = {}
        self._told: dict[int, float] = {}
        self._leaving: dict[int, asyncio.Task[None]] = {}

    async def hear(self, update: Update) -> None:
        """Returns once the update is committed, or needs no commit. Raises what kept the database from committing;
        then it must come again."""
        if number_of(update) is None:
            log.error("not an update")
            return
        try:
            found = heard(update, self.bot_id)
            tap = pressed(update)
        except Exception as error:
            await self._keep(update, mark(update), error)
            return
        if isinstance(found, Group):
            self._leave(found)
        elif isinstance(found, Ignored):
            log.debug("ignored", update=update["update_id"], why=found.why)
        else:
            # Nothing is awaited before this: messages of one person are handled in the order in which they came.
            try:
                with self.help_anyway.unless_kept(found):
                    turned = await self.turns.take(found)
            except Exception as error:
                await self._failed(update, found.mark, error)
                return
            self._failures.pop(update["update_id"], None)
            self.on_turned(turned)
        if tap is not None:
            self.channel.pressed(tap)

    def whose(self, update: Update) -> str | None:
        """The chat that it came from; None where it is nobody's."""
        found = self._readable(update)
        return found.key if found is not None else None

    def only_help(self, update: Update) -> None:
        """It cannot be kept just now, and comes again: whoever asks for help in it, or writes of danger, has it now."""
        found = self._readable(update)
        if found is not None:
            self.help_anyway.at_once(found)

    def _readable(self, update: Update) -> Heard | None:
        try:
            found = heard(update, self.bot_id)
        except Exception:
            return None  # what keeps it from being read is said where it is heard
        return found if isinstance(found, Heard) else None

    # What cannot be handled

    async def _failed(self, update: Update, which: str, error: Exception) -> None:
        if database_away(error):
            raise error  # the database is away: when it is back, this will be handled like any other
        number = update["update_id"]
        self._failures[number] = self._failures.get(number, 0) + 1
        if self._failures[number] < MOST_TRIES:
            raise error
        await self._keep(update, which, error)
        del self._failures[number]

    async def _keep(self, update: Update, which: str, error: Exception) -> None:
        """Raises what kept the database from committing."""
        log.error("update not understood", update=update["update_id"], **what_failed(error))
        number, kept, kind = heard_id(update, self.bot_id), dict(update), type(error).__name__
        await self.turns.writer.do(lambda session: keep_failed(session, number, which, kept, kind))

    # Groups

    def _leave(self, group: Group) -> None:
        """Being added brings two updates at once, and any of them may come again: one sentence all the same. Whoever
        leaves a group and is asked to speak there is refused by Telegram, so nothing need be kept of it."""
        if group.chat_id not in self._leaving:
            task = asyncio.get_running_loop().create_task(self._say_and_leave(group))
            self._leaving[group.chat_id] = task
            task.add_done_callback(lambda _task: self._leaving.pop(group.chat_id, None))

    async def _say_and_leave(self, group: Group) -> None:
        now = time.monotonic()
        self._told = {chat: at for chat, at in self._told.items() if now - at < TELL_AGAIN_SECONDS}
        text = None if group.chat_id in self._told else self._sentence(group.language)
        self._told[group.chat_id] = now
        for pause in (*LEAVE_PAUSES, None):
            if await self.channel.say_and_leave(group.chat_id, text) or pause is None:
                return
            text = None
            await asyncio.sleep(pause)

    def _sentence(self, language: str) -> str:
        with speaking(language.partition("-")[0]):
            return _(
                "I only talk in private chats, so that nobody's answers are shown to others. Write to me here: {link}",
                link=f"https://t.me/{self.channel.bot.username}",
            )

    async def idle(self) -> None:
        """Returns when every group has been left and every courtesy paid (for a quiet end)."""
        await self.help_anyway.idle()
        while self._leaving:
            await asyncio.gather(*self._leaving.values(), return_exceptions=True)
        await self.channel.idle()


def database_away(error: BaseException) -> bool:
    return isinstance(error, OperationalError | InterfaceError)


def keep_failed(session: Session, number: str, which: str, update: dict[str, Any], error: str) -> None:
    """Keep an update as it came, under its id, for staff to see. Writes, never commits."""
    key = claim(session, number, which)
    if key is not None:
        row = session.get_one(Received, key)
        row.error, row.kept = error, update
