"""How long the fault runs take: a seeded slice in `make test`, the whole of it in `make faults`.

Every run says its seed when it fails: `--seed 7` runs that one again. A full run has a box of time (`--minutes`): what
cannot be tried in it so often as it should be says how often it was. What each of them found stands in one table at
the end, and in out/faults.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.standin import BotApi

HERE = Path(__file__).parent
TABLE = HERE.parent.parent / "out" / "faults.md"
HEAD = ("fault", "trials", "seed", "lost", "twice", "unknown", "listed", "seconds", "")
USUAL_MINUTES = 6.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the fault runs in full (about an hour)")
    parser.addoption("--seed", type=int, default=1, help="where chance begins in the fault runs")
    parser.addoption("--minutes", type=float, default=USUAL_MINUTES, help="the most that one full run may take")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A full run takes longer than a test may."""
    if config.getoption("--long", False):
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.timeout(3600))


@dataclass(frozen=True, slots=True)
class Trials:
    """How much of a run is wanted, where chance begins, and what came of it."""

    long: bool
    seed: int
    minutes: float
    found: list[tuple[str, object]]
    began: float = field(default_factory=time.monotonic)

    def many(self, in_slice: int, in_full: int) -> int:
        return in_full if self.long else in_slice

    def only_in_full(self) -> None:
        """For what takes too long for a slice."""
        if not self.long:
            pytest.skip("only in `make faults`")

    @property
    def time_is_up(self) -> bool:
        """Of a full run: what has been tried by now must do, and is said as it is. A slice has no box."""
        return self.long and time.monotonic() - self.began > self.minutes * 60

    def tell(self, fault: str, tried: object, **judged: object) -> None:
        """A line of the table: `lost`, `twice`, `unknown` and `listed` as the stand-in saw it. Said before anything
        is asserted of it, so that what is red stands in the table too."""
        self.found.append(("fault", {"fault": fault, "trials": tried, "seed": self.seed, **judged}))
        print(f"{fault}: {tried}, seed {self.seed}", judged)


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Trials:
    # Without these options (`make test` finds this file too late for them) it is the slice from the first seed.
    of = request.config.getoption
    box = float(of("--minutes", USUAL_MINUTES))
    return Trials(bool(of("--long", False)), int(of("--seed", 1)), box, request.node.user_properties)


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table. A test that counts nothing is a line of its own: it is tried once."""
    if not config.getoption("--long", False):
        return
    lines: list[dict[str, Any]] = []
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        if HERE.name in report.nodeid and report.when == "call":
            name = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
            told = [line for kind, line in report.user_properties if kind == "fault"] or [{"fault": name, "trials": 1}]
            more = {"seconds": round(report.duration), "": "" if report.passed else "RED"}
            lines += [{**line, **more} for line in told]
    rows = [HEAD, ("---",) * len(HEAD), *(tuple(line.get(name, "") for name in HEAD) for line in lines)]
    table = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table + "\n")
    terminalreporter.write_line(f"\n{table}\n\nkept: {TABLE}")
