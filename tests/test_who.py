"""Who to contact: a tired parent's own words in, three cards out, and an honest answer when there is none (T3, T13).

What the search finds is settled here, since it gets better all the time; the last stories ask the real one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from bot.who_cli import answer_lines
from handlers.contact_card import as_exact_as_given
from handlers.got_through import ask_who_got_through
from models import consent
from models.alert import Alert
from models.contact import card_of, found_right
from models.conversation import Conversation
from models.database import now, writing
from models.finding import NOTHING_KNOWN, Finder, Found, Known
from models.message import Card
from models.outgoing import Class
from models.partnership import Partnership
from models.person import Kind, Person
from models.question import Got, Question, forget_old_questions, without_details
from models.role import Role, RoleName
from tests.talk import Talk, as_lines

SPEECH = "my lad is 4 an he dosnt talk yet, hes on no list. who do i ring"
ROOM = "she has big worries"
CLUB = "is there a trampoline club for deaf kids"
FOOTBALL = "who won the match last night"
TAXI = "the taxi left him on the pavement again"
ADULT = "who looks after him when he is 18"
KARATE = "karate near the canal"
PRAISE = "everybody at the review was lovely"
DANGER = "i cant go on any more"


class Settled(Finder):
    """A search that knows a few questions by heart and nothing else."""

    def __init__(self, answers: dict[str, Found]) -> None:
        self.answers = answers

    def find(self, text: str, *, young: bool = False, known: Known = NOTHING_KNOWN) -> Found:
        return self.answers.get(text, Found("contact", (), sure=False))

    def ring(self, text: str, *, young: bool = False) -> tuple[str, ...]:
        return self.find(text).contacts


KNOWN = {
    SPEECH: Found("contact", ("t-slt", "t-health-visitor", "t-umbrella", "t-portage", "e-gp"), sure=True),
    ROOM: Found("contact", ("t-camhs",), sure=False),
    FOOTBALL: Found("none", (), sure=True),
    KARATE: Found("none", (), sure=False),
    PRAISE: Found("feedback", (), sure=False),
    TAXI: Found("feedback", ("t-transport",), sure=True),
    ADULT: Found("contact", ("t-adult-care",), sure=True),
    DANGER: Found("help", ("e-samaritans",), sure=True),
    "crisis": Found("contact", ("e-shout", "t-crisis"), sure=True),
}


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: Any) -> Talk:
    """Somebody who has agreed to what is kept."""
    return agreed(Talk(engine, replace(tameside, finder=Settled(KNOWN)), clock))


def agreed(talk: Talk) -> Talk:
    with talk.writing() as session:
        consent.agree(session, talk.person(session), talk.partnership.area)
    return talk


def clock_rings(talk: Talk) -> int:
    with talk.writing() as session:
        return ask_who_got_through(session, talk.partnership, now())


def taps(talk: Talk, label: str) -> str:
    """Presses a button and gives what is said to it, as one text."""
    talk.taps(label)
    return "\n".join(talk.shown())


def going_on(talk: Talk) -> list[Conversation]:
    return [one for one in talk.kept(Conversation) if one.ended is None]


def lines(talk: Talk) -> list[str]:
    return as_lines(talk.messages()[-1])


# -- finding


def test_a_tired_parent_asks_with_slips_and_gets_three_cards_best_first(parent: Talk) -> None:
    parent(f"""
        > Find who can help
        What do you need help with? Ask in your own words, in one message. Please leave out names. For example: “who can help with speech?”
        (restart)
        > {SPEECH}
        Here is who can help, best first.
        Speech therapy for children in Tameside
        ISCAN Children's Speech and Language Therapy
        Helps with: late talking and unclear speech; stammering; understanding and using language.
        Phone: 0161 366 2050
        Web: www.tamesideandglossopicft.nhs.uk/services/childrens-speech-and-language
        I do not know when this was last checked.
        ...
    """)
    _intro, speech, visitor, forum = parent.messages()[-4:]
    assert speech.card == Card("ISCAN Children's Speech and Language Therapy", "0161 366 2050")
    assert [button.url for button in speech.buttons] == [
        "https://www.tamesideandglossopicft.nhs.uk/services/childrens-speech-and-language"
    ]
    assert as_lines(visitor)[0] == "Your health visitor"
    assert as_lines(visitor)[-1] == "Not checked yet. [Open web page]"
    assert as_lines(forum)[-2:] == [
        "I have no phone number, e-mail or web page for it.",
        "Not checked yet. Last seen: 2025. [Tell the partnership] [Show more] [Not what I need]",
    ]
    [question] = parent.kept(Question)
    assert (question.words, question.shown, question.got) == (SPEECH, 3, None)


def test_there_is_more_and_an_old_button_shows_the_same_again(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {SPEECH}
        ...
    """)
    more = taps(parent, "Show more")
    assert more.startswith("Home visits for pre-school children with delays")
    assert more.endswith("[Open web page] [Not what I need]")
    assert taps(parent, "Show more") == more
    assert [question.shown for question in parent.kept(Question)] == [5]


def test_unsure_is_said_plainly_and_what_was_found_is_shown(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {ROOM}
        I am not sure what you need. This is the nearest I found.
        The NHS mental health team for children
        Tameside and Glossop CAMHS (formerly Healthy Young Minds)
        Helps with: serious anxiety or low mood; self-harm and eating problems; trauma and very distressing thoughts.
        Phone: 0161 716 3600
        When: Mon-Fri 9am-5pm
        Not checked yet. Last seen: April 2016.
        ...
    """)
    assert lines(parent)[-1].endswith("0161 716 3600) [Tell the partnership] [Not what I need]")


def test_nothing_fits_so_staff_can_see_it_and_free_advice_and_a_person_are_offered(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {CLUB}
        Sorry, I found nobody for that. I kept your question, so that staff can see what is missing.
        This service gives free advice and does not take sides. You can ask it about anything:
        The free independent SEND advice service in Tameside
        Tameside SENDIASS
        Helps with: impartial information about special needs law and your rights; preparing for school and council meetings.
        Web: tamesidelocaloffer.co.uk
        Not checked yet. [Open web page] [Tell the partnership] [Ask another way]
    """)
    assert [(question.words, question.got) for question in parent.kept(Question)] == [(CLUB, Got.NOTHING)]
    taps(parent, "Tell the partnership")
    flows = [conversation.flow for conversation in going_on(parent)]
    assert flows == ["tell_us"]
    assert "What do you need help with?" in taps(parent, "Ask another way")


def test_what_was_shown_is_not_it(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {ROOM}
        ...
    """)
    said = taps(parent, "Not what I need")
    assert said.startswith("Sorry that it was not right. I kept your question, so that staff can see what is missing.")
    assert "Tameside SENDIASS" in said
    assert [question.got for question in parent.kept(Question)] == [Got.WRONG]


def test_what_is_none_of_our_business_is_refused_kindly(parent: Talk) -> None:
    parent(f"""
        > {FOOTBALL}
        Sorry, I do not know about that.
        I can find who helps families. I can pass on what you say. I can tell you about meetings. [Ask another way] [I still need someone]
    """)
    assert [question.got for question in parent.kept(Question)] == [Got.OUTSIDE]
    assert "Tameside SENDIASS" in taps(parent, "I still need someone")
    assert [question.got for question in parent.kept(Question)] == [Got.NOTHING]


def test_what_may_be_none_of_our_business_is_kept_all_the_same(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {KARATE}
        Sorry, I found nobody for that. I kept your question, so that staff can see what is missing.
        I can find who helps families. I can pass on what you say. I can tell you about meetings. [Ask another way] [I still need someone]
    """)
    assert [question.got for question in parent.kept(Question)] == [Got.NOTHING]


def test_praise_without_a_contact_can_be_passed_on(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {PRAISE}
        I found nobody to contact about that. I can pass your words on to the partnership. [Tell the partnership] [I still need someone]
    """)
    assert [question.got for question in parent.kept(Question)] == [None]
    taps(parent, "Tell the partnership")
    assert [conversation.flow for conversation in going_on(parent)] == ["tell_us"]


def test_a_complaint_gets_the_contact_and_is_passed_on_if_they_like(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {TAXI}
        These may be able to help. If the partnership should hear about it, tap “Tell the partnership” under the last one.
        Home to school transport
        ...
    """)
    assert "[Tell the partnership] [Not what I need]" in "\n".join(lines(parent))
    taps(parent, "Tell the partnership")
    [telling] = going_on(parent)
    assert telling.answers["story"] == {"text": TAXI, "attachments": []}


def test_danger_is_answered_with_whom_to_ring_and_nothing_is_kept(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {DANGER}
        You need not wait for an answer here. These people can help you now:
        ...
    """)
    assert parent.messages()[-1].text.endswith("Is somebody in danger now?")
    assert parent.kept(Question) == []
    assert len(parent.kept(Alert)) == 1


def test_a_text_service_is_not_rung_and_cannot_be_saved(parent: Talk) -> None:
    parent("""
        > who
        ...
        > crisis
        Here is who can help, best first.
        Crisis help by text
        Shout
        Helps with: text support when you cannot speak; panic, self-harm or suicidal feelings; help from a volunteer by message.
        How: text SHOUT to 85258
        Web: giveusashout.org
        When: 24 hours a day, every day
        I do not know when this was last checked. [Open web page]
        ...
    """)


def test_in_the_middle_of_something_else_they_ask_and_go_on_where_they_were(parent: Talk) -> None:
    parent.types("tell us")
    asked = parent.shown()
    parent.types("who")
    parent.types(ROOM)
    said = parent.shown()
    where = said.index("Now back to where you were.")
    assert any("0161 716 3600" in line for line in said[:where])
    assert said[where + 1 :] == asked[-len(said[where + 1 :]) :]
    assert [conversation.flow for conversation in going_on(parent)] == ["tell_us"]


def test_a_question_typed_where_a_button_was_expected_is_answered_and_the_rest_is_offered(parent: Talk) -> None:
    parent.types("language")
    parent.types(SPEECH)
    said = "\n".join(parent.shown())
    assert "Speech therapy for children in Tameside" in said
    assert said.splitlines()[-1].startswith("You have not finished this yet:")
    parent.types("go on")
    assert [conversation.flow for conversation in going_on(parent)] == ["language"]


def test_a_young_person_gets_shorter_words(parent: Talk) -> None:
    with parent.writing() as session:
        parent.person(session).kind = Kind.YOUNG
    parent("""
        > who
        What do you need help with? Use your own words. Please leave out names.
        > crisis
        Here is who can help, best first.
        Crisis help by text
        Shout
        Helps with: text support when you cannot speak.
        ...
    """)


def test_who_has_not_agreed_gets_the_same_answer_and_is_not_kept(parent: Talk) -> None:
    stranger = parent.another("2")
    stranger(f"""
        > who
        ...
        > {ROOM}
        I am not sure what you need. This is the nearest I found.
        ...
        > who
        ...
        > {CLUB}
        Sorry, I found nobody for that. I kept the question, but not who asked it, so that staff can see what is missing.
        ...
    """)
    assert [(row.person_id, row.words) for row in stranger.kept(Question)] == [(None, ""), (None, CLUB)]
    assert taps(stranger, "Not what I need").startswith("Sorry that it was not right.\n")


def test_nobody_reaches_another_persons_question_by_its_number(parent: Talk) -> None:
    parent.types("who")
    parent.types(ROOM)
    other = parent.another("2")
    for number in ("1", "999", "x", ""):
        other.hear(tap=f"s:who_next:question={number}:do=tell")
        assert other.shown() == ["I no longer have that question. Please ask it again. [Ask another way]"]
    assert parent.kept(Question)[0].got is None


# -- numbers and how far they can be trusted


def test_a_doubtful_number_is_hidden_until_staff_have_rung_it(parent: Talk) -> None:
    parent(f"""
        > who
        ...
        > {ADULT}
        Here is who can help.
        Care and support for over-18s
        Tameside Adult Social Care
        Helps with: a care needs assessment for an adult; support at home for disabled adults; adults at risk of harm.
        Its phone number has not been checked yet, so I do not show it.
        Not checked yet. [Tell the partnership] [Not what I need]
    """)
    with parent.writing() as session:
        staff = parent.another("staff").person(session)
        session.add(Role(person=staff, name=RoleName.RESPONDER, organisation="council"))
        session.flush()
        found_right(session, "t-adult-care", parent.partnership.area.today(now()), staff)
    parent(f"""
        > who
        ...
        > {ADULT}
        Here is who can help.
        Care and support for over-18s
        Tameside Adult Social Care
        Helps with: a care needs assessment for an adult; support at home for disabled adults; adults at risk of harm.
        Phone: 0161 342 2400
        Checked by staff on Tuesday 10 November 2026.
        ...
    """)
    assert parent.messages()[-1].card == Card("Tameside Adult Social Care", "0161 342 2400")


def test_no_card_shows_what_its_source_did_not_give(engine: Engine, tameside: Partnership) -> None:
    with writing(engine) as session:
        for facts in tameside.area.contacts:
            card = card_of(session, tameside.area, facts.id)
            shown = (card.phone, card.email, card.web, card.hours)
            assert shown == (facts.shown_phone, facts.email, facts.web, facts.hours)
            assert (card.dialled, card.not_checked_yet) == (facts.dialled, facts.not_checked_yet)


@pytest.mark.parametrize(
    ("seen", "said"), [("2025", "2025"), ("2025-06", "June 2025"), ("2023-03-24", "Friday 24 March 2023")]
)
def test_a_date_is_not_made_more_exact_than_it_was(seen: str, said: str) -> None:
    assert as_exact_as_given(seen) == said


# -- did you get through?


def test_some_days_later_they_are_asked_once_whether_they_got_through(parent: Talk) -> None:
    parent.types("who")
    parent.types(SPEECH)
    parent.shown()
    parent("(later 2 days)")
    assert clock_rings(parent) == 0
    parent("(later 1 day)")
    assert clock_rings(parent) == 1
    assert clock_rings(parent) == 0
    [asked] = parent.shown()
    assert asked == (
        "On Tue 10 Nov you looked for help: “my lad is 4 an he dosnt talk yet, hes on no list. who do i ring”. "
        "Did you get through to someone? [Yes, I did] [Did not get through] [Not the right one]"
    )
    assert parent.rows()[-1].kind is Class.REMINDER
    assert taps(parent, "Yes, I did") == "Good. Thank you for telling me."
    assert [question.got for question in parent.kept(Question)] == [Got.RIGHT]


def test_whom_they_did_not_reach_is_asked_where_there_were_several(parent: Talk) -> None:
    parent.types("who")
    parent.types(SPEECH)
    taps(parent, "Show more")
    parent("(later 3 days)")
    clock_rings(parent)
    said = taps(parent, "Did not get through")
    assert said.endswith("Which one did you try? [Speech therapy for…] [Home visits for…] [Another one]")
    parent("""
        > speech therpy for
        Thank you. Staff can see that you did not get through. [Tell the partnership] [Ask another way]
    """)
    [question] = parent.kept(Question)
    assert (question.got, question.unreached) == (Got.UNREACHED, "t-slt")
    # An old button, a day later: the last word counts.
    parent("(later 1 day)")
    assert "Sorry that it was not right." in taps(parent, "Not the right one")
    [question] = parent.kept(Question)
    assert (question.got, question.unreached) == (Got.WRONG, None)


def test_nobody_is_asked_at_night_or_after_stop_or_about_a_web_page(parent: Talk) -> None:
    parent.types("who")
    parent.types(ROOM)
    parent("(later 3 days)")
    parent("(later 12 hours)")
    assert clock_rings(parent) == 0
    parent("(later 12 hours)")
    with parent.writing() as session:
        parent.person(session).stopped_at = now()
    assert clock_rings(parent) == 0
    web_only = agreed(parent.another("2"))
    web_only.types("who")
    web_only.types(ADULT)
    web_only("(later 3 days)")
    assert clock_rings(web_only) == 0


def test_who_asks_every_day_is_asked_back_once_a_week(parent: Talk) -> None:
    for _day in range(6):
        parent.types("who")
        parent.types(ROOM)
        parent("(later 1 day)")
        clock_rings(parent)
    assert sum(row.kind is Class.REMINDER for row in parent.rows()) == 1


# -- what is kept


def test_contact_details_and_plain_names_are_not_kept() -> None:
    kept = without_details(
        "My son Oliver Example, 07700 900123, M34 3AB, born 12/03/2015, me@example.org www.example.org @someone is called Ash"
    )
    assert kept == "My son …, …, …, born …, … … … is called …"
    assert without_details("he is 4 and waited 18 weeks for ASD") == "he is 4 and waited 18 weeks for ASD"
    assert len(without_details("x " * 4000)) <= 300
    assert without_details("07700 900123me@example.org or x@y@example.org") == "…… or …"


def test_one_endless_word_holds_nobody_up() -> None:
    """Read anew from each of its letters, this would take minutes."""
    assert len(without_details("é" * 600_000)) == 300
    assert without_details("é" * 600_000 + "@example.org " + "9" * 100).endswith("…")


def test_questions_go_when_their_time_is_over(parent: Talk) -> None:
    parent.types("who")
    parent.types(ROOM)
    parent("(later 360 days)")
    with parent.writing() as session:
        assert forget_old_questions(session, parent.partnership.area, now(), 100) == 0
    parent("(later 6 days)")
    with parent.writing() as session:
        assert forget_old_questions(session, parent.partnership.area, now(), 100) == 1
    assert "I no longer have that question" in taps(parent, "Not what I need")


def test_questions_go_with_their_person(parent: Talk) -> None:
    parent.types("who")
    parent.types(ROOM)
    with parent.writing() as session:
        session.execute(delete(Person).where(Person.id == parent.person(session).id))
    assert parent.kept(Question) == []


@pytest.mark.parametrize("command", ["/who", "/WHO", "/who@yousaid_bot"])
def test_words_after_the_command_are_the_question(parent: Talk, command: str) -> None:
    parent.types(f"{command} {ROOM}")
    assert [question.words for question in parent.kept(Question)] == [ROOM]


# -- for scripts


def test_every_line_has_its_answer_in_order(tameside: Partnership) -> None:
    asked = ["speech therapy\n", "\n", "“ \u2028 ;\r\n", "{'q': 1}", "x" * 100_000]
    answers = [json.loads(line) for line in answer_lines(tameside.finder, asked)]
    assert [one["q"] for one in answers] == ["speech therapy", "", "“ \u2028 ;", "{'q': 1}", "x" * 100_000]
    assert all(list(one) == ["q", "route", "contacts", "sure"] for one in answers)
    assert "t-slt" in answers[0]["contacts"][:3]


def test_lines_are_answered_as_they_come(tameside: Partnership) -> None:
    read = []

    def typed() -> Iterator[str]:
        for line in ("one", "two"):
            read.append(line)
            yield line

    answers = answer_lines(tameside.finder, typed())
    next(answers)
    assert read == ["one"]


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_text_breaks_the_line_that_answers_it(tameside: Partnership, text: str) -> None:
    [line] = answer_lines(tameside.finder, [text])
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["route"] in ("contact", "feedback", "help", "none")


# -- the real search


def test_the_real_search_finds_speech_therapy(talk: Talk) -> None:
    talk.types("who")
    talk.types("speach therapy for my son, he stamers")
    assert any("ISCAN Children's Speech and Language Therapy" in line for line in talk.shown())
