"""Who does what of a commit: the thread waits for the database, and on SQLite the loop runs what is quick."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bot.turn import QUICK_CHARACTERS, Turns
from bot.writer import Writer
from models.database import reading, writing
from models.heard import Heard
from models.received import Received, claim
from tests.talk import Talk

Result = TypeVar("Result")


@pytest.fixture
def where() -> dict[str, str]:
    """In which thread each job was."""
    return {}


@pytest.fixture
def note(where: dict[str, str]) -> Callable[[str], Callable[[Session], str]]:
    """Makes jobs that leave a row, and where they were."""

    def leave(number: str, session: Session) -> str:
        where[number] = threading.current_thread().name
        claim(session, number)
        return number

    return lambda number: partial(leave, number)


def fails(_session: Session) -> str:
    raise ValueError("of this job alone")


def noted(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.scalars(select(Received.id)))


def with_writer(engine: Engine, does: Callable[[Writer], Awaitable[Result]]) -> Result:
    async def go() -> Result:
        writer = Writer(engine)
        writer.start()
        try:
            return await does(writer)
        finally:
            await asyncio.to_thread(writer.stop)

    return asyncio.run(go())


async def in_one_batch(writer: Writer, *jobs: tuple[Callable[[Session], str], bool]) -> list[str | BaseException]:
    """Each with whether it is quick. They come while the thread is busy with another."""
    begun, gate = threading.Event(), threading.Event()

    def keeps_it_busy(_session: Session) -> None:
        begun.set()
        gate.wait()

    busy = asyncio.create_task(writer.do(keeps_it_busy))
    await asyncio.to_thread(begun.wait)
    waiting = [asyncio.create_task(writer.do(job, quick=quick)) for job, quick in jobs]
    await asyncio.sleep(0)
    gate.set()
    await busy
    return await asyncio.gather(*waiting, return_exceptions=True)


Notes = Callable[[str], Callable[[Session], str]]


def test_what_is_quick_runs_on_the_loop_and_all_in_the_order_in_which_it_came(
    engine: Engine, where: dict[str, str], note: Notes
) -> None:
    commits: list[str] = []
    event.listen(engine, "commit", lambda _connection: commits.append("commit"))
    jobs = [(note("1"), True), (note("2"), True), (note("3"), False), (note("4"), True)]
    assert with_writer(engine, lambda writer: in_one_batch(writer, *jobs)) == ["1", "2", "3", "4"]
    assert list(where) == ["1", "2", "3", "4"]
    loop = "MainThread" if engine.dialect.name == "sqlite" else "writer"
    assert list(where.values()) == [loop, loop, "writer", loop]
    assert len(commits) == 2, "one for what kept the thread busy, one for them all"
    assert noted(engine) == {"1", "2", "3", "4"}


def test_a_quick_one_that_fails_takes_nothing_of_the_others(engine: Engine, note: Notes) -> None:
    jobs = [(note("1"), True), (fails, True), (note("3"), True)]
    first, second, third = with_writer(engine, lambda writer: in_one_batch(writer, *jobs))
    assert (first, third) == ("1", "3")
    assert isinstance(second, ValueError)
    assert noted(engine) == {"1", "3"}


def test_what_there_is_no_time_for_goes_with_the_next_commits(
    engine: Engine, where: dict[str, str], note: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.writer.QUICK_TOGETHER_SECONDS", 0.0)
    numbers = [str(number) for number in range(20)]
    jobs = [(note(number), number != "7") for number in numbers]
    assert with_writer(engine, lambda writer: in_one_batch(writer, *jobs)) == numbers
    assert list(where) == numbers
    assert noted(engine) == set(numbers)


def test_a_loop_that_waits_itself_for_the_database_keeps_nobody_waiting(
    engine: Engine, where: dict[str, str], note: Notes
) -> None:
    """What runs on the loop needs the loop; a loop that waits for the lock of just that commit would wait for ever."""
    inside, loop_waits = threading.Event(), threading.Event()

    def begun(session: Session) -> str:
        inside.set()
        loop_waits.wait()
        return note("1")(session)

    async def go(writer: Writer) -> list[str | BaseException]:
        both = asyncio.create_task(in_one_batch(writer, (begun, False), (note("2"), True)))
        await asyncio.to_thread(inside.wait)
        loop_waits.set()
        with writing(engine) as session:
            claim(session, "the loop's own")
        return await both

    assert with_writer(engine, go) == ["1", "2"]
    assert noted(engine) == {"1", "2", "the loop's own"}
    if engine.dialect.name == "sqlite":
        assert where["2"] == "writer", "it was taken back"


def test_whoever_writes_at_length_does_not_keep_the_loop(
    talk: Talk, where: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long text runs in the thread; and whoever's turn took long has the next one there, until one was short."""

    def answered(_session: Session, heard: Heard, *_rest: object) -> None:
        where[heard.id] = threading.current_thread().name

    monkeypatch.setattr("handlers.reception.receive", answered)

    async def go(writer: Writer) -> None:
        turns = Turns(writer, talk.partnership)

        async def hears(number: str, text: str) -> None:
            await turns.take(Heard(number, "telegram", "7", text=text))

        await hears("short", "menu")
        await hears("long", "a" * (QUICK_CHARACTERS + 1))
        monkeypatch.setattr("bot.turn.QUICK_SECONDS", 0.0)
        await hears("slow", "menu")
        monkeypatch.setattr("bot.turn.QUICK_SECONDS", 60.0)
        await hears("after a slow one", "menu")
        await hears("after a short one", "menu")
        turns.warm = False
        await hears("before anybody has talked", "menu")

    # Which of the first two the machine finds slow is not what is asked here.
    monkeypatch.setattr("bot.turn.QUICK_SECONDS", 60.0)
    with_writer(talk.engine, go)
    loop = "MainThread" if talk.engine.dialect.name == "sqlite" else "writer"
    assert list(where.values()) == [loop, "writer", loop, "writer", loop, "writer"]
