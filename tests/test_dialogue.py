"""Named answers: the nine lessons of DESIGN 3, each as a conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

import handlers
from handlers import taps
from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from models.audit import Audit, record
from models.conversation import Conversation
from models.database import now, reading, writing
from models.person import Person
from tests.talk import Talk

pytestmark = pytest.mark.both_databases
Offer = Callable[..., None]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Puts a flow of the test's own among the errands: its name is what people type for it."""

    def put(flow: Callable[[Chat], None], name: str = "order", *, aside: bool = False) -> None:
        errand = Errand(flow, label=name.capitalize, words=lambda: name, aside=aside, in_menu=True)
        monkeypatch.setitem(handlers.ERRANDS, name, errand)

    return put


def order(chat: Chat) -> None:
    """A small flow that writes before, between and after its questions."""
    record(chat.session, chat.person, "began", "order")
    drink = chat.choose("drink", "Tea or coffee?", {"tea": "Tea", "coffee": "Coffee"})
    if drink == "tea":
        chat.say("Good choice.")
    record(chat.session, chat.person, "chose", drink)
    name = chat.ask("name", "What name is it for?")
    if chat.agree("sure", f"One {drink} for {name}?"):
        chat.say("It is on its way.")
    else:
        chat.say("Then not.")


def deeds(talk: Talk) -> list[str]:
    return [row.deed for row in talk.kept(Audit)]


# 1 and 2: what a flow writes happens once, and answers are kept as what they mean


def test_writes_anywhere_in_a_flow_happen_once_and_only_when_it_ends(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        Tea or coffee? [Tea] [Coffee]
        > tea
        Good choice.
        What name is it for?
    """)
    assert deeds(talk) == []
    talk("""
        > Sam
        One tea for Sam? [Yes] [No]
        (restart)
        > yes
        It is on its way.
    """)
    assert deeds(talk) == ["began", "chose"]


def test_two_against_a_changed_list_is_still_what_was_chosen(talk: Talk, offer: Offer) -> None:
    offered = {"monday": "Monday", "tuesday": "Tuesday"}

    def book(chat: Chat) -> None:
        day = chat.choose("day", "Which day?", offered)
        chat.ask("note", "Anything else?")
        chat.say(f"Booked: {day}.")

    offer(book)
    talk("""
        > order
        Which day? [Monday] [Tuesday]
        > 2
        Anything else?
    """)
    offered.pop("monday")
    offered["friday"] = "Friday"
    talk("""
        > no, thanks
        Booked: tuesday.
    """)


# 3: changing or losing an answer forgets those after it


def test_an_answer_that_is_lost_is_asked_again_and_those_after_it_too(talk: Talk, offer: Offer) -> None:
    offered = {"monday": "Monday", "tuesday": "Tuesday"}

    def book(chat: Chat) -> None:
        chat.choose("day", "Which day?", offered)
        chat.ask("note", "Anything else?")
        chat.say("Booked.")

    offer(book)
    talk("""
        > order
        Which day? [Monday] [Tuesday]
        > monday
        Anything else?
    """)
    offered.pop("monday")
    talk("""
        > a cake
        Something here has changed since you last wrote. Please answer this one:
        Which day? [Tuesday]
        > tuesday
        Anything else?
    """)


def test_back_goes_to_the_question_before(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        Tea or coffee? [Tea] [Coffee]
        > coffee
        What name is it for?
        > back
        Tea or coffee? [Tea] [Coffee]
        > tea
        Good choice.
        What name is it for?
    """)


# 4: old buttons act or explain


def test_an_old_button_corrects_an_old_answer(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > coffee
        ...
        > Sam
        One coffee for Sam? [Yes] [No]
    """)
    talk.taps("Tea")
    assert talk.shown() == ["Good choice.", "What name is it for?"]


def test_the_same_button_twice_changes_nothing_and_says_where_we_are(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > coffee
        ...
    """)
    talk.taps("Coffee")
    assert talk.shown() == ["You have already answered that. This is where you are:", "What name is it for?"]


def test_a_button_of_a_finished_conversation_explains(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > tea
        ...
        > Sam
        ...
        > yes
        It is on its way.
    """)
    talk.taps("Coffee")
    assert talk.shown()[0] == "That is over. This button does nothing now."
    assert deeds(talk) == ["began", "chose"]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x",
        "a:1",
        "a:x:drink:tea",
        "a:999999:drink:tea",
        "s:gone:way=1",
        "s:order:=",
        "c:gone",
        "a:1:drink:🙂",
        "::::",
    ],
)
def test_a_button_of_no_release_that_we_know_explains_and_shows_the_menu(talk: Talk, data: str) -> None:
    talk.hear(tap=data or "?")
    assert "What would you like to do?" in talk.shown()[-1]


def test_nobody_elses_button_works(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk.types("order")
    [conversation] = talk.kept(Conversation)
    other = talk.another("2")
    other.hear(tap=taps.answer(conversation.id, "drink", "tea"))
    assert other.shown()[0] == "I do not know that button any more. Nothing was changed."
    assert talk.kept(Conversation)[0].answers == {}


# 5: a flow's own `except Exception` does not swallow an open question


def test_a_careless_except_does_not_swallow_a_question(talk: Talk, offer: Offer) -> None:
    def careless(chat: Chat) -> None:
        try:
            name = chat.ask("name", "Who are you?")
        except Exception:
            name = "nobody"
        chat.say(f"Hello {name}.")

    offer(careless)
    talk("""
        > order
        Who are you?
        > Kim
        Hello Kim.
    """)


# 6: a family in mid-conversation survives a release


def test_a_new_question_before_the_open_one_is_asked_first(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > coffee
        What name is it for?
    """)

    def newer(chat: Chat) -> None:
        drink = chat.choose("drink", "Tea or coffee, please?", {"tea": "Tea", "coffee": "Coffee"})
        chat.choose("milk", "With milk?", {"milk": "Milk", "black": "Black"})
        chat.ask("name", "What name is it for?")
        chat.say(f"One {drink}.")

    offer(newer)
    talk("""
        > Sam
        Something here has changed since you last wrote. Please answer this one:
        With milk? [Milk] [Black]
        > black
        What name is it for?
        > Sam
        One coffee.
    """)


def test_a_flow_that_a_release_took_away_is_explained(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk.types("order")
    del handlers.ERRANDS["order"]
    talk.types("tea")
    assert any(message.text.startswith("What you had started is no longer here.") for message in talk.messages())
    assert talk.kept(Conversation)[0].ended is not None


# 7: back, stop, menu, help, restart, for every flow without a line in it


def test_the_menu_parks_a_conversation_and_gives_it_back(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > coffee
        What name is it for?
        > menu
        ...
        > go on
        What name is it for?
        > Sam
        One coffee for Sam? [Yes] [No]
    """)


def test_something_in_passing_comes_back_by_itself(talk: Talk, offer: Offer) -> None:
    offer(order)
    offer(lambda chat: chat.say("It is ten o'clock."), "time", aside=True)
    talk("""
        > order
        ...
        > coffee
        What name is it for?
        > time
        It is ten o'clock.
        Now back to where you were.
        What name is it for?
    """)


def test_another_errand_goes_first_and_the_first_is_offered_again(talk: Talk, offer: Offer) -> None:
    offer(order)

    def greet(chat: Chat) -> None:
        chat.say(f"Hello {chat.ask('who', 'Who are you?')}.")

    offer(greet, "greet")
    talk("""
        > order
        Tea or coffee? [Tea] [Coffee]
        > greet
        Who are you?
        > Kim
        Hello Kim.
        You have not finished this yet: Order. [Go on with it] [Throw it away]
        > go on
        Tea or coffee? [Tea] [Coffee]
    """)


def test_starting_the_same_thing_again_goes_on_where_it_was(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > tea
        ...
        > menu
        ...
        > order
        You had started this before. Let us go on where you were.
        Good choice.
        What name is it for?
    """)


# 8: a button may start a flow with answers filled in


def test_a_button_starts_a_flow_with_answers_filled_in(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk.hear(tap=taps.start("order", {"drink": "coffee"}))
    assert talk.shown() == ["What name is it for?"]


# 9 and more: what is not understood, and how answers may be typed


def test_not_understood_twice_gets_help_not_the_same_question_again(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        Tea or coffee? [Tea] [Coffee]
        > mumble
        Sorry, I did not understand. Please tap one of the buttons, or type its words.
        Tea or coffee? [Tea] [Coffee]
        > mumble
        We are stuck, and that is not your fault. What would help? [Show the question] [Find a person to ask] [Throw this away]
        > coffee
        What name is it for?
    """)


@pytest.mark.parametrize(
    "typed", ["coffee", "COFFEE", " Coffee! ", "2", "２", "2.", "cofee", "coffe", "☕", "Coffee ☕"]
)
def test_what_is_typed_works_like_the_tap(talk: Talk, offer: Offer, typed: str) -> None:
    def choose(chat: Chat) -> None:
        chat.say("You said " + chat.choose("drink", "Which?", {"tea": "🍵 Tea", "coffee": "☕ Coffee"}))

    offer(choose)
    talk.types("order")
    talk.shown()
    talk.types(typed)
    assert talk.shown() == ["You said coffee"]


@pytest.mark.parametrize("typed", ["don't cancel the meeting", "do not cancel the meeting", "never cancel the meeting"])
def test_a_word_more_is_no_slip(talk: Talk, offer: Offer, typed: str) -> None:
    def decide(chat: Chat) -> None:
        chat.choose("do", "What now?", {"cancel": "Cancel the meeting", "keep": "Keep it as it is"})
        chat.say("Done.")

    offer(decide)
    talk.types("order")
    talk.types(typed)
    assert talk.messages()[-1].text != "Done."


def test_a_thumb_is_a_yes_and_a_thumb_down_a_no(talk: Talk, offer: Offer) -> None:
    offer(lambda chat: chat.say(str(chat.agree("sure", "Sure?"))))
    for typed, meant in (("👍", "True"), ("👎", "False"), ("👍🏽", "True")):
        talk.types("order")
        talk.types(typed)
        assert talk.messages()[-1].text == meant


def test_words_that_contain_a_command_are_not_the_command(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk("""
        > order
        ...
        > tea
        ...
        > please stop the menu from coming back
        One tea for please stop the menu from coming back? [Yes] [No]
    """)


def test_a_story_is_gathered_from_several_messages_and_a_photo(talk: Talk, offer: Offer) -> None:
    def story(chat: Chat) -> None:
        told = chat.gather("story", "Tell me.")
        chat.say(f"{told.text} ({len(told.attachments)})")

    offer(story)
    talk("""
        > order
        Tell me.
        > It began in March.
        I have kept that. You can add more, or a photo or a voice note. [That is all]
        > It has not ended.
        I have kept that. You can add more, or a photo or a voice note. [That is all]
    """)
    talk.sends("photo", text="Here it is.")
    talk.shown()
    talk("""
        (restart)
        > done
        It began in March.
        It has not ended.
        Here it is. (1)
    """)


def test_several_are_marked_and_unmarked(talk: Talk, offer: Offer) -> None:
    def needs(chat: Chat) -> None:
        chat.say(
            ", ".join(chat.several("needs", "What do you need?", {"ramp": "A ramp", "quiet": "A quiet room"})) or "-"
        )

    offer(needs)
    talk("""
        > order
        What do you need? [A ramp] [A quiet room] [None of these]
        > a ramp
        What do you need? [✓ A ramp] [A quiet room] [That is all]
        > 2
        What do you need? [✓ A ramp] [✓ A quiet room] [That is all]
        > a ramp
        What do you need? [A ramp] [✓ A quiet room] [That is all]
        > done
        quiet
    """)


def test_a_reader_says_what_would_do_and_a_kept_value_is_recalled(talk: Talk, offer: Offer) -> None:
    def read_days(text: str) -> timedelta:
        if not text.isdigit():
            raise NotUnderstood("Please type a number of days.")
        return timedelta(days=int(text))

    def recall_days(kept: str) -> timedelta:
        if not kept.endswith("0:00:00"):
            raise Lost(kept)
        return timedelta(days=int(kept.split(maxsplit=1)[0]))

    def wait(chat: Chat) -> None:
        days = chat.ask("days", "How many days?", read_days, recall=recall_days)
        chat.agree("sure", f"{days.days} days, then?")
        chat.say("Noted.")

    offer(wait)
    talk("""
        > order
        How many days?
        > some
        Sorry, I did not understand. Please type a number of days.
        How many days?
        > 3
        3 days, then? [Yes] [No]
        > yep
        Noted.
    """)


def test_two_questions_of_one_name_are_a_programmers_mistake_and_cost_nobody_their_words(
    talk: Talk, offer: Offer
) -> None:
    def twice(chat: Chat) -> None:
        chat.ask("name", "First?")
        chat.ask("name", "Second?")

    offer(twice)
    talk.types("order")
    talk.types("my words")
    assert talk.messages()[-1].text.startswith("Sorry, something went wrong here.")


def test_what_was_said_is_gone_from_a_finished_conversation(talk: Talk, offer: Offer) -> None:
    offer(order)
    for words in ("order", "tea", "Robin", "yes"):
        talk.types(words)
    with reading(talk.engine) as session:
        assert session.scalars(select(Conversation.answers)).all() == [{}]


def test_numbers_of_conversations_are_never_used_again(talk: Talk, offer: Offer) -> None:
    offer(order)
    talk.types("order")
    [first] = talk.kept(Conversation)
    with writing(talk.engine) as session:
        session.delete(session.get_one(Conversation, first.id))
    talk.types("order")
    assert talk.kept(Conversation)[0].id > first.id


def test_what_nobody_may_miss_is_said_whatever_was_answered_already(talk: Talk, offer: Offer) -> None:
    def careful(chat: Chat) -> None:
        if chat.said_so_far("story"):
            chat.say_anyway("Please ring.")
        chat.choose("drink", "Tea or coffee?", {"tea": "Tea", "coffee": "Coffee"})
        chat.gather("story", "Tell me.", more="More?")
        chat.say("Thank you.")

    offer(careful)
    talk("""
        > order
        Tea or coffee? [Tea] [Coffee]
        > tea
        Tell me.
        > my story
        Please ring.
        More? [That is all]
        > done
        Please ring.
        Thank you.
    """)


def test_a_tap_from_a_list_that_has_moved_on_is_read_like_words(talk: Talk, offer: Offer) -> None:
    shown = {"a": "A"}

    def pick(chat: Chat) -> None:
        chat.say(f"You took {chat.ask('which', 'Which one?', str.lower, suggest=shown)}.")

    offer(pick)
    talk("""
        > order
        Which one? [A]
    """)
    shown.clear()
    talk.taps("A")
    assert talk.shown() == ["You took a."]


def test_what_is_done_at_once_stands_while_a_question_is_open_and_the_rest_does_not(talk: Talk, offer: Offer) -> None:
    def quiet(chat: Chat) -> None:
        def stop() -> None:
            chat.person.stopped_at = chat.person.stopped_at or now()

        chat.at_once(stop)
        chat.person.needs = {"words": "a chair"}
        chat.agree("more", "Is that all?")

    offer(quiet)
    talk("""
        > order
        Is that all? [Yes] [No]
    """)
    [person] = talk.kept(Person)
    assert person.stopped_at is not None
    assert person.needs is None
    talk("""
        (restart)
        (later 2 hours)
        > yes
    """)
    [answered] = talk.kept(Person)
    assert answered.stopped_at == person.stopped_at
    assert answered.needs == {"words": "a chair"}


def test_a_flow_may_end_from_deep_inside_and_what_it_wrote_stands(talk: Talk, offer: Offer) -> None:
    def ask_first(chat: Chat) -> None:
        if not chat.agree("sure", "Is that OK?"):
            chat.person.needs = {"words": "nothing"}
            chat.say("That is fine.")
            chat.finish()

    def outer(chat: Chat) -> None:
        ask_first(chat)
        chat.ask("words", "What then?")

    offer(outer)
    talk("""
        > order
        Is that OK? [Yes] [No]
        > no
        That is fine.
    """)
    [person] = talk.kept(Person)
    [conversation] = talk.kept(Conversation)
    assert person.needs == {"words": "nothing"}
    assert conversation.ended is not None


def test_the_words_on_a_button_win_over_a_word_that_works_anywhere(talk: Talk, offer: Offer) -> None:
    def ways(chat: Chat) -> None:
        way = chat.choose("way", "Where to?", {"h": "Home", "s": "School"})
        chat.say(f"You go {way}.")

    offer(ways)
    talk("""
        > order
        Where to? [Home] [School]
        > home
        You go h.
    """)
