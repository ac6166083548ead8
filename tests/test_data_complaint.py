"""A complaint about how data is used: recognised wherever it is typed, told to admins, acknowledged within 30 days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.data_complaint import chase_complaints
from models import complaint as complaints
from models import keeping
from models.complaint import DataComplaint, Wish, spoken_of
from models.database import now
from models.feedback import give_feedback
from models.role import NotAllowed, RoleName
from tests.company import colleague, family, references_in_order
from tests.talk import Talk

BREACH = "You shared our private information with another school. Nobody asked us."


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def test_typed_anywhere_it_is_one_and_its_end_is_told(talk: Talk) -> None:
    family(talk)
    admin = colleague(talk, "9", RoleName.ADMIN)
    talk("""
        > You shared our private information with another school. Nobody asked us.
        I have kept this as a complaint about data. Its code is D1.
        Staff must tell you by Wednesday 9 December 2026 that they have it.
        Then they look into it and tell you what they found.
        You can tell the ICO too. They watch over how data is used. It is free. [How to reach the ICO] [It is no complaint] [My things]
    """)
    admin("""
        > data complaints
        A complaint about data: D1.
        The family must be told by Wednesday 9 December 2026 that you have it: 29 days left. [Open it]
        Complaints about data. The nearest day comes first:
        D1: The family must be told by Wednesday 9 December 2026 that you have it: 29 days left. [D1] [Mark a message]
        > D1
        D1 came on Tuesday 10 November 2026, 10:00.
        The family must be told by Wednesday 9 December 2026 that you have it: 29 days left.
        “You shared our private information with another school. Nobody asked us.”
        What would you like to do? [Say that we have it] [Close it] [Back to the list]
        > say that we have it
        It is kept, and the family is told. [Back to the list]
    """)
    assert talk.shown() == [
        "We have your complaint about data, D1.",
        "We look into it, and tell you what we found and did.",
        "You can tell the ICO too. They watch over how data is used. It is free. [How to reach the ICO]",
    ]
    admin.hear(tap="s:data_complaints:which=D1")
    admin.taps("Close it")
    admin.types("The letter went to an old address. We check addresses twice now.")
    assert talk.shown() == [
        "About your complaint about data, D1:",
        "The letter went to an old address. We check addresses twice now.",
        "If you do not agree, you can tell the ICO. They watch over how data is used. It is free. [How to reach the ICO]",
    ]
    [kept] = talk.kept(DataComplaint)
    assert kept.words == BREACH
    assert kept.closed is not None
    assert kept.acknowledged is not None


def test_what_was_no_complaint_is_taken_back_with_its_words(talk: Talk) -> None:
    family(talk)
    talk.types(BREACH)
    talk.taps("It is no complaint")
    assert talk.kept(DataComplaint) == []


def test_a_story_that_is_sent_can_be_one_as_well(talk: Talk) -> None:
    family(talk)
    for words in ("feedback", "two", "other", f"The taxi was late. {BREACH}", "that is all", "skip", "only staff"):
        talk.types(words)
    talk.shown()
    talk.types("send it")
    said = "\n".join(talk.shown())
    assert "Your reference is 222222" in said
    assert "complaint about data. Its code is D1" in said
    [kept] = talk.kept(DataComplaint)
    assert (kept.words, kept.feedback_id) == ("", 1)


def test_staff_mark_what_the_rules_missed_from_the_day_on_which_it_came(talk: Talk) -> None:
    family(talk)
    with talk.writing() as session:
        ref = give_feedback(
            session, talk.partnership.area, talk.person(session), topic="other", text="she knew things nobody told her"
        ).ref
    talk.clock.shift(timedelta(days=3))
    admin = colleague(talk, "9", RoleName.ADMIN)
    for words in ("data complaints", "mark a message", ref):
        admin.types(words)
    [kept] = talk.kept(DataComplaint)
    assert kept.acknowledge_by == talk.partnership.area.today(now()) + timedelta(days=26)
    assert kept.marked_by is not None


def test_as_the_day_comes_near_and_passes_the_admins_hear_of_it_once_each_morning(talk: Talk) -> None:
    family(talk)
    admin = colleague(talk, "9", RoleName.ADMIN)
    talk.types(BREACH)
    admin.shown()

    def morning(days: int) -> list[str]:
        talk.clock.shift(timedelta(days=days))
        for _again in range(2):
            with talk.writing() as session:
                chase_complaints(session, talk.partnership, now())
        return admin.shown()

    assert morning(10) == []
    near = morning(15)
    assert "4 days left" in " ".join(near)
    assert len([line for line in near if "complaint about data" in line]) == 1
    assert "1 day late" in " ".join(morning(5))


def test_who_wants_to_see_or_erase_what_is_held_is_led_there(talk: Talk) -> None:
    family(talk)
    talk("""
        > what do you hold on me?
        You can see, take and erase what this chat holds about you. For what a service holds, ask that service. [Take a copy] [Erase everything]
    """)


def test_erased_is_the_person_and_every_word_but_not_that_there_was_one(talk: Talk) -> None:
    family(talk)
    talk.types(BREACH)
    with talk.writing() as session:
        assert keeping.held(session, talk.person(session))["data_complaints"][0]["words"] == BREACH
        keeping.erase(session, talk.person(session))
    [kept] = talk.kept(DataComplaint)
    assert (kept.person_id, kept.words, kept.outcome, kept.feedback_id) == (None, "", "", None)
    assert kept.closed is not None


def test_erased_words_go_from_what_the_admins_were_shown_as_well(talk: Talk) -> None:
    family(talk)
    admin = colleague(talk, "9", RoleName.ADMIN)
    talk.types(BREACH)
    admin.types("data complaints")
    admin.types("D1")
    assert any(BREACH in message.text for message in admin.messages())
    with talk.writing() as session:
        keeping.erase(session, talk.person(session))
    assert not any(BREACH in message.text for message in admin.messages())


def test_it_is_an_admins_work(talk: Talk) -> None:
    family(talk)
    talk.types(BREACH)
    viewer = colleague(talk, "8", RoleName.VIEWER)
    with talk.writing() as session:
        with pytest.raises(NotAllowed):
            complaints.complaints(session, viewer.person(session))
        with pytest.raises(NotAllowed):
            complaints.acknowledge(session, session.get_one(DataComplaint, 1), viewer.person(session))


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (datetime(2026, 11, 26, 12, tzinfo=UTC), date(2026, 12, 25)),  # the day itself is the first of the thirty
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 30)),  # by then it is July on the wall
    ],
)
def test_thirty_days_begin_with_the_day_on_which_it_came(talk: Talk, received: datetime, last: date) -> None:
    assert complaints.acknowledge_by(talk.partnership.area, received) == last


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("this is a GDPR breach", Wish.COMPLAINT), ("they shared my son's report without asking", Wish.COMPLAINT),
        ("wysłaliście nasze dane obcym ludziom", Wish.COMPLAINT), ("میری ذاتی معلومات بغیر اجازت کے دی گئیں", Wish.COMPLAINT),
        ("please delete my data", Wish.ERASE), ("proszę usunąć moje dane", Wish.ERASE), ("subject access request", Wish.COPY),
        ("the taxi was late again", None), ("nobody sent us the report", None), ("This is my third complaint", None),
        ("can you send me the plan", None), ("they lost our forms. Twice.", None),
    ],
)  # fmt: skip
def test_what_is_one_and_what_is_not(said: str, wish: Wish | None) -> None:
    assert spoken_of(said) is wish
