"""The disk says no for some seconds: nothing is confirmed meanwhile, and it recovers by itself.

An error of the disk, or a disk that has become read-only, is what the program is told by the kernel: strace puts that
answer in the place of every write and fsync of the database. (Permissions would bind neither root nor a file that is
open already, and a file system in use cannot be made read-only from outside.)
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.killed_at import strace
from tests.faults.program import Program, until
from tests.faults.test_database import people_who_talk, stays, updates_kept
from tests.standin import BotApi


@contextmanager
def every_write_fails(program: Program, error: str) -> Iterator[None]:
    """From inside: the running program's writes to files, and nothing else of it. Its log goes on."""
    try:
        found = strace()
    except LookupError as nothing_there:
        pytest.skip(str(nothing_there))
    assert program.process is not None
    watching = subprocess.Popen(
        [found, "-f", "-o", "/dev/null", "-p", str(program.process.pid), "-e", "trace=pwrite64,fsync,fdatasync",
         "-e", f"inject=pwrite64,fsync,fdatasync:error={error}"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with watching:
        try:
            assert watching.stderr is not None
            line = watching.stderr.readline()
            assert "attached" in line, line
            yield
        finally:
            watching.send_signal(signal.SIGINT)


@pytest.mark.parametrize("error", ["EIO", "EROFS"])
def test_nothing_can_be_written_and_then_it_can(tmp_path: Path, api: BotApi, error: str) -> None:
    with Program(tmp_path, api, TELEGRAM_PER_SECOND="0") as program:
        people = people_who_talk(api, 5)
        until(lambda: api.all_heard, "all to be confirmed")
        kept = updates_kept(program)
        with every_write_fails(program, error):
            polls = len(api.calls.of("getUpdates"))
            for person in people:
                person.says("/menu")
            until(lambda: len(api.calls.of("getUpdates")) > polls, "the updates to be fetched")
            stays(lambda: not api.all_heard and updates_kept(program) == kept)
        for person in people:
            person.hears(timeout=60)
        until(lambda: api.all_heard, "all to be confirmed", 60)
        assert updates_kept(program) == kept + len(people)
