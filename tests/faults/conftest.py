"""How long the fault runs take: a seeded slice in `make test`, the whole of it in `make faults`.

Every run says its seed when it fails: `--seed 7` runs that one again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.standin import BotApi


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the fault runs in full (minutes)")
    parser.addoption("--seed", type=int, default=1, help="where chance begins in the fault runs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A full run takes longer than a test may."""
    if config.getoption("--long", False):
        for item in items:
            if item.path.is_relative_to(__file__.rpartition("/")[0]):
                item.add_marker(pytest.mark.timeout(3600))


@dataclass(frozen=True, slots=True)
class Trials:
    """How much of a run is wanted, and where chance begins."""

    long: bool
    seed: int

    def many(self, in_slice: int, in_full: int) -> int:
        return in_full if self.long else in_slice

    def only_in_full(self) -> None:
        """For what takes too long for a slice."""
        if not self.long:
            pytest.skip("only in `make faults`")


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Trials:
    # Without these options (`make test` finds this file too late for them) it is the slice from the first seed.
    return Trials(bool(request.config.getoption("--long", False)), int(request.config.getoption("--seed", 1)))


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api
