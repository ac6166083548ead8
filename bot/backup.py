"""A copy of the whole database, made while it is in use; and such a copy put back, with nothing sent twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.migrations import migrate
from models.audit import record
from models.database import open_database, reading, writing
from models.restoring import Parked, leave_out_who_left, park

# How the audit points at it.
BACKUP = "backup"


class BackupError(Exception):
    """Its text says what to do."""


def back_up(engine: Engine, file: Path) -> int:
    """Writes the copy to `file`, readable by its owner alone, and returns its size in bytes.

    Raises `BackupError` when the file is there already, cannot be written, or PostgreSQL's own tool is missing.
    """
    if file.exists():
        raise BackupError(f"{file} is there already: give a new name.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from None
    if engine.dialect.name == "sqlite":
        _copy_sqlite(engine, file)
    else:
        _dump_postgresql(engine, file)
    with writing(engine) as session:
        record(session, None, "backed up", BACKUP)
    return file.stat().st_size


def _copy_sqlite(engine: Engine, file: Path) -> None:
    with engine.connect() as connection:
        # VACUUM runs in no transaction; the driver's own connection is in none until we begin one.
        driver = connection.connection.driver_connection
        if driver is None:
            raise BackupError("the database is closed.")
        connection.rollback()
        driver.execute("VACUUM INTO ?", (str(file),))


def _dump_postgresql(engine: Engine, file: Path) -> None:
    tool = shutil.which("pg_dump")
    if tool is None:
        file.unlink()
        raise BackupError("pg_dump is not installed: it comes with PostgreSQL's client (postgresql-client).")
    # Not on the command line, which every user of the machine can read.
    password = {"PGPASSWORD": str(engine.url.password)} if engine.url.password else {}
    url = engine.url.set(drivername="postgresql", password=None).render_as_string()
    # The tool is PostgreSQL's own, the address our own setting.
    done = subprocess.run(  # noqa: S603
        [tool, "--format=custom", f"--file={file}", url],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        file.unlink()
        raise BackupError("pg_dump could not copy the database; `yousaid doctor` says whether it answers.")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: what waits for a person in it, who was erased from it because they had left since, and where
    the database is kept that was there before."""

    parked: Parked
    erased: int
    before: Path | None


def restore(url: str, file: Path | None) -> Restored:
    """Puts the copy `file` in the place of the database at `url`. What was there is kept beside it, and tells who has
    left since. Without a file, or on PostgreSQL after its own `pg_restore`: only parks what is unsent.

    Raises `BackupError` when the copy cannot be read or the database is in use.
    """
    before = None
    if file is not None:
        engine = open_database(url)
        if engine.dialect.name != "sqlite":
            raise BackupError("Use pg_restore into an empty database, then `yousaid restore` without a file.")
        before = _put_in_place(Path(engine.url.database or ""), file)
    engine = open_database(url)
    migrate(engine)
    with writing(engine) as session:
        erased = 0
        if before is not None:
            old = open_database(f"sqlite:///{before}")
            with reading(old) as earlier:
                erased = leave_out_who_left(session, earlier)
            old.dispose()
        parked = park(session)
    engine.dispose()
    return Restored(parked, erased, before)


def _put_in_place(there: Path, file: Path) -> Path | None:
    """Returns where the database that was there is now."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            whole = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error:
        whole = False
    if not whole:
        raise BackupError(f"{file} cannot be read as a copy made by `yousaid backup`.")
    before = None
    if there.exists():
        _nobody_uses(there)
        before = there.with_name(f"{there.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        there.rename(before)
    shutil.copyfile(file, there)
    there.chmod(0o600)
    return before


def _nobody_uses(there: Path) -> None:
    """Only whoever is alone with a database can turn its log off; what is in the log goes into the file with it."""
    try:
        with closing(sqlite3.connect(there, timeout=1)) as alone:
            alone.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error:
        raise BackupError("The database is in use: stop `yousaid serve` first.") from None
