"""The database is locked, or the disk is full: nothing is acknowledged that is not committed, and it recovers by itself."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.faults.program import Program, until
from tests.standin import BotApi, Person


def people_who_talk(api: BotApi, count: int) -> list[Person]:
    people = [api.person(number, "Sam") for number in range(1, count + 1)]
    for person in people:
        person.says("/start")
    for person in people:
        person.hears(timeout=30)
    return people


def updates_kept(program: Program) -> int:
    with closing(sqlite3.connect(program.file)) as look:
        return int(look.execute("SELECT count(*) FROM received").fetchone()[0])


def stays(true: Callable[[], bool], seconds: float = 1.5) -> None:
    """Looks for so long at something that must not change."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert true()
        time.sleep(0.1)


def test_another_process_locks_the_database_for_seconds(tmp_path: Path, api: BotApi) -> None:
    with Program(tmp_path, api, TELEGRAM_PER_SECOND="0") as program:
        people = people_who_talk(api, 10)
        kept = updates_kept(program)
        with closing(sqlite3.connect(program.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            polls = len(api.calls.of("getUpdates"))
            for person in people:
                person.says("/menu")
            until(lambda: len(api.calls.of("getUpdates")) > polls, "the updates to be fetched")
            stays(lambda: not api.all_heard and updates_kept(program) == kept and program.healthy())
            other.execute("ROLLBACK")
        for person in people:
            person.hears(timeout=60)
        until(lambda: api.all_heard, "all to be confirmed")
        assert updates_kept(program) == kept + len(people)


def test_the_disk_is_full_and_has_room_again(tmp_path: Path, api: BotApi) -> None:
    with Program(tmp_path, api, TELEGRAM_PER_SECOND="0") as program:
        people = people_who_talk(api, 10)
        kept = updates_kept(program)
        process = program.process
        assert process is not None
        # No file of that process may grow, or be written to at all: its log neither.
        _soft, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        polls = len(api.calls.of("getUpdates"))
        for person in people:
            person.says("/menu")
        until(lambda: len(api.calls.of("getUpdates")) > polls, "the updates to be fetched")
        people[0].says("/menu")
        stays(lambda: not api.all_heard and updates_kept(program) == kept and process.poll() is None)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        for person in people:
            person.hears(timeout=120)
        until(lambda: api.all_heard, "all to be confirmed", 120)
        assert updates_kept(program) == kept + len(people) + 1
