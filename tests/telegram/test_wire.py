"""HTTP as servers speak it: the answer in pieces, in chunks, without a length; connections that end when they like."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.telegram.wire import Broken, NothingLeft, Wire

Answers = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


class Server:
    """Answers each request of a connection as the test says, by its number."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.connections = 0
        self.bodies: list[bytes] = []
        self.url = ""

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/bot1:x/sendMessage"
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
                self.bodies.append(await reader.readexactly(length))
                await self.answers(writer, len(self.bodies))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def says(*pieces: bytes, ends: bool = False) -> Answers:
    async def answer(writer: asyncio.StreamWriter, _number: int) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if ends:
            writer.close()

    return answer


async def post(wire: Wire, url: str, body: bytes = b"{}", seconds: float = 5) -> tuple[int, bytes]:
    return await wire.post(url, body, place_seconds=seconds, connect_seconds=5, answer_seconds=seconds)


def asked(answers: Answers, times: int = 1) -> tuple[list[tuple[int, bytes]], Server]:
    async def go() -> tuple[list[tuple[int, bytes]], Server]:
        wire = Wire(2, "test")
        async with Server(answers) as server:
            found = [await post(wire, server.url, b"%d" % number) for number in range(times)]
            wire.close()
            return found, server

    return asyncio.run(go())


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_one_connection_serves_many() -> None:
    found, server = asked(says(OK), times=5)
    assert found == [(200, b"hello")] * 5
    assert (server.connections, server.bodies) == (1, [b"0", b"1", b"2", b"3", b"4"])


@pytest.mark.parametrize(
    "answer",
    [
        says(*(OK[at : at + 1] for at in range(len(OK)))),
        says(b"HTTP/1.1 100 Continue\r\n\r\n", OK),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2;x=y\r\nhe\r", b"\n3\r\nllo\r\n0\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nMore: later\r\n", b"\r\n"),
    ],
)
def test_however_the_answer_comes(answer: Answers) -> None:
    found, server = asked(answer, times=2)
    assert found == [(200, b"hello")] * 2
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        says(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", ends=True),
        says(b"HTTP/1.1 200 OK\r\n\r\nhello", ends=True),
        says(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
    ],
)
def test_a_connection_that_is_over_is_not_used_again(answer: Answers) -> None:
    found, server = asked(answer, times=3)
    assert found == [(200, b"hello")] * 3
    assert server.connections == 3


@pytest.mark.parametrize(
    "answer",
    [
        says(ends=True),
        says(b"HTTP/1.1 200 OK\r\nContent-Le", ends=True),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", ends=True),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", ends=True),
        says(b"SSH-2.0-server\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
    ],
)
def test_an_answer_that_is_none_leaves_it_open_whether_it_arrived(answer: Answers) -> None:
    with pytest.raises(Broken):
        asked(answer)


def test_what_is_said_unasked_ends_the_connection_and_nobody_takes_it_for_an_answer() -> None:
    async def go() -> None:
        wire = Wire(1, "test")
        async with Server(says(OK + OK.replace(b"hello", b"wrong"))) as server:
            for _time in range(3):
                assert await post(wire, server.url) == (200, b"hello")
            assert server.connections == 3

    asyncio.run(go())


def test_whoever_gave_up_leaves_the_next_its_own_answer() -> None:
    """The late answer of a request that nobody waits for any more must not become that of the next one."""
    goes_on = asyncio.Event()

    async def slow_at_first(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 1:
            await goes_on.wait()
        writer.write(OK)

    async def go() -> None:
        wire = Wire(1, "test")
        async with Server(slow_at_first) as server:
            first = asyncio.ensure_future(post(wire, server.url))
            while not server.bodies:
                await asyncio.sleep(0)
            second = asyncio.ensure_future(post(wire, server.url))
            await asyncio.sleep(0)
            first.cancel()
            assert await second == (200, b"hello")
            goes_on.set()
            assert server.connections == 2

    asyncio.run(go())


def test_without_a_free_place_nothing_is_sent() -> None:
    async def go() -> None:
        wire = Wire(1, "test")
        async with Server(says()) as server:
            first = asyncio.ensure_future(post(wire, server.url))
            while not server.bodies:
                await asyncio.sleep(0)
            with pytest.raises(NothingLeft):
                await post(wire, server.url, seconds=0)
            first.cancel()
            assert len(server.bodies) == 1

    asyncio.run(go())


@pytest.mark.parametrize("url", ["http://h/bot1:x y/sendMessage", "http://h/bot1:x/send\r\nMessage", "ftp://h/b/c"])
def test_an_address_that_is_none_goes_nowhere(url: str) -> None:
    with pytest.raises(ValueError, match=r"not an? (address|method)"):
        asyncio.run(post(Wire(1, "test"), url))
