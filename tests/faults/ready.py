"""A process that has read all of the program in, and forks whenever it is asked for one that runs.

What a start costs is mostly reading in: two seconds of a processor, many times in a test run. What runs afterwards is
the program in a process of its own as ever, with its own environment, log and number, to be killed like any other.

As a program (`python -m tests.faults.ready ADDRESS`) it listens at the address of a socket; `Ready` asks it.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).parent.parent.parent
# What the program reads in when it starts and later. What is not named here is read in by each.
ALL_OF_IT = (
    "alembic.command", "alembic.ddl.postgresql", "bot.cli", "bot.main", "bot.post", "bot.together", "h11",
    "mako.template", "models.tables", "psycopg", "time_machine", "uvicorn.lifespan.on", "uvicorn.protocols.http.h11_impl",
)  # fmt: skip


class Forked:
    """A program that runs: what its tests need of `subprocess.Popen`."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._heard = line, b""
        self.stdin: IO[bytes] | None = None
        self.stdout: IO[bytes] | None = None
        self.returncode: int | None = None
        self.pid = self._next_number()

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.001)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, negative where a signal ended it."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = self._next_number()
            except TimeoutError:
                raise subprocess.TimeoutExpired("the program", timeout or 0) from None
            self._line.close()
        return self.returncode

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _next_number(self) -> int:
        while b"\n" not in self._heard:
            heard = self._line.recv(64)
            assert heard, "whoever forks it has gone"
            self._heard += heard
        number, _newline, self._heard = self._heard.partition(b"\n")
        return int(number)


class Ready:
    """Has programs forked from the one that is ready in this folder."""

    def __init__(self, home: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ready-")
        self._address = str(Path(self._folder.name) / "socket")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ready", self._address],
            cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline(), "it did not become ready"
        atexit.register(self.close)

    def close(self) -> None:
        """It ends when nobody can ask it any more."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()
        self._folder.cleanup()

    def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], *files: IO[Any] | int
    ) -> Forked:
        """`python -m module arguments`; `files` are its standard input, output and errors."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._address)
        wanted = json.dumps([module, list(arguments), dict(environment)]).encode() + b"\n"
        numbers = [one if isinstance(one, int) else one.fileno() for one in files]
        socket.send_fds(line, [wanted[:1]], numbers)
        line.sendall(wanted[1:])
        return Forked(line)

    def run(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """The same to its end."""
        with (
            tempfile.TemporaryFile("w+") as typing,
            tempfile.TemporaryFile("w+") as said,
            tempfile.TemporaryFile("w+") as complained,
        ):
            typing.write(typed)
            typing.seek(0)
            code = self.start(module, arguments, environment, typing, said, complained).wait(120)
            for one in (said, complained):
                one.seek(0)
            return subprocess.CompletedProcess([module, *arguments], code, said.read(), complained.read())


@cache
def ready(home: Path = PROJECT) -> Ready:
    """One for each process of a test run and each folder, from the first program that is started there."""
    return Ready(home)


# The process itself

Wanted = tuple[str, list[str], dict[str, str]]


def next_one(address: str) -> Wanted | None:
    """Returns in every process that is forked, with what it is to be; in the one that forks, None at the end."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(16)
        for module in ALL_OF_IT:
            __import__(module)
        gc.freeze()
        print("ready", flush=True)
        return _fork(listening)


def _fork(listening: socket.socket) -> Wanted | None:
    lines: dict[int, socket.socket] = {}
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_what: None)
    while True:
        asked = select.select([listening.fileno(), woken, 0], [], [])[0]
        if 0 in asked:
            for running in lines:  # whoever asked for them was killed, maybe
                os.kill(running, signal.SIGKILL)
            return None
        if woken in asked:
            os.read(woken, 4096)
            _say_who_ended(lines)
        if listening.fileno() not in asked:
            continue
        line, _address = listening.accept()
        wanted, files, _flags, _whose = socket.recv_fds(line, 1, 3)
        while not wanted.endswith(b"\n"):
            wanted += line.recv(65536)
        pid = os.fork()
        if pid:
            lines[pid] = line
            line.sendall(f"{pid}\n".encode())
            for file in files:
                os.close(file)
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(woken)
        os.close(waking)
        for one in (line, *lines.values()):
            one.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        module, arguments, environment = json.loads(wanted)
        return module, arguments, environment


def _say_who_ended(lines: dict[int, socket.socket]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            with lines.pop(ended[0]) as line, contextlib.suppress(OSError):
                line.sendall(f"{os.waitstatus_to_exitcode(ended[1])}\n".encode())


def main(address: str) -> None:
    wanted = next_one(address)
    if wanted is None:
        return
    module, arguments, environment = wanted
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])
