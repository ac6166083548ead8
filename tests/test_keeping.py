"""What is held of a person can be taken and erased, and goes when its time is up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from handlers.drafts import nudge_drafts
from models import keeping, meeting, question
from models.alert import Decision, decide, raise_alert
from models.attachment import Attachment, keep
from models.audit import Audit, record
from models.broadcast import Delivery
from models.broadcast.tables import Broadcast, BroadcastState
from models.conversation import Conversation
from models.database import now
from models.draft import UNANSWERED_FOR
from models.feedback import Feedback, answer_back, give_feedback, reply
from models.finding import Found
from models.heard import Attached
from models.meeting import Coming, Meeting, MeetingState, Rsvp, Way
from models.message import Message
from models.months import months_before
from models.outgoing import Class, Outgoing, State, send
from models.person import Address, Person, reach
from models.question import Question
from models.received import Received
from models.role import Role, RoleName
from models.tables import Base
from models.theme import Theme, follow, judge, subscribe
from models.theme.tables import Update
from tests.company import colleague, family, references_in_order
from tests.talk import Talk

# Everything that the family of these stories says holds this word.
WORD = "zebrafinch"
NUDGED = "You wrote something and did not send it."


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def a_family_that_has_used_everything(talk: Talk) -> Talk:
    """On the web chat, which keeps their own words as well."""
    parent = family(talk.another("secret-key-of-a-browser-tab", channel="web"))
    parent.hear(text="my things", keep_words=True)
    parent.hear(text=f"what about the {WORD}", keep_words=True)
    staff = colleague(talk, "s", RoleName.ADMIN)
    with talk.writing() as session:
        _live(session, talk, parent.person(session), staff.person(session))
    return parent


def _live(session: Session, talk: Talk, person: Person, staff: Person) -> None:
    area = talk.partnership.area
    photo = keep(session, person.id, "web", Attached("photo", "ref", f"{WORD}.jpg", "image/jpeg", 7, b"content"))
    said = give_feedback(
        session, area, person, topic="school", text=f"The {WORD} said no.", attachments=(photo.id,), name=WORD
    )
    reply(session, said, "We are looking into it.", staff)
    answer_back(session, area, said, f"Thank you, says the {WORD}.")
    theme = Theme(topic="school", said="Families want answers.", updates=[])
    update = Update(status="doing", text="More staff.", texts={})
    theme.updates.append(update)
    session.add(theme)
    session.flush()
    said.theme_id = theme.id
    follow(session, person, theme)
    subscribe(session, person, "school")
    judge(session, person, update, better=False, words=f"Not for the {WORD}.")
    coffee = Meeting(
        title="Coffee morning", purpose="To talk", minutes=60, ways=[Way.IN_PERSON.value], state=MeetingState.CALLED
    )
    coffee.starts = now() + timedelta(days=20)
    session.add(coffee)
    session.flush()
    rsvp = meeting.say(session, area, coffee, person, Coming.YES)
    meeting.say_how(session, rsvp, way=Way.IN_PERSON, how_many=2, needs={"marks": ["other"], "words": WORD})
    person.needs = {"marks": ["other"], "words": WORD}
    meeting.ask_ahead(session, coffee, person, f"Is the {WORD} welcome?")
    question.keep_question(
        session, area.key, f"a {WORD} club", Found("none", (), sure=False), language="en", person=person
    )
    alert = raise_alert(session, person.id, feedback_id=said.id)
    assert alert is not None
    decide(session, alert, staff, Decision.TOLD, "They know already.")
    record(session, staff, "read", said.about)
    address = reach(person)
    assert address is not None
    sent = send(session, address, Message(f"You said: the {WORD} said no."), Class.BROADCAST, about="broadcast:1")
    sent.state = State.SENT
    session.add(Broadcast(id=1, audience="everyone", texts={}, messages={}, state=BroadcastState.DONE))
    session.flush()
    session.add(Delivery(broadcast_id=1, person_id=person.id, part="reader", outgoing_id=sent.id))
    session.add(Received(id="web:failed", address_id=address.id, error="ValueError", kept={"text": WORD}))
    draft = Conversation(person_id=person.id, flow="tell_us", answers={"story": {"text": WORD, "attachments": []}})
    draft.open = "topic"
    session.add(draft)
    shown = send(session, staff_address(session, staff), Message(f"222222: “The {WORD} said no.”"), Class.REPLY)
    shown.state = State.SENT


def staff_address(session: Session, staff: Person) -> Address:
    address = reach(staff)
    assert address is not None
    return address


def everything_in(session: Session) -> Iterable[tuple[str, Any]]:
    """Every value of every row of every table, as text, with the table it is in."""
    tables = MetaData()
    tables.reflect(session.connection())
    for table in tables.sorted_tables:
        for row in session.execute(select(table)):
            for value in row:
                yield table.name, value.decode("latin-1") if isinstance(value, bytes) else str(value)


def tables_that_hold(talk: Talk, words: str) -> set[str]:
    with talk.writing() as session:
        return {table for table, value in everything_in(session) if words in value}


def erased_in_the_chat(parent: Talk) -> None:
    for words in ("erase everything", "erase", "yes"):
        parent.types(words)


# -- erasing


@pytest.mark.both_databases
def test_nothing_of_an_erased_family_is_left_but_where_to_tell_them_so(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    assert len(tables_that_hold(talk, WORD)) >= 10
    erased_in_the_chat(parent)
    assert tables_that_hold(talk, WORD) == set()
    [told] = parent.messages()
    assert told.text.startswith("It is done. Everything about you is erased here.")
    assert tables_that_hold(talk, "secret-key") <= {"address", "received"}
    [address] = [one for one in talk.kept(Address) if one.channel == "web"]
    with talk.writing() as session:
        nobody = session.get_one(Person, address.person_id)
        assert (nobody.kind, nobody.agreed_to, nobody.needs) == (None, None, None)
        assert session.scalars(select(Feedback)).all() == []


def test_once_they_have_been_told_the_address_goes_too(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    erased_in_the_chat(parent)
    sweep(talk, minutes=5)
    assert parent.messages() != []
    with talk.writing() as session:
        for row in session.scalars(select(Outgoing).where(Outgoing.state.in_((State.WAITING, State.SENDING)))):
            row.state = State.SENT
    sweep(talk, minutes=10)
    assert tables_that_hold(talk, "secret-key") == set()
    # What is left is staff's: their own address and role, the item, the meeting, and that an alert was raised.
    assert [role.name for role in talk.kept(Role)] == [RoleName.ADMIN]
    assert len(talk.kept(Person)) == len(talk.kept(Address)) == 1


def test_an_address_that_cannot_be_told_goes_after_a_day(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    erased_in_the_chat(parent)
    with talk.writing() as session:
        for row in session.scalars(select(Outgoing)):
            row.state = State.WAITING
    sweep(talk, minutes=60)
    assert tables_that_hold(talk, "secret-key") <= {"address", "received"}
    sweep(talk, days=1)
    assert tables_that_hold(talk, "secret-key") == set()


def test_who_writes_again_is_a_stranger_and_stays(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    erased_in_the_chat(parent)
    parent.types("my things")
    parent.types("what i said")
    assert parent.messages()[-1].text == "You have not told us anything yet."
    sweep(talk, days=2)
    assert tables_that_hold(talk, "secret-key") <= {"address", "received"}


def test_a_message_that_comes_twice_around_the_erasure_is_still_handled_once(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    parent.types("erase everything")
    parent.types("erase")
    parent.hear(text="yes", id="web:the-yes")
    parent.hear(text="yes", id="web:the-yes")
    assert len(parent.messages()) == 1


def test_staff_who_were_shown_the_words_no_longer_have_them_here(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    erased_in_the_chat(parent)
    staff = talk.another("s")
    assert "The family has erased these words." in [message.text for message in staff.messages()]


def test_that_it_was_done_is_recorded_without_saying_of_whom(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    erased_in_the_chat(parent)
    assert [one.deed for one in talk.kept(Audit) if one.person_id is None] == ["erased"]


def test_others_are_left_as_they_were(talk: Talk) -> None:
    other = family(talk.another("2"))
    with talk.writing() as session:
        give_feedback(session, talk.partnership.area, other.person(session), topic="health", text="It is good.")
    erased_in_the_chat(a_family_that_has_used_everything(talk))
    assert [one.text for one in talk.kept(Feedback)] == ["It is good."]


def test_every_table_says_what_becomes_of_it_when_a_person_goes() -> None:
    undecided = [
        f"{key.parent}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("person", "address", "feedback", "conversation", "outgoing", "rsvp")
        and key.ondelete not in ("CASCADE", "SET NULL")
    ]
    assert undecided == []


# -- taking a copy


def test_everything_held_can_be_taken(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    with talk.writing() as session:
        everything = keeping.held(session, parent.person(session))
    assert set(everything) == {
        "about_you",
        "said",
        "meetings",
        "asked_ahead",
        "looked_for",
        "following",
        "verdicts",
        "not_sent_yet",
        "files",
        "your_messages",
        "messages_to_you",
        "who_looked",
    }
    assert all(WORD in json.dumps(everything[kind]) for kind in ("said", "meetings", "asked_ahead", "looked_for"))
    assert everything["about_you"]["agreed_to"].startswith("I keep what you tell us")
    assert {look["organisation"] for look in everything["who_looked"]} == {"council"}
    assert "secret-key" not in json.dumps(everything, default=str)


def test_a_stranger_can_take_what_little_there_is(talk: Talk) -> None:
    talk.types("take a copy")
    with talk.writing() as session:
        assert set(keeping.held(session, talk.person(session))) == {"about_you", "messages_to_you"}


# -- what goes in time


def sweep(talk: Talk, **later: float) -> int:
    talk.clock.shift(timedelta(**later))
    total = 0
    while True:
        with talk.writing() as session:
            done = keeping.sweep_old(session, talk.partnership, now())
        total += done
        if done < keeping.SLICE:
            return total


def test_a_month_later_finished_conversations_go_and_three_months_later_messages(talk: Talk) -> None:
    family(talk)
    talk.types("meaning")
    talk.types("EHCP")
    assert sweep(talk, days=28) == 0
    sweep(talk, days=4)
    assert talk.kept(Conversation) == []
    assert (len(talk.kept(Outgoing)), len(talk.kept(Received))) == (2, 2)
    sweep(talk, days=62)
    assert not talk.kept(Outgoing)
    assert not talk.kept(Received)


def test_a_message_that_made_the_code_fail_waits_for_staff_but_not_for_ever(talk: Talk) -> None:
    talk.types("hello")
    with talk.writing() as session:
        [address] = session.scalars(select(Address))
        session.add(Received(id="x:1", address_id=address.id, error="ValueError", kept={"text": "words"}))
    sweep(talk, days=120)
    assert [one.id for one in talk.kept(Received)] == ["x:1"]
    sweep(talk, days=620)
    assert talk.kept(Received) == []


def test_what_was_said_goes_after_its_time_with_its_photos(talk: Talk) -> None:
    parent = a_family_that_has_used_everything(talk)
    sweep(talk, days=700)
    assert len(talk.kept(Feedback)) == 1
    parent.types("menu")  # they are still there
    sweep(talk, days=32)
    for table in (Feedback, Attachment, Rsvp, Question, Audit):
        assert not talk.kept(table)


def test_who_has_not_been_heard_of_for_so_long_is_erased_but_not_staff(talk: Talk) -> None:
    a_family_that_has_used_everything(talk)
    sweep(talk, days=733)
    assert tables_that_hold(talk, "secret-key") == tables_that_hold(talk, WORD) == set()
    assert [role.name for role in talk.kept(Role)] == [RoleName.ADMIN]


def test_many_old_rows_go_in_slices(talk: Talk) -> None:
    talk.types("hello")
    with talk.writing() as session:
        session.add_all(Received(id=f"x:{number}", at=now()) for number in range(keeping.SLICE + 10))
    talk.clock.shift(timedelta(days=100))
    with talk.writing() as session:
        assert keeping.sweep_old(session, talk.partnership, now()) == keeping.SLICE
    assert sweep(talk) > 0
    assert talk.kept(Received) == []


def test_months_are_those_of_the_calendar(talk: Talk) -> None:
    end_of_march = now().replace(year=2027, month=3, day=31)
    assert months_before(end_of_march, 1).date().isoformat() == "2027-02-28"
    assert months_before(end_of_march, 24).date().isoformat() == "2025-03-31"
    assert months_before(end_of_march, 3).date().isoformat() == "2026-12-31"


# -- drafts


def nudge(talk: Talk, **later: float) -> list[Outgoing]:
    talk.clock.shift(timedelta(**later))
    with talk.writing() as session:
        nudge_drafts(session, talk.partnership, now())
    return [row for row in talk.rows() if (row.about or "").startswith("draft:")]


def begin(talk: Talk) -> None:
    """Somebody writes a story and leaves before it is sent."""
    family(talk)
    talk.types("tell us")
    talk.types("two minutes")
    talk.types("school")
    talk.types("The taxi was late again.")


def test_an_unfinished_story_is_brought_up_once_a_day_later(talk: Talk) -> None:
    begin(talk)
    assert nudge(talk, hours=23) == []
    [row] = nudge(talk, hours=2)
    assert row.kind is Class.REMINDER
    assert row.message.text.startswith(NUDGED)
    assert [button.label for button in row.message.buttons] == ["Send it as it is", "Throw it away", "Go on", "Later"]
    assert len(nudge(talk, days=3)) == 1


def test_not_at_night(talk: Talk) -> None:
    begin(talk)
    assert nudge(talk, hours=12) == []  # ten in the evening
    assert nudge(talk, hours=24) == []
    assert len(nudge(talk, hours=10)) == 1


def test_who_only_tapped_or_stopped_or_agreed_to_nothing_is_left_alone(talk: Talk) -> None:
    family(talk)
    talk.types("tell us")
    stopped = talk.another("2")
    begin(stopped)
    stopped.types("stop")
    stranger = talk.another("3")
    stranger.types("the school said they would ring me back and they never did so i am cross")
    for somebody in (talk, stopped, stranger):
        assert nudge(somebody, hours=25) == []


def test_later_keeps_it_until_its_day_and_says_which(talk: Talk) -> None:
    begin(talk)
    nudge(talk, hours=25)
    talk.shown()
    talk.taps("Later")
    assert talk.shown() == ["That is fine. I keep it until Tue 24 Nov. To go on, type “go on”."]
    talk("""
        (restart)
        > go on
        I have kept that. You can add more, or a photo or a voice note. [That is all]
    """)


def test_it_can_be_sent_as_it_is(talk: Talk) -> None:
    begin(talk)
    nudge(talk, hours=25)
    talk.taps("Send it as it is")
    assert [one.text for one in talk.kept(Feedback)] == ["The taxi was late again."]


def test_words_of_another_errand_get_go_on_later_and_no_thank_you(talk: Talk) -> None:
    begin(talk)
    with talk.writing() as session:
        [one] = session.scalars(select(Conversation).where(Conversation.ended.is_(None)))
        one.flow = "ask_ahead"
    [row] = nudge(talk, hours=25)
    assert [button.label for button in row.message.buttons] == ["Go on", "Later", "No thank you"]
    talk.taps("No thank you")
    assert talk.messages()[-1].text.startswith("It is thrown away.")
    talk.taps("No thank you")
    assert "That is over." in talk.messages()[-2].text


def test_after_the_drafts_days_it_is_gone_with_its_photos(talk: Talk) -> None:
    begin(talk)
    talk.sends("photo")
    nudge(talk, days=2)
    sweep(talk, days=11)
    assert any(one.answers for one in talk.kept(Conversation))
    sweep(talk, days=1, minutes=1)
    assert not any(one.answers for one in talk.kept(Conversation))
    assert talk.kept(Attachment) == []
    talk.types("go on")
    assert talk.shown()[-2:-1] == ["There is nothing unfinished."]


def test_after_downtime_it_is_asked_about_before_it_goes(talk: Talk) -> None:
    begin(talk)
    sweep(talk, days=20)
    assert any(one.answers for one in talk.kept(Conversation))
    assert len(nudge(talk)) == 1
    sweep(talk, seconds=UNANSWERED_FOR.total_seconds())
    assert not any(one.answers for one in talk.kept(Conversation))
