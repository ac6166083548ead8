"""Somebody asks about the chat's own business: an answer to their words, the meetings, what was done."""

from __future__ import annotations

import pytest

from models.feedback import give_feedback
from tests.company import family, references_in_order
from tests.talk import Talk


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def says(talk: Talk, text: str) -> str:
    with talk.writing() as session:
        return give_feedback(session, talk.partnership.area, talk.person(session), topic="transport", text=text).ref


def test_who_waits_for_an_answer_is_shown_their_own_words_and_no_telephone_numbers(talk: Talk) -> None:
    family(talk)
    says(talk, "the taxi was late again")
    talk("""
        > did anyone read my feedback?
        222222, Tuesday 10 November 2026: “the taxi was late again”
        We have heard it.
        ...
        > Any news on 222222 please
        222222, Tuesday 10 November 2026: “the taxi was late again”
        We have heard it.
        ...
    """)


def test_the_reference_of_somebody_else_shows_nothing_of_theirs(talk: Talk) -> None:
    family(talk)
    ref = says(talk, "the taxi was late again")
    other = family(talk.another("2"))
    other.types(ref)
    assert not any("taxi" in message.text for message in other.messages())


def test_a_question_about_meetings_opens_the_meetings(talk: Talk) -> None:
    family(talk)
    talk("""
        > when is the next meeting?
        There are no meetings here at the moment.
    """)


def test_what_was_done_is_shown_where_it_stands(talk: Talk) -> None:
    family(talk)
    talk("""
        > what have you done about transport?
        Nothing has been put here yet. When staff say what is being done, you will find it here.
    """)


@pytest.mark.parametrize(
    "words",
    [
        "what should i bring to the annual review meeting",
        "can i go to my own review meeting and say what i think",
        "who do i ask about a meeting with school",
        "nobody at school has answered my email for 3 weeks, who can I ring?",
    ],
)
def test_the_same_words_about_somebody_else_are_still_a_question(talk: Talk, words: str) -> None:
    family(talk)
    talk.types(words)
    said = " ".join(message.text for message in talk.messages())
    assert "Which one would you like to see?" not in said
    assert "no meetings here" not in said
