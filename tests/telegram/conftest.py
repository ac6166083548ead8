"""A stand-in for Telegram, a program that serves it, and a few short conversations to hold."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine, event

import handlers
from handlers.dialogue import Chat
from handlers.errand import Errand
from models.message import Card, File, Message
from models.outgoing import Class
from models.partnership import Partnership
from models.person import address_at
from tests.patience import PATIENCE
from tests.standin import BotApi
from tests.telegram.serving import Serving

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def taxi(chat: Chat) -> None:
    topic = chat.choose("topic", "What is this about?", {"school": "School", "bus": "The bus"})
    words = chat.ask("words", "Tell us.")
    chat.say(f"Thank you for “{words}” about {topic}.")


def meeting(chat: Chat) -> None:
    chat.say("Add it to your calendar.", file=File.of("meeting.ics", "text/calendar", CALENDAR))


def travel(chat: Chat) -> None:
    chat.say("They help with travel.", card=Card("Travel team", "01632 960 123", web="https://example.org"))


def needs(chat: Chat) -> None:
    wanted = chat.several("needs", "What do you need?", {"ramp": "A ramp", "quiet": "A quiet room"})
    chat.say(f"Noted: {', '.join(wanted)}.")


def photo(chat: Chat) -> None:
    """What one person sends goes on to person 8."""
    story = chat.gather("story", "Send it.")
    other = address_at(chat.session, "telegram", "8")
    if other is not None:
        for number in story.attachments:
            chat.write_to(other.person, Message("Somebody sent this.", attachment=number), Class.ALERT)
    chat.say("Passed on.")


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversations of these tests, in the place of the real ones: those may change, Telegram does not."""
    for name, flow in (("taxi", taxi), ("meeting", meeting), ("travel", travel), ("needs", needs), ("photo", photo)):
        errand = Errand(flow, label=lambda name=name: name.title(), words=lambda: "", command=name)  # type: ignore[misc]
        monkeypatch.setitem(handlers.ERRANDS, name, errand)


@pytest.fixture
def serving(api: BotApi, engine: Engine, tameside: Partnership, _short: None) -> Iterator[Serving]:
    with Serving(api, engine, tameside) as serving:
        yield serving


@pytest.fixture
def impatient(engine: Engine) -> Engine:
    """A database that says at once that it is locked, instead of waiting half a minute."""
    at_once = "SET lock_timeout = 20" if engine.dialect.name == "postgresql" else "PRAGMA busy_timeout = 20"

    def hurried(connection: Any, _record: Any) -> None:
        connection.execute(at_once).close()
        connection.commit()

    event.listen(engine, "connect", hurried)
    engine.dispose()
    return engine


class Log:
    """What the program wrote into its log, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self._changed = threading.Condition()

    def __call__(self, _logger: Any, _name: str, line: Any) -> Any:
        with self._changed:
            self.lines.append(dict(line))
            self._changed.notify_all()
        raise structlog.DropEvent

    def waits_for(self, event: str) -> dict[str, Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: any(line["event"] == event for line in self.lines), PATIENCE), (
                self.lines
            )
            return next(line for line in self.lines if line["event"] == event)


@pytest.fixture
def log() -> Iterator[Log]:
    log = Log()
    before = structlog.get_config()
    structlog.configure(processors=[log], cache_logger_on_first_use=False)
    yield log
    structlog.configure(**before)
