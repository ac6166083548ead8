"""Pictures of every page, out of a partnership in which much goes on; and the README's, out of the same.

    .venv/bin/python -m tests.web.pictures                    # docs/images, as the README shows them
    .venv/bin/python -m tests.web.pictures --all /tmp/pages   # every page at two widths, also in Urdu, to be looked at

Nobody in them is real. Words, days and references are the same each time; the days count from today.
"""

from __future__ import annotations

import io
import itertools
import random
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import Engine, select

from bot.partnership import load_rows, open_partnership
from locales import _, speaking
from models import consent
from models import pulse as pulses
from models.database import now, open_database, writing
from models.feedback import ALPHABET, Feedback, Status, Visibility, give_feedback
from models.meeting import Meeting
from models.partnership import Partnership
from models.person import Kind, Person, meet
from models.role import RoleName
from models.rung import Rung
from models.tables import Base
from models.theme import Theme, Verdict, add_update, link, name_rung, new_theme, record_update
from tests.patience import PATIENCE
from tests.web.browser import chromium
from tests.web.desk.colleague import Colleague, hired, link_for
from tests.web.desk.test_complaints import complained
from tests.web.desk.test_directory import TEAM, TRAMPOLINE, asked, missed
from tests.web.desk.test_meetings import asks, called, coming, known, over
from tests.web.desk.test_people import alarm
from tests.web.serving import Served, serving

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PHONE, SCREEN = (390, 780), (1280, 900)
LOOKED_AT = {"360": (360, 740), "1280": (1280, 800)}
MOST_BYTES = 150_000
TAXI = "Taxis to school come late, and nobody rings."
SAID = (
    ("transport", "The taxi was late again, third time this week. He missed his therapy."),
    ("transport", "Taxi late, nobody rang. We stood in the rain."),
    ("transport", "Our taxi came at ten. School starts at nine."),
    ("transport", "The driver changes each week and she is afraid of strangers."),
    ("transport", "Late again. Please tell us when it is late."),
    ("school", "The school does only half of what the plan says."),
    ("plan", "The plan has the wrong school in it. I said so in May."),
    ("health", "We wait 14 months for speech therapy. What can I do at home?"),
    ("short-breaks", "The Saturday club was the best thing this year. Thank you."),
    ("adult-life", "He is 17. Who tells us what comes after school?"),
)


class Town:
    """A partnership in which much goes on."""

    def __init__(self, engine: Engine, partnership: Partnership, served: Served) -> None:
        self.engine, self.partnership, self.served = engine, partnership, served
        self.area = partnership.area
        with writing(engine) as session:
            load_rows(session, self.area)
        self.lead = hired(engine, RoleName.ADMIN, title="SEND lead")
        self.editor = Colleague(engine, served.address, RoleName.APPROVER, title="Transport team")
        self.refs = self._families()
        self.item = self._item()
        self.publication = self._waiting_publication()
        self._board()
        self.meeting, self.over = self._meetings()
        self.pulse = self._pulses()
        missed(engine, TEAM, 3)
        asked(engine, TRAMPOLINE, TRAMPOLINE, "where do i get a blue badge")
        self.complaint = complained(engine, partnership, "Who has seen what I wrote about my son?")
        self.alert = alarm(engine)

    def _families(self) -> list[str]:
        refs = []
        with writing(self.engine) as session:
            for place, (topic, words) in enumerate(SAID):
                person = meet(session, "terminal", f"neighbour {place}").person
                person.kind = Kind.YOUNG if place == 8 else Kind.PARENT
                consent.agree(session, person, self.area)
                told = give_feedback(
                    session, self.area, person, topic=topic, text=words, feeling=5 if place == 8 else None,
                    visibility=Visibility.PARTNERSHIP,
                )  # fmt: skip
                days = (14, 11, 9, 7, 4, 3, 2, 1, 1, 0)[place]
                told.received -= timedelta(days=days)
                told.answer_by -= timedelta(days=days)
                refs.append(told.ref)
        return refs

    def _item(self) -> int:
        with writing(self.engine) as session:
            editor = session.get_one(Person, self.editor.person)
            theme = new_theme(session, "transport", TAXI, editor, priority=next(iter(self.area.priorities)).key)
            for feedback in session.scalars(select(Feedback).where(Feedback.topic == "transport")):
                link(session, feedback, theme, editor)
            name_rung(session, theme, Rung.ENGAGING, editor)
            add_update(
                session, theme, Status.LOOKING, "We have asked the firm why, and how it will tell you.",
                organisation="council", due=self.area.today(now()) + timedelta(days=20), by=editor,
                role="transport team",
            )  # fmt: skip
            theme.published = now()
            return theme.id

    def _waiting_publication(self) -> int:
        author = Colleague(self.engine, self.served.address, RoleName.BROADCASTER, title="Families' team")
        author.sends("hand-in", "/publications/new", audience="everyone", text_en="The office is closed on Monday.")
        author.http.close()
        return 1

    def _board(self) -> None:
        with writing(self.engine) as session:
            by = session.get_one(Person, self.editor.person)
            themes = session.scalars(select(Theme).where(Theme.id != self.item).order_by(Theme.id)).all()
            for place, theme in enumerate(themes):
                for _person in range((12, 6, 22, 0, 9, 5)[place % 6]):
                    person = Person(kind=Kind.PARENT, language="en")
                    session.add(person)
                    give_feedback(
                        session, self.area, person, topic=theme.topic, text="The same here.",
                        visibility=Visibility.EVERYONE,
                    ).theme_id = theme.id  # fmt: skip
            done = record_update(
                session, themes[0], Status.DONE, "Two people read each plan before it goes out.",
                organisation="council", due=None, by=by,
            )  # fmt: skip
            for better in (True, True, True, True, True, False, True, True):
                person = Person(kind=Kind.PARENT, language="en")
                session.add(person)
                session.flush()
                session.add(Verdict(update_id=done.id, person_id=person.id, better=better))
            record_update(
                session, themes[2], Status.CANNOT, "", organisation="council", due=None, by=by,
                reason="We have too few staff to ring each family. We will write to you instead.",
            )  # fmt: skip

    def _meetings(self) -> tuple[int, int]:
        meeting = called(self.engine, self.partnership)
        parent = known(self.engine, self.partnership)
        coming(self.engine, self.partnership, meeting, parent, {"marks": ["step", "other"], "words": "A quiet corner"})
        asks(self.engine, meeting, parent, "Is there parking?")
        before = called(self.engine, self.partnership, title="A chat about respite")
        over(self.engine, before)
        with writing(self.engine) as session:
            session.get_one(Meeting, before).notes_due = self.area.today(now()) - timedelta(days=2)
        return meeting, before

    def _pulses(self) -> str:
        key = self.area.pulses.statement[0].key
        with writing(self.engine) as session:
            for month, kind in itertools.product(range(4), (Kind.PARENT, Kind.YOUNG)):
                for number in range(8):
                    person = meet(session, "terminal", f"pulse {month} {kind} {number}").person
                    person.kind = kind
                    row = pulses.answer(session, self.area, person, key, 1 + (number + month) % 5)
                    row.at -= timedelta(days=30 * (3 - month))
        return key

    def addresses(self) -> list[str]:
        """Every kind of page at the desk and on the board."""
        desk = "inbox inbox?which=late items publications publications/new pulses alerts again duty meetings".split()
        desk += "meetings/new meetings?which=notes directory directory/questions replies complaints people".split()
        desk += [
            "reports",
            "log",
            "me",
            f"inbox/{self.refs[0]}",
            f"items/{self.item}",
            f"items/{self.item}?suggest=yes",
        ]
        desk += [f"items/{self.item}/say", f"publications/{self.publication}", f"pulses/{self.pulse}"]
        desk += [f"alerts/{self.alert}", f"meetings/{self.meeting}", f"meetings/{self.over}", f"directory/{TEAM}"]
        desk += [f"meetings/{self.meeting}/change", f"complaints/{self.complaint}", "people/1", "nowhere"]
        board = ["", "?topic=plan&status=done", f"/{self.item}", "/1", "/3", "/plan", "/charter"]
        return ["/desk", *(f"/desk/{one}" for one in desk), *(f"/board{one}" for one in board), "/", "/help-now"]


@contextmanager
def town() -> Iterator[Town]:
    drawn, really = random.Random(1), secrets.choice

    def in_order(letters: Sequence[str]) -> str:
        """References are the same in each picture."""
        return drawn.choice(letters) if letters == ALPHABET else really(letters)

    secrets.choice = in_order  # type: ignore[assignment]
    partnership = open_partnership("tameside", "http://127.0.0.1:8080", "yousaid_bot")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/town.db")
        Base.metadata.create_all(engine)
        with serving(engine, partnership) as served:
            yield Town(engine, partnership, served)
        engine.dispose()


@contextmanager
def window(
    browser: Browser, town: Town, size: tuple[int, int], *, scale: float = 1, **more: str
) -> Iterator[BrowserContext]:
    with browser.new_context(
        base_url=town.served.address, viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale,
        reduced_motion="reduce", locale=more.get("locale", "en-GB"), timezone_id="Europe/London",
    ) as context:  # fmt: skip
        context.set_default_timeout(PATIENCE * 1000)
        yield context


def comes_in(page: Page, town: Town, person: int) -> None:
    page.goto(f"/desk/enter/{link_for(town.engine, person)}")
    page.get_by_role("button").click()
    expect(page.locator(".nav")).to_be_visible()


# -- every page, to be looked at


def every_page(browser: Browser, town: Town, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for (name, size), language in itertools.product(LOOKED_AT.items(), ("en", "ur")):
        with window(browser, town, size, locale=language) as context:
            page = context.new_page()
            with writing(town.engine) as session:
                session.get_one(Person, town.lead).language = language
            comes_in(page, town, town.lead)
            for place, address in enumerate(town.addresses()):
                page.goto(address)
                called_so = re.sub(r"\W+", "-", address).strip("-") or "chat"
                page.screenshot(path=folder / f"{name}-{language}-{place:02}-{called_so}.png", full_page=True)


# -- the README's


def says(page: Page, words: str, hears: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(hears).last).to_be_visible()


def taps(page: Page, label: str, hears: str) -> None:
    page.get_by_role("button", name=label).last.click()
    expect(page.get_by_text(hears).last).to_be_visible()


def readme(browser: Browser, town: Town, folder: Path) -> None:
    with window(browser, town, PHONE, scale=1.5) as context:
        page = context.new_page()
        chat(page)
        keep(page, folder / "tell-us.png")
        taps(page, "Send it", "Your reference is")
        says(page, "he is 3 and dosnt talk yet, who do i ask", "best first")
        keep(page, folder / "contact-card.png")
        page.goto("/help-now")
        keep(page, folder / "help-now.png")
        page.goto("/board")
        keep(page, folder / "board.png")
    with window(browser, town, PHONE, scale=1.5, locale="ur") as context:
        page = context.new_page()
        page.goto("/?language=ur")
        page.locator("#intro button.first").click()
        with speaking("ur"):
            taps(page, _("A parent or carer"), _("Is that OK?"))
            taps(page, _("Yes, that is OK"), _("What would you like to do?"))
        keep(page, folder / "urdu.png")
    with window(browser, town, SCREEN) as context:
        page = context.new_page()
        comes_in(page, town, town.lead)
        keep(page, folder / "desk-today.png")
        page.goto(f"/desk/items/{town.item}/say?part=another")
        page.get_by_label("English").fill("From Monday the firm rings you when a taxi is more than ten minutes late.")
        page.get_by_label("It is now").select_option("doing")
        expect(page.locator(".phone").first).to_contain_text("From Monday the firm rings you")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        keep(page, folder / "publication.png")


def chat(page: Page) -> None:
    """A new family, up to the words that it is about to send."""
    page.goto("/")
    page.get_by_role("button", name="Start").click()
    taps(page, "A parent or carer", "Is that OK?")
    taps(page, "Yes, that is OK", "What would you like to do?")
    says(page, "the taxi was late again, third time this week", "What is it about?")
    taps(page, "Transport", "How does it feel to you?")
    taps(page, "Skip", "Who may see it?")
    taps(page, "Only staff, no name", "Shall I send it?")


def keep(page: Page, file: Path) -> None:
    """As small as it can be and still be sharp: at most 150 kB."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < MOST_BYTES, f"{file.name}: {file.stat().st_size}"


def main(every: Annotated[Path | None, typer.Option("--all", help="a folder for every page")] = None) -> None:
    expect.set_options(timeout=PATIENCE * 1000)
    with town() as there, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        if every is not None:
            every_page(browser, there, every)
        else:
            readme(browser, there, IMAGES)
        browser.close()


if __name__ == "__main__":
    typer.run(main)
