"""The words that an alert is about: who may open them, what joins them, and how long they stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, select

from models import keeping
from models.alert import Alert, Decision, Words, in_order, looks_at
from models.audit import Audit
from models.database import now
from models.desk.listing import Filters, Which, listing
from models.duty import Order
from models.feedback import Feedback, inbox, may_see, with_reference, with_those_on_duty
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Address
from models.role import RoleName
from tests import company
from tests.company import colleague, family, with_a_team
from tests.talk import Talk
from tests.test_alarm import AMBER, RED, Numbered, says, sweep

pytestmark = pytest.mark.both_databases

TOLD = "Somebody may be at risk. The code is A1. Please look now. [I have it]"
MORE = "Alert A1: the same person has written more. Please look now."


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return family(Numbered(engine, with_a_team(tameside), clock))


def passes_on(talk: Talk, words: str) -> Feedback:
    """They write words of danger where no question is open, and pass them on."""
    before = {one.id for one in talk.kept(Feedback)}
    talk.types(words)
    talk.taps("Yes, pass them on")
    talk.shown()
    [feedback] = [one for one in talk.kept(Feedback) if one.id not in before]
    return feedback


def decides(staff: Talk, decision: str) -> None:
    staff("(later 1 minute)")
    staff.types(decision)
    staff.types("I know the family, and rang them.")
    staff.shown()


# -- who may open them


def test_only_those_on_duty_open_the_words_of_an_alert_until_nobody_is_at_risk(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    manager = company.on_duty(parent, "12", Order.MANAGER, role=RoleName.ADMIN)
    responder = colleague(parent, "13")
    forum = colleague(parent, "14", organisation="forum")
    admin = colleague(parent, "15", RoleName.ADMIN)
    ordinary = passes_on_quietly(parent, "The taxi was late again.")
    words = passes_on(parent, "my stepdad hits me and the zebrafinch saw it")

    def who_sees() -> list[bool]:
        seen = []
        for one in (first, manager, responder, forum, admin):
            with parent.writing() as session:
                by = one.person(session)
                feedback = session.get_one(Feedback, words.id)
                found = with_reference(session, by, words.ref)
                in_lists = [
                    {row.id for row in inbox(session, by)},
                    {row.id for row in session.scalars(listing(session, parent.partnership.area, by, Filters()))},
                    {
                        row.id
                        for row in session.scalars(
                            listing(session, parent.partnership.area, by, Filters(which=Which.ALL, words="zebrafinch"))
                        )
                    },
                ]
                sees = may_see(session, by, feedback)
                assert [words.id in ids for ids in in_lists] == [sees] * 3
                assert (found is not None) is sees
                assert ordinary.id in in_lists[0]
                assert with_those_on_duty(session, by) == (0 if sees else 1)
                seen.append(sees)
        return seen

    assert who_sees() == [True, True, False, False, False]
    responder.types("inbox")
    assert "1 message is with the people on duty. Somebody may be at risk in it." in " ".join(responder.shown())
    responder.hear(tap=f"s:inbox:which={words.ref}")
    assert not any("zebrafinch" in line for line in responder.shown())
    # An admin who is on no rota takes it first, and that is kept; then the words open.
    admin.hear(tap="s:alert:alert=A1")
    assert any(line.startswith("They have sent their words.") for line in admin.shown())
    assert who_sees() == [True, True, False, False, True]
    decides(admin, "Rang somebody")
    assert who_sees() == [True, True, False, False, True]
    with parent.writing() as session:
        [alert] = session.scalars(select(Alert)).all()
        alert.decision = Decision.SAFE
    assert who_sees() == [True] * 5


def passes_on_quietly(talk: Talk, words: str) -> Feedback:
    says(talk, words)
    talk("""
        > that is all
        ...
        > skip
        ...
        > only staff, no name
        ...
        > send it
        ...
    """)
    [feedback] = talk.kept(Feedback)
    return feedback


def test_each_look_at_the_words_is_recorded_and_shown_to_those_on_duty(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    passes_on(parent, RED)
    first.taps("I have it")
    first.shown()
    first.taps("Open what was said")
    assert any("kill" in line for line in first.shown())
    with parent.writing() as session:
        mine = first.person(session).id
        looks = session.scalars(select(Audit.about).where(Audit.person_id == mine, Audit.deed == "looked at")).all()
        assert {one.partition(":")[0] for one in looks} >= {"alert", "feedback"}


def test_who_wants_to_see_the_words_and_may_not_stands_among_those_who_looked(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    responder = colleague(parent, "13")
    passes_on_quietly(parent, "The taxi was late again.")
    words = passes_on(parent, "my stepdad hits me and the zebrafinch saw it")
    responder.types("inbox")
    for _again in range(2):
        responder.types(words.ref)
    assert not any("zebrafinch" in line for line in responder.shown())
    with parent.writing() as session:
        by, lead = responder.person(session), first.person(session)
        [alert] = in_order(session, lead)
        [refusal] = [one for one in looks_at(session, lead, alert) if one.refused]
        assert (refusal.person_id, refusal.words) == (by.id, True)
    # A reference that nobody was given is no attempt on anybody's words.
    responder.types("ZZZZZZ")
    with parent.writing() as session:
        assert len(session.scalars(select(Audit).where(Audit.deed == "refused")).all()) == 1


# -- more of the same


def told(staff: Talk) -> list[str]:
    """What they were sent since, but for the hourly word that something is new."""
    return [line for line in staff.shown() if not line.startswith("There is something new from families.")]


def test_what_the_same_person_writes_elsewhere_joins_the_open_alert_and_is_told_again(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    one = passes_on(parent, RED)
    assert told(first) == [TOLD]
    two = passes_on(parent, "my stepdad hits me every night")
    assert told(first) == [f"{MORE} [I have it]"]
    with parent.writing() as session:
        lead = first.person(session)
        [shown] = in_order(session, lead)
        rows = session.scalars(select(Alert).order_by(Alert.id)).all()
        assert [row.feedback_id for row in rows] == [one.id, two.id]
        assert [row.joined_to for row in rows] == [None, shown.id]
    # Nobody has it: the clock tells of one alert, not of two.
    parent("(later 15 minutes)")
    assert sweep(parent) == 1
    first.shown()
    first.taps("I have it")
    said = told(first)
    assert said[0] == "You have alert A1. Nobody is told about it again."
    assert [line for line in said if line.startswith("They have sent")] == [
        "They have sent their words. Each look at them is recorded. [Open what was said]"
    ] * 2
    # Whoever has it hears of a third; the others do not.
    second = company.on_duty(parent, "12")
    passes_on(parent, "he will kill us both tonight")
    assert (told(first)[-2:], told(second)) == (
        [f"{MORE} [Look at it]", "Alert A1: the words have now been sent. [Open it]"],
        [],
    )
    decides(first, "Told the right team")
    assert {row.decision for row in parent.kept(Alert)} == {Decision.TOLD}
    parent("(later 1 hour)")
    assert sweep(parent) == 0
    # What was decided is decided: the next is news, and its own alert.
    passes_on(parent, RED)
    with parent.writing() as session:
        assert len(in_order(session, first.person(session))) == 2


def test_amber_elsewhere_then_red_is_red_for_everybody_again(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    says(parent, AMBER)
    first.hear(tap="s:alert:alert=A1")
    first.shown()
    passes_on_in_another(parent, RED)
    assert first.shown() == [TOLD]
    with parent.writing() as session:
        [alert] = in_order(session, first.person(session))
        assert (alert.red, alert.seen_at) == (True, None)


def passes_on_in_another(talk: Talk, words: str) -> None:
    talk.types("meaning")
    talk.shown()
    talk.types(words)
    talk.shown()


def test_another_person_has_an_alert_of_their_own(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    other = family(parent.another("20"))
    passes_on(parent, RED)
    passes_on(other, RED)
    with parent.writing() as session:
        assert len(in_order(session, first.person(session))) == 2


# -- words that were not passed on


def test_who_keeps_the_words_is_told_what_staff_know_and_so_are_staff(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    parent.types(RED)
    first.taps("I have it")
    assert first.shown()[0] == "You have alert A1. Nobody is told about it again."
    parent.shown()
    parent.taps("No, not now")
    assert parent.shown()[0] == (
        "That is fine. I have not passed them on. Staff know that somebody may need help. They do not know who, or what "
        "you wrote. To see the numbers again, press “Help now”."
    )
    assert "Alert A1: they chose not to pass their words on. [Look at it]" in first.shown()
    first.hear(tap="s:alert:alert=A1")
    assert (
        "They chose not to pass their words on. So nobody can read them, and nobody knows who wrote them."
        in first.shown()
    )
    [alert] = parent.kept(Alert)
    assert alert.words is Words.KEPT_BACK
    decides(first, "Nothing to go on")
    [alert] = parent.kept(Alert)
    assert alert.decision == Decision.NOTHING


def test_where_nobody_is_told_nobody_says_so(parent: Talk) -> None:
    parent.types(RED)
    parent.taps("No, not now")
    assert "That is fine. I have not passed them on. To see the numbers again, press “Help now”." in " ".join(
        parent.shown()
    )


def test_a_draft_that_is_thrown_away_says_so_too(parent: Talk) -> None:
    company.on_duty(parent, "11")
    says(parent, RED)
    for words in ("that is all", "skip", "only staff, no name", "throw it away"):
        parent.types(words)
    [alert] = parent.kept(Alert)
    assert alert.words is Words.KEPT_BACK


# -- how long they stay


def retention(talk: Talk) -> None:
    with talk.writing() as session:
        keeping.sweep_old(session, talk.partnership, now())


def test_the_words_go_three_months_after_the_alert_is_closed_and_a_note_stays_a_year(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    passes_on(parent, "my stepdad hits me, said the zebrafinch")
    first.taps("I have it")
    first.taps("Open what was said")
    first.hear(tap="s:alert:alert=A1")
    decides(first, "Rang somebody")
    with parent.writing() as session:
        for one in session.scalars(select(Feedback)):
            one.answered = now()
    parent.clock.shift(timedelta(days=85))
    retention(parent)
    assert len(parent.kept(Feedback)) == 1
    parent.clock.shift(timedelta(days=10))
    retention(parent)
    assert parent.kept(Feedback) == []
    [alert] = parent.kept(Alert)
    assert (alert.decision, alert.reason, alert.person_id) == (Decision.RANG, "", None)
    assert not sent_with(parent, "zebrafinch")
    parent.clock.shift(timedelta(days=280))
    retention(parent)
    assert parent.kept(Alert) == []


def test_a_false_alarm_leaves_no_mark_and_its_words_stay_like_any_other(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    passes_on(parent, RED)
    first.taps("I have it")
    decides(first, "Nobody is at risk")
    parent.clock.shift(timedelta(days=95))
    retention(parent)
    assert (parent.kept(Alert), len(parent.kept(Feedback))) == ([], 1)


def sent_with(talk: Talk, word: str) -> list[str]:
    """Messages to anybody but the family itself that hold this word."""
    with talk.writing() as session:
        mine = talk.person(session).id
        sent = session.execute(
            select(Outgoing).join(Address, Address.id == Outgoing.address_id).where(Address.person_id != mine)
        ).scalars()
        return [row.message.text for row in sent if word in row.message.text]


@pytest.mark.parametrize("erases", [True, False])
def test_while_an_alert_is_open_its_words_stay_with_those_on_duty_whoever_wants_them_gone(
    parent: Talk, erases: bool
) -> None:
    """It may not be the person who wrote them."""
    first = company.on_duty(parent, "11")
    words = passes_on(parent, "my stepdad hits me, said the zebrafinch")
    if erases:
        parent.types("erase everything")
        parent.types("erase")
        assert "Staff on duty keep those words, without your name" in " ".join(parent.shown())
        parent.types("yes")
        assert "Staff on duty still have those words" in " ".join(parent.shown())
    else:
        parent.hear(tap=f"s:take_back:feedback={words.ref}")
        parent.types("yes")
        assert "Staff on duty still have it, without your name" in " ".join(parent.shown())
    [left] = parent.kept(Feedback)
    assert (left.person_id, left.name) == (None, None)
    retention(parent)
    first.taps("I have it")
    first.taps("Open what was said")
    assert any("zebrafinch" in line for line in first.shown())
    first.hear(tap="s:alert:alert=A1")
    decides(first, "Told the right team")
    retention(parent)
    assert parent.kept(Feedback) == []
    assert not sent_with(parent, "zebrafinch")
    with parent.writing() as session:
        [alert] = session.scalars(select(Alert)).all()
        assert alert.feedback_id is None
    first.hear(tap="s:alert:alert=A1")
    assert "zebrafinch" not in " ".join(first.shown())
