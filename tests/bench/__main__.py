"""Everything that is promised about speed, measured: ours beside the rivals, in one run.

    python -m tests.bench [--parts speed stored rest sending] [--runs 3] [--seconds 8]
                          [--people 1 50 500] [--latency-ms 0 30] [--only ours echo durable]
                          [--fsync-ms 5 | --on-disk] [--recipients 10000] [--per-second 30] [--talkers 0 5]

Every program talks to the same stand-in for the Bot API over loopback, with the same number of people. Figures from
different days cannot be compared, only the ratios of one run. With `--runs 3`, medians of three, the programs in turn.
The whole takes about an hour: the broadcasts alone, at 30 a second to 10,000, four times five and a half minutes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from tests.bench import sending, speed, stored
from tests.bench.still import USUAL_MS, disk

OUT = speed.PROJECT / "out"
PARTS = ("speed", "rest", "stored", "sending")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--people", type=int, nargs="+", default=[1, 50, 500])
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 30])
    parser.add_argument("--only", nargs="+", default=["ours", "echo", "durable"])
    parser.add_argument("--fsync-ms", type=float, default=USUAL_MS, help="how long an fsync is held")
    parser.add_argument("--on-disk", action="store_true", help="databases on the disk; its fsync is measured")
    parser.add_argument("--stored-people", type=int, default=100_000)
    parser.add_argument("--stored-feedbacks", type=int, default=1_000_000)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--per-second", type=int, default=30)
    parser.add_argument("--talkers", type=int, nargs="+", default=[0, 5])
    return parser.parse_args()


def main() -> None:
    wanted = options()
    OUT.mkdir(exist_ok=True)
    found: dict[str, Any] = {}
    with disk(OUT, wanted.fsync_ms, on_disk=wanted.on_disk) as place:
        held = f"held at {place.ms:g} ms, in memory" if place.still else f"on the disk, {place.fsync_ms():.2f} ms now"
        print(f"fsync: {held}")
        if "speed" in wanted.parts:
            found["speed"] = _speed(wanted, place)
        if "rest" in wanted.parts:
            found["rest"] = [
                _say("at rest", stored.at_rest(place, people=people, feedbacks=0))
                for people in (0, wanted.stored_people)
            ]
        if "stored" in wanted.parts:
            people, feedbacks = wanted.stored_people, wanted.stored_feedbacks
            found["stored"] = _say(
                "stored",
                stored.flatness(place, people=people, feedbacks=feedbacks, seconds=wanted.seconds, runs=wanted.runs),
            )
        if "sending" in wanted.parts:
            found["sending"] = [
                _say(
                    f"broadcast, {latency} ms away",
                    sending.broadcast(
                        place,
                        recipients=wanted.recipients,
                        per_second=wanted.per_second,
                        latency_ms=latency,
                        talkers=talkers,
                    ),
                )
                for latency in wanted.latency_ms
                for talkers in wanted.talkers
            ]
    (OUT / "bench.json").write_text(json.dumps(found, indent=1))
    print(f"\nkept: {OUT / 'bench.json'}")


def _speed(wanted: argparse.Namespace, place: Any) -> list[speed.Figures]:
    ceiling = subprocess.run(
        [sys.executable, "-m", "tests.standin.ceiling"], cwd=speed.PROJECT, capture_output=True, text=True, check=True
    )
    print(f"the stand-in's own ceiling: {' '.join(ceiling.stdout.split())}\n", flush=True)
    found = speed.run(
        place,
        only=wanted.only,
        people=wanted.people,
        latencies=wanted.latency_ms,
        seconds=wanted.seconds,
        runs=wanted.runs,
    )
    speed.print_ratios(found)
    if speed.draw(found, OUT / "bench.svg"):
        print(f"\ndrawn: {OUT / 'bench.svg'}")
    return found


def _say(what: str, figures: dict[str, Any]) -> dict[str, Any]:
    print(f"{what}: " + ", ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
    return figures


if __name__ == "__main__":
    main()
