"""The table of the faults is there whatever becomes of a test, and says what was not tried in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import conftest
from tests.faults.conftest import CUT_SHORT, Table

FOUND = ("fault", {"fault": "killed", "trials": "3 deaths", "seed": 7, "lost": 0})


def report(name: str, outcome: str, *found: tuple[str, object], when: str = "call") -> pytest.TestReport:
    where = f"tests/faults/test_x.py::test_{name}"
    why = ("test_x.py", 1, "Skipped: no strace") if outcome == "skipped" else None
    return pytest.TestReport(where, (where, 1, name), {}, outcome, why, when, user_properties=found, duration=1.2)  # type: ignore[arg-type]


def test_what_is_red_cut_short_or_not_run_is_said_and_kept_before_the_next_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest, "TABLE", tmp_path / "out" / "faults.md")
    table = Table()
    table.tests = 6
    for each in (
        report("alone", "passed"),
        report("killed", "passed", FOUND, CUT_SHORT),
        report("wrong", "failed", FOUND),
        report("never_began", "failed", when="setup"),
        report("at_a_commit", "skipped", when="setup"),
    ):
        table.pytest_runtest_logreport(each)
        table.pytest_runtest_logfinish()
    table.pytest_runtest_logstart("tests/faults/test_x.py::test_that_takes_all_down")
    assert (tmp_path / "out" / "faults.md").read_text().splitlines()[2:] == [
        "| alone | 1 |  |  |  |  |  | 1 |  |",
        "| killed | 3 deaths | 7 | 0 |  |  |  | 1 | cut short |",
        "| killed | 3 deaths | 7 | 0 |  |  |  | 1 | RED |",
        "| never began |  |  |  |  |  |  | 1 | RED |",
        "| at a commit |  |  |  |  |  |  | 1 | not run |",
        "",
        "5 of 6 tests are over, in the middle of: that takes all down.",
        "Red: wrong; never began (setup).",
        "Cut short by their time: killed.",
        "Not run: at a commit: no strace.",
    ]
