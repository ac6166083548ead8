"""Thousands of messages later the process is no bigger: nothing is kept in memory of anybody."""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import Trials
from tests.faults.program import Program, until
from tests.standin import BotApi
from tests.standin.load import Plan, drive

# A thousand messages more may cost so much: a leak of one message each would be some kilobytes times a thousand.
MOST_KB_PER_THOUSAND = 1024


def resident_kb(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])


def in_its_own_memory(program: Program) -> Program:
    program.measured = True
    return program


def test_memory_does_not_grow_with_the_messages(tmp_path: Path, trials: Trials) -> None:
    trials.only_in_full()
    rounds = 10
    with BotApi(keep=20) as api, in_its_own_memory(Program(tmp_path, api, TELEGRAM_PER_SECOND="0")) as program:
        assert program.process is not None
        sizes = []
        for _round in range(rounds):
            drive(api, Plan(people=30, seconds=120, messages=1_000, warm_up=0))
            until(lambda: api.all_heard, "the last message to be confirmed")
            sizes.append(resident_kb(program.process.pid))
    trials.tell("memory", f"{rounds},000 messages, {sizes[0] / 1024:.1f} to {sizes[-1] / 1024:.1f} MB", lost=0)
    # The first thousand fills caches and pools, which have a bound each.
    assert (sizes[-1] - sizes[0]) / (rounds - 1) < MOST_KB_PER_THOUSAND
