"""Staff say what is being done: seen first, looked at by a second person, sent to all who said it or want to hear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import locales
from bot.channels.outcome import NotSent, Outcome, Sent, Unknown
from bot.post import settle
from handlers.publish import SLICE, publications, publish_text
from models import consent, stopping
from models.area import Area
from models.audience import LeftOut, Part, UnknownAudience, audience_size
from models.audit import Audit
from models.broadcast import (
    Broadcast,
    BroadcastState,
    Delivery,
    Move,
    NotNow,
    OwnWork,
    approve,
    body_for,
    due_broadcasts,
    expand,
    hand_in,
    how_many_tapped,
    leave,
    of_unknown_fate,
    pause,
    progress,
    quoted,
    send_again,
    still_wanted,
    who_gets_it,
    who_would_get_it,
)
from models.database import now, reading
from models.feedback import Feedback, Status, Visibility, give_feedback
from models.meeting.tables import Coming, Meeting, Rsvp
from models.message import Message
from models.outgoing import Class, Outgoing, State, begin, send
from models.person import Address, Kind, Person
from models.personal.allowed import AllowedWords, as_published
from models.role import NotAllowed, Role, RoleName
from models.theme import Theme, Update, follow, new_theme, subscribe
from tests.talk import Talk


@dataclass
class House:
    """Two members of staff and three families, each at their own telephone."""

    author: Talk
    approver: Talk
    amal: Talk  # said it
    beata: Talk  # said it, and opted out since
    carol: Talk  # follows transport

    @property
    def area(self) -> Area:
        return self.author.partnership.area

    def sweep(self) -> int:
        """What the clock does."""
        with self.author.writing() as session:
            return publications(session, self.author.partnership, now())

    def post(self, outcome: Outcome | None = None, most: int = 1000) -> list[int]:
        """What the post does with rows of broadcasts: asks whether they are still wanted, and writes down the outcome."""
        with self.author.writing() as session:
            waiting = session.scalars(
                select(Outgoing)
                .where(Outgoing.state == State.WAITING, Outgoing.kind == Class.BROADCAST, Outgoing.due <= now())
                .order_by(Outgoing.id)
                .limit(most)
            ).all()
            for row in waiting:
                if not still_wanted(session, row):
                    row.state, row.settled = State.DROPPED, now()
                    continue
                begin(row)
                session.flush()
                settle(session, row.id, outcome or Sent("1"))
            return [row.id for row in waiting]

    def broadcast(self) -> Broadcast:
        return self.author.kept(Broadcast)[-1]


def _forget_catalogues() -> None:
    locales.languages.cache_clear()
    locales._translations.cache_clear()


@pytest.fixture(autouse=True)
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """English is the only language, until a test puts a catalogue into this folder."""
    folder = tmp_path / "locales"
    monkeypatch.setattr(locales, "HERE", folder)
    _forget_catalogues()
    yield folder
    monkeypatch.undo()
    _forget_catalogues()


@pytest.fixture
def polish(catalogues: Path) -> None:
    """A Polish catalogue with two sentences in it."""
    folder = catalogues / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    sentences = {
        "You told us: “{quote}”": "Powiedziano nam: „{quote}”",
        "We are doing something about it.": "Zajmujemy się tym.",
    }
    entries = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n']
    entries += [f'msgid "{english}"\nmsgstr "{polish}"\n' for english, polish in sentences.items()]
    (folder / "yousaid.po").write_text("\n".join(entries), encoding="utf-8")
    _forget_catalogues()


@pytest.fixture
def house(talk: Talk) -> House:
    house = House(talk.another("author"), talk.another("approver"), *(talk.another(key) for key in "abc"))
    with talk.writing() as session:
        for person, role in ((house.author, RoleName.BROADCASTER), (house.approver, RoleName.APPROVER)):
            session.add(Role(person=person.person(session), name=role, organisation="council"))
        amal, beata, carol = (one.person(session) for one in (house.amal, house.beata, house.carol))
        for parent in (amal, beata, carol):
            parent.kind = Kind.PARENT
            consent.agree(session, parent, house.area)
        for ref, parent, text in (
            ("BCD234", amal, "The taxi was late three times this week."),
            ("FGH567", beata, "Our taxi never comes on time."),
        ):
            give_feedback(session, house.area, parent, topic="transport", text=text).ref = ref
        subscribe(session, carol, "transport")
        stopping.stop(beata)
    return house


WRITTEN = """
    > publish
    What do you want to say something about? [Something new]
    > something new
    What did families say? Write it in one plain sentence.
    > Taxis come late.
    What is it about? [School] [Care plan (EHCP)] [Health and therapies] [Transport] [Short breaks] [Moving to adult life] [Something else]
    > trasport
    Which of these are about it? Whoever said it is told, with their own words.
    BCD234: “The taxi was late three times this week.”
    FGH567: “Our taxi never comes on time.” [BCD234 The taxi…] [FGH567 Our taxi…] [None of these]
    > 1
    ...
    (restart)
    > 2
    Which of these are about it? Whoever said it is told, with their own words.
    BCD234: “The taxi was late three times this week.”
    FGH567: “Our taxi never comes on time.” [✓ BCD234 The taxi…] [✓ FGH567 Our taxi…] [That is all]
    > that is all
    Where does it stand? [We are looking into it] [We are doing it] [It is done] [We can't do it] [We have heard it]
    > we are doing it
    What is being done about it? Write it for families, in plain words.
    > We will ring you when your taxi is late.
    Who does it? [Tameside Council] [The NHS in Tameside] [Tameside Umbrella…] [Schools and colleges…] [Charities and groups…]
    > council
    Which job or team there does it? Not a name. [Skip]
    > skip
    By which day? You can type “12 March”, “in 2 weeks” or “next Friday”. [No day yet]
    > 3 March
    When should it go out? [Now] [At a time]
"""

PREVIEW = """
    To 1 person who said it:
    You told us: “their own words”
    We are doing something about it.
    What is being done: We will ring you when your taxi is late.
    Who does it: Tameside Council.
    By when: Wednesday 3 March 2027.
    To get no more of these, type STOP.
    [Read more]
    To 1 person who wants news:
    News about “Transport”. Families said: “Taxis come late.”
    We are doing something about it.
    What is being done: We will ring you when your taxi is late.
    Who does it: Tameside Council.
    By when: Wednesday 3 March 2027.
    To get no more of these, type STOP.
"""


def handed_in(house: House) -> Broadcast:
    house.author(WRITTEN)
    house.author("""
        > now
        ...
        > ask a colleague
        Thank you. I have asked a colleague to look at it. You will hear what they say. [How far is it?]
    """)
    return house.broadcast()


def approved(house: House) -> Broadcast:
    broadcast = handed_in(house)
    house.approver.taps("Approve")
    house.author.shown(), house.approver.shown()
    return broadcast


@pytest.mark.both_databases
def test_what_is_being_done_reaches_all_who_said_it_but_whoever_opted_out(house: House) -> None:
    house.author(WRITTEN)
    house.author(f"""
        > now
        {PREVIEW}
        [Read more] [Follow this]
        2 people are written to.
        1 is not: they opted out.
        Everybody can see it on “You said, we are doing” too.
        A second person has to look at it first. [Ask a colleague] [Change something] [Throw it away]
        (restart)
        > ask a colleague
        Thank you. I have asked a colleague to look at it. You will hear what they say. [How far is it?]
    """)
    assert house.sweep() == 0, "nothing goes out before the second person has looked"
    assert house.amal.messages() == house.carol.messages() == []
    house.amal("""
        > you said
        Nothing has been put here yet. When staff say what is being done, you will find it here.
    """)

    shown = house.approver.shown()
    assert shown[0] == "A colleague asks you to look at this before it goes out."
    assert shown[-3:] == [
        "[Read more] [Follow this]",
        "2 people are written to.",
        "1 is not: they opted out. [Approve] [Send back]",
    ]
    house.approver.taps("Approve")
    assert house.approver.shown() == ["Thank you. It goes out. [How far is it?]"]
    assert house.author.shown() == [
        "A colleague approved “We will ring you when your taxi is late”. It goes out. [How far is it?]"
    ]

    assert house.sweep() == 2
    assert house.amal.shown() == [
        "You told us: “The taxi was late three times this week.”",
        "We are doing something about it.",
        "What is being done: We will ring you when your taxi is late.",
        "Who does it: Tameside Council.",
        "By when: Wednesday 3 March 2027.",
        "To get no more of these, type STOP. [Read more]",
    ]
    assert house.carol.shown()[0] == "News about “Transport”. Families said: “Taxis come late.”"
    assert house.beata.messages() == []
    assert [row.about for row in house.amal.rows()][-1] == f"broadcast:{house.broadcast().id}"
    assert [button.label for button in house.amal.messages()[-1].footer] == ["Menu", "Help now"]

    house.post()
    house.sweep()
    assert house.author.shown() == [
        "“We will ring you when your taxi is late” has gone out.",
        "Got it: 2 of 2. [Look at it]",
    ]
    house.carol.taps("Follow this")
    assert house.carol.shown() == ["You follow this now. We write to you when it moves. [Stop following]"]
    assert [one.status for one in house.author.kept(Feedback)] == [Status.DOING, Status.DOING]
    [update] = house.author.kept(Update)
    assert (update.organisation, update.due, update.text) == (
        "council",
        date(2027, 3, 3),
        "We will ring you when your taxi is late.",
    )
    with reading(house.author.engine) as session:
        looks = session.scalars(select(Audit.about).where(Audit.deed == "looked at")).all()
        assert sorted(looks) == ["feedback:1", "feedback:2"], "each look at a family's words is recorded, once"


def test_the_second_person_sends_it_back_and_the_author_changes_it(house: House) -> None:
    handed_in(house)
    house.approver.shown()
    house.approver.taps("Send back")
    house.approver("""
        (restart)
        > The schools do that.
        ...
    """)
    assert house.author.shown() == [
        "A colleague sent back “We will ring you when your taxi is late”. They say: “The schools do that.” [Change it]"
    ]
    house.author.taps("Change it")
    house.author.shown()
    house.author("""
        > change something
        What would you like to change? [The words] [Where it stands] [Who does it] [By which day] [When it goes out] [What it is about]
        > who does it
        Who does it? [Tameside Council] [The NHS in Tameside] [Tameside Umbrella…] [Schools and colleges…] [Charities and groups…]
        > schools
        Which job or team there does it? Not a name. [Skip]
        > skip
        ...
        > ask a colleague
        Thank you. I have asked a colleague to look at it. You will hear what they say. [How far is it?]
    """)
    assert [one.state for one in house.author.kept(Broadcast)] == [BroadcastState.STOPPED, BroadcastState.WAITING]
    house.approver.taps("Approve")
    house.sweep()
    assert "Who does it: Schools and colleges in Tameside." in house.amal.shown()
    house.approver.hear(tap="s:approve:which=1:verdict=yes")  # the old button
    assert house.approver.shown()[-1] == "That has been decided already. Thank you. [What we sent]"
    house.approver.hear(tap="s:approve:which=77:verdict=yes")
    assert house.approver.shown() == ["That has been decided already. Thank you. [What we sent]"]
    assert len(house.author.kept(Theme)) == 1


def test_nobody_approves_their_own_and_nobody_without_the_role(house: House) -> None:
    broadcast = handed_in(house)
    with house.author.writing() as session:
        author = house.author.person(session)
        session.add(Role(person=author, name=RoleName.APPROVER, organisation="council"))
        session.flush()
        with pytest.raises(OwnWork):
            approve(session, session.get_one(Broadcast, broadcast.id), author)
        with pytest.raises(NotAllowed):
            approve(session, session.get_one(Broadcast, broadcast.id), house.amal.person(session))
    house.author.hear(tap=f"s:approve:which={broadcast.id}:verdict=yes")
    assert house.author.shown() == ["You wrote this yourself. A colleague has to look at it."]
    house.amal.hear(tap=f"s:approve:which={broadcast.id}:verdict=yes")
    assert house.amal.shown()[0] == "That is for staff. Ask a colleague who is an admin for an invite."
    assert house.broadcast().state is BroadcastState.WAITING


def test_without_anybody_who_may_approve_it_says_so(house: House) -> None:
    with house.author.writing() as session:
        session.delete(session.scalars(select(Role).where(Role.name == RoleName.APPROVER)).one())
    house.author(WRITTEN)
    house.author("""
        > now
        ...
        > keep it waiting
        It is kept, and waits: nobody else here may approve it. An admin can invite an approver under “Colleagues”. They find it under “What we sent”. [How far is it?]
    """)


def test_jargon_is_pointed_out_and_can_be_changed_or_kept(house: House) -> None:
    house.author("""
        > say what we are doing
        ...
        > 1
        ...
        > Taxis come late.
        ...
        > transport
        ...
        > none of these
        ...
        > we cant do it
        Why not? Families read: “We can't do this, because: …”
        > Our stakeholders said no.
        This could be plainer:
        – For “stakeholders”, say “people it matters to”. [Keep it like this] [Change it]
        > change it
        Why not? Families read: “We can't do this, because: …”
        > There is no money for more taxis this year.
        Who does it? [Tameside Council] [The NHS in Tameside] [Tameside Umbrella…] [Schools and colleges…] [Charities and groups…]
        > 1
        When should it go out? [Now] [At a time]
        > now
        To 1 person who wants news:
        News about “Transport”. Families said: “Taxis come late.”
        We can't do this, because: There is no money for more taxis this year.
        Who does it: Tameside Council.
        To get no more of these, type STOP.
        [Read more] [Follow this]
        1 person is written to.
        Everybody can see it on “You said, we are doing” too.
        A second person has to look at it first. [Ask a colleague] [Change something] [Throw it away]
        > throw it away
        That is thrown away. Nothing of it was sent.
    """)
    assert house.author.kept(Theme) == []
    assert house.author.kept(Broadcast) == []


def test_what_is_answered_can_be_changed_at_the_last_look(house: House) -> None:
    house.author(WRITTEN)
    house.author("""
        > now
        ...
        > change something
        What would you like to change? [The words] [Where it stands] [Who does it] [By which day] [When it goes out] [What families said] [What it is about] [Whose words it is about]
        > when it goes out
        When should it go out? [Now] [At a time]
        > at a time
        On which day?
        > yesterday
        Sorry, I did not understand. Please type a day such as “12 March”, “12/3/27”, “next Friday” or “in 2 weeks”.
        On which day?
        > tomorow
        At what time?
        > 10:30pm
        Nothing is usually sent at that hour. Shall it wait until Thursday 12 November 2026, 08:00? [Let it wait] [Send it at night]
        > let it wait
        ...
        > back
        ...
        > send it at night
        ...
        > change something
        ...
        > whose words
        Which of these are about it? Whoever said it is told, with their own words.
        ...
        > none of these
        To 1 person who wants news:
        ...
        > ask a colleague
        ...
    """)
    assert house.broadcast().at == datetime(2026, 11, 11, 22, 30, tzinfo=UTC)
    assert house.broadcast().at_night
    assert [one.theme_id for one in house.author.kept(Feedback)] == [None, None]


def test_an_item_is_put_under_another_topic(house: House) -> None:
    approved(house)
    house.sweep()
    house.author.shown()
    house.author("""
        > publish
        ...
        > taxis come late
        ...
        > we will ring you
        ...
        > we have heard it
        ...
        > Thank you for telling us.
        ...
        > 1
        ...
        > now
        ...
        > change something
        What would you like to change? [The words] [Where it stands] [Who does it] [When it goes out] [What it is about]
        > what it is about
        What is it about? [School] [Care plan (EHCP)] [Health and therapies] [Transport] [Short breaks] [Moving to adult life] [Something else]
        > school
        ...
        > ask a colleague
        ...
    """)
    assert [one.topic for one in house.author.kept(Theme)] == ["school"]


def test_a_time_that_was_given_stays_when_it_is_sent_back(house: House) -> None:
    house.author(WRITTEN)
    house.author("""
        > at a time
        ...
        > 20 November
        ...
        > 10am
        ...
        > ask a colleague
        ...
    """)
    assert house.approver.shown()[-1] == ("It goes out on Friday 20 November 2026, 10:00. [Approve] [Send back]")
    house.approver.taps("Send back")
    house.approver("""
        > Say it more simply.
        ...
    """)
    house.author.taps("Change it")
    assert "It goes out on Friday 20 November 2026, 10:00." in house.author.shown()


def test_a_day_or_an_hour_that_is_over_is_not_taken(house: House) -> None:
    house.author(
        WRITTEN.replace("> 3 March", "> 3 March 2026").replace("When should it go out? [Now] [At a time]", "...")
    )
    house.author("""
        > tomorrow
        When should it go out? [Now] [At a time]
        > 2
        On which day?
        > today
        At what time?
        > 9am
        Sorry, I did not understand. That time is over. Please type a later one.
        At what time?
        > 11am
        ...
    """)


def test_what_is_sent_at_a_time_waits_for_it_and_for_the_morning(house: House) -> None:
    broadcast = approved(house)
    with house.author.writing() as session:
        session.get_one(Broadcast, broadcast.id).at = datetime(2026, 11, 10, 20, 59, tzinfo=UTC)
    assert house.sweep() == 0
    house.author.clock.move_to(datetime(2026, 11, 10, 21, 30, tzinfo=UTC), tick=False)
    assert house.sweep() == 0, "the quiet hours have begun"
    house.author.hear(tap=f"s:sent:which={broadcast.id}")
    assert "It goes out on Wednesday 11 November 2026, 08:00. [Call it off]" in house.author.shown()
    house.author.clock.move_to(datetime(2026, 11, 11, 8, 0, tzinfo=UTC), tick=False)
    assert house.sweep() == 2


def test_what_was_left_over_in_the_evening_waits_for_the_morning(house: House) -> None:
    approved(house)
    house.author.clock.move_to(datetime(2026, 11, 10, 20, 59, tzinfo=UTC), tick=False)
    house.sweep()
    house.author.clock.move_to(datetime(2026, 11, 10, 23, 0, tzinfo=UTC), tick=False)
    house.sweep()
    assert house.post() == [], "the machine was down, and it is night"
    house.author.clock.move_to(datetime(2026, 11, 11, 8, 0, tzinfo=UTC), tick=False)
    assert len(house.post()) == 2


def test_now_at_night_means_in_the_morning_unless_somebody_says_otherwise(house: House) -> None:
    house.author.clock.move_to(datetime(2026, 11, 10, 22, 0, tzinfo=UTC), tick=False)
    house.author(WRITTEN.replace("[Now] [At a time]", "[At 08:00] [At another time] [Now, at night]"))
    house.author("""
        > now, at night
        ...
        > 1
        ...
    """)
    house.approver.taps("Approve")
    assert house.sweep() == 2


def test_it_is_paused_goes_on_and_is_called_off_half_way(house: House) -> None:
    broadcast = approved(house)
    house.sweep()
    house.post(most=1)
    house.author.hear(tap=f"s:sent:which={broadcast.id}")
    house.author.taps("Pause")
    assert house.author.shown()[-5:] == [
        "It is paused. What is on its way still arrives.",
        "“We will ring you when your taxi is late”",
        "Now: paused.",
        "Got it: 1 of 2.",
        "Still to go: 1. [How far is it?] [Go on] [Call it off]",
    ]
    house.sweep()
    assert house.post() == []
    house.author.taps("Pause")
    assert house.author.shown()[0] == "That does not go any more: it has moved on."
    house.author.taps("Go on")
    assert house.author.shown()[0] == "It goes on."
    house.author.taps("Call it off")
    house.author("""
        (restart)
        > let it go on
        ...
    """)
    house.author.taps("Call it off")
    house.author("""
        > yes
        ...
    """)
    assert house.post() == []
    house.author("""
        > what we sent
        Which one?
        1. Tue 10 Nov: We will ring you when your taxi is late (stopped) [We will ring you…]
        > 1
        “We will ring you when your taxi is late”
        Now: stopped.
        Got it: 1 of 2.
        Not sent, because it was stopped or they opted out: 1.
    """)
    house.author.hear(tap=f"s:sent:which={broadcast.id}:do=stop")
    assert house.author.shown()[0] == "That does not go any more: it has moved on."


def test_before_anything_was_sent_the_list_says_so(house: House) -> None:
    house.author("""
        > what we sent
        Nothing has been sent yet. [Say what we are doing]
    """)


def test_whoever_opts_out_after_the_rows_were_made_gets_nothing(house: House) -> None:
    approved(house)
    house.sweep()
    house.carol("""
        > stop
        ...
    """)
    house.amal.hear(event="blocked")
    house.post()
    house.sweep()
    assert house.author.shown() == [
        "“We will ring you when your taxi is late” has gone out.",
        "Got it: 0 of 2.",
        "Not sent, because it was stopped or they opted out: 2. [Look at it]",
    ]


def test_what_could_not_be_delivered_is_counted_with_its_reason(house: House) -> None:
    approved(house)
    house.sweep()
    house.post(NotSent("403 Forbidden", blocked=True), most=1)
    house.post(NotSent("400 Bad Request", refused=True))
    house.sweep()
    assert house.author.shown()[1:] == [
        "Got it: 0 of 2.",
        "Could not be reached: 2 (the channel refused it: 1, they closed the chat: 1). [Look at it]",
    ]


def test_what_no_channel_takes_for_a_day_is_given_up(house: House) -> None:
    approved(house)
    house.sweep()
    house.post(most=1)
    house.post(NotSent("channel not running", retry_after=60))
    house.sweep()
    assert house.author.shown() == []
    house.author.clock.shift(timedelta(hours=25))
    house.sweep()
    assert house.author.shown()[1:] == [
        "Got it: 1 of 2.",
        "Could not be reached: 1 (no way to them for a day: 1). [Look at it]",
    ]


def test_messages_of_unknown_fate_are_listed_and_decided_about(house: House) -> None:
    approved(house)
    house.sweep()
    first, second = house.post(Unknown("ReadTimeout"))
    house.sweep()
    assert house.author.shown()[1:] == [
        "Got it: 0 of 2.",
        "We do not know if 2 messages arrived.",
        f"To decide: {first}, {second}. [Look at it]",
    ]
    house.author.taps("Look at it")
    house.author.shown()
    house.author.taps("Decide")
    assert house.author.shown()[-1].startswith("We do not know if these arrived: ")
    house.author("""
        (restart)
        > pick some
        ...
        > 1
        ...
        > that is all
        ...
    """)
    house.author.hear(tap=f"s:sent:which={house.broadcast().id}")
    assert house.author.shown()[-3:] == [
        "Got it: 0 of 2.",
        "Still to go: 1.",
        "We do not know if 1 message arrived. [How far is it?] [Pause] [Call it off]",
    ]
    assert house.post() == [first]
    house.sweep()
    assert house.author.shown() == [
        "“We will ring you when your taxi is late” has gone out.",
        "Got it: 1 of 2.",
        "We do not know if 1 message arrived. [Look at it]",
    ]


def test_nobody_is_reached_and_the_item_is_there_all_the_same(house: House) -> None:
    with house.author.writing() as session:
        for family in (house.amal, house.carol):
            stopping.stop(family.person(session))
    house.author(WRITTEN)
    house.author("""
        > now
        Nobody would be written to. This is how it would read:
        News about what you follow: “Taxis come late.”
        We are doing something about it.
        What is being done: We will ring you when your taxi is late.
        Who does it: Tameside Council.
        By when: Wednesday 3 March 2027.
        To get no more of these, type STOP.
        [Read more] [Stop following]
        0 people are written to.
        3 are not: they opted out.
        Everybody can see it on “You said, we are doing” too.
        A second person has to look at it first. [Ask a colleague] [Change something] [Throw it away]
        > 1
        ...
    """)
    house.approver.taps("Approve")
    assert house.sweep() == 0
    assert house.author.shown()[-1] == "There was nobody to write to. [Look at it]"
    house.amal("""
        > you said
        Here is what families said, and what is being done. What would you like to see? [All] [Transport]
    """)


def test_a_family_hears_that_it_is_done_and_says_that_it_is_not(house: House) -> None:
    approved(house)
    house.sweep()
    house.post()
    house.sweep()
    house.author.shown()
    house.author("""
        > publish
        What do you want to say something about?
        – Taxis come late. (doing it) [Something new] [Taxis come late.]
        > taxis come late
        Which part of it is this about?
        – We will ring you when your taxi is late. (doing it) [We will ring you…] [Something more]
        > 1
        Where does it stand? [We are looking into it] [We are doing it] [It is done] [We can't do it] [We have heard it]
        > it is done
        ...
        > We ring you when your taxi is late.
        ...
        > 1
        When should it go out? [Now] [At a time]
        > now
        ...
        > 1
        ...
    """)
    house.approver.taps("Approve")
    house.sweep()
    assert house.amal.messages()[-1].text.startswith(
        "You told us: “The taxi was late three times this week.”\nIt is done."
    )
    house.amal.shown()
    house.amal.taps("Not right yet")
    assert house.amal.shown() == ["What is still not right? Please leave out names. [Skip]"]
    house.amal("""
        > Nobody rang today.
        Thank you. Staff see that it is not right yet. It no longer counts as done. We aim to answer by Tuesday 1 December 2026. It may take longer. [See more]
    """)
    house.author.shown()
    house.author.hear(tap="s:sent:which=2")
    assert house.author.shown()[-2:] == [
        "Families say: better 0, not right yet 1.",
        "– “Nobody rang today.” [How far is it?] [Pause] [Call it off]",
    ]


def test_a_later_day_is_said_to_be_later(house: House) -> None:
    approved(house)
    house.sweep()
    house.author("""
        > publish
        ...
        > taxis come late
        ...
        > we will ring you
        ...
        > we are doing it
        ...
        > We will ring you when your taxi is late. It takes longer than we thought.
        ...
        > 1
        ...
        > The transport team
        ...
        > 1 May
        ...
        > now
        ...
        > 1
        ...
    """)
    house.approver.taps("Approve")
    house.sweep()
    assert "That is later than the day we gave you before: Wednesday 3 March 2027." in house.amal.shown()


def test_a_family_reads_it_in_its_own_language_if_somebody_wrote_it(polish: None, house: House) -> None:
    with house.author.writing() as session:
        house.amal.person(session).language = "pl"
    for pasted, doing in (
        ("Zadzwonimy, gdy taksówka się spóźni.",) * 2,
        ("skip", "We will ring you when your taxi is late."),
    ):
        if pasted == "skip":
            house.author("""
                > publish
                ...
                > taxis come late
                ...
                > 1
                ...
                > we are doing it
                ...
                > We will ring you when your taxi is late.
                ...
                > council
                ...
                > skip
                ...
                > 3 March
                ...
            """)
        else:
            house.author(WRITTEN.replace("When should it go out? [Now] [At a time]", "..."))
        house.author(f"""
            > {pasted}
            When should it go out? [Now] [At a time]
            > now
            ...
            > 1
            ...
        """)
        house.approver.taps("Approve")
        house.sweep()
        seen = house.amal.shown()
        assert seen[:2] == ["Powiedziano nam: „The taxi was late three times this week.”", "Zajmujemy się tym."]
        assert seen[2] == f"What is being done: {doing}", "a sentence that the catalogue lacks is in English"
        assert house.carol.shown()[2] == "What is being done: We will ring you when your taxi is late."


def test_each_person_is_written_to_once_as_who_said_it_before_all_else(house: House) -> None:
    approved(house)
    with house.author.writing() as session:
        amal = house.amal.person(session)
        amal.kind = Kind.YOUNG
        theme = session.scalars(select(Theme)).one()
        follow(session, amal, theme)
        subscribe(session, amal, "transport")
        count = audience_size(session, f"theme:{theme.id}")
        assert count.parts == {Part.RAISER: 1, Part.SUBSCRIBER: 1}
        assert count.left_out == {LeftOut.STOPPED: 1}
    house.sweep()
    assert house.amal.shown() == [
        "You told us: “The taxi was late three times this week.”",
        "We are doing something about it.",
        "We will ring you when your taxi is late.",
        "To get no more of these, type STOP. [Read more]",
    ], "a young person's is shorter"
    assert {one.part for one in house.author.kept(Delivery)} == {Part.RAISER, Part.SUBSCRIBER}


def test_what_was_promised_is_chased_the_day_before(house: House) -> None:
    approved(house)
    house.sweep()
    house.author.shown(), house.approver.shown()
    house.author.clock.move_to(datetime(2027, 3, 2, 9, 0, tzinfo=UTC), tick=False)
    house.sweep()
    house.sweep()
    asked = (
        "Families were told “Wednesday 3 March 2027” for this: “Taxis come late.”. Please say how it stands, before they "
        "ask. [Say how it stands]"
    )
    assert house.approver.shown() == [asked]
    assert asked in house.author.shown()
    house.author.taps("Say how it stands")
    assert house.author.shown()[0].startswith("Where does it stand?"), "which part it is about is known"


# -- with many


def many(session: Any, count: int) -> None:
    """So many people who agreed, each with an address on the terminal."""
    start = (session.scalar(select(func.max(Person.id))) or 0) + 1
    people = range(start, start + count)
    agreed = {"language": "en", "agreed_to": "text", "created": now()}
    session.execute(insert(Person), [{"id": number, **agreed} for number in people])
    session.execute(
        insert(Address),
        [{"channel": "many", "key": str(number), "person_id": number, "last_heard": now()} for number in people],
    )


def test_a_crash_between_two_slices_leaves_nobody_out_and_nobody_twice(house: House) -> None:
    engine = house.author.engine
    with house.author.writing() as session:
        many(session, 2000)
        broadcast = publish_text(session, "The office is closed on Monday.", "everyone", None, area=house.area)
    assert house.sweep() == SLICE

    with Session(engine) as session:
        assert expand(session, session.get_one(Broadcast, broadcast.id), SLICE) == SLICE
        # The process is killed here: nothing of this slice was committed.
    engine.dispose()
    made = [SLICE]
    while made[-1] == SLICE:
        made.append(house.sweep())
    assert sum(made) == 2002, "two thousand, and the two families that did not opt out"
    with reading(engine) as session:
        written_to = session.scalars(
            select(Address.person_id)
            .join(Outgoing, Outgoing.address_id == Address.id)
            .where(Outgoing.about == "broadcast:1")
        ).all()
        assert len(written_to) == len(set(written_to)) == 2002
        assert progress(session, session.get_one(Broadcast, broadcast.id)).waiting == 2002


def test_half_way_through_the_rest_is_counted_too(house: House) -> None:
    with house.author.writing() as session:
        many(session, 700)
        broadcast = publish_text(session, "The office is closed on Monday.", "everyone", None, area=house.area)
    house.sweep()
    with house.author.writing() as session:
        broadcast = session.get_one(Broadcast, broadcast.id)
        far = progress(session, broadcast)
        assert (far.total, far.waiting) == (702, 702)
        pause(session, broadcast, house.author.person(session))
        assert due_broadcasts(session, house.area, now()) == []
        assert expand(session, broadcast) == 0


def test_the_machines_owner_sends_a_text_to_an_audience(house: House) -> None:
    with house.author.writing() as session:
        theme = new_theme(session, "transport", "Taxis come late.", house.author.person(session))
        session.get_one(Feedback, 1).theme_id = theme.id
        meeting = Meeting(title="Cuppa and a Chat", purpose="To talk.", minutes=60, ways=["online"])
        session.add(meeting)
        session.flush()
        for family, coming in ((house.amal, Coming.NO), (house.carol, Coming.MAYBE)):
            session.add(Rsvp(meeting_id=meeting.id, person_id=family.person(session).id, coming=coming))
        session.flush()
        sizes = {
            audience: audience_size(session, audience).reached
            for audience in (
                "everyone",
                "topic:transport",
                "topic:health",
                f"meeting:{meeting.id}",
                f"theme:{theme.id}",
            )
        }
        assert list(sizes.values()) == [2, 2, 0, 1, 2]
        publish_text(session, "Taxis are checked this week.", f"theme:{theme.id}", None, area=house.area)
    house.sweep()
    assert house.amal.shown() == [
        "You told us: “The taxi was late three times this week.”",
        "Taxis are checked this week.",
        "To get no more of these, type STOP.",
    ]
    assert house.carol.shown() == ["Taxis are checked this week.", "To get no more of these, type STOP."]
    with reading(house.author.engine) as session:
        assert session.get_one(Theme, theme.id).status is Status.HEARD, "a text by itself moves no item"


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (
            "everybody",
            "“everybody” is no audience. Write one of these: everyone, topic:X, role:X, language:X, meeting:N,",
        ),
        ("role:admin", "“admin” is not known. There are: parent, young, professional."),
        ("language:xx", "“xx” is not known."),
        ("raised:9", "There is no item “9”."),
        ("topic:taxis", "There is no topic “taxis”. There are: school, plan,"),
        ("theme:9", "There is no item “9”."),
        ("meeting:soon", "There is no meeting “soon”."),
    ],
)
def test_an_unknown_audience_is_said_in_words(house: House, audience: str, said: str) -> None:
    with house.author.writing() as session, pytest.raises(UnknownAudience) as error:
        publish_text(session, "Hello", audience, None, area=house.area)
    assert str(error.value).startswith(said)


def test_who_is_left_out_is_counted_with_the_reason(house: House) -> None:
    with house.author.writing() as session:
        many(session, 5)
        last = session.scalars(select(Person).order_by(Person.id.desc()).limit(2)).all()
        last[0].agreed_to = None
        last[1].addresses[0].blocked_at = now()
        session.flush()
        count = audience_size(session, "everyone")
    assert count.reached == 2 + 3
    # The two members of staff have agreed to nothing either.
    assert count.left_out == {LeftOut.NO_AGREEMENT: 3, LeftOut.STOPPED: 1, LeftOut.BLOCKED: 1}


def test_nobody_gets_more_than_the_area_allows_a_week(house: House) -> None:
    most = house.area.publication.most_a_week
    for number in range(most):
        with house.author.writing() as session:
            publish_text(session, f"News {number}.", "everyone", None, area=house.area)
        house.sweep()
        house.post()
    with house.author.writing() as session:
        carol = house.carol.person(session)
        [first, *_rest] = session.scalars(select(Outgoing).where(Outgoing.address_id == carol.addresses[0].id)).all()
        first.state = State.NOT_SENT  # it did not reach her, so she has had one fewer
        session.flush()
        count = who_would_get_it(session, "everyone", most)
        assert count.left_out[LeftOut.ENOUGH] == 1
        broadcast = publish_text(session, "One more.", "everyone", None, area=house.area)
        assert who_gets_it(session, broadcast).reached == 1
    house.sweep()
    with reading(house.author.engine) as session:
        last = session.get_one(Broadcast, broadcast.id)
        assert progress(session, last).total == 1
        assert last.left_out == {"enough this week": 1, "no agreement": 2, "stopped": 1}
    assert "One more." in house.carol.shown()
    assert "One more." not in house.amal.shown()
    house.author.clock.shift(timedelta(days=7))
    with house.author.writing() as session:
        assert who_would_get_it(session, "everyone", most).reached == 2, "a week later they may be written to again"


def test_answers_receipts_alerts_and_reminders_count_for_nothing(house: House) -> None:
    with house.author.writing() as session:
        address = house.carol.person(session).addresses[0]
        for kind in (Class.ALERT, Class.REPLY, Class.RECEIPT, Class.REMINDER):
            for _number in range(5):
                send(session, address, Message("For you."), kind)
        session.flush()
        assert who_would_get_it(session, "everyone", 1).reached == 2
        send(session, address, Message("For all."), Class.BROADCAST)
        session.flush()
        assert who_would_get_it(session, "everyone", 1).left_out[LeftOut.ENOUGH] == 1, "what goes to many does count"


def test_by_role_by_language_and_by_what_they_have_to_do_with_an_item(house: House) -> None:
    with house.author.writing() as session:
        theme = new_theme(session, "transport", "Taxis come late.", house.author.person(session))
        session.get_one(Feedback, 1).theme_id = theme.id
        amal, carol = house.amal.person(session), house.carol.person(session)
        amal.kind, carol.language = Kind.YOUNG, "ur"
        follow(session, carol, theme)
        session.flush()
        for audience, expected in (
            ("role:parent", {Part.READER: 1}),
            ("role:young", {Part.READER: 1}),
            ("role:professional", {}),
            ("language:ur", {Part.READER: 1}),
            ("language:en", {Part.READER: 1}),
            (f"raised:{theme.id}", {Part.RAISER: 1}),
            (f"followers:{theme.id}", {Part.FOLLOWER: 1}),
        ):
            assert audience_size(session, audience).parts == expected, audience


def test_who_pressed_a_button_of_it_is_counted_once(house: House) -> None:
    approved(house)
    house.sweep()
    house.amal.shown()
    house.amal.taps("Read more")
    house.amal.taps("Read more")
    with reading(house.author.engine) as session:
        assert how_many_tapped(session, session.get_one(Broadcast, house.broadcast().id)) == 1


def test_people_get_their_language_if_it_was_written_and_english_if_not() -> None:
    made = {"en": {"reader": {"text": "Hello"}}, "pl": {"reader": {"text": "Dzień dobry"}}}
    assert body_for(made, "pl", Part.READER, young=False, quote="")["text"] == "Dzień dobry"
    assert body_for(made, "ur", Part.READER, young=True, quote="")["text"] == "Hello"


def test_long_words_are_quoted_short_and_a_photo_as_three_dots() -> None:
    assert quoted("It  was\nlate.") == "It was late."
    assert quoted("") == "…"
    long = quoted("word " * 60)
    assert len(long) <= 120
    assert long.endswith("word…")


def test_words_for_the_forum_only_are_not_offered_to_the_council(house: House) -> None:
    with house.author.writing() as session:
        for feedback in session.scalars(select(Feedback)):
            feedback.visibility = Visibility.FORUM
    house.author("""
        > publish
        ...
        > 1
        ...
        > Taxis come late.
        ...
        > transport
        Where does it stand? [We are looking into it] [We are doing it] [It is done] [We can't do it] [We have heard it]
    """)


def test_the_verbs_hold_their_own_rules(house: House) -> None:
    with house.author.writing() as session:
        author, parent = house.author.person(session), house.amal.person(session)
        theme = new_theme(session, "transport", "Taxis come late.", author)
        move = Move(Status.DOING, {"en": "We ring."})
        with pytest.raises(NotAllowed):
            hand_in(session, "everyone", {"en": "x"}, {}, at=None, by=parent, needs_approval=False)
        messages = {"en": {part.value: {"text": "x"} for part in Part}}
        broadcast = hand_in(
            session, f"theme:{theme.id}", move.texts, messages, at=None, by=author, needs_approval=False, move=move
        )
        for verb in (send_again, leave):
            with pytest.raises(NotAllowed):
                verb(session, broadcast, [1], parent)
        assert of_unknown_fate(session, broadcast) == []
        with pytest.raises(NotNow):
            pause(session, broadcast, author)
        with pytest.raises(NotAllowed):
            pause(session, broadcast, parent)


# -- what may point to a person


NAMED = WRITTEN.replace("Taxis come late.", "Dave on the bus is kind.").replace(
    "We will ring you when your taxi is late.", "Ring Dave on 07700 900123 when your taxi is late."
)


def last_look_asks(house: House) -> None:
    house.author(NAMED)
    house.author("""
        > now
        Everybody could read this, and it may point to a person:
        – “Dave”: a name
        – “07700 900123”: a phone number
        What shall I do? If it stays, it is kept that you allowed it. [Put plain words there] [Change my words] [It may stay]
    """)


def test_a_name_in_what_is_published_is_named_and_can_be_left_out(house: House) -> None:
    last_look_asks(house)
    house.author.taps("Put plain words there")
    said = "\n".join(house.author.shown())
    assert "What is being done: Ring [a name] on [a phone number] when your taxi is late." in said
    assert "Families said: “[a name] on the bus is kind.”" in said
    house.author.taps("Ask a colleague")
    assert "Dave" not in str(house.broadcast().messages) + house.broadcast().texts["en"]
    assert [theme.said for theme in house.author.kept(Theme)] == ["[a name] on the bus is kind."]


def test_a_person_may_allow_it_for_this_item_and_that_is_kept(house: House) -> None:
    last_look_asks(house)
    house.author.taps("It may stay")
    house.author.taps("Ask a colleague")
    assert "Ring Dave on 07700 900123" in str(house.broadcast().messages)
    [theme] = house.author.kept(Theme)
    kept = house.author.kept(AllowedWords)
    assert {(one.words, one.about) for one in kept} == {
        ("Dave", f"theme:{theme.id}"),
        ("07700 900123", f"theme:{theme.id}"),
    }
    [row] = [row for row in house.author.kept(Audit) if row.deed == "allowed personal data"]
    assert (row.about, row.detail) == (f"theme:{theme.id}", "name, phone")
    with house.author.writing() as session:
        assert as_published(session, f"theme:{theme.id}", "Dave and Maureen") == "Dave and [a name]"
        assert as_published(session, "theme:999", "Dave") == "[a name]"


def test_a_name_can_be_written_out_and_nothing_is_asked_then(house: House) -> None:
    last_look_asks(house)
    house.author.shown()
    house.author.taps("Change my words")
    assert house.author.shown() == ["What did families say? Write it in one plain sentence."]
    assert house.author.kept(AllowedWords) == []
