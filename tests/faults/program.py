"""The real program in a process of its own, to be started, killed and started again on the same database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.ready import PROJECT, Forked, ready
from tests.standin import BotApi


class Program:
    def __init__(self, folder: Path, api: BotApi, command: str = "serve", **settings: str) -> None:
        """`command`: what of the program runs; a `worker` answers at no port."""
        self.runs = command
        # Where it runs: the project itself, or a copy of it with an area of its own.
        self.home = PROJECT
        # Whether what it costs to start it and to keep it in memory is looked at.
        self.measured = False
        self.file = folder / "yousaid.db"
        self.database_url = settings.get("DATABASE_URL", f"sqlite:///{self.file}")
        self.port = free_port()
        self.log = folder / f"log of {command} {self.port}"
        self.environment = {
            **os.environ,
            "TELEGRAM_CHAT_SECONDS": "0",  # nobody here waits a second between two messages
            "AREA": "tameside",
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "TELEGRAM_TOKEN": api.token,
            "TELEGRAM_API_URL": api.url,
            "SWEEP_SECONDS": "0.3",
            "PUBLIC_URL": "",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        with self.log.open("ab") as log:
            if self.measured:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "bot", self.runs],
                    cwd=self.home,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )
            else:
                with open(os.devnull) as nothing:
                    self.process = ready(self.home).start("bot", [self.runs], self.environment, nothing, log, log)
        if self.runs == "serve":
            # Among a dozen others on two cores that takes its time.
            until(self.healthy, f"the program to start: {self.log.read_text()[-2000:]}", 180)

    def healthy(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"it ended: {self.log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is tidied."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def end(self) -> int:
        """As a service manager ends it; returns its exit code."""
        if self.process is None:
            raise AssertionError("it does not run")
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process = None
        return code

    def run(self, *arguments: str) -> str:
        """One command of the program, beside the one that serves."""
        done = self._run(arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """What a command says that does not do it."""
        done = self._run(arguments)
        assert done.returncode == 2, done.stdout
        return done.stderr

    def _run(self, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        return ready(self.home).run("bot", arguments, self.environment)


def until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Looks again and again at something in another process, which can ring no bell here. Whatever a look takes, the other
    process has twice as much of the time: it is what is waited for."""
    end = time.monotonic() + seconds
    began = time.monotonic()
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(max(0.02, 2 * (time.monotonic() - began)))
        began = time.monotonic()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
