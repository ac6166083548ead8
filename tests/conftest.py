"""What every test may ask for: a real database, the Tameside area, a clock that the test sets, and `talk`."""

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
from tests.talk import Talk

# A Tuesday morning in term time, with bank holidays neither near nor far.
START = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def tameside() -> Partnership:
    return open_partnership("tameside", "http://127.0.0.1:8080", "yousaid_bot")


@pytest.fixture
def talk(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return Talk(engine, tameside, clock)
