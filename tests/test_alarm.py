"""Somebody may be at risk: who is told, when, on which ways, until somebody has it; and what is said back meanwhile."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, select

from handlers.alarm import alert_again
from locales import _, speaking
from models import keeping
from models.alert import Alert, Decision, Level, Source, alerts, nobody_has, on_every_desk
from models.area import ContactFacts, complaints
from models.area.rules import Ring
from models.audit import Audit
from models.database import now
from models.duty import DutyTurn, Order, be_away, end_turn, next_on_duty, on_duty, turns, watched
from models.feedback import Feedback
from models.meeting import Coming, Rsvp
from models.outgoing import Class, Outgoing
from models.partnership import Partnership
from models.person import Kind, Person
from models.role import NotAllowed, Role, RoleName, remove
from tests import company
from tests.company import colleague, family, with_a_team
from tests.talk import Talk
from tests.test_meetings import called

pytestmark = pytest.mark.both_databases

RED = "I want to kill myself"
AMBER = "I cant cope any more with this"
TOLD = "Somebody may be at risk. The code is A1. Please look now. [I have it]"
STILL_KEPT = "I have kept that. You can add more, or a photo or a voice note. [That is all]"


class Numbered(Talk):
    """PostgreSQL gives no number twice, not even one that was taken back: here alerts are numbered as they are kept."""

    def another(self, key: str, **kwargs: Any) -> Numbered:
        return Numbered(self.engine, self.partnership, self.clock, key=key, **kwargs)

    def shown(self) -> list[str]:
        numbers = self.numbers()
        return [re.sub(r"\bA\d+\b", lambda code: numbers.get(code[0], code[0]), line) for line in super().shown()]

    def hear(self, **what: Any) -> None:
        for code, number in self.numbers().items():
            if what.get("tap") == f"s:alert:alert={number}":
                what["tap"] = f"s:alert:alert={code}"
                break
        super().hear(**what)

    def taps(self, label: str) -> None:
        super().taps(next((code for code, number in self.numbers().items() if number == label), label))

    def numbers(self) -> dict[str, str]:
        found = sorted(self.kept(Alert), key=lambda one: one.id)
        return {alert.code: f"A{place}" for place, alert in enumerate(found, start=1)}


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return family(Numbered(engine, with_a_team(tameside), clock))


def sweep(talk: Talk) -> int:
    with talk.writing() as session:
        return alert_again(session, talk.partnership, now())


def says(talk: Talk, words: str) -> list[str]:
    talk("> tell us\n...\n> two minutes\n...\n> school\n...")
    talk.types(words)
    return talk.shown()


def test_red_goes_to_the_first_then_the_second_then_the_manager_until_somebody_has_it(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    second = company.on_duty(parent, "12", Order.SECOND)
    manager = company.on_duty(parent, "13", Order.MANAGER)
    reader = colleague(parent, "14")
    said = says(parent, RED)
    assert said[-2] == (
        "I am telling staff on duty now that somebody may need help. I cannot say when they look. "
        "If I hear nothing more from you for 10 minutes, I show staff what you wrote here."
    )
    assert (first.shown(), second.shown(), manager.shown()) == ([TOLD], [], [])
    assert sweep(parent) == 0
    parent("(later 14 minutes)")
    assert sweep(parent) == 0
    parent("(later 1 minute)\n(restart)")
    assert (sweep(parent), sweep(parent)) == (1, 0)
    assert (first.shown(), second.shown(), manager.shown()) == ([TOLD], [TOLD], [])
    parent("(later 15 minutes)")
    assert sweep(parent) == 1
    assert (first.shown(), second.shown(), manager.shown()) == ([TOLD], [TOLD], [TOLD])
    # Half an hour: it stands above every screen of staff, with the button for those who may.
    reader("""
        > desk
        🔴 Nobody has had alert A1 for 30 minutes.
        ...
    """)
    manager.types("inbox")
    assert manager.shown()[0] == "🔴 Nobody has had alert A1 for 30 minutes. [I have it]"
    manager.taps("I have it")
    manager("(later 1 minute)")
    assert sweep(parent) == 0
    reader.types("desk")
    assert "Nobody has had" not in reader.shown()[0]
    with parent.writing() as session:
        steps = [one.detail for one in session.scalars(select(Audit).where(Audit.deed == "told of alert"))]
        assert steps == [f"step {step}: terminal" for step in (1, 2, 2, 3, 3, 3)]
        assert nobody_has(session) == on_every_desk(session) == []
        told = session.scalars(select(Outgoing).where(Outgoing.about == parent.kept(Alert)[0].about)).all()
        assert len(told) == 6
        assert {row.kind for row in told} == {Class.ALERT}
        assert not any("kill" in row.message.text for row in told)


def test_it_repeats_until_somebody_has_it_and_never_twice_at_once(parent: Talk) -> None:
    first = company.on_duty(parent, "11", starts="00:00", ends="00:00")
    says(parent, RED)
    for _quarter in range(7):
        parent("(later 15 minutes)")
        assert (sweep(parent), sweep(parent)) == (1, 0)
    parent("(later 30 minutes)")
    assert sweep(parent) == 0  # after two hours once an hour
    parent("(later 30 minutes)")
    assert sweep(parent) == 1
    first.taps("I have it")
    parent("(later 1 hour)")
    assert sweep(parent) == 0


def test_nobody_on_duty_now_says_who_comes_next_and_tells_all_who_look_after_alerts(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    admin = colleague(parent, "12", RoleName.ADMIN)
    parent.clock.move_to(datetime(2026, 11, 10, 22, 0, tzinfo=UTC))
    said = says(parent, RED)
    assert said[-2] == (
        "I am telling staff that somebody may need help. Nobody is on duty now. "
        "The next person starts on Wednesday 11 November 2026, 09:00. "
        "If I hear nothing more from you for 10 minutes, I show staff what you wrote here."
    )
    assert (first.shown(), admin.shown()) == ([TOLD], [TOLD])


def test_amber_wakes_nobody_is_read_in_the_day_and_chased_before_it_ends(parent: Talk) -> None:
    first = company.on_duty(parent, "11", starts="00:00", ends="00:00")
    second = company.on_duty(parent, "12", Order.SECOND, starts="00:00", ends="00:00")
    manager = company.on_duty(parent, "13", Order.MANAGER, starts="00:00", ends="00:00")
    parent.clock.move_to(datetime(2026, 11, 10, 23, 0, tzinfo=UTC))
    said = says(parent, AMBER)
    assert said[0] == "You need not wait for an answer here. These people can help you now:"
    assert said[-2] == ("I am also asking staff to look at this by Wednesday 11 November 2026. It may take longer.")
    parent("(later 1 hour)")
    assert sweep(parent) == 0
    assert first.rows() == []
    parent.clock.move_to(datetime(2026, 11, 11, 9, 0, tzinfo=UTC))
    assert (sweep(parent), sweep(parent)) == (1, 0)
    assert first.shown() == ["Please read this today. The code is A1. [I have it]"]
    parent.clock.move_to(datetime(2026, 11, 11, 15, 59, tzinfo=UTC))
    assert sweep(parent) == 0
    parent.clock.move_to(datetime(2026, 11, 11, 16, 0, tzinfo=UTC))
    assert sweep(parent) == 1
    assert (len(first.shown()), len(second.shown()), manager.shown()) == (1, 1, [])
    parent.clock.move_to(datetime(2026, 11, 11, 18, 0, tzinfo=UTC))
    assert sweep(parent) == 0
    parent.clock.move_to(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
    assert sweep(parent) == 1
    assert len(manager.shown()) == 1
    with parent.writing() as session:
        assert on_every_desk(session) == []  # that is for red


def test_amber_in_office_hours_waits_for_the_words_then_is_told(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    says(parent, AMBER)
    assert sweep(parent) == 0
    parent("""
        > that is all
        How does it feel to you? [😞 Very bad] [🙁 Bad] [😐 In the middle] [🙂 Good] [😀 Very good] [Skip]
        > skip
        Is somebody in danger now? [Yes] [No] [Not sure]
        > no
        ...
        > only staff, no name
        ...
        > send it
        ...
    """)
    assert sweep(parent) == 1
    assert "Please read this today. The code is A1. [I have it]" in first.shown()
    [alert] = parent.kept(Alert)
    assert (alert.level, alert.source) == (Level.AMBER, Source.WORDS)


@pytest.mark.parametrize("answer", ["Yes", "not sure"])
def test_yes_and_not_sure_are_red_with_the_numbers_at_once_and_it_goes_on(parent: Talk, answer: str) -> None:
    first = company.on_duty(parent, "11")
    parent(f"""
        > tell us
        ...
        > one tap
        ...
        > school
        ...
        > very bad
        Is somebody in danger now? [Yes] [No] [Not sure]
        (restart)
        > {answer}
        Thank you for telling me. Please do not wait for an answer here. You can ring:
        Someone is in danger now, or badly hurt.
        Emergency services: 999
        ...
    """)
    assert parent.messages()[-1].text.endswith(
        ("It can take days before they get to yours. They do not look at night or on days off.",)
    )
    [feedback] = parent.kept(Feedback)
    [alert] = parent.kept(Alert)
    assert (alert.level, alert.source, alert.feedback_id) == (Level.RED, Source.ASKED, feedback.id)
    assert TOLD in first.shown()


def test_who_is_content_or_only_sad_is_not_asked(parent: Talk) -> None:
    parent("""
        > tell us
        ...
        > one tap
        ...
        > school
        ...
        > bad
        ...
    """)
    assert len(parent.kept(Feedback)) == 1
    assert parent.kept(Alert) == []


def test_amber_becomes_red_for_everybody_again(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    says(parent, AMBER)
    first.hear(tap="s:alert:alert=A1")
    first.shown()
    parent.types(RED)
    assert parent.shown()[0].startswith("This sounds serious.")
    [alert] = parent.kept(Alert)
    assert (alert.level, alert.seen_at) == (Level.RED, None)
    assert first.shown() == [TOLD]


def test_what_was_decided_stays_and_new_words_are_new(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    says(parent, RED)
    first.taps("I have it")
    first.shown()
    first("""
        > nobody is at risk
        Why did you decide that? One or two sentences, please. Leave out names.
        > They quoted a song.
        Thank you. That is kept with the alert.
    """)
    parent("> It was only a song.\n...")
    assert len(parent.kept(Alert)) == 1
    parent.types("no really I want to kill myself tonight")
    assert parent.shown()[0].startswith("This sounds serious.")
    before, after = sorted(parent.kept(Alert), key=lambda one: one.id)
    assert (before.decision, before.reason, after.seen_at) == (Decision.SAFE, "They quoted a song.", None)


def test_a_referral_has_a_clock_of_its_own(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    manager = company.on_duty(parent, "13", Order.MANAGER)
    says(parent, RED)
    first.taps("I have it")
    first.shown()
    first("""
        > handed it on
        Why did you decide that? One or two sentences, please. Leave out names.
        > A child may be hurt at home.
        Thank you. That is kept with the alert. Please find out by Wednesday 11 November 2026, 17:00 if it has arrived. I ask you then.
    """)
    parent.clock.move_to(datetime(2026, 11, 11, 16, 0, tzinfo=UTC))
    assert sweep(parent) == 0
    parent.clock.move_to(datetime(2026, 11, 11, 17, 1, tzinfo=UTC))
    assert (sweep(parent), sweep(parent)) == (1, 0)
    first.taps("Tell me")
    assert first.shown()[-1] == "You handed on alert A1. Has it arrived there? [It has arrived] [Not yet]"
    first("""
        > not yet
        Thank you. Please ring them. I ask you again on the next working day.
    """)
    parent.clock.move_to(datetime(2026, 11, 12, 14, 0, tzinfo=UTC))
    assert sweep(parent) == 1
    assert any("has what you handed on arrived?" in line for line in manager.shown())
    first.taps("Tell me")
    first.shown()
    first("""
        > it has arrived
        Thank you. That is kept with the alert.
    """)
    parent.clock.move_to(datetime(2026, 11, 14, 10, 0, tzinfo=UTC))
    assert sweep(parent) == 0
    [alert] = parent.kept(Alert)
    assert alert.arrived_at == datetime(2026, 11, 12, 14, 0, tzinfo=UTC)
    assert not alert.open


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_in_the_middle_of_an_rsvp_help_comes_at_once_and_one_is_back(
    parent: Talk, language: str, tameside: Partnership
) -> None:
    words = {"en": RED, "pl": "chcę się zabić, nie chcę żyć", "ur": "میں مرنا چاہتا ہوں، خودکشی کرنا چاہتا ہوں"}[
        language
    ]
    first = company.on_duty(parent, "11")
    second = company.on_duty(parent, "12", Order.FIRST)
    meeting = called(parent)
    guest = family(parent.another("20", language=language))
    guest.hear(tap=f"s:meetings:meeting={meeting}")
    with speaking(language):
        asked, serious = (
            _("Are you coming?"),
            _("This sounds serious. Please do not wait for an answer here. You can ring:"),
        )
        back, pass_on, no = _("Now back to where you were."), _("Yes, pass them on"), _("No, not now")
        coming = _("I'm coming")
    assert guest.messages()[-1].text.endswith(asked)
    guest.shown()
    guest.types(words)
    said = guest.shown()
    assert said[0] == serious
    assert any("999" in line for line in said)
    assert (first.shown(), second.shown()) == ([TOLD], [TOLD])
    guest.taps(no)
    assert back in guest.messages()[-1].text
    assert guest.messages()[-1].text.endswith(asked)
    guest.taps(coming)
    assert len(guest.kept(Rsvp)) == 1
    # The same once more, and this time the words are passed on: nothing is asked about them, and one is back again.
    again = family(parent.another("21", language=language))
    again.hear(tap=f"s:meetings:meeting={meeting}")
    again.types(words)
    again.taps(pass_on)
    assert again.messages()[-1].text.endswith(asked)
    [feedback] = again.kept(Feedback)
    assert feedback.text == words
    assert [one.feedback_id for one in sorted(again.kept(Alert), key=lambda one: one.id)] == [None, feedback.id]


def test_the_polish_no_is_no_answer_to_anything(parent: Talk) -> None:
    """“No” is how Polish says “well, yes”: it is asked again, whatever the question."""
    meeting = called(parent)
    guest = family(parent.another("20", language="pl"))
    guest.hear(tap=f"s:meetings:meeting={meeting}")
    with speaking("pl"):
        asked = _("Are you coming?")
    guest.shown()
    guest.types("No")
    assert guest.messages()[-1].text.endswith(asked)
    assert guest.kept(Rsvp) == []
    guest.types("nie")
    assert [one.coming for one in guest.kept(Rsvp)] == [Coming.NO]
    # In English it is what it says.
    other = family(parent.another("21"))
    other.hear(tap=f"s:meetings:meeting={meeting}")
    other.types("no")
    assert [one.coming for one in other.kept(Rsvp)] == [Coming.NO] * 2


def test_no_question_is_forgotten_also_where_no_flow_looks(parent: Talk) -> None:
    company.on_duty(parent, "11")
    parent("> meaning\n...")
    parent.types("my stepdad hits me every night")
    said = parent.shown()
    assert said[0].startswith("This sounds serious.")
    assert len(parent.kept(Alert)) == 1


def test_two_words_where_a_button_was_expected_are_looked_at_too(parent: Talk) -> None:
    parent("> tell us\n...")
    parent.types("overdose now")
    assert any("999" in line for line in parent.shown())
    assert len(parent.kept(Alert)) == 1


def test_the_right_numbers_for_who_they_are(parent: Talk) -> None:
    def first_two(words: str, key: str, kind: Kind = Kind.PARENT, needs: dict[str, object] | None = None) -> str:
        other = family(parent.another(key), kind)
        with other.writing() as session:
            other.person(session).needs = needs
        other.types(words)
        return "\n".join(line for line in other.shown() if ": " in line and any(c.isdigit() for c in line))

    child = first_two("my dad hits me", "31", Kind.YOUNG).splitlines()
    assert [line.partition(":")[0] for line in child[:2]] == ["Emergency services", "Childline"]
    worried = first_two("the teacher hits my son at school", "32").splitlines()
    assert [line.partition(":")[0] for line in worried[:2]] == ["Emergency services", "Tameside Children's Hub"]
    adult = first_two("I want to kill myself", "33")
    assert "0800 014 9995" in adult
    deaf = first_two("I want to kill myself", "34", needs={"marks": ["bsl"]}).splitlines()
    assert deaf[1] == "Shout: text SHOUT to 85258"
    silent = first_two("he is going to kill me, I can't talk on the phone", "35").splitlines()
    assert silent[1] == "Shout: text SHOUT to 85258"


NO_TEXT = "If you cannot speak on the phone, ask somebody near you to ring 999 for you. I have no number here to reach 999 by text."


def test_who_cannot_speak_is_told_what_the_area_gives_and_nothing_is_made_up(parent: Talk) -> None:
    def says_so(talk: Talk) -> list[str]:
        with talk.writing() as session:
            talk.person(session).needs = {"marks": ["bsl"]}
        talk.types("I want to kill myself")
        said = talk.shown()
        talk.taps("No, not now")
        talk.shown()
        talk.types("help")
        assert (NO_TEXT in said) is (NO_TEXT in talk.shown())
        return said

    assert NO_TEXT in says_so(family(parent.another("41")))
    # The area fills in what the emergency services themselves publish (here: numbers that are nobody's).
    area = parent.partnership.area
    plain = area.contact("e-999").model_dump() | {"source": "their own page", "hours": None, "email": None}
    text = ContactFacts(
        **plain | {"id": "e-999-text", "name": "999 by text", "phone": "text 01632 960999", "web": None}
    )
    bsl = ContactFacts(
        **plain | {"id": "e-999-bsl", "name": "999 in sign language", "phone": None, "web": "https://bsl.example"}
    )
    rings = tuple(Ring(contact=one.id, when="Someone is in danger now, or badly hurt.") for one in (text, bsl))
    fuller = area.model_copy(update={"contacts": (*area.contacts, text, bsl), "ring": (*area.ring, *rings)})
    for read_before in ("help_now", "_contacts_by_id"):
        fuller.__dict__.pop(read_before, None)
    assert not any("cannot speak on the phone" in one for one in complaints(fuller, now().date()))
    said = says_so(family(Numbered(parent.engine, replace(parent.partnership, area=fuller), parent.clock, key="42")))
    assert NO_TEXT not in said
    ways = [line for line in said if "999" in line]
    assert ways == [
        "Emergency services: 999",
        "999 by text: text 01632 960999",
        "999 in sign language: https://bsl.example",
    ]


# -- the rota


def test_the_rota_is_kept_in_the_chat(parent: Talk) -> None:
    lead = colleague(parent, "11", RoleName.SAFEGUARDING)
    other = colleague(parent, "12", RoleName.ADMIN)
    lead("""
        > duty
        On duty now: nobody
        Next on duty: nobody
        What would you like to do? [Put on duty] [Take off duty] [Away, or swap] [My duty e-mail] [Sign off the words]
        > put on duty
        ...
        > me
        Who is told when? [First: told at once] [Second: after 15 min] [Manager: after 30 min]
        > first
        When? The team's usual hours are: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, 09:00 to 17:00. [The usual hours] [Other hours]
        > other hours
        ...
        > monday
        ...
        > tuesday
        ...
        > that is all
        From what time? For example 17:00.
        > 8:30am
        Until what time? A time before the start is on the next day.
        > 13:00
        Done. They are on the rota.
        They have no duty e-mail yet. With one they are told in two ways. Each gives their own. [My duty e-mail]
    """)
    [turn] = parent.kept(DutyTurn)
    assert (turn.days, turn.starts, turn.ends, turn.order) == (["monday", "tuesday"], "08:30", "13:00", Order.FIRST)
    lead("""
        > duty
        ...
        > away
        ...
        > me
        From which day?
        > 10 november
        Until which day? That day is part of it.
        > 12 november
        ...
        > nobody
        Done. From Tuesday 10 November 2026 to Thursday 12 November 2026 their duty is done by: nobody
        Nobody is on duty here now. From now on every screen says that messages are not watched.
    """)
    with parent.writing() as session:
        me, them = lead.person(session), other.person(session)
        assert not watched(session, parent.partnership.area)
        be_away(session, me, me, first=date(2026, 11, 10), last=date(2026, 11, 10), instead=them)
    other("""
        > duty
        ...
        > back from away
        ...
    """)
    responder = colleague(parent, "13")
    responder.types("duty")
    assert responder.kept(DutyTurn) == [turn] or len(responder.kept(DutyTurn)) == 1


def test_only_people_who_can_be_reached_count(parent: Talk) -> None:
    area = parent.partnership.area
    first = company.on_duty(parent, "11")

    def counts() -> bool:
        with parent.writing() as session:
            return watched(session, area)

    assert counts()
    parent("> tell us\n...")
    assert parent.messages()[-1].notice == ""
    first.hear(event="blocked")
    assert not counts()
    parent("> menu\n...\n> tell us\n...")
    assert parent.messages()[-1].notice == "Nobody is watching messages here. If you need help, please ring."
    first.hear(event="unblocked")
    assert counts()
    with parent.writing() as session:
        me = first.person(session)
        be_away(session, me, me, first=date(2026, 11, 10), last=date(2026, 11, 10))
        assert (watched(session, area), on_duty(session, area, now())) == (False, [])
        assert next_on_duty(session, area, now()) == datetime(2026, 11, 11, 9, tzinfo=UTC)
    parent("(later 1 day)")
    assert counts()
    with parent.writing() as session:
        [turn] = turns(session, area)
        end_turn(session, first.person(session), turn)
        assert turns(session, area) == []
    assert not counts()
    company.on_duty(parent, "12")
    assert counts()
    with parent.writing() as session:
        for role in session.scalars(select(Role)).all():
            remove(session, role, None)
        session.info.pop("watched", None)
        assert not watched(session, area)


def test_a_swap_and_a_night(parent: Talk) -> None:
    area = parent.partnership.area
    night = company.on_duty(parent, "11", starts="17:00", ends="09:00")
    other = colleague(parent, "12", RoleName.ADMIN)
    with parent.writing() as session:
        me, them = night.person(session), other.person(session)
        be_away(session, me, me, first=date(2026, 11, 11), last=date(2026, 11, 11), instead=them)

        def who(day: int, hour: int) -> list[Person]:
            return on_duty(session, area, datetime(2026, 11, day, hour, tzinfo=UTC))

        assert who(10, 12) == []
        assert who(10, 23) == [me]
        assert who(11, 8) == [me]  # the rest of the night that began the day before
        assert who(11, 18) == [them]
        assert who(12, 8) == [them]
        assert who(12, 18) == [me]


# -- who may, and for how long


def test_only_who_looks_after_alerts_sees_them_and_every_look_is_kept(parent: Talk) -> None:
    lead = colleague(parent, "11", RoleName.SAFEGUARDING)
    reader = colleague(parent, "12")
    says(parent, RED)
    with parent.writing() as session, pytest.raises(NotAllowed):
        alerts(session, reader.person(session), "test")
    reader.types("alerts")
    assert "A1" not in "".join(reader.shown())
    lead.shown()
    lead("""
        > alerts
        Alerts. The most pressing first:
        A1: 🔴 nobody has it, since Tuesday 10 November 2026, 10:00 [A1]
        ...
    """)
    lead.taps("A1")
    with parent.writing() as session:
        mine = lead.person(session).id
        looks = session.scalars(select(Audit.about).where(Audit.person_id == mine, Audit.deed == "looked at")).all()
        assert {"alerts", parent.kept(Alert)[0].about} <= set(looks)


def test_an_alert_goes_when_its_own_time_is_over_and_not_before_it_is_dealt_with(parent: Talk) -> None:
    lead = colleague(parent, "11", RoleName.SAFEGUARDING)
    says(parent, RED)
    parent.clock.shift(timedelta(days=365 * 3))
    with parent.writing() as session:
        keeping.sweep_old(session, parent.partnership, now())
        [alert] = session.scalars(select(Alert)).all()
        assert alert.person_id is None or alert.seen_at is None
    lead.hear(tap="s:alert:alert=A1")
    lead.types("nobody is at risk")
    lead.types("It is long ago.")
    parent.clock.shift(timedelta(days=89))
    with parent.writing() as session:
        keeping.sweep_old(session, parent.partnership, now())
        assert len(session.scalars(select(Alert)).all()) == 1
    parent.clock.shift(timedelta(days=4))
    with parent.writing() as session:
        keeping.sweep_old(session, parent.partnership, now())
        assert session.scalars(select(Alert)).all() == []


def test_no_row_of_an_alert_holds_a_word(parent: Talk) -> None:
    company.on_duty(parent, "11")
    says(parent, "my stepdad Zebedee hits me")
    with parent.writing() as session:
        told = session.scalars(select(Outgoing).where(Outgoing.kind == Class.ALERT)).all()
        audit = session.scalars(select(Audit)).all()
        assert told
        assert not any("Zebedee" in str(row.body) for row in told)
        assert not any("Zebedee" in f"{row.deed} {row.about} {row.detail}" for row in audit)
