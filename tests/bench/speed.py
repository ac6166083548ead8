"""Messages a second, and how long people wait: ours and the rivals in turn, each with the same people and stand-in."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.still import Disk

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
WALK = HERE / "walks" / "telling.txt"
MEDIANS = ("per_second", "p50_ms", "p99_ms", "processor_ms", "fsyncs_per_1000", "fsync_ms", "standin_processor_share")

# Over its seconds, for start and end: a program that needs longer is cut off.
PATIENCE_SECONDS = 120

Figures = dict[str, Any]


class DidNotRun(Exception):
    """Why there are no figures of a program."""


@dataclass(frozen=True)
class Contestant:
    name: str
    what: str
    command: tuple[str, ...]
    environment: dict[str, str]
    # How the load walks through its conversation.
    walk: tuple[str, ...] = ()


def ours(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of `yousaid serve` without a ceiling on sending."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/ours.db",
        "TELEGRAM_PER_SECOND": "0",
        "TELEGRAM_CHAT_SECONDS": "0",
        "PORT": "8397",
        "AREA": "tameside",
        **settings,
    }


def contestants(folder: Path) -> list[Contestant]:
    rivals = HERE / "rivals"
    return [
        Contestant(
            "ours",
            "YouSaid, real flows, SQLite, synchronous=FULL",
            (sys.executable, "-m", "bot", "serve"),
            ours(folder),
            ("--walk", str(WALK)),
        ),
        Contestant(
            "echo",
            "python-telegram-bot, nothing kept",
            (sys.executable, str(rivals / "ptb_echo.py")),
            {},
            ("--unmodified-edits-pass",),
        ),
        Contestant(
            "durable",
            "python-telegram-bot, SQLAlchemy async, a commit a message, SQLite",
            (sys.executable, str(rivals / "ptb_durable.py")),
            {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/durable.db"},
        ),
    ]


def measure(one: Contestant, disk: Disk, people: int, latency_ms: int, seconds: float) -> Figures:
    """Raises `DidNotRun`."""
    command = [
        *(sys.executable, "-m", "tests.standin.load", "--people", str(people), "--seconds", str(seconds)),
        *("--latency-ms", str(latency_ms), "--warm-up", "2", *one.walk, "--", *one.command),
    ]
    fsync_ms, before = disk.fsync_ms(), disk.fsyncs()
    environment = {
        **os.environ,
        **one.environment,
        **{f"BOT_{name}": value for name, value in disk.environment.items()},
    }
    printed = _until_it_ends(command, environment, seconds + PATIENCE_SECONDS)
    report: Figures = json.loads(printed[printed.index("{") :])
    after = disk.fsyncs()
    report["fsync_ms"] = fsync_ms
    # Over the whole run, with its start; each answered message counts, also those before the measuring began.
    whole = report["whole_run_messages"]
    report["fsyncs_per_1000"] = (
        round((after - before) * 1000 / whole, 1) if after is not None and before is not None and whole else None
    )
    return {"program": one.name, "people": people, "latency_ms": latency_ms, **report}


def _until_it_ends(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> str:
    """What it printed. Raises `DidNotRun`; then nothing of it runs any more, nor of what it has started."""
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            printed, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise DidNotRun(f"not done after {seconds:.0f} s, cut off") from None
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise DidNotRun(said[-1000:].strip() or f"ended with {process.returncode}")
    return printed


def run(
    disk: Disk, *, only: Sequence[str], people: Iterable[int], latencies: Iterable[int], seconds: float, runs: int
) -> list[Figures]:
    """Prints each row as it is measured. In turn, so that what disturbs one disturbs all; medians of `runs`."""
    print("| program | people | ms to Telegram | messages/s | p50 ms | p99 ms | lost | ms of processor | fsyncs/1000 |")
    print("|---|---|---|---|---|---|---|---|---|")
    found = []
    for latency in latencies:
        for many in people:
            each: dict[str, list[Figures]] = {}
            for _run in range(runs):
                for one in contestants(disk.folder):
                    if one.name in only:
                        disk.clear()
                        try:
                            each.setdefault(one.name, []).append(measure(one, disk, many, latency, seconds))
                        except DidNotRun as why:
                            print(f"| {one.name} | {many} | {latency} | did not run |\n{why}", flush=True)
            for name, figures in each.items():
                if not figures:
                    continue
                middle = median(figures)
                found.append(middle)
                print(
                    f"| {name} | {many} | {latency} | {middle['per_second']} | {middle['p50_ms']} | {middle['p99_ms']} "
                    f"| {middle['lost']} | {middle['processor_ms']} | {middle['fsyncs_per_1000']} |",
                    flush=True,
                )
                if middle["lost_at"]:
                    print(f"  lost: {middle['lost_at']}")
    return found


def median(figures: Sequence[Figures]) -> Figures:
    """Of each figure the median; of those that were lost all."""
    middle = dict(figures[0])
    for name in MEDIANS:
        known = [one[name] for one in figures if one[name] is not None]
        middle[name] = round(statistics.median(known), 2) if known else None
    middle["lost"] = sum(one["lost"] for one in figures)
    middle["lost_at"] = next((one["lost_at"] for one in figures if one["lost_at"]), "")
    middle["each_per_second"] = [one["per_second"] for one in figures]
    return middle


def print_ratios(found: Sequence[Figures]) -> None:
    by = {(one["program"], one["people"], one["latency_ms"]): one for one in found}
    print("\n| people | ms to Telegram | ours : echo | ours : durable | p99 ours : echo | ours : ours on loopback |")
    print("|---|---|---|---|---|---|")
    for (program, people, latency), mine in by.items():
        if program != "ours":
            continue
        echo, durable = by.get(("echo", people, latency)), by.get(("durable", people, latency))
        here = by.get(("ours", people, 0))
        cells = [
            ratio(mine, echo, "per_second"),
            ratio(mine, durable, "per_second"),
            ratio(mine, echo, "p99_ms"),
            ratio(mine, here if latency else None, "per_second"),
        ]
        print(f"| {people} | {latency} | {' | '.join(cells)} |")


def ratio(one: Figures, other: Figures | None, name: str) -> str:
    return f"{one[name] / other[name]:.2f}" if other and other[name] else "–"


def draw(found: Sequence[Figures], file: Path) -> bool:
    """False where there is nothing to draw with."""
    try:
        import matplotlib

        matplotlib.use("svg")
        from matplotlib import pyplot
    except ImportError:
        return False
    settings = sorted({(one["latency_ms"], one["people"]) for one in found})
    programs = list(dict.fromkeys(one["program"] for one in found))
    rates = {(one["program"], one["latency_ms"], one["people"]): one["per_second"] for one in found}
    figure, axes = pyplot.subplots(figsize=(9, 4))
    for place, program in enumerate(programs):
        heights = [rates.get((program, *setting), 0) for setting in settings]
        axes.bar([number + place * 0.27 for number in range(len(settings))], heights, 0.25, label=program)
    axes.set_xticks(
        [number + 0.27 for number in range(len(settings))],
        [f"{people} people\n{ms} ms away" for ms, people in settings],
    )
    axes.set_ylabel("messages a second")
    axes.legend()
    figure.tight_layout()
    figure.savefig(file)
    return True
