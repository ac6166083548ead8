"""Telegram's numbers of updates may begin anew, lower, and may be given a second time; what was confirmed may come again.

An update is known by its number and by what it is: the same one is acted on once, however often it comes; another one
with a number that was there before is another one.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from models.database import reading
from models.outgoing import Class, Outgoing, State
from models.partnership import Partnership
from models.received import Received
from tests.faults.conftest import Trials
from tests.faults.program import until
from tests.faults.test_network import left_to_send
from tests.standin import BotApi
from tests.telegram.serving import Serving

pytestmark = pytest.mark.both_databases
ROUNDS, MESSAGES = 2, 40


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("numbers", ["lower", "the same again"])
def test_numbers_begin_anew_while_old_updates_come_again(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials, numbers: str, webhook: bool
) -> None:
    """Each round the numbers fall; old updates of this round and of earlier ones are handed over between the new."""
    chance = random.Random(trials.seed)
    people, said = [api.person(number) for number in range(1, 8)], []
    with Serving(api, engine, tameside, webhook=webhook, per_second=0):
        until(lambda: api.listened_to, "listening")
        for round_ in range(ROUNDS):
            if round_:
                api.jump_update_ids(100_000_001 if numbers == "the same again" else 100_000_001 - round_ * 1000)
            for _message in range(MESSAGES):
                update = chance.choice(people).says("/menu")
                assert update is not None
                said.append(update)
                if chance.random() < 0.3:
                    api.redeliver(chance.choice(said))
        until(lambda: api.all_heard and left_to_send(engine) == 0, "everything", 120)
        for update in said:
            api.redeliver(update)
        people[0].says("/help")
        people[0].hears("999", timeout=60)
        until(lambda: api.all_heard and left_to_send(engine) == 0, "everything once more", 120)
    with reading(engine) as session:
        kept = session.scalars(select(Received)).all()
        answers = Counter(session.scalars(select(Outgoing.state).where(Outgoing.kind == Class.REPLY)))
    assert len(kept) == ROUNDS * MESSAGES + 1
    assert [one.error for one in kept if one.error] == []
    assert set(answers) == {State.SENT}


def test_what_comes_again_before_its_time_confirms_nothing_that_is_yet_to_come(
    api: BotApi, engine: Engine, tameside: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait than are handed over at once, and the last of them comes before the first, with every answer: the highest
    number of that batch would confirm those between, which nobody has seen."""
    sam = api.person(7)
    said = [sam.says("/menu") for _message in range(30)]
    updates, last = api.world.updates, said[-1]
    assert last is not None
    take = updates.take

    def with_the_last(_limit: int) -> list[Any]:
        found = take(1)
        return [last, *found] if found else found

    monkeypatch.setattr(updates, "take", with_the_last)
    with Serving(api, engine, tameside, per_second=0):
        until(lambda: api.all_heard, "everything", 120)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Received)) == len(said)
