"""A family and its meetings: two taps are a whole answer, and everything else is optional."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import delete, select

from models import consent
from models.calendar import calendar, calendar_file
from models.database import now
from models.meeting import (
    AheadQuestion,
    Coming,
    Draft,
    Meeting,
    Rsvp,
    Way,
    ahead_questions_of,
    announce,
    as_takeaway,
    call,
    cancel,
    change,
    draft_of,
    forget_old,
    invited,
    load_meetings,
    question_as_takeaway,
    rsvps_of,
    upcoming,
)
from models.message import File, Message
from models.outgoing import Outgoing
from models.person import Kind, Person
from models.reminder import Reminder
from models.role import Role, RoleName
from tests.talk import Talk

FRIDAY_EVENING = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@pytest.fixture
def family(talk: Talk) -> Talk:
    """A parent who has agreed to what is kept; the area's meetings are loaded."""
    return known(talk, Kind.PARENT)


def known(talk: Talk, kind: Kind) -> Talk:
    with talk.writing() as session:
        load_meetings(session, talk.partnership.area)
        person = talk.person(session)
        person.kind = kind
        consent.agree(session, person, talk.partnership.area)
    return talk


def called(talk: Talk, **what: object) -> int:
    """A meeting that staff have called."""
    draft = Draft(
        **{
            "title": "A chat about transport",
            "purpose": "To hear what works and what does not.",
            "starts": FRIDAY_EVENING,
            "minutes": 90,
            "ways": (Way.IN_PERSON, Way.ONLINE),
            "place": "Hyde Library",
            "link": "https://example.org/chat",
            **what,
        }  # type: ignore[arg-type]  # a test may change any part
    )
    with talk.writing() as session:
        staff = Person(kind=Kind.PROFESSIONAL)
        session.add(staff)
        session.flush()
        session.add(Role(person=staff, name=RoleName.BROADCASTER, organisation="council"))
        return call(session, talk.partnership.area, staff, draft).id


def staff_of(session: object) -> Person:
    return session.scalars(select(Person).join(Role, Role.person_id == Person.id)).first()  # type: ignore[attr-defined,no-any-return]


def test_the_areas_meetings_are_there_without_a_date_and_can_be_waited_for(family: Talk) -> None:
    family("""
        > meetings
        Which meeting would you like to see?
        1. No date yet: Cuppa and a Chat with the SEN team
        2. No date yet: Parent engagement evening: new SEND school places
        3. No date yet: Who's Who co-production team: first meeting
        4. No date yet: SENDIASS co-production team
        5. No date yet: ISCAN therapy plans workshop [1. Cuppa and a Chat…] [2. Parent engagement…] [3. Who's Who…] [4. SENDIASS co-producti…] [5. ISCAN therapy plans…] [Show more]
        > more
        Which meeting would you like to see?
        1. No date yet: Preparing for adulthood listening session for young people
        2. No date yet: Carers drop-in consultation [1. Preparing for…] [2. Carers drop-in…]
        (restart)
        > 2
        Carers drop-in consultation
        When: No date yet.
        What for: Look at plans for the carers' service and base and say what would help.
        How: In person.
        For: unpaid carers including parent carers.
        Shall I tell you when there is a date? [Tell me the date] [No, thank you]
        > tell me teh date
        I will write to you when there is a date. [Send a question]
        > meetings
        ...
        > more
        Which meeting would you like to see?
        1. No date yet: Preparing for adulthood listening session for young people
        2. No date yet: Carers drop-in consultation (You will hear the date) [1. Preparing for…] [2. Carers drop-in…]
        > carers drop-in
        ...
        > do not tell me
        I will not tell you. You can look here at any time.
    """)
    assert family.kept(Rsvp) == []


def test_two_taps_say_yes(family: Talk) -> None:
    called(family)
    family("""
        > meetings
        Which meeting would you like to see?
        1. Fri 20 Nov, 18:30: A chat about transport
        2. No date yet: Cuppa and a Chat with the SEN team
        ...
        > 1
        A chat about transport
        When: Friday 20 November 2026, 18:30 to 20:00.
        What for: To hear what works and what does not.
        How: In person, Online.
        Where: Hyde Library.
        For: Everyone.
        Are you coming? [I'm coming] [Maybe] [Can't come]
        > yes
        Thank you. You are on the list for Friday 20 November 2026, 18:30.
        Online: https://example.org/chat
        I will remind you.
        Here it is for your calendar. Is there anything else?
        ...
    """)
    assert [button.label for button in family.messages()[-1].buttons] == ["How, and what I need", "Send a question"]
    [rsvp] = family.kept(Rsvp)
    assert (rsvp.coming, rsvp.way, rsvp.how_many, rsvp.needs) == (Coming.YES, None, 1, None)
    assert len(family.kept(Reminder)) == 3


@pytest.mark.both_databases
def test_how_how_many_and_what_they_need_is_asked_once_and_offered_again(family: Talk) -> None:
    first, second = called(family), called(family, title="A chat about plans", ways=(Way.IN_PERSON,))
    family.hear(tap=f"s:meetings:meeting={first}:coming=yes")
    family.shown()
    family.taps("How, and")
    assert family.shown()[-1] == "How will you take part? [In person] [Online]"
    family("""
        > in persn
        How many of you will come? [Just me] [2 of us] [3 of us]
        > lots
        Sorry, I did not understand. Please type a number from 1 to 20.
        How many of you will come? [Just me] [2 of us] [3 of us]
        > 4
        Do you need anything to take part? For example no steps, or somebody who translates. [No, nothing] [Yes]
        (restart)
        > yes
        What do you need? Tap all that fit, then the last button. [Step-free access] [An interpreter] [British Sign Language] [A quiet space] [Large print] [A talk before it] [Something else] [None of these]
        > step-free
        What do you need? Tap all that fit, then the last button. [✓ Step-free access] [An interpreter] [British Sign Language] [A quiet space] [Large print] [A talk before it] [Something else] [That is all]
        > interpreter
        ...
        > that is all
        Which language do you need? [Skip]
        > Polish
        Shall I remember this? Then you need not say it again. [Yes, remember it] [No, only this time]
        > 1
        Thank you. I have noted: In person, 4 people, Step-free access, An interpreter (Polish).
        The people who run the meeting see what you need. I tell you when it is arranged. [Send a question]
    """)
    family.hear(tap=f"s:taking_part:meeting={second}")
    assert family.shown()[-1].endswith("Are you coming? [I'm coming] [Maybe] [Can't come]")
    family.types("maybe")
    family.shown()
    family.taps("How, and")
    assert family.shown() == ["How many of you will come? [Just me] [2 of us] [3 of us]"]
    family("""
        > just me
        Last time you needed: Step-free access, An interpreter (Polish). Is that the same this time? [Same as last time] [Something else] [Nothing this time]
        > same
        Thank you. I have noted: In person, 1 person, Step-free access, An interpreter (Polish).
        ...
    """)
    assert [rsvp.needs for rsvp in family.kept(Rsvp)] == [{"marks": ["step", "interp"], "language": "Polish"}] * 2


def test_what_they_need_is_not_kept_without_permission(family: Talk) -> None:
    meeting = called(family, ways=(Way.ONLINE,))
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=maybe")
    family.hear(tap=f"s:taking_part:meeting={meeting}")
    family.shown()
    family("""
        > 2
        ...
        > yes
        ...
        > something else
        ...
        > that is all
        What else do you need? Please leave out names. [Skip]
        > A break every half hour
        Shall I remember this? Then you need not say it again. [Yes, remember it] [No, only this time]
        > no
        Thank you. I have noted: Online, 2 people, A break every half hour.
        The people who run the meeting see what you need. I tell you when it is arranged.
        Online: https://example.org/chat [Send a question]
    """)
    with family.writing() as session:
        assert family.person(session).needs is None


def test_a_young_person_is_asked_less(talk: Talk) -> None:
    young = known(talk, Kind.YOUNG)
    meeting = called(young)
    young.hear(tap=f"s:meetings:meeting={meeting}")
    assert "For: Everyone." not in young.shown()
    young("""
        > yes
        ...
    """)
    young.taps("How, and")
    young.shown()
    young("""
        > online
        Do you need anything so you can join in? For example a quiet space. [No, nothing] [Yes]
        > no
        Thank you. I have noted: Online, 1 person.
        Online: https://example.org/chat [Send a question]
    """)


def test_who_cannot_come_can_still_ask(family: Talk) -> None:
    called(family)
    family("""
        > meetings
        ...
        > 1
        ...
        > can't come
        Thank you for telling us. You can still send a question. [Send a question]
    """)
    family.taps("Send a question")
    assert family.shown() == ["What would you like to ask at “A chat about transport”? Please leave out names."]
    family("""
        > When will the buses change?
        I will send this:
        “When will the buses change?”
        Your name does not go with it. [Send it] [Write it again] [Throw it away]
        (restart)
        > again
        What would you like to ask at “A chat about transport”? Please leave out names.
        > When will the school buses change?
        ...
        > send it
        Your question is sent. When it is answered, you read the answer here. You need not come for that.
    """)
    [question] = family.kept(AheadQuestion)
    assert question.text == "When will the school buses change?"


def test_throwing_a_question_away_keeps_nothing(family: Talk) -> None:
    meeting = called(family)
    family.hear(tap=f"s:ask_ahead:meeting={meeting}")
    family.shown()
    family("""
        > Hm
        ...
        > throw it away
        That is fine. Nothing was sent.
    """)
    assert family.kept(AheadQuestion) == []


def test_an_answer_can_be_changed_later_and_an_old_button_still_acts(family: Talk) -> None:
    meeting = called(family)
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=yes")
    family.shown()
    family("""
        > meetings
        Which meeting would you like to see?
        1. Fri 20 Nov, 18:30: A chat about transport (You said yes)
        ...
        > 1
        A chat about transport
        When: Friday 20 November 2026, 18:30 to 20:00.
        What for: To hear what works and what does not.
        How: In person, Online.
        Where: Hyde Library.
        For: Everyone.
        You said yes. You can change it. [Leave it as it is] [I'm coming] [Maybe] [Can't come]
        > leave it
        That stays as it is. [How, and what I need] [Send a question]
    """)
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=no")
    assert family.shown() == ["Thank you for telling us. You can still send a question. [Send a question]"]
    assert [rsvp.coming for rsvp in family.kept(Rsvp)] == [Coming.NO]
    assert family.kept(Reminder) == []


def test_a_button_under_an_old_message_explains_what_became_of_the_meeting(family: Talk) -> None:
    meeting, other = called(family), called(family, title="Another chat")
    with family.writing() as session:
        by = staff_of(session)
        cancel(session, family.partnership.area, by, session.get_one(Meeting, other), "The speaker is ill.")
    family.hear(tap=f"s:meetings:meeting={other}:coming=yes")
    assert family.shown() == ["“Another chat” is cancelled. The reason: The speaker is ill. [See what is coming]"]
    family("""
        (later 11 days)
        > menu
        ...
    """)
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=yes")
    assert family.shown() == [
        "“A chat about transport” is over. It was on Friday 20 November 2026, 18:30. [See what is coming]"
    ]
    family.hear(tap="s:meetings:meeting=999:coming=yes")
    assert family.shown()[0] == "Which meeting would you like to see?"
    assert family.kept(Rsvp) == []


def test_a_meeting_that_is_cancelled_while_they_look_at_the_list(family: Talk) -> None:
    meeting = called(family)
    family("""
        > meetings
        ...
    """)
    with family.writing() as session:
        cancel(session, family.partnership.area, staff_of(session), session.get_one(Meeting, meeting), "Snow.")
    family.taps("1. A chat")
    assert family.shown() == ["“A chat about transport” is cancelled. The reason: Snow. [See what is coming]"]


def test_nothing_is_kept_of_somebody_who_does_not_agree(talk: Talk) -> None:
    with talk.writing() as session:
        load_meetings(session, talk.partnership.area)
    meeting = called(talk)
    talk.hear(tap=f"s:meetings:meeting={meeting}:coming=yes")
    assert talk.shown()[-1].startswith("Is that OK?")
    talk.types("no")
    assert talk.kept(Rsvp) == []


def test_notes_that_are_late_are_shown_to_families(family: Talk) -> None:
    called(family)
    family("""
        (later 25 days)
        > meetings
        The notes of “A chat about transport” are late. They were due on Friday 4 December 2026.
        Which meeting would you like to see?
        ...
    """)


def test_in_an_area_without_meetings(talk: Talk) -> None:
    talk("""
        > meetings
        There are no meetings here at the moment.
    """)


def test_loading_the_area_again_changes_nothing_that_staff_did(family: Talk) -> None:
    area = family.partnership.area
    with family.writing() as session:
        row = session.scalars(select(Meeting).where(Meeting.source_id == "m01")).one()
        row.title = "Tea and talk"
        assert load_meetings(session, area) == 0
    assert {one.title for one in family.kept(Meeting) if one.source_id == "m01"} == {"Tea and talk"}
    with family.writing() as session:
        assert [one.source_id for one in upcoming(session, now())] == [facts.id for facts in area.meetings]


def test_what_is_held_of_them_can_be_taken_and_goes_with_them(family: Talk) -> None:
    meeting = called(family)
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=yes")
    family.hear(tap=f"s:ask_ahead:meeting={meeting}")
    family.types("Is there parking?")
    family.types("send it")
    with family.writing() as session:
        person = family.person(session)
        [rsvp], [question] = rsvps_of(session, person), ahead_questions_of(session, person)
        assert as_takeaway(rsvp) == {
            "meeting": "A chat about transport",
            "starts": "2026-11-20T18:30:00+00:00",
            "coming": "yes",
            "how": None,
            "how_many": 1,
            "needs": None,
            "arranged": [],
            "said": "2026-11-10T10:00:00+00:00",
        }
        assert question_as_takeaway(question)["question"] == "Is there parking?"
        session.execute(delete(Person).where(Person.id == person.id))
    assert (family.kept(Rsvp), family.kept(AheadQuestion), family.kept(Reminder)) == ([], [], [])


def test_who_came_is_forgotten_when_its_time_is_up(family: Talk) -> None:
    meeting = called(family)
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=yes")
    area = family.partnership.area
    with family.writing() as session:
        assert forget_old(session, area, FRIDAY_EVENING + timedelta(days=300)) == 0
        assert forget_old(session, area, FRIDAY_EVENING + timedelta(days=400)) == 1
    assert family.kept(Rsvp) == []


# The calendar file


def test_the_file_is_known_again_moves_and_is_taken_out(family: Talk) -> None:
    area, meeting = family.partnership.area, called(family)
    files = []
    with family.writing() as session:
        row, by = session.get_one(Meeting, meeting), staff_of(session)
        files.append(calendar(row, area))
        old = draft_of(row)
        summer = datetime(2027, 7, 1, 17, 30, tzinfo=UTC)
        change(session, area, by, row, Draft(old.title, old.purpose, summer, 60, old.ways, place="Hyde Town Hall"))
        files.append(calendar(row, area))
        cancel(session, area, by, row, "The speaker is ill.")
        files.append(calendar(row, area))
    events = [Calendar.from_ical(file.to_ical()).walk("VEVENT")[0] for file in files]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [event["sequence"] for event in events] == [0, 1, 2]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(file["method"]) for file in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [event.decoded("dtstart").astimezone(UTC) for event in events] == [FRIDAY_EVENING, summer, summer]
    assert b"DTSTART;TZID=Europe/London:20270701T183000" in files[1].to_ical()
    assert all(file.walk("VTIMEZONE") and not file.walk("VALARM") for file in files)
    assert all(word not in files[0].to_ical().upper() for word in (b"ATTENDEE", b"ORGANIZER"))


def test_the_file_in_the_chat_is_the_one_of_the_meeting(family: Talk) -> None:
    meeting = called(family)
    family.hear(tap=f"s:meetings:meeting={meeting}:coming=yes")
    file = family.messages()[-1].file
    with family.writing() as session:
        expected = calendar_file(session.get_one(Meeting, meeting), family.partnership.area)
    assert isinstance(file, File)
    assert (file.mime, file.bytes) == ("text/calendar; charset=utf-8", expected.bytes)


# Who is told


def test_everybody_is_told_at_once_in_their_language_and_nobody_who_said_stop(family: Talk) -> None:
    area = family.partnership.area
    people = {key: family.another(key) for key in ("polish", "stopped", "blocked", "never agreed", "young")}
    for key, one in people.items():
        one.types("menu")
        with one.writing() as session:
            person = one.person(session)
            if key != "never agreed":
                consent.agree(session, person, area)
            if key == "stopped":
                person.stopped_at = now()
            if key == "blocked":
                person.addresses[0].blocked_at = now()
            person.kind = Kind.YOUNG if key == "young" else Kind.PARENT
            person.language = "pl" if key == "polish" else "en"
    meeting = called(family)
    with family.writing() as session:
        row = session.get_one(Meeting, meeting)
        told = announce(session, area, row, {"en": Message("Come!"), "pl": Message("Przyjdź!")})
        rows = session.scalars(select(Outgoing).where(Outgoing.about == row.about)).all()
    assert told == 3
    assert sorted(one.message.text for one in rows) == ["Come!", "Come!", "Przyjdź!"]
    with family.writing() as session:
        everyone = {
            audience: len(session.scalars(select(Person.id).where(invited(None, audience))).all())
            for audience in ("everyone", "parents", "young", "topic:transport", "asked")
        }
    assert everyone == {"everyone": 5, "parents": 4, "young": 1, "topic:transport": 0, "asked": 0}
