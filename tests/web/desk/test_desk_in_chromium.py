"""The desk in a real Chromium: every page at two widths without a finding of axe, and the main path by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine, select

from models.database import writing
from models.desk.saved_replies import save_reply
from models.partnership import Partnership
from models.role import Role, RoleName
from tests.patience import PATIENCE
from tests.web.desk.colleague import hired, link_for
from tests.web.desk.test_directory import TEAM, TRAMPOLINE, asked, missed
from tests.web.desk.test_inbox import says
from tests.web.desk.test_meetings import asks, called, coming, known, over
from tests.web.desk.test_people import alarm
from tests.web.serving import Served

pytestmark = pytest.mark.browser

WIDTHS = {"phone": (360, 740), "screen": (1280, 800)}


@pytest.fixture(params=WIDTHS)
def browsing(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, height = WIDTHS[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=served.address, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


@pytest.fixture
def page(browsing: BrowserContext) -> Iterator[Page]:
    """A page that must raise no error and break no rule of its own security policy."""
    page = browsing.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    assert not wrong


def is_in_order(page: Page) -> None:
    """axe finds nothing, one heading names the page, and nothing is wider than the screen."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == [], page.url
    assert page.locator("h1").count() == 1, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def sign_in(page: Page, engine: Engine, role: RoleName = RoleName.ADMIN, language: str = "en") -> int:
    person = hired(engine, role, language=language)
    page.goto(f"/desk/enter/{link_for(engine, person)}")
    page.get_by_role("button").click()
    expect(page.locator(".nav")).to_be_visible()
    return person


def test_coming_in_and_going_out(page: Page, engine: Engine) -> None:
    person = hired(engine, RoleName.RESPONDER)
    page.goto(f"/desk/enter/{link_for(engine, person)}")
    is_in_order(page)
    assert page.url.endswith("/desk/enter/"), "the secret is of no more use in the address bar"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    is_in_order(page)
    page.goto("/desk/me")
    is_in_order(page)
    page.get_by_role("button", name="Sign out here").press("Enter")
    expect(page.get_by_role("heading", name="You are signed out here.")).to_be_visible()
    is_in_order(page)
    page.goto("/desk")
    is_in_order(page)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_of_the_navigation_is_in_order(page: Page, engine: Engine, language: str) -> None:
    sign_in(page, engine, language=language)
    lines = [str(link.get_attribute("href")) for link in page.locator(".nav a").all()]
    assert lines[0] == "/desk"
    for address in lines:
        page.goto(address)
        is_in_order(page)


def press_until_on(page: Page, name: str) -> None:
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.innerText || document.activeElement.id).trim()").startswith(name):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"the keyboard does not get to {name!r} on {page.url}")


def test_from_today_to_an_answer_by_keyboard_alone(page: Page, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside, "The taxi was late. My son Jayden Oakes cried.")
    sign_in(page, engine, RoleName.APPROVER)
    press_until_on(page, ref)
    page.keyboard.press("Enter")
    expect(page.locator("blockquote")).to_contain_text("The taxi was late.")
    is_in_order(page)
    page.evaluate("document.activeElement.blur()")
    press_until_on(page, "text")
    page.keyboard.type("We guarantee that a new driver comes.")
    expect(page.get_by_text("Kept. You can close this and go on later.")).to_be_visible()
    press_until_on(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Can you be sure of “guarantee”?")).to_be_visible()
    is_in_order(page)
    page.goto("/desk")
    page.goto(f"/desk/inbox/{ref}")
    expect(page.get_by_label("Your reply")).to_have_value("We guarantee that a new driver comes.")
    page.get_by_label("Your reply").fill("A new driver comes on Monday.")
    press_until_on(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is on its way to them.")).to_be_visible()
    expect(page.locator(".thread .ours")).to_contain_text("A new driver comes on Monday.")
    is_in_order(page)


def test_the_other_pages_are_in_order(page: Page, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    code = alarm(engine)
    sign_in(page, engine)
    with writing(engine) as session:
        save_reply(session, session.scalars(select(Role)).one().person, "Taxi", "We ring.", shared=True)
    for address in (
        f"/desk/inbox/{ref}",
        f"/desk/alerts/{code}",
        "/desk/people/1",
        "/desk/replies/1",
        "/desk/inbox?mine=yes",
    ):
        page.goto(address)
        is_in_order(page)
    page.goto("/desk/people")
    page.get_by_role("button", name="Make an invite").click()
    expect(page.get_by_role("heading", name="An invite")).to_be_visible()
    is_in_order(page)


def test_dark_is_readable_too(browser: Browser, served: Served, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    alarm(engine)
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=served.address, color_scheme="dark", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    sign_in(page, engine)
    for address in ("/desk", f"/desk/inbox/{ref}", "/desk/log"):
        page.goto(address)
        is_in_order(page)
    context.close()


def test_the_pages_of_meetings_are_in_order(page: Page, engine: Engine, tameside: Partnership) -> None:
    parent = known(engine, tameside)
    meeting, done = called(engine, tameside), called(engine, tameside, title="A chat about respite")
    coming(engine, tameside, meeting, parent, {"marks": ["step", "other"], "words": "A chair with arms"})
    asks(engine, meeting, parent, "Is there parking?")
    over(engine, done)
    sign_in(page, engine)
    for address in (f"/{meeting}", f"/{done}", f"/{meeting}/change", "/new", "?which=past"):
        page.goto(f"/desk/meetings{address}")
        is_in_order(page)
    page.goto(f"/desk/meetings/{meeting}/change")
    page.get_by_label("Place, street and town").fill("Hyde Town Hall")
    page.get_by_role("button", name="Look at it first").press("Enter")
    expect(page.get_by_role("heading", name="This is what people will read:")).to_be_visible()
    is_in_order(page)


def test_the_pages_of_the_directory_are_in_order(page: Page, engine: Engine) -> None:
    missed(engine, TEAM, 3)
    asked(engine, TRAMPOLINE, TRAMPOLINE, "where do i get a blue badge")
    sign_in(page, engine)
    for address in ("", "?which=all", "?words=speech", "/questions", f"/{TEAM}"):
        page.goto(f"/desk/directory{address}")
        is_in_order(page)
    page.get_by_label("What is wrong?").select_option("phone")
    page.get_by_label("What is right?").fill("12")
    page.get_by_role("button", name="Change it").press("Enter")
    expect(page.get_by_text("Type it with its area code.").first).to_be_visible()
    is_in_order(page)
