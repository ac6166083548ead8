"""Stop holds from the message in which it is said, wherever that is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import consent, stopping
from models.database import now
from models.message import Message
from models.outgoing import Class, Outgoing, send
from models.person import Kind, Person, reach
from tests.talk import Talk

STOPPED = (
    "I have stopped. You get no more messages from me, only answers when you write. Is that all? "
    "[That is all] [Erase everything] [Start again]"
)


def stopped(talk: Talk) -> bool:
    [person] = talk.kept(Person)
    return person.stopped_at is not None


def test_stop_holds_at_once_even_while_it_still_asks(talk: Talk) -> None:
    talk(f"""
        > my things
        ...
        > STOP
        {STOPPED}
    """)
    assert stopped(talk)
    talk("""
        (restart)
        > that is all
        That is done. To start again, type “start”. For help at any time, type “help”.
    """)
    assert stopped(talk)


def test_stop_and_walking_away_stays_stopped(talk: Talk) -> None:
    talk(f"""
        > unsubscribe
        {STOPPED}
        (later 3 days)
        > menu
        ...
    """)
    assert stopped(talk)


@pytest.mark.parametrize("words", ["stop", "Stop!", "/stop", "STOP.", "opt out", "leave me alone"])
def test_many_words_stop(talk: Talk, words: str) -> None:
    talk.types(words)
    assert stopped(talk)


def test_a_sentence_that_only_holds_the_word_does_not_stop(talk: Talk) -> None:
    talk.types("the taxi did not stop at our house today")
    assert not stopped(talk)


@pytest.mark.parametrize("words", ["start again", "no", "3"])
def test_there_are_many_words_for_carrying_on(talk: Talk, words: str) -> None:
    talk.types("stop")
    talk.types(words)
    assert not stopped(talk)


def test_carrying_on_undoes_it(talk: Talk) -> None:
    talk("""
        > stop
        ...
        > carry on
        You get messages from me again. To stop them, type “stop”.
        What would you like to do? [Tell us] [Find who can help] [Meetings] [You said, we are doing] [My things]
    """)
    assert not stopped(talk)


@pytest.mark.parametrize("words", ["start", "/start", "start messages"])
def test_start_undoes_it_later(talk: Talk, words: str) -> None:
    talk("""
        > stop
        ...
        > 1
        ...
        (later 2 weeks)
    """)
    talk.types(words)
    assert talk.shown()[0] == "You get messages from me again. To stop them, type “stop”."
    assert not stopped(talk)


def test_start_for_somebody_who_never_stopped_is_where_it_begins(talk: Talk) -> None:
    talk.types("start")
    assert talk.shown()[0].startswith("Hello.")
    with talk.writing() as session:
        person = talk.person(session)
        person.kind = Kind.PARENT
        consent.agree(session, person, talk.partnership.area)
    other = talk.another("2")
    with talk.writing() as session:
        consent.agree(session, other.person(session), talk.partnership.area)
    other.types("start")
    assert other.shown()[0].startswith("What would you like to do?")


def test_stopping_can_lead_to_erasing(talk: Talk) -> None:
    talk("""
        > stop
        ...
        > erase everything
        I can erase everything about you. You have not told us anything yet. You could take a copy first. [Erase everything] [Take a copy first] [Keep it]
        > 3
        That is fine. Nothing was erased.
    """)
    assert stopped(talk)


def test_an_old_stop_button_explains_itself(talk: Talk) -> None:
    talk.types("stop")
    old = talk.messages()[-1].buttons[2]
    talk.types("that is all")
    talk.hear(tap=old.tap)
    assert "That is over." in talk.messages()[-1].text
    assert stopped(talk)


def test_what_waits_for_somebody_who_stopped_is_held_back_but_answers_and_alerts_are_not(talk: Talk) -> None:
    talk.types("hello")
    with talk.writing() as session:
        address = reach(talk.person(session))
        assert address is not None
        for kind in Class:
            send(session, address, Message("words"), kind, due=now(), about="waiting")
    talk.types("stop")
    with talk.writing() as session:
        waiting = session.scalars(select(Outgoing).where(Outgoing.about == "waiting")).all()
        held_back = {row.kind for row in waiting if not stopping.still_wanted(session, row)}
    assert held_back == {Class.RECEIPT, Class.REMINDER, Class.BROADCAST}
