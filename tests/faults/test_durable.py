"""What the database and the shift are trusted with, each seen by itself: they are what everything else stands on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine, delete, select, text

from bot.post import Post
from bot.shift import Shift
from bot.turn import Turns
from bot.writer import Writer, what_failed
from models.database import open_database, reading, writing
from models.heard import Heard
from models.message import Message
from models.outgoing import FIRST_LANE, Class, Outgoing, State, due, send
from models.partnership import Partnership
from models.person import Person, meet

SECRET = "xylophone-in-the-taxi"


def test_two_who_count_at_once_lose_nothing(engine: Engine) -> None:
    """Both read before they write: with SQLite's own BEGIN the second would have counted from what was there before."""
    with writing(engine) as session:
        number = meet(session, "slate", "1").person_id

    def one_more(_time: int) -> None:
        with writing(engine) as session:
            person = session.get_one(Person, number)
            person.language = f"{int(person.language) + 1 if person.language.isdecimal() else 1}"

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one_more, range(100)))
    with reading(engine) as session:
        assert session.get_one(Person, number).language == "100"


def test_every_commit_reaches_the_disk_before_it_returns(tmp_path: Path) -> None:
    """With SQLite's NORMAL a power cut takes back what was confirmed (FULL is 2). What it does at each fsync is seen in
    test_kill_at_commits.py."""
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    for _connection in range(2):
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA synchronous")) == 2
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            connection.detach()
    engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_says_committed_too_early_is_told_not_to(engine: Engine) -> None:
    """What it does is seen in test_postgresql.py, whose server is set to do so and is restarted as if it had crashed."""
    name = str(engine.url.database)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    engine.dispose()
    other = open_database(engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    other.dispose()


def test_what_is_deleted_is_in_no_byte_of_the_file(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        send(session, meet(session, "slate", "1"), Message(SECRET), Class.REPLY)
    assert written(engine, tmp_path)
    with writing(engine) as session:
        session.execute(delete(Outgoing))
    assert not written(engine, tmp_path)


def written(engine: Engine, folder: Path) -> bool:
    """Whether the words stand in a file of the database, once its log was put into it."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    return any(SECRET.encode() in file.read_bytes() for file in folder.glob("test.db*"))


def test_a_reply_that_leaves_with_its_turn_is_marked_in_the_turns_own_commit(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller
) -> None:
    """Else the post would take it as well: everybody would read every answer twice."""
    Turns(Writer(engine), tameside).take_now(Heard("slate:1", "slate", "1", "hello"))
    with writing(engine) as session:
        replies = session.scalars(select(Outgoing).where(Outgoing.kind == Class.REPLY)).all()
        assert {(row.state, row.attempts) for row in replies} == {(State.SENDING, 1)}
        assert due(session, ["slate"], 10, kinds=FIRST_LANE) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_only_one_of_two_is_on_shift(engine: Engine) -> None:
    async def go() -> tuple[bool, bool, bool]:
        posts = [Post(engine, Writer(engine)) for _process in range(2)]
        first, second = (Shift(engine.url, post) for post in posts)
        async with first._lock() as held:
            waiting = asyncio.create_task(took(second))
            _done, still = await asyncio.wait([waiting], timeout=1.5)
            was_refused = bool(still)
        return held is not None, was_refused, await waiting

    async def took(shift: Shift) -> bool:
        async with shift._lock() as held:
            return held is not None

    assert asyncio.run(go()) == (True, True, True)


def test_an_error_is_told_to_the_log_without_its_words() -> None:
    with pytest.raises(ValueError, match=SECRET) as caught:
        int(SECRET)
    assert SECRET not in str(what_failed(caught.value))
