"""The inbox in the browser: found, opened, answered; two at once; what colleagues tell each other; what is erased."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, func, select, text

from models import keeping
from models.attachment import keep
from models.database import now, reading, writing
from models.desk.tables import ColleagueNote, DeskDraft, FeedbackWork
from models.desk.word_index import has_words
from models.feedback import Feedback, FeedbackNote, Side, Status, Visibility, answer_back, give_feedback, take_back
from models.heard import Attached
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Person, meet
from models.role import RoleName
from tests.web.desk.colleague import audit
from tests.web.desk.conftest import Hire


def says(
    engine: Engine,
    partnership: Partnership,
    words: str = "The taxi was late again.",
    *,
    topic: str = "transport",
    visibility: Visibility = Visibility.PARTNERSHIP,
    language: str = "en",
) -> str:
    """A family says something; the reference."""
    with writing(engine) as session:
        number = session.scalar(select(func.count()).select_from(Person)) or 0
        person = meet(session, "terminal", f"family {number}", language).person
        return give_feedback(session, partnership.area, person, topic=topic, text=words, visibility=visibility).ref


def sent(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [row.message.text for row in session.scalars(select(Outgoing).order_by(Outgoing.id))]


def kept(engine: Engine, ref: str) -> Feedback:
    with reading(engine) as session:
        found = session.scalars(select(Feedback).where(Feedback.ref == ref)).one()
        assert found.notes is not None
        assert found.history
        return found


def test_what_waits_is_found_opened_and_answered(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside, "The taxi was late. My son Jayden Oakes waits in the rain.")
    staff = hire()
    staff.opens("")
    assert "1 nobody has opened" in staff.words
    staff.opens("/inbox")
    assert ref in staff.words
    assert "taxi" not in staff.words.casefold(), "the list shows nobody's words"
    staff.opens(f"/inbox/{ref}")
    assert "The taxi was late." in staff.words
    assert "<mark>" in staff.page
    assert (staff.person, "looked at", kept(engine, ref).about, "desk:1") in audit(engine)
    staff.sends("reply", text="We rang the firm. A new driver comes on Monday.")
    assert "It is on its way to them." in staff.words
    assert "We rang the firm. A new driver comes on Monday." in sent(engine)[-1]
    assert kept(engine, ref).answered is not None
    staff.opens("")
    assert "0 nobody has opened" in staff.words


def test_a_reply_is_looked_at_before_it_goes_and_may_go_anyway(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    ref = says(engine, tameside)
    staff = hire()
    words = "We guarantee that Mrs Patel will ring you by Saturday."
    response = staff.sends("reply", f"/inbox/{ref}", text=words)
    assert response.status_code == 422
    assert "Can you be sure of “guarantee”?" in staff.words
    assert "looks like a name" in staff.words
    assert "“by Saturday”" in staff.words
    assert words in staff.words, "what was typed is still there"
    assert sent(engine) == []
    staff.sends("reply", text=words + " And more.")
    assert sent(engine) == [], "other words are looked at again"
    staff.sends("reply", text=words + " And more.")
    assert len(sent(engine)) == 1
    assert [detail for _who, deed, _about, detail in audit(engine) if deed == "replied despite remarks"] == [
        "name, promise"
    ]


def test_the_second_of_two_sees_both_texts_and_decides(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    one, two = hire(), hire()
    one.opens(f"/inbox/{ref}")
    two.opens(f"/inbox/{ref}")
    one.sends("reply", text="We rang the firm.")
    response = two.sends("reply", text="We will ring the firm on Monday.")
    assert response.status_code == 409
    assert "We rang the firm." in two.words
    assert "We will ring the firm on Monday." in two.words
    assert len(sent(engine)) == 1
    with reading(engine) as session:
        assert [row.fields["text"] for row in session.scalars(select(DeskDraft))] == [
            "We will ring the firm on Monday."
        ]
    two.sends("reply", text="We will ring the firm on Monday.")
    assert len(sent(engine)) == 2
    with reading(engine) as session:
        assert session.scalars(select(DeskDraft)).all() == []


def test_where_it_stands_needs_a_because_for_a_no(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    staff = hire()
    assert staff.sends("status", f"/inbox/{ref}", status="cannot", reason=" ").status_code == 422
    assert kept(engine, ref).status is Status.HEARD
    staff.sends("status", status="cannot", reason="There is no second bus.")
    assert kept(engine, ref).status is Status.CANNOT
    assert "There is no second bus." in sent(engine)[-1]


def test_filters_and_words(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    taxi = says(engine, tameside, "The taxis were late.")
    school = says(engine, tameside, 'Die Schule "x" OR y* -z', topic="school")
    urdu = says(engine, tameside, "ٹیکسی دیر سے آئی", language="ur")
    with writing(engine) as session:
        feedback = session.scalars(select(Feedback).where(Feedback.ref == school)).one()
        answer_back(session, tameside.area, feedback, "Nobody rang about the taxi.")
    staff = hire()

    def found(address: str) -> set[str]:
        staff.opens(f"/inbox?{address}")
        assert "<main" in staff.page, address
        return {ref for ref in (taxi, school, urdu) if f"/desk/inbox/{ref}" in staff.page}

    assert found("") == {taxi, school, urdu}
    assert found("topic=school") == {school}
    assert found("language=ur") == {urdu}
    assert found("words=taxi") == {taxi, school}, "also what was written later; taxis is taxi"
    assert found("words=late+taxi") == {taxi}
    assert found("words=ٹیکسی") == {urdu}
    assert found(f"words={taxi.lower()}") == {taxi}
    for odd in ("%22", "*", "NEAR(", "a+AND+%22", "'", "%3A", "\\", "-", "^x", "x:y"):
        found(f"words={odd}")
    assert found("which=settled") == set()
    assert found("which=nonsense&topic=nonsense&after=nonsense") == {taxi, school, urdu}


def test_what_is_for_the_forum_is_found_by_the_forum_alone(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside, "The zebra lesson.", visibility=Visibility.FORUM)
    council, forum = hire(), hire(RoleName.RESPONDER, "forum")
    council.opens("/inbox?words=zebra")
    assert ref not in council.words
    assert council.opens(f"/inbox/{ref}").status_code == 404
    forum.opens("/inbox?words=zebra")
    assert ref in forum.words
    assert forum.opens(f"/inbox/{ref}").status_code == 200


def test_given_to_a_colleague_put_off_and_noted(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    staff, other, viewer = hire(), hire(organisation="nhs"), hire(RoleName.VIEWER)
    staff.sends("give", f"/inbox/{ref}", to=str(other.person), given="nhs")
    other.opens("/inbox?mine=yes")
    assert ref in other.words
    staff.opens("/inbox?organisation=nhs")
    assert ref in staff.words
    assert staff.sends("give", f"/inbox/{ref}", to=str(viewer.person)).status_code == 422
    until = (now() + timedelta(days=3)).date().isoformat()
    staff.sends("put-off", f"/inbox/{ref}", until=until)
    staff.opens("/inbox")
    assert ref not in staff.words
    staff.opens("/inbox?which=snoozed")
    assert ref in staff.words
    assert staff.sends("put-off", f"/inbox/{ref}", until="2020-01-01").status_code == 422
    with writing(engine) as session:
        session.scalars(select(Feedback)).one().answer_by = now().date() - timedelta(days=1)
    staff.opens("/inbox")
    assert ref in staff.words, "what is late is never out of sight"
    viewer.sends("note", f"/inbox/{ref}", note="I know this family's school.")
    staff.opens(f"/inbox/{ref}")
    assert "I know this family's school." in staff.words
    assert sent(engine) == [], "nothing of this is sent to the family"


def test_a_promise_stands_still_and_goes_on(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    staff = hire()
    staff.sends("pause", f"/inbox/{ref}", because="We wait for the firm.")
    assert "We wait for the firm." in sent(engine)[-1]
    assert kept(engine, ref).paused is not None
    assert staff.sends("resume", f"/inbox/{ref}").status_code == 200
    assert kept(engine, ref).paused is None
    assert len(sent(engine)) == 2


def test_several_organisations_answer_together(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    staff, nhs = hire(), hire(organisation="nhs")
    staff.sends("split", f"/inbox/{ref}", asked_of="nhs", asked="When is the appointment?")
    nhs.opens("")
    assert "Your organisation is asked for its part" in nhs.words
    nhs.sends("answer-part", f"/inbox/{ref}", part="It is on Monday.")
    assert "It is on Monday." in sent(engine)[-1]
    assert kept(engine, ref).answered is not None


def test_it_becomes_part_of_what_several_said(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside)
    staff = hire(RoleName.BROADCASTER)
    assert staff.sends("put-in", f"/inbox/{ref}").status_code == 422
    staff.sends("put-in", new_theme="Taxis come late.")
    assert "Part of: Taxis come late." in staff.words
    staff.sends("take-out")
    assert kept(engine, ref).theme_id is None


def test_a_photo_is_handed_over_safely_and_taking_it_is_recorded(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    ref, other = says(engine, tameside), says(engine, tameside)
    with writing(engine) as session:
        feedback = session.scalars(select(Feedback).where(Feedback.ref == ref)).one()
        assert feedback.person_id is not None
        nasty = Attached("file", "r", "photo.svg", "image/svg+xml", 5, b"<svg>")
        row = keep(session, feedback.person_id, "web", nasty)
        row.feedback_id = feedback.id
        number = row.id
    staff = hire()
    staff.opens(f"/inbox/{ref}")
    assert "photo.svg" in staff.words
    response = staff.http.get(f"/desk/inbox/{ref}/file/{number}")
    assert response.content == b"<svg>"
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in response.headers["content-security-policy"]
    assert (staff.person, "looked at", f"attachment:{number}", "desk:1") in audit(engine)
    assert staff.http.get(f"/desk/inbox/{other}/file/{number}").status_code == 404


@pytest.mark.both_databases
def test_the_index_of_words_follows_every_change(engine: Engine, tameside: Partnership) -> None:
    ref = says(engine, tameside, "A zebra crossing, please.")

    def found(words: str) -> list[str]:
        with reading(engine) as session:
            return list(session.scalars(select(Feedback.ref).where(has_words(session, Feedback.id, words))))

    assert found("zebra cross") == [ref]
    with writing(engine) as session:
        feedback = session.scalars(select(Feedback)).one()
        feedback.text = "A giraffe crossing, please."
        answer_back(session, tameside.area, feedback, "Or an elephant.")
    assert found("zebra") == []
    assert found("giraffes") == [ref]
    assert found("elephant") == [ref]
    with writing(engine) as session:
        session.execute(delete(FeedbackNote).where(FeedbackNote.side == Side.FAMILY))
    assert found("elephant") == []
    with writing(engine) as session:
        take_back(session, session.scalars(select(Feedback)).one())
    assert found("giraffe") == []
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM feedback_words")) == 0


def test_erased_words_are_in_no_byte_of_the_index(engine: Engine, tameside: Partnership) -> None:
    says(engine, tameside, "An ordinary sentence.")
    ref = says(engine, tameside, "Xylophonquatsch happened.")
    with writing(engine) as session:
        feedback = session.scalars(select(Feedback).where(Feedback.ref == ref)).one()
        session.add(ColleagueNote(feedback_id=feedback.id, text="Xylophonquatsch again."))
        session.add(FeedbackWork(feedback_id=feedback.id))
        assert feedback.person is not None
        keeping.erase(session, feedback.person)
    path = str(engine.url.database)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with open(path, "rb") as file:
        assert b"xylophonquat" not in file.read().lower()
