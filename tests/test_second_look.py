"""Two in a hundred are read again by two people; what was missed is counted, told, and handed out as a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine

from bot.doctor import examine
from bot.safety_cli import how_signed, missed_lines, sign_in_file
from handlers.alert import what_became
from handlers.safety_words import safety_words, to_be_signed
from handlers.second_look import pick_one
from models.alert import Alert, Level, Source
from models.area import load_area
from models.database import now
from models.feedback import Feedback, answer_back, give_feedback
from models.finding import Found
from models.meeting import Meeting, ask_ahead
from models.partnership import Partnership
from models.person import Person
from models.question import Question, keep_question
from models.role import RoleName
from models.second_look import (
    SecondLook,
    counted,
    judge,
    pick_ahead_if_its_turn,
    pick_if_its_turn,
    pick_question_if_its_turn,
)
from models.sign_off import SignedOff, standing
from tests import company
from tests.company import colleague, family, with_a_team
from tests.talk import Talk

pytestmark = pytest.mark.both_databases


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return family(Talk(engine, with_a_team(tameside), clock))


def said(talk: Talk, words: str) -> int:
    with talk.writing() as session:
        return give_feedback(session, talk.partnership.area, talk.person(session), topic="school", text=words).id


def picked(talk: Talk) -> None:
    with talk.writing() as session:
        assert pick_one(session, talk.partnership, now()) == 1


def test_about_two_in_a_hundred_are_picked_and_always_the_same(parent: Talk) -> None:
    with parent.writing() as session:
        person = parent.person(session)
        for number in range(400):
            feedback = give_feedback(session, parent.partnership.area, person, topic="school", text=f"Late, {number}.")
            pick_if_its_turn(session, feedback)
        first = [look.feedback_id for look in session.query(SecondLook)]
        assert 2 <= len(first) <= 18
        assert counted(session).picked == len(first)


def test_at_least_one_a_week_and_none_that_was_flagged(parent: Talk) -> None:
    with parent.writing() as session:
        assert pick_one(session, parent.partnership, now()) == 0
    said(parent, "my stepdad hits me")
    with parent.writing() as session:
        assert pick_one(session, parent.partnership, now()) == 0  # that is flagged
    mine = said(parent, "The bus was late again.")
    picked(parent)
    with parent.writing() as session:
        assert pick_one(session, parent.partnership, now()) == 0
        [look] = session.query(SecondLook)
        assert look.feedback_id == mine
    said(parent, "And today.")
    parent("(later 8 days)")
    with parent.writing() as session:
        assert pick_one(session, parent.partnership, now()) == 0  # older than a week
    said(parent, "And once more.")
    picked(parent)


def test_two_people_read_it_and_agree_that_nobody_is_at_risk(parent: Talk) -> None:
    one, two = colleague(parent, "11"), colleague(parent, "12")
    said(parent, "The bus was late again.")
    picked(parent)
    one("""
        > read again
        Read again by two people so far: 0. Missed by the program: 0. Still to read: 1.
        The program found no risk in these words. Somebody else reads them too.
        “The bus was late again.”
        May somebody be at risk? [Yes] [No] [Not sure]
        (restart)
        > no
        Thank you. That is kept.
        > read again
        Read again by two people so far: 0. Missed by the program: 0. Still to read: 1.
        There is nothing for you to read again just now.
    """)
    two("""
        > read again
        ...
        > no
        Thank you. That is kept.
    """)
    with parent.writing() as session:
        result = counted(session)
        assert (result.read, result.waiting, result.missed) == (1, 0, 0)
    assert parent.kept(Alert) == []


def test_one_yes_is_enough_and_becomes_a_test(parent: Talk) -> None:
    first = company.on_duty(parent, "13")
    reader = colleague(parent, "11")
    number = said(parent, "He plays in the shed after tea. My number is 07700 900123.")
    picked(parent)
    reader.types("read again")
    reader.taps("Yes")
    [alert] = parent.kept(Alert)
    assert (alert.level, alert.source, alert.feedback_id) == (Level.RED, Source.READER, number)
    assert any(f"The code is {alert.code}." in line for line in first.shown())
    [line] = list(missed_lines(parent.engine))
    test = json.loads(line)
    assert test["expected"] == "amber"
    assert "07700" not in test["text"]
    assert "shed" in test["text"]


def test_two_who_disagree_or_are_not_sure_are_amber(parent: Talk) -> None:
    one, two = colleague(parent, "11"), colleague(parent, "12")
    said(parent, "Her coat came home wet.")
    picked(parent)
    for staff, label in ((one, "No"), (two, "Not sure")):
        staff.types("read again")
        staff.taps(label)
    [alert] = parent.kept(Alert)
    assert (alert.level, alert.source) == (Level.AMBER, Source.READER)
    assert list(missed_lines(parent.engine)) == []  # nobody said that it was one
    with parent.writing() as session:
        look = session.query(SecondLook).one()
        assert judge(session, look, one.person(session), "yes") is None  # type: ignore[arg-type]  # over


def asks_until_picked(talk: Talk, words: str) -> int:
    """Somebody asks the same again and again, until chance picks one of their questions."""
    with talk.writing() as session:
        person, found = talk.person(session), Found("contact", (), sure=False)
        for _time in range(400):
            question = keep_question(session, "tameside", words, found, language="en", person=person)
            if pick_question_if_its_turn(session, question) is not None:
                return question.id
    raise AssertionError("two in a hundred are picked")


def test_what_somebody_asked_is_read_again_too_and_its_words_stand_in_the_alert(parent: Talk) -> None:
    first = company.on_duty(parent, "13")
    reader = colleague(parent, "11")
    number = asks_until_picked(parent, "who runs the bus that stops at the shed")
    reader("""
        > read again
        Read again by two people so far: 0. Missed by the program: 0. Still to read: 1.
        The program found no risk in these words. Somebody else reads them too.
        “who runs the bus that stops at the shed”
        May somebody be at risk? [Yes] [No] [Not sure]
    """)
    reader.taps("Yes")
    [alert] = parent.kept(Alert)
    assert (alert.level, alert.source, alert.feedback_id) == (Level.RED, Source.READER, None)
    with parent.writing() as session:
        [look] = session.query(SecondLook)
        assert (look.question_id, look.alert_id, look.about) == (number, alert.id, f"question:{number}")
        lead = first.person(session)
        assert what_became(session, lead, session.get_one(Alert, alert.id)) == [
            ("Press “I have it” first. Then you can read the words.", "")
        ]
    first.taps("I have it")
    assert "They asked: “who runs the bus that stops at the shed”" in first.shown()
    [line] = list(missed_lines(parent.engine))
    assert "shed" in json.loads(line)["text"]
    with parent.writing() as session:
        from models import keeping

        keeping.erase(session, session.get_one(Person, parent.person(session).id))
    assert parent.kept(SecondLook) == []


def test_what_somebody_sends_ahead_to_a_meeting_is_read_again_too(parent: Talk) -> None:
    with parent.writing() as session:
        person = parent.person(session)
        meeting = Meeting(title="Drop-in", purpose="To talk.", minutes=60, ways=["online"], notes_asked=0)
        session.add(meeting)
        asked = [ask_ahead(session, meeting, person, f"Is there parking? {number}") for number in range(400)]
        looks = [look for one in asked if (look := pick_ahead_if_its_turn(session, one)) is not None]
        assert 2 <= len(looks) <= 18
        assert {look.words for look in looks} < {one.text for one in asked}
        assert looks[0].person_id == person.id
        assert pick_ahead_if_its_turn(session, ask_ahead(session, meeting, person, "my stepdad hits me")) is None


def test_what_is_sent_by_chat_comes_to_the_miss_watch(parent: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.second_look.picking.IN_A_HUNDRED", 100)
    parent.types("who can help")
    parent.types("speech therapy")
    parent.shown()
    [look] = parent.kept(SecondLook)
    assert look.question_id is not None
    assert [one.words for one in parent.kept(Question)] == ["speech therapy"]


def test_it_goes_with_the_words_when_their_person_is_erased(parent: Talk) -> None:
    said(parent, "The bus was late again.")
    picked(parent)
    with parent.writing() as session:
        from models import keeping

        keeping.erase(session, session.get_one(Person, parent.person(session).id))
    assert (parent.kept(SecondLook), parent.kept(Feedback)) == ([], [])


# -- the words


def test_the_lead_signs_the_words_and_a_changed_one_is_unsigned(parent: Talk, tmp_path: Path) -> None:
    lead = colleague(parent, "11", RoleName.SAFEGUARDING)
    lead.types("sign off")
    for _sentence in safety_words():
        lead.taps("Yes, I sign it off")
    assert lead.shown()[-1] == "All of it is signed off. Whoever changes a sentence has to ask you again."
    sentences = to_be_signed()
    assert {row.name for row in parent.kept(SignedOff)} == set(sentences)
    with parent.writing() as session:
        area = parent.partnership.area
        assert standing(area, sentences, session).missing == ()
        changed = standing(area, {**sentences, "red": "Ring somebody."}, session)
        assert (changed.never, changed.changed) == ((), ("red",))
        assert set(standing(area, sentences).never) == set(sentences)  # the file knows nothing of it
    responder = colleague(parent, "12")
    responder.types("sign off")
    assert "danger" not in "".join(responder.shown())

    own = area.model_copy(update={"folder": tmp_path})
    assert sign_in_file(own, ["red", "question"], 'safeguarding "lead"', area.today(now())) == ["red", "question"]
    assert sign_in_file(own, ["asked"], "safeguarding lead", area.today(now())) == ["asked"]
    assert set(how_signed(own).never) == set(sentences) - {"red", "question", "asked"}
    with pytest.raises(KeyError):
        sign_in_file(own, ["no such"], "lead", area.today(now()))


def test_doctor_says_what_is_missing(engine: Engine, monkeypatch: pytest.MonkeyPatch, empty_database: str) -> None:
    from bot.migrations import migrate
    from models.database import open_database

    fresh = open_database(empty_database)
    migrate(fresh)
    fresh.dispose()
    monkeypatch.setenv("DATABASE_URL", empty_database)
    found = {(one.level, one.what): one.says for one in examine()}
    assert "nobody is on the duty rota" in found["look", "duty"]
    assert "no SMTP_URL" in found["look", "e-mail"]
    assert "are not signed off" in found["look", "words"]
    assert found["ok", "misses"] == "read again 0, missed 0, still to read 0"
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("MAIL_FROM", "YouSaid <no-reply@example.org>")
    found = {(one.level, one.what): one.says for one in examine()}
    assert "127.0.0.1 does not let us in" in found["wrong", "e-mail"]


def test_the_areas_own_file_can_be_read() -> None:
    for name in ("tameside", "halton"):
        how_signed(load_area(name))


def test_what_a_family_writes_later_is_picked_as_well_and_shown_in_its_own_words(parent: Talk) -> None:
    said(parent, "The bus was late again.")
    with parent.writing() as session:
        [feedback] = session.query(Feedback)
        area = parent.partnership.area
        notes = [answer_back(session, area, feedback, f"Still late, day {number}.") for number in range(300)]
        looks = [look for note in notes if (look := pick_if_its_turn(session, feedback, note)) is not None]
        assert 1 <= len(looks) <= 18
        assert all(look.words == look.note.text for look in looks if look.note is not None)
        flagged = answer_back(session, area, feedback, "my stepdad hits me")
        assert not any(pick_if_its_turn(session, feedback, flagged) for _chance in range(3))
        for look in looks[1:]:
            session.delete(look)
    reader = colleague(parent, "11")
    reader.types("read again")
    assert any("Still late, day" in line for line in reader.shown())
    reader.types("yes")
    [alert] = parent.kept(Alert)
    assert (alert.source, alert.level) == (Source.READER, Level.RED)
