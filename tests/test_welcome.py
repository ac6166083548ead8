"""A first meeting: who this is, in which language, who they are, and what they agree to."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine
from sqlalchemy import Engine

from handlers import ERRANDS
from handlers.consent import agreed
from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import languages
from models import consent
from models.consent import ConsentText
from models.conversation import Conversation
from models.partnership import Partnership
from models.person import Address, Kind, Person
from models.received import Received
from tests.company import on_duty, with_a_team
from tests.talk import Talk

HELLO = "Hello. This is the chat of Tameside's partnership for children and young people with special needs and disabilities."
KEPT = (
    "I keep what you tell us for 24 months, and your language and who you are. Why? So that you can see what came of it, "
    "and for two yearly reports. You can see it, take it or delete it at any time: type “my things”."
)


@pytest.fixture
def talk(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    """In one language, so that what is said here does not depend on which translations there are."""
    area = tameside.area.model_copy(update={"languages": ("en",)})
    return Talk(engine, replace(tameside, area=area), clock)


def test_a_parent_is_welcomed_and_agrees(talk: Talk) -> None:
    talk(f"""
        > hello
        {HELLO}
        Who are you? [A parent or carer] [A young person] [I work with families]
        (restart)
        > mum
        I am a computer program, not a person.
        {KEPT}
        Is that OK? [Yes, that is OK] [Tell me more] [No, thank you]
        > yes
        Thank you. You can change this at any time: type “welcome”.
        ...
    """)
    [person] = talk.kept(Person)
    [text] = talk.kept(ConsentText)
    assert person.kind is Kind.PARENT
    assert person.agreed_to == text.version == consent.version(talk.partnership.area)
    assert KEPT in text.text


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("I am a parent", Kind.PARENT),
        ("im a mum of 2 boys", Kind.PARENT),
        ("we're grandparents", Kind.PARENT),
        ("I'm a foster carer", Kind.PARENT),
        ("i am a dad to a little girl with autism", Kind.PARENT),
        ("im the mum", Kind.PARENT),
        ("i'm a young person", Kind.YOUNG),
        ("I am a SENCO", Kind.PROFESSIONAL),
        ("im not a parent", None),
    ],
)
def test_who_says_what_they_are_has_chosen(talk: Talk, typed: str, kind: Kind | None) -> None:
    talk.types("hello")
    talk.types(typed)
    assert ("I am a computer program, not a person." in "\n".join(talk.shown())) is (kind is not None)
    if kind is not None:
        talk.types("yes")
        assert talk.kept(Person)[0].kind is kind


def test_pressing_the_first_button_of_every_question_gets_through(talk: Talk) -> None:
    talk.types("/start")
    for _question in range(2):
        talk.hear(tap=talk.messages()[-1].buttons[0].tap)
    assert talk.messages()[-1].text.endswith("What would you like to do?")


def test_what_is_kept_can_be_read_in_full_before_agreeing(talk: Talk) -> None:
    talk("""
        > /start
        ...
        > I work with families
        ...
        > tel me more
        What you tell us: 24 months. So that you can see what came of it, and for two yearly reports.
        Finished chats, without your words: 1 month. So that you can go back and change an answer.
        Messages we sent you; in the web chat, yours too: 3 months. So that we can see whether a message reached you.
        What you looked for: 12 months. So that we learn what families look for and cannot find.
        Meetings you said yes to: 12 months. So that we can send you the notes, and count who could take part.
        Your language and who you are: 24 months. So that we know how to write to you. This is counted from your last message.
        Your words, if somebody was at risk, once that is over: 3 months. So that whoever looks into it can read them. The services that help keep their own record.
        A note, if somebody may have been at risk: 12 months. So that we can show what was done when somebody may have been at risk.
        A list of who looked at your words: 24 months. So that you can ask which staff looked at your words.
        What you begin and do not send: 14 days.
        Is that OK? [Yes, that is OK] [No, thank you]
        > yes
        Thank you. You can change this at any time: type “welcome”.
        ...
    """)
    [person] = talk.kept(Person)
    assert person.kind is Kind.PROFESSIONAL
    assert person.agreed_to is not None


def test_a_young_person_gets_shorter_words_and_bigger_buttons(talk: Talk) -> None:
    talk("""
        > hi
        ...
        > young person
        I am a computer program, not a person.
        I keep what you tell us for 24 months. Then it is deleted. You can look at it or delete it at any time: type “my things”.
        Is that OK? [Yes, that is OK] [Tell me more] [No, thank you]
    """)
    assert talk.messages()[-1].tall
    talk("""
        > ok
        Thank you. You can change this at any time: type “welcome”.
        ...
    """)


def test_who_says_no_can_still_find_out_who_to_ring(talk: Talk) -> None:
    talk("""
        > hello
        ...
        > 1
        ...
        > no
        That is fine. Nothing was sent to anybody. You can still find out who can help, and who to ring. [Find who can help] [Help now]
    """)
    [person] = talk.kept(Person)
    assert person.agreed_to is None
    talk.taps("Help now")
    assert "999" in talk.messages()[-3].text


def test_who_says_no_leaves_nothing_behind(talk: Talk) -> None:
    web = talk.another("a-browser", channel="web")
    web.hear(text="the school never rings me back and i am so tired of it all", keep_words=True)
    web.sends("photo")
    web("(later 1 minute)")
    web.types("tell us")
    web.types("no")
    assert "Nothing was sent to anybody." in web.messages()[-1].text
    [person] = talk.kept(Person)
    assert (person.kind, person.agreed_to) == (None, None)
    assert not any(one.said for one in talk.kept(Received))
    assert not any("never rings" in str(one.answers) for one in talk.kept(Conversation) if one.ended)


def test_no_after_tell_me_more_is_a_no(talk: Talk) -> None:
    talk("""
        > hello
        ...
        > parent
        ...
        > more
        ...
        > no thank you
        That is fine. Nothing was sent to anybody. You can still find out who can help, and who to ring. [Find who can help] [Help now]
    """)


def test_who_comes_again_sees_the_menu_or_changes_who_they_are(talk: Talk) -> None:
    talk("""
        > hello
        ...
        > parent
        ...
        > yes
        ...
        > hello
        Hello again. What would you like? [See the menu] [Change who I am]
        > change
        Hello. This is the chat of Tameside's partnership for children and young people with special needs and disabilities.
        Who are you? [A parent or carer] [A young person] [I work with families]
        > teacher
        Thank you. You can change this at any time: type “welcome”.
        ...
        > welcome
        Hello again. What would you like? [See the menu] [Change who I am]
        (restart)
        > 2
        ...
    """)
    # What they said before comes first.
    assert talk.messages()[-1].buttons[0].label == "I work with families"
    [person] = talk.kept(Person)
    assert person.kind is Kind.PROFESSIONAL


def test_below_a_channels_age_they_are_told_kindly_where_else_to_go(talk: Talk) -> None:
    young = talk.another("7", channel="telegram")
    young("""
        > /start
        ...
        > a young person
        Are you 16 or older? [Yes] [No]
        > no
        This app is for people who are 16 or older. You did nothing wrong. You can talk to us here, at any age: http://127.0.0.1:8080
        You can talk to Childline for free: 0800 1111.
        Did you press the wrong button? Type “welcome”. [Help now]
        > my school is awful and nobody listens
        This app is for people who are 16 or older. You did nothing wrong. You can talk to us here, at any age: http://127.0.0.1:8080
        You can talk to Childline for free: 0800 1111.
        Did you press the wrong button? Type “welcome”. [Help now]
        > menu
        This app is for people who are 16 or older. You did nothing wrong. You can talk to us here, at any age: http://127.0.0.1:8080
        You can talk to Childline for free: 0800 1111.
        Did you press the wrong button? Type “welcome”. [Help now]
        (restart)
    """)
    [person] = talk.kept(Person)
    assert (person.kind, person.agreed_to) == (None, None)
    young.types("help")
    assert "Childline: 0800 1111" in "\n".join(young.shown())


def test_a_wrong_press_about_age_can_be_put_right(talk: Talk) -> None:
    young = talk.another("7", channel="telegram")
    young("""
        > /start
        ...
        > a young person
        Are you 16 or older? [Yes] [No]
        > no
        ...
        > welcome
        ...
        > a young person
        Are you 16 or older? [Yes] [No]
        > yes
        ...
        > yes
        Thank you. You can change this at any time: type “welcome”.
        ...
    """)
    [address] = talk.kept(Address)
    assert address.closed_at is None


def test_what_was_begun_before_the_age_was_known_does_not_go_on(talk: Talk) -> None:
    young = talk.another("7", channel="telegram")
    young("""
        > tell us
        ...
        > welcome
        ...
        > a young person
        ...
        > no
        ...
        > go on
        There is nothing unfinished.
        This app is for people who are 16 or older. You did nothing wrong. You can talk to us here, at any age: http://127.0.0.1:8080
        ...
    """)


def test_on_the_web_chat_nobody_is_asked_their_age(talk: Talk) -> None:
    young = talk.another("7", channel="web")
    young("""
        > hello
        ...
        > a young person
        I am a computer program, not a person.
        ...
    """)


def test_a_text_that_changed_is_asked_about_again(talk: Talk) -> None:
    with talk.writing() as session:
        person = talk.person(session)
        person.agreed_to = "an-older-text"
    talk("""
        > tell us
        I am a computer program, not a person.
        ...
        > yes
        ...
    """)
    [person] = talk.kept(Person)
    assert person.agreed_to == consent.version(talk.partnership.area)


def test_an_agreement_is_asked_for_once_and_stands_though_the_errand_is_left(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keeps_something(chat: Chat) -> None:
        agreed(chat)
        chat.ask("word", "Which word?")
        chat.say("Kept.")

    monkeypatch.setitem(ERRANDS, "keep_it", Errand(keeps_something, label=lambda: "Keep it"))
    talk("""
        > keep it
        ...
        > yes
        Which word?
        > menu
        ...
    """)
    old_button = next(one for one in talk.messages() if "Is that OK?" in one.text).buttons[2]
    [person] = talk.kept(Person)
    assert person.agreed_to is not None
    talk("""
        > keep it
        You had started this before. Let us go on where you were.
        Which word?
    """)
    # An old “no” takes the agreement back.
    talk.hear(tap=old_button.tap)
    [person] = talk.kept(Person)
    assert person.agreed_to is None


def test_the_web_page_has_asked_for_the_language_already(talk: Talk, tameside: Partnership) -> None:
    web = Talk(talk.engine, tameside, talk.clock, key="a-browser", channel="web", language="ur")
    web.types("/start")
    assert [button.tap.rsplit(":", 1)[1] for button in web.messages()[-1].buttons] == [
        "parent",
        "young",
        "professional",
    ]


def test_somebody_on_duty_is_named_where_there_is_somebody(talk: Talk, halton_watched: Partnership) -> None:
    watched = Talk(talk.engine, halton_watched, talk.clock, key="9")
    on_duty(watched, "7")
    watched("""
        > hello
        ...
        > parent
        I am a computer program, not a person.
        Staff look at messages on working days, from 9am to 5pm. It can take days before they get to yours. They do not look at night or on days off.
        ...
    """)


@pytest.fixture
def halton_watched(tameside: Partnership) -> Partnership:
    watched = with_a_team(tameside)
    return replace(watched, area=watched.area.model_copy(update={"languages": ("en",)}))


@pytest.mark.skipif("pl" not in languages(), reason="there is no Polish catalogue yet")
def test_the_language_comes_first_and_the_devices_own_is_the_first_choice(
    talk: Talk, tameside: Partnership, clock: time_machine.Traveller
) -> None:
    polish = Talk(talk.engine, tameside, clock, key="8", language="pl")
    polish.types("/start")
    first = polish.messages()[-1]
    assert [button.label for button in first.buttons] == ["Polski", "English", "اردو"]
    polish.types("اردو")
    with talk.writing() as session:
        assert polish.person(session).language == "ur"


@pytest.mark.skipif("pl" not in languages(), reason="there is no Polish catalogue yet")
def test_typing_a_languages_name_changes_to_it_from_anywhere(
    talk: Talk, tameside: Partnership, clock: time_machine.Traveller
) -> None:
    someone = Talk(talk.engine, tameside, clock, key="8")
    for said, expected in (("polski", "pl"), ("اردو", "ur"), ("english", "en"), ("Polish", "pl")):
        someone.types(said)
        with talk.writing() as session:
            assert someone.person(session).language == expected
