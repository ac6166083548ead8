"""Tables go up and down with the rows in them, in one step or not at all, whoever else tries at the same time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, Engine, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot import migrations
from bot.migrations import current, downgrade, migrate, newest, revisions
from models.database import open_database
from models.desk.word_index import NAME as WORD_INDEX
from models.tables import Base

pytestmark = pytest.mark.both_databases

# What keeps the index of words in step.
TRIGGERS = {
    "sqlite": [f"{WORD_INDEX}_{name}" for name in "said changed gone later_said later_changed later_gone".split()],
    "postgresql": [f"{WORD_INDEX}_{name}" for name in "said later".split()],
}

ONE_OF_SEVERAL = """
import sys
from bot.migrations import migrate
from models.database import open_database
engine = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""
# As a later release might have it: a column for the table that all others point to.
ONE_MORE = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = {after!r}
branch_labels = depends_on = None

def upgrade():
    with op.batch_alter_table("person", recreate="auto") as table:
        table.add_column(sa.Column("nickname", sa.String(), nullable=False, server_default="none"))
        table.alter_column("language", existing_type=sa.String(), type_=sa.String(20))
    {then}

def downgrade():
    with op.batch_alter_table("person") as table:
        table.drop_column("nickname")
        table.alter_column("language", existing_type=sa.String(20), type_=sa.String())
"""


@pytest.fixture
def empty(empty_database: str) -> Iterator[Engine]:
    engine = open_database(empty_database)
    yield engine
    engine.dispose()


@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the migrations, to which this test adds one."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, folder)
    monkeypatch.setattr(migrations, "HERE", folder)
    return folder / "versions" / "next.py"


# -- what any revision must do: these walk over every one that there will be


def test_up_from_nothing_gives_what_the_models_say(empty: Engine) -> None:
    migrate(empty)
    assert current(empty) == newest()
    assert differences(empty) == []


def test_each_revision_goes_up_and_down_with_rows_in_every_table(empty: Engine) -> None:
    walk_with_rows(empty)


def test_down_to_nothing_and_up_again(empty: Engine) -> None:
    migrate(empty)
    fill(empty)
    downgrade(empty, "base")
    assert current(empty) is None
    assert counts(empty) == {}
    migrate(empty)
    assert differences(empty) == []


def test_up_to_date_already_it_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    fill(empty)
    before = counts(empty)
    migrate(empty)
    assert counts(empty) == before


# -- that these tests would notice, shown on a revision that a later release might bring


def test_a_column_more_for_everybody_keeps_every_row_that_points_to_them(empty: Engine, next_release: Path) -> None:
    next_release.write_text(ONE_MORE.format(after=newest(), then="pass"))
    walk_with_rows(empty)
    assert [column["name"] for column in inspect(empty).get_columns("person")].count("nickname") == 1
    if empty.dialect.name == "sqlite":
        with empty.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1, "what was put aside is there again"


def test_a_migration_that_fails_half_way_leaves_nothing(empty: Engine, next_release: Path) -> None:
    migrate(empty)
    fill(empty)
    before = counts(empty)
    next_release.write_text(ONE_MORE.format(after=newest(), then="op.execute('nonsense')"))
    with pytest.raises(DBAPIError):
        migrate(empty)
    assert counts(empty) == before
    assert differences(empty) == []


def test_a_migration_that_loses_what_others_point_to_is_not_done(empty: Engine, next_release: Path) -> None:
    migrate(empty)
    fill(empty)
    before = counts(empty)
    next_release.write_text(ONE_MORE.format(after=newest(), then="op.execute('DELETE FROM meeting')"))
    if empty.dialect.name == "sqlite":
        with pytest.raises(ValueError, match="would point to nothing"):
            migrate(empty)
        assert counts(empty) == before
    else:
        migrate(empty)  # there ON DELETE holds while the tables change


# -- at once


def test_several_processes_may_try_at_once(empty_database: str) -> None:
    together = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_OF_SEVERAL, empty_database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in together:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in together:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in together] == [""] * 3
    assert [process.returncode for process in together] == [0] * 3
    engine = open_database(empty_database)
    assert differences(engine) == []
    engine.dispose()


# -- how


def walk_with_rows(engine: Engine) -> None:
    """Every revision: up to it, rows into every table, down to the one before, up again. Rows of a table that is there
    on both sides are all kept."""
    before: str | None = None
    for revision in revisions():
        migrate(engine, revision)
        fill(engine)
        rows = counts(engine)
        assert set(rows.values()) <= {1}, "a row in every table"
        if before is not None:
            downgrade(engine, before)
            assert current(engine) == before
            left = counts(engine)
            assert left == {name: rows[name] for name in left if name in rows}
            migrate(engine, revision)
            again = counts(engine)
            assert {name: again[name] for name in left if name in again} == {
                name: rows[name] for name in left if name in again
            }
            fill(engine)
        before = revision


def differences(engine: Engine) -> list[Any]:
    """What Alembic would still change, and what it does not look at: which numbers are never given twice."""
    with engine.connect() as connection:
        looked_at = {"compare_type": True, "compare_server_default": True, "include_name": not_the_index}
        context = MigrationContext.configure(connection, opts=looked_at)
        found: list[Any] = list(compare_metadata(context, Base.metadata))
        if engine.dialect.name == "sqlite":
            made = connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
            meant = {
                name for name, table in Base.metadata.tables.items() if table.dialect_kwargs["sqlite_autoincrement"]
            }
            found += sorted(meant ^ set(made.scalars()))
        there = {name for name in triggers_in(connection) if name.startswith(WORD_INDEX)}
        found += sorted(there ^ set(TRIGGERS[engine.dialect.name]))
    return found


def not_the_index(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or not (name or "").startswith(WORD_INDEX)


def triggers_in(connection: Connection) -> list[str]:
    """SQLite alters a table by copying it, and its triggers are not copied: the index would stay behind unnoticed."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return list(connection.scalars(text(asked[connection.dialect.name])))


def tables_in(connection: Connection) -> list[Table]:
    """The tables as they are in the database, those that others point to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [
        table
        for table in metadata.sorted_tables
        if table.name != "alembic_version" and not table.name.startswith(WORD_INDEX)
    ]


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {table.name: _rows(connection, table) for table in tables_in(connection)}


def fill(engine: Engine) -> None:
    """One row in every table that has none, with something in every column: whatever tables there are."""
    with engine.begin() as connection:
        for table in tables_in(connection):
            if not _rows(connection, table):
                connection.execute(insert(table).values({column.name: something(column) for column in table.columns}))


def _rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def something(column: Any) -> Any:
    """A value of its kind. Numbers are 1: whatever points to another row points to the one that is there."""
    if isinstance(column.type, JSON):
        return {"x": "x"}
    return {
        int: 1,
        float: 1.0,
        bool: True,
        str: "x",
        bytes: b"x",
        datetime: datetime(2026, 11, 10, tzinfo=UTC),
        date: date(2026, 11, 10),
    }[column.type.python_type]
