"""A real PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one that is started for this run.

The tables are made once, in a template; a database for one test is a copy of it, made in a few hundredths of a second.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from models.database import open_database
from models.tables import Base

KEEPER = Path(__file__).parent / "serving_postgresql.py"


class Databases:
    """Makes and drops databases on one server. `run` keeps those of two runs or two processes apart."""

    def __init__(self, server: URL, run: str) -> None:
        self.server, self.run = server, run
        self._numbers = itertools.count(1)
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._template = ""

    @contextmanager
    def empty(self) -> Iterator[URL]:
        """A database without tables, dropped at the end whoever is still connected to it."""
        with self._made("template0") as url:
            yield url

    @contextmanager
    def with_tables(self) -> Iterator[Engine]:
        """An engine on a database with every table and no rows."""
        if not self._template:
            self._template = self._name()
            self._do(f'CREATE DATABASE "{self._template}" TEMPLATE template0')
            engine = open_database(self._url(self._template))
            Base.metadata.create_all(engine)
            engine.dispose()
        with self._made(self._template) as url:
            engine = open_database(url.render_as_string(hide_password=False))
            yield engine
            engine.dispose()

    def hurry(self) -> None:
        """For a server of our own: these databases are thrown away, nothing of them needs to survive a power cut."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._do(f"ALTER SYSTEM SET {setting} = off")
        self._do("SELECT pg_reload_conf()")

    def close(self) -> None:
        if self._template:
            self._drop(self._template)
        self._admin.dispose()

    @contextmanager
    def _made(self, template: str) -> Iterator[URL]:
        name = self._name()
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield make_url(self._url(name))
        finally:
            self._drop(name)

    def _name(self) -> str:
        return f"yousaid_{self.run}_{os.getpid()}_{next(self._numbers)}"

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def databases(run: str) -> Iterator[Databases]:
    """For one process of the test run called `run`; all processes of a run share a server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        with closing(Databases(make_url(given), run)) as made:
            yield made
        return
    with (
        _server(Path(tempfile.gettempdir()) / f"yousaid-{run}") as address,
        closing(Databases(make_url(address), run)) as made,
    ):
        made.hurry()
        yield made


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """The address of the server in this folder, which runs until every process that asked for it is done or dead."""
    keeper = subprocess.Popen(
        [sys.executable, KEEPER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a signal to all the tests is none to it
    )
    with keeper:
        if keeper.stdout is None:
            raise RuntimeError("no pipe")
        address = keeper.stdout.readline().strip()
        if not address:
            raise RuntimeError("PostgreSQL did not start: see above")
        yield address
