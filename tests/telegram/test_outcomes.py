"""What becomes of an attempt to send: sent, not sent, or unknown, and never a guess (DESIGN 5)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from telegram.error import BadRequest, ChatMigrated, Conflict, EndPointNotFound, Forbidden, InvalidToken, NetworkError

from bot.channels.outcome import NotSent, Outcome, Sent, Unknown
from bot.channels.telegram import Telegram, new_bot
from bot.channels.telegram.channel import outcome_of
from bot.channels.telegram.request import NeverSent, NoAnswer, Request, TooFast
from models.attachment import Attachment
from models.message import Button, Card, File, Message
from tests.patience import PATIENCE
from tests.standin import BotApi, Kind, Person

HELLO = Message("Hello.", (Button("Yes", "a:1:q:yes"),))
AGAIN = Message("Hello.", (Button("✓ Yes", "a:1:q:yes"),), in_place=True)

ERRORS: list[tuple[Exception, Outcome]] = [
    (TooFast(3), NotSent("429", retry_after=3)),
    (NeverSent("ClientConnectorError"), NotSent("ClientConnectorError")),
    (
        Forbidden("Forbidden: bot was blocked by the user"),
        NotSent("Forbidden: bot was blocked by the user", blocked=True),
    ),
    (BadRequest("Bad Request: chat not found"), NotSent("Chat not found", refused=True)),
    (BadRequest("Bad Request: URL 'https://x/Sam' is bad"), NotSent("Url '…", refused=True)),
    (ChatMigrated(5), NotSent("Group migrated to supergroup. New chat id: 5", refused=True)),
    (InvalidToken("The token `1:x` was rejected"), NotSent("Telegram does not know this token", fatal=True)),
    (EndPointNotFound("x"), NotSent("Telegram does not know this token", fatal=True)),
    (Conflict("x"), NotSent("409")),
    (NoAnswer("HTTP 502"), Unknown("HTTP 502")),
    (NetworkError("who knows"), Unknown("who knows")),
    (KeyError("message_id"), Unknown("KeyError")),
]


@pytest.mark.parametrize(("error", "expected"), ERRORS)
def test_what_an_error_says_of_the_message(error: Exception, expected: Outcome) -> None:
    assert outcome_of(error) == expected


@pytest.fixture
def sam(api: BotApi) -> Person:
    [sam] = api.crowd(1, first_id=7)
    return sam


Deliver = Callable[..., Outcome]


@pytest.fixture
def deliver(api: BotApi, request: pytest.FixtureRequest) -> Iterator[Deliver]:
    """Delivers to Sam, with patience; where the stand-in is going to be silent, for half a second."""
    called = getattr(request.node, "callspec", None)
    fault = called.params.get("fault", {}) if called is not None else {}
    silent = fault.get("kind") in (Kind.SILENCE, Kind.SILENCE_AFTER)
    with asyncio.Runner() as runner:
        bot = new_bot(api.token, api.url, read_seconds=0.5 if silent else PATIENCE)
        runner.run(bot.initialize())
        channel = Telegram(bot)

        def deliver(
            message: Message, replaces: str | None = None, attachment: Attachment | None = None, key: str = "7"
        ) -> Outcome:
            async def go() -> Outcome:
                outcome = await channel.deliver(key, message, replaces, attachment)
                await channel.idle()
                return outcome

            return runner.run(go())

        yield deliver
        runner.run(bot.shutdown())


def test_what_arrived_has_telegrams_own_number(sam: Person, deliver: Deliver) -> None:
    outcome = deliver(HELLO)
    [message] = sam.chat.messages
    assert outcome == Sent(str(message.id))


FAULTS: list[tuple[dict[str, Any], Outcome]] = [
    ({"kind": Kind.REFUSE, "code": 429, "retry_after": 4}, NotSent("429", retry_after=4)),
    (
        {"kind": Kind.REFUSE, "code": 403},
        NotSent("Forbidden: bot was blocked by the user", blocked=True),
    ),
    ({"kind": Kind.REFUSE, "code": 400}, NotSent("Refused on purpose", refused=True)),
    ({"kind": Kind.REFUSE, "code": 401}, NotSent("Telegram does not know this token", fatal=True)),
    ({"kind": Kind.REFUSE, "code": 404}, NotSent("Telegram does not know this token", fatal=True)),
    ({"kind": Kind.REFUSE, "code": 500}, Unknown("HTTP 500")),
    ({"kind": Kind.REFUSE_AFTER, "code": 502}, Unknown("HTTP 502")),
    ({"kind": Kind.DROP_BEFORE}, Unknown("closed")),
    ({"kind": Kind.DROP_AFTER}, Unknown("closed")),
    ({"kind": Kind.CUT}, Unknown("closed")),
    ({"kind": Kind.SILENCE}, Unknown("no answer in time")),
    ({"kind": Kind.SILENCE_AFTER}, Unknown("no answer in time")),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS)
def test_every_fault_has_its_outcome(
    api: BotApi, sam: Person, deliver: Deliver, fault: dict[str, Any], expected: Outcome
) -> None:
    api.fault(method="sendMessage", **fault)
    outcome = deliver(HELLO)
    if isinstance(expected, Unknown) and isinstance(outcome, Unknown) and "drop" in fault["kind"]:
        return  # whether the end comes as an end or as a reset is the machine's business
    assert outcome == expected


def test_nobody_there_is_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever knocks is turned away
        outcome = _send_to(f"http://127.0.0.1:{taken.getsockname()[1]}/bot")
    assert outcome == NotSent("ConnectionRefusedError")
    assert _send_to("http://name.invalid/bot") == NotSent("gaierror")


@contextlib.contextmanager
def _a_proxy(answer: bytes) -> Iterator[str]:
    """Something between Telegram and us, which gives every request this answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _from = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/bot"
        thread.join()


def _page(status: str, body: bytes = b"<html>No</html>") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status.encode(), len(body), body)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_page("403 Forbidden"), NotSent("HTTP 403, not from Telegram")),
        (_page("404 Not Found"), NotSent("HTTP 404, not from Telegram")),
        (_page("429 Too Many Requests"), NotSent("429", retry_after=5)),
        (_page("413 Too Large"), NotSent("Request Entity Too Large", refused=True)),
        (_page("200 OK"), Unknown("Not JSON")),
        (_page("200 OK", b'{"ok":true}'), Unknown("Not an answer of the Bot API")),
        (_page("200 OK", b'{"ok":true,"result":true}'), Unknown("TypeError")),
    ],
)
def test_a_proxys_page_is_not_taken_for_telegrams_word(answer: bytes, expected: Outcome) -> None:
    with _a_proxy(answer) as url:
        assert _send_to(url) == expected


def _send_to(url: str) -> Outcome:
    async def go() -> Outcome:
        bot = new_bot("1:no-token-of-anybody", url, read_seconds=PATIENCE)
        await asyncio.gather(*(request.initialize() for request in bot._request))
        bot._bot_initialized = True  # Telegram had answered before
        try:
            return await Telegram(bot).deliver("7", HELLO, None, None)
        finally:
            await asyncio.gather(*(request.shutdown() for request in bot._request))

    return asyncio.run(go())


def test_no_free_connection_is_not_sent(api: BotApi) -> None:
    async def go() -> None:
        request = Request(connections=1, pool_seconds=0.1, connect_seconds=0.1)
        async with request:
            url = f"{api.url}{api.token}/getMe"
            slow = asyncio.create_task(request.post(url))
            await asyncio.to_thread(api.wait_for, lambda: api.calls.of("getMe"))
            with pytest.raises(NeverSent, match="no free connection"):
                await request.post(url)
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)

    api.fault(Kind.SILENCE)
    asyncio.run(go())


def test_two_chats_refused_at_once_mean_everybody(api: BotApi, sam: Person, deliver: Deliver) -> None:
    api.fault(Kind.REFUSE, "sendMessage", code=429, retry_after=30, times=None)
    assert deliver(HELLO) == NotSent("429", retry_after=30)
    assert deliver(HELLO) == NotSent("429", retry_after=30)
    assert deliver(HELLO, key="8") == NotSent("429", retry_after=30, everyone=True)


# In place


def test_a_message_is_changed_in_its_place_and_twice_is_once(sam: Person, deliver: Deliver) -> None:
    sent = deliver(HELLO)
    assert isinstance(sent, Sent)
    assert deliver(AGAIN, sent.ref) == sent
    assert deliver(AGAIN, sent.ref) == sent, "“message is not modified”: it shows just that"
    [message] = sam.chat.messages
    assert message.labels == ["✓ Yes"]


def test_what_cannot_be_changed_is_sent_anew(sam: Person, deliver: Deliver) -> None:
    sam.chat.open = True
    outcome = deliver(AGAIN, "4711")
    [message] = sam.chat.messages
    assert outcome == Sent(str(message.id))
    assert message.labels == ["✓ Yes"]


# In several pieces


def test_what_broke_off_in_the_middle_goes_on_from_there(api: BotApi, sam: Person, deliver: Deliver) -> None:
    message = Message("They help.", (Button("Menu", "c:menu"),), card=Card("Travel", "01632 960 123"))
    api.fault(Kind.REFUSE, "sendContact", code=429, retry_after=1)
    assert deliver(message) == NotSent("429", retry_after=1)
    outcome = deliver(message)
    assert [shown.text for shown in sam.chat.messages] == ["They help.", ""]
    assert outcome == Sent(str(sam.chat.messages[0].id)), "the number of the one with the buttons"
    assert isinstance(deliver(message), Sent)
    assert len(sam.chat.messages) == 4, "another message with the same words is another message"


def test_a_file_with_any_name_arrives_under_it(sam: Person, deliver: Deliver) -> None:
    message = Message("", file=File.of('zażółć "ق"\r\nX: y.ics', "text/calendar", b"x"))
    assert isinstance(deliver(message), Sent)
    document = sam.chat.messages[0].document
    assert document is not None
    assert document["file_name"] == "zażółć ق X y.ics"


def test_a_file_of_another_bot_is_uploaded_anew(sam: Person, deliver: Deliver) -> None:
    kept = Attachment(kind="photo", name="p.jpg", mime="image/jpeg", channel="telegram", ref="photo:other", size=3)
    kept.content = b"\xff\xd8\xff"
    assert isinstance(deliver(Message("Look"), attachment=kept), Sent)
    assert (sam.chat.messages[0].text, sam.chat.messages[0].attachment) == ("Look", b"\xff\xd8\xff")


def test_nothing_to_send_waits_for_staff(sam: Person, deliver: Deliver) -> None:
    assert deliver(Message("")) == NotSent("nothing to send", refused=True)


def test_half_a_character_is_refused_rather_than_tried_for_ever(sam: Person, deliver: Deliver) -> None:
    assert deliver(Message("x\ud83d")) == NotSent("Cannot be written as JSON", refused=True)
