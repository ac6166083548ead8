"""Somebody is polite, or wants to know whom they talk to."""

from __future__ import annotations

from tests.company import family
from tests.talk import Talk


def test_thanks_are_answered_and_not_searched_for(talk: Talk) -> None:
    family(talk)
    talk("""
        > Thank you!
        You are welcome. To see what I can do, type “menu”.
        > are you a robot?
        I am a computer program, not a person.
        Nobody is watching messages here. If you need help, please ring. [Talk to a person] [Tell us]
        > I want to speak to a human
        I am a program, so I cannot put you through. This service gives free advice to families:
        The free independent SEND advice service in Tameside
        ...
    """)


def test_thanks_in_a_story_are_part_of_it(talk: Talk) -> None:
    family(talk)
    talk("""
        > tell us
        ...
        > two minutes
        ...
        > school
        ...
        > thank you
        I have kept that. You can add more, or a photo or a voice note. [That is all]
    """)


def test_what_is_unsent_is_offered_once_and_not_after_every_answer(talk: Talk) -> None:
    family(talk)
    talk("""
        > the taxi was late again, third time this week
        I can pass that on. You see it before it is sent.
        ...
        (later 1 minute)
        > thanks
        You are welcome. To see what I can do, type “menu”.
        You have not sent this yet: “the taxi was late again, third time this week” [Go on with it] [Throw it away]
        (later 1 minute)
        > thanks
        You are welcome. To see what I can do, type “menu”.
        > menu
        What would you like to do? [Go on where I was] [Tell us] [Find who can help] [Meetings] [You said, we are doing] [My things]
    """)


def test_throwing_away_takes_what_it_names_and_nothing_else(talk: Talk) -> None:
    family(talk)
    talk("""
        > the taxi was late again, third time this week
        ...
        (later 1 minute)
        > thanks
        ...
    """)
    talk.taps("Throw it away")
    assert talk.shown()[0] == "It is thrown away. Nothing was sent."
    talk("""
        > meetings
        ...
        > menu
        What would you like to do? [Tell us] [Find who can help] [Meetings] [You said, we are doing] [My things]
    """)


def test_what_has_no_word_in_it_is_not_searched_for(talk: Talk) -> None:
    family(talk)
    for nothing in ("7", "???", "😭"):
        talk.types(nothing)
        assert talk.shown()[0] == "Sorry, I did not understand that. I can only read words."
