"""Brings a database to the tables that this release knows, and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

HERE = Path(__file__).parent
# Any number, the same in every process: only one of them migrates a PostgreSQL database at a time.
LOCK = 7_294_115


def migrate(engine: Engine, to: str = "head") -> None:
    """Up to `to` in one transaction: all of it or nothing. Several processes may try at once."""
    with engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Back to an earlier release's tables, keeping the rows that they can hold."""
    with engine.connect() as connection, connection.begin():
        command.downgrade(_config(connection), to)


def write_migration(engine: Engine, why: str) -> None:
    """A new file in versions/, from what the models say now and this database does not have yet."""
    migrate(engine)
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message=why, autogenerate=True)


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config
