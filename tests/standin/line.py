"""One connection to the stand-in, without aiohttp as long as only ordinary calls come: fields as JSON or as a form, and
no fault that is set.

aiohttp takes some 100 µs for a request and this 15. Every program that is measured meets the same, so it changes what
is fair to none of them; but what the stand-in takes, everybody waits for, and it was a quarter of what was measured.
Whatever else comes (files, downloads, control, faults, chunks) is handed to aiohttp, with the connection, for good.
"""

import asyncio
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import parse_qsl

import orjson

from .server import Server, put_together

LARGEST_BODY_BYTES = 1024 * 1024
_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_KIND = b"\r\ncontent-type:"
# What aiohttp knows better.
_OTHERS = (b"\r\ntransfer-encoding:", b"\r\nexpect:", b"\r\nconnection: close", b"\r\nupgrade:", b"%", b"?")
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class Line(asyncio.Protocol):
    def __init__(self, server: Server, aiohttps: Callable[[], asyncio.Protocol], lines: set["Line"]) -> None:
        """`aiohttps` makes the one that takes over. `lines` are those that are open."""
        self._server, self._aiohttps, self._lines = server, aiohttps, lines
        self.transport: asyncio.Transport | None = None
        self._read = bytearray()
        self._call: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # it is one that reads and writes
        self._lines.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._lines.discard(self)
        if self._call is not None:  # a poll ends when its caller hangs up
            self._call.cancel()

    def data_received(self, data: bytes) -> None:
        self._read += data
        self._go_on()

    def _go_on(self) -> None:
        while self._call is None and self._read and self._one():
            pass

    def _one(self) -> bool:
        """Answer the call that stands first in what was read; False when there is none to be answered here and now."""
        end = self._read.find(_END)
        if end < 0:
            return False
        head = bytes(self._read[:end]).lower()
        length = _number(_field(head, _LENGTH))
        kind = _field(head, _KIND).partition(b";")[0].strip()
        method = self._server.method_in(bytes(self._read[: self._read.find(b"\r\n")]))
        if method is None or not _ordinary(head, length, kind) or any(True for _fault in self._server.faults):
            self._hand_over()
            return False
        whole = end + len(_END) + length
        if len(self._read) < whole:
            return False
        body = bytes(self._read[end + len(_END) : whole])
        del self._read[:whole]
        self._answer(method, body, kind)
        return True

    def _answer(self, method: str, body: bytes, kind: bytes) -> None:
        call = self._server.plain_call(method, lambda: _fields(body, kind))
        if self._server.latency or method == "getUpdates":
            self._call = asyncio.get_running_loop().create_task(self._wait_for(call))
            return
        try:  # nothing in it waits: it needs no task
            call.send(None)
        except StopIteration as done:
            self._write(*done.value)
        else:
            raise RuntimeError(f"{method} waits")

    async def _wait_for(self, call: Any) -> None:
        try:
            self._write(*await call)
        except Exception:
            if self.transport is not None:
                self.transport.abort()  # rather than that the caller waits for ever
            raise
        self._call = None
        self._go_on()

    def _write(self, code: int, body: bytes) -> None:
        if self.transport is not None:
            head = f"HTTP/1.1 {code} {_REASONS.get(code, '-')}\r\nContent-Type: application/json\r\nContent-Length: "
            self.transport.write(head.encode() + str(len(body)).encode() + _END + body)

    def _hand_over(self) -> None:
        transport, self.transport = self.transport, None
        self._lines.discard(self)
        if transport is not None:
            takes_over = self._aiohttps()
            transport.set_protocol(takes_over)
            takes_over.connection_made(transport)
            takes_over.data_received(bytes(self._read))


def _field(head: bytes, name: bytes) -> bytes:
    at = head.find(name)
    return head[at + len(name) :].partition(b"\r\n")[0].strip() if at >= 0 else b""


def _number(digits: bytes) -> int:
    return int(digits) if digits.isdigit() else 0


def _ordinary(head: bytes, length: int, kind: bytes) -> bool:
    known = kind in (b"application/json", b"application/x-www-form-urlencoded") if length else True
    return known and length <= LARGEST_BODY_BYTES and not any(one in head for one in _OTHERS)


def _fields(body: bytes, kind: bytes) -> dict[str, Any]:
    """Raises Refused (400) or ValueError."""
    return put_together({}, _pairs(body, kind))


def _pairs(body: bytes, kind: bytes) -> Generator[tuple[str, Any], None, None]:
    if kind == b"application/json":
        yield from Server.object_in(orjson.loads(body or b"{}"))
    else:
        yield from parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=False)
