"""Brings a database to the tables that this release knows, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from models.database import READING
from models.desk.word_index import keep_in_step

HERE = Path(__file__).parent
# Any number, the same in every process: only one of them migrates a PostgreSQL database at a time.
LOCK = 7_294_115


def migrate(engine: Engine, to: str = "head") -> None:
    """Up to `to` in one transaction: all of it or nothing. Several processes may try at once: one does it, the others
    wait and find it done."""
    with _alone(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Back to an earlier release's tables, keeping the rows that they can hold."""
    with _alone(engine) as connection:
        command.downgrade(_config(connection), to)


def write_migration(engine: Engine, why: str) -> None:
    """A new file in versions/, from what the models say now and this database does not have yet."""
    migrate(engine)
    number = len(list(_scripts().walk_revisions())) + 1
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message=why, autogenerate=True, rev_id=f"{number:04d}")


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first."""
    with engine.execution_options(**READING).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return _scripts().get_current_head()


def revisions() -> list[str]:
    """All of them, oldest first."""
    return [one.revision for one in _scripts().walk_revisions()][::-1]


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else changes the tables. On SQLite it is one by itself (BEGIN IMMEDIATE)."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection
            return
        # SQLite alters a table by copying it, and dropping the old one would take with it, by ON DELETE CASCADE, every
        # row that points to it. This can only be said outside a transaction.
        _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                keep_in_step(connection)
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if lost:
                    raise ValueError(f"{len(lost)} rows would point to nothing, the first of them in {lost[0][0]}")
        finally:
            _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, pragma: str) -> None:
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("the database is closed")
    driver.execute(f"PRAGMA {pragma}")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
