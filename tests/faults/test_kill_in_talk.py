"""kill -9 at random moments while thirty people talk and a publication goes out: every message is acted on."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.outgoing import State
from tests.faults.conftest import Trials
from tests.faults.program import Program, until
from tests.faults.test_kill import TEXT, copies, deliveries, families, gone_out, verdict
from tests.standin import BotApi
from tests.standin.load import Plan, drive
from tests.standin.world import BOT_ID

PEOPLE = 30
# From the moment it answers until it is killed again: in the middle of everything.
SHORTEST, LONGEST = 0.2, 2.5


def test_killed_at_random_moments_no_message_is_lost(
    tmp_path: Path, api: BotApi, trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    kills, readers, chance = trials.many(2, 60), trials.many(80, 150), random.Random(trials.seed)
    queued = everything_queued(api, monkeypatch)
    program = Program(tmp_path, api, TELEGRAM_PER_SECOND="60")
    with program:
        crowd = families(program, api, readers)
        (tmp_path / "text").write_text(TEXT)
        program.run("publish", "--text-file", str(tmp_path / "text"), "--to", "everyone", "--at", "2026-01-01T09:00",
                    "--yes", "--json")  # fmt: skip
        over = threading.Event()
        talkers = threading.Thread(target=keep_talking, args=(api, over))
        talkers.start()
        try:
            killed = 0
            while killed < kills and not trials.time_is_up:
                over.wait(chance.uniform(SHORTEST, LONGEST))
                program.kill()
                program.start()
                killed += 1
        finally:
            over.set()
            talkers.join()
        until(lambda: api.all_heard, "every message to be confirmed", 120)
        until(lambda: gone_out(program, crowd), "the publication to have gone out", 180)
        until(lambda: unsettled(program) == 0, "everything to be settled", 120)
        newcomer = api.person(9_000, "Kim")
        newcomer.says("/start")
        newcomer.hears(timeout=30)
        until(lambda: unsettled(program) == 0, "the newcomer's answer to be written down", 60)
    kept = {row for (row,) in rows(program, "SELECT id FROM received")}
    missing = [number for number in queued if f"telegram:{BOT_ID}:{number}" not in kept]
    failed = rows(program, "SELECT id, error FROM received WHERE error IS NOT NULL")
    states, got = deliveries(program, crowd), copies(api, crowd)
    found = verdict(program, api, crowd)
    trials.tell("killed while people talk", f"{killed} kills, {len(queued)} messages, {readers} readers",
                **{**found, "lost": found["lost"] + len(missing) + len(failed)})  # fmt: skip
    assert missing == []
    assert failed == []
    assert {state for (state,) in rows(program, "SELECT DISTINCT state FROM outgoing WHERE kind = 'REPLY'")} <= {"SENT"}
    assert max(copies(api, list(api.world.chats))) <= 1
    assert got[0] <= states[State.UNKNOWN]
    assert states[State.SENT] + states[State.UNKNOWN] == readers


def keep_talking(api: BotApi, over: threading.Event) -> None:
    while not over.is_set():
        drive(api, Plan(people=PEOPLE, seconds=2, warm_up=0, patience=4))


def everything_queued(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of all updates that people cause from now on."""
    updates, queued = api.world.updates, list[int]()
    push = updates.push

    def remembered(kind: str, content: Any, chat_id: int) -> Any:
        update = push(kind, content, chat_id)
        if update is not None:
            queued.append(update["update_id"])
        return update

    monkeypatch.setattr(updates, "push", remembered)
    return queued


def rows(program: Program, query: str) -> list[Any]:
    with closing(sqlite3.connect(program.file)) as look:
        return look.execute(query).fetchall()


def unsettled(program: Program) -> int:
    return int(rows(program, "SELECT count(*) FROM outgoing WHERE lower(state) IN ('waiting', 'sending')")[0][0])
