"""What is stored must cost a message nothing: its processor time with a million feedbacks beside an empty database. And
memory at rest, empty and full; and how long after its start the first reply is there."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, insert, text

from models.database import now, open_database, writing
from models.feedback import Feedback, Status, Visibility
from models.person import Kind
from tests.bench.sending import families, resident_mb
from tests.bench.speed import PROJECT, contestants, measure, ours
from tests.bench.still import Disk
from tests.standin import BotApi

STRANGERS_FROM = 100_000_000
REST_SECONDS = 10.0
DIFFERENT = 20_000
TOPICS = ("school", "transport", "health", "ehcp", "breaks")


def fill(url: str, people: int, feedbacks: int) -> None:
    """So many people, and what they said: some thousands as the program writes them, and those over and over."""
    families(url, range(STRANGERS_FROM, STRANGERS_FROM + people))
    engine = open_database(url)
    chance, moment = random.Random(1), now()
    rows = [
        {
            "ref": f"X{number:07d}",
            "person_id": chance.randint(1, people),
            "topic": chance.choice(TOPICS),
            "text": "The taxi was late again, and nobody told us.",
            "feeling": 2,
            "said_by": Kind.PARENT,
            "visibility": Visibility.PARTNERSHIP,
            "language": "en",
            "status": Status.HEARD,
            "received": (said := moment - timedelta(days=chance.randint(1, 700))),
            "answer_by": (said + timedelta(days=28)).date(),
            "answered": said + timedelta(days=20),
        }
        for number in range(1, min(DIFFERENT, feedbacks) + 1)
    ]
    if rows:
        with writing(engine) as session:
            session.execute(insert(Feedback), rows)
        _repeat(engine, people, feedbacks)
    engine.dispose()


def _repeat(engine: Engine, people: int, feedbacks: int) -> None:
    """Each time from somebody else, until there are so many."""
    own = {
        "id": "id + :times",
        "ref": "printf('X%07d', id + :times)",
        "person_id": f"abs(random()) % {people} + 1",
    }
    names = Feedback.__table__.columns.keys()
    again = text(
        f"INSERT INTO feedback ({', '.join(names)}) SELECT {', '.join(own.get(name, name) for name in names)} "
        "FROM feedback WHERE id <= :fewest AND id + :times <= :most"
    )
    with writing(engine) as session:
        for times in range(DIFFERENT, feedbacks, DIFFERENT):
            session.execute(again, {"times": times, "fewest": DIFFERENT, "most": feedbacks})


def flatness(disk: Disk, *, people: int, feedbacks: int, seconds: float, runs: int) -> dict[str, Any]:
    """Processor time a message, empty and full in turn; the least of `runs`, since others only ever add to it."""
    [us] = [one for one in contestants(disk.folder) if one.name == "ours"]
    empty, full = [], []
    kept = disk.folder / "filled"
    disk.clear()
    fill(us.environment["DATABASE_URL"], people, feedbacks)
    (disk.folder / "ours.db").rename(kept)
    for _run in range(runs):
        disk.clear()
        empty.append(measure(us, disk, 50, 0, seconds)["processor_ms"])
        disk.clear()
        shutil.copyfile(kept, disk.folder / "ours.db")
        full.append(measure(us, disk, 50, 0, seconds)["processor_ms"])
    kept.unlink()
    return {
        "people": people,
        "feedbacks": feedbacks,
        "empty_ms": min(empty),
        "full_ms": min(full),
        "ratio": round(min(full) / min(empty), 3),
    }


def at_rest(disk: Disk, *, people: int, feedbacks: int) -> dict[str, Any]:
    """Resident memory of `yousaid serve` ten seconds after its start with nobody talking, and the first reply."""
    disk.clear()
    environment = ours(disk.folder, PORT="8398", PYTHONDONTWRITEBYTECODE="")  # compiled once, as where it is installed
    # As on any day but that of an upgrade: the tables are there.
    subprocess.run([sys.executable, "-m", "bot", "migrate"], cwd=PROJECT, env={**os.environ, **environment}, check=True)
    if people:
        fill(environment["DATABASE_URL"], people, feedbacks)
    with BotApi(keep=20) as api:
        environment |= {"TELEGRAM_TOKEN": api.token, "TELEGRAM_API_URL": api.url}
        sam = api.person(STRANGERS_FROM - 1, "Sam")
        sam.starts()
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=PROJECT,
            env={**os.environ, **environment, **disk.environment},
            stdout=subprocess.DEVNULL,
        )
        try:
            sam.hears(timeout=60)
            first = time.monotonic() - began
            time.sleep(REST_SECONDS)
            return {"people": people, "rest_mb": round(resident_mb(process.pid), 1), "first_reply_s": round(first, 2)}
        finally:
            process.terminate()
            process.wait(30)
