"""The real program, in a process of its own, with its clock set: what happens at night can then be seen by day.

As a program (`python -m tests.dated 2026-11-10T10:00:00+00:00 serve`) it is `python -m bot` at another moment: the clock
goes on from there, and jumps to every moment that is written to its standard input, which it answers with a line.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.program import Program, until
from tests.faults.ready import ready
from tests.standin import BotApi


class DatedProgram(Program):
    """Every start and every command begins at `moment`; `jump_to` moves the clock of what runs."""

    def __init__(self, folder: Path, api: BotApi, moment: datetime, **settings: str) -> None:
        super().__init__(folder, api, **settings)
        self.moment = moment

    def start(self) -> None:
        typed, types = os.pipe()
        says, said = os.pipe()
        with self.log.open("ab") as log:
            process = ready(self.home).start("tests.dated", self._dated("serve"), self.environment, typed, said, log)
        os.close(typed)
        os.close(said)
        process.stdin, process.stdout = os.fdopen(types, "wb"), os.fdopen(says, "rb")
        self.process = process
        until(self.healthy, f"the program to start: {self.log.read_text()[-2000:]}")

    def _dated(self, *arguments: str) -> list[str]:
        return [self.moment.isoformat(), *arguments]

    def __enter__(self) -> DatedProgram:
        self.start()
        return self

    def kill(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout) if self.process else ():
            if pipe is not None:
                pipe.close()
        super().kill()

    def jump_to(self, moment: datetime) -> None:
        """Its clock shows this moment from now on. Nothing is said to anybody by that alone."""
        if self.process is None or self.process.stdin is None or self.process.stdout is None:
            raise AssertionError("it does not run")
        self.moment = moment
        self.process.stdin.write(moment.isoformat().encode() + b"\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline(), self.log.read_text()[-2000:]

    def asked(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """One command of the program, with something on its standard input; also one that fails."""
        return ready(self.home).run("tests.dated", self._dated(*arguments), self.environment, typed)

    def run(self, *arguments: str) -> str:
        done = self.asked(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


def _at(moment: str, arguments: list[str]) -> None:
    import time_machine

    with time_machine.travel(datetime.fromisoformat(moment), tick=True) as clock:
        if arguments == ["serve"]:
            threading.Thread(target=_follow, args=(clock,), daemon=True).start()
        sys.argv = ["yousaid", *arguments]
        from bot.cli import main

        main()


def _follow(clock: Any) -> None:
    for line in sys.stdin:
        clock.move_to(datetime.fromisoformat(line.strip()).astimezone(UTC))
        print("there", flush=True)


if __name__ == "__main__":
    _at(sys.argv[1], sys.argv[2:])
