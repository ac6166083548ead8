"""PostgreSQL goes away in the middle of turns and of a publication, or does a COMMIT and is not heard saying so.

The program lives on. The stand-in for the Bot API judges: every message is acted on once and answered, nobody gets the
publication twice, and whoever may not have got it is on the list.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, func, select

from models.database import open_database, reading
from models.feedback import Feedback
from models.outgoing import Class, Outgoing, State
from models.received import Received
from tests.faults.conftest import Trials
from tests.faults.own_postgresql import Cable, Server, own_server
from tests.faults.program import Program, until
from tests.faults.test_kill import TEXT, copies, deliveries, families, verdict
from tests.faults.test_kill_in_talk import PEOPLE, everything_queued, keep_talking
from tests.standin import BotApi
from tests.standin.world import BOT_ID

PER_SECOND = "30"
SAID = (
    "/start", "english", "parent", "yes", "the taxi was late again today", "transport", "bad", "only staff", "send it"
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # Not below pytest's folder: root keeps that to itself, and PostgreSQL runs as somebody else.
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="yousaid-own-") as folder:
        Path(folder).chmod(0o755)
        with own_server(Path(folder) / "server") as server:
            yield server


@pytest.fixture
def url(server: Server) -> Iterator[URL]:
    with server.databases.empty() as url:
        yield url


@pytest.fixture
def engine(url: URL) -> Iterator[Engine]:
    engine = open_database(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


@dataclass
class Judged:
    queued: int
    missing: list[int]
    failed: int
    replies: set[State]
    states: Counter[State]
    got: Counter[int]
    most: int
    publication: dict[str, int]

    def tell(self, trials: Trials, fault: str, tried: str) -> None:
        lost = {**self.publication, "lost": self.publication["lost"] + len(self.missing) + self.failed}
        trials.tell(fault, f"{tried}, {self.queued} messages, {sum(self.got.values())} readers", **lost)

    def is_in_order(self) -> None:
        assert self.missing == []
        assert self.failed == 0
        assert self.replies <= {State.SENT}
        assert self.most <= 1, "twice"
        assert self.got[0] <= self.states[State.UNKNOWN], "lost and not on the list"
        assert set(self.states) <= {State.SENT, State.UNKNOWN}


def while_people_talk(
    api: BotApi,
    program: Program,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    readers: int,
    harm: Callable[[], None],
) -> Judged:
    """Thirty people talk and a publication goes out, while `harm` is done; then all comes to rest and is counted."""
    queued = everything_queued(api, monkeypatch)
    crowd = families(program, api, readers)
    (program.log.parent / "text").write_text(TEXT)
    over = threading.Event()
    talkers = threading.Thread(target=keep_talking, args=(api, over))
    talkers.start()
    try:
        until(lambda: len(queued) > 2 * PEOPLE, "people to be in the middle of a conversation")
        program.run("publish", "--text-file", str(program.log.parent / "text"), "--to", "everyone", "--at",
                    "2026-01-01T09:00", "--yes", "--json")  # fmt: skip
        until(lambda: any(TEXT in words for one in crowd for words in api.chat(one).texts), "the first to get it")
        harm()
    finally:
        over.set()
        talkers.join()
    until(lambda: api.all_heard, "every message to be confirmed", 120)
    until(lambda: unsettled(engine) == 0, "everything to be settled", 180)
    newcomer = api.person(9_000, "Kim")
    newcomer.says("/start")
    newcomer.hears(timeout=60)
    until(lambda: unsettled(engine) == 0, "everything to be settled", 60)
    with reading(engine) as session:
        kept = set(session.scalars(select(Received.id)))
        failed = session.scalar(select(func.count()).where(Received.error.is_not(None))) or 0
        replies = set(session.scalars(select(Outgoing.state).where(Outgoing.kind == Class.REPLY).distinct()))
    return Judged(
        len(queued),
        [number for number in queued if f"telegram:{BOT_ID}:{number}" not in kept],
        failed,
        replies,
        deliveries(program, crowd),
        copies(api, crowd),
        max(copies(api, list(api.world.chats))),
        verdict(program, api, crowd),
    )


def unsettled(engine: Engine) -> int:
    with reading(engine) as session:
        waiting = Outgoing.state.in_((State.WAITING, State.SENDING))
        return session.scalar(select(func.count()).where(waiting).select_from(Outgoing)) or 0


def test_it_is_restarted_in_mid_turn_and_in_mid_publication(
    tmp_path: Path,
    api: BotApi,
    trials: Trials,
    server: Server,
    url: URL,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times, readers, chance = trials.many(2, 20), trials.many(30, 1500), random.Random(trials.seed)

    def harm() -> None:
        pause = threading.Event()
        for number in range(times):
            pause.wait(chance.uniform(0.3, 2.0))
            server.restart("immediate" if number % 2 == 0 else "fast")

    address = url.render_as_string(hide_password=False)
    with Program(tmp_path, api, TELEGRAM_PER_SECOND=PER_SECOND, DATABASE_URL=address) as program:
        judged = while_people_talk(api, program, engine, monkeypatch, readers, harm)
    judged.tell(trials, "PostgreSQL restarted", f"{times} restarts")
    judged.is_in_order()


def test_a_commit_is_done_and_nobody_hears_of_it(
    tmp_path: Path, api: BotApi, trials: Trials, url: URL, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, readers, chance = trials.many(3, 100), trials.many(20, 1000), random.Random(trials.seed)
    with Cable(str(url.query["host"])) as cable:

        def harm() -> None:
            pause = threading.Event()
            for number in range(1, times + 1):
                pause.wait(chance.uniform(0.05, 0.5))
                cable.arm()
                until(lambda number=number: cable.cuts == number, "the next cut")  # type: ignore[misc]
                if trials.time_is_up:
                    break

        with through(cable, url, tmp_path, api) as program:
            judged = while_people_talk(api, program, engine, monkeypatch, readers, harm)
    judged.tell(trials, "COMMIT done and not heard of", f"{cable.cuts} cuts")
    judged.is_in_order()


def test_each_message_of_a_conversation_is_committed_unheard_and_acted_on_once(
    tmp_path: Path, api: BotApi, trials: Trials, url: URL, engine: Engine
) -> None:
    sam = api.person(1, "Sam")
    with Cable(str(url.query["host"])) as cable, through(cable, url, tmp_path, api):
        for words in SAID:
            cable.arm()
            sam.says(words)
            sam.hears(timeout=60)
        cuts = cable.cuts
        until(lambda: api.all_heard, "everything to be confirmed")
    with reading(engine) as session:
        assert session.scalars(select(Feedback.text)).all() == ["the taxi was late again today"]
        assert session.scalar(select(func.count()).where(Received.error.is_not(None))) == 0
    trials.tell("COMMIT of a message not heard of", f"{cuts} cuts, {len(SAID)} messages", lost=0)
    assert cuts >= len(SAID) - 1


def through(cable: Cable, url: URL, folder: Path, api: BotApi) -> Program:
    cut = url.set(host="127.0.0.1", port=cable.port, query={})
    program = Program(
        folder, api, TELEGRAM_PER_SECOND=PER_SECOND, DATABASE_URL=cut.render_as_string(hide_password=False)
    )
    program.database_url = url.render_as_string(hide_password=False)  # who judges has a line of their own
    return program
