"""A family tells its partnership something."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select

from handlers import half_way
from models.alert import Alert
from models.attachment import Attachment
from models.conversation import Conversation
from models.feedback import (
    Feedback,
    FeedbackNote,
    Status,
    Visibility,
    as_takeaway,
    erase_feedback_of,
    feedback_of,
    give_feedback,
)
from models.outgoing import Class
from models.person import Kind, Person
from models.role import RoleName
from tests.company import colleague, family, on_duty, references_in_order, with_a_team
from tests.talk import Talk

TOPICS = (
    "[School] [Care plan (EHCP)] [Health and therapies] [Transport] [Short breaks] [Moving to adult life] "
    "[Something else]"
)
FACES = "[😞 Very bad] [🙁 Bad] [😐 In the middle] [🙂 Good] [😀 Very good]"
WAITING = "We aim to answer by Tuesday 1 December 2026. It may take longer."
ADVICE = (
    "For free advice that takes no side, ask Tameside SENDIASS: https://tamesidelocaloffer.co.uk/ (not checked yet)"
)
NOBODY_WATCHES = "Nobody is watching messages here. If you need help, please ring."
WHO_MAY_SEE = (
    "Who may see it? Staff are the people from the services that work together here. “Everyone” means that it may be "
    "shown on a public page."
)
WHO = "[Only staff, no name] [Everyone, no name] [Only the parent forum] [Staff, with my name]"
OWN_WORDS = "Tell us in your own words. You can send a photo or a voice note too. Please leave out names."
KEPT = "I have kept that. You can add more, or a photo or a voice note. [That is all]"


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def test_one_tap_is_three_taps(talk: Talk) -> None:
    family(talk)
    talk("> tell us\n...")
    talk.shown()
    talk.taps("One tap")
    talk.taps("Transport")
    talk.taps("🙁 Bad")
    assert talk.shown()[-4:] == [
        "We have sent: Transport, 🙁 Bad.",
        f"Thank you. Your reference is 222222. {WAITING}",
        ADVICE,
        f"{NOBODY_WATCHES} [Find who can help] [Add your own words] [Take it back]",
    ]
    [feedback] = talk.kept(Feedback)
    assert (feedback.topic, feedback.feeling, feedback.text) == ("transport", 2, "")
    assert (feedback.visibility, feedback.name, feedback.status) == (Visibility.PARTNERSHIP, None, Status.HEARD)
    assert (feedback.said_by, feedback.answer_by) == (Kind.PARENT, date(2026, 12, 1))


def test_one_tap_can_be_taken_back(talk: Talk) -> None:
    family(talk)
    talk("""
        > tell us
        ...
        > one tap
        ...
        > something else
        ...
        > 🙂
        We have sent: Something else, 🙂 Good.
        Thank you. Your reference is 222222. We aim to answer by Tuesday 1 December 2026. It may take longer.
        Nobody is watching messages here. If you need help, please ring. [Add your own words] [Take it back]
    """)
    talk.taps("Take it back")
    talk("""
        > hmm
        Take this back? It is deleted, with all that was written about it.
        Something else, 🙂 Good [Yes, take it back] [No, keep it]
        Sorry, I did not understand. Please tap one of the buttons, or type its words.
        Take this back? It is deleted, with all that was written about it.
        Something else, 🙂 Good [Yes, take it back] [No, keep it]
        > yes
        It is taken back. 222222 is deleted. If staff have seen it already, I cannot change that.
    """)
    assert talk.kept(Feedback) == []
    talk.taps("Take it back")  # the old button, once more
    assert talk.shown() == ["Which one? Please type its reference."]


def test_the_whole_story_in_several_messages_with_a_photo_and_a_restart(talk: Talk) -> None:
    family(talk)
    talk(f"""
        > Tell Us
        How much would you like to say? [One tap] [Two minutes] [The whole story]
        > the hole story
        What is it about? {TOPICS}
        > transprt
        Tell us the whole story. What happened? What did it mean for you? What would help? You can send many \
messages, photos and voice notes. Please leave out names.
        > The taxi was late again.
        {KEPT}
        (restart)
        > Nobody rang us.
        {KEPT}
    """)
    talk.sends("photo")
    talk(f"""
        > that's all
        {KEPT}
        How does it feel to you? {FACES} [Skip]
        > awful
        Is somebody in danger now? [Yes] [No] [Not sure]
        > no
        Whose words are these? [My own] [My child's] [Both of us] [Skip]
        (later 3 days)
        > my child's
        {WHO_MAY_SEE} {WHO}
        > by name
        Which name may staff see?
        > Sam's mum
        This is what we will send:
        About: Transport
        “The taxi was late again.
        Nobody rang us.”
        With 1 photo, voice note or file.
        How it feels: 😞 Very bad
        Whose words: My child's
        Who may see it: Staff, with my name
        Name: Sam's mum
        Shall I send it? [Send it] [Change something] [Throw it away]
        > 1
        Thank you. Your reference is 222222. We aim to answer by Friday 4 December 2026. It may take longer.
        {ADVICE}
        {NOBODY_WATCHES} [Find who can help] [My things]
    """)
    [feedback] = talk.kept(Feedback)
    assert feedback.text == "The taxi was late again.\nNobody rang us."
    assert (feedback.voice, feedback.name, feedback.visibility) == ("child", "Sam's mum", Visibility.NAMED)
    [photo] = talk.kept(Attachment)
    assert photo.feedback_id == feedback.id


@pytest.mark.both_databases
def test_everything_can_be_changed_before_it_is_sent(talk: Talk) -> None:
    family(talk)
    talk(f"""
        > feedback
        ...
        > two minutes
        ...
        > school
        {OWN_WORDS}
        > They listen now.
        {KEPT}
        > done
        How does it feel to you? {FACES} [Skip]
        > skip
        {WHO_MAY_SEE} {WHO}
        > only staff
        This is what we will send:
        About: School
        “They listen now.”
        Who may see it: Only staff, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > change something
        What would you like to change? [What it is about] [The words] [How it feels] [Whose words] [Who may see it]
        > the words
        Please say it again from the start. It takes the place of what you said before, photos too.
        > They listen to us now. Thank you!
        {KEPT}
        > that is all
        This is what we will send:
        About: School
        “They listen to us now. Thank you!”
        Who may see it: Only staff, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > change
        ...
        > how it feels
        How does it feel to you? {FACES} [Skip]
        > 5
        This is what we will send:
        About: School
        “They listen to us now. Thank you!”
        How it feels: 😀 Very good
        Who may see it: Only staff, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > change
        ...
        > whose words
        Whose words are these? [My own] [My child's] [Both of us] [Skip]
        > both
        ...
        > change
        ...
        > what it is about
        What is it about? {TOPICS}
        > health
        ...
        > change
        ...
        > who may see it
        {WHO_MAY_SEE} {WHO}
        > everyone
        This is what we will send:
        About: Health and therapies
        “They listen to us now. Thank you!”
        How it feels: 😀 Very good
        Whose words: Both of us
        Who may see it: Everyone, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > back
        {WHO_MAY_SEE} {WHO}
        > everyone
        ...
        > send it
        ...
    """)
    [feedback] = talk.kept(Feedback)
    assert (feedback.topic, feedback.feeling, feedback.voice) == ("health", 5, "both")
    assert (feedback.text, feedback.visibility) == ("They listen to us now. Thank you!", Visibility.EVERYONE)


def test_more_words_and_a_photo_at_a_later_question_join_the_story(talk: Talk) -> None:
    family(talk)
    talk(f"""
        > tell us
        ...
        > two minutes
        ...
        > transport
        ...
        > The taxi came late.
        {KEPT}
        > that is all
        How does it feel to you? {FACES} [Skip]
        > He missed the register again.
        Is this part of what you are telling us? [Yes, add it] [No, something else]
        (restart)
        > yes
        I have added it.
        You had started this before. Let us go on where you were.
        How does it feel to you? {FACES} [Skip]
        > bad
        {WHO_MAY_SEE} {WHO}
    """)
    talk.sends("photo")
    assert talk.shown() == ["Is this part of what you are telling us? [Yes, add it] [No, something else]"]
    talk("""
        > yes, add it
        ...
        > only staff
        This is what we will send:
        About: Transport
        “The taxi came late.
        He missed the register again.”
        With 1 photo, voice note or file.
        ...
        > what did the council say about taxis in the paper
        Is this part of what you are telling us? [Yes, add it] [No, something else]
        > no
        ...
    """)
    talk.types("menu")
    talk.taps("Go on where I was")
    talk.types("menu")


def test_an_older_button_corrects_its_answer_and_no_words_are_lost(talk: Talk) -> None:
    family(talk)
    talk(f"""
        > tell us
        ...
        > two minutes
        ...
        > school
        ...
        > The taxi came late.
        {KEPT}
        > that is all
        ...
    """)
    talk.taps("Transport")
    assert talk.shown() == [f"How does it feel to you? {FACES} [Skip]"]
    talk("""
        > bad
        ...
        > only staff
        This is what we will send:
        About: Transport
        “The taxi came late.”
        ...
        > change something
        ...
        > the words
        ...
        > It never came.
        ...
        > that is all
        ...
    """)
    talk.taps("Staff, with my name")
    assert talk.shown() == ["Which name may staff see?"]
    talk("""
        > Pat
        This is what we will send:
        About: Transport
        “It never came.”
        How it feels: 🙁 Bad
        Who may see it: Staff, with my name
        Name: Pat
        ...
    """)
    talk.taps("One tap")
    assert "“It never came.”" in talk.shown()


def test_what_is_thrown_away_is_gone_with_its_photo(talk: Talk) -> None:
    family(talk)
    talk("> tell us\n...\n> two minutes\n...\n> school\n...")
    talk.sends("voice")
    talk(f"""
        > done
        {KEPT}
        ...
        > bad
        ...
        > everyone
        This is what we will send:
        About: School
        With 1 photo, voice note or file.
        How it feels: 🙁 Bad
        Who may see it: Everyone, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > throw it away
        It is thrown away. Nothing was sent.
        What would you like to do? [Tell us] [Find who can help] [Meetings] [You said, we are doing] [My things]
    """)
    assert talk.kept(Feedback) == []
    assert talk.kept(Attachment) == []
    talk.taps("Send it")
    assert talk.shown()[0] == "That is over. This button does nothing now."
    assert talk.kept(Feedback) == []


def test_a_young_person_is_asked_less(talk: Talk) -> None:
    family(talk, Kind.YOUNG)
    talk(f"""
        > tell us
        ...
        > the whole story
        ...
        > school
        Say it in your own words. You can send a photo or a voice note too.
        > the hall is too loud
        {KEPT}
        > done
        ...
        > bad
        This is what we will send:
        About: School
        “the hall is too loud”
        How it feels: 🙁 Bad
        Who may see it: Only staff, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > change something
        What would you like to change? [What it is about] [The words] [How it feels] [Who may see it]
        > back
        ...
        > send it
        ...
    """)
    [feedback] = talk.kept(Feedback)
    assert (feedback.said_by, feedback.voice, feedback.visibility) == (Kind.YOUNG, None, Visibility.PARTNERSHIP)


def test_a_stranger_is_asked_to_agree_first_and_what_they_wrote_is_kept_meanwhile(talk: Talk) -> None:
    talk("> We waited a whole year for speech therapy, nobody told us why\n...")
    if "What should I do" in talk.messages()[-1].text:
        talk.taps("Pass them on")
    assert talk.messages()[-1].text.endswith("Is that OK?")
    assert talk.kept(Feedback) == []
    talk.taps("Yes, that is OK")
    talk.shown()
    talk("""
        > health and therapies
        How does it feel to you? [😞 Very bad] [🙁 Bad] [😐 In the middle] [🙂 Good] [😀 Very good] [Skip]
        > 1
        Is somebody in danger now? [Yes] [No] [Not sure]
        > nobody
        ...
        > 1
        This is what we will send:
        About: Health and therapies
        “We waited a whole year for speech therapy, nobody told us why”
        How it feels: 😞 Very bad
        Who may see it: Only staff, no name
        Shall I send it? [Send it] [Change something] [Throw it away]
        > send
        ...
    """)
    assert len(talk.kept(Feedback)) == 1


def test_where_somebody_is_on_duty_it_says_who_reads_and_when(talk: Talk) -> None:
    watched = with_a_team(talk.partnership)
    area = watched.area
    other = Talk(talk.engine, watched, talk.clock, key="9")
    on_duty(other, "7")
    family(other)
    other(f"""
        > tell us
        ...
        > two minutes
        ...
        > school
        {area.office.read_by}
        {OWN_WORDS}
    """)


def test_for_the_forum_only_says_when_nobody_from_it_reads_yet(talk: Talk) -> None:
    family(talk)
    talk("> tell us\n...\n> two\n...\n> school\n...\n> It is for parents.\n...\n> done\n...\n> skip\n...")
    talk("""
        > only the parent forum
        Nobody from the forum reads here yet, so it may have to wait.
        This is what we will send:
        ...
        > send
        ...
    """)
    [feedback] = talk.kept(Feedback)
    assert feedback.visibility is Visibility.FORUM


# -- stopping half-way


def half_written(talk: Talk) -> None:
    family(talk)
    talk("> tell us\n...\n> two minutes\n...\n> transport\n...\n> The taxi did not come.\n...")


def the_conversation(talk: Talk) -> Conversation:
    return next(one for one in talk.kept(Conversation) if one.flow == "tell_us")


def test_stopping_half_way_still_counts_if_they_say_so(talk: Talk) -> None:
    half_written(talk)
    assert half_way.wrote_something(the_conversation(talk), talk.partnership.area)
    talk.hear(tap="s:half_way")
    assert talk.shown() == [
        "You wrote something and did not send it.",
        "“The taxi did not come.” [Send it as it is] [Throw it away] [Go on]",
    ]
    talk(
        f"""
        > send it as it is
        Thank you. Your reference is 222222. {WAITING}
        {ADVICE}
        {NOBODY_WATCHES} [Find who can help] [My things]
        ...
    """
    )
    [feedback] = talk.kept(Feedback)
    assert (feedback.text, feedback.topic, feedback.visibility) == (
        "The taxi did not come.",
        "transport",
        Visibility.PARTNERSHIP,
    )
    assert the_conversation(talk).ended is not None


def test_the_clocks_question_has_buttons_that_work_days_later(talk: Talk) -> None:
    half_written(talk)
    asked = half_way.asked_what_becomes_of_it(talk.partnership.area, the_conversation(talk))
    assert asked.text == "You wrote something and did not send it.\n“The taxi did not come.”"
    ways = {button.label: button.tap for button in asked.buttons}
    talk("(later 5 days)")
    talk.hear(tap=ways["Go on"])
    assert talk.shown()[-1] == KEPT
    talk.hear(tap=ways["Throw it away"])
    assert talk.shown()[0] == "It is thrown away. Nothing was sent."
    assert talk.kept(Feedback) == []
    talk.hear(tap=ways["Send it as it is"])
    assert talk.shown() == ["You have nothing unsent."]


def test_what_was_chosen_last_is_what_is_sent_half_way(talk: Talk) -> None:
    area = talk.partnership.area
    draft = half_way.draft_in(
        {
            "length": "two",
            "topic": "school",
            "story": {"text": "Old words", "attachments": []},
            "feeling": "2",
            "who": "named",
            "name": "Sam",
            "sure": "change",
            "part2": "words",
            "story2…": {"text": "New words", "attachments": [4]},
        },
        area,
    )
    assert (draft.topic, draft.story.text, draft.story.attachments, draft.feeling) == ("school", "New words", (4,), 2)
    assert (draft.visibility, draft.name) == (Visibility.NAMED, "Sam")
    nameless = half_way.draft_in({"story": "Words", "who": "named"}, area)
    assert (nameless.topic, nameless.visibility, nameless.name) == ("other", Visibility.PARTNERSHIP, None)


# -- danger


def test_words_of_danger_bring_numbers_at_once_and_an_alert_without_words(talk: Talk) -> None:
    protector = colleague(talk, "8", RoleName.SAFEGUARDING)
    reader = colleague(talk, "9")
    family(talk)
    talk("> tell us\n...\n> two minutes\n...\n> school\n...")
    talk.types("I want to kill myself")
    said = talk.shown()
    assert said[0] == "This sounds serious. Please do not wait for an answer here. You can ring:"
    assert any("999" in line for line in said)
    assert any("116 123" in line for line in said)
    assert said[-2:] == [
        (
            "I am also telling staff that somebody may need help. I cannot say when they will look. "
            "If I hear nothing more from you for 10 minutes, I show staff what you wrote here."
        ),
        KEPT,
    ]
    [alert] = talk.kept(Alert)
    assert (alert.conversation_id, alert.feedback_id, alert.seen_at) == (the_conversation(talk).id, None, None)
    [told] = protector.rows()
    assert told.kind is Class.ALERT
    assert protector.shown() == [f"Somebody may be at risk. The code is A{alert.id}. Please look now. [I have it]"]
    assert reader.rows() == []
    talk(f"""
        > I really want to kill myself
        {KEPT}
    """)  # once in a conversation
    assert len(talk.kept(Alert)) == 1


def test_nothing_is_said_of_staff_where_there_are_none(talk: Talk) -> None:
    family(talk)
    talk("> tell us\n...\n> two minutes\n...\n> school\n...")
    talk.types("I want to kill myself")
    assert not any("telling staff" in line for line in talk.shown())
    assert len(talk.kept(Alert)) == 1


def test_danger_in_words_filled_in_comes_before_the_agreement(talk: Talk) -> None:
    talk.hear(tap="s:tell_us:story=I want to kill myself")
    said = talk.shown()
    assert said[0] == "This sounds serious. Please do not wait for an answer here. You can ring:"
    assert said[-1].startswith("Is that OK?")
    assert len(talk.kept(Alert)) == 1


def test_danger_at_the_end_of_a_very_long_story_is_seen(talk: Talk) -> None:
    family(talk)
    talk("> tell us\n...\n> the whole story\n...\n> school\n...")
    talk.types("They were kind to us at the school. " * 300 + "I want to kill myself.")
    assert talk.shown()[0].startswith("This sounds serious.")


# -- one's own words, later


def test_all_of_it_can_be_taken_away_and_erased(talk: Talk) -> None:
    family(talk)
    area = talk.partnership.area
    with talk.writing() as session:
        person = talk.person(session)
        shared = give_feedback(
            session, area, person, topic="school", text="For all", visibility=Visibility.EVERYONE, name="never kept"
        )
        give_feedback(session, area, person, topic="plan", text="For staff", feeling=4)
        assert [as_takeaway(one)["text"] for one in feedback_of(session, person)] == ["For staff", "For all"]
        assert as_takeaway(shared)["statuses"] == [
            {"status": "heard", "reason": "", "at": "2026-11-10T10:00:00+00:00"},
        ]
        assert erase_feedback_of(session, person, keep_shared=True) == 1
        session.execute(delete(Person).where(Person.id == person.id))
    [left] = talk.kept(Feedback)
    assert (left.text, left.person_id, left.name) == ("For all", None, None)


def test_nobody_answers_back_to_somebody_elses_words(talk: Talk) -> None:
    family(talk)
    with talk.writing() as session:
        give_feedback(session, talk.partnership.area, talk.person(session), topic="school", text="Mine")
    other = family(talk.another("2"))
    other.hear(tap="s:answer_back:feedback=222222")
    assert other.shown()[-1] == "Which one? Please type its reference."
    other("""
        > 222222
        Sorry, I did not understand. I do not find that reference among your own.
        Which one? Please type its reference.
    """)
    assert talk.kept(FeedbackNote) == []
    with talk.writing() as session:
        assert session.scalars(select(Feedback)).one().answered is None
