"""Killed at every commit in turn, of a publication and of a conversation: nothing lost, nobody twice, all unknown listed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.database import open_database, reading
from models.feedback import Feedback
from models.outgoing import State
from models.received import Received
from tests.faults.conftest import Trials
from tests.faults.killed_at import Doomed, strace
from tests.faults.program import until
from tests.faults.test_kill import TEXT, deliveries, families, gone_out, verdict
from tests.standin import BotApi

PER_SECOND = "400"


@pytest.fixture(autouse=True)
def there_is_strace() -> None:
    try:
        strace()
    except LookupError as nothing_there:
        pytest.skip(str(nothing_there))


def live_and_die(program: Doomed, over: Callable[[], bool], lives: range, most: int, trials: Trials) -> None:
    """Each life ends at another of its first commits, until it is over or it has died so often."""
    for life in range(most):
        if over() or trials.time_is_up:
            return
        program.start_until(lives[life % len(lives)])
        began = time.monotonic()
        while not program.dead and not over() and time.monotonic() - began < 30:
            time.sleep(0.02)
        program.bury()


def test_a_publication_killed_at_its_commits(tmp_path: Path, api: BotApi, trials: Trials) -> None:
    readers, deaths = trials.many(60, 2000), trials.many(2, 10_000)
    program = Doomed(tmp_path, api, TELEGRAM_PER_SECOND=PER_SECOND)
    with program:
        crowd = families(program, api, readers)
        program.kill()
        (tmp_path / "text").write_text(TEXT)
        program.run("publish", "--text-file", str(tmp_path / "text"), "--to", "everyone", "--at", "2026-01-01T09:00",
                    "--yes", "--json")  # fmt: skip

        over = partial(gone_out, program, crowd)
        live_and_die(program, over, range(2, 40, 3), deaths, trials)
        program.start()
        until(over, "everything to be settled", 180)
        newcomer = api.person(9_000, "Kim")
        newcomer.says("/start")
        newcomer.hears(timeout=30)
    states = deliveries(program)
    got = Counter(sum(TEXT in words for words in api.chat(one).texts) for one in crowd)
    found = verdict(program, api, crowd)
    trials.tell("killed at a commit of a publication", f"{program.deaths} deaths, {readers} readers", **found)
    assert found["lost"] == found["twice"] == 0
    assert found["unknown"] == found["listed"]
    assert program.deaths > 0
    assert max(got) <= 1
    assert got[0] <= states[State.UNKNOWN]
    assert states[State.SENT] + states[State.UNKNOWN] == readers


SAID = (
    "/start", "english", "parent", "yes", "the taxi was late again today", "transport", "bad", "only staff", "send it"
)  # fmt: skip


def test_a_conversation_killed_at_its_commits(tmp_path: Path, api: BotApi, trials: Trials) -> None:
    """Everything they say while it dies again and again is acted on once: they end with one feedback, their own."""
    people = [api.person(number, "Sam") for number in range(1, trials.many(3, 20) + 1)]
    places = range(1, len(SAID) + 1)
    deadly = set(places) if trials.long else set(random.Random(trials.seed).sample(places, 1))
    program = Doomed(tmp_path, api, TELEGRAM_PER_SECOND="0")
    with program:
        for place, words in enumerate(SAID, 1):
            if place in deadly:
                program.kill()
            for person in people:
                person.says(words)
            everything = partial(heard, program, place * len(people))
            if place in deadly:
                live_and_die(program, everything, range(2, 8), trials.many(1, 12), trials)
                program.start()
            until(everything, "what they said to be heard", 60)
        until(lambda: api.all_heard, "everything to be confirmed", 60)
        for person in people:
            person.says("/start")
            person.hears(timeout=30)
    engine = open_database(program.database_url)
    with reading(engine) as session:
        failed = session.scalars(select(Received.id).where(Received.error.is_not(None))).all()
        told = session.scalars(select(Feedback.text)).all()
    engine.dispose()
    trials.tell("killed at a commit of a conversation", f"{program.deaths} deaths, {len(SAID) * len(people)} messages",
                lost=len(people) - len(told) + len(failed))  # fmt: skip
    assert program.deaths > 0
    assert failed == []
    assert list(told) == ["the taxi was late again today"] * len(people)


def heard(program: Doomed, count: int) -> bool:
    engine = open_database(program.database_url)
    try:
        with reading(engine) as session:
            return (session.scalar(select(func.count()).select_from(Received)) or 0) >= count
    finally:
        engine.dispose()
