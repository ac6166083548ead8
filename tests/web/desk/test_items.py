"""Items at the desk: found, gathered by suggestion, said better, looked after; what families answer about them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select

from models import consent
from models.database import now, reading, writing
from models.feedback import Feedback, Status, Visibility
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Person
from models.role import RoleName
from models.theme import Meant, Theme, Update, add_update, history, judge, link, new_theme, say_if_meant
from tests.web.desk.colleague import Colleague, audit
from tests.web.desk.conftest import Hire
from tests.web.desk.test_inbox import says


def made(engine: Engine, staff: Colleague, said: str = "Taxis come late.", topic: str = "transport") -> int:
    with writing(engine) as session:
        return new_theme(session, topic, said, session.get_one(Person, staff.person)).id


def put(engine: Engine, staff: Colleague, item: int, *refs: str) -> None:
    with writing(engine) as session:
        for ref in refs:
            feedback = session.scalars(select(Feedback).where(Feedback.ref == ref)).one()
            link(session, feedback, session.get_one(Theme, item), session.get_one(Person, staff.person))


def theme(engine: Engine, number: int) -> Theme:
    with reading(engine) as session:
        found = session.get_one(Theme, number)
        assert found.actions is not None
        return found


def events(engine: Engine, number: int, staff: Colleague) -> list[str]:
    with reading(engine) as session:
        return [
            str(one.what)
            for one in history(session, session.get_one(Theme, number), session.get_one(Person, staff.person))
        ]


def test_an_item_is_made_found_and_changed(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    staff, colleague = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER, title="SEN lead")
    staff.sends("make", "/items", said="Taxis come late.", topic="")
    assert "Choose what it is about." in staff.words
    assert "Taxis come late." in staff.words, "what was typed is still there"
    staff.sends("make", said="Taxis come late.", topic="transport")
    assert "“Taxis come late.”" in staff.words
    assert "Families do not see it yet." in staff.words
    with reading(engine) as session:
        number = session.scalars(select(Theme.id)).one()
    priority = tameside.area.priorities[0].key
    staff.sends(
        "change", said="Taxis come late in the morning.", topic="school", owner=str(colleague.person), priority=priority
    )
    assert theme(engine, number).owner_id == colleague.person
    assert "Who looks after it: SEN lead" in staff.words
    assert events(engine, number, staff) == ["made", "reworded", "topic", "priority", "owner"]
    staff.opens("/items?topic=transport")
    assert "Taxis" not in staff.words
    for asked in (
        "topic=school",
        f"priority={priority}",
        "words=MORNING",
        f"owner={colleague.person}",
        "status=heard",
        "show=unseen",
    ):
        staff.opens(f"/items?{asked}")
        assert "Taxis come late in the morning." in staff.words, asked
    for asked in ("owner=mine", "status=done", "words=%25", "show=late"):
        staff.opens(f"/items?{asked}")
        assert "Nothing here." in staff.words, asked


def test_whoever_is_second_sees_what_the_first_one_wrote(hire: Hire, engine: Engine) -> None:
    one, two = hire(RoleName.BROADCASTER), hire(RoleName.BROADCASTER)
    number = made(engine, one)
    two.opens(f"/items/{number}")
    one.sends("change", f"/items/{number}", said="Taxis do not come.", topic="transport")
    response = two.sends("change", said="Taxis come too late.", topic="transport")
    assert response.status_code == 409
    assert "“Taxis do not come.”" in two.words
    assert "Taxis come too late." in two.words
    assert theme(engine, number).said == "Taxis do not come."


def test_families_words_are_gathered_by_suggestion_and_the_looks_recorded(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    ref = says(engine, tameside, "The taxi is late each morning. My son Jayden Oakes waits.")
    other = says(engine, tameside, "The speech therapist was kind.", topic="health")
    closed = says(engine, tameside, "The taxi is late each morning again.", visibility=Visibility.FORUM)
    staff = hire(RoleName.BROADCASTER)
    number = made(engine, staff, "The taxi is late each morning.")
    staff.opens(f"/items/{number}")
    assert "Jayden" not in staff.words, "nobody's words before they are asked for"
    staff.opens(f"/items/{number}?suggest=yes")
    assert ref in staff.words
    assert "<mark>Jayden" in staff.page
    assert other not in staff.words
    assert closed not in staff.words, "what was said to the forum only"
    looked = [about for who, deed, about, _detail in audit(engine) if who == staff.person and deed == "looked at"]
    assert looked == ["feedback:1"]
    staff.sends("put-in", ref=ref, suggest="yes")
    assert f"{ref} is part of it now." in staff.words
    assert "Nothing that is in no item sounds like it." in staff.words
    staff.sends("put-in", f"/items/{number}", ref=closed)
    assert "I do not find that reference." in staff.words
    staff.sends("take-out", f"/items/{number}", ref=ref)
    assert "Nothing is in it that you may see." in staff.words
    assert events(engine, number, staff) == ["made", "words in", "words out"]


def test_those_behind_it_are_asked_and_what_they_meant_is_shown(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    ref = says(engine, tameside, "The taxi is late.")
    staff = hire(RoleName.BROADCASTER)
    number = made(engine, staff)
    put(engine, staff, number, ref)
    staff.opens(f"/items/{number}")
    assert "There is nobody to ask" in staff.words, "they have not agreed to be written to"
    with writing(engine) as session:
        family = session.scalars(select(Feedback)).one().person
        assert family is not None
        consent.agree(session, family, tameside.area)
    staff.sends("ask", f"/items/{number}")
    assert "1 person is asked." in staff.words
    assert "Asked if it is right: 1. Yes: 0. No: 0. No answer yet: 1." in staff.words
    with reading(engine) as session:
        [asked] = session.scalars(select(Outgoing)).all()
        assert "Is this what you meant?" in asked.message.text
    with writing(engine) as session:
        say_if_meant(session, session.scalars(select(Meant)).one(), fits=False, words="It does not come at all.")
    staff.opens(f"/items/{number}")
    assert "It does not come at all." in staff.words


def test_late_actions_are_found_and_small_numbers_of_verdicts_hidden(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    ref = says(engine, tameside, "The taxi is late.")
    staff, viewer = hire(RoleName.BROADCASTER), hire(RoleName.VIEWER)
    late, done = made(engine, staff, "Taxis come late."), made(engine, staff, "No one rings.")
    put(engine, staff, done, ref)
    with writing(engine) as session:
        person = session.get_one(Person, staff.person)
        yesterday = tameside.area.today(now()) - timedelta(days=1)
        add_update(
            session, session.get_one(Theme, late), Status.DOING, "We ask the firm.",
            organisation="council", role="Transport team", due=yesterday, by=person,
        )  # fmt: skip
        add_update(
            session, session.get_one(Theme, done), Status.DONE, "We ring now.", organisation="council", due=None,
            by=person,
        )  # fmt: skip
        family = session.scalars(select(Feedback)).one().person
        assert family is not None
        update = session.scalars(select(Update).where(Update.status == Status.DONE)).one()
        assert judge(session, family, update, better=False, words="Nobody rang me.")
    staff.opens("/items?show=late")
    assert "Taxis come late." in staff.words
    assert "late since" in staff.words
    assert "No one rings." not in staff.words
    viewer.opens(f"/items/{late}")
    assert "We ask the firm." in viewer.words
    assert "Tameside Council, Transport team" in viewer.words
    assert "Say how it stands" not in viewer.words
    viewer.opens(f"/items/{done}")
    assert "Families say that it is not, so it is open again." in viewer.words
    assert "Not right yet: fewer than 5 people." in viewer.words
    assert "Nobody rang me." in viewer.words
    assert (viewer.person, "looked at", f"update:{update.id}", f"desk:{2}") in audit(engine)


def test_a_note_to_colleagues_stays_in_the_history(hire: Hire, engine: Engine) -> None:
    staff = hire(RoleName.RESPONDER)
    number = made(engine, hire(RoleName.BROADCASTER))
    staff.sends("note", f"/items/{number}", note="The firm changes in May.")
    assert "note: The firm changes in May." in staff.words
