"""The ladder of participation (T10): staff say how far families work with them; families see it, the report counts it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import Engine, select

from bot.report.yearly import yearly
from models.area import Area
from models.audit import Audit
from models.database import now, reading, writing
from models.feedback import Visibility, answer_part, give_feedback, send_parts, split
from models.meeting import Meeting
from models.partnership import Partnership
from models.person import Kind, Person
from models.pulse import PulseAnswer, Side
from models.role import NotAllowed, RoleName
from models.rung import Rung
from models.theme import Theme, load_you_said, name_rung
from tests.company import colleague, family
from tests.talk import Talk
from tests.test_report import SMALL, area, picture, section
from tests.web.conftest import served
from tests.web.desk.colleague import Colleague
from tests.web.desk.conftest import hire
from tests.web.desk.test_meetings import called, over
from tests.web.serving import Served

__all__ = ["area", "hire", "served"]

Hire = Callable[..., Colleague]
TOGETHER = "Families and staff make this together."


@pytest.fixture
def six(engine: Engine, tameside: Partnership) -> None:
    with writing(engine) as session:
        load_you_said(session, tameside.area)


def test_from_the_desk_to_the_board(engine: Engine, served: Served, hire: Hire, six: None) -> None:
    editor = hire(RoleName.BROADCASTER)
    editor.opens("/items/1")
    with reading(engine) as session:
        said = session.get_one(Theme, 1).said
    editor.sends("change", said=said, topic="plan", rung="co-designing")
    assert "how far families work with us: Made together" in editor.words
    assert TOGETHER in httpx.get(f"{served.address}/board/1").text
    editor.sends("change", said=said, topic="plan", rung="")
    assert "how far families work with us: not said" in editor.words
    assert TOGETHER not in httpx.get(f"{served.address}/board/1").text
    with reading(engine) as session:
        done = session.scalars(select(Audit.detail).where(Audit.deed == "named the rung of").order_by(Audit.id)).all()
    assert list(done) == ["co-designing", ""]


def test_somebody_who_may_not_publish_names_none(engine: Engine, hire: Hire, six: None) -> None:
    viewer = hire(RoleName.VIEWER)
    with writing(engine) as session, pytest.raises(NotAllowed):
        name_rung(session, session.get_one(Theme, 1), Rung.ENGAGING, session.get_one(Person, viewer.person))
    assert "How far do families work with you on it?" not in viewer.opens("/items/1").text


def test_a_meeting_names_its_own_and_the_year_adds_up(
    engine: Engine, tameside: Partnership, hire: Hire, six: None
) -> None:
    editor = hire(RoleName.BROADCASTER)
    meeting = called(engine, tameside)
    editor.sends("rung", f"/meetings/{meeting}", rung="consulting")
    assert "How far with families Asked first" in editor.words
    with writing(engine) as session:
        name_rung(session, session.get_one(Theme, 1), Rung.CO_DESIGNING, session.get_one(Person, editor.person))
        for theme in session.scalars(select(Theme)):
            theme.published = now()
    year = now().year
    with reading(engine) as session:
        before = yearly(session, tameside.area, year)
    assert "meeting_rungs" not in [one.key for one in before.pictures], "it has not been held yet"
    over(engine, meeting)
    with reading(engine) as session:
        held = session.get_one(Meeting, meeting).starts
        assert held is not None
        document = yearly(session, tameside.area, held.year)
    assert picture(document, "rungs")["Made together"] == "1"
    assert picture(document, "rungs")["Not said"] == "5"
    assert picture(document, "meeting_rungs")["Asked first"] == "1"


def test_in_the_chat_too(talk: Talk) -> None:
    with talk.writing() as session:
        load_you_said(session, talk.partnership.area)
    editor = colleague(talk, "8", RoleName.BROADCASTER)
    editor.hear(tap="s:themes:which=1")
    for label in ("Change it", "How far with families"):
        editor.taps(label)
    assert f"– Made together: {TOGETHER}" in editor.shown()
    editor.taps("Made together")
    assert editor.shown() == ["It is changed. The history says so. [Open the item] [All items]"]
    family(talk).hear(tap="s:you_said:item=1")
    assert any(line.startswith(TOGETHER) for line in talk.shown())


def test_a_meeting_names_its_own_in_the_chat_and_families_read_it_on_its_card(talk: Talk) -> None:
    meeting = called(talk.engine, talk.partnership)
    editor = colleague(talk, "8", RoleName.BROADCASTER)
    editor.hear(tap=f"s:run_meeting:meeting={meeting}")
    editor.shown()
    editor.taps("How far with families")
    assert f"– Made together: {TOGETHER}" in editor.shown()
    editor.taps("Made together")
    assert editor.shown() == ["It is kept. Families see it. [Look after it]"]
    editor.taps("Look after it")
    assert any(line.startswith("How far with families: Made together") for line in editor.shown())
    family(talk).hear(tap=f"s:meetings:meeting={meeting}")
    assert any(TOGETHER in line for line in talk.shown())
    editor.hear(tap=f"s:run_meeting:meeting={meeting}")
    editor.taps("How far with families")
    editor.taps("Not said")
    talk.hear(tap=f"s:meetings:meeting={meeting}")
    assert not any(TOGETHER in line for line in talk.shown())


# -- what else the year has: what several answered together, and the short questions


def test_what_several_organisations_answered_together(engine: Engine, area: Area, clock: object, hire: Hire) -> None:
    council, nhs = hire(RoleName.RESPONDER), hire(RoleName.RESPONDER, "nhs")
    with writing(engine) as session:
        one, other = session.get_one(Person, council.person), session.get_one(Person, nhs.person)
        for _place in range(SMALL):
            person = Person(kind=Kind.PARENT, language="en")
            session.add(person)
            told = give_feedback(
                session, area, person, topic="plan", text="raw words", visibility=Visibility.PARTNERSHIP
            )
            council_part, nhs_part = split(session, area, told, {"council": "The taxi", "nhs": "The therapy"}, one)
            answer_part(session, council_part, "We ring the firm.", one)
            answer_part(session, nhs_part, "We see him in May.", other)
            send_parts(session, told, "We ring the firm. We see him in May.", one)
    with reading(engine) as session:
        document = yearly(session, area, now().year)
    written = str(section(document, "What several of us answered together").blocks)
    assert "5 families or more got one joint answer." in written
    assert picture(document, "parts") == {"Tameside Council": "5", "The NHS in Tameside": "5"}


def test_what_families_and_staff_feel_stands_side_by_side(engine: Engine, area: Area, clock: object) -> None:
    with writing(engine) as session:
        for side, many, value in ((Side.PARENT, SMALL, 2), (Side.STAFF, SMALL, 4), (Side.YOUNG, SMALL - 1, 1)):
            for _place in range(many):
                person = Person(language="en")
                session.add(person)
                session.flush()
                session.add(PulseAnswer(person_id=person.id, key="listened", value=value, side=side))
    with reading(engine) as session:
        document = yearly(session, area, now().year)
        before = yearly(session, area, now().year - 1)
    [_intro, table] = section(document, "What you and we say about working together").blocks
    assert table.rows == (("Do you feel listened to?", "2 (5+)", "not shown", "not shown", "4 (5+)"),)  # type: ignore[union-attr]
    assert "Too few people have answered" in str(section(before, "What you and we say about working together").blocks)
