"""What Telegram may say, or not say: it does not know us, it answers nonsense, it is down for ten minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, func, select

from bot.channels.outcome import NotSent
from models.database import reading, writing
from models.message import Message
from models.outgoing import Class, Outgoing, State, send
from models.partnership import Partnership
from models.person import meet
from models.received import Received
from tests.faults.program import until
from tests.faults.test_network import left_to_send
from tests.standin import BotApi, Kind
from tests.telegram.serving import Serving
from tests.test_post import Slate, deliver, rows, write

pytestmark = pytest.mark.both_databases
NEWS = "The new timetable is out."


@pytest.mark.parametrize("code", [401, 404])
def test_a_token_that_is_not_known_any_more_stops_everything_and_loses_nothing(
    api: BotApi, engine: Engine, tameside: Partnership, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    crowd = api.crowd(20)
    with writing(engine) as session:
        for one in crowd:
            send(session, meet(session, "telegram", str(one.id)), Message(NEWS), Class.BROADCAST, about="broadcast:1")
    refused = api.fault(Kind.REFUSE, "sendMessage", times=None, code=code)
    with Serving(api, engine, tameside) as serving:
        until(lambda: serving.post.stopped == {"telegram"}, "it to stop")
    tried = refused.struck
    assert tried <= 20
    assert "channel refuses us" in capsys.readouterr().out
    with reading(engine) as session:
        assert set(session.scalars(select(Outgoing.state))) == {State.WAITING}
    api.faults.clear()
    with writing(engine) as session:
        for row in session.scalars(select(Outgoing)):
            row.due = row.made  # a minute later
    with Serving(api, engine, tameside):
        until(lambda: left_to_send(engine) == 0, "everything to be sent after a new start")
    assert [one.chat.texts for one in crowd] == [[NEWS]] * 20


def test_telegram_is_down_for_ten_minutes(engine: Engine, clock: time_machine.Traveller) -> None:
    """Nothing left this machine, so nothing is unknown: all of it comes once, late, each person's in their order."""
    for number in range(3):
        write(engine, *((str(who), f"{number}", kind) for who in range(5) for kind in (Class.REPLY, Class.BROADCAST)))
    down = Slate()
    for _half_minute in range(20):
        down.outcomes = [NotSent("connect")] * 100
        deliver(engine, down)
        clock.shift(timedelta(seconds=30))
    assert {row.state for row in rows(engine)} == {State.WAITING}
    assert max(row.attempts for row in rows(engine)) <= 10, "who is down is not hammered"
    up = Slate()
    clock.shift(timedelta(minutes=5))
    deliver(engine, up)
    for who in range(5):
        assert sorted(text for key, text in up.got if key == str(who)) == ["0", "0", "1", "1", "2", "2"]
    assert {row.state for row in rows(engine)} == {State.SENT}


def test_two_hundred_messages_of_one_person_at_once_with_ids_that_go_down(
    api: BotApi, engine: Engine, tameside: Partnership
) -> None:
    sam, kim = api.person(7), api.person(8)
    with Serving(api, engine, tameside, per_second=0):
        until(lambda: api.listened_to, "listening")
        for number in range(200):
            if number == 100:
                until(lambda: api.all_heard, "the first half", 60)
                api.jump_update_ids(1000)
            sam.says("/menu")
        kim.says("/help")
        kim.hears("999", timeout=60)
        until(lambda: api.all_heard and left_to_send(engine) == 0, "everything", 120)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Received)) == 201
        assert set(session.scalars(select(Outgoing.state))) == {State.SENT}
        assert session.scalar(select(func.count()).where(Received.error.is_not(None))) == 0
        refs = [
            int(ref)
            for ref in session.scalars(
                select(Outgoing.channel_ref)
                .where(Outgoing.address_id == 1, Outgoing.replaces.is_(None))
                .order_by(Outgoing.id)
            )
            if ref
        ]
    assert refs == sorted(refs), "in the order in which they were said"
