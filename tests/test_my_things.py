"""My things: what I said and where it stands, my meetings, and everything about me."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import keeping, meeting
from models.attachment import keep
from models.database import now
from models.feedback import Feedback, Status, give_feedback, reply, set_status
from models.heard import Attached
from models.meeting import Coming, Meeting, MeetingState, Way
from models.person import Kind, Person
from models.reminder import Reminder
from models.role import RoleName
from tests.company import colleague, family, references_in_order
from tests.talk import Talk

THINGS = (
    "Your things. What would you like to see or change? [What I said] [My meetings] [Reminders] [Language] "
    "[Stop messages] [Short questions] [Take a copy] [Erase everything]"
)


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def says(talk: Talk, text: str) -> None:
    with talk.writing() as session:
        give_feedback(session, talk.partnership.area, talk.person(session), topic="transport", text=text)


def comes_to_a_meeting(talk: Talk, days: int = 20) -> None:
    with talk.writing() as session:
        coffee = Meeting(
            title="Coffee morning", purpose="To talk", minutes=60, ways=[Way.IN_PERSON], state=MeetingState.CALLED
        )
        coffee.starts = now() + timedelta(days=days)
        session.add(coffee)
        session.flush()
        meeting.say(session, talk.partnership.area, coffee, talk.person(session), Coming.YES)


def test_nothing_was_said_yet(talk: Talk) -> None:
    family(talk)
    talk(f"""
        > my things
        {THINGS}
        > what i said
        You have not told us anything yet. [Tell us]
        > my things
        {THINGS}
        > my meetings
        You have not said yes to a meeting that is coming. [Meetings]
    """)


def test_what_i_said_and_where_it_stands(talk: Talk) -> None:
    says(family(talk), "The taxi was late again.")
    talk(f"""
        > my stuff
        {THINGS}
        (restart)
        > waht i said
        222222, Tuesday 10 November 2026: “The taxi was late again.”
        We have heard it.
        We aim to answer by Tuesday 1 December 2026. It may take longer.
        You can write about it again, or take it back. [Write again] [Take it back] [My things]
    """)
    staff = colleague(talk, "s", RoleName.ADMIN)
    with talk.writing() as session:
        by = staff.person(session)
        [said] = session.scalars(select(Feedback))
        reply(session, said, "Sorry. We have asked the taxi firm.", by)
        set_status(session, said, Status.DOING, by, reason="The firm sends another driver.")
    talk("""
        > my things
        ...
        > 1
        222222, Tuesday 10 November 2026: “The taxi was late again.”
        We are doing something about it. The firm sends another driver.
        Staff wrote: “Sorry. We have asked the taxi firm.”
        You can write about it again, or take it back. [Write again] [Take it back] [My things]
    """)


def test_a_broken_promise_is_said_to_be_broken(talk: Talk) -> None:
    says(family(talk), "The taxi was late again.")
    talk("""
        (later 4 weeks)
        > my things
        ...
        > 1
        222222, Tuesday 10 November 2026: “The taxi was late again.”
        We have heard it.
        We promised an answer by Tuesday 1 December 2026. It is late, and we are sorry.
        ...
    """)


def test_my_meetings(talk: Talk) -> None:
    comes_to_a_meeting(family(talk))
    talk("""
        > my things
        ...
        > meetings
        Coffee morning
        Monday 30 November 2026, 10:00
        You said: yes.
        You can change what you said. [Coffee morning]
        (later 3 weeks)
        > my things
        ...
        > 2
        You have not said yes to a meeting that is coming. [Meetings]
    """)


def test_reminders_are_changed_and_move_at_once(talk: Talk) -> None:
    comes_to_a_meeting(family(talk))
    assert sorted(one.hours for one in talk.kept(Reminder)) == [2, 24, 168]
    talk("""
        > my things
        ...
        > reminders
        When should I remind you of a meeting you said yes to? I never do it between 21:00 and 08:00. [Week, day and 2 hours] [A week and a day before] [A day and 2 hours before] [A week before] [A day before] [2 hours before] [No reminders]
        > a day before
        I will remind you: A day before. To change it, type “reminders”.
    """)
    assert [one.hours for one in talk.kept(Reminder)] == [24]
    talk("""
        > reminders
        ...
        > none
        I will not remind you of meetings. To change it, type “reminders”.
    """)
    assert talk.kept(Reminder) == []
    talk("""
        > reminders
        ...
        > usual
        I will remind you: Week, day and 2 hours. To change it, type “reminders”.
    """)
    [person] = talk.kept(Person)
    assert person.reminder_hours is None
    assert sorted(one.hours for one in talk.kept(Reminder)) == [2, 24, 168]


def test_what_i_need_is_seen_kept_or_erased(talk: Talk) -> None:
    family(talk)
    with talk.writing() as session:
        talk.person(session).needs = {"marks": ["step", "interp"], "language": "Polish"}
    talk("""
        > my things
        Your things. What would you like to see or change? [What I said] [My meetings] [What I need] [Reminders] [Language] [Stop messages] [Short questions] [Take a copy] [Erase everything]
        > what i need
        You told us that you need this at meetings: Step-free access, An interpreter (Polish). May I keep it? [Yes, keep it] [No, erase it]
        > yes
        I keep it, so that you are not asked again.
        > my things
        ...
        > 3
        ...
        > no
        It is erased. You are asked again at the next meeting.
        > my things
        ...
    """)
    [person] = talk.kept(Person)
    assert person.needs is None
    assert "What I need" not in [button.label for button in talk.messages()[-1].buttons]


def test_a_copy_is_two_files_and_what_they_sent(talk: Talk) -> None:
    says(family(talk), "The taxi <was> late again.")
    with talk.writing() as session:
        keep(
            session, talk.person(session).id, "terminal", Attached("photo", "ref", "taxi.jpg", "image/jpeg", 3, b"abc")
        )
    talk.types("my things")
    talk.types("take a copy")
    page, data, photo, end = talk.messages()[-4:]
    assert page.file is not None
    assert data.file is not None
    assert (page.file.name, data.file.name) == ("my-things.html", "my-things.json")
    held = json.loads(data.file.bytes)
    assert held["said"][0]["text"] == "The taxi <was> late again."
    assert "The taxi &lt;was&gt; late again." in page.file.bytes.decode()
    assert "<h2>What you told us</h2>" in page.file.bytes.decode()
    assert photo.attachment is not None
    assert end.buttons[0].label == "My things"


def test_stop_and_start_are_here_too(talk: Talk) -> None:
    family(talk)
    talk("""
        > my things
        ...
        > 5
        I have stopped. You get no more messages from me, only answers when you write. Is that all? [That is all] [Erase everything] [Start again]
        > 1
        ...
        > my things
        Your things. What would you like to see or change? [What I said] [My meetings] [Reminders] [Language] [Start messages] [Short questions] [Take a copy] [Erase everything]
        > start messages
        You get messages from me again. To stop them, type “stop”.
        What would you like to do? [Tell us] [Find who can help] [Meetings] [You said, we are doing] [My things]
    """)


def test_erasing_is_asked_twice_and_can_be_left_twice(talk: Talk) -> None:
    says(family(talk), "The taxi was late again.")
    comes_to_a_meeting(talk)
    talk("""
        > my things
        ...
        > erase everything
        I can erase everything about you. You told us 1 thing. You answered about 1 meeting. You could take a copy first. [Erase everything] [Take a copy first] [Keep it]
        > keep it
        That is fine. Nothing was erased.
        > forget me
        ...
        > erase
        Are you sure? It goes at once, and nobody can bring it back. Nobody can answer you about it after that. [Yes, erase it all] [No, keep it]
        (restart)
        > no
        That is fine. Nothing was erased.
        > delete my data
        ...
        > take a copy first
        This is everything I hold about you. Keep it safe: whoever opens it can read it.
        ...
    """)


def test_an_old_yes_to_erasing_erases_nothing(talk: Talk) -> None:
    says(family(talk), "The taxi was late again.")
    talk.types("erase everything")
    talk.types("erase")
    old_yes = talk.messages()[-1].buttons[0]
    talk.types("no")
    talk.hear(tap=old_yes.tap)
    assert "That is over." in talk.messages()[-1].text
    with talk.writing() as session:
        assert "said" in keeping.held(session, talk.person(session))


def test_pressing_the_first_button_of_every_question_gets_through(talk: Talk) -> None:
    says(family(talk, Kind.YOUNG), "I like the new room.")
    talk.types("my things")
    assert talk.messages()[-1].tall
    talk.hear(tap=talk.messages()[-1].buttons[0].tap)
    assert "I like the new room." in talk.messages()[-1].text
