"""The directory learns, asks one question where two services are close, and is kept fresh (issue 5, section 1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.partnership import open_partnership
from bot.report.yearly import yearly
from handlers.card_is_old import ask_if_still_right
from handlers.meaning import asked_about
from models import keeping
from models.area import areas, load_area
from models.audit import Audit
from models.contact import ContactAsked, ContactCheck, Why
from models.database import now, reading
from models.finding import Found, Known, known_from_all
from models.finding.likeness import Learnt
from models.finding.next_steps import next_step_for, next_steps
from models.message import Message
from models.personal import personal_data
from models.plain import reading_age
from models.question import Got, Question, keep_question
from models.unanswered import LearntWords, hear_what_was_learnt, phrase_of
from tests.company import colleague, family
from tests.talk import Talk

FORTY = [json.loads(line) for line in Path(__file__).with_name("unanswered.forty.jsonl").read_text().splitlines()]
LANYARD = "sunflower lanyard where from"


@pytest.fixture
def parent(engine: Engine, clock: Any) -> Talk:
    """A family who has agreed to what is kept, with a search of its own that nobody else has taught."""
    return family(Talk(engine, open_partnership("tameside", "http://127.0.0.1:8080"), clock))


def asks(talk: Talk, words: str) -> str:
    talk.types("who")
    talk.shown()
    talk.types(words)
    return "\n".join(talk.shown())


def taps(talk: Talk, label: str) -> str:
    talk.taps(label)
    return "\n".join(talk.shown())


def labels(message: Message) -> list[str]:
    return [button.label for button in message.buttons]


def finds_nothing(talk: Talk, words: str) -> None:
    """They ask, and say that what they got was not it."""
    asks(talk, words)
    for label in ("I am not sure", "Not what I need", "I still need someone"):
        if label in [button.label for message in talk.messages()[-5:] for button in message.buttons]:
            taps(talk, label)


def kept(talk: Talk, words: str, key: str = "1") -> None:
    """A question without an answer, however good the search has become meanwhile."""
    with talk.writing() as session:
        person = talk.another(key).person(session)
        keep_question(session, "tameside", words, Found("contact", (), sure=False), language="en", person=person)


# -- it learns


def test_one_day_with_forty_questions_without_an_answer(parent: Talk) -> None:
    """Counted: every tap and every typed line of a member of staff, until the directory answers all forty."""
    for number, row in enumerate(FORTY):
        finds_nothing(family(parent.another(f"family{number}")), row["q"])
    assert sum(one.got in (Got.NOTHING, Got.WRONG) for one in parent.kept(Question)) == len(FORTY)
    should = {row["q"]: row["should"] for row in FORTY}
    names = {one.id: one.name for one in parent.partnership.area.contacts}
    staff = colleague(parent, "staff")
    staff.types("directory")
    tapped, typed, groups = 0, 1, 0
    said = taps(staff, "Questions")
    tapped += 1
    while "Who should it have been?" in said:
        groups += 1
        asked = next(words for words in should if f": “{words}”" in said)
        right = should[asked]
        buttons = staff.messages()[-1].buttons
        label = {"gap": "No such service", "not ours": "Not for us"}.get(right)
        if label is None:
            label = next((one.label for one in buttons if one.tap and one.tap.endswith(f":{right}")), None)
        if label is not None:
            said = taps(staff, label)
            tapped += 1
        else:
            staff.types(names[right])
            typed += 1
            said = "\n".join(staff.shown())
            if said.startswith("Which one?"):
                said = taps(staff, names[right][:12])
                tapped += 1
    print(f"{tapped} taps and {typed} typed lines for {groups} groups of {len(FORTY)} questions")
    assert "No question is without an answer now." in said
    assert groups <= 26
    assert tapped + typed <= 28
    stranger = family(parent.another("next"))
    for row in FORTY:
        if row["should"] in names:
            assert names[row["should"]] in asks(stranger, row["q"]), row


def test_each_guess_stands_in_full_above_its_button(parent: Talk) -> None:
    kept(parent, "hair cut for an autistic boy")
    staff = colleague(parent, "staff")
    staff.types("directory")
    said = taps(staff, "Questions")
    names = {one.id: one.name for one in parent.partnership.area.contacts}
    tapped = [one.tap.rpartition(":")[2] for one in staff.messages()[-1].buttons if one.tap]
    guesses = [each for each in tapped if each in names]
    assert guesses
    for place, each in enumerate(guesses, 1):
        assert f"{place}. {names[each]}" in said


def test_what_was_learnt_is_heard_at_once_by_another_process_and_taken_back(parent: Talk) -> None:
    elsewhere = Talk(parent.engine, open_partnership("tameside", "http://127.0.0.1:8080"), parent.clock, key="2")
    family(elsewhere)
    assert "Tameside Local Offer website" not in asks(elsewhere, LANYARD).split("Helps with")[0]
    kept(parent, LANYARD)
    staff = colleague(parent, "staff")
    staff.types("directory")
    staff.types("questions")
    staff.types("local offer website")
    said = "\n".join(staff.shown())
    assert "Tameside Local Offer website has learnt: “sunflower lanyard where from” [Undo]" in said
    assert asks(elsewhere, "where from is a sunflower lanyard").splitlines()[2] == "Tameside Local Offer website"
    [row] = parent.kept(LearntWords)
    assert row.by_id is not None
    staff.hear(tap="s:directory_undo:settled=1")
    assert "It is on the list again." in "\n".join(staff.shown())
    assert "Tameside Local Offer website" not in asks(elsewhere, LANYARD).split("Helps with")[0]
    deeds = [one.deed for one in parent.kept(Audit)]
    assert {"settled: card", "learnt words", "took back"} <= set(deeds)


def test_a_card_loses_words_one_by_one(parent: Talk) -> None:
    kept(parent, LANYARD)
    staff = colleague(parent, "staff")
    staff.types("directory")
    staff.types("questions")
    staff.types("local offer website")
    staff.hear(tap="s:directory:card=t-local-offer")
    assert "It has learnt: “sunflower lanyard where from”" in "\n".join(staff.shown())
    staff.types("take words off")
    assert "1. “sunflower lanyard where from” (Tue 10 Nov)" in "\n".join(staff.shown())
    staff.types("1")
    assert "The card no longer has these words." in "\n".join(staff.shown())
    assert all(row.undone for row in parent.kept(LearntWords))


def test_families_alone_change_no_card(parent: Talk) -> None:
    for number in range(5):
        finds_nothing(family(parent.another(f"family{number}")), "who do i ring about speech")
    assert parent.kept(LearntWords) == []
    with reading(parent.engine) as session:
        hear_what_was_learnt(session, parent.partnership.finder)
    assert parent.partnership.finder.learnt.phrases == ()


@pytest.mark.parametrize(
    ("words", "learnt"),
    [
        ("sunflower lanyard for Alfie Sampleton", "sunflower lanyard for"),
        ("makaton class, ring me on 07700 900123", "makaton class, ring me on"),
        ("my name is Zofia Kowalska", ""),
        ("for Alfie", ""),
        ("who can help my son", ""),
    ],
)
def test_what_is_personal_never_becomes_words_of_a_card(words: str, learnt: str) -> None:
    phrase = phrase_of(words)
    assert phrase == learnt
    assert personal_data(phrase) == []


def test_one_bad_word_pulls_nothing_else_to_a_card(parent: Talk) -> None:
    finder = parent.partnership.finder
    asked = ["school transport is late", "who does the school place", "help with school refusal", "school nurse number"]
    before = [finder.find(words) for words in asked]
    finder.learn(Learnt.of(1, [("e-frank", "school"), ("e-frank", "help"), ("e-frank", "number")]))
    assert [finder.find(words) for words in asked] == before
    finder.learn(Learnt.of(2, [("e-frank", f"school {word}") for word in "bell dinner photo uniform trip bag".split()]))
    assert [finder.find(words).contacts[0] for words in asked] == [found.contacts[0] for found in before]


def test_danger_is_danger_whatever_was_taught(parent: Talk) -> None:
    finder = parent.partnership.finder
    before = finder.find("i want to kill myself")
    finder.learn(Learnt.of(1, [("e-frank", "i want to kill myself")]))
    after = finder.find("i want to kill myself")
    assert (after.route, after.contacts[0]) == ("help", before.contacts[0])


def test_who_erases_everything_takes_their_words_off_the_card(parent: Talk) -> None:
    kept(parent, LANYARD, "somebody")
    staff = colleague(parent, "staff")
    for words in ("directory", "questions", "local offer website"):
        staff.types(words)
    assert len(parent.kept(LearntWords)) == 1
    with parent.writing() as session:
        keeping.erase(session, parent.another("somebody").person(session))
    assert parent.kept(LearntWords) == []
    assert not any(LANYARD in message.text for message in staff.messages())


def test_the_report_names_a_gap_only_where_many_families_looked_for_it(parent: Talk) -> None:
    staff = colleague(parent, "staff")
    for number in range(4):
        kept(parent, "swimming lessons for a blind child", f"family{number}")
    for words in ("directory", "questions", "no such service"):
        staff.types(words)
    assert "swimming" not in reported(parent)
    kept(parent, "swim lessons for my blind daughter", "fifth")
    assert "“swim lessons for my blind daughter” (5 families or more)" in reported(parent)


def reported(talk: Talk) -> str:
    with reading(talk.engine) as session:
        return str(yearly(session, talk.partnership.area, 2026))


# -- one question, never two


def test_two_services_are_close_so_one_question_is_asked_and_a_tap_decides(parent: Talk) -> None:
    said = asks(parent, "he has adhd and cant sit still at school")
    [question] = [line for line in said.splitlines() if line.startswith("One question, so that I find the right one")]
    assert all(label in question for label in ("[Health]", "[School or nursery]", "[I am not sure]"))
    parent("(restart)")
    said = taps(parent, "School or nursery")
    assert said.splitlines()[:2] == [
        "Here is who can help, best first.",
        "The person in charge of special needs at school",
    ]
    assert "One question" not in said


def test_the_question_is_answered_in_their_own_words_or_not_at_all(parent: Talk) -> None:
    asks(parent, "he has adhd and cant sit still at school")
    parent.types("health")
    assert "Your family doctor" in "\n".join(parent.shown()).splitlines()[1]
    asks(parent, "he has adhd and cant sit still at school")
    parent.types("who gives out blue badges for parking")
    said = "\n".join(parent.shown())
    assert "Parking badge for disabled people" in said
    assert "One question" not in said
    asks(parent, "he has adhd and cant sit still at school")
    assert "I am not sure what you need." in taps(parent, "I am not sure")


def test_danger_typed_to_the_question_is_heard(parent: Talk) -> None:
    asks(parent, "he has adhd and cant sit still at school")
    parent.types("i want to kill myself")
    assert "999" in "\n".join(parent.shown())


def test_what_they_said_before_counts_in_the_same_talk_and_is_kept_nowhere_else(parent: Talk) -> None:
    assert known_from_all(["who can help with sleep", "my lad is 3, we live in Hyde"]) == Known("before school", "hyde")
    finder = parent.partnership.finder
    sleep = "he will not sleep at all, who can help"
    order = finder.find(sleep, known=Known("before school")).contacts
    assert order.index("t-health-visitor") < order.index("t-school-nurse")
    order = finder.find(sleep, known=Known("at school")).contacts
    assert order[0] == "t-school-nurse"
    assert "t-health-visitor" not in order[:3]
    asks(parent, "my lad is 3 and he doesn't talk yet")
    asks(parent, sleep)
    if "I am not sure" in labels(parent.messages()[-1]):
        taps(parent, "I am not sure")
    found = parent.kept(Question)[-1].found
    assert found.index("t-health-visitor") < found.index("t-school-nurse")


# -- fresh


def rings(talk: Talk) -> int:
    with talk.writing() as session:
        return ask_if_still_right(session, talk.partnership, now())


def test_the_owner_is_asked_by_day_three_at_most_and_says_still_right_with_one_tap(parent: Talk) -> None:
    staff = colleague(parent, "staff")
    assert rings(parent) == 3
    assert rings(parent) == 0
    assert staff.messages()[-3].text == (
        "Is this card still right? Tameside Children's Hub (MASH, Early Help and Safeguarding Hub): "
        "rung in danger, not checked lately.\nThe number to ring: 0161 342 4101"
    )
    assert labels(staff.messages()[-3]) == ["I rang: it is right", "Correct it", "See the card"]
    tap = staff.messages()[-3].buttons[0].tap
    staff.hear(tap=tap)
    assert "Done. Families see it like this from now on." in "\n".join(staff.shown())
    [check] = parent.kept(ContactCheck)
    assert check.contact_id == "t-childrens-hub"
    parent("(later 1 day)")
    assert rings(parent) == 3
    parent("(later 12 hours)")
    assert rings(parent) == 0  # it is night


def test_what_is_rung_in_danger_is_asked_about_after_ninety_days_and_the_rest_after_a_year(parent: Talk) -> None:
    staff = colleague(parent, "staff")
    with parent.writing() as session:
        by = staff.person(session)
        for one in parent.partnership.area.contacts:
            today = parent.partnership.area.today(now())
            web = one.web or "https://www.example.org"
            session.add(ContactCheck(contact_id=one.id, checked=today, web=web, by_id=by.id))
    assert rings(parent) == 0
    parent("(later 90 days)")
    assert rings(parent) == 0
    parent("(later 4 days)")  # a Friday
    assert rings(parent) == 3
    assert {row.why for row in parent.kept(ContactAsked)} == {Why.DANGER}


def test_three_who_did_not_get_through_are_asked_about_at_once_and_the_owner_is(parent: Talk) -> None:
    colleague(parent, "first")
    owner = colleague(parent, "owner")
    owner.hear(tap="s:directory:card=t-slt")
    assert "Looked after by: " in "\n".join(owner.shown())
    owner.types("who looks after it")
    assert "[I do]" in "\n".join(owner.shown())
    owner.types("i do")
    assert "Done. Looked after by: you" in "\n".join(owner.shown())
    parent("(later 8 hours)")  # after the office has closed, and not yet night
    assert rings(parent) == 0
    for number in range(3):
        with parent.writing() as session:
            person = family(parent.another(f"family{number}")).person(session)
        with parent.writing() as session:
            found = Found("contact", ("t-slt",), sure=True)
            question = keep_question(session, "tameside", "speech", found, language="en", person=session.merge(person))
            question.shown, question.got, question.unreached, question.answered = 1, Got.UNREACHED, "t-slt", now()
    assert rings(parent) == 1
    assert owner.messages()[-1].text.startswith(
        "Is this card still right? ISCAN Children's Speech and Language Therapy: 3 did not get through."
    )
    assert rings(parent) == 0


# -- next steps, and words explained


def test_what_can_be_done_next_is_said_with_the_time_that_the_law_gives(parent: Talk) -> None:
    asks(parent, "how do i apply for an ehcp")
    last = parent.messages()[-1]
    assert last.text == (
        "What you can do: You can ask the council yourself. It must say yes or no in 6 weeks. If it makes a plan, "
        "that must be done 20 weeks after you asked, but for a few reasons in the law. "
        "It stands in: Children and Families Act 2014, 36; SEND Regulations 2014, 5, 13."
    )
    assert [(one.label, one.url) for one in last.buttons] == [
        ("Read the law", "https://www.legislation.gov.uk/uksi/2014/1530/regulation/13")
    ]
    assert "What you can do" not in asks(parent, "speech therapy")


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("The council has turned us down for an assessment. What now?", "appeal"),
        ("My child's been suspended four times this term for his autism", "exclusion"),
        ("They have lost my daughter's annual review papers", "annual review"),
        (
            "I complained to Tameside council months ago and got fobbed off. Where do I take it?",
            "complaint about the council",
        ),
        ("how can my son get a job with support after college", None),
    ],
)
def test_the_step_fits_the_question(tameside: Any, words: str, step: str | None) -> None:
    found = next_step_for(tameside.finder.find(words).need, words)
    assert (found.name if found else None) == step


def test_every_step_is_short_plain_and_says_where_it_stands() -> None:
    for step in next_steps():
        assert len(step.say) + len(step.law) < 240, step.name
        assert reading_age(step.say) <= 10.2, step.name
        assert step.source.startswith(("https://www.legislation.gov.uk/", "https://www.gov.uk/")), step.name


WAYS = (
    "what does {} mean?", "what is {}", "whats {}", "What's a {}?", "{} meaning", "explain {} please", "define {}",
    "what does {} stand for", "can you explain {}", "please tell me what {} means", "what is an {}",
)  # fmt: skip


@pytest.mark.parametrize("name", areas())
def test_every_word_of_the_glossary_is_explained_however_it_is_asked(name: str) -> None:
    area = load_area(name)
    wrong = [
        (way.format(form), found.term if found else None)
        for term in area.glossary
        for form in (term.term, term.term.lower())
        for way in WAYS
        if (found := asked_about(area, way.format(form))) is None or area.meaning(found.term) != area.meaning(term.term)
    ]
    assert wrong == []
