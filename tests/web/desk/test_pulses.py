"""Pulses at the desk: how the answers move, as a picture and in words; nothing of a group too small to show."""

from __future__ import annotations

from sqlalchemy import Engine

from models import pulse as pulses
from models.database import writing
from models.partnership import Partnership
from models.person import Kind, meet
from models.role import RoleName
from tests.web.desk.conftest import Hire


def answered(engine: Engine, partnership: Partnership, kind: Kind, count: int, value: int) -> str:
    """So many people answer the first statement; its key."""
    key = partnership.area.pulses.statement[0].key
    with writing(engine) as session:
        for number in range(count):
            person = meet(session, "terminal", f"{kind} {number}").person
            person.kind = kind
            pulses.answer(session, partnership.area, person, key, value)
    return key


def test_the_trend_is_shown_by_month_and_role_and_small_groups_are_not(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    key = answered(engine, tameside, Kind.PARENT, 5, 4)
    answered(engine, tameside, Kind.YOUNG, 2, 1)
    staff = hire(RoleName.VIEWER)
    staff.opens("/pulses")
    assert "Parents and carers: 4" in staff.words
    assert "Young people" not in staff.words
    staff.opens(f"/pulses/{key}")
    assert "4 (5)" in staff.words
    assert "too few" in staff.words
    picture = staff.opens(f"/pulses/{key}/picture")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in picture.text


def test_without_answers_there_is_no_picture(hire: Hire, tameside: Partnership) -> None:
    staff = hire(RoleName.VIEWER)
    key = tameside.area.pulses.statement[0].key
    staff.opens(f"/pulses/{key}")
    assert "Too few people have answered this yet." in staff.words
    assert '<img src="/desk/pulses' not in staff.page
    assert staff.opens(f"/pulses/{key}/picture").status_code == 404
    assert staff.opens("/pulses/nothing").status_code == 404
