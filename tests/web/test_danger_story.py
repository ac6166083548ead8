"""Somebody writes of danger in the middle of answering an invitation, and what comes of it: told as it happens.

The real program in a process of its own, its clock set by the test; Telegram, the web chat, e-mail and, at the desk, a
real browser. The area is a partnership's own copy that has named a team for duty.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url, select

from bot.partnership import open_partnership
from locales import _, speaking
from models.alert import Alert
from models.database import open_database, reading
from models.meeting import Coming, Rsvp
from tests.dated import DatedProgram
from tests.faults.program import until
from tests.faults.ready import PROJECT
from tests.patience import PATIENCE
from tests.somebody import Somebody
from tests.standin import BotApi
from tests.talk import Talk
from tests.telegram.test_alarm import DANGER
from tests.test_help_anyway import AWAY, gone
from tests.test_mail import SENDER, Postbox, free_port
from tests.test_meetings import called
from tests.test_whole import family, first_admin
from tests.web.visitor import Visitor

pytestmark = [pytest.mark.both_databases, pytest.mark.browser]

MORNING = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
TEAM = """
[[duty]]
team = "Safeguarding duty"
days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
start = 09:00:00
end = 17:00:00
"""
ORDERS = ("First: told at once", "Second: after 15 min", "Manager: after 30 min")
SERIOUS = "This sounds serious. Please do not wait for an answer here. You can ring:"
LOOK = "Somebody may be at risk. The code is"


class House:
    """The program, who works there, and their mailboxes."""

    def __init__(self, program: DatedProgram, api: BotApi, box: Postbox) -> None:
        self.program, self.api, self.box = program, api, box
        self.web = f"http://127.0.0.1:{program.port}"

    def lets_pass(self, minutes: int, code: str) -> None:
        """It is so long since this alert was raised."""
        engine = open_database(self.program.database_url)
        with reading(engine) as session:
            since = session.get_one(Alert, int(code.removeprefix("A"))).since
        engine.dispose()
        self.program.jump_to(since + timedelta(minutes=minutes))

    def invites_to_a_meeting(self) -> int:
        """A meeting that staff have called; how they do that is told elsewhere."""
        engine = open_database(self.program.database_url)
        with time_machine.travel(self.program.moment) as clock:
            meeting = called(Talk(engine, open_partnership("tameside", self.web, "standin_bot"), clock))
        engine.dispose()
        return meeting

    def answers(self) -> list[Coming]:
        engine = open_database(self.program.database_url)
        with reading(engine) as session:
            found = [one.coming for one in session.scalars(select(Rsvp).order_by(Rsvp.id))]
        engine.dispose()
        return found

    def letters_to(self, name: str, about: str = "") -> list[str]:
        return [
            self.box.text(place)
            for place, one in enumerate(self.box.letters)
            if one["To"] == f"{name}@example.org" and str(one["Subject"]).endswith(about)
        ]


@pytest.fixture
def house(tmp_path: Path, empty_database: str) -> Iterator[House]:
    home = tmp_path / "partnership"
    home.mkdir()
    for name in ("bot", "handlers", "locales", "tests"):
        (home / name).symlink_to(PROJECT / name)
    for name in ("models", "areas"):
        shutil.copytree(PROJECT / name, home / name)
    rules = home / "areas" / "tameside" / "area.toml"
    rules.write_text(rules.read_text() + TEAM)
    box = Postbox()
    mail = Controller(box, hostname="127.0.0.1", port=free_port())
    mail.start()
    settings = {
        "DATABASE_URL": empty_database,
        "SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        "MAIL_FROM": SENDER,
    }
    with BotApi() as api:
        program = DatedProgram(tmp_path, api, MORNING, **settings)
        program.home = home
        with program:
            yield House(program, api, box)
    mail.stop()


def puts_themselves_on_duty(house: House, invite: str, name: str, order: str) -> Somebody:
    """Invited, on the rota, and with a mailbox whose code came back: all in the chat."""
    one = Somebody(house.api, name)
    one.starts(invite)
    one.hears("Welcome. You are now staff")
    one.taps("Skip")
    one.hears("What would you like to do?")
    one.says("duty")
    one.taps("Put on duty")
    one.hears("Who is it?")
    one.says("me")
    one.taps(order, "The usual hours")
    one.hears("Done. They are on the rota.")
    one.taps("My duty e-mail")
    one.hears("At which e-mail address may I tell you about alerts?")
    one.says(f"{name.lower()}@example.org")
    one.hears("I have sent a code of six numbers")
    until(lambda: bool(house.letters_to(name.lower())), "the code")
    code = re.search(r"\b\d{6}\b", house.letters_to(name.lower())[-1])
    assert code is not None
    one.says(code[0])
    one.hears("You are now told about alerts here and at")
    return one


@pytest.fixture
def staff(house: House) -> list[Somebody]:
    first_admin(house.program, house.api)
    found = []
    for name, order in zip(("First", "Second", "Manager"), ORDERS, strict=True):
        invited = json.loads(house.program.run("invite", "--role", "safeguarding", "--json"))
        found.append(puts_themselves_on_duty(house, invited["telegram"].partition("start=")[2], name, order))
    house.box.letters.clear()
    for one in found:
        one.seen = one.person.chat.arrived
    return found


def told(one: Somebody) -> list[str]:
    """The codes of the alerts that their phone was told of, in order."""
    return [code for text in one.person.chat.texts for code in re.findall(rf"{LOOK} (A\d+)", text)]


def hears_of_danger(house: House, staff: list[Somebody], known: list[str]) -> str:
    """The first at once, the second after 15 minutes, the manager after 30, each on two ways; nobody takes it."""
    first, second, manager = staff
    first.waits(lambda: set(told(first)) > set(known), "the first is told")
    [code] = set(told(first)) - set(known)

    def come(*wanted: int) -> None:
        # No change on anybody's phone says that a letter came: it is looked for.
        names = ("first", "second", "manager")
        until(
            lambda: [len(house.letters_to(name, f"Alert {code}")) for name in names] == [*wanted], f"letters {wanted}"
        )

    come(1, 0, 0)
    assert code not in told(second) + told(manager)
    house.lets_pass(15, code)
    second.waits(lambda: code in told(second), "the second is told")
    come(2, 1, 0)
    assert code not in told(manager)
    house.lets_pass(30, code)
    manager.waits(lambda: code in told(manager), "the manager is told")
    come(3, 2, 1)
    return code


def takes_it_at_the_desk(house: House, manager: Somebody, browser: Browser, code: str) -> None:
    """It stands above every page in red; they look, and press “I have it”."""
    manager.says("desk")
    link = re.search(r"http\S+/desk/enter/\S+", manager.hears("This opens your desk in the browser."))
    assert link is not None
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="en-GB")
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(link[0])
    page.get_by_role("button", name="Open the desk").click()
    page.get_by_role("link", name=f"Look at {code}").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Alert {code}")
    page.get_by_role("button", name="I have it").click()
    expect(page.locator("main")).to_contain_text(f"You have alert {code}. Nobody is told about it again.")
    expect(page.get_by_role("link", name=f"Look at {code}")).to_have_count(0)
    page.close()


def takes_it_in_the_chat(manager: Somebody, code: str) -> None:
    manager.taps("I have it")
    manager.hears("You have alert {code}. Nobody is told about it again.", code=code)


def takes_it_by_the_link(house: House, code: str) -> None:
    link = re.search(r"/alert/\S+", house.letters_to("manager")[-1])
    assert link is not None
    assert f"You have alert {code}." in httpx.post(house.web + link[0], timeout=PATIENCE).text


def test_red_in_the_middle_of_an_invitation_until_somebody_has_it_and_one_is_back(
    house: House, staff: list[Somebody], browser: Browser
) -> None:
    first, _second, manager = staff
    meeting = house.invites_to_a_meeting()
    codes: list[str] = []

    # English, and nobody answers until the manager opens the desk.
    sam = family(house.api, "Sam", "en")
    sam.starts(f"meetings-meeting_{meeting}")
    sam.hears("Are you coming?")
    sam.says(DANGER["en"])
    assert "Emergency services: 999" in sam.hears(SERIOUS)
    codes.append(hears_of_danger(house, staff, codes))
    sam.hears("I have not heard from you. Somebody may be in danger, so I have now shown staff what you wrote.")
    takes_it_at_the_desk(house, manager, browser, codes[-1])
    sam.says("I'm coming")
    until(lambda: house.answers() == [Coming.YES], "the answer")

    # Polish: taken in the chat; they pass their words on at once, and whoever has it opens them.
    ania = family(house.api, "Ania", "pl")
    ania.starts(f"meetings-meeting_{meeting}")
    ania.hears("Are you coming?")
    ania.says(DANGER["pl"])
    assert "999" in ania.hears(SERIOUS)
    ania.taps("Yes, pass them on")
    ania.hears("Are you coming?")
    manager.seen = manager.person.chat.arrived
    codes.append(hears_of_danger(house, staff, codes))
    takes_it_in_the_chat(manager, codes[-1])
    manager.taps("Open what was said")
    manager.waits(lambda: any(DANGER["pl"] in one.text for one in manager.new()), "the words")
    ania.taps("I'm coming")
    until(lambda: house.answers() == [Coming.YES] * 2, "the answer")

    # Urdu, from right to left: taken by the link in the e-mail.
    noor = family(house.api, "Noor", "ur")
    noor.starts(f"meetings-meeting_{meeting}")
    noor.hears("Are you coming?")
    noor.says(DANGER["ur"])
    assert "999" in noor.hears(SERIOUS)
    noor.taps("No, not now")
    noor.hears("Are you coming?")
    codes.append(hears_of_danger(house, staff, codes))
    takes_it_by_the_link(house, codes[-1])
    noor.taps("I'm coming")
    until(lambda: house.answers() == [Coming.YES] * 3, "the answer")

    # In the web chat, without a script.
    with Visitor(house.web) as kim:
        in_the_web_chat(kim, meeting)
        kim.says(DANGER["en"])
        assert SERIOUS in kim.page
        assert 'href="tel:999"' in kim.page
        kim.presses("No, not now")
        assert kim.lines[-1].endswith("Are you coming?")
        codes.append(hears_of_danger(house, staff, codes))
        takes_it_by_the_link(house, codes[-1])
        kim.looks()
        kim.says("I'm coming")
    assert house.answers() == [Coming.YES] * 4

    # What somebody has is told to nobody again, and no letter and no notice held a word of it.
    assert len(set(codes)) == 4
    house.lets_pass(50, codes[-1])
    last = family(house.api, "Lee")
    last.says(DANGER["en"])
    first.waits(lambda: len(set(told(first))) == 5, "the next alert")
    assert [[told(one).count(code) for one in staff] for code in codes] == [[3, 2, 1]] * 4
    words = "".join(house.box.text(place) for place in range(len(house.box.letters)))
    assert not any(danger in words for danger in DANGER.values())


def in_the_web_chat(kim: Visitor, meeting: int) -> None:
    kim.looks()
    kim.says("/start")
    if "Which language would you like?" in kim.page:
        kim.presses("English")
    kim.presses("A parent or carer")
    kim.presses("Yes, that is OK")
    kim.says(f"/start meetings-meeting_{meeting}")
    assert kim.lines[-1].endswith("Are you coming?")


@contextmanager
def stopped(url: str) -> Iterator[None]:
    """PostgreSQL lets nobody in; SQLite's file is held by somebody else and does not let go."""
    if url.startswith("postgresql"):
        engine = open_database(url)
        with gone(engine):
            yield
        engine.dispose()
        return
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None, timeout=PATIENCE)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_with_the_database_stopped_there_is_help_all_the_same(house: House, staff: list[Somebody]) -> None:
    meeting = house.invites_to_a_meeting()
    asked = {}
    for name, language in (("Sam", "en"), ("Ania", "pl"), ("Noor", "ur")):
        asked[language] = family(house.api, name, language)
        asked[language].starts(f"meetings-meeting_{meeting}")
        asked[language].hears("Are you coming?")
    with Visitor(house.web) as kim:
        in_the_web_chat(kim, meeting)
        with stopped(house.program.database_url):
            for language, one in asked.items():
                one.says(DANGER[language])
                assert "999" in one.hears(AWAY)
            kim.says(DANGER["en"])
            assert AWAY in kim.page
            assert 'href="tel:999"' in kim.page
    # It is back: each is answered as always, staff are told of all three, and everybody is where they were.
    for one in asked.values():
        assert "999" in one.hears(SERIOUS)
        one.taps("No, not now")
        one.hears("Are you coming?")
    with speaking("en"):
        assert _("Are you coming?") == "Are you coming?"
    staff[0].waits(lambda: len(set(told(staff[0]))) >= 3, "the alerts")
