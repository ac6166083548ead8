"""Kills the program at its n-th commit: strace, which sees every fsync, ends it in the middle of one.

The kill comes after the bytes were handed to the kernel and before the program knows that they are on disk: the moment
at which it knows least.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.faults.program import Program, until
from tests.faults.ready import PROJECT
from tests.standin import BotApi


@cache
def strace() -> str:
    """The path of strace, installed where that is possible. Raises `LookupError` saying what to install."""
    if shutil.which("strace") is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "strace"], check=False)
    found = shutil.which("strace")
    if found is None:
        raise LookupError("Kills at a commit need strace (on Debian and Ubuntu: sudo apt-get install strace).")
    return found


class Doomed(Program):
    """`serve` that dies at the n-th fsync of one of its threads; then again, at another, until it is left alone."""

    def __init__(self, folder: Path, api: BotApi, **settings: str) -> None:
        super().__init__(folder, api, "serve", **settings)
        self.deaths = 0

    def start_until(self, commit: int) -> None:
        """Starts it so that it dies at this commit."""
        fault = f"inject=fsync,fdatasync:signal=SIGKILL:when={commit}"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [strace(), "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", fault,
                 sys.executable, "-m", "bot", "serve"],
                cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def bury(self) -> None:
        """It has died at its commit, which counts; or is killed now with the strace that watches it, which does not."""
        if self.process is None:
            return
        if self.dead:
            self.deaths += 1
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(os.getpgid(self.process.pid), signal.SIGKILL) if os.getpgid(
                self.process.pid
            ) == self.process.pid else self.process.kill()
            self.process.wait()
        self.process = None

    def dies(self, seconds: float = 60) -> None:
        until(lambda: self.dead, "it to die at a commit", seconds)
        self.bury()
