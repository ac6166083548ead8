"""HTTP for python-telegram-bot, through its public `BaseRequest` seam, on aiohttp.

Two things are gained. Speed: python-telegram-bot's own transport is four fifths of its processor time. And the truth
about what failed: its `TimedOut` and `NetworkError` do not say whether a request left this machine, and everything that
becomes of a message depends on just that (DESIGN 5). Here three errors say it: `NeverSent`, `TooFast`, `NoAnswer`.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import orjson
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

# As many as the post has under way at once, and some for the small change: answered taps, files fetched.
CONNECTIONS = 128
# An answer that comes late costs nothing; one that was not waited for costs a family the same message twice.
READ_SECONDS = 20.0
CONNECT_SECONDS = 5.0
POOL_SECONDS = 5.0
WRITE_SECONDS = 5.0
# 20 MB over a slow line.
UPLOAD_SECONDS = 120.0
# What is asked of us when a 429 does not say how long.
USUAL_PAUSE_SECONDS = 5.0

_FORM_TOO_LARGE = 413
_TOO_MANY = 429


class NeverSent(NetworkError):
    """Nothing of the request reached Telegram: trying again repeats nothing."""


class NoAnswer(NetworkError):
    """The request may have reached Telegram, and nobody knows what became of it."""


class TooFast(TelegramError):
    """429, and how long to wait. (python-telegram-bot's `RetryAfter` warns of itself whenever it is made.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests: {seconds:g} s")
        self.seconds = seconds


def new_bot(token: str, api_url: str, *, read_seconds: float = READ_SECONDS, proxy: str | None = None) -> Bot:
    """A bot for the Bot API at `api_url` (`https://api.telegram.org/bot`). `await bot.initialize()` before use, and
    `await bot.shutdown()` after it."""
    return Bot(
        token,
        base_url=api_url,
        base_file_url=api_url.removesuffix("/bot") + "/file/bot",
        request=AiohttpRequest(read_seconds=read_seconds, proxy=proxy),
        # Listening has a connection of its own: it must never wait behind what is being sent.
        get_updates_request=AiohttpRequest(connections=1, read_seconds=read_seconds, proxy=proxy),
    )


class AiohttpRequest(BaseRequest):
    """One pool of connections. All times in seconds."""

    def __init__(
        self,
        connections: int = CONNECTIONS,
        read_seconds: float = READ_SECONDS,
        connect_seconds: float = CONNECT_SECONDS,
        pool_seconds: float = POOL_SECONDS,
        proxy: str | None = None,
    ) -> None:
        self._connections = connections
        self._read, self._connect, self._pool = read_seconds, connect_seconds, pool_seconds
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._session is not None:
            return
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0917 - the seam's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        # Seconds, None for no limit, or DEFAULT_NONE for ours.
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NeverSent("Not initialized")
        uploads = request_data is not None and request_data.contains_files
        timeout = _timeout(
            method,
            read=_given(read_timeout, self._read),
            write=_given(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS),
            connect=_given(connect_timeout, self._connect),
            pool=_given(pool_timeout, self._pool),
        )
        body, headers = _body(request_data) if request_data is not None else (None, None)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy, allow_redirects=False
            ) as response:
                payload = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            # No connection: neither a free place in the pool, nor an address, nor an answer to our knock.
            raise NeverSent(type(error).__name__) from error
        except aiohttp.InvalidURL as error:
            raise NeverSent(type(error).__name__) from None  # its text holds the address, and that the token
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error
        _judge(response.status, payload)
        return response.status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            found = parse(payload)
        except ValueError as error:
            raise NoAnswer("Not JSON") from error
        if not isinstance(found, dict) or ("result" not in found and found.get("ok", True)):
            raise NoAnswer("Not an answer of the Bot API")
        return found


def _given(timeout: Any, usual: float) -> float | None:
    return usual if timeout is BaseRequest.DEFAULT_NONE else timeout


def _timeout(
    method: str, *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """aiohttp has no limit for writing, so the whole of a POST has one. A GET may last as long as its bytes come."""
    parts = (read, write, connect, pool)
    known = [part for part in parts if part is not None]
    return aiohttp.ClientTimeout(
        total=sum(known) if method == "POST" and len(known) == len(parts) else None,
        connect=connect + pool if connect is not None and pool is not None else None,
        sock_connect=connect,
        sock_read=read,
    )


def _body(data: RequestData) -> tuple[Any, dict[str, str] | None]:
    """JSON, the quickest that the Bot API reads; a form where files go with it."""
    if not data.contains_files:
        try:
            return orjson.dumps(data.parameters), {"Content-Type": "application/json"}
        except TypeError as error:
            raise BadRequest("Cannot be written as JSON") from error  # and never will be: no reason to try again
    # Telegram takes a file's name as it stands: quoted, a Polish or Urdu one would arrive as percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, None


def _judge(status: int, payload: bytes) -> None:
    """Answers whose meaning python-telegram-bot would lose, or that are not Telegram's at all."""
    if status < 400:
        return
    if status >= 500:
        raise NoAnswer(f"HTTP {status}")  # it may have been done all the same
    if status == _FORM_TOO_LARGE:
        raise BadRequest("Request Entity Too Large")
    if status == _TOO_MANY:
        raise TooFast(_pause(payload))
    if not payload.lstrip().startswith(b"{"):
        # A proxy's page. Taken for Telegram's word, a 403 of it would mark every family as having shut us out.
        raise NeverSent(f"HTTP {status}, not from Telegram")


def _pause(payload: bytes) -> float:
    try:
        return float(orjson.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return USUAL_PAUSE_SECONDS


def parse(payload: bytes) -> Any:
    """JSON as Telegram sends it. Raises ValueError.

    Half of a surrogate pair is no JSON to orjson, yet somebody's message may hold one: it must not block a queue.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return json.loads(payload.decode("utf-8", "replace"))
