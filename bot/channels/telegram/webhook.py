"""Telegram comes to us: each update is answered with 200 once it is committed, and not before.

Anybody may knock at this address. Only Telegram knows the secret; everybody else is told that there is nothing here,
whatever they try.
"""

from __future__ import annotations

import asyncio
import hmac

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.hearing import Hearing
from bot.channels.telegram.payload import ALLOWED_UPDATES
from bot.channels.telegram.request import NeverSent, NoAnswer, TooFast, parse
from bot.writer import what_failed

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
# How many updates Telegram may hand in side by side: those that wait together share a commit.
CONNECTIONS = 100
PATH = "/telegram"
# Updates are some kilobytes; nothing that is longer is one.
LARGEST_BYTES = 1024 * 1024
# Seconds between one try and the next, when Telegram is away.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


def webhook_route(hearing: Hearing, secret: str, path: str = PATH) -> Route:
    """The address for `open_webhook`. `secret`: 1 to 256 of A-Z a-z 0-9 _ -."""
    expected = secret.encode()

    async def take_in(request: Request) -> Response:
        shown = request.headers.get(SECRET_HEADER, "").encode()
        if request.method != "POST" or not hmac.compare_digest(shown, expected):
            return PlainTextResponse("Not Found", 404)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BYTES:
                return Response(status_code=413)
        return await _answer(hearing, bytes(body))

    # Every method: that there is something here is told by no “method not allowed” either.
    return Route(path, take_in, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False)


async def _answer(hearing: Hearing, body: bytes) -> Response:
    try:
        update = parse(body)
    except Exception as error:
        log.error("webhook without an update", **what_failed(error))
        return Response(status_code=200)  # it would come again for a day, and be no better
    try:
        await hearing.hear(update)
    except Exception as error:
        log.error("update not committed", **what_failed(error))
        return Response(status_code=503)  # Telegram will bring it again
    return Response(status_code=200)


async def open_webhook(bot: Bot, public_url: str, secret: str, path: str = PATH) -> None:
    """Have updates brought to `public_url` (without a slash at its end). While Telegram is away it is asked again.

    Raises TelegramError when it refuses: the address, or us.
    """
    pause = SHORTEST_PAUSE
    while True:
        try:
            await bot.set_webhook(
                public_url + path, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=CONNECTIONS
            )
        except (NeverSent, NoAnswer, TooFast) as error:
            log.warning("webhook not set yet", **what_failed(error))
            await asyncio.sleep(error.seconds if isinstance(error, TooFast) else pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


async def close_webhook(bot: Bot) -> None:
    """Before polling: while there is a webhook, asking is refused. What waits stays. Raises TelegramError."""
    await bot.delete_webhook(drop_pending_updates=False)
