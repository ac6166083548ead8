"""The Who's Who for staff: what families could not find, which cards to ring, and setting one right (T3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from handlers.answered import tell_who_it_is
from handlers.got_through import ask_who_got_through
from models.audit import Audit
from models.contact import (
    ContactCard,
    ContactCheck,
    Why,
    card_of,
    read_email,
    read_hours,
    read_phone,
    read_web,
    to_check,
    unreached_since_checked,
)
from models.database import now, reading
from models.finding import Found
from models.partnership import Partnership
from models.person import Person
from models.question import Question
from models.role import RoleName
from models.unanswered import LearntWords, take_back
from models.unanswered import Settled as SettledRow
from tests.talk import Talk
from tests.test_staff import become
from tests.test_who import KNOWN, Settled, agreed

CLUB = "is there a trampoline club for deaf kids"
SWIM = "swimming lessons for a blind child"


@pytest.fixture
def office(engine: Engine, tameside: Partnership, clock: Any) -> Talk:
    """A member of staff who may answer families."""
    answers = {**KNOWN, "night": Found("contact", ("t-edt", "t-childrens-hub"), sure=True)}
    staff = Talk(engine, replace(tameside, finder=Settled(answers)), clock, key="staff")
    become(staff, RoleName.RESPONDER)
    return staff


def family(office: Talk, key: str, *questions: str) -> Talk:
    talk = agreed(office.another(key))
    for words in questions:
        talk.types("who")
        talk.types(words)
    talk.shown()
    return talk


def taps(talk: Talk, label: str) -> str:
    talk.taps(label)
    return "\n".join(talk.shown())


def test_one_tap_says_what_it_should_have_been_and_the_next_question_comes(office: Talk) -> None:
    family(office, "1", CLUB, SWIM)
    family(office, "2", "a trampoline club for deaf kids, is there")
    cards = how_many_to_check(office)
    office(f"""
        > directory
        2 questions have no answer. {cards} cards should be checked. [Questions] [Cards to check] [Find a card] [What is missing]
        > qestions
        2 questions wait.
        Asked 2 times: “a trampoline club for deaf kids, is there”
        I found nobody for it.
        Who should it have been? Tap one, or type its name. [No such service] [Not for us] [Later]
        (restart)
        > short breaks
        Tameside short breaks (through ISCAN) has learnt: “a trampoline club for deaf kids, is there” [Undo]
        1 question waits.
        Asked once: “swimming lessons for a blind child”
        I found nobody for it.
        Who should it have been? Tap one, or type its name. [No such service] [Not for us] [Later]
        > no such service
        It is on the list of what is missing. [Undo]
        No question is without an answer now. [What is missing]
    """)
    assert taps(office, "What is missing").startswith(
        "Families look for this, and there is no such service:\n1. “swimming lessons for a blind child” (once)"
    )
    [row] = office.kept(LearntWords)
    assert (row.contact_id, row.undone) == ("t-short-breaks", None)
    assert row.by_id is not None
    taps(office, "Undo")
    assert "It is on the list again." in "\n".join(
        line for message in office.messages()[-1:] for line in [message.text]
    )


def test_a_family_is_told_once_when_staff_have_said_who_it_should_have_been(office: Talk) -> None:
    parent = family(office, "1", CLUB, CLUB + " please")
    office("""
        > directory
        ...
        > questions
        ...
        > short breaks
        ...
    """)
    assert told(office) == 0  # staff have half an hour to take it back
    office("(later 1 hour)")
    assert told(office) == 1
    assert told(office) == 0
    [said] = parent.shown()
    assert "Staff have looked at it. They say this can help: Tameside short breaks (through ISCAN). [Show me]" in said
    card_shown = taps(parent, "Show me")
    assert "short breaks" in card_shown.lower()
    assert "[Not what I need]" in card_shown


def test_nobody_is_told_of_an_answer_that_staff_took_back_or_who_stopped_messages(office: Talk) -> None:
    family(office, "1", CLUB)
    stopped = family(office, "2", SWIM)
    stopped.types("stop")
    office("""
        > directory
        ...
        > questions
        ...
        > short breaks
        ...
        > short breaks
        ...
    """)
    with office.writing() as session:
        for one in session.scalars(select(SettledRow)):
            if session.scalar(select(Question.words).where(Question.settled_id == one.id)) == CLUB:
                take_back(session, one, session.get_one(Person, one.by_id))
    office("(later 1 hour)")
    assert told(office) == 0


def told(office: Talk) -> int:
    with office.writing() as session:
        return tell_who_it_is(session, office.partnership, now())


def test_who_looked_at_their_words_is_kept_even_when_nothing_was_done_about_them(office: Talk) -> None:
    family(office, "1", CLUB)
    office.types("directory")
    office.types("questions")
    office.types("questions")
    looks = [(row.deed, row.about) for row in office.kept(Audit) if row.deed == "read"]
    assert looks == [("read", "question:1")]


def test_what_was_shown_and_not_right_says_what_was_shown(office: Talk) -> None:
    talk = family(office, "1", "crisis")
    taps(talk, "Not what I need")
    office("""
        > directory
        ...
        > 1
        1 question waits.
        Asked once: “crisis”
        I showed: Shout; NHS 24/7 mental health crisis line for Tameside (Pennine Care). They say that it was not right.
        ...
        > later
        No question is without an answer now. [What is missing]
    """)


def test_a_viewer_sees_and_changes_nothing(office: Talk) -> None:
    family(office, "1", CLUB)
    viewer = office.another("viewer")
    become(viewer, RoleName.VIEWER)
    viewer("""
        > directory
        ...
        > questions
        1 question waits.
        Asked once: “is there a trampoline club for deaf kids”
        I found nobody for it. [Next one]
    """)
    viewer.hear(tap="s:directory:card=t-edt")
    assert viewer.shown()[-1].endswith("[Find a card]")
    viewer.hear(tap="s:directory_undo:check=1")
    assert "That is for staff." in viewer.shown()[0]


def test_families_never_see_it(office: Talk) -> None:
    parent = family(office, "1")
    parent.types("directory")
    assert "That is for staff." in parent.shown()[0]
    assert "directory" not in [button.tap for button in parent.messages()[-1].buttons]


def test_a_number_is_rung_and_found_right(office: Talk) -> None:
    office("""
        > directory
        ...
        > cards to check
        Most pressing first. Which one?
        1. Tameside Children's Hub (MASH, Early Help and Safeguarding…: rung in danger, not checked lately
        2. Tameside Emergency Duty Team (out of hours): rung in danger, not checked lately
        ...
        > 2
        Families see this:
        Emergency social workers at night and weekends
        Tameside Emergency Duty Team (out of hours)
        Helps with: a child in danger when offices are closed; urgent social care at night, weekends and bank holidays.
        Its phone number has not been checked yet, so I do not show it.
        When: evenings, nights, weekends and bank holidays
        Not checked yet.
        Only staff see this:
        The number to ring: 0161 342 2222
        ...
        > i rang: it is right
        Done. Families see it like this from now on. “Help now” does not read this list. Ask whoever runs me to change it in the area's files as well. [Undo] [See the card] [More cards to check]
    """)
    assert "Phone: 0161 342 2222\n" in taps(office, "See the card")
    [check] = office.kept(ContactCheck)
    assert (check.contact_id, check.checked) == ("t-edt", date(2026, 11, 10))
    assert "Taken back." in taps(office, "Undo last change")
    assert "Its phone number has not been checked yet" in taps(office, "See the card")


def test_a_number_is_corrected_after_a_slip_and_taken_back(office: Talk) -> None:
    office("""
        > directory
        ...
        > find a card
        Which service? Type its name, or what it helps with.
        > speech and lang
        Which one?
        1. ISCAN Children's Speech and Language Therapy [ISCAN Children's…]
        > 1
        ...
        > correct it
        What is wrong? [Phone number] [E-mail] [Web page] [Hours]
        > phone
        Type the right phone number. Please ring it first: it will be shown as checked today. [There is none]
        > 020 7946
        Sorry, I did not understand. That is no number that people can ring in the UK at a usual price. Type it with its area code.
        Type the right phone number. Please ring it first: it will be shown as checked today. [There is none]
        (restart)
        > +44 20 7946 0123
        ISCAN Children's Speech and Language Therapy
        Phone number: 020 7946 0123
        Families will see this. Is it right? [Yes, change it] [No, leave it]
        > yes
        Done. Families see it like this from now on. [Undo] [See the card] [More cards to check]
    """)
    assert card(office, "t-slt").phone == "020 7946 0123"
    assert "Taken back." in taps(office, "Undo")
    assert card(office, "t-slt").phone == "0161 366 2050"
    assert "Taken back." in taps(office, "Undo")  # an old button, a second time
    deeds = [(row.deed, row.about, row.detail) for row in office.kept(Audit)][-2:]
    assert deeds == [("corrected phone", "contact:t-slt", ""), ("took back", "contact:t-slt", "")]


def test_correcting_the_hours_does_not_make_a_doubtful_number_a_checked_one(office: Talk) -> None:
    office.hear(tap="s:directory:card=t-adult-care")
    for words in ("correct it", "hours", "Mon-Fri 9am-5pm", "yes"):
        office.types(words)
    changed = card(office, "t-adult-care")
    assert (changed.hours, changed.phone, changed.phone_waits, changed.checked) == ("Mon-Fri 9am-5pm", None, True, None)


def test_a_number_that_is_none_any_more_is_taken_off_the_card(office: Talk) -> None:
    office.hear(tap="s:directory:card=t-slt")
    for words in ("correct it", "phone number", "there is none"):
        office.types(words)
    assert "Phone number: there is none" in office.shown()[-2]
    office.types("yes")
    changed = card(office, "t-slt")
    assert (changed.phone, changed.dialled, changed.phone_waits) == (None, None, False)
    office.hear(tap="s:directory:card=t-slt")
    assert "[I checked: all right]" in office.shown()[-1]


def test_three_families_who_did_not_get_through_put_a_card_first_until_it_is_rung(office: Talk) -> None:
    families = [family(office, str(number), "she has big worries") for number in range(3)]
    office("(later 3 days)")
    with office.writing() as session:
        assert ask_who_got_through(session, office.partnership, now()) == 3
    for one in families:
        one.shown()
        assert taps(one, "Did not get through").startswith("Thank you. Staff can see that you did not get through.")
    office("""
        > directory
        ...
        > 2
        Most pressing first. Which one?
        1. Tameside and Glossop CAMHS (formerly Healthy Young Minds): 3 did not get through
        ...
        > 1
        ...
        > 1
        ...
    """)
    with reading(office.engine) as session:
        assert unreached_since_checked(session) == {}
        first = to_check(session, office.partnership.area, date(2026, 11, 13))[0]
        assert first.why is Why.DANGER
    assert {question.unreached for question in office.kept(Question)} == {"t-camhs"}


def test_nobody_loses_their_place_when_a_card_or_question_is_gone(office: Talk) -> None:
    office.hear(tap="s:directory:card=t-gone")
    assert office.shown() == ["I do not know that card any more. [Find a card]"]
    office.hear(tap="s:directory_undo:check=77")
    assert office.shown() == ["That is no longer kept, so there is nothing to undo."]
    office("""
        > directory
        ...
        > questions
        No question is without an answer now. [What is missing]
    """)


def how_many_to_check(talk: Talk) -> int:
    with reading(talk.engine) as session:
        return len(to_check(session, talk.partnership.area, talk.partnership.area.today(now())))


def card(talk: Talk, contact_id: str) -> ContactCard:
    with reading(talk.engine) as session:
        return card_of(session, talk.partnership.area, contact_id)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("02079460123", "020 7946 0123"),
        ("+44 (0)20 7946 0123", "020 7946 0123"),
        ("0800 1111", "0800 1111"),
        ("111", "111"),
        (" 116  123 ", "116 123"),
    ],
)
def test_numbers_are_written_as_they_are_here(typed: str, shown: str) -> None:
    assert read_phone(typed) == shown


@pytest.mark.parametrize(
    "typed", ["", "ring me", "020 7946", "12345", "+48 22 123 45 67", "0909 879 0123", "text HELP to 85258"]
)
def test_what_is_no_number_here_or_costs_extra_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_phone(typed)


def test_e_mail_web_and_hours_are_read_or_refused() -> None:
    assert read_email(" send@example.org ") == "send@example.org"
    assert read_web("www.example.org/send") == "https://www.example.org/send"
    assert read_web("http://example.org") == "http://example.org"
    assert read_hours(" Mon-Fri\n9am-5pm ") == "Mon-Fri 9am-5pm"
    for read, wrong in [
        (read_email, "send at example.org"),
        (read_email, "a@b"),
        (read_web, "javascript:alert(1)"),
        (read_web, "https://user@example.org"),
        (read_web, "localhost"),
        (read_web, "http://[::1"),
        (read_hours, "x" * 81),
    ]:
        with pytest.raises(ValueError, match=r"."):
            read(wrong)
