"""JSON posted over HTTP/1.1, and its answer read: nearly all that the Bot API is asked, and nothing else.

aiohttp takes some 150 µs of processor time for such a request, this 30: of a message, which takes two or three of them,
that is a quarter (docs/decisions/0004). Files, downloads and proxies stay with aiohttp (request.py).

Connections are kept open and used again. What failed is told apart by the one thing that matters for a message
(DESIGN 5): `NothingLeft` if no byte of the request left this machine, `Broken` if some may have.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import deque
from functools import cache
from urllib.parse import SplitResult, urlsplit

# Telegram closes a connection that has been idle for some time; what is written just then would be of unknown fate.
IDLE_SECONDS = 15.0
# An address that does not answer (IPv6 in a network without it) must leave time for the next.
ONE_ADDRESS_SECONDS = 2.0
LARGEST_HEAD_BYTES = 64 * 1024


class NothingLeft(Exception):
    """No connection: neither a free place, nor an address, nor an answer to our knock."""


class Broken(Exception):
    """The request may have arrived; its answer has not."""


class Wire:
    """Connections to one server, at most `connections` at a time. Times are in seconds."""

    def __init__(self, connections: int, user_agent: str) -> None:
        self._most, self._user_agent = connections, user_agent
        self._open = 0
        self._idle: list[_Line] = []
        self._waiting: deque[asyncio.Future[_Line | None]] = deque()

    async def post(
        self, url: str, body: bytes, *, place_seconds: float, connect_seconds: float, answer_seconds: float | None
    ) -> tuple[int, bytes]:
        """The status, and what came with it. Raises `NothingLeft` or `Broken`; ValueError for an address that is
        none."""
        where = _split(url.rpartition("/")[0])
        head = (
            f"POST {where.path}/{_word(url.rpartition('/')[2])} HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"User-Agent: {self._user_agent}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line = await self._line(where, place_seconds, connect_seconds)
        try:
            return await line.ask(head.encode() + body, answer_seconds)
        finally:
            self._give_back(line)

    def close(self) -> None:
        for line in self._idle:
            line.close()
        self._idle.clear()

    # Places

    async def _line(self, where: SplitResult, place_seconds: float, connect_seconds: float) -> _Line:
        """The newest that is idle, so that those which are not needed grow old and are closed."""
        while self._idle:
            line = self._idle.pop()
            if line.fresh:
                return line
            self._closed(line)
        if self._open >= self._most and (freed := await self._place(place_seconds)) is not None:
            return freed
        self._open += 1
        try:
            return await _connect(where, connect_seconds)
        except BaseException:
            self._open -= 1
            self._next(None)
            raise

    async def _place(self, seconds: float) -> _Line | None:
        """A line that another request has done with, or None: there is room for a new one."""
        future: asyncio.Future[_Line | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            raise NothingLeft("no free connection") from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and (line := future.result()) is not None:
                self._give_back(line)
            raise

    def _give_back(self, line: _Line) -> None:
        if not line.usable:
            self._closed(line)
            self._next(None)
        elif not self._next(line):
            self._idle.append(line)

    def _next(self, line: _Line | None) -> bool:
        """Whether somebody waited for it."""
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(line)
                return True
        return False

    def _closed(self, line: _Line) -> None:
        line.close()
        self._open -= 1


class _Line(asyncio.Protocol):
    """One connection: one request at a time, and its answer."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._read = bytearray()
        self._idle_since = self._loop.time()
        self._lost = self._last = False

    @property
    def usable(self) -> bool:
        return not self._lost and not self._last and not self._read and self._answer is None

    @property
    def fresh(self) -> bool:
        return self.usable and self._loop.time() - self._idle_since < IDLE_SECONDS

    async def ask(self, request: bytes, seconds: float | None) -> tuple[int, bytes]:
        if self._transport is None or self._lost:
            raise NothingLeft("closed while idle")
        self._answer = answer = self._loop.create_future()
        alarm = self._loop.call_later(seconds, self._fail, "no answer in time") if seconds is not None else None
        self._transport.write(request)
        try:
            status, payload = await answer
        finally:
            if alarm is not None:
                alarm.cancel()
            if self._answer is not None:  # we were cancelled: what comes now is nobody's answer
                self._fail("cancelled")
            self._idle_since = self._loop.time()
        return status, payload

    def close(self) -> None:
        self._lost = True
        if self._transport is not None:
            self._transport.abort()

    # What the connection does

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # it is one that reads and writes

    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._answer is None:  # nobody asked
            self.close()
            return
        try:
            self._look(ended=False)
        except (ValueError, IndexError):
            self._fail("not HTTP")

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        if self._answer is None:
            return
        with contextlib.suppress(ValueError, IndexError):
            self._look(ended=error is None)
        self._fail(type(error).__name__ if error else "closed")

    def _fail(self, why: str) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Broken(why))
        self._answer = None

    def _look(self, *, ended: bool) -> None:
        """Whether the answer is all there. Raises ValueError or IndexError when it is none."""
        while True:
            end = self._read.find(b"\r\n\r\n")
            if end < 0:
                if len(self._read) > LARGEST_HEAD_BYTES:
                    raise ValueError("no end of the headers")
                return
            status, headers = _head(bytes(self._read[:end]))
            if status >= 200:
                break
            del self._read[: end + 4]  # “100 Continue” and the like: the answer is still to come
        found = _body(self._read, end + 4, status, headers, ended=ended)
        if found is None or self._answer is None:
            return
        body, at = found
        del self._read[:at]
        self._last = headers.get(b"connection", b"").lower() == b"close" or ended
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result((status, body))


def _head(head: bytes) -> tuple[int, dict[bytes, bytes]]:
    first, *lines = head.split(b"\r\n")
    if not first.startswith(b"HTTP/1."):
        raise ValueError("not HTTP")
    headers = {}
    for line in lines:
        name, _colon, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    if first.startswith(b"HTTP/1.0"):
        headers.setdefault(b"connection", b"close")
    return int(first[9:12]), headers


def _body(
    read: bytearray, start: int, status: int, headers: dict[bytes, bytes], *, ended: bool
) -> tuple[bytes, int] | None:
    """The body and where it ends; None while there is more to come."""
    if status in (204, 304):
        return b"", start
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        return _chunks(read, start)
    if b"content-length" in headers:
        end = start + int(headers[b"content-length"])
        return (bytes(read[start:end]), end) if len(read) >= end else None
    return (bytes(read[start:]), len(read)) if ended else None


def _chunks(read: bytearray, at: int) -> tuple[bytes, int] | None:
    body = bytearray()
    while True:
        end = read.find(b"\r\n", at)
        if end < 0:
            return None
        size = int(bytes(read[at:end]).partition(b";")[0], 16)
        at = end + 2
        if size == 0:
            # What may follow are headers: an empty line ends them.
            end = at if read[at : at + 2] == b"\r\n" else read.find(b"\r\n\r\n", at) + 2
            return (bytes(body), end + 2) if end >= at and len(read) >= end + 2 else None
        if len(read) < at + size + 2:
            return None
        body += read[at : at + size]
        at += size + 2


async def _connect(where: SplitResult, seconds: float) -> _Line:
    secure = where.scheme == "https"
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.getaddrinfo(where.hostname, where.port or (443 if secure else 80), type=1)
            for left, (*_what, address) in zip(range(len(found) - 1, -1, -1), found, strict=True):
                try:
                    async with asyncio.timeout(ONE_ADDRESS_SECONDS if left else None):
                        _transport, line = await loop.create_connection(
                            _Line,
                            str(address[0]),
                            int(address[1]),
                            ssl=_tls() if secure else None,
                            server_hostname=where.hostname if secure else None,
                        )
                        return line
                except OSError:  # a TimeoutError is one
                    if not left:
                        raise
    except (OSError, ValueError) as error:
        raise NothingLeft(type(error).__name__) from error
    raise NothingLeft("no address")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _split(url: str) -> SplitResult:
    """Raises ValueError; its text holds nothing of the address, which holds the token."""
    where = urlsplit(url)
    if (
        where.scheme not in ("http", "https")
        or not where.hostname
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise ValueError("not an address")
    return where


def _word(method: str) -> str:
    if not (method.isascii() and method.isalnum()):
        raise ValueError("not a method")
    return method
