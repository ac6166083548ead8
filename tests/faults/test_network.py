"""Telegram is slow, cuts off, refuses and falls silent, at random: what became of each message is what we say of it.

The stand-in is the judge. A message that is `sent` arrived once, one that is `not sent` never did, and one of which
nobody knows is on the list; nobody gets a publication twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from models.database import reading, writing
from models.message import Message
from models.outgoing import Class, Outgoing, State, send
from models.partnership import Partnership
from models.person import Address, meet
from tests.faults.conftest import Trials
from tests.faults.program import until
from tests.standin import BotApi, Kind
from tests.telegram.serving import Serving

NEWS = "The new timetable is out."
READ_SECONDS = 0.4

# What may happen to a call, how likely, and with what. Together a call goes wrong twice in five times.
WEATHER: list[tuple[Kind, float, dict[str, float | int]]] = [
    (Kind.DELAY_BEFORE, 0.05, {"seconds": 0.1}),
    (Kind.DELAY_AFTER, 0.05, {"seconds": 0.1}),
    (Kind.DELAY_AFTER, 0.02, {"seconds": READ_SECONDS * 2}),
    (Kind.DROP_BEFORE, 0.03, {}),
    (Kind.DROP_AFTER, 0.03, {}),
    (Kind.REFUSE, 0.06, {"code": 429, "retry_after": 1}),
    (Kind.REFUSE, 0.02, {"code": 500}),
    (Kind.REFUSE, 0.02, {"code": 502}),
    (Kind.REFUSE_AFTER, 0.02, {"code": 500}),
    (Kind.REFUSE_AFTER, 0.02, {"code": 504}),
    (Kind.REFUSE, 0.02, {"code": 403}),
    (Kind.REFUSE, 0.02, {"code": 400}),
    (Kind.CUT, 0.03, {}),
    (Kind.SILENCE, 0.02, {}),
    (Kind.SILENCE_AFTER, 0.02, {}),
]


def bad_weather(api: BotApi, seed: int, *methods: str, without: tuple[int, ...] = ()) -> None:
    api.faults._chance.seed(seed)
    for method in methods:
        for kind, probability, how in WEATHER:
            if how.get("code") not in without:
                api.fault(kind, method, times=None, probability=probability, **how)  # type: ignore[arg-type]


def left_to_send(engine: Engine) -> int:
    with reading(engine) as session:
        unsettled = Outgoing.state.in_((State.WAITING, State.SENDING)) & Address.blocked_at.is_(None)
        query = select(func.count(Outgoing.id)).join(Address, Address.id == Outgoing.address_id).where(unsettled)
        return session.scalar(query) or 0


@dataclass
class Judged:
    """What we say of each message beside what the stand-in saw arrive."""

    said: Counter[State]
    arrived: Counter[tuple[State, int]]


def judge(api: BotApi, engine: Engine) -> Judged:
    said, arrived = Counter[State](), Counter[tuple[State, int]]()
    with reading(engine) as session:
        rows = session.execute(select(Outgoing, Address).join(Address, Address.id == Outgoing.address_id))
        for row, address in rows:
            said[row.state] += 1
            arrived[row.state, api.chat(int(address.key)).texts.count(row.message.text)] += 1
    return Judged(said, arrived)


def test_a_publication_through_bad_weather_is_told_as_it_was(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    people = trials.many(120, 3_000)
    crowd = api.crowd(people)
    with writing(engine) as session:
        for one in crowd:
            send(session, meet(session, "telegram", str(one.id)), Message(NEWS), Class.BROADCAST, about="broadcast:1")
    bad_weather(api, trials.seed, "sendMessage")
    with Serving(api, engine, tameside, read_seconds=READ_SECONDS, per_second=0):
        until(lambda: left_to_send(engine) == 0, "everything to be settled", 240)
    judged = judge(api, engine)
    print(f"said: {dict(judged.said)}; arrived: {dict(judged.arrived)}")
    unknown, twice = judged.said[State.UNKNOWN], sum(count for (_, times), count in judged.arrived.items() if times > 1)
    calls = sum(fault.struck for fault in api.faults)
    trials.tell("a publication through bad weather", f"{people} readers, {calls} calls struck", twice=twice,
                lost=judged.arrived[State.SENT, 0], unknown=unknown)  # fmt: skip
    # Whoever shut us out meanwhile is left alone: what waits for them is given up by the clock's next sweep.
    assert sum(judged.said.values()) == people
    assert {pair for pair in judged.arrived if pair[1] > 1} == set()
    assert judged.arrived[State.SENT, 0] == 0
    assert judged.arrived[State.NOT_SENT, 1] == judged.arrived[State.WAITING, 1] == 0
    assert judged.arrived[State.UNKNOWN, 0] > 0
    assert judged.arrived[State.UNKNOWN, 1] > 0
    # No message is of unknown fate without a reason: as many as there were calls that nobody answered.
    unanswerable = {Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.CUT, Kind.SILENCE, Kind.SILENCE_AFTER, Kind.REFUSE_AFTER}
    struck = sum(
        fault.struck
        for fault in api.faults
        if fault.kind in unanswerable or fault.code in (500, 502) or fault.seconds > READ_SECONDS
        if not (fault.kind in (Kind.DELAY_BEFORE, Kind.DELAY_AFTER) and fault.seconds < READ_SECONDS)
        if not (fault.kind is Kind.REFUSE and fault.code in (429, 403, 400))
    )
    # (On a busy machine an answer now and then comes too late by itself.)
    assert struck <= judged.said[State.UNKNOWN] <= struck + people // 30


def test_conversations_through_bad_weather_are_answered_every_one(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    people = [api.person(number, "Sam") for number in range(1, trials.many(4, 40) + 1)]
    with Serving(api, engine, tameside, read_seconds=READ_SECONDS, per_second=0) as serving:
        until(lambda: api.listened_to, "listening")
        # A reply that is refused for good (400) or by somebody who shut us out (403) does not come again.
        methods = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "getUpdates")
        bad_weather(api, trials.seed, *methods, without=(403, 400))
        for words, reply in (("/start", ""), ("/menu", ""), ("/who speech therapy", ""), ("/help", "999")):
            for person in people:
                person.says(words)
            for person in people:
                person.hears(reply, timeout=90)
        api.faults.clear()
        until(lambda: api.all_heard and left_to_send(engine) == 0, "the last replies", 120)
        assert serving.hearing._failures == {}
    with reading(engine) as session:
        rows = session.execute(select(Outgoing, Address).join(Address, Address.id == Outgoing.address_id)).all()
    # Each of them is on that person's phone, under the number that we know it by.
    missing = [row.id for row, where in rows if int(row.channel_ref or 0) not in api.chat(int(where.key)).sent]
    attempts = sum(row.attempts for row, _address in rows)
    trials.tell("conversations through bad weather", f"{len(people)} people, {len(rows)} replies, {attempts} attempts",
                lost=len(missing))  # fmt: skip
    assert {row.state for row, _address in rows} == {State.SENT}
    assert missing == []


def test_telegram_refuses_everybody_for_a_while_and_nothing_is_sent_twice(
    api: BotApi, engine: Engine, tameside: Partnership
) -> None:
    [sam] = api.crowd(1, first_id=7)
    with writing(engine) as session:
        address = meet(session, "telegram", "7")
        for number in range(5):
            send(session, address, Message(f"{NEWS} {number}"), Class.BROADCAST, about="broadcast:1")
    down = api.fault(Kind.REFUSE, "sendMessage", times=None, code=429, retry_after=1)
    with Serving(api, engine, tameside) as serving:
        until(lambda: down.struck >= 2, "two refusals")
        api.faults.clear()
        until(lambda: left_to_send(engine) == 0, "the rest")
        assert serving.post.stopped == set()
    assert sorted(sam.chat.texts) == [f"{NEWS} {number}" for number in range(5)]
