"""How the bot presents itself on Telegram: its commands and the words above an empty chat, in every language.

Set at every start, one after the other and without hurry: it is for show, so nothing that fails here is more than a
line in the log.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from functools import partial

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.channels.telegram.request import TooFast
from bot.writer import what_failed
from handlers import ERRANDS
from locales import _, languages, speaking
from models.area import Area
from models.role import Permission

log = structlog.get_logger()

LONGEST_DESCRIPTION, LONGEST_SHORT_DESCRIPTION, LONGEST_COMMAND = 512, 120, 256
# Telegram allows these calls far less often than messages.
PAUSE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 120.0


async def describe(bot: Bot, area: Area, *, pause: float = PAUSE_SECONDS) -> None:
    """Commands for everybody and descriptions, in the area's languages; the first is also everybody else's.

    `pause`: seconds between one call and the next.
    """
    spoken = [code for code in area.languages if code in languages()]
    # Telegram knows two-letter codes only; a phone set to another language gets the first one.
    for code in [None, *(code for code in spoken if len(code) == 2)]:
        with speaking(code or spoken[0]):
            menu, words, short = commands(), description(area), short_description(area)
        everybody = BotCommandScopeAllPrivateChats()
        for call in (
            partial(bot.set_my_commands, menu, scope=everybody, language_code=code),
            partial(bot.set_my_description, words, language_code=code),
            partial(bot.set_my_short_description, short, language_code=code),
        ):
            await _politely(call)
            await asyncio.sleep(pause)


async def set_staff_commands(bot: Bot, chat_key: str, language: str, permissions: Collection[Permission]) -> None:
    """For somebody who has become staff: the commands that their role permits, beside everybody's."""
    with speaking(language):
        menu = commands(permissions)
    scope = BotCommandScopeChat(int(chat_key))
    await _politely(partial(bot.set_my_commands, menu, scope=scope))


async def forget_staff_commands(bot: Bot, chat_key: str) -> None:
    """For somebody who is not staff any more: everybody's commands again."""
    scope = BotCommandScopeChat(int(chat_key))
    await _politely(partial(bot.delete_my_commands, scope=scope))


def commands(permissions: Collection[Permission] = ()) -> list[BotCommand]:
    """In the language being spoken, in the order of the menu."""
    return [
        BotCommand(errand.command, errand.label()[:LONGEST_COMMAND])
        for errand in ERRANDS.values()
        if errand.command and (errand.permission is None or errand.permission in permissions)
    ]


def description(area: Area) -> str:
    """What stands in an empty chat, above the button “Start”."""
    text = _(
        "Tell the SEND partnership in {name} what goes well or badly, find out whom to contact, and see what is done. "
        "This is a program, not a person. If somebody is in danger now, ring 999.",
        name=area.name,
    )
    return text[:LONGEST_DESCRIPTION]


def short_description(area: Area) -> str:
    """What stands on the bot's page, and goes with its link."""
    text = _(
        "Tell SEND services in {name} something, or find out whom to contact. A program, not a person.", name=area.name
    )
    return text[:LONGEST_SHORT_DESCRIPTION]


async def _politely(call: Callable[[], Awaitable[bool]]) -> None:
    try:
        await call()
    except TooFast as error:
        log.warning("Telegram profile has to wait", seconds=error.seconds)
        await asyncio.sleep(min(error.seconds, LONGEST_WAIT_SECONDS))
        with contextlib.suppress(TelegramError):
            await call()
    except TelegramError as error:
        log.warning("Telegram profile not set", **what_failed(error))
