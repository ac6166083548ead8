"""The main job from end to end, by two members of staff and families, on the real program over the stand-in.

Everything goes the way that it goes in real life: by what stands on the screens, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from locales import language_name, languages
from models.database import open_database, reading
from models.feedback import ALPHABET
from models.reminder import Reminder
from tests.dated import DatedProgram
from tests.somebody import Somebody
from tests.standin import BotApi

# A Tuesday morning in term time.
MORNING = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
WORDS = "The taxi was late three times this week."
KASIA = "Na plan czekamy już pół roku."
DAN = "The seat belt in the taxi is broken."
PLAN = "We are changing the taxi firm. Each taxi has to text you when it is late."
REFERENCE = re.compile(rf"\b[{ALPHABET}]{{6}}\b")
PLAN_IN_POLISH = "Zmieniamy firmę taksówkową."


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def program(tmp_path: Path, api: BotApi) -> Iterator[DatedProgram]:
    with DatedProgram(tmp_path, api, MORNING) as program:
        yield program


def first_admin(program: DatedProgram, api: BotApi) -> Somebody:
    invited = json.loads(program.run("invite", "--role", "admin", "--json"))
    admin = Somebody(api, "Anna")
    admin.starts(invited["telegram"].partition("start=")[2])
    admin.hears("Welcome. You are now staff")
    admin.taps("Skip")
    admin.hears("What would you like to do?")
    return admin


def colleague_of(admin: Somebody, role: str) -> Somebody:
    """Invited by a tap; the link goes from hand to hand."""
    admin.says("/colleagues")
    admin.taps("Invite somebody", role, "Tameside Council")
    link = re.search(r"https://t\.me/\S+start=(\S+)", admin.hears("https://t.me/"))
    assert link is not None
    assert admin.file(".png")["mime_type"] == "image/png"
    other = Somebody(admin.api, "Bea")
    other.starts(link[1])
    other.hears("What should colleagues call you?")
    other.says("SEN team, mornings")
    other.hears("Colleagues see “SEN team, mornings”.")
    return other


def family(api: BotApi, name: str, language: str = "en") -> Somebody:
    one = Somebody(api, name, language)
    one.starts()
    one.hears("Which language would you like?")
    own_name = languages()[language].own_name
    one.marks(own_name if any(own_name in shown.labels for shown in one.new()) else own_name.capitalize())
    one.taps("A parent or carer", "Yes, that is OK")
    one.hears("What would you like to do?")
    return one


def tells(one: Somebody, words: str, *, photo: bool = False) -> str:
    """Tells about transport, unnamed; gives back the reference."""
    one.taps("Tell us", "Two minutes", "Transport")
    one.hears("Tell us in your own words. You can send a photo or a voice note too. Please leave out names.")
    if photo:
        one.seen = one.person.chat.arrived
        one.person.sends_photo()
        one.hears("I have kept that.")
    one.says(words)
    one.taps("That is all", "Skip", "Only staff, no name", "Send it")
    one.waits(lambda: any(REFERENCE.search(shown.text) for shown in one.new()), "a reference")
    return next(found[0] for shown in one.new() if (found := REFERENCE.search(shown.text)))


def skips_other_languages(staff: Somebody, **texts: str) -> None:
    for code in [code for code in ("pl", "ur") if code in languages()]:
        staff.hears(f"Do you have it in {language_name(code)}?")
        if code in texts:
            staff.says(texts[code])
        else:
            staff.taps("Skip")


def reminders(program: DatedProgram) -> list[tuple[int, bool]]:
    engine = open_database(program.database_url)
    with reading(engine) as session:
        found = [(row.hours, row.sent is not None) for row in session.scalars(select(Reminder).order_by(Reminder.due))]
    engine.dispose()
    return found


def test_what_families_say_is_answered_acted_on_and_told(program: DatedProgram, api: BotApi) -> None:
    admin = first_admin(program, api)
    team = colleague_of(admin, "Publisher: tell all")
    mum, dan = family(api, "Amal"), family(api, "Dan")
    kasia = family(api, "Kasia", "pl" if "pl" in languages() else "en")
    refs = [tells(mum, WORDS), tells(kasia, KASIA), tells(dan, DAN, photo=True)]
    dan.says("STOP")
    dan.taps("That is all")

    # Staff hear of it, read it and answer; the family writes back.
    team.looks_back()
    team.taps("Open the inbox")
    listed = team.hears("What families said. The oldest promise comes first:")
    assert all(ref in listed for ref in refs)
    team.says(refs[2])
    team.hears(DAN)
    team.waits(lambda: any(one.raw.get("photo") for one in team.new()), "the photo")
    team.taps("Back to the list", "1. Transport")
    assert WORDS in team.hears(refs[0])
    team.taps("Reply")
    team.hears("Write your reply.")
    team.says("We rang the taxi firm today.")
    assert WORDS in team.hears("They will get:")
    team.taps("Send it")
    team.hears("It is on its way to them.")
    assert WORDS in mum.hears("We rang the taxi firm today.")
    mum.taps("Reply")
    mum.hears("What would you like to say about it?")
    mum.says("Thank you. It was late again today.")
    mum.taps("Send it")
    mum.hears("Thank you. It is sent")
    team.taps("Open it again")
    assert "We wrote" in team.hears("Thank you. It was late again today.")
    team.taps("No answer needed")
    team.hears(f"Nothing is owed for {refs[0]} now.")

    # The three under one item: what is being done, seen as it goes out and to how many, approved by a second person.
    team.says("/publish")
    team.taps("Something new")
    team.hears("What did families say?")
    team.says("Taxis to school come late or not at all.")
    team.taps("Transport")
    team.hears("Which of these are about it?")
    team.marks(*refs)
    team.taps("That is all", "We are doing it")
    team.hears("What is being done about it?")
    team.says(PLAN)
    team.taps("Tameside Council", "Skip", "No day yet")
    skips_other_languages(team, pl=PLAN_IN_POLISH)
    team.taps("Now")
    look = team.hears("A second person has to look at it first.")
    assert "To 2 people who said it:" in look
    assert f"What is being done: {PLAN}" in look
    assert "2 people are written to.\n1 is not: they opted out." in look
    assert not mum.ever(PLAN)
    admin.seen = admin.person.chat.arrived
    team.taps("Ask a colleague")
    team.hears("I have asked a colleague to look at it.")
    assert PLAN in admin.hears("A colleague asks you to look at this before it goes out.")
    admin.taps("Approve")
    admin.hears("Thank you. It goes out.")
    team.hears("Got it: 2 of 2.")
    told = mum.hears("You told us: “{quote}”", quote=WORDS)
    assert PLAN in told
    told = kasia.hears("You told us: “{quote}”", quote=KASIA)
    assert (PLAN_IN_POLISH if kasia.language == "pl" else PLAN) in told
    assert not dan.ever(PLAN)

    # It is done: whoever follows it is told too, and who raised it may say whether it is better.
    eve = family(api, "Eve")
    item = next(one.data for one in mum.new()[-1].buttons if one.data and "you_said:item=" in one.data)
    number = item.partition("item=")[2].partition(":")[0]
    eve.starts(f"you_said-item_{number}")
    eve.taps("Follow this")
    eve.hears("follow")
    eve.seen = mum.seen = eve.person.chat.arrived
    mum.seen = mum.person.chat.arrived
    team.says("/publish")
    team.hears("What do you want to say something about?")
    team.marks("Taxis to school")
    team.taps("We are changing…")
    team.taps("It is done")
    team.hears("What is being done about it?")
    team.says("The new taxi firm has begun.")
    team.taps("Tameside Council")
    skips_other_languages(team)
    team.taps("Now")
    look = team.hears("A second person has to look at it first.")
    assert "To 2 people who said it:" in look
    assert "To 1 person who follows it:" in look
    admin.seen = admin.person.chat.arrived
    team.taps("Ask a colleague")
    admin.taps("Approve")
    assert "The new taxi firm has begun." in eve.hears("News about what you follow:")
    mum.hears("The new taxi firm has begun.")
    mum.taps("Yes, it is better")
    mum.hears("Thank you")
    team.hears("Got it: 3 of 3.")
    team.taps("Look at it")
    assert "better 1, not right yet 0" in team.hears("Now: sent.")
    assert not dan.ever("The new taxi firm has begun.")


def call(admin: Somebody, title: str, day: str) -> str:
    """Calls a meeting in person and by phone, for everybody; gives back what staff saw before they announced it."""
    admin.says("/call")
    admin.taps("A new meeting")
    admin.hears("What is the meeting called?")
    admin.says(title)
    admin.hears("What is it for?")
    admin.says("To plan the new taxis. You can change the rules for drivers.")
    admin.hears("On what day?")
    admin.says(day)
    admin.hears("At what time does it start?")
    admin.says("6.30pm")
    admin.taps("1 hour", "Yes, that is right", "In person", "By phone", "That is all")
    admin.hears("Where is it?")
    admin.says("Ashton Library, Old Street. It is step-free.")
    admin.hears("Which number do people ring to join?")
    admin.says("01632 960123")
    admin.taps("Everyone")
    seen = admin.hears("This is what people will read:")
    admin.taps("Announce it")
    admin.hears("Reminders go out by themselves.")
    return seen


def test_a_meeting_is_called_moved_held_and_written_up_and_another_is_called_off(
    program: DatedProgram, api: BotApi
) -> None:
    admin = first_admin(program, api)
    mum, dan, eve = family(api, "Amal"), family(api, "Dan"), family(api, "Eve")
    families = (mum, dan, eve)
    seen = call(admin, "Tea about taxis", "18 November")
    assert "3 people will be told." in seen
    assert "Wednesday 18 November 2026, 18:30 to 19:30" in seen
    for one in families:
        assert "To plan the new taxis." in one.hears("You are invited to a meeting.")
    mum.taps("I'm coming")
    mum.hears("You are on the list for Wednesday 18 November 2026, 18:30.")
    assert mum.file(".ics")["mime_type"].startswith("text/calendar")
    mum.taps("How, and what I need", "In person", "Just me", "Yes", "Step-free access", "That is all")
    mum.taps("No, only this time")
    mum.hears("I tell you when it is arranged.")
    dan.says("maybe")  # typed, not tapped
    dan.hears("You said maybe for Wednesday 18 November 2026, 18:30.")
    eve.taps("Can't come")
    eve.hears("Thank you for telling us.")
    # A week before it, a day and two hours: for each of the two who said yes or maybe.
    assert reminders(program) == [(168, False), (168, False), (24, False), (24, False), (2, False), (2, False)]

    admin.taps("Look after it")
    assert "Yes: 1. Maybe: 1. No: 1. People in all: 2." in admin.hears("Tea about taxis")
    admin.taps("Who is coming")
    assert "– In person: 1" in admin.hears("They need:")
    admin.taps("Step-free access")
    mum.hears("this is arranged: Step-free access.")
    admin.hears("All that they need is arranged:")

    admin.taps("Back to the meeting", "Change it", "The time")
    admin.hears("On what day?")
    admin.says("19 November")
    admin.hears("At what time does it start?")
    admin.says("6pm")
    admin.taps("1 hour", "Yes, that is right")
    assert "2 people who said yes or maybe will be told." in admin.hears("Before:")
    admin.taps("Change it")
    admin.hears("Done. 2 people are told.")
    for one in (mum, dan):
        told = one.hears("“Tea about taxis” has changed.")
        assert "When: Wednesday 18 November 2026, 18:30 to 19:30." in told
        assert "When: Thursday 19 November 2026, 18:00 to 19:00." in told
    assert not eve.ever("has changed.")
    mum.taps("I'm coming")
    mum.hears("You are on the list for Thursday 19 November 2026, 18:00.")

    call(admin, "Pizza about buses", "1 December")
    for one in families:
        one.hears("Pizza about buses")
    mum.looks_back()
    eve.taps("I'm coming")
    eve.hears("You are on the list for Tuesday 1 December 2026, 18:30.")
    admin.taps("Look after it", "Cancel it")
    admin.hears("Why is it cancelled?")
    admin.says("The library is shut.")
    admin.taps("Cancel the meeting")
    admin.hears("It is cancelled. 1 person is told.")
    eve.hears("The reason: The library is shut.")
    assert not mum.ever("The library is shut.")

    mum.seen = mum.person.chat.arrived
    program.jump_to(datetime(2026, 11, 18, 18, 1, tzinfo=UTC))
    mum.hears("A reminder: “Tea about taxis” is on Thursday 19 November 2026, 18:00.")
    program.jump_to(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    admin.says("/run")
    admin.hears("Tea about taxis")
    admin.taps("Send the notes")
    admin.hears("What was said, and what was decided?")
    admin.says("We met the new taxi firm. They start in January.")
    assert "3 people will read this:" in admin.hears("They start in January.")
    admin.taps("Send the notes")
    admin.hears("Done. 3 people are told.")
    for one in families:
        assert "They start in January." in one.hears("The notes of “Tea about taxis” on Thursday 19 November 2026:")


def test_nobody_is_woken_and_everybody_hears_in_the_morning(program: DatedProgram, api: BotApi) -> None:
    admin = first_admin(program, api)
    mum = family(api, "Amal")
    program.jump_to(datetime(2026, 11, 10, 22, 30, tzinfo=UTC))
    admin.seen = admin.person.chat.arrived
    ref = tells(mum, WORDS)
    admin.says("/inbox")
    admin.hears(ref)
    admin.says(ref)
    admin.taps("Reply")
    admin.hears("Write your reply.")
    admin.says("We rang the taxi firm today.")
    admin.taps("Send it")
    admin.hears("It is kept, and is sent at 08:00: nothing goes out at night.")
    assert not admin.ever("There is something new from families.")
    program.kill()
    program.start()
    admin.taps("Open it again")  # an old button, to a process that is new
    admin.hears("We rang the taxi firm today.")
    assert not mum.ever("We rang the taxi firm today.")
    program.jump_to(datetime(2026, 11, 11, 8, 0, 1, tzinfo=UTC))
    mum.hears("We rang the taxi firm today.")
    admin.hears("There is something new from families.")
