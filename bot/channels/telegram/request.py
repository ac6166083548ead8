"""HTTP for python-telegram-bot, through its public `BaseRequest` seam.

Two things are gained. Speed: python-telegram-bot's own transport is four fifths of its processor time; JSON goes by
the short way (wire.py), and aiohttp, which does all the rest, is not even imported before there is any. And the truth
about what failed: its `TimedOut` and `NetworkError` do not say whether a request left this machine, and everything that
becomes of a message depends on just that (DESIGN 5). Here three errors say it: `NeverSent`, `TooFast`, `NoAnswer`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.wire import Broken, NothingLeft, Wire

if TYPE_CHECKING:
    import aiohttp

# As many as the post has under way at once, and some for the small change: answered taps, files fetched.
CONNECTIONS = 128
# An answer that comes late costs nothing; one that was not waited for costs a family the same message twice.
READ_SECONDS = 20.0
CONNECT_SECONDS = 5.0
POOL_SECONDS = 5.0
WRITE_SECONDS = 5.0
# 20 MB over a slow line.
UPLOAD_SECONDS = 120.0
# What is asked of us when a 429 does not say how long. One that says less than a second would have us hammer; one that
# says more than a day would be none of Telegram's.
USUAL_PAUSE_SECONDS = 5.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 86400.0

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
        request=Request(read_seconds=read_seconds, proxy=proxy),
        # Listening has a connection of its own: it must never wait behind what is being sent.
        get_updates_request=Request(connections=1, read_seconds=read_seconds, proxy=proxy),
    )


class Plain:
    """What is asked of the Bot API, without files: all that `Request` wants to know of python-telegram-bot's
    `RequestData`, which takes 13 µs to be made, looking at each value in turn for a file in it."""

    __slots__ = ("parameters",)
    contains_files = False

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters


class Request(BaseRequest):
    """One pool of connections to the Bot API, and aiohttp's for the little that is no JSON. All times in seconds."""

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
        self._wire: Wire | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._wire is None:
            self._wire = Wire(self._connections, self.USER_AGENT)

    async def shutdown(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None
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
        if self._wire is None:
            raise NeverSent("Not initialized")
        uploads = request_data is not None and request_data.contains_files
        limits = Limits(
            read=_given(read_timeout, self._read),
            write=_given(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS),
            connect=_given(connect_timeout, self._connect),
            pool=_given(pool_timeout, self._pool),
        )
        if method == "POST" and not uploads and self._proxy is None:
            status, payload = await self._post(self._wire, url, request_data, limits)
        else:
            status, payload = await self._with_aiohttp(url, method, request_data, limits)
        _judge(status, payload)
        return status, payload

    async def _post(self, wire: Wire, url: str, data: RequestData | None, limits: Limits) -> tuple[int, bytes]:
        try:
            return await wire.post(
                url,
                _json(data),
                place_seconds=limits.pool,
                connect_seconds=limits.connect,
                answer_seconds=limits.read,  # so few bytes are written at once
            )
        except NothingLeft as error:
            raise NeverSent(str(error)) from error
        except Broken as error:
            raise NoAnswer(str(error)) from error
        except ValueError as error:
            raise NeverSent(str(error)) from None

    async def _with_aiohttp(self, url: str, method: str, data: RequestData | None, limits: Limits) -> tuple[int, bytes]:
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        # aiohttp has no limit for writing, so the whole of a POST has one. A GET may last as long as its bytes come.
        whole = limits.answer + limits.connect + limits.pool if method == "POST" and limits.answer else None
        timeout = aiohttp.ClientTimeout(
            total=whole,
            connect=limits.connect + limits.pool,
            sock_connect=limits.connect,
            sock_read=limits.read,
        )
        body, headers = _body(data) if data is not None else (None, None)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            # No connection: neither a free place in the pool, nor an address, nor an answer to our knock.
            raise NeverSent(type(error).__name__) from error
        except aiohttp.InvalidURL as error:
            raise NeverSent(type(error).__name__) from None  # its text holds the address, and that the token
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            found = parse(payload)
        except ValueError as error:
            raise NoAnswer("Not JSON") from error
        if not isinstance(found, dict) or ("result" not in found and found.get("ok", True)):
            raise NoAnswer("Not an answer of the Bot API")
        return found


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each part may take; None is for ever."""

    read: float | None
    write: float | None
    connect: float
    pool: float

    @property
    def answer(self) -> float | None:
        """From the first byte out to the last byte in."""
        return None if self.read is None or self.write is None else self.read + self.write


def _given(timeout: Any, usual: float) -> Any:
    return usual if timeout is BaseRequest.DEFAULT_NONE else timeout


def _json(data: RequestData | None) -> bytes:
    """The quickest that the Bot API reads."""
    try:
        return orjson.dumps(data.parameters if data is not None else {})
    except TypeError as error:
        raise BadRequest("Cannot be written as JSON") from error  # and never will be: no reason to try again


def _body(data: RequestData) -> tuple[Any, dict[str, str] | None]:
    """JSON; a form where files go with it."""
    if not data.contains_files:
        return _json(data), {"Content-Type": "application/json"}
    import aiohttp

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
    if not _telegrams(payload):
        # A proxy's. Taken for Telegram's word, a 403 of it would mark every family as having shut us out, and a 401
        # would stop everything.
        raise NeverSent(f"HTTP {status}, not from Telegram")


def _telegrams(payload: bytes) -> bool:
    """Whether a refusal has the form that Telegram gives it. Proxies answer in JSON, too."""
    try:
        found = parse(payload)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("ok") is False and isinstance(found.get("description"), str)


def _pause(payload: bytes) -> float:
    try:
        seconds = float(orjson.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError, OverflowError):
        return USUAL_PAUSE_SECONDS
    if not math.isfinite(seconds):
        return USUAL_PAUSE_SECONDS
    return min(max(seconds, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)


def parse(payload: bytes) -> Any:
    """JSON as Telegram sends it. Raises ValueError.

    Half of a surrogate pair is no JSON to orjson, yet somebody's message may hold one: it must not block a queue.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except RecursionError:
            raise ValueError("nested too deep") from None
