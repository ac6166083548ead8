"""The web chat in a real Chromium, on a phone of 360 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import Engine, select

import locales
from models.database import reading, writing
from models.message import Message
from models.outgoing import Class, send
from models.person import Address, Person
from models.received import Received
from tests.web.serving import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page that must raise no error and break no rule of its own security policy."""
    page = phone.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto("/")
    yield page
    assert not wrong


def newest(page: Page) -> str:
    return page.locator(".entry.ours .words").last.inner_text()


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def begin(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("What would you like to drink?")).to_be_visible()


def to_the_last_question(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Tea").click()
    page.get_by_role("button", name="Milk").click()
    page.get_by_role("button", name="That’s it").click()
    expect(page.get_by_text("What should we write on the cup?")).to_be_visible()


def violations(page: Page) -> list[str]:
    found = Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]


# -- a conversation


def test_a_conversation_by_taps(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Tea").click()
    page.get_by_role("button", name="Milk").click()
    expect(page.get_by_role("button", name="✓ Milk")).to_be_visible()
    page.get_by_role("button", name="Honey").click()
    expect(page.get_by_role("button", name="✓ Honey")).to_be_visible()
    assert page.get_by_text("What would you like with it?").count() == 1, "the marks change the question in its place"
    page.get_by_role("button", name="That’s it").click()
    expect(page.get_by_placeholder("A first name")).to_be_visible()
    write(page, "Us")
    expect(page.get_by_text("One tea with 2 extras for Us.")).to_be_visible()
    expect(page.get_by_role("link", name="Ring 01632 960123")).to_have_attribute("href", "tel:01632960123")
    expect(page.get_by_label("Your message")).to_have_value("")


def test_a_conversation_by_keyboard_alone(page: Page) -> None:
    def press_until_on(name: str) -> None:
        for _press in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText.trim()") == name:
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
                return
        raise AssertionError(f"the keyboard does not get to {name!r}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Help now", "help comes first"
    press_until_on("Start")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What would you like to drink?")).to_be_visible()
    press_until_on("Juice")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Milk")).to_be_visible()
    press_until_on("Milk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="✓ Milk")).to_be_focused()
    press_until_on("That’s it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What should we write on the cup?")).to_be_visible()
    for _press in range(40):
        if page.evaluate("document.activeElement.id") == "box":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Us")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One juice with 1 extras for Us.")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()


def test_the_skip_link_leads_past_everything(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the writing box")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    to_the_last_question(page)
    write(page, "Us")
    expect(page.get_by_text("One tea with 1 extras for Us.")).to_be_visible()
    expect(page.get_by_text("This is when.")).to_be_visible()
    before = page.locator(".words").all_inner_texts()
    page.reload()
    assert page.locator(".words").all_inner_texts() == before
    assert "Start" not in page.get_by_role("button").all_inner_texts()
    expect(page.locator(".newest")).to_contain_text("Look at the map")


def test_without_a_script_it_is_the_same_conversation(browser: Browser, served: Served) -> None:
    with browser.new_context(
        base_url=served.address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    ) as context:
        page = context.new_page()
        page.goto("/")
        to_the_last_question(page)
        assert page.url.endswith("/#newest")
        page.locator("textarea").fill("Us")
        page.locator("#files").set_input_files({"name": "cup.png", "mimeType": "image/png", "buffer": b"png"})
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("One tea with 1 extras for Us.")).to_be_visible()
        expect(page.get_by_text("You sent a file: cup.png")).to_be_visible()


def test_what_they_send_and_its_answer_are_shown_wherever_they_were_reading(page: Page) -> None:
    to_the_last_question(page)
    page.set_viewport_size({"width": 390, "height": 520})
    expect(page.locator("html[data-line=open]")).to_be_attached()
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    write(page, "Us")
    expect(page.locator(".theirs", has_text="Us").last).to_be_in_viewport()


def test_a_second_tab_is_told_what_the_first_one_says(page: Page, phone: BrowserContext) -> None:
    begin(page)
    second = phone.new_page()
    second.goto("/")
    page.get_by_role("button", name="Tea").click()
    expect(second.get_by_text("What would you like with it?")).to_be_visible()
    assert second.locator(".theirs .words").all_inner_texts() == ["Tea"]


# -- when something goes wrong


def test_the_server_restarts_in_mid_conversation(page: Page, served: Served, engine: Engine) -> None:
    begin(page)
    expect(page.locator("html[data-line=open]")).to_be_attached()
    served.stop()
    with writing(engine) as session:
        address = session.scalars(select(Address)).one()
        send(session, address, Message("Sent while you were away."), Class.RECEIPT)
    page.get_by_label("Your message").fill("Juice")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("That was not sent. Your words are still here.")
    assert page.get_by_label("Your message").input_value() == "Juice"
    served.start()
    expect(page.get_by_text("Sent while you were away.")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("What would you like with it?")).to_be_visible()
    assert page.locator(".theirs .words").all_inner_texts() == ["Juice"]
    expect(page.get_by_label("Your message")).to_have_value("")
    expect(page.get_by_role("alert")).to_be_empty()


def test_an_answer_that_got_lost_does_not_count_twice(page: Page, engine: Engine) -> None:
    begin(page)
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().text())
        route.abort()

    page.route("**/say", lose_the_answer, times=1)
    page.get_by_role("button", name="Tea").click()
    expect(page.get_by_role("alert")).to_have_text("That did not get through.")
    assert lost
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.get_by_text("What would you like with it?")).to_be_visible()
    assert page.get_by_text("What would you like with it?").count() == 1
    with reading(engine) as session:
        assert [row.said for row in session.scalars(select(Received).where(Received.said.is_not(None)))] == ["Tea"]


def test_pressing_twice_in_haste_counts_once(page: Page, engine: Engine) -> None:
    begin(page)
    page.get_by_role("button", name="Tea").dblclick()
    expect(page.get_by_text("What would you like with it?")).to_be_visible()
    page.reload()
    assert page.locator(".theirs .words").all_inner_texts() == ["Tea"]


def test_two_hundred_thousand_letters_stay_in_the_box(page: Page, engine: Engine) -> None:
    begin(page)
    story = "The taxi was late again. " * 8000
    page.get_by_label("Your message").fill(story)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("too long for one message")
    assert page.get_by_label("Your message").input_value() == story
    page.get_by_label("Your message").fill("Tea")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("What would you like with it?")).to_be_visible()


def test_a_file_too_big_is_said_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    big = tmp_path / "long.mp3"
    with big.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    page.locator("#files").set_input_files(big)
    expect(page.get_by_role("alert")).to_contain_text("at most 20 MB")
    page.locator("#files").set_input_files({"name": "cup.png", "mimeType": "image/png", "buffer": b"png"})
    expect(page.get_by_text("cup.png")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("You sent a file: cup.png")).to_be_visible()


def test_markup_in_messages_runs_nowhere(page: Page, served: Served, engine: Engine) -> None:
    nasty = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"
    begin(page)
    write(page, nasty)
    expect(page.locator(".theirs .words").last).to_have_text(nasty)
    with writing(engine) as session:
        send(session, session.scalars(select(Address)).one(), Message(nasty), Class.RECEIPT)
    served.ring()
    expect(page.locator(".ours .words").last).to_have_text(nasty)
    page.reload()
    assert page.title() == "YouSaid · Tameside"


# -- safety


def test_leave_quickly_leaves_no_way_back_to_the_page(page: Page) -> None:
    begin(page)
    page.context.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Rain later", content_type="text/html")
    )
    page.get_by_label("Your message").fill("x" * 100)
    page.get_by_role("link", name="Leave quickly").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert page.evaluate("history.length") == 2, "the blank tab and the weather"
    assert page.evaluate("document.referrer") == ""


def test_what_was_erased_leaves_every_page_at_once(page: Page, phone: BrowserContext) -> None:
    begin(page)
    second = phone.new_page()
    second.goto("/")
    expect(second.locator("html[data-line=open]")).to_be_attached()
    write(page, "forget")
    for one in (page, second):
        expect(one.get_by_text("Everything about you is erased here.")).to_be_visible()
        expect(one.locator(".words")).to_have_count(1)
    page.reload()
    expect(page.locator(".words")).to_have_text(["Everything about you is erased here."])


def test_a_secret_leaves_the_address_bar_at_once(page: Page) -> None:
    page.goto("/start/inv-a-long-secret")
    assert page.url.endswith("/start")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("The invite was 13 letters long")).to_be_visible()
    assert page.url.endswith("/")


def test_another_phone_goes_on_by_a_link(page: Page, browser: Browser, served: Served) -> None:
    begin(page)
    page.get_by_role("link", name="This device").click()
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator(".link")).to_be_visible()
    link = page.locator(".link").inner_text()
    with browser.new_context(base_url=served.address) as context:
        laptop = context.new_page()
        laptop.goto(link)
        assert laptop.url.endswith("/me")
        laptop.get_by_role("button", name="Yes, open my chat here").click()
        expect(laptop.get_by_text("What would you like to drink?")).to_be_visible()
        expect(laptop.locator("html[data-line=open]")).to_be_attached()
        page.get_by_role("button", name="Sign out other devices").click()
        expect(page.get_by_role("status")).to_contain_text("Other devices can no longer open this chat")
        expect(laptop.get_by_text("has ended here")).to_be_visible()


# -- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_stands_in_anybodys_way(browser: Browser, served: Served, scheme: str, width: int) -> None:
    with browser.new_context(
        base_url=served.address,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 740},
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.goto("/")
        assert violations(page) == []
        to_the_last_question(page)
        write(page, "Us")
        expect(page.get_by_text("One tea with 1 extras for Us.")).to_be_visible()
        assert violations(page) == []
        for path in ("/device", "/help-now", "/start/picnic", "/me/x", "/nowhere"):
            page.goto(path)
            assert violations(page) == []


def test_everything_to_press_is_as_big_as_a_thumb(page: Page) -> None:
    to_the_last_question(page)
    write(page, "Us")
    expect(page.get_by_text("One tea with 1 extras for Us.")).to_be_visible()
    small = """[...document.querySelectorAll("button, a, textarea, input[type=file]")]
        .filter((one) => one.checkVisibility() && !one.closest(".words") && !one.matches(".skip"))
        .map((one) => [one.innerText || one.id, one.getBoundingClientRect()])
        .filter(([name, box]) => box.height < 44 || box.width < 44)
        .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    for path in ("/", "/device", "/help-now"):
        page.goto(path)
        assert page.evaluate(small) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_a_stranger_with_a_small_phone_sees_where_to_start(page: Page, language: str) -> None:
    page.goto(f"/?language={language}")
    start = page.locator("#intro button.first")
    box = start.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740
    for up in (2, box["height"] - 2):
        x, y = box["x"] + box["width"] / 2, box["y"] + up
        assert start.evaluate("(one, [x, y]) => one.contains(document.elementFromPoint(x, y))", [x, y])
    start.click()
    expect(page.locator("#intro")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('.composer')).position") == "sticky"


def test_a_young_persons_buttons_are_bigger(page: Page) -> None:
    write(page, "tall")
    good, bad = page.get_by_role("button", name="Good"), page.get_by_role("button", name="Bad")
    expect(good).to_be_visible()
    above, below = good.bounding_box(), bad.bounding_box()
    assert above is not None
    assert below is not None
    assert above["height"] >= 56
    assert above["width"] > 250
    assert below["y"] > above["y"] + above["height"]


def test_at_four_times_the_size_nothing_is_covered(browser: Browser, served: Served) -> None:
    with browser.new_context(base_url=served.address, viewport={"width": 320, "height": 256}) as context:
        page = context.new_page()
        page.goto("/")
        begin(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate("getComputedStyle(document.querySelector('.composer')).position") == "static"


def test_what_has_the_focus_is_not_covered(page: Page) -> None:
    to_the_last_question(page)
    write(page, "Us")
    expect(page.get_by_text("One tea with 1 extras for Us.")).to_be_visible()
    covered = """() => {
        const box = document.activeElement.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return document.activeElement.contains(top) || top.contains(document.activeElement);
    }"""
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    for _press in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate(covered), page.evaluate("document.activeElement.outerHTML")


def test_screen_readers_hear_what_is_new(page: Page) -> None:
    begin(page)
    log = page.get_by_role("log", name="Chat")
    assert log.get_attribute("aria-live") == "polite"
    page.get_by_role("button", name="Tea").click()
    expect(log.locator(".entry.theirs")).to_contain_text("You said:")
    expect(log.locator(".entry.ours").last).to_contain_text("YouSaid says:")


def test_it_prints_the_conversation_and_nothing_else(page: Page) -> None:
    begin(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("What would you like to drink?")).to_be_visible()
    for gone in (".safety", ".composer"):
        expect(page.locator(gone)).to_be_hidden()


@pytest.fixture
def urdu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real catalogue when there is one, else a few words of it."""
    if locales.catalogue_path("ur").exists():
        yield
        return
    catalogue = Catalog(locale="ur", domain="yousaid")
    words = {"Start": "شروع کریں", "Send": "بھیجیں", "Help now": "ابھی مدد", "Write here": "یہاں لکھیں", "Menu": "مینو"}
    for english, translated in {**words, "Ring {phone}": "{phone} پر فون کریں"}.items():
        catalogue.add(english, translated)
    folder = tmp_path / "ur" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "yousaid.po").open("wb") as file:
        write_po(file, catalogue)
    monkeypatch.setattr(locales, "HERE", tmp_path)
    caches = (locales.languages, locales._translations)
    for cache in caches:
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("urdu")
def test_urdu_is_written_from_right_to_left(page: Page, served: Served, engine: Engine) -> None:
    page.get_by_role("link", name="اردو").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert violations(page) == []
    page.locator("#intro button.first").click()
    expect(page.get_by_text("What would you like to drink?")).to_be_visible()
    question = page.locator(".words").first
    assert (question.get_attribute("lang"), question.get_attribute("dir")) == ("en", "ltr"), "not translated yet"
    with writing(engine) as session:
        assert session.scalars(select(Person)).one().language == "ur"
        send(session, session.scalars(select(Address)).one(), Message("فون کریں 01632 960123"), Class.RECEIPT)
    served.ring()
    answer = page.locator(".words", has_text="فون کریں")
    expect(answer).to_be_visible()
    assert (answer.get_attribute("lang"), answer.get_attribute("dir")) == ("ur", "rtl")
    assert violations(page) == []
    bubble, window = page.locator(".entry.ours .bubble").last.bounding_box(), page.viewport_size
    assert bubble is not None
    assert window is not None
    assert bubble["x"] + bubble["width"] > window["width"] - 24, "ours stand on the right"
    page.goto("/help-now?language=ur")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
