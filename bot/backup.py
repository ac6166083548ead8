"""A copy of the whole database, made while it is in use."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine


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
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # The tool is PostgreSQL's own, the address our own setting.
    done = subprocess.run(  # noqa: S603
        [tool, "--format=custom", f"--file={file}", url], capture_output=True, text=True, check=False
    )
    if done.returncode:
        file.unlink()
        raise BackupError("pg_dump could not copy the database; `yousaid doctor` says whether it answers.")
