"""How long the fault runs take: a seeded slice in `make test`, the whole of it in `make faults`.

Every run says its seed when it fails: `--seed 7` runs that one again. A full run has a box of time (`--minutes`): what
cannot be tried in it so often as it should be says how often it was, and that it was cut short. What each of them found
stands in one table, at the end and in out/faults.md: there from the first test on, whatever becomes of the next.
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
# What a run that its box of time cut short says of itself, among what it found.
CUT_SHORT = ("cut short", True)
# Beyond its box: to set up, to come to rest and to be judged. Then a test hangs.
MOST_SECONDS_MORE = 900


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the fault runs in full (about an hour)")
    parser.addoption("--seed", type=int, default=1, help="where chance begins in the fault runs")
    parser.addoption("--minutes", type=float, default=USUAL_MINUTES, help="the most that one full run may take")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long", False):
        config.pluginmanager.register(Table(), "table of the faults")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A full run takes longer than a test may."""
    if config.getoption("--long", False):
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.timeout(config.getoption("--minutes") * 60 + MOST_SECONDS_MORE))


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
        up = self.long and time.monotonic() - self.began > self.minutes * 60
        if up and CUT_SHORT not in self.found:
            self.found.append(CUT_SHORT)
        return up

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


class Table:
    """What was found, written anew after each test: it is there too when the next one hangs or takes all down with it."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.tests, self.over, self.now = 0, 0, ""
        self.ended: dict[str, list[str]] = {"red": [], "cut short by their time": [], "not run": []}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.tests = len(session.items)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.now = named(nodeid)
        self.write()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that counts nothing is a line of its own: it is tried once."""
        if report.when != "call" and report.passed:
            return
        name = named(report.nodeid)
        told = [line for kind, line in report.user_properties if kind == "fault"] if report.when == "call" else []
        cut = report.when == "call" and CUT_SHORT in report.user_properties
        how = "RED" if report.failed else "not run" if report.skipped else "cut short" if cut else ""
        trials = "" if report.skipped or report.when != "call" else 1
        lines: list[Any] = told or [{"fault": name, "trials": trials}]
        self.lines += [{**line, "seconds": round(report.duration), "": how} for line in lines]
        if report.failed:
            self.ended["red"].append(f"{name} ({report.when})" if report.when != "call" else name)
        if cut:
            self.ended["cut short by their time"].append(name)
        if report.skipped:
            self.ended["not run"].append(f"{name}: {why_not(report)}")

    def pytest_runtest_logfinish(self) -> None:
        self.over, self.now = self.over + 1, ""
        self.write()

    def __str__(self) -> str:
        rows = [HEAD, ("---",) * len(HEAD), *(tuple(line.get(name, "") for name in HEAD) for line in self.lines)]
        table = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)
        ends = [f"{self.over} of {self.tests} tests are over{self.now and f', in the middle of: {self.now}'}."]
        ends += [f"{how[0].upper()}{how[1:]}: {'; '.join(names) or 'none'}." for how, names in self.ended.items()]
        return f"{table}\n\n" + "\n".join(ends)

    def write(self) -> None:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(f"{self}\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(f"\n{self}\n\nkept: {TABLE}")


def named(nodeid: str) -> str:
    return nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")


def why_not(report: pytest.TestReport) -> str:
    return str(report.longrepr[2]).removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "expected"
