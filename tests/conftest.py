"""What every test may ask for: a real database, the Tameside area, a clock that the test sets, and `talk`.

The database is SQLite; tests marked `both_databases` run on PostgreSQL too, and `--database postgresql` runs all there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine

from bot.partnership import open_partnership
from models.database import open_database
from models.partnership import Partnership
from models.tables import Base
from tests.postgresql import Databases, databases
from tests.talk import Talk

DATABASES = ("sqlite", "postgresql")
# A Tuesday morning in term time, with bank holidays neither near nor far.
START = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=DATABASES, help="run every test on this one")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    both = metafunc.definition.get_closest_marker("both_databases")
    if both and "database" in metafunc.fixturenames and not metafunc.config.getoption("database"):
        metafunc.parametrize("database", DATABASES, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which kind of database this test runs on."""
    return str(getattr(request, "param", None) or request.config.getoption("database") or DATABASES[0])


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str) -> Iterator[Databases]:
    with databases(testrun_uid[:12]) as made:
        yield made


@pytest.fixture
def engine(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of its own with every table and no rows."""
    if database == "postgresql":
        with request.getfixturevalue("postgresql").with_tables() as engine:
            yield engine
        return
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def empty_database(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own without any table."""
    if database == "postgresql":
        with request.getfixturevalue("postgresql").empty() as url:
            yield url.render_as_string(hide_password=False)
        return
    yield f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def tameside() -> Partnership:
    return open_partnership("tameside", "http://127.0.0.1:8080", "yousaid_bot")


@pytest.fixture
def talk(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return Talk(engine, tameside, clock)
