"""A publication goes out to thousands, Telegram answers 429 now and then: help and alerts go before it.

People ask at times of their own, whether or not the last one has been answered: a wait that grows is seen. How long
they took is printed, not judged (`make faults`: 5,000 people); that the publication was still going on when each of
them arrived is. One message a second in each chat, as Telegram wants it.
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
import time_machine
from sqlalchemy import Engine, func, select

from models.database import reading, writing
from models.duty import Order, add_turn
from models.message import Message
from models.outgoing import FIRST_LANE, Class, Outgoing, State, due, send
from models.partnership import Partnership
from models.person import meet
from models.role import Role, RoleName
from tests.company import EVERY_DAY, TEAM, with_a_team
from tests.faults.conftest import Trials
from tests.faults.program import until
from tests.standin import BotApi, Kind, Shown
from tests.telegram.serving import Serving

NEWS = "The new timetable is out."
DANGER = "my stepdad hits me"
STAFF = 7


@dataclass
class Arrivals:
    """When each message reached a phone, by the stand-in's own clock."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    of: dict[int, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))

    def __call__(self, chat: int, shown: Shown) -> None:
        with self.changed:
            self.of[chat].append((time.monotonic(), shown.text))

    def first(self, chat: int, words: str) -> float | None:
        with self.changed:
            return next((at for at, text in self.of[chat] if words in text), None)

    def alerts(self) -> dict[int, float]:
        """When the phone on duty showed each alert first, by the alert's number."""
        found: dict[int, float] = {}
        with self.changed:
            for at, text in self.of[STAFF]:
                for code in re.findall(r"code is A(\d+)", text):
                    found.setdefault(int(code), at)
        return found


def said_of(seconds: list[float]) -> str:
    found = sorted(seconds)
    p50, p99 = found[len(found) // 2], found[min(len(found) - 1, int(len(found) * 0.99))]
    return f"n {len(found)}, median {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, most {found[-1] * 1000:.0f} ms"


def still_to_go(engine: Engine) -> int:
    with reading(engine) as session:
        waiting = Outgoing.kind == Class.BROADCAST, Outgoing.state == State.WAITING
        return session.scalar(select(func.count(Outgoing.id)).where(*waiting)) or 0


@pytest.mark.parametrize("refused", [0.0, 0.05])
def test_help_and_alerts_go_before_a_publication(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials, refused: float
) -> None:
    partnership = with_a_team(tameside)
    many, ask = trials.many(300, 5_000), trials.many(8, 200)
    pause = 0.4 if trials.long else 0.1
    crowd = api.crowd(many, first_id=10_000)
    [duty] = api.crowd(1, first_id=STAFF)
    with writing(engine) as session:
        staff = meet(session, "telegram", str(STAFF)).person
        session.add(Role(person=staff, name=RoleName.SAFEGUARDING, organisation="council"))
        session.flush()
        rota = {"team": TEAM, "order": Order.FIRST, "days": EVERY_DAY, "starts": "00:00", "ends": "00:00"}
        add_turn(session, partnership.area, staff, staff, **rota)  # type: ignore[arg-type]
        for one in crowd:
            send(session, meet(session, "telegram", str(one.id)), Message(NEWS), Class.BROADCAST, about="broadcast:1")
    people = [api.person(number, "Sam") for number in range(100, 100 + ask)]
    api.world.arrived = arrivals = Arrivals()
    asked: list[float] = []
    left: list[int] = []
    dangers = [number for number in range(ask) if number % 4 == 3]
    with Serving(api, engine, partnership) as serving:
        serving.post.paces["telegram"].chat_seconds = 1.0
        until(lambda: still_to_go(engine) < many, "the publication to begin")
        for person, words in zip(api.crowd(2, first_id=50), ("help", "my taxi was late"), strict=True):
            person.says(words)  # what a program reads in once is not what is measured
            until(lambda person=person: bool(arrivals.of[person.id]), "an answer")  # type: ignore[misc]
        # Telegram refuses so many calls for a second, whoever they are for: help itself as well.
        api.faults._chance.seed(trials.seed)
        api.fault(Kind.REFUSE, "sendMessage", times=None, probability=refused, code=429, retry_after=1)
        began = time.monotonic()
        for number, person in enumerate(people):
            time.sleep(max(began + number * pause - time.monotonic(), 0))
            asked.append(time.monotonic())
            person.says(DANGER if number in dangers else "help")
        until(lambda: all(arrivals.first(person.id, "999") for person in people), "help for everybody")
        until(lambda: len(arrivals.alerts()) == len(dangers), "every alert")
        left.append(still_to_go(engine))
        api.faults.clear()
    helped = [(arrivals.first(person.id, "999") or 0) - at for person, at in zip(people, asked, strict=True)]
    told = [at for _code, at in sorted(arrivals.alerts().items())]
    alerted = [at - asked[number] for number, at in zip(dangers, told, strict=True)]
    tried = f"{many} readers, {left[0]} still to come at the end; help: {said_of(helped)}; alert: {said_of(alerted)}"
    trials.tell(f"help during a publication, {refused:.0%} refused", tried, lost=0)
    assert left[0] > 0, "the publication was over too soon to tell"
    assert all("risk" in text for text in duty.chat.texts)


def test_an_alert_is_the_first_thing_that_the_post_takes(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller
) -> None:
    with writing(engine) as session:
        for number in range(50):
            where = meet(session, "telegram", str(number + 1))
            for kind in (Class.BROADCAST, Class.REMINDER, Class.RECEIPT, Class.REPLY):
                send(session, where, Message("words"), kind)
        clock.shift(1)
        send(session, meet(session, "telegram", "1"), Message("look"), Class.ALERT)
        session.flush()
        first, *rest = due(session, ["telegram"], 200, kinds=FIRST_LANE)
        assert first.kind is Class.ALERT
        assert {row.kind for row in rest} == {Class.REPLY, Class.RECEIPT}
