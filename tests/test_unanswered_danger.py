"""Words of danger of somebody who does not come back to say yes or no."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import Engine

from handlers.unanswered_danger import pass_on_unanswered
from models.alert import Alert, Words
from models.database import now
from models.feedback import Feedback, Visibility
from models.partnership import Partnership
from models.stopping import stop
from tests import company
from tests.company import family, with_a_team
from tests.talk import Talk
from tests.test_alarm import RED, Numbered, says

pytestmark = pytest.mark.both_databases

TOLD_BEFORE = (
    "I am telling staff on duty now that somebody may need help. I cannot say when they look. "
    "If I hear nothing more from you for 10 minutes, I show staff what you wrote here."
)
SHOWN = (
    "I have not heard from you. Somebody may be in danger, so I have now shown staff what you wrote. They see it without "
    "your name. Your reference is {ref}. To keep somebody safe, staff may have to tell others. [Take it back]"
)


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return family(Numbered(engine, with_a_team(tameside), clock))


def sweep(talk: Talk) -> int:
    with talk.writing() as session:
        return pass_on_unanswered(session, talk.partnership, now())


def test_whoever_says_no_more_is_read_after_ten_minutes_and_was_told_so(parent: Talk) -> None:
    on_duty = company.on_duty(parent, "11")
    parent.types("my ex is at the door with a knife")
    said = parent.shown()
    assert TOLD_BEFORE in said
    assert "Shall I pass your words on to staff now?" in said[-1]
    on_duty.taps("I have it")
    assert "If they say nothing more for ten minutes, I show you the words without a yes." in "\n".join(on_duty.shown())
    parent("(later 9 minutes)")
    assert sweep(parent) == 0
    parent("(later 1 minute)\n(restart)")
    assert (sweep(parent), sweep(parent)) == (1, 0)
    [feedback] = parent.kept(Feedback)
    assert (feedback.text, feedback.visibility) == ("my ex is at the door with a knife", Visibility.PARTNERSHIP)
    assert [one.words for one in parent.kept(Alert)] == [Words.SENT]
    assert parent.shown() == [SHOWN.format(ref=feedback.ref)]
    assert on_duty.shown()[-1] == "Alert A1: the words have now been sent. [Open it]"
    on_duty.taps("Open it")
    assert any("knife" in line for line in on_duty.shown())
    # The question is over; they can still take it back, as far as an open alert lets them.
    parent.types("yes")
    assert "That is over" not in "\n".join(parent.shown())
    assert len(parent.kept(Feedback)) == 1


def test_a_no_keeps_the_words_back(parent: Talk) -> None:
    company.on_duty(parent, "11")
    parent.types(RED)
    parent.shown()
    parent.types("no")
    parent("(later 1 hour)")
    assert sweep(parent) == 0
    assert parent.kept(Feedback) == []


def test_a_story_that_was_begun_is_sent_as_it_is(parent: Talk) -> None:
    company.on_duty(parent, "11")
    assert TOLD_BEFORE in says(parent, f"{RED} and the bus was late")
    parent("(later 8 minutes)")
    parent.types("done")
    parent("(later 5 minutes)")
    assert sweep(parent) == 0, "they are still there"
    parent("(later 5 minutes)")
    assert sweep(parent) == 1
    [feedback] = parent.kept(Feedback)
    assert feedback.text == f"{RED} and the bus was late"
    assert feedback.topic == "school"
    assert [one.words for one in parent.kept(Alert)] == [Words.SENT]
    parent.shown()
    parent.types("menu")
    assert "You wrote something and did not send it." not in "\n".join(parent.shown())


def test_whoever_writes_on_and_on_is_read_after_half_an_hour(parent: Talk) -> None:
    company.on_duty(parent, "11")
    says(parent, RED)
    for _time in range(5):
        parent("(later 6 minutes)")
        parent.types("and then it went on")
        parent.shown()
    assert sweep(parent) == 1


def test_what_was_meant_for_the_forum_alone_goes_to_those_on_duty(parent: Talk) -> None:
    company.on_duty(parent, "11")
    says(parent, RED)
    parent("> bad\n...\n")
    parent.types("Only the parent forum")
    parent("(later 10 minutes)")
    assert sweep(parent) == 1
    assert parent.kept(Feedback)[0].visibility is Visibility.PARTNERSHIP


def test_danger_in_the_middle_of_something_else_leaves_that_open(parent: Talk) -> None:
    company.on_duty(parent, "11")
    parent("> tell us\n...\n> two minutes\n...\n")
    parent.types("my dad is hitting mum right now")
    parent.shown()
    parent("(later 10 minutes)")
    assert sweep(parent) == 1
    [feedback] = parent.kept(Feedback)
    assert feedback.text == "my dad is hitting mum right now"
    parent.shown()
    parent.types("go on")
    assert "What is it about?" in "\n".join(parent.shown())


def test_amber_words_wait_for_a_yes(parent: Talk) -> None:
    company.on_duty(parent, "11")
    parent.types("I cannot do this any more")
    parent("(later 1 hour)")
    assert sweep(parent) == 0


def test_where_nobody_could_read_nothing_is_promised_and_nothing_shown(parent: Talk) -> None:
    parent.types(RED)
    assert not any("If I hear nothing more" in line for line in parent.shown())
    parent("(later 1 hour)")
    assert sweep(parent) == 0


def test_who_stopped_messages_is_not_written_to(parent: Talk) -> None:
    company.on_duty(parent, "11")
    parent.types(RED)
    parent.shown()
    with parent.writing() as session:
        stop(parent.person(session))
    parent("(later 10 minutes)")
    assert sweep(parent) == 1
    assert parent.shown() == []
