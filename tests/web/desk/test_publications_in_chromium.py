"""Items, publications, pulses and data complaints in a real Chromium: axe at two widths, and what the script adds."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from models.database import writing
from models.outgoing import Class, Outgoing, State
from models.partnership import Partnership
from models.person import Kind
from models.role import RoleName
from tests.web.desk.conftest import Hire
from tests.web.desk.test_complaints import complained
from tests.web.desk.test_desk_in_chromium import browsing, is_in_order, page, pytestmark, sign_in
from tests.web.desk.test_inbox import says
from tests.web.desk.test_publications import SAID, families, item, newest, sweep
from tests.web.desk.test_pulses import answered

__all__ = ["browsing", "page", "pytestmark"]


def on_its_way(engine: Engine, partnership: Partnership, hire: Hire) -> tuple[int, int]:
    """An item, and a publication about it of which one message is of unknown fate; their numbers."""
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    number = item(engine, partnership, author)
    author.sends("hand-in", f"/items/{number}/say", **SAID)
    approver.sends("approve", f"/publications/{newest(engine).id}")
    sweep(engine, partnership)
    with writing(engine) as session:
        session.scalars(select(Outgoing).where(Outgoing.kind == Class.BROADCAST)).one().state = State.UNKNOWN
    return number, newest(engine).id


def test_each_page_is_in_order(page: Page, engine: Engine, tameside: Partnership, hire: Hire) -> None:
    number, publication = on_its_way(engine, tameside, hire)
    says(engine, tameside, "The taxi is late each morning again.")
    families(engine, tameside, 2)
    complaint, key = complained(engine, tameside), answered(engine, tameside, Kind.PARENT, 6, 4)
    sign_in(page, engine)
    for address in (
        "/desk/items",
        f"/desk/items/{number}",
        f"/desk/items/{number}?suggest=yes",
        f"/desk/items/{number}/say",
        "/desk/publications",
        "/desk/publications/new",
        f"/desk/publications/{publication}",
        "/desk/pulses",
        f"/desk/pulses/{key}",
        "/desk/complaints",
        f"/desk/complaints/{complaint}",
    ):
        page.goto(address)
        is_in_order(page)


def test_what_is_typed_is_seen_on_the_phone_and_remarked_on(
    page: Page, engine: Engine, tameside: Partnership, hire: Hire
) -> None:
    number = item(engine, tameside, hire(RoleName.BROADCASTER))
    sign_in(page, engine, RoleName.APPROVER)
    page.goto(f"/desk/items/{number}/say")
    page.get_by_label("English").fill("Ring Dave on 07700 900123. We guarantee a taxi.")
    page.get_by_label("It is now").select_option("doing")
    expect(page.locator(".phone").first).to_contain_text("We are doing something about it.")
    expect(page.locator(".phone").first).to_contain_text("We guarantee a taxi.")
    expect(page.get_by_text("Can you be sure of “guarantee”?")).to_be_visible()
    expect(page.get_by_text("“Dave”: a name")).to_be_visible()
    expect(page.get_by_text("1 person is written to.")).to_be_visible()
    is_in_order(page)
    page.get_by_label("Put plain words there").check()
    page.get_by_label("Who does it?").select_option("council")
    expect(page.locator(".phone").first).to_contain_text("Who does it: Tameside Council.")
    page.get_by_label("Put plain words there").check()
    page.get_by_role("button", name="Ask a colleague").press("Enter")
    expect(page.locator(".phone").first).to_contain_text("Ring [a name] on [a phone number].")
    is_in_order(page)


def test_how_far_it_is_moves_without_a_new_page(page: Page, engine: Engine, tameside: Partnership, hire: Hire) -> None:
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    families(engine, tameside, 2)
    author.sends("hand-in", "/publications/new", audience="everyone", text_en="The office is closed on Monday.")
    approver.sends("approve", f"/publications/{newest(engine).id}")
    sweep(engine, tameside)
    sign_in(page, engine)
    page.goto(f"/desk/publications/{newest(engine).id}")
    expect(page.get_by_text("Done: 0 of 2.")).to_be_visible()
    is_in_order(page)
    with writing(engine) as session:
        for row in session.scalars(select(Outgoing).where(Outgoing.kind == Class.BROADCAST)):
            row.state = State.SENT
    sweep(engine, tameside)
    expect(page.get_by_text("It is over.")).to_be_visible()
    expect(page.get_by_text("Got it: 2 of 2.")).to_be_visible()
