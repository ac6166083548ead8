"""Brings a database to the tables that this release knows, and back.

Alembic is loaded only when there is something to bring: at rest it would take 11 MB, for what a start needs once in a
release. Whether a database is up to date is a look at its one row and at the first lines of the files here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection

from models.database import READING
from models.desk.word_index import keep_in_step

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

HERE = Path(__file__).parent
# Any number, the same in every process: only one of them migrates a PostgreSQL database at a time.
LOCK = 7_294_115


def migrate(engine: Engine, to: str = "head") -> None:
    """Up to `to` in one transaction: all of it or nothing. Several processes may try at once: one does it, the others
    wait and find it done."""
    if to == "head" and current(engine) == newest():
        return
    from alembic import command

    with _alone(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Back to an earlier release's tables, keeping the rows that they can hold."""
    from alembic import command

    with _alone(engine) as connection:
        command.downgrade(_config(connection), to)


def write_migration(engine: Engine, why: str) -> None:
    """A new file in versions/, from what the models say now and this database does not have yet."""
    from alembic import command

    migrate(engine)
    taken = [int(one.revision) for one in _scripts().walk_revisions() if one.revision.isdecimal()]
    number = max(taken, default=0) + 1  # numbers may have gaps: those who work side by side were each given theirs
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message=why, autogenerate=True, rev_id=f"{number:04d}")


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first."""
    with engine.execution_options(**READING).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def newest() -> str | None:
    """The revision that no other one comes after."""
    scripts = [path.read_text(encoding="utf-8") for path in (HERE / "versions").glob("*.py")]
    names = {name for script in scripts for name in re.findall(r"^revision\b[^=]*= *['\"](\w+)", script, re.M)}
    before = {name for script in scripts for name in re.findall(r"^down_revision\b[^=]*= *['\"](\w+)", script, re.M)}
    last = sorted(names - before)
    if len(last) > 1:
        raise ValueError(f"migrations go on from one another, but these both come last: {', '.join(last)}")
    return last[0] if last else None


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
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
