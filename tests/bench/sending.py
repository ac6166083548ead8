"""A broadcast to many under a strict ceiling, and what people in conversation feel of it meanwhile (DESIGN 5).

The stand-in refuses whatever is one too many in any second. The real ceiling takes its time: 10,000 people at 30 a
second are five and a half minutes. `--recipients` and `--per-second` make it quicker, for a look.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.migrations import migrate
from bot.partnership import open_partnership
from bot.publishing import hand_in_text
from models.consent import version
from models.database import now, open_database, writing
from models.person import Address, Kind, Person
from tests.bench.speed import PROJECT, ours
from tests.bench.still import Disk
from tests.standin import BotApi
from tests.standin.load import Plan, Report, drive, processor_seconds

TEXT = "Cuppa and a Chat goes on in the next school year, with some evenings."
GENTLE = Path(__file__).with_name("walks") / "looking.txt"
# People who read before they tap.
READ_SECONDS = 2.5
IDLE_SECONDS = 60.0


def families(url: str, keys: Sequence[int]) -> None:
    """So many people who have agreed, on Telegram."""
    engine = open_database(url)
    migrate(engine)
    agreed = version(open_partnership("tameside", "").area)
    with writing(engine) as session:
        for start in range(0, len(keys), 5000):
            some = keys[start : start + 5000]
            ids = session.scalars(
                insert(Person).returning(Person.id, sort_by_parameter_order=True),
                [{"kind": Kind.PARENT, "language": "en", "agreed_to": agreed, "agreed_at": now()} for _person in some],
            ).all()
            session.execute(
                insert(Address),
                [
                    {"channel": "telegram", "key": str(key), "person_id": person, "last_heard": now()}
                    for person, key in zip(ids, some, strict=True)
                ],
            )
    engine.dispose()


def broadcast(disk: Disk, *, recipients: int, per_second: int, latency_ms: int, talkers: int) -> dict[str, Any]:
    """One to so many, while some talk. Raises SystemExit when it did not get through in three times its time."""
    disk.clear()
    environment = ours(disk.folder, TELEGRAM_PER_SECOND=str(per_second), TELEGRAM_CHAT_SECONDS="1", SWEEP_SECONDS="0.5")
    families(environment["DATABASE_URL"], range(1, recipients + 1))
    with BotApi(latency=latency_ms / 1000, keep=500) as api:
        api.crowd(recipients)
        api.police(per_second, 1)
        environment |= {"TELEGRAM_TOKEN": api.token, "TELEGRAM_API_URL": api.url}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=PROJECT,
            env={**os.environ, **environment, **disk.environment},
            stdout=subprocess.DEVNULL,
        )
        try:
            return _watched(api, process.pid, environment["DATABASE_URL"], recipients, per_second, talkers)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _watched(api: BotApi, process: int, url: str, recipients: int, per_second: int, talkers: int) -> dict[str, Any]:
    def talk(seconds: float, *, known: bool) -> Report:
        plan = Plan(
            people=talkers,
            seconds=seconds,
            warm_up=16,
            settle=READ_SECONDS,
            walk=str(GENTLE),
            patience=60,
            known=known,
        )
        return drive(api, plan)

    idle = talk(IDLE_SECONDS, known=False)
    rest = most = resident_mb(process)
    expected = recipients / per_second
    hand_in(url)
    during: list[Report] = []
    talker = threading.Thread(target=lambda: during.append(talk(max(expected - 20, 5), known=True)), daemon=True)
    began, worked, passed = time.monotonic(), processor_seconds(process), api.pace.passed
    talker.start()
    came: dict[int, float] = {}
    while len(came) < recipients:
        if time.monotonic() - began > expected * 3 + 60:
            raise SystemExit(f"only {len(came)} of {recipients} got it; {api.pace.refusals} refusals")
        time.sleep(0.1)
        most = max(most, resident_mb(process))
        for call in api.calls:
            if call.method == "sendMessage" and call.code == 200 and call.chat_id and call.chat_id <= recipients:
                if not came:
                    passed = api.pace.passed
                came.setdefault(call.chat_id, call.at)
    worked, passed = processor_seconds(process) - worked, api.pace.passed - passed
    talker.join()
    took = max(came.values()) - min(came.values())
    return {
        "recipients": recipients,
        "per_second": round((recipients - 1) / took, 2),
        "share_of_ceiling": round((recipients - 1) / took / per_second, 4),
        # With the replies to those who talked meanwhile.
        "share_with_replies": round(passed / took / per_second, 4),
        "refusals": api.pace.refusals,
        "twice": sum(len(api.chat(chat).messages) > 1 for chat in came),
        "more_mb": round(most - rest, 1),
        "talkers": talkers,
        "idle_p95_ms": idle.p95_ms,
        "during_p95_ms": during[0].p95_ms,
        "p95_ratio": round(during[0].p95_ms / idle.p95_ms, 2) if idle.p95_ms else None,
        "replies": [idle.messages, during[0].messages],
        "lost": idle.lost + during[0].lost,
        "processor_ms": round(worked * 1000 / recipients, 2),
    }


def hand_in(url: str) -> int:
    engine = open_database(url)
    try:
        return hand_in_text(engine, open_partnership("tameside", "").area, TEXT, "everyone", datetime.now(UTC))
    finally:
        engine.dispose()


def resident_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
