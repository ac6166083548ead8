"""Several processes serve one PostgreSQL database: nothing happens twice, and nobody is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

import handlers
from bot.clock import Clock, Sweep
from bot.turn import Turns, turn
from bot.writer import Writer
from handlers.dialogue import Chat
from handlers.errand import Errand
from models import alert, outgoing
from models.audit import Audit, record
from models.database import open_database, reading, writing
from models.heard import Heard
from models.message import Message
from models.outgoing import Class, Outgoing, State, send
from models.partnership import Partnership
from models.person import Address, Person, meet
from models.role import Role, RoleName
from tests.patience import PATIENCE

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def other(engine: Engine) -> Iterator[Engine]:
    """What another process has: connections of its own."""
    other = open_database(engine.url.render_as_string(hide_password=False))
    yield other
    other.dispose()


def count(engine: Engine, table: Any) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def at_once(*work: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(work)) as threads:
        return [one.result() for one in [threads.submit(one) for one in work]]


def somebody_waits(engine: Engine) -> bool:
    """Whether a connection to this database waits for a row that another one holds."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with reading(engine) as session:
        return bool(session.scalar(text(waiting)))


@pytest.fixture
def word(monkeypatch: pytest.MonkeyPatch) -> None:
    def flow(chat: Chat) -> None:
        said = chat.ask("word", "Which word?")
        record(chat.session, chat.person, "word", said)
        chat.say(f"Noted: {said}.")

    monkeypatch.setitem(handlers.ERRANDS, "count", Errand(flow, label=lambda: "Count", words=lambda: "count"))


@pytest.mark.usefixtures("word")
def test_one_message_that_reaches_two_processes_is_handled_once(
    engine: Engine, other: Engine, tameside: Partnership
) -> None:
    one, two = Turns(Writer(engine), tameside), Turns(Writer(other), tameside)
    one.take_now(Heard("telegram:0", "telegram", "7", text="count"))
    heard = Heard("telegram:1", "telegram", "7", text="tree")
    turned = at_once(lambda: one.take_now(heard), lambda: two.take_now(heard))
    assert sorted(each.repeated for each in turned) == [False, True]
    assert count(engine, Audit) == 1


@pytest.mark.usefixtures("word")
def test_the_second_message_of_somebody_waits_for_the_first(
    engine: Engine, other: Engine, tameside: Partnership
) -> None:
    first_is_in = threading.Event()
    with writing(engine) as session:
        meet(session, "telegram", "7")

    def first() -> None:
        with writing(engine) as session:
            turn(session, Heard("telegram:1", "telegram", "7", text="count"), tameside)
            first_is_in.set()
            while not somebody_waits(engine):
                pass

    def second() -> None:
        assert first_is_in.wait(PATIENCE)
        with writing(other) as session:
            turn(session, Heard("telegram:2", "telegram", "7", text="tree"), tameside)

    at_once(first, second)
    with reading(engine) as session:
        assert [row.about for row in session.scalars(select(Audit))] == ["tree"]


def test_a_stranger_who_writes_twice_at_once_is_one_person(
    engine: Engine, other: Engine, tameside: Partnership
) -> None:
    both_have_looked = threading.Barrier(2)

    def meets(engine: Engine) -> int:
        with writing(engine) as session:
            assert session.scalar(select(func.count()).select_from(Address)) == 0
            both_have_looked.wait(PATIENCE)
            return meet(session, "telegram", "7").id

    addresses = at_once(lambda: meets(engine), lambda: meets(other))
    assert len(set(addresses)) == 1
    assert count(engine, Person) == 1


def test_writing_to_somebody_does_not_wait_until_they_have_been_served(engine: Engine, other: Engine) -> None:
    with writing(engine) as session:
        meet(session, "telegram", "7")
    with writing(engine) as serving:
        meet(serving, "telegram", "7")
        with writing(other) as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            send(session, session.scalars(select(Address)).one(), Message("News"), Class.BROADCAST)
    assert count(engine, Outgoing) == 1


def test_two_who_each_hold_whom_the_other_one_needs_are_both_done(engine: Engine, other: Engine) -> None:
    with writing(engine) as session:
        for key in ("7", "8"):
            meet(session, "telegram", key)
    both_hold_one = threading.Barrier(2)

    def job(first: str, second: str) -> Callable[[Session], str]:
        def work(session: Session) -> str:
            record(session, meet(session, "telegram", first).person, "did", first)
            if not tried:
                both_hold_one.wait(PATIENCE)
                tried.append(first)
            meet(session, "telegram", second)
            return first

        return work

    tried: list[str] = []
    assert at_once(
        lambda: Writer(engine).do_now(job("7", "8")),
        lambda: Writer(other).do_now(job("8", "7")),
    ) == ["7", "8"]
    assert count(engine, Audit) == 2


def test_two_posts_never_take_the_same_message(engine: Engine, other: Engine) -> None:
    with writing(engine) as session:
        address = meet(session, "telegram", "7")
        for number in range(4):
            send(session, address, Message(f"News {number}"), Class.BROADCAST)
    with writing(engine) as session, writing(other) as another:
        mine = outgoing.due(session, ["telegram"], 2, kinds=outgoing.SECOND_LANE)
        theirs = outgoing.due(another, ["telegram"], 10, kinds=outgoing.SECOND_LANE)
        for row in (*mine, *theirs):
            outgoing.begin(row)
        assert [row.message.text for row in (*mine, *theirs)] == [f"News {number}" for number in range(4)]
    with reading(engine) as session:
        assert {row.state for row in session.scalars(select(Outgoing))} == {State.SENDING}


def test_what_is_due_is_done_by_one_clock(
    engine: Engine, other: Engine, tameside: Partnership, clock: time_machine.Traveller
) -> None:
    nested: list[int] = []

    def work(session: Session, _partnership: Partnership, _moment: object) -> int:
        address = meet(session, "telegram", "7")
        if count_in(session) == 0:
            send(session, address, Message("A week before"), Class.REMINDER)
            session.flush()
            if not nested:
                nested.append(-1)
                # While the first is at it, the other process's clock rings as well.
                nested[0] = Writer(other).do_now(lambda theirs: second._once(sweep, theirs))
            return 1
        return 0

    def count_in(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Outgoing)) or 0

    sweep = Sweep("reminders", work)
    first, second = (Clock(Writer(each), tameside, [sweep], lambda: None) for each in (engine, other))
    assert Writer(engine).do_now(lambda session: first._once(sweep, session)) == 1
    assert nested == [0]
    clock.shift(timedelta(minutes=1))
    assert Writer(other).do_now(lambda session: second._once(sweep, session)) == 0, "the second looks, and it is done"
    assert count(engine, Outgoing) == 1


def test_only_one_member_of_staff_has_an_alert(engine: Engine, other: Engine) -> None:
    with writing(engine) as session:
        staff = [meet(session, "telegram", key).person for key in ("8", "9")]
        session.add_all(Role(person=one, name=RoleName.SAFEGUARDING, organisation="council") for one in staff)
        someone = meet(session, "telegram", "7").person
        alert.raise_alert(session, someone.id)
    both_see_it = threading.Barrier(2)

    def take(engine: Engine, key: str) -> bool:
        with writing(engine) as session:
            [open_one] = alert.nobody_has(session)
            both_see_it.wait(PATIENCE)
            return alert.take(session, open_one, meet(session, "telegram", key).person)

    assert sorted(at_once(lambda: take(engine, "8"), lambda: take(other, "9"))) == [False, True]
