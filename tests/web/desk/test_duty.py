"""The duty rota and the miss-watch at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from models.alert import Alert
from models.database import now, reading, writing
from models.duty import DutyAway, DutyTurn
from models.feedback import Feedback
from models.partnership import Partnership
from models.role import RoleName
from models.second_look import Judged, SecondLook
from tests.company import with_a_team
from tests.web.desk.colleague import audit
from tests.web.desk.conftest import Hire
from tests.web.desk.test_desk_in_chromium import browsing, is_in_order, page, sign_in  # noqa: F401  # fixtures
from tests.web.desk.test_inbox import says
from tests.web.serving import Served, serving

ALL_DAY = {
    f"day_{day}": "yes" for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
} | {"starts": "00:00", "ends": "00:00"}


@pytest.fixture
def served(engine: Engine, tameside: Partnership) -> Iterator[Served]:
    """A partnership whose area names a team."""
    with serving(engine, with_a_team(tameside)) as served:
        yield served


def test_somebody_is_put_on_duty_and_taken_off(hire: Hire, engine: Engine) -> None:
    lead = hire(RoleName.SAFEGUARDING, title="Safeguarding lead")
    lead.opens("/duty")
    assert "Nobody is on duty here." in lead.words
    for wrong in ({"person": ""}, {"order": ""}, {"starts": "soon"}, {"team": "7"}):
        fields = {"person": str(lead.person), "team": "0", "order": "first", **ALL_DAY, **wrong}
        assert lead.sends("on", **fields).status_code == 422, wrong
    assert lead.sends("on", person=str(lead.person), team="0", order="first", starts="09:00", ends="17:00") is not None
    assert "Choose at least one day." in lead.words
    lead.sends("on", person=str(lead.person), team="0", order="first", **ALL_DAY)
    assert "First: Safeguarding lead" in lead.words
    with reading(engine) as session:
        turn = session.scalars(select(DutyTurn)).one()
        assert (turn.person_id, turn.starts, turn.ends, len(turn.days)) == (lead.person, "00:00", "00:00", 7)
    assert (lead.person, "put on duty", f"person:{lead.person}", f"turn:{turn.id} first") in audit(engine)
    lead.sends("off", turn=str(turn.id))
    assert "every screen says that messages are not watched" in lead.words
    assert "Nobody is on the rota." in lead.words


def test_only_who_looks_after_alerts_is_on_duty(hire: Hire, engine: Engine) -> None:
    lead, other = hire(RoleName.SAFEGUARDING), hire(RoleName.BROADCASTER)
    assert other.opens("/duty").status_code == 403
    fields = {"person": str(other.person), "team": "0", "order": "first", **ALL_DAY}
    assert lead.sends("on", "/duty", **fields).status_code == 422
    with reading(engine) as session:
        assert session.scalars(select(DutyTurn)).all() == []


def test_two_swap_and_one_comes_back(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    one, two = hire(RoleName.SAFEGUARDING), hire(RoleName.ADMIN, title="Manager")
    today = tameside.area.today(now())
    days = {"first": today.isoformat(), "last": (today + timedelta(days=3)).isoformat()}
    one.opens("/duty")
    for wrong in (
        {"away": ""},
        {"first": ""},
        {"last": (today - timedelta(days=1)).isoformat()},
        {"first": (today + timedelta(days=9)).isoformat()},
        {"instead": str(one.person)},
        {"instead": "999999"},
    ):
        fields = {"away": str(one.person), "instead": str(two.person), **days, **wrong}
        assert one.sends("away", **fields).status_code == 422, wrong
    one.sends("away", away=str(one.person), instead=str(two.person), **days)
    assert "Instead: Manager" in one.words
    with reading(engine) as session:
        gone = session.scalars(select(DutyAway)).one()
        assert (gone.person_id, gone.instead_id) == (one.person, two.person)
    one.sends("back", gone=str(gone.id))
    assert "They do their own duty again." in one.words
    assert "Nobody is away." in one.words


def to_read_again(engine: Engine, ref: str) -> int:
    with writing(engine) as session:
        look = SecondLook(feedback=session.scalars(select(Feedback).where(Feedback.ref == ref)).one())
        session.add(look)
        session.flush()
        return look.id


def test_two_read_it_again_and_one_yes_is_an_alert(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    first = to_read_again(engine, says(engine, tameside, "The taxi was late again."))
    one, two = hire(RoleName.RESPONDER), hire(RoleName.VIEWER)
    one.opens("/again")
    assert "The taxi was late again." in one.words
    assert (one.person, "looked at", "feedback:1", "desk:1") in audit(engine)
    one.sends("judge", look=str(first), judged=Judged.NO.value)
    assert "There is nothing for you to read again just now." in one.words
    two.sends("judge", "/again", look=str(first), judged=Judged.NO.value)
    assert "Read by two 1 Missed 0 Still to read 0" in two.words
    second = to_read_again(engine, says(engine, tameside, "He does not want to go home on Fridays."))
    one.opens("/again")
    assert one.sends("judge", look=str(second), judged="perhaps").status_code == 422
    one.sends("judge", look=str(second), judged=Judged.YES.value)
    assert "Whoever is on duty is told." in one.words
    assert "Missed 1" in one.words
    with reading(engine) as session:
        alert = session.scalars(select(Alert)).one()
        assert alert.code in one.words
    assert two.opens("/again").status_code == 200
    assert "He does not want to go home on Fridays." not in two.words


@pytest.mark.browser
def test_both_pages_are_in_order(page: Page, engine: Engine, tameside: Partnership) -> None:  # noqa: F811  # the fixture
    lead = sign_in(page, engine, RoleName.SAFEGUARDING)
    to_read_again(engine, says(engine, tameside, "The taxi was late again."))
    for address in ("/duty", "/again"):
        page.goto(f"/desk{address}")
        is_in_order(page)
    page.goto("/desk/duty")
    page.get_by_label("Who is it?").select_option(str(lead))
    page.get_by_label("Who is told when?").select_option("first")
    page.get_by_role("button", name="Put on duty").press("Enter")
    expect(page.get_by_role("button", name="Take off the rota")).to_be_visible()
    page.locator("#away").select_option(str(lead))
    page.get_by_role("button", name="Note it").press("Enter")
    expect(page.get_by_text("Choose the day.").first).to_be_visible()
    is_in_order(page)
