"""Sends on Telegram, and says of each attempt what became of it: sent, not sent, or unknown (DESIGN 5). It never
guesses.

Requests go as python-telegram-bot sends them, with its errors, but neither they nor their answers become objects:
all that is needed is the message's number. Those with a file go through `Bot.do_api_request`.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar, cast

import structlog
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    TelegramError,
)
from telegram.request import RequestData

from bot.channels.outcome import NotSent, Outcome, Sent, Unknown
from bot.channels.telegram.heard import CHANNEL, Pressed, answered_keyboard
from bot.channels.telegram.render import Attachment, Call, Upload, calls
from bot.channels.telegram.request import NeverSent, Plain, TooFast
from models.attachment import MOST_BYTES
from models.message import Message

log = structlog.get_logger()

# How many chats' small matters are remembered: a press that waits for its reply, a message that is half sent.
REMEMBERED = 2000
# Somebody who reads slowly over a bad line should still get their photo through.
FETCH_SECONDS = 60.0

Key = TypeVar("Key")
Value = TypeVar("Value")


class Telegram:
    """`bot` must be initialized."""

    name = CHANNEL
    paced = True

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._pressed: OrderedDict[str, Pressed] = OrderedDict()
        self._half_sent: OrderedDict[tuple[str, Message], tuple[int, str]] = OrderedDict()
        self._refused_until: dict[str, float] = {}
        self._asides: set[asyncio.Task[None]] = set()
        # Asked before each further message that a message takes; the post says how long it has to wait first.
        self.before_next_part: Callable[[str], Awaitable[float]] = _at_once

    # Sending

    async def deliver(self, key: str, message: Message, replaces: str | None, attachment: Attachment | None) -> Outcome:
        """Send a message to the chat `key`. What takes several requests goes on, when it is tried again, where it
        broke off: nobody gets the first half twice."""
        todo = calls(message, int(key), replaces, attachment)
        first, ref = self._half_sent.pop((key, message), (0, ""))
        for number, call in enumerate(todo[first:], first):
            wait = await self.before_next_part(key) if number > first else 0
            outcome = NotSent("429", retry_after=wait) if wait else await self._make(call, key)
            if not isinstance(outcome, Sent):
                if number:
                    _remember(self._half_sent, (key, message), (number, ref))
                return outcome
            if not ref or "reply_markup" in call.params:
                ref = outcome.ref
        if not todo:
            return NotSent("nothing to send", refused=True)
        self._mark_answered(key, replaces)
        return Sent(ref)

    async def _make(self, call: Call, key: str) -> Outcome:
        try:
            result = await self._ask(call.method, call.params)
            return Sent(_number(result))
        except BadRequest as error:
            if call.method == "editMessageText" and "not modified" in error.message:
                return Sent(str(call.params["message_id"]))  # it shows just that already
            if call.otherwise is not None:
                return await self._make(call.otherwise, key)
            return outcome_of(error)
        except TooFast as error:
            return NotSent("429", retry_after=error.seconds, everyone=self._everyone(key, error.seconds))
        except Exception as error:
            return outcome_of(error)

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:
        if not any(isinstance(value, Upload) for value in params.values()):
            plain = cast("RequestData", Plain(params))
            return await self.bot.request.post(f"{self.bot.base_url}/{method}", plain)
        ready = {name: _input_file(value) if isinstance(value, Upload) else value for name, value in params.items()}
        # The underscore vanishes in the address. Without it python-telegram-bot warns, each time, that it has a
        # method of that name itself: the one which makes objects.
        return await self.bot.do_api_request(f"{method}_", ready)

    def _everyone(self, key: str, seconds: float) -> bool:
        """Whether a 429 means all chats: Telegram does not say, but two chats refused at once are no coincidence."""
        now = time.monotonic()
        self._refused_until = {chat: until for chat, until in self._refused_until.items() if until > now}
        self._refused_until[key] = now + seconds
        return len(self._refused_until) > 1

    # Taps

    def pressed(self, tap: Pressed) -> None:
        """A button was pressed: stop its clock now, and mark the answer once the reply is there. Neither is waited
        for, and neither may fail a turn."""
        self._aside(self._quietly("answerCallbackQuery", {"callback_query_id": tap.query_id}))
        if tap.key:
            _remember(self._pressed, tap.key, tap)

    def _mark_answered(self, key: str, replaces: str | None) -> None:
        tap = self._pressed.pop(key, None)
        if tap is None or tap.ref == replaces:
            return
        rows = answered_keyboard(tap)
        if rows is not None:
            where = {"chat_id": int(key), "message_id": int(tap.ref)}
            markup = {"inline_keyboard": rows}
            self._aside(self._quietly("editMessageReplyMarkup", {**where, "reply_markup": markup}))

    async def _quietly(self, method: str, params: dict[str, Any]) -> None:
        """A courtesy: too late, too often or not at all, nothing depends on it."""
        try:
            await self._ask(method, params)
        except TelegramError as error:
            log.debug("courtesy refused", method=method, error=type(error).__name__)

    # Groups

    async def say_and_leave(self, chat_id: int, text: str | None) -> bool:
        """One sentence, unless it was said already, and out. Returns whether we are out."""
        if text is not None:
            silent = {"link_preview_options": {"is_disabled": True}, "disable_notification": True}
            await self._quietly("sendMessage", {"chat_id": chat_id, "text": text, **silent})
        try:
            await self._ask("leaveChat", {"chat_id": chat_id})
        except (Forbidden, BadRequest):
            return True  # we are not in it any more
        except TelegramError as error:
            log.warning("did not leave a group", error=type(error).__name__)
            return False
        return True

    # Files

    async def fetch(self, ref: str) -> bytes | None:
        """What somebody sent, by the `ref` that it was heard with. None when Telegram does not hand it out: it is
        gone, or larger than the 20 MB that bots are given. Raises TelegramError when it is worth another try."""
        try:
            file = await self.bot.get_file(ref.partition(":")[2])
            if (file.file_size or 0) > MOST_BYTES:
                return None
            content = bytes(await file.download_as_bytearray(read_timeout=FETCH_SECONDS))
        except (BadRequest, InvalidToken):
            return None  # a file's address that is not there any more is a 404, as a wrong token's is
        return content if len(content) <= MOST_BYTES else None

    # Asides

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def idle(self) -> None:
        """Returns when no courtesy is on its way any more (for a quiet end)."""
        while self._asides:
            await asyncio.gather(*self._asides, return_exceptions=True)


def _number(result: Any) -> str:
    """Telegram's number of what was sent. Raises TypeError or KeyError: an answer without one is not Telegram's."""
    number = result["message_id"]
    if type(number) is not int:
        raise TypeError("no number of a message")
    return str(number)


async def _at_once(_key: str) -> float:
    return 0


def outcome_of(error: Exception) -> NotSent | Unknown:  # noqa: PLR0911 - it is a table
    """What an error says about the message (DESIGN 5). What is not known to mean “not sent” means “unknown”."""
    match error:
        case TooFast():
            return NotSent("429", retry_after=error.seconds)
        case NeverSent():
            return NotSent(error.message)
        case Forbidden():
            return NotSent(_without_quotes(error.message), blocked=True)
        case BadRequest() | ChatMigrated():
            return NotSent(_without_quotes(error.message), refused=True)
        case InvalidToken() | EndPointNotFound():
            return NotSent("Telegram does not know this token", fatal=True)
        case Conflict():
            return NotSent("409")
        case TelegramError():
            return Unknown(error.message)
    return Unknown(type(error).__name__)


def _without_quotes(description: str) -> str:
    """Telegram's reason, without what it quotes of ours: that could be somebody's words."""
    return re.sub(r"(['\"“«]).*", r"\1…", description)[:120]


def _input_file(upload: Upload) -> InputFile:
    file = InputFile(upload.content, filename=upload.name)
    file.mimetype = upload.mime  # it would guess by the name, and not every machine knows .ics
    return file


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
