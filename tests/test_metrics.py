"""What Prometheus is told is so, and the example alerts speak of figures that exist."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.program import Program, until
from tests.faults.ready import PROJECT
from tests.standin import BotApi


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


def figures(program: Program) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{program.port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, _space, value in (one.rpartition(" ") for one in lines if one[0] != "#")}


def test_what_happened_is_counted(tmp_path: Path, api: BotApi) -> None:
    with Program(tmp_path, api) as program:
        sam, kim = api.person(1, "Sam"), api.person(2, "Kim")
        for person in (sam, kim):
            person.says("/start")
            person.hears()
        kim.blocks()
        heard = 'yousaid_heard_total{channel="telegram",outcome="handled"}'
        until(lambda: figures(program)[heard] >= 3, "the block to be counted")
        until(
            lambda: figures(program).get('yousaid_deliveries_total{channel="telegram",outcome="sent"}', 0) == 2, "two"
        )
        before = figures(program)
        assert before["yousaid_turn_seconds_count"] == before[heard]
        assert before["yousaid_on_shift"] == 1
        assert before['yousaid_outgoing{state="sent"}'] == 2
        assert before['yousaid_oldest_due_seconds{lane="first"}'] == 0
        assert before["yousaid_last_backup_timestamp_seconds"] == 0
        program.run("backup", str(tmp_path / "copy.db"))
        assert figures(program)["yousaid_last_backup_timestamp_seconds"] > 0


def test_every_figure_of_the_example_alerts_is_one_that_there_is(tmp_path: Path, api: BotApi) -> None:
    asked = set(re.findall(r"yousaid_\w+", (PROJECT / "deploy" / "alerts.yml").read_text()))
    with Program(tmp_path, api) as program:
        sam = api.person(1, "Sam")
        sam.says("/start")
        sam.hears()
        there = {name.partition("{")[0] for name in figures(program)}
    assert asked
    assert asked <= there
