"""A few words that need no search, and words of danger that ask for nobody: what comes next fits what was said."""

from __future__ import annotations

import pytest

from handlers.said_plainly import asks_for_somebody, says_not_this, says_only_yes, takes_it_back
from models.alert import Alert, Words
from models.person import Kind
from models.question import Got, Question
from tests.company import family, on_duty, with_a_team
from tests.talk import Talk

WEARY = "i cant do this any more, ive had enough, i just want it all to stop"
NUMBERS = "You need not wait for an answer here. These people can help you now:"
CARDS = ("Here is who can help", "I am not sure what you need")


def says(talk: Talk, words: str) -> str:
    """What comes back to these words."""
    talk.shown()
    talk.types(words)
    return "\n".join(talk.shown())


@pytest.mark.parametrize(
    "words",
    [
        "no its nothing forget it",
        "no",
        "Nope!",
        "jk lol im fine",
        "never mind im ok",
        "no dont tell anyone",
        "it's nothing, sorry",
        "nie",
        "nie, nic takiego",
        "نہیں",
    ],
)
def test_taken_back(words: str) -> None:
    assert takes_it_back(words)


@pytest.mark.parametrize(
    "words",
    ["nothing works at school", "no speech therapy", "no im not he does it again", "i'm not ok", "he said never mind"],
)
def test_a_message_of_its_own_takes_nothing_back(words: str) -> None:
    assert not takes_it_back(words)
    assert not says_only_yes(words)
    assert not says_not_this(words)


def test_asking_plainly() -> None:
    assert asks_for_somebody("hes 6 and nevr sleeps im so tierd who do i ask")
    assert not asks_for_somebody("the driver who shouts at him was late")


@pytest.mark.parametrize("asked_first", [True, False])
def test_a_carer_at_the_end_of_their_strength_is_asked_and_shown_no_service_for_benefits(
    talk: Talk, asked_first: bool
) -> None:
    """Also where they were asked what they need: every free text is looked at."""
    family(talk)
    if asked_first:
        talk.types("who")
    back = says(talk, WEARY)
    assert back.startswith(NUMBERS)
    assert "Is somebody in danger now?" in back
    assert not any(words in back for words in CARDS)
    assert len(talk.kept(Alert)) == 1
    assert "Shall I pass your words on to staff as well?" in says(talk, "no")
    assert says(talk, "not now").startswith("That is fine. I have not passed them on.")


def test_who_wants_it_all_to_stop_is_asked_also_before_the_welcome(talk: Talk) -> None:
    back = says(talk, "i just want it all to stop")
    assert NUMBERS in back
    assert "Is somebody in danger now?" in back
    assert not any(words in back for words in CARDS)


def test_what_is_asked_of_the_whos_who_in_words_of_danger_is_answered_and_told(talk: Talk) -> None:
    family(talk)
    talk.types("who")
    back = says(talk, "he wont stop hitting me and i cant cope any more, who can help with challenging behaviour?")
    assert back.startswith(("You need not wait", "This sounds serious"))
    assert len(talk.kept(Alert)) == 1


def test_a_young_person_hints_takes_it_back_and_comes_again(talk: Talk) -> None:
    talk.partnership = talk.turns.partnership = with_a_team(talk.partnership)
    on_duty(talk, "9")
    family(talk, Kind.YOUNG)
    back = says(talk, "sometimes i dont feel safe at home")
    assert back.startswith(NUMBERS)
    assert not any(words in back for words in CARDS)
    back = says(talk, "no its nothing forget it")
    assert back.startswith("That is fine. I have not passed them on. Staff know that somebody may need help.")
    assert "You have not sent this yet" not in back
    assert "Is somebody in danger now?" in says(talk, "no im not he does it again")
    back = says(talk, "yes")
    assert "Thank you for telling me." in back
    assert "Childline" in back


def test_no_and_yes_that_answer_nothing_are_searched_for_nowhere(talk: Talk) -> None:
    family(talk)
    fine = "That is fine. You can write to me again at any time. “Help now” has people you can ring."
    assert says(talk, "no") == fine
    assert says(talk, "yes please").startswith("What would you like to do?")
    assert not talk.kept(Question)


@pytest.mark.parametrize("words", ["not what I need", "thats not what i need", "wrong one", "that didnt help"])
def test_it_is_not_what_they_need_in_their_own_words(talk: Talk, words: str) -> None:
    family(talk)
    talk.types("who can help with stammering")
    assert says(talk, words).startswith("Sorry that it was not right.")
    [question] = talk.kept(Question)
    assert question.got is Got.WRONG


def test_so_it_is_where_something_unfinished_was_offered_after_the_cards(talk: Talk) -> None:
    talk.types("hi")
    assert "You have not finished this yet: Welcome." in says(talk, "who can help with stammering")
    assert says(talk, "not what i need").startswith("Sorry that it was not right.")


def test_the_name_of_an_errand_leads_out_of_a_question_that_it_cannot_answer(talk: Talk) -> None:
    """Staff who look at the list of alerts are asked for a code; “duty” is none, and is what they want now."""
    talk.partnership = talk.turns.partnership = with_a_team(talk.partnership)
    staff = on_duty(talk, "9")
    family(talk)
    talk.types("my ex is hitting my son right now")
    assert "Alerts. The most pressing first:" in says(staff, "alerts")
    assert says(staff, "duty").startswith("On duty now:")
    assert "Alerts. The most pressing first:" in says(staff, "alerts")
    assert "There is no alert of that code." in says(staff, "no such thing")


def test_a_hint_in_another_language_gets_the_numbers_too(talk: Talk) -> None:
    talk.language = "pl"
    family(talk, Kind.YOUNG)
    back = says(talk, "czasami nie czuje sie bezpiecznie w domu")
    assert back.startswith("Nie musisz czekać tu na odpowiedź.")
    assert "Childline" in back
    assert "Czy ktoś jest teraz w niebezpieczeństwie?" in back


def test_what_means_yes_in_polish_takes_nothing_back(talk: Talk) -> None:
    talk.partnership = talk.turns.partnership = with_a_team(talk.partnership)
    on_duty(talk, "9")
    talk.language = "pl"
    family(talk)
    says(talk, "mąż bije mojego syna")
    for _time in range(4):
        says(talk, "no")
    [alert] = talk.kept(Alert)
    assert alert.words is Words.AWAITED
