"""A served web chat with a conversation of its own, so that these tests hold whatever families are asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from sqlalchemy import Engine

import handlers
from handlers.dialogue import Chat
from handlers.errand import Errand
from models import keeping
from models.message import Button, Card, File
from models.partnership import Partnership
from tests.patience import PATIENCE
from tests.web.browser import chromium
from tests.web.serving import Served, serving

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def picnic(chat: Chat) -> None:
    drink = chat.choose("drink", "What would you like to drink?", {"tea": "Tea", "juice": "Juice"})
    extras = chat.several(
        "extras", "What would you like with it?", {"milk": "Milk", "honey": "Honey"}, done="That’s it"
    )
    name = chat.ask("name", "What should we write on the cup?", hint="A first name")
    chat.say(f"One {drink} with {len(extras)} extras for {name}.")
    chat.say(
        "Ring the kitchen if it is late.",
        card=Card("The kitchen", "01632 960123", "k@example.org", "https://example.org"),
    )
    chat.say(
        "This is when.",
        Button("Look at the map", url="https://example.org/map"),
        file=File.of("picnic.ics", "text/calendar", CALENDAR),
    )


def tall(chat: Chat) -> None:
    chat.choose("how", "How was it?", {"good": "Good", "bad": "Bad"}, tall=True)


def broken(_chat: Chat) -> None:
    raise ZeroDivisionError


def told(chat: Chat) -> None:
    secret = chat.ask("secret", "Who invited you?")
    chat.say(f"Welcome. The invite was {len(secret)} letters long.")


def forget(chat: Chat) -> None:
    keeping.erase(chat.session, chat.person, telling=chat.address, within=chat.conversation)
    chat.say("Everything about you is erased here.")


@pytest.fixture(autouse=True)
def _errands(monkeypatch: pytest.MonkeyPatch) -> None:
    flows = {"welcome": picnic, "picnic": picnic, "tall": tall, "broken": broken, "forget": forget, "join_staff": told}
    for name, flow in flows.items():
        errand = Errand(flow, label=lambda name=name: name.capitalize(), words=lambda name=name: name)  # type: ignore[misc]
        monkeypatch.setitem(handlers.ERRANDS, name, errand)


@pytest.fixture
def served(engine: Engine, tameside: Partnership) -> Iterator[Served]:
    with serving(engine, tameside) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For the tests of one file: while it is open, Playwright keeps an event loop running in this thread, and no other
    test could run one of its own."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=served.address, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()
