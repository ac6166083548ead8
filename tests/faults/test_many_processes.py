"""Three processes that serve and three that work share one PostgreSQL; one after the other is killed while people talk
and a publication goes out. The stand-in for the Bot API judges: nothing lost, nobody twice, the ceiling kept."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from bot.shift import on_shift
from models.database import open_database, reading
from models.outgoing import Class, Outgoing, State
from models.received import Received
from tests.faults.balancer import Balancer
from tests.faults.conftest import Trials
from tests.faults.program import Program, free_port, until
from tests.faults.test_kill import TEXT, copies, deliveries, families, gone_out, verdict
from tests.faults.test_kill_in_talk import everything_queued, keep_talking
from tests.postgresql import Databases
from tests.standin import BotApi
from tests.standin.load import Plan, drive
from tests.standin.world import BOT_ID

PER_SECOND = 60
# From the moment that everything runs until the next is killed.
SHORTEST, LONGEST = 0.5, 4.0
# So many people, who read for so many seconds before they go on.
MANY, READ_SECONDS = 1000, 40


@pytest.fixture
def database_url(postgresql: Databases) -> Iterator[str]:
    with postgresql.empty() as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def test_any_of_them_may_be_killed(
    tmp_path: Path, api: BotApi, trials: Trials, database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slice is two kills while thirty talk; in full it is a minute of kills while a thousand do."""
    kills, readers, chance = trials.many(2, 1000), trials.many(80, 1000), random.Random(trials.seed)
    over = threading.Event()
    talk = partial(talk_for_a_minute, api) if trials.long else partial(keep_talking, api, over)
    queued = everything_queued(api, monkeypatch)
    front = free_port()
    settings = {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": f"http://127.0.0.1:{front}",
        "TELEGRAM_PER_SECOND": str(PER_SECOND),
        "SWEEP_SECONDS": "1",
    }
    serving = [Program(tmp_path, api, "serve", **settings) for _one in range(3)]
    working = [Program(tmp_path, api, "worker", **settings) for _one in range(3)]
    api.pace.overall = PER_SECOND
    with ExitStack() as stack:
        for one in (*serving, *working):
            stack.enter_context(one)
        stack.enter_context(Balancer(front, [one.port for one in serving]))
        until(lambda: api.world.updates.webhook_active, "somebody to be on shift")
        crowd = families(serving[0], api, readers)
        (tmp_path / "text").write_text(TEXT)
        serving[0].run("publish", "--text-file", str(tmp_path / "text"), "--to", "everyone", "--at",
                       "2026-01-01T09:00", "--yes", "--json")  # fmt: skip
        talkers = threading.Thread(target=talk)
        talkers.start()
        killed = Counter[str]()
        try:
            while killed.total() < kills and talkers.is_alive():
                over.wait(chance.uniform(SHORTEST, LONGEST))
                one = chance.choice([*serving, *working])
                killed[one.runs] += 1
                one.kill()
                one.start()
        finally:
            over.set()
            talkers.join()
        until(lambda: api.all_heard, "every message to be confirmed", 120)
        until(lambda: gone_out(serving[0], crowd), "the publication to have gone out", 180)
        until(lambda: unsettled(engine) == 0, "everything to be settled", 180)
        newcomer = api.person(9_000, "Kim")
        newcomer.says("/start")
        newcomer.hears(timeout=60)
        until(lambda: unsettled(engine) == 0, "the newcomer's answer to be written down", 60)
        with reading(engine) as session:
            kept = set(session.scalars(select(Received.id)))
            failed = session.scalars(select(Received.id).where(Received.error.is_not(None))).all()
            replies = set(session.scalars(select(Outgoing.state).where(Outgoing.kind == Class.REPLY).distinct()))
    missing = [number for number in queued if f"telegram:{BOT_ID}:{number}" not in kept]
    states, got = deliveries(serving[0], crowd), copies(api, crowd)
    found = verdict(serving[0], api, crowd)
    tried = f"{killed['serve']} serve and {killed['worker']} worker killed, {trials.many(30, MANY)} people talk, "
    tried += f"{len(queued)} messages, {readers} readers"
    trials.tell("three serve, three work", f"{tried}, {api.pace.refusals} of {api.pace.passed} refused",
                **{**found, "lost": found["lost"] + len(missing) + len(failed)})  # fmt: skip
    assert missing == []
    assert failed == []
    assert replies <= {State.SENT}
    assert max(copies(api, list(api.world.chats))) <= 1
    assert got[0] <= states[State.UNKNOWN]
    assert states[State.SENT] + states[State.UNKNOWN] == readers


def talk_for_a_minute(api: BotApi) -> None:
    drive(api, Plan(people=MANY, seconds=60, warm_up=0, patience=60, settle=READ_SECONDS))


def test_one_at_a_time_is_on_shift_and_another_takes_over(
    tmp_path: Path, api: BotApi, database_url: str, engine: Engine
) -> None:
    settings = {"DATABASE_URL": database_url, "SWEEP_SECONDS": "1"}
    with Program(tmp_path, api, "serve", **settings) as serving, Program(tmp_path, api, "worker", **settings):
        until(lambda: held(engine), "somebody to be on shift")
        sam = api.person(1, "Sam")
        sam.says("/start")
        sam.hears()
        assert serving.end() == 0
        until(lambda: held(engine), "the other to be on shift")
        # There is no webhook here: whoever is on shift asks Telegram for messages, too.
        sam.says("english")
        sam.hears(timeout=60)


def held(engine: Engine) -> bool:
    with reading(engine) as session:
        return on_shift(session)


def unsettled(engine: Engine) -> int:
    with reading(engine) as session:
        waiting = Outgoing.state.in_((State.WAITING, State.SENDING))
        return session.scalar(select(func.count()).where(waiting).select_from(Outgoing)) or 0


def test_a_worker_says_that_it_needs_postgresql(tmp_path: Path, api: BotApi) -> None:
    assert "PostgreSQL" in Program(tmp_path, api).refused("worker")


def test_a_second_release_of_the_queue_finds_its_tables_made(engine: Engine) -> None:
    from bot.crew import SCHEMA, make_queue

    make_queue(engine)
    make_queue(engine)
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname = :name"), {"name": SCHEMA}) == 1
