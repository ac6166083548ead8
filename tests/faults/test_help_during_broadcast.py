"""A publication goes out to thousands, Telegram answers 429 now and then: help and alerts go before it.

How long they took is printed, not judged (`make faults`: 5,000 people); that the publication was still going on when
each of them arrived is.
"""

from __future__ import annotations

import time
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
from tests.standin import BotApi, Kind
from tests.telegram.serving import Serving

NEWS = "The new timetable is out."
DANGER = "my stepdad hits me"
STAFF = 7


@dataclass
class Waits:
    """Seconds from the words to the answer."""

    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        found = sorted(self.seconds)
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
    many, ask = trials.many(300, 5_000), trials.many(12, 200)
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
    helped, alerted, left = Waits(), Waits(), []
    with Serving(api, engine, partnership):
        until(lambda: still_to_go(engine) < many, "the publication to begin")
        # Telegram refuses so many calls for a second, whoever they are for: help itself as well.
        api.faults._chance.seed(trials.seed)
        api.fault(Kind.REFUSE, "sendMessage", times=None, probability=refused, code=429, retry_after=1)
        for number, person in enumerate(people):
            danger = number % 4 == 3
            before = duty.chat.arrived
            began = time.monotonic()
            person.says(DANGER if danger else "help")
            until(lambda person=person: any("999" in one for one in person.chat.texts), "help")  # type: ignore[misc]
            helped.seconds.append(time.monotonic() - began)
            if danger:
                until(lambda before=before: duty.chat.arrived > before, "the alert")  # type: ignore[misc]
                alerted.seconds.append(time.monotonic() - began)
            left.append(still_to_go(engine))
        api.faults.clear()
        print(
            f"\n{refused:.0%} refused, {many} people written to, {left[0]} to {left[-1]} of them still to come meanwhile"
        )
        print(f"help: {helped}\nalert to staff: {alerted}")
    assert min(left) > 0, "the publication was over too soon to tell"
    assert len(alerted.seconds) == ask // 4
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
