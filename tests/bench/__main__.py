"""Messages a second, how long people wait, and memory at rest: ours beside the rivals, in one run.

    python -m tests.bench [--seconds 8] [--people 1 50 500] [--latency-ms 0 30] [--only ours echo durable]

Every program talks to the same stand-in for the Bot API over loopback, with the same people. Figures from different
days cannot be compared, only the ratios of one run; the disk's fsync is measured beside them, since it decides the
durable ones.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
OUT = PROJECT / "out"


@dataclass(frozen=True)
class Contestant:
    name: str
    what: str
    command: tuple[str, ...]
    environment: dict[str, str]
    # How the load walks through its conversation.
    walk: tuple[str, ...] = ()


def contestants(folder: Path) -> list[Contestant]:
    rivals = HERE / "rivals"
    return [
        Contestant(
            "ours",
            "YouSaid, real flows, SQLite, synchronous=FULL",
            (sys.executable, "-m", "bot", "serve"),
            {
                "DATABASE_URL": f"sqlite:///{folder}/ours.db",
                "TELEGRAM_PER_SECOND": "0",
                "PORT": "8397",
                "AREA": "tameside",
            },
            ("--steps", "12"),
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


def measure(one: Contestant, people: int, latency_ms: int, seconds: float) -> dict[str, Any]:
    command = [
        *(sys.executable, "-m", "tests.standin.load", "--people", str(people), "--seconds", str(seconds)),
        *("--latency-ms", str(latency_ms), *one.walk, "--", *one.command),
    ]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env={**os.environ, **one.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 120,
    )
    if done.returncode:
        raise SystemExit(f"{one.name} did not run:\n{done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return report


def fsync_ms(folder: Path, times: int = 50) -> float:
    """The median of a small write made durable on the disk that the databases are on."""
    took = []
    with (folder / "fsync").open("wb") as file:
        for _time in range(times):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[times // 2]


def at_rest_mb(folder: Path) -> float:
    """Resident memory of `yousaid serve`, ten seconds after its start, with nobody talking to it."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/rest.db", "PORT": "8398", "TELEGRAM_TOKEN": ""}
    process = subprocess.Popen([sys.executable, "-m", "bot", "serve"], cwd=PROJECT, env=environment)
    try:
        time.sleep(10)
        status = Path(f"/proc/{process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    finally:
        process.terminate()
        process.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--people", type=int, nargs="+", default=[1, 50, 500])
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 30])
    parser.add_argument("--only", nargs="+", default=["ours", "echo", "durable"])
    wanted = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    results = []
    print("| program | people | ms to Telegram | messages/s | p50 ms | p99 ms | lost | fsync ms |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=OUT) as name:
        folder = Path(name)
        for latency in wanted.latency_ms:
            for people in wanted.people:
                for one in contestants(folder):
                    if one.name not in wanted.only:
                        continue
                    for stale in folder.glob("*.db*"):
                        stale.unlink()
                    sync = fsync_ms(folder)
                    got = measure(one, people, latency, wanted.seconds)
                    results.append({"program": one.name, "latency_ms": latency, "fsync_ms": sync, **got})
                    print(
                        f"| {one.name} | {people} | {latency} | {got['per_second']} | {got['p50_ms']} | {got['p99_ms']} "
                        f"| {got['lost']} | {sync:.2f} |",
                        flush=True,
                    )
        if "ours" in wanted.only:
            print(f"\nours at rest: {at_rest_mb(folder):.0f} MB")
    (OUT / "bench.json").write_text(json.dumps(results, indent=1))
    _print_ratios(results)
    _draw(results)


def _print_ratios(results: list[dict[str, Any]]) -> None:
    print("\n| people | ms to Telegram | ours : echo | ours : durable |\n|---|---|---|---|")
    for ours in (one for one in results if one["program"] == "ours"):
        same = {
            one["program"]: one["per_second"]
            for one in results
            if (one["people"], one["latency_ms"]) == (ours["people"], ours["latency_ms"])
        }
        ratios = [
            f"{ours['per_second'] / same[rival]:.2f}" if same.get(rival) else "–" for rival in ("echo", "durable")
        ]
        print(f"| {ours['people']} | {ours['latency_ms']} | {' | '.join(ratios)} |")


def _draw(results: list[dict[str, Any]]) -> None:
    try:
        import matplotlib

        matplotlib.use("svg")
        from matplotlib import pyplot
    except ImportError:
        return
    settings = sorted({(one["latency_ms"], one["people"]) for one in results})
    programs = sorted({one["program"] for one in results})
    figure, axes = pyplot.subplots(figsize=(9, 4))
    for place, program in enumerate(programs):
        rates = [
            next(
                (
                    one["per_second"]
                    for one in results
                    if (one["program"], one["latency_ms"], one["people"]) == (program, *setting)
                ),
                0,
            )
            for setting in settings
        ]
        axes.bar([number + place * 0.27 for number in range(len(settings))], rates, 0.25, label=program)
    axes.set_xticks(
        [number + 0.27 for number in range(len(settings))],
        [f"{people} people\n{ms} ms away" for ms, people in settings],
    )
    axes.set_ylabel("messages a second")
    axes.legend()
    figure.tight_layout()
    figure.savefig(OUT / "bench.svg")
    print(f"\ndrawn: {OUT / 'bench.svg'}")


if __name__ == "__main__":
    main()
