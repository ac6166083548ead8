"""How much one and three processes carry on one PostgreSQL: messages a second, and processor time a message.

    python -m tests.bench.processes [--people 50] [--seconds 8] [--serve 1 3]

Webhooks through a balancer, real flows, no ceiling on sending. The machine is shared with the stand-in, the people, the
balancer and PostgreSQL itself; so what counts for a calculation is the processor time a message, of our
processes and of PostgreSQL, read from /proc.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from tests.faults.balancer import Balancer
from tests.faults.program import Program, free_port, until
from tests.postgresql import databases
from tests.standin import BotApi
from tests.standin.load import Plan, drive

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pids: list[int], *, children: bool = False) -> float:
    """In user and kernel; with `children`, also that of those which have ended."""
    total = 0
    for pid in pids:
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += sum(map(int, after_name[11 : 15 if children else 13]))
    return total / TICKS


def of_postgresql(engine: Engine) -> float:
    """What this server has used so far. There may be others on the machine."""
    with engine.connect() as connection:
        folder = Path(str(connection.scalar(text("SHOW data_directory"))))
    postmaster = int((folder / "postmaster.pid").read_text().split()[0])
    backends = [int(pid) for pid in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]
    return processor_seconds([postmaster], children=True) + processor_seconds(backends)


def measure(processes: int, people: int, seconds: float) -> str:
    with (
        ExitStack() as stack,
        tempfile.TemporaryDirectory() as folder,
        BotApi(keep=20) as api,
        databases(f"bench{os.getpid()}") as made,
        made.empty() as url,
    ):
        front = free_port()
        settings = {
            "DATABASE_URL": url.render_as_string(hide_password=False),
            "PUBLIC_URL": f"http://127.0.0.1:{front}",
            "TELEGRAM_PER_SECOND": "0",
        }
        serving = [Program(Path(folder), api, "serve", **settings) for _one in range(processes)]
        for one in serving:
            one.measured = True
            stack.enter_context(one)
        stack.enter_context(Balancer(front, [one.port for one in serving]))
        until(lambda: api.world.updates.webhook_active, "somebody to be on shift")
        ours = [one.process.pid for one in serving if one.process is not None]
        engine = create_engine(url)
        before, before_pg = processor_seconds(ours), of_postgresql(engine)
        report = drive(api, Plan(people=people, seconds=seconds, warm_up=0, steps=12))
        spent, spent_pg = processor_seconds(ours) - before, of_postgresql(engine) - before_pg
        engine.dispose()
        count = max(report.messages, 1)
        return (
            f"| {processes} | {people} | {report.per_second} | {report.p50_ms:.0f} / {report.p99_ms:.0f} | {report.lost} | "
            f"{1000 * spent / count:.2f} | {1000 * spent_pg / count:.2f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="One and several processes on one PostgreSQL.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--serve", type=int, nargs="+", default=[1, 3])
    given = parser.parse_args()
    print(
        "| serve | people | messages/s | p50 / p99 ms | unanswered | ms processor a message | of it PostgreSQL beside |"
    )
    print("|---|---|---|---|---|---|---|")
    for processes in given.serve:
        print(measure(processes, given.people, given.seconds), flush=True)


if __name__ == "__main__":
    main()
