"""What holds for every page: its headers, where a form may come from, how much may be sent, and how often.

No page loads anything from elsewhere, runs a script that is not ours, or tells another site that somebody was here.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.writer import what_failed

log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
    # A shared computer must not show a conversation again when somebody goes back.
    "Cache-Control": "no-store",
}
# A year: whoever came once over an encrypted connection never comes over another.
STRICT_TRANSPORT = "max-age=31536000"

# A body that is too large is still read to its end, up to this many bytes, so that the browser shows our answer and
# not a broken connection.
READ_AND_THROW_AWAY = 200 * 1024 * 1024


class TooLarge(Exception):
    """More was sent than one message may hold."""


class SafeHeaders:
    """Puts `HEADERS` on every answer that does not say otherwise itself."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app, self.secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.secure or scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


async def without_a_word(_request: Request) -> Response:
    """For programs that ask: nobody reads it."""
    return PlainTextResponse("", status_code=500)


class Edge:
    """What nothing behind it expected is recorded by its kind, never by its text, and answered kindly."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Awaitable[Response]] = without_a_word) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if scope["type"] != "http":
                raise
            log.error("page failed", **what_failed(error))
            if not begun:
                page = await self.answer(Request(scope, receive))
                await page(scope, receive, send)


def comes_from_here(request: Request, has_cookie: bool) -> bool:
    """Whether one of our own pages sent this form.

    Browsers say so in Sec-Fetch-Site; older ones in Origin, which is “null” for our forms since we send no referrer.
    Then the cookie says it: it is SameSite=Lax, and no other site's form brings it along.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True  # not a browser
    if origin == "null":
        return has_cookie
    return urlsplit(origin).netloc == request.headers.get("host", "")


def at_most(receive: Receive, most_bytes: int) -> Receive:
    """The same body, which raises `TooLarge` once it is longer. What is left of it is for `throw_away`."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most_bytes:
            raise TooLarge
        return message

    return counted


async def throw_away(receive: Callable[[], Awaitable[Message]]) -> None:
    """Read what is left of a body."""
    left = READ_AND_THROW_AWAY
    while left > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
        left -= len(message.get("body", b""))


class Rate:
    """So many at once, and then as many a minute. Gentle: it is there for a stuck key or a script, not for a person."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._spent: dict[str, tuple[float, float]] = {}

    def allows(self, who: str) -> bool:
        now = time.monotonic()
        if len(self._spent) > 10_000:
            self._spent = {name: (spent, at) for name, (spent, at) in self._spent.items() if now - at < 60}
        spent, at = self._spent.get(who, (0.0, now))
        spent = max(0.0, spent - (now - at) * self.a_minute / 60)
        if spent + 1 > self.a_minute:
            return False
        self._spent[who] = (spent + 1, now)
        return True
