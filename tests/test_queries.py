"""How many statements a turn takes: the figure that decides how many people can be answered at once (DESIGN 2).

A new one costs each message some 30 to 200 µs. Whoever raises a number here says in the commit what it buys.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.sweeps import SWEEPS
from bot.warm import SAYS
from bot.writer import Writer
from models.audit import Audit, record
from models.database import now, writing
from models.heard import Heard
from models.meeting import Coming, Rsvp
from models.outgoing import Outgoing, State, all_arrived
from tests.company import family
from tests.talk import Talk
from tests.test_meetings import called


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What SQLite itself is asked meanwhile, savepoints included; `BEGIN` and `COMMIT`, which many turns share, not."""
    asked: list[str] = []
    traced: list[Any] = []

    def shared_by_none(line: str) -> bool:
        return not line.startswith(("BEGIN", "COMMIT"))

    def trace(connection: Any, *_rest: Any) -> None:
        connection.set_trace_callback(lambda line: asked.append(line) if shared_by_none(line) else None)
        traced.append(connection)

    event.listen(engine, "checkout", trace)
    try:
        yield asked
    finally:
        event.remove(engine, "checkout", trace)
        for connection in traced:
            connection.set_trace_callback(None)


def asked_by(parent: Talk, **what: Any) -> list[str]:
    """The statements of one turn."""
    with statements(parent.engine) as asked:
        parent.turns.take_now(Heard(id=f"terminal:{what}", channel=parent.channel, key=parent.key, **what))
    return asked


@pytest.fixture
def parent(talk: Talk) -> Talk:
    return family(talk)


def test_an_answer_to_a_question(parent: Talk) -> None:
    """Who it is, the inbox key, that they were heard, what is going on; then their answer, and the next question."""
    parent.types("tell us")
    parent.types("two minutes")
    asked = asked_by(parent, text="transport")
    assert len(asked) <= 5, asked


def test_words_of_their_own(parent: Talk) -> None:
    parent.types("tell us")
    parent.types("two minutes")
    parent.types("transport")
    asked = asked_by(parent, text="The taxi was late again.")
    assert len(asked) <= 5, asked


def test_the_menu_with_something_unfinished(parent: Talk) -> None:
    parent.types("tell us")
    asked = asked_by(parent, tap="c:menu")
    assert len(asked) <= 10, asked


def test_going_on_with_it(parent: Talk) -> None:
    parent.types("tell us")
    parent.hear(tap="c:menu")
    asked = asked_by(parent, tap="c:resume")
    assert len(asked) <= 5, asked


def test_a_whole_rsvp(parent: Talk) -> None:
    meeting = called(parent)
    asked = asked_by(parent, tap=f"s:meetings:meeting={meeting}:coming=yes")
    assert [rsvp.coming for rsvp in parent.kept(Rsvp)] == [Coming.YES]
    assert len(asked) <= 19, asked


def test_a_message_that_comes_again(parent: Talk) -> None:
    asked_by(parent, text="menu")
    asked = asked_by(parent, text="menu")
    assert len(asked) == 2, asked


def test_any_number_of_results_takes_one(parent: Talk) -> None:
    for _time in range(5):
        parent.types("menu")
    asked: list[str] = []

    def ask(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(parent.engine, "before_cursor_execute", ask)
    Writer(parent.engine).do_now(lambda session: all_arrived(session, {row.id: "7" for row in parent.rows()}))
    event.remove(parent.engine, "before_cursor_execute", ask)
    assert [line for line in asked if line.startswith("UPDATE")] == asked[-1:]
    assert {(row.state, row.channel_ref) for row in parent.kept(Outgoing)} == {(State.SENT, "7")}


def test_one_job_that_fails_takes_nothing_of_the_others_with_it(parent: Talk) -> None:
    """Jobs share a transaction without savepoints; when one fails, each runs again in a savepoint of its own."""
    writer = Writer(parent.engine)

    def fails(session: Session) -> None:
        record(session, None, "word", "what the one that fails wrote")
        session.flush()
        raise RuntimeError

    def writes(word: str) -> Callable[[Session], None]:
        return lambda session: record(session, None, "word", word)

    async def at_once() -> list[BaseException | None]:
        jobs = [writer.do(writes("before")), writer.do(fails), writer.do(writes("after"))]
        together = asyncio.gather(*jobs, return_exceptions=True)
        await asyncio.sleep(0)  # all three wait before the writer starts, so they share a commit
        writer.start()
        return await together

    assert [type(one) for one in asyncio.run(at_once())] == [type(None), RuntimeError, type(None)]
    writer.stop()
    assert [row.about for row in parent.kept(Audit) if row.deed == "word"] == ["before", "after"]
    writer.stop()
    assert [row.about for row in parent.kept(Audit) if row.deed == "word"] == ["before", "after"]


def test_nothing_reads_through_everybody_or_everything_that_was_said(parent: Talk) -> None:
    """What a message and a round of the clock ask costs the same with a million feedbacks as with none."""
    with statements(parent.engine) as asked:
        for number, said in enumerate(SAYS):
            tapped = said.startswith("c:")
            parent.turns.take_now(
                Heard(
                    f"plans:{number}",
                    parent.channel,
                    parent.key,
                    text="" if tapped else said,
                    tap=said if tapped else "",
                )
            )
        for sweep in SWEEPS:
            with writing(parent.engine) as session:
                sweep.work(session, parent.partnership, now())
    plans = []
    with parent.engine.connect() as connection:
        for question in asked:
            if question.startswith(("SELECT", "UPDATE", "DELETE")):
                plans += [
                    (step.detail, question) for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}")
                ]
    assert len(plans) > 100
    assert [one for one in plans if re.match(r"SCAN (?:feedback|person|address)\w*$", one[0])] == []
