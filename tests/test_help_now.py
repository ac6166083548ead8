"""Who to ring, at once, at every moment; and what a word of officials means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.help_now import help_lines, nobody_watches, whom_to_ring
from handlers.meaning import asked_about
from models.alert import Alert
from models.feedback import Feedback
from models.partnership import Partnership
from models.person import Kind
from tests.company import on_duty, with_a_team
from tests.talk import Talk

HELP = """
        These people can help. Ring them now if you need to.
        Someone is in danger now, or badly hurt.
        Emergency services: 999
        You think a child is being hurt or is not safe. Ring in office hours.
        Tameside Children's Hub: 0161 342 4101 (we have not checked this number yet)
        You cannot cope, or you might hurt yourself. Choose the mental health option.
        NHS 111, mental health option: 111
        You want someone to listen. You can ring day or night.
        Samaritans: 116 123
        You are under 19 and want to talk.
        Childline: 0800 1111
        You would rather text than talk.
        Shout: text SHOUT to 85258
        Nobody is watching this chat now. If it is urgent, please ring.
"""


def test_help_comes_before_anything_else_and_then_one_is_back(talk: Talk) -> None:
    talk(f"""
        > my things
        Your things. What would you like to see or change? [What I said] [My meetings] [Reminders] [Language] [Stop messages] [Short questions] [Take a copy] [Erase everything]
        (restart)
        > HELP!
        {HELP}
        ...
    """)
    *_rest, hub, childline, back = talk.messages()
    assert [(card.card.name.partition(" (")[0], card.card.phone) for card in (hub, childline) if card.card] == [
        ("Tameside Children's Hub", "0161 342 4101"),
        ("Childline", "0800 1111"),
    ]
    assert back.text.startswith("Now back to where you were.\n\nYour things.")
    talk("""
        > my meetings
        You have not said yes to a meeting that is coming. [Meetings]
    """)


@pytest.mark.parametrize("words", ["help", "help now", "Emergency", "sos", "/help", "help me"])
def test_it_is_found_by_many_words_also_by_a_stranger(talk: Talk, words: str) -> None:
    talk.types(words)
    assert talk.shown()[2] == "Emergency services: 999"


def test_the_button_is_on_every_screen(talk: Talk) -> None:
    talk.types("menu")
    assert "Help now" in [button.label for button in talk.messages()[-1].footer]
    talk.taps("Help now")
    assert "999" in talk.messages()[1].text


def test_a_young_person_sees_their_own_line_right_after_999(talk: Talk) -> None:
    with talk.writing() as session:
        talk.person(session).kind = Kind.YOUNG
    talk("""
        > help
        You can ring these people. It is OK to ask for help.
        Someone is in danger now, or badly hurt.
        Emergency services: 999
        You are under 19 and want to talk.
        Childline: 0800 1111
        ...
    """)


def test_a_number_that_may_not_be_shown_is_left_out(tameside: Partnership) -> None:
    shown = whom_to_ring(tameside.area)
    hidden = [line.contact.id for line in tameside.area.help_now if line.contact.shown_phone is None]
    assert hidden == ["t-edt"]
    assert "t-edt" not in [contact.id for contact in shown]
    assert not any("342 2222" in line for line in help_lines(tameside.area))


def test_where_danger_was_seen_those_who_fit_the_words_come_first(talk: Talk, tameside: Partnership) -> None:
    words = "i dont want to be alive anymore"
    found = tameside.finder.find(words)
    assert found.route == "help"
    fitting = whom_to_ring(tameside.area, first=found.contacts)
    assert fitting[0].id == "e-999"
    known = [one for one in found.contacts if one in [contact.id for contact in fitting] and one != "e-999"]
    assert [contact.id for contact in fitting[1 : 1 + len(known)]] == known
    talk.types(words)
    assert "999" in talk.messages()[0].text


def test_a_child_who_is_hurt_reads_few_lines_and_says_it_once(talk: Talk) -> None:
    with talk.writing() as session:
        talk.person(session).kind = Kind.YOUNG
    talk("""
        > my stepdad hits me
        This sounds serious. Please do not wait for an answer here. You can ring:
        Someone is in danger now, or badly hurt.
        Emergency services: 999
        You are under 19 and want to talk.
        Childline: 0800 1111
        You think a child is being hurt or is not safe. Ring in office hours.
        Tameside Children's Hub: 0161 342 4101 (we have not checked this number yet)
        You cannot cope, or you might hurt yourself. Choose the mental health option.
        NHS 111, mental health option: 111
        There are more people to ring under “Help now”.
        Shall I pass your words on to staff as well? It can take days before they read them. [Yes, pass them on] [No, not now]
        > no
        That is fine. I have not passed them on. To see the numbers again, press “Help now”.
        > he hits me every day
        ...
        > yes
        I am a computer program, not a person.
        ...
        > yes
        ...
    """)
    assert talk.messages()[-1].text.startswith("I have passed your words on. Staff see them without your name.")
    [feedback] = talk.kept(Feedback)
    assert [alert.feedback_id for alert in talk.kept(Alert)] == [None, feedback.id]  # one for each time, no more


def test_nobody_takes_over_the_alert_of_somebody_else(talk: Talk) -> None:
    talk.types("my stepdad hits me")
    [alert] = talk.kept(Alert)
    other = talk.another("2")
    other.hear(tap=f"s:tell_us:story=the bus was late:alert={alert.id}")
    assert [one.conversation_id for one in talk.kept(Alert)] == [alert.conversation_id]


def test_it_says_truly_whether_anybody_watches(talk: Talk, tameside: Partnership) -> None:
    watched = with_a_team(tameside)
    on_duty(Talk(talk.engine, watched, talk.clock), "7")
    morning, night = datetime(2026, 11, 10, 10, tzinfo=UTC), datetime(2026, 11, 10, 23, tzinfo=UTC)
    with talk.writing() as session:
        said = [nobody_watches(session, watched.area, moment) for moment in (morning, night)]
        assert nobody_watches(session, tameside.area, morning) == said[1]
    assert "it can take days" in said[0]
    assert "Nobody is watching" in said[1]


def test_a_word_is_explained_in_passing(talk: Talk) -> None:
    talk("""
        > what does EHCP mean?
        EHCP is short for: education, health and care plan.
        A legal plan for a child or young person who needs more help than a school can usually give. It says what help they must get.
        > meaning
        Which word shall I explain?
        > the ehpc
        EHCP is short for: education, health and care plan.
        ...
        > jargon
        Which word shall I explain?
        > blimfark
        Sorry, I did not understand. I do not know that word. Try another, or ask us with “tell us”.
        Which word shall I explain?
        ...
    """)


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("What does SEND mean?", "SEND"),
        ("meaning of ehcp", "EHCP"),
        ("EHCP meaning", "EHCP"),
        ("whats an EHC needs assessment", "EHC needs assessment"),
        ("what is iscan", "ISCAN"),
        ("what does EHPC stand for", "EHCP"),
        ("what is the weather", None),
        ("my son was mean to me", None),
        ("", None),
    ],
)
def test_what_counts_as_asking_for_a_meaning(tameside: Partnership, words: str, term: str | None) -> None:
    found = asked_about(tameside.area, words)
    assert (found.term if found else None) == term
