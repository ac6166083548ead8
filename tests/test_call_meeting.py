"""Staff call a meeting, look after it, and tell families afterwards: the charter's promises H1, H2, H3, H5 and H6."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from handlers.reminders import ask_for_notes
from models import consent
from models.audit import Audit
from models.database import now
from models.meeting import (
    AgainstTheCharter,
    AheadQuestion,
    Clash,
    Coming,
    Draft,
    Meeting,
    MeetingState,
    Rsvp,
    Way,
    call,
    change,
    clashes,
    load_meetings,
    say,
    say_how,
)
from models.outgoing import Class, Outgoing, State
from models.person import Kind
from models.reminder import Reminder
from models.role import NotAllowed, Role, RoleName
from tests.talk import Talk


@pytest.fixture
def family(talk: Talk) -> Talk:
    """A parent who has agreed to what is kept; the area's meetings are loaded."""
    with talk.writing() as session:
        load_meetings(session, talk.partnership.area)
    return known(talk, Kind.PARENT)


@pytest.fixture
def staff(family: Talk) -> Talk:
    """Somebody of the council who may publish. They have not asked to be written to themselves."""
    staff = family.another("staff")
    with staff.writing() as session:
        session.add(Role(person=staff.person(session), name=RoleName.BROADCASTER, organisation="council"))
    return staff


def known(talk: Talk, kind: Kind, language: str = "en") -> Talk:
    with talk.writing() as session:
        person = talk.person(session)
        person.kind, person.language = kind, language
        consent.agree(session, person, talk.partnership.area)
    return talk


def post(talk: Talk) -> None:
    """What may be sent by now is sent."""
    with talk.writing() as session:
        waiting = (Outgoing.state == State.WAITING, Outgoing.due <= now())
        session.execute(update(Outgoing).where(*waiting).values(state=State.SENT))


def call_one(staff: Talk, *, day: str = "20 nov", clock: str = "18:30") -> None:
    """Calls the first of the area's meetings, in person at Hyde Library."""
    staff(f"""
        > call a meeting
        ...
        > 2
        ...
        > {day}
        ...
        > {clock}
        ...
        > 90
        ...
        > yes
        ...
        > Hyde Library
        ...
        > everyone
        ...
        > announce it
        ...
    """)
    post(staff)


def test_a_meeting_is_called_from_a_planned_one_and_everybody_is_told(family: Talk, staff: Talk) -> None:
    family("""
        > meetings
        ...
    """)
    staff("""
        > call a meeting
        What would you like to call? You can start from one that has no date yet:
        2. Cuppa and a Chat with the SEN team
        3. Parent engagement evening: new SEND school places
        4. Who's Who co-production team: first meeting
        5. SENDIASS co-production team
        6. ISCAN therapy plans workshop
        7. Preparing for adulthood listening session for young people
        ...
        > 3
        On what day? For example “12 March” or “next Friday”.
        > monday 20 november
        Sorry, I did not understand. That date is Friday 20 November 2026, so the weekday does not fit. Please type it again.
        On what day? For example “12 March” or “next Friday”.
        > next fryday
        At what time does it start? For example “6:30pm”.
        > 6:30
        Sorry, I did not understand. Is that in the morning or in the evening? Please type “6:30am” or “6:30pm”.
        At what time does it start? For example “6:30pm”.
        > half past six in the evening
        How long is it? [1 hour 30 minutes] [1 hour] [2 hours]
        (restart)
        > 1
        That is Friday 20 November 2026, 18:30 to 20:00.
        Is that right? [Yes, that is right] [No, another time]
        > yes
        Where is it? The place, the street and the town. Families also want to know if it is step-free. [Later]
        > Hyde Town Hall, step-free
        Who is it for? They are told. [Everyone] [Parents and carers] [Young people] [A topic] [Only those who asked]
        > everyone
        This is what people will read:
        Parent engagement evening: new SEND school places
        When: Friday 20 November 2026, 18:30 to 20:00.
        What for: Explain new resource-base places, answer questions and take concerns about moving school.
        How: In person.
        Where: Hyde Town Hall, step-free.
        For: parents and carers of 5-16s in Tameside.
        ...
        > change the title
        What is the meeting called? Short and plain.
        > New school places: ask us
        This is what people will read:
        New school places: ask us
        ...
        > announce it
        Done. 1 person is told.
        Reminders go out by themselves. [Look after it]
    """)
    assert family.shown() == [
        "You are invited to a meeting.",
        "New school places: ask us",
        "When: Friday 20 November 2026, 18:30 to 20:00.",
        "What for: Explain new resource-base places, answer questions and take concerns about moving school.",
        "How: In person.",
        "Where: Hyde Town Hall, step-free.",
        "For: parents and carers of 5-16s in Tameside. [I'm coming] [Maybe] [Can't come]",
    ]
    family.taps("I'm coming")
    [rsvp] = family.kept(Rsvp)
    assert (rsvp.coming, rsvp.way) == (Coming.YES, Way.IN_PERSON)
    assert len(family.kept(Reminder)) == 3
    assert [one.deed for one in staff.kept(Audit)] == ["called a meeting"]


def test_a_new_one_needs_a_purpose_and_at_least_one_way(family: Talk, staff: Talk) -> None:
    staff("""
        > call a meeting
        ...
        > a new meeting
        What is the meeting called? Short and plain.
        > Tea and talk
        What is it for? What can families change by coming? Families read this.
        > -
        Sorry, I did not understand. Please type your answer in words.
        What is it for? What can families change by coming? Families read this.
        > You help to write the new leaflet.
        ...
        > 1 december
        ...
        > 7pm
        ...
        > 1 hour
        ...
        > yes
        How can people take part? Tap all that fit, then the last button. [In person] [Online] [By phone] [By text chat] [Online survey] [None of these]
        > none of these
        There must be at least one way.
        How can people take part? Tap all that fit, then the last button. [In person] [Online] [By phone] [By text chat] [Online survey] [None of these]
        > online
        ...
        > by phone
        ...
        > that is all
        What is the link for joining? [Later]
        > example.org
        Sorry, I did not understand. Please send the whole link. It starts with https://
        What is the link for joining? [Later]
        > https://example.org/tea
        Which number do people ring to join? [Later]
        > 12
        Sorry, I did not understand. That is not a whole phone number. Please type it again.
        Which number do people ring to join? [Later]
        > 01632 960 001
        ...
        > a topic
        Which topic? [School] [Care plan (EHCP)] [Health and therapies] [Transport] [Short breaks] [Moving to adult life] [Something else]
        > transport
        This is what people will read:
        Tea and talk
        When: Tuesday 1 December 2026, 19:00 to 20:00.
        What for: You help to write the new leaflet.
        How: Online, By phone.
        For: People who take part in: Transport.
        Online: https://example.org/tea
        By phone: 01632 960001
        0 people will be told.
        The notes are due by Tuesday 15 December 2026. [Announce it] [Change the title] [Change the purpose] [Change the time] [Change how and where] [Change for whom] [Throw it away]
        > throw it away
        That is thrown away. Nobody was told.
    """)
    assert {one.state for one in staff.kept(Meeting)} == {MeetingState.PLANNED}


def test_less_notice_than_promised_needs_a_reason_that_families_read(family: Talk, staff: Talk) -> None:
    staff("""
        > call a meeting
        ...
        > 2
        ...
        > tomorrow
        ...
        > 15:00
        ...
        > 1 hour
        That is Wednesday 11 November 2026, 15:00 to 16:00.
        Many families take children to school or home at that time.
        Is that right? [Yes, that is right] [No, another time]
        > yes
        ...
        > later
        ...
        > parents and carers
        That is 1 day from now. Families are promised 7 days. Why so soon? Families read your reason.
        > The inspectors come on Thursday.
        This is what people will read:
        Cuppa and a Chat with the SEN team
        ...
        > announce it
        Done. 1 person is told.
        ...
    """)
    assert "This is short notice. The reason: The inspectors come on Thursday." in family.shown()[-1]


def test_a_draft_that_waited_until_its_time_was_over_asks_for_another(family: Talk, staff: Talk) -> None:
    staff("""
        > call a meeting
        ...
        > 2
        ...
        > 18 nov
        ...
        > 18:30
        ...
        > 90
        ...
        > yes
        ...
        > Hyde Library
        ...
        > everyone
        ...
    """)
    staff.clock.shift(timedelta(days=9))
    staff.taps("Announce it")
    assert staff.shown() == [
        "Something here has changed since you last wrote. Please answer this one:",
        "That time is over by now.",
        "On what day? For example “12 March” or “next Friday”.",
    ]
    staff("""
        > in 2 weeks
        ...
        > 18:30
        ...
        > 90
        ...
        > yes
        ...
        > announce it
        Done. 1 person is told.
        ...
    """)


def test_a_past_day_a_skipped_hour_and_an_hour_that_comes_twice(family: Talk, staff: Talk) -> None:
    staff("""
        > call a meeting
        ...
        > 2
        ...
        > 3/11/26
        Sorry, I did not understand. Tuesday 3 November 2026 is over. Please type a day that is still to come.
        On what day? For example “12 March” or “next Friday”.
        > 28 march 2027
        At what time does it start? For example “6:30pm”.
        > 01:30
        Sorry, I did not understand. The clocks go forward that night, so there is no 01:30 on that day. Please type another time.
        At what time does it start? For example “6:30pm”.
        > 03:30
        ...
        > 60
        That is Sunday 28 March 2027, 03:30 to 04:30.
        That is at night. Please check the time.
        Is that right? [Yes, that is right] [No, another time]
        > no
        On what day? For example “12 March” or “next Friday”.
        > 31 october 2027
        At what time does it start? For example “6:30pm”.
        > 01:30
        The clocks go back that night, so 01:30 comes twice. Which one? [The first one] [The second one]
        > second
        ...
        > 1 hour
        That is Sunday 31 October 2027, 01:30 to 02:30.
        ...
        > no
        ...
        > today
        ...
        > 9am
        Sorry, I did not understand. 09:00 is over today. Please type a later time.
        ...
        > 3pm
        ...
    """)


def test_what_families_have_at_that_time_is_known(staff: Talk) -> None:
    area = staff.partnership.area

    def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
        return datetime(2026, month, day, hour, minute, tzinfo=UTC)

    assert clashes(area, at(20, 8), 30) == [Clash.SCHOOL_RUN]
    assert clashes(area, at(20, 9, 30), 60) == []
    assert clashes(area, at(20, 13), 90) == []
    assert clashes(area, at(20, 13), 91) == [Clash.SCHOOL_RUN]
    assert clashes(area, at(21, 8, 30), 60) == []
    assert clashes(area, at(25, 8, 30, month=12), 60) == [Clash.BANK_HOLIDAY]


def test_the_rules_of_the_charter_hold_in_the_verb_too(family: Talk, staff: Talk) -> None:
    area = staff.partnership.area
    fine = Draft("Tea", "To talk.", now() + timedelta(days=8), 60, (Way.ONLINE,))
    with staff.writing() as session:
        by, somebody = staff.person(session), family.person(session)
        with pytest.raises(NotAllowed):
            call(session, area, somebody, fine)
        for wrong in (
            Draft("Tea", " ", fine.starts, 60, fine.ways),
            Draft("Tea", "To talk.", now(), 60, fine.ways, short_notice_because="Why not."),
            Draft("Tea", "To talk.", now() + timedelta(days=6), 60, fine.ways),
            Draft("Tea", "To talk.", fine.starts, 60, ()),
        ):
            with pytest.raises(AgainstTheCharter):
                call(session, area, by, wrong)
        assert call(session, area, by, fine).notes_due == area.today(fine.starts) + timedelta(days=14)


def test_families_cannot_call_a_meeting(family: Talk) -> None:
    family("""
        > call a meeting
        That is for staff. Ask a colleague who is an admin for an invite.
        ...
    """)
    family.hear(tap="s:run_meeting:meeting=1:do=who")
    assert family.shown()[0] == "That is for staff. Ask a colleague who is an admin for an invite."


def test_at_night_nobody_is_woken(family: Talk, staff: Talk) -> None:
    staff.clock.move_to(datetime(2026, 11, 10, 22, 0, tzinfo=UTC))
    staff("""
        > call a meeting
        ...
        > 2
        ...
        > 24 nov
        ...
        > 18:30
        ...
        > 90
        ...
        > yes
        ...
        > Hyde Library
        ...
        > everyone
        ...
        > announce it
        Done. 1 person is told.
        Reminders go out by themselves.
        Nothing is sent at night: they are told from 08:00. [Look after it]
    """)
    [invitation] = [row for row in family.rows() if row.kind is Class.BROADCAST]
    assert invitation.due == datetime(2026, 11, 11, 8, 0, tzinfo=UTC)


def test_who_waited_for_the_date_is_told_even_when_it_is_for_others(family: Talk, staff: Talk) -> None:
    family("""
        > meetings
        ...
        > 1
        ...
        > tell me the date
        ...
    """)
    staff("""
        > call a meeting
        ...
        > 2
        ...
        > 20 nov
        ...
        > 18:30
        ...
        > 90
        ...
        > yes
        ...
        > later
        ...
        > only those who asked
        ...
        > announce it
        Done. 1 person is told.
        ...
    """)
    assert family.shown()[0] == "You are invited to a meeting."


def test_who_comes_what_they_need_and_what_is_arranged(family: Talk, staff: Talk) -> None:
    call_one(staff)
    family.shown()
    family.taps("I'm coming")
    family.taps("How, and")
    family.shown()
    family("""
        > 3
        ...
        > yes
        ...
        > quiet space
        ...
        > an interpreter
        ...
        > that is all
        ...
        > Urdu
        ...
        > yes
        ...
    """)
    staff("""
        > meetings we run
        Which meeting?
        1. Friday 20 November 2026, 18:30: Cuppa and a Chat with the SEN team [1. Cuppa and a Chat…]
        > 1
        Cuppa and a Chat with the SEN team
        Friday 20 November 2026, 18:30
        Yes: 1. Maybe: 0. No: 0. People in all: 3. [Who is coming] [Questions (0)] [Change it] [How far with families] [Cancel it]
        > who is coming
        3 people said yes or maybe.
        How they take part:
        – In person: 3
        They need:
        • An interpreter (Urdu)
        • A quiet space
        What have you arranged? I tell those who need it. [An interpreter (Urdu)] [A quiet space] [Nothing more now]
        > a quiet space
        Marked. 1 person is told.
        3 people said yes or maybe.
        How they take part:
        – In person: 3
        They need:
        • An interpreter (Urdu)
        ✓ A quiet space
        What have you arranged? I tell those who need it. [An interpreter (Urdu)] [Nothing more now]
        (restart)
        > 1
        Marked. 1 person is told.
        3 people said yes or maybe.
        How they take part:
        – In person: 3
        All that they need is arranged:
        ✓ An interpreter (Urdu)
        ✓ A quiet space [Back to the meeting]
    """)
    assert family.shown() == [
        "For “Cuppa and a Chat with the SEN team” on Friday 20 November 2026, 18:30, this is arranged: A quiet space.",
        (
            "For “Cuppa and a Chat with the SEN team” on Friday 20 November 2026, 18:30, this is arranged: "
            "An interpreter (Urdu)."
        ),
    ]
    assert "looked at needs" in [one.deed for one in staff.kept(Audit)]


def test_a_look_at_what_families_wrote_is_recorded_even_if_nothing_is_done(family: Talk, staff: Talk) -> None:
    call_one(staff)
    family.shown()
    family.taps("Can't come")
    family.taps("Send a question")
    family.types("Will there be tea?")
    family.types("send it")
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > questions
        Which question would you like to answer?
        1. Will there be tea? [1. Will there be tea?]
    """)
    assert "looked at questions" in [one.deed for one in staff.kept(Audit)]


def test_a_question_sent_ahead_is_answered_to_who_asked_and_to_all_who_come(family: Talk, staff: Talk) -> None:
    other = known(family.another("2"), Kind.PARENT)
    call_one(staff)
    for one in (family, other):
        one.shown()
        one.taps("I'm coming" if one is other else "Can't come")
        one.shown()
    family.taps("Send a question")
    family.types("Will there be tea?")
    family.types("send it")
    family.shown()
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > questions (1)
        ...
        > 1
        “Will there be tea?”
        What is your answer?
        > Yes, tea and juice.
        Who should read the answer? [Only who asked] [Everyone who comes]
        > everyone
        I will send this:
        “Will there be tea?”
        Answer: Yes, tea and juice. [Send it] [Throw it away]
        > send it
        Sent to 2 people. [Back to the meeting]
    """)
    assert family.shown() == [
        "You asked for “Cuppa and a Chat with the SEN team”:",
        "“Will there be tea?”",
        "The answer: Yes, tea and juice.",
    ]
    assert other.shown()[0] == "Somebody asked for “Cuppa and a Chat with the SEN team”:"
    [question] = staff.kept(AheadQuestion)
    assert question.shared


def test_a_change_is_told_old_and_new_and_asks_again(family: Talk, staff: Talk) -> None:
    other = known(family.another("2"), Kind.PARENT)
    call_one(staff)
    for one, answer in ((family, "Maybe"), (other, "Can't come")):
        one.shown()
        one.taps(answer)
        one.shown()
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > change it
        What has changed? [The time] [How and where] [The title] [The purpose]
        > the time
        ...
        > 27 november
        ...
        > 19:00
        ...
        > 60
        ...
        > yes
        Before:
        When: Friday 20 November 2026, 18:30 to 20:00.
        Now:
        When: Friday 27 November 2026, 19:00 to 20:00.
        1 person who said yes or maybe will be told. [Change it] [Leave it as it was]
        > 1
        Done. 1 person is told. [Look after it]
    """)
    assert family.shown() == [
        "“Cuppa and a Chat with the SEN team” has changed.",
        "Before:",
        "When: Friday 20 November 2026, 18:30 to 20:00.",
        "Now:",
        "When: Friday 27 November 2026, 19:00 to 20:00.",
        "Are you still coming?",
        "(file: meeting-1.ics) [I'm coming] [Can't come]",
    ]
    assert other.shown() == []
    assert [f"{one.due:%d %H:%M}" for one in family.kept(Reminder)] == ["20 19:00", "26 19:00", "27 17:00"]
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > who is coming
        1 person said yes or maybe.
        How they take part:
        – In person: 1
        1 has not answered since it changed.
        ...
    """)
    family.taps("I'm coming")
    assert {rsvp.coming for rsvp in family.kept(Rsvp)} == {Coming.YES, Coming.NO}


def test_a_change_to_short_notice_needs_a_reason_and_an_unchanged_one_tells_nobody(family: Talk, staff: Talk) -> None:
    call_one(staff)
    family.shown()
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > change it
        ...
        > the time
        ...
        > 12 november
        ...
        > 18:30
        ...
        > 90
        ...
        > yes
        That is 2 days from now. Families are promised 7 days. Why so soon? Families read your reason.
        > The hall is flooded.
        ...
        > leave it as it was
        It stays as it was. Nobody was told.
        > meetings we run
        ...
        > 1
        ...
        > change it
        ...
        > the title
        ...
        > Cuppa and a Chat with the SEN team
        That is what it was before. Nobody was told.
    """)
    assert family.shown() == []


def test_an_invitation_that_has_not_gone_out_says_what_is_so_now(family: Talk, staff: Talk) -> None:
    staff.clock.move_to(datetime(2026, 11, 10, 22, 0, tzinfo=UTC))
    call_one(staff, day="24 nov")
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > change it
        ...
        > how and where
        ...
        > online
        ...
        > that is all
        ...
        > https://example.org/tea
        Before:
        How: In person.
        Where: Hyde Library.
        Now:
        How: Online.
        Online: https://example.org/tea
        0 people who said yes or maybe will be told. [Change it] [Leave it as it was]
        > 1
        ...
    """)
    [invitation] = [row for row in family.rows() if row.kind is Class.BROADCAST]
    assert "How: Online." in invitation.message.text


def test_a_cancelled_meeting_is_told_with_its_reason_to_who_said_yes_or_maybe(family: Talk, staff: Talk) -> None:
    stopped = known(family.another("2"), Kind.PARENT)
    call_one(staff)
    for one in (family, stopped):
        one.shown()
        one.taps("I'm coming")
        one.shown()
    with stopped.writing() as session:
        stopped.person(session).stopped_at = now()
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > cancel it
        Why is it cancelled? Families read your reason.
        > The speaker is ill.
        “Cuppa and a Chat with the SEN team” will be cancelled. The reason: The speaker is ill.
        1 person who said yes or maybe will be told. [Cancel the meeting] [Leave it as it was]
        > cancel the meeting
        It is cancelled. 1 person is told.
        No more reminders of it go out.
        > meetings we run
        No meeting has been called. [Call a meeting]
    """)
    assert family.shown() == [
        (
            "“Cuppa and a Chat with the SEN team” on Friday 20 November 2026, 18:30 is cancelled. "
            "The reason: The speaker is ill."
        ),
        "(file: meeting-1.ics) [Send a question]",
    ]
    assert stopped.shown() == []
    assert family.kept(Reminder) == []


def test_who_might_set_out_before_the_night_is_over_is_told_in_the_night(family: Talk, staff: Talk) -> None:
    call_one(staff, clock="9am")
    family.shown()
    family.taps("I'm coming")
    staff.clock.move_to(datetime(2026, 11, 19, 23, 0, tzinfo=UTC))
    staff("""
        > meetings we run
        ...
        > 1
        ...
        > cancel it
        ...
        > Snow.
        ...
        > 1
        ...
    """)
    [told] = [row for row in family.rows() if row.kind is Class.RECEIPT]
    assert told.due == now()


def test_the_notes_are_asked_for_and_go_to_all_who_were_invited(
    family: Talk, staff: Talk, clock: time_machine.Traveller
) -> None:
    known(staff, Kind.PROFESSIONAL)
    call_one(staff)
    family.shown()
    staff.shown()
    asked = []
    for day in range(1, 31):
        clock.move_to(datetime(2026, 11, 20, 10, 0, tzinfo=UTC) + timedelta(days=day))
        with staff.writing() as session:
            if ask_for_notes(session, staff.partnership, now()):
                asked.append(f"{now():%d %b}")
    assert asked == ["21 Nov", "04 Dec", "05 Dec"]
    clock.move_to(datetime(2026, 12, 8, 10, 0, tzinfo=UTC))
    assert staff.shown()[0] == (
        "Please send the notes of “Cuppa and a Chat with the SEN team”. "
        "Families were promised them by Friday 4 December 2026. [Send the notes]"
    )
    staff.taps("Send the notes")
    assert staff.shown() == [
        "The notes of “Cuppa and a Chat with the SEN team” are late. They were due on Friday 4 December 2026.",
        "What was said, and what was decided? Who does what, and by when? Plain words, no names.",
    ]
    staff("""
        > Too short.
        2 people will read this:
        Too short. [Send the notes] [Write them again] [Throw them away]
        > write them again
        ...
        > You asked for tea. The council buys tea from January.
        2 people will read this:
        You asked for tea. The council buys tea from January. [Send the notes] [Write them again] [Throw them away]
        > send the notes
        ...
    """)
    assert family.shown() == [
        "The notes of “Cuppa and a Chat with the SEN team” on Friday 20 November 2026:",
        "You asked for tea. The council buys tea from January.",
        "They come later than was promised. We are sorry.",
    ]
    [meeting] = [one for one in staff.kept(Meeting) if one.source_id == "m01"]
    assert meeting.notes_sent == now()


def test_notes_that_are_thrown_away_or_too_long_are_not_sent(family: Talk, staff: Talk) -> None:
    call_one(staff)
    family.shown()
    staff.clock.shift(timedelta(days=11))
    staff("""
        > meetings we run
        ...
        > 1
        Cuppa and a Chat with the SEN team
        Friday 20 November 2026, 18:30
        Yes: 0. Maybe: 0. No: 0. People in all: 0. [Who is coming] [Questions (0)] [Send the notes] [How far with families]
        > send the notes
        ...
    """)
    staff.types("word " * 700)
    assert "3000 fit" in staff.shown()[0]
    staff("""
        > Short.
        ...
        > throw them away
        That is fine. Nothing was sent.
    """)
    assert family.shown() == []


def test_young_people_can_be_invited_alone(family: Talk, staff: Talk) -> None:
    young = known(family.another("3"), Kind.YOUNG)
    staff("""
        > call a meeting
        ...
        > 7
        ...
        > 27 nov
        ...
        > 4pm
        ...
        > 1 hour
        ...
        > yes
        ...
        > Bennett Street
        ...
        > later
        ...
        > young people
        ...
        > announce it
        Done. 1 person is told.
        ...
    """)
    assert family.shown() == []
    assert young.shown()[1] == "Preparing for adulthood listening session for young people"


def test_a_way_that_is_gone_is_nobodys_way_any_more(family: Talk, staff: Talk) -> None:
    area = staff.partnership.area
    draft = Draft("Tea", "To talk.", now() + timedelta(days=8), 60, (Way.IN_PERSON, Way.ONLINE, Way.PHONE))
    with staff.writing() as session:
        by, parent = staff.person(session), family.person(session)
        meeting = call(session, area, by, draft)
        rsvp = say(session, area, meeting, parent, Coming.YES)
        say_how(session, rsvp, way=Way.ONLINE, how_many=2, needs=None)
        change(session, area, by, meeting, replace(draft, ways=(Way.IN_PERSON, Way.PHONE)))
        assert rsvp.way is None
        change(session, area, by, meeting, replace(draft, ways=(Way.PHONE,)))
        assert rsvp.way is Way.PHONE
