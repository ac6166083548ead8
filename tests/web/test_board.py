"""The public board, as anybody sees it: over plain HTTP, and in a real Chromium."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select

from locales import _, speaking
from models.area import Area
from models.database import now, reading, writing
from models.feedback import Feedback, Status, Visibility, give_feedback
from models.partnership import Partnership
from models.person import Kind, Person
from models.theme import Follow, Theme, Update, Verdict, load_you_said, record_update
from tests.web.serving import Served, serving

ATOM = "{http://www.w3.org/2005/Atom}"
MOST_BYTES = 100_000


@pytest.fixture
def area(tameside: Partnership) -> Area:
    return tameside.area


@pytest.fixture
def six(engine: Engine, area: Area) -> None:
    """Tameside's own items, as they were published."""
    with writing(engine) as session:
        load_you_said(session, area)


def say(engine: Engine, area: Area, theme: int, many: int, visibility: Visibility = Visibility.EVERYONE) -> None:
    """So many families said it."""
    with writing(engine) as session:
        for place in range(many):
            family = Person(kind=Kind.PARENT, language="en")
            session.add(family)
            told = give_feedback(session, area, family, topic="plan", text=f"raw words {place}", visibility=visibility)
            told.theme_id = theme


def move(engine: Engine, number: int, status: Status, text: str = "", **what: object) -> int:
    with writing(engine) as session:
        theme = session.get_one(Theme, number)
        details = {"organisation": None, "due": None, **what}
        return record_update(session, theme, status, text, by=None, **details).id  # type: ignore[arg-type]


def page(served: Served, path: str = "/board", **headers: str) -> str:
    response = httpx.get(served.address + path, headers=headers)
    assert response.status_code == 200, path
    return response.text


def words(html: str) -> str:
    body = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# -- what it says


def test_an_empty_board_says_so_kindly(served: Served) -> None:
    shown = words(page(served))
    assert "Nothing has been put here yet." in shown
    assert "Tell us something" in shown


def test_each_item_says_what_was_said_where_it_stands_and_what_is_done(served: Served, six: None) -> None:
    shown = words(page(served))
    assert "“Plans have mistakes in them, down to children&#39;s names." in shown
    assert "What is being done: The panel that decides on plans was changed in April 2025." in shown
    assert "Nobody has told us yet what will be done about it." in shown
    assert "We promise an answer in 15 working days. It is too early to say how often we keep this promise." in shown


def test_it_can_be_seen_by_topic_and_by_status(served: Served, six: None) -> None:
    schools = words(page(served, "/board?topic=school"))
    assert "Some schools pick which parts" in schools
    assert "Plans have mistakes" not in schools
    heard = words(page(served, "/board?status=heard"))
    assert "Nobody tells us when our caseworker changes" in heard
    assert "Plans have mistakes" not in heard
    assert "There is nothing here like this yet." in words(page(served, "/board?topic=school&status=done"))
    assert "Plans have mistakes" in words(page(served, "/board?topic=nonsense&status=nonsense&page=x"))


def test_who_does_it_and_by_when_and_that_the_day_has_passed(served: Served, engine: Engine, six: None) -> None:
    move(engine, 1, Status.DOING, "We read all plans again.", organisation="council", due=date(2026, 3, 2))
    shown = words(page(served, "/board/1"))
    assert "Who does it: Tameside Council." in shown
    assert "By when: Monday 2 March 2026. That day has passed." in shown


def test_an_item_has_its_own_page_with_its_history(served: Served, engine: Engine, six: None) -> None:
    move(engine, 3, Status.LOOKING, "We count how often it happens.", organisation="council")
    move(engine, 3, Status.CANNOT, "", reason="We have too few people this year.")
    shown = words(page(served, "/board/3"))
    assert "We can't do this, because: We have too few people this year." in shown.replace("&#39;", "'")
    assert shown.index("It was put on this page.") < shown.index("We count how often it happens.")
    assert shown.count("We have too few people this year.") == 2, "as it stands, and in its history"
    assert 'href="/start/you_said-item_3"' in page(served, "/board/3")
    assert 'href="https://t.me/yousaid_bot?start=you_said-item_3"' in page(served, "/board/3")


def test_without_a_bot_there_is_no_way_to_telegram(engine: Engine, tameside: Partnership, six: None) -> None:
    with serving(engine, replace(tameside, telegram_name="")) as served:
        assert "t.me" not in page(served, "/board/1")


def test_what_is_not_published_is_nowhere(served: Served, engine: Engine, six: None) -> None:
    with writing(engine) as session:
        session.add(Theme(topic="school", said="A draft about one child."))
        number = session.scalars(select(Theme.id).where(Theme.published.is_(None))).one()
    for path in (f"/board/{number}", "/board/999", "/board/x", "/board?page=9", "/board/0"):
        assert httpx.get(served.address + path).status_code == 404, path
    for path in ("/board", "/board?topic=school", "/board/feed.atom"):
        assert "A draft" not in page(served, path)


def test_how_many_said_it_is_hidden_below_five_and_never_exact(
    served: Served, engine: Engine, area: Area, six: None
) -> None:
    say(engine, area, 1, 4)
    assert "said this" not in words(page(served, "/board/1"))
    assert "only when there are 5 or more" in words(page(served, "/board/1"))
    say(engine, area, 1, 1)
    assert "5 people or more said this." in words(page(served, "/board/1"))
    say(engine, area, 1, 8)
    assert "10 people or more said this." in words(page(served, "/board/1"))


def test_what_is_for_the_forum_alone_is_not_counted_in_public(
    served: Served, engine: Engine, area: Area, six: None
) -> None:
    say(engine, area, 1, 9, Visibility.FORUM)
    assert "said this" not in words(page(served, "/board/1"))


def test_words_of_families_are_on_no_page(served: Served, engine: Engine, area: Area, six: None) -> None:
    say(engine, area, 1, 12)
    for path in ("/board", "/board/1", "/board/feed.atom"):
        assert "raw words" not in page(served, path)


def test_what_points_to_a_person_is_masked_even_where_staff_wrote_it(served: Served, engine: Engine, six: None) -> None:
    with writing(engine) as session:
        session.get_one(Theme, 4).said = "My son Tyler waits. Ring me on 07700 900871."
    move(engine, 4, Status.LOOKING, "We wrote to tyler.mum@example.com about it.")
    for path in ("/board", "/board/4", "/board/feed.atom"):
        shown = page(served, path)
        assert "[a name]" in shown
        assert not [said for said in ("Tyler", "07700", "@example.com") if said in shown]


def judged(engine: Engine, update: int, better: int, not_yet: int) -> None:
    with writing(engine) as session:
        for place in range(better + not_yet):
            family = Person(kind=Kind.PARENT, language="en")
            session.add(family)
            session.flush()
            session.add(Verdict(update_id=update, person_id=family.id, better=place < better, words="still raw"))


@pytest.mark.parametrize(
    ("better", "not_yet", "says"),
    [
        (2, 2, "Not enough families have told us yet if it is better now."),
        (6, 1, "Most families who told us say that it is better now."),
        (1, 6, "Most families who told us say: not yet."),
        (3, 3, "Some families say that it is better now. As many say: not yet."),
    ],
)
def test_families_verdict_says_which_way_most_lean_and_never_how_many(
    served: Served, engine: Engine, six: None, better: int, not_yet: int, says: str
) -> None:
    judged(engine, move(engine, 1, Status.DONE, "The plans are checked."), better, not_yet)
    shown = words(page(served, "/board/1"))
    assert says in shown
    assert "still raw" not in page(served, "/board/1")


def test_how_often_promises_were_kept_is_said_in_tenths(served: Served, engine: Engine, area: Area, six: None) -> None:
    say(engine, area, 1, 30)
    with writing(engine) as session:
        for place, told in enumerate(session.scalars(select(Feedback))):
            told.answer_by = area.today(now()) - timedelta(days=30)
            kept = datetime.combine(told.answer_by, datetime.min.time(), area.zone) + timedelta(hours=23)
            told.answered = kept if place < 21 else kept + timedelta(hours=2) if place < 25 else None
    assert "In the last year we kept this promise about 7 times out of 10." in words(page(served))


def test_many_items_come_page_by_page(served: Served, engine: Engine) -> None:
    with writing(engine) as session:
        for place in range(45):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=place)
            session.add(Theme(topic="school", said=f"Item number {place} here.", published=at))
    seen = re.findall(r"Item number (\d+) here", words(page(served)))
    assert seen == [str(place) for place in range(44, 24, -1)]
    [older] = re.findall(r'rel="next" href="([^"]+)"', page(served))
    seen += re.findall(r"Item number (\d+) here", words(page(served, older)))
    [oldest] = re.findall(r'rel="next" href="([^"]+)"', page(served, older))
    seen += re.findall(r"Item number (\d+) here", words(page(served, oldest)))
    assert [int(number) for number in seen] == list(range(44, -1, -1))
    assert 'rel="next"' not in page(served, oldest)


def test_the_plan_and_the_charter_are_pages_of_their_own(served: Served) -> None:
    assert "The free advice service" not in words(page(served, "/board/plan"))
    assert "Who&#39;s Who" in words(page(served, "/board/plan"))
    assert "By when: September 2026." in words(page(served, "/board/plan"))
    assert "We listen, and we show you what came of it." in words(page(served, "/board/charter"))


# -- how it is served


def test_it_may_be_kept_for_a_minute_and_asks_whether_it_has_changed(served: Served, engine: Engine, six: None) -> None:
    for path in ("/board", "/board/1", "/board/feed.atom", "/board/plan"):
        first = httpx.get(served.address + path)
        assert first.headers["cache-control"] == "public, max-age=60"
        assert "set-cookie" not in first.headers
        again = httpx.get(served.address + path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    before = httpx.get(served.address + "/board/1").headers["etag"]
    move(engine, 1, Status.DONE, "The plans are checked.")
    changed = httpx.get(served.address + "/board/1", headers={"If-None-Match": before})
    assert changed.status_code == 200
    assert "The plans are checked." in changed.text


def test_search_engines_may_find_it_and_nothing_private(served: Served, six: None) -> None:
    for path in ("/board", "/board/1", "/board/feed.atom"):
        assert httpx.get(served.address + path).headers["x-robots-tag"] == "all"
    for path in ("/", "/device", "/help-now", "/board/999"):
        assert httpx.get(served.address + path).headers["x-robots-tag"] == "noindex"
    robots = httpx.get(served.address + "/robots.txt").text
    assert "Allow: /board" in robots
    assert "Disallow: /\n" in robots


def test_who_looks_is_not_known_and_nothing_is_kept(served: Served, engine: Engine, six: None) -> None:
    asked = {"Cookie": "yousaid=somebody", "Accept-Language": "en"}
    assert page(served, "/board", **asked) == page(served, "/board")


def test_the_feed_is_valid_atom(engine: Engine, tameside: Partnership, six: None) -> None:
    with serving(engine, tameside, public="https://yousaid.example.org") as served:
        move(engine, 4, Status.LOOKING, "We ask the schools <first> & then tell you.", organisation="council")
        response = httpx.get(served.address + "/board/feed.atom")
        assert response.headers["content-type"].startswith("application/atom+xml")
        feed = ET.fromstring(response.content)  # ours
        valid_atom(feed)
        entries = feed.findall(f"{ATOM}entry")
        assert entries[0].findtext(f"{ATOM}title", "").startswith("Looking into it: Some schools pick")
        assert "We ask the schools <first> & then tell you." in entries[0].findtext(f"{ATOM}content", "")
        assert entries[0].find(f"{ATOM}link").get("href") == "https://yousaid.example.org/board/4"  # type: ignore[union-attr]
        about = ET.fromstring(httpx.get(served.address + "/board/feed.atom?topic=school").content)
        valid_atom(about)
        assert {one.find(f"{ATOM}category").get("term") for one in about.findall(f"{ATOM}entry")} == {"school"}  # type: ignore[union-attr]
        nothing = ET.fromstring(httpx.get(served.address + "/board/feed.atom?topic=transport").content)
        valid_atom(nothing)


def valid_atom(feed: ET.Element) -> None:
    """What RFC 4287 asks of a feed and its entries (4.1.1, 4.1.2), and of dates (3.3)."""
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        stamp = element.findtext(f"{ATOM}updated", "")
        assert datetime.fromisoformat(stamp).tzinfo is not None
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}:[a-z0-9/-]+", element.findtext(f"{ATOM}id", ""))
        alternates = [one for one in element.findall(f"{ATOM}link") if one.get("rel", "alternate") == "alternate"]
        assert len(alternates) == 1
        assert alternates[0].get("href", "").startswith("https://")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert len([one for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"]) == 1
    names = [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
    assert len(set(names)) == len(names)


def test_everything_together_is_light(served: Served, engine: Engine, area: Area) -> None:
    """A full page with all that it loads, as it goes over the line, uncompressed."""
    with writing(engine) as session:
        for place in range(25):
            said = f"Number {place}. " + "We wait long and nobody tells us why, and then it is wrong. " * 3
            theme = Theme(topic="plan", said=said, published=now(), heard_at="Cuppa and a Chat, June 2025")
            theme.updates = [
                Update(status=Status.DOING, text="We look at every plan twice. " * 6, organisation="council")
                for _update in range(4)
            ]
            session.add(theme)
    for path in ("/board", "/board?language=ur", "/board/1"):
        html = httpx.get(served.address + path).content
        assets = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html.decode()))
        weight = len(html) + sum(len(httpx.get(served.address + one).content) for one in assets)
        assert len(assets) == 5
        assert weight < MOST_BYTES, f"{path}: {weight}"


# -- in a browser


def violations(page: Page) -> list[str]:
    """What axe finds, and what it is not sure about because words have the colour of what is behind them."""
    found = Axe().run(page).response
    unsure = [one for one in found["incomplete"] if "equalRatio" in str(one["nodes"])]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in [*found["violations"], *unsure]]


PATHS = ("/board", "/board?topic=plan&status=done", "/board/1", "/board/3", "/board/plan", "/board/charter")


@pytest.fixture
def lively(engine: Engine, area: Area, six: None) -> None:
    say(engine, area, 1, 12)
    done = move(engine, 1, Status.DONE, "The plans are checked twice.", organisation="council")
    judged(engine, done, 6, 2)
    move(engine, 3, Status.CANNOT, "", reason="We have too few people this year.", organisation="council")
    move(engine, 4, Status.DOING, "We ask the schools.", organisation="schools", due=date(2026, 1, 9))


@pytest.mark.browser
@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_is_in_the_way_of_anybody(browser: Browser, served: Served, width: int, colours: str) -> None:
    with browser.new_context(
        base_url=served.address,
        viewport={"width": width, "height": 740},
        color_scheme=colours,  # type: ignore[arg-type]
    ) as context:
        shown = context.new_page()
        wrong: list[str] = []
        shown.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        for language in ("en", "ur"):
            for path in PATHS:
                shown.goto(path + ("&" if "?" in path else "?") + f"language={language}")
                assert violations(shown) == [], path
                assert shown.evaluate("document.documentElement.scrollWidth") <= width, path
                assert shown.locator("html").get_attribute("dir") == ("rtl" if language == "ur" else "ltr")
        assert wrong == []


@pytest.mark.browser
@pytest.mark.usefixtures("lively")
def test_everything_to_press_is_as_big_as_a_thumb(browser: Browser, served: Served) -> None:
    small = """[...document.querySelectorAll("a")]
        .filter((one) => one.checkVisibility() && !one.matches(".skip") && !one.closest("p.aside"))
        .map((one) => [one.innerText, one.getBoundingClientRect()])
        .filter(([name, box]) => box.height < 44 || box.width < 44)
        .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    with browser.new_context(base_url=served.address, viewport={"width": 360, "height": 740}) as context:
        shown = context.new_page()
        for path in PATHS:
            shown.goto(path)
            assert shown.evaluate(small) == [], path


@pytest.mark.browser
@pytest.mark.usefixtures("lively")
def test_without_a_script_one_finds_an_item_and_opens_the_chat_on_it(browser: Browser, served: Served) -> None:
    with browser.new_context(
        base_url=served.address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    ) as context:
        shown = context.new_page()
        shown.goto("/")
        shown.get_by_role("link", name="What is being done").click()
        shown.get_by_role("navigation", name="What it is about").get_by_role("link", name="School").click()
        shown.get_by_role("link", name="Some schools pick").click()
        expect(shown).to_have_url(re.compile(r"/board/4\?"))
        shown.get_by_role("link", name="Open this in the chat").click()
        expect(shown).to_have_url(re.compile(r"/start/you_said-item_4\?"))


@pytest.mark.browser
@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("language", ["en", "ur"])
def test_from_the_board_to_following_an_item_in_the_chat_by_keyboard_alone(
    browser: Browser, served: Served, engine: Engine, language: str
) -> None:
    """In their own language all the way: the page, the door, the chat; English words of staff keep their direction."""
    side = "rtl" if language == "ur" else "ltr"
    with (
        browser.new_context(
            base_url=served.address, viewport={"width": 360, "height": 740}, locale=language, reduced_motion="reduce"
        ) as context,
        speaking(language),
    ):
        shown = context.new_page()
        shown.goto("/board")
        expect(shown.locator("html")).to_have_attribute("dir", side)
        press_until_on(shown, "a[href*='/board/4']")
        shown.keyboard.press("Enter")
        expect(shown.locator("h1")).to_contain_text(_("Some schools pick which parts of a plan they carry out."))
        staff = shown.locator(".answer bdi" if language == "ur" else ".answer p").first
        expect(staff).to_contain_text("We ask the schools.")
        assert staff.evaluate("one => getComputedStyle(one).direction") == "ltr"
        press_until_on(shown, "a[href*='/start/you_said-item_4']")
        shown.keyboard.press("Enter")
        expect(shown.locator("html")).to_have_attribute("dir", side)
        expect(shown.get_by_role("button", name=_("Open"), exact=True)).to_be_visible()
        assert violations(shown) == []
        press_until_on(shown, "form button")
        shown.keyboard.press("Enter")
        follow = shown.get_by_role("button", name=_("Follow this"))
        expect(follow).to_be_visible()
        item = shown.locator(".entry.ours", has_text="We ask the schools.").last
        expect(item).to_be_visible()
        assert item.locator(".words").get_attribute("dir") == side
        assert shown.evaluate("document.documentElement.scrollWidth") <= 360
        assert violations(shown) == []
        press_until_on(shown, f"button:text-is('{_('Follow this')}')")
        shown.keyboard.press("Enter")
        yes = shown.get_by_role("button", name=_("Yes, that is OK"))
        expect(yes).to_be_visible()
        press_until_on(shown, f"button:text-is('{_('Yes, that is OK')}')")
        shown.keyboard.press("Enter")
        expect(shown.get_by_text(_("You follow this now. We write to you when it moves."))).to_be_visible()
        with reading(engine) as session:
            assert [one.theme_id for one in session.scalars(select(Follow))] == [4]


def press_until_on(shown: Page, what: str) -> None:
    """The keyboard gets there, and whoever looks sees where it is."""
    wanted = shown.locator(what).last.element_handle()
    for _press in range(80):
        shown.keyboard.press("Tab")
        if shown.evaluate("one => document.activeElement === one", wanted):
            assert shown.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"the keyboard does not get to {what} on {shown.url}")


@pytest.mark.browser
@pytest.mark.usefixtures("lively")
def test_it_prints_what_was_said_and_none_of_the_buttons(browser: Browser, served: Served) -> None:
    with browser.new_context(base_url=served.address) as context:
        shown = context.new_page()
        shown.goto("/board")
        shown.emulate_media(media="print")
        assert shown.locator(".item").first.is_visible()
        for gone in (".safety", ".choose", ".foot", ".button"):
            assert all(not one.is_visible() for one in shown.locator(gone).all()), gone
