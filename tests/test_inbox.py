"""Staff read what families said, answer, and say where it stands; the family hears of it and can answer back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from handlers import reception
from handlers.alarm import alert_again, alert_staff
from models.alert import Alert, raise_alert
from models.area import Area
from models.audit import Audit
from models.database import now
from models.feedback import (
    FORUM,
    Feedback,
    FeedbackNote,
    FeedbackStatus,
    ReasonMissing,
    Side,
    Status,
    Visibility,
    answer_back,
    give_feedback,
    promises_due,
    reply,
    set_status,
)
from models.outgoing import Class
from models.person import Person
from models.received import Received, unhandled
from models.role import NotAllowed, Role, RoleName
from tests.company import colleague, family, references_in_order
from tests.talk import Talk

DECISIONS = (
    "[Told the right team] [Handed it on] [Wrote to the family] [Rang somebody] [Nothing to go on] [Nobody is at risk]"
)
DO = "What would you like to do? [Reply] [Say where it stands] [More] [Back to the list]"


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


@pytest.fixture
def area(talk: Talk) -> Area:
    return talk.partnership.area


def says(talk: Talk, text: str = "The taxi was late again.", topic: str = "transport", **more: object) -> str:
    """This family has told the partnership something. Returns its reference."""
    family(talk)
    with talk.writing() as session:
        area = talk.partnership.area
        return give_feedback(session, area, talk.person(session), topic=topic, text=text, **more).ref  # type: ignore[arg-type]


def looks(talk: Talk) -> list[str]:
    return [row.about for row in talk.kept(Audit) if row.deed == "looked at"]


@pytest.mark.both_databases
def test_a_message_is_read_and_answered_and_the_family_answers_back(talk: Talk) -> None:
    staff = colleague(talk, "2")
    says(talk, feeling=2, voice="child")
    staff(f"""
        > inbox
        What families said. The oldest promise comes first:
        1. 222222: Transport, 🙁 Bad, 15 working days left (by Tue 1 Dec) [1. Transport]
        > 1
        222222: Transport
        How it feels: 🙁 Bad
        From: a parent or carer. Whose words: My child's
        Who may see it: Only staff, no name
        Came on Tuesday 10 November 2026, 10:00.
        Answer promised by Tuesday 1 December 2026.
        Where it stands: Heard
        “The taxi was late again.”
        {DO}
        > reply
        Write your reply. The family gets it as you write it.
        (restart)
        > The EHCP panel will be contacted imminently.
        This could be plainer:
        • Not all know “EHCP”. The first time, write “education, health and care plan (EHCP)”.
        • “will be contacted”: say who does it, such as “we”.
        • You have to be about 14 to read this with ease. Aim for 9: shorter words and sentences.
        They will get:
        Tameside Council answers what you told us (222222):
        “The taxi was late again.”
        The answer:
        The EHCP panel will be contacted imminently.
        Shall I send it? [Send anyway] [Change it] [Do not send]
        > change it
        Write your reply. The family gets it as you write it.
        > We ring the taxi firm on Friday.
        They will get:
        Tameside Council answers what you told us (222222):
        “The taxi was late again.”
        The answer:
        We ring the taxi firm on Friday.
        Shall I send it? [Send it] [Change it] [Do not send]
        > sned it
        It is on its way to them. [Back to the list] [Open it again]
    """)
    assert looks(talk) == ["feedback:1"]
    [told] = talk.rows()
    assert (told.kind, told.about) == (Class.RECEIPT, "feedback:1")
    assert talk.shown() == [
        "Tameside Council answers what you told us (222222):",
        "“The taxi was late again.”",
        "The answer:",
        "We ring the taxi firm on Friday. [Reply]",
    ]
    talk.taps("Reply")
    talk("""
        (restart)
        > Thank you! When will we hear?
        What would you like to say about it? You wrote:
        “The taxi was late again.”
        I have kept that. You can add more, or send it. [Send it]
        > send it
        Thank you. It is sent, and kept with 222222.
        We aim to answer by Tuesday 1 December 2026. It may take longer.
        Nobody is watching messages here. If you need help, please ring.
    """)
    assert [(note.side, note.author_id) for note in talk.kept(FeedbackNote)] == [(Side.STAFF, 1), (Side.FAMILY, 2)]
    staff.shown()
    staff.taps("Open it again")
    assert staff.shown()[-5:] == [
        "We wrote (Tuesday 10 November 2026, 10:00):",
        "“We ring the taxi firm on Friday.”",
        "They wrote (Tuesday 10 November 2026, 10:00):",
        "“Thank you! When will we hear?”",
        "What would you like to do? [Reply] [Say where it stands] [No answer needed] [More] [Back to the list]",
    ]
    staff("""
        > no answer needed
        Nothing is owed for 222222 now. [Back to the list]
    """)
    assert talk.kept(Feedback)[0].answered is not None


def test_a_no_needs_a_because_and_comes_with_free_advice(talk: Talk) -> None:
    staff = colleague(talk, "2")
    says(talk)
    staff("""
        > inbox
        ...
        > 222222
        ...
        > say where it stands
        Where does it stand? [Heard] [Looking into it] [Doing it] [Done] [We can't, because …]
        > we can't
        Why can it not be done? The family reads your words after “because”.
        > The firm has no more cars before May.
        They will get:
        About what you told us (222222):
        “The taxi was late again.”
        We can't do this, because: The firm has no more cars before May.
        For free advice that takes no side, ask Tameside SENDIASS: https://tamesidelocaloffer.co.uk/ (not checked yet)
        Shall I send it? [Send it] [Change it] [Do not send]
        > send it
        It is on its way to them. [Back to the list] [Open it again]
    """)
    assert talk.shown()[2] == "We can't do this, because: The firm has no more cars before May."
    changes = talk.kept(FeedbackStatus)
    assert [(change.status, change.by_id) for change in changes] == [(Status.HEARD, None), (Status.CANNOT, 1)]
    with talk.writing() as session, pytest.raises(ReasonMissing):
        set_status(session, session.scalars(select(Feedback)).one(), Status.CANNOT, None, "  ")


def test_where_it_stands_needs_no_more_words_and_is_not_told_twice(talk: Talk) -> None:
    staff = colleague(talk, "2")
    says(talk, text="", feeling=1)
    for _time in range(2):
        staff("> inbox\n...\n> 222222\n...\n> where\n...")
        staff.taps("Say where it stands")
        staff.shown()
        staff("""
            > looking
            Say more about it, if you like: who does what, by when. The family reads your words. [Say no more]
            > skip
            They will get:
            About what you told us (222222):
            Transport, 😞 Very bad
            We are looking into it.
            Shall I send it? [Send it] [Change it] [Do not send]
            > 1
            ...
        """)
    assert staff.messages()[-1].text == "It stood there before, so nobody was told again."
    assert [row.kind for row in talk.rows()] == [Class.RECEIPT]


def test_the_oldest_promise_comes_first_a_page_at_a_time(talk: Talk, area: Area) -> None:
    staff = colleague(talk, "2")
    says(talk, topic="school")
    talk("(later 22 days)")
    for _number in range(10):
        says(talk, topic="health")
    staff("""
        > inbox
        1 answer is late.
        What families said. The oldest promise comes first:
        1. 222222: School, 1 working day late (was Tue 1 Dec)
        2. 333333: Health and therapies, 15 working days left (by Wed 23 Dec)
        3. 444444: Health and therapies, 15 working days left (by Wed 23 Dec)
        4. 555555: Health and therapies, 15 working days left (by Wed 23 Dec)
        5. 666666: Health and therapies, 15 working days left (by Wed 23 Dec)
        6. 777777: Health and therapies, 15 working days left (by Wed 23 Dec)
        7. 888888: Health and therapies, 15 working days left (by Wed 23 Dec)
        8. 999999: Health and therapies, 15 working days left (by Wed 23 Dec) \
[1. School] [2. Health and therapies] [3. Health and therapies] [4. Health and therapies] \
[5. Health and therapies] [6. Health and therapies] [7. Health and therapies] [8. Health and therapies] [More]
        > more
        What families said. The oldest promise comes first:
        1. BBBBBB: Health and therapies, 15 working days left (by Wed 23 Dec)
        2. CCCCCC: Health and therapies, 15 working days left (by Wed 23 Dec)
        3. DDDDDD: Health and therapies, 15 working days left (by Wed 23 Dec) \
[1. Health and therapies] [2. Health and therapies] [3. Health and therapies]
        > QQQQQQ
        Sorry, I did not understand. Please tap one of these, or type its reference.
        ...
        > 3
        DDDDDD: Health and therapies
        ...
    """)


def test_a_button_of_a_list_that_has_moved_on_still_opens_the_same_one(talk: Talk) -> None:
    staff = colleague(talk, "2")
    for number in range(10):
        says(talk, text=f"Number {number}")
    staff("> inbox\n...")
    eighth = staff.messages()[-1].buttons[0].tap
    with talk.writing() as session:
        somebody = session.get_one(Person, staff.person(session).id)
        first = session.scalars(select(Feedback).where(Feedback.ref == "222222")).one()
        set_status(session, first, Status.DONE, somebody)
    staff.hear(tap=eighth)
    assert staff.shown()[0] == "222222: Transport"


def test_what_is_for_the_forum_is_seen_by_the_forum_alone_and_the_forum_sees_no_names(talk: Talk) -> None:
    council = colleague(talk, "2", RoleName.ADMIN)
    says(talk, text="Only for parents", topic="school", visibility=Visibility.FORUM)
    says(talk, text="Ask for me", topic="plan", visibility=Visibility.NAMED, name="Sam")
    council("""
        > inbox
        1 message is only for the parent carer forum. Nobody from it is here yet. Please invite them.
        What families said. The oldest promise comes first:
        1. 333333: Care plan (EHCP), 15 working days left (by Tue 1 Dec) [1. Care plan (EHCP)]
        > 222222
        Sorry, I did not understand. Please tap one of these, or type its reference.
        ...
        > 1
        ...
    """)
    assert any("Name: Sam" in one.text for one in council.messages())
    forum = colleague(talk, "3", organisation=FORUM)
    forum("> inbox\n...\n> 222222\n...")
    assert "“Only for parents”" in forum.messages()[-1].text
    forum("> inbox\n...")
    forum.hear(tap="s:inbox:which=333333")
    assert not any("Sam" in one.text for one in forum.messages())
    with talk.writing() as session:
        for_forum = session.scalars(select(Feedback).where(Feedback.ref == "222222")).one()
        with pytest.raises(NotAllowed):
            reply(session, for_forum, "Hello", council.person(session))


def test_who_may_only_read_cannot_answer_and_who_was_removed_cannot_read(talk: Talk) -> None:
    viewer = colleague(talk, "2", RoleName.VIEWER)
    says(talk)
    viewer("> inbox\n...\n> 1\n...")
    assert viewer.messages()[-1].text.endswith("You can read this, but not answer it.")
    with talk.writing() as session:
        session.execute(update(Role).values(ended=now()))
    viewer.shown()
    viewer.taps("1. Transport")
    assert not any("taxi" in line for line in viewer.shown())
    viewer("""
        > inbox
        That is for staff. Ask a colleague who is an admin for an invite.
        ...
    """)
    viewer.hear(tap="s:inbox:which=222222")
    assert viewer.shown()[0] == "That is for staff. Ask a colleague who is an admin for an invite."


def test_nobody_is_told_at_night_nor_who_stopped_their_messages(talk: Talk) -> None:
    staff = colleague(talk, "2")
    says(talk)
    answer = "> inbox\n...\n> 222222\n...\n> reply\n...\n> We ring them.\n...\n> send it\n..."
    talk("(later 12 hours)")
    staff(answer)
    assert staff.messages()[-1].text == "It is kept, and is sent at 08:00: nothing goes out at night."
    assert talk.rows()[-1].due == datetime(2026, 11, 11, 8, tzinfo=UTC)
    with talk.writing() as session:
        talk.person(session).stopped_at = now()
    staff(answer)
    assert staff.messages()[-1].text == (
        "It is kept. The person has stopped messages, so they are not told. They see it if they look."
    )
    assert len(talk.rows()) == 1


def test_staff_hear_of_something_new_at_most_once_an_hour_and_not_at_night(talk: Talk) -> None:
    staff, viewer = colleague(talk, "2"), colleague(talk, "3", RoleName.VIEWER)
    family(talk)
    one_tap = "> tell us\n...\n> one tap\n...\n> school\n...\n> good\n..."
    talk(one_tap)
    talk(one_tap)
    talk(one_tap)
    assert [row.due for row in staff.rows()] == [now(), now() + timedelta(hours=1)]
    assert staff.shown()[0] == "There is something new from families. [Open the inbox]"
    talk("(later 13 hours)")
    talk(one_tap)
    assert staff.rows()[-1].due == datetime(2026, 11, 11, 8, tzinfo=UTC)
    assert viewer.rows() == []
    staff.taps("Open the inbox")
    assert staff.shown()[-4].startswith("1. 222222: School")


# -- messages that made the code fail


def test_a_message_that_made_the_code_fail_is_shown_to_staff_and_settled(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = colleague(talk, "2")
    family(talk)

    def broken(*_what: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as once:
        once.setattr(reception, "receive", broken)
        talk("> Nobody answers the phone.\n...")
    [failed] = [row for row in talk.kept(Received) if row.error]
    staff(f"""
        > inbox
        1 message made me fail. [1 failed message]
        > 1
        A message made me fail on Tuesday 10 November 2026, 10:00. Its number is {failed.id}.
        “Nobody answers the phone.”
        The person was told that their words are kept.
        Have you dealt with it? Then its words are deleted. [Yes, dealt with] [Not yet]
        > not yet
        It stays on the list. [Back to the list]
        > inbox
        1 message made me fail. [1 failed message]
        > 1
        ...
        > yes
        It is off the list. [Back to the list]
        > inbox
        Nothing has come in yet.
    """)
    assert looks(talk) == [f"received:{failed.id}"] * 2
    with talk.writing() as session:
        assert unhandled(session) == []
        settled = session.get_one(Received, failed.id)
        assert (settled.dealt_with, settled.kept) == (now(), None)


# -- alerts


def alarmed(talk: Talk) -> None:
    with talk.writing() as session:
        family_person = talk.person(session)
        alert_staff(session, talk.partnership, raise_alert(session, family_person.id))


def test_i_have_it_stops_an_alert_for_everybody(talk: Talk) -> None:
    one = colleague(talk, "2", RoleName.SAFEGUARDING)
    two = colleague(talk, "3", RoleName.ADMIN)
    responder = colleague(talk, "4")
    alarmed(talk)
    assert responder.rows() == []
    one.taps("I have it")
    assert one.shown() == [
        "You have alert A1. Nobody is told about it again.",
        "The words are not here any more. They were not sent to us.",
        f"When you have decided, tell me what you did. {DECISIONS}",
    ]
    assert talk.kept(Alert)[0].seen_at == now()  # already, while the question is open
    assert two.rows() == []  # it had not gone out yet, and is not wanted any more
    two.hear(tap="s:alert:alert=A1")
    assert two.shown()[-1] == (
        "A colleague has had this alert since Tuesday 10 November 2026, 10:00. You need not do anything."
    )
    one("""
        (restart)
        > told the right team
        Why did you decide that? One or two sentences, please. Leave out names.
        > The team knows the family and rings today.
        Thank you. That is kept with the alert.
    """)
    [alert] = talk.kept(Alert)
    assert (alert.decision, alert.decided_at) == ("told", now())
    assert alert.reason == "The team knows the family and rings today."
    responder.hear(tap="s:alert:alert=A1")
    assert responder.shown()[0] == "You do not have the role for that any more. Ask a colleague who is an admin."


def test_an_alert_that_nobody_takes_is_sent_again(talk: Talk) -> None:
    reader = colleague(talk, "2", RoleName.VIEWER)  # there is nobody who looks after alerts
    alarmed(talk)

    def again() -> int:
        with talk.writing() as session:
            return alert_again(session, talk.partnership, now())

    assert again() == 0
    talk("(later 15 minutes)")
    assert (again(), again()) == (1, 0)
    talk("(later 3 hours)")
    assert again() == 1
    talk("(later 30 minutes)")
    assert again() == 0
    assert len(reader.rows()) == 3
    reader.taps("I have it")
    talk("(later 1 day)")
    assert again() == 1
    assert reader.messages()[-1].text == "Alert A1: please tell me what you decided, and why."
    assert again() == 0


def test_an_alert_nobody_has_stands_above_the_inbox(talk: Talk) -> None:
    staff = colleague(talk, "2", RoleName.SAFEGUARDING)
    says(talk)
    alarmed(talk)
    staff.shown()
    staff("> inbox\n...")
    assert any("The code is A1" in one.text for one in staff.messages()[-2:])


# -- promises


def test_promises_are_known_the_working_day_before_on_the_day_and_after(talk: Talk, area: Area) -> None:
    says(talk)  # by Tuesday 1 December
    with talk.writing() as session:
        found = session.scalars(select(Feedback)).one()
        days = {
            day: promises_due(session, area, datetime(2026, month, day, tzinfo=UTC).date())
            for month, day in ((11, 27), (11, 30), (12, 1), (12, 2))
        }
        assert [len(days[27].tomorrow), len(days[30].tomorrow), len(days[1].today), len(days[2].overdue)] == [
            0,
            1,
            1,
            1,
        ]
        assert promises_due(session, area) == ([], [], [])
        set_status(session, found, Status.LOOKING, None)
        assert promises_due(session, area, datetime(2026, 12, 2, tzinfo=UTC).date()) == ([], [], [])


def test_staff_are_told_what_personal_data_the_words_hold(talk: Talk) -> None:
    ref = says(talk, "My son Kieran waits. Ring 07700 900123.")
    staff = colleague(talk, "9")
    staff.types("inbox")
    staff.types(ref)
    said = staff.shown()
    assert "“My son Kieran waits. Ring 07700 900123.”" in said
    assert "In these words: a name, a phone number. Take care with it." in said


def test_what_a_family_writes_later_is_softened_and_marked_too(talk: Talk, area: Area) -> None:
    ref = says(talk, "The bus never came.")
    with talk.writing() as session:
        answer_back(session, area, session.scalars(select(Feedback)).one(), HARD_AND_NAMED)
    staff = colleague(talk, "9")
    staff.types("inbox")
    staff.types(ref)
    shown = "\n".join(staff.shown())
    assert "This message has hard words.\nThey wrote (" in shown
    assert "[hard words]" in shown
    assert "idiots" not in shown
    assert "In these words: a name, a phone number. Take care with it. [Show the words]" in shown
    staff.taps("Show the words")
    assert any(HARD_AND_NAMED in line for line in staff.shown())


HARD_AND_NAMED = "My son Kieran still waits, ring 07700 900123. You are all idiots"
