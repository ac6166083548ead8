"""What answers is not Telegram, or it answers nonsense, or it takes its time: nothing that it says is taken for more than it is.

The stand-in is the judge. It gives each answer before the call took effect and after it: we cannot tell which.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.channels.telegram.request import LONGEST_PAUSE_SECONDS
from models.database import now, reading, writing
from models.message import Message
from models.outgoing import Class, Outgoing, State, send
from models.partnership import Partnership
from models.person import Address, meet
from models.received import Received
from tests.faults.conftest import Trials
from tests.faults.hostile import plainly
from tests.faults.program import until
from tests.faults.test_network import judge, left_to_send
from tests.standin import BotApi, Kind
from tests.telegram.serving import Serving

NEWS = "The new timetable is out."
PAGE = b"<html><body>It works!</body></html>"
DEEP = b"[" * 100_000

# With 200: nobody knows whether the call took effect.
NONSENSE = [
    b"", b" ", b"{", b'{"ok":tru', PAGE, b"null", b"true", b"42", b'"ok"', b"[]", b"{}", b"\xff\xfe\x00", b"\x00" * 64,
    DEEP, b'{"ok":true}', b'{"ok":false}', b'{"ok":"yes"}', b'{"ok":true,"result":null}', b'{"ok":true,"result":true}',
    b'{"ok":true,"result":[]}', b'{"ok":true,"result":{}}', b'{"ok":true,"result":NaN}', b'{"ok":true,"result":' + b"9" * 9000 + b"}",
    b'{"ok":true,"result":{"message_id":null}}', b'{"ok":true,"result":{"message_id":true}}',
    b'{"ok":true,"result":{"message_id":"x"}}', b'{"ok":true,"result":{"message_id":[1]}}',
    b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}',
]  # fmt: skip

# From whoever stands before Telegram: the call never got there.
NOT_TELEGRAMS = [
    (code, body)
    for code in (400, 401, 403, 404, 407, 418, 451)
    for body in (b"", PAGE, b"{}", b'{"message":"Forbidden"}', b"[]", b"{", b'{"error":{"code":403}}', DEEP)
]

PAUSES = ["1e308", "1e999", "-5", "0", "NaN", "null", '"soon"', "[]", "{}", "true", "9" * 400, "0.001", "31536000"]


def news_for(engine: Engine, api: BotApi, people: int, kind: Class = Class.BROADCAST) -> None:
    with writing(engine) as session:
        for one in api.crowd(people):
            send(session, meet(session, "telegram", str(one.id)), Message(NEWS), kind, about="broadcast:1")


@pytest.mark.parametrize("kind", [Kind.NONSENSE, Kind.NONSENSE_AFTER])
def test_nonsense_for_an_answer_means_that_nobody_knows(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials, kind: Kind
) -> None:
    each = trials.many(1, 20)
    news_for(engine, api, len(NONSENSE) * each)
    for number in range(len(NONSENSE) * each):
        api.fault(kind, "sendMessage", number + 1, code=200, body=NONSENSE[number % len(NONSENSE)])
    with Serving(api, engine, tameside, per_second=0):
        until(lambda: left_to_send(engine) == 0, "everything to be settled", 60)
    judged = judge(api, engine)
    arrived = int(kind.handles)
    trials.tell(f"nonsense for an answer ({kind})", f"{len(NONSENSE) * each} messages, {len(NONSENSE)} kinds",
                twice=sum(many for (_state, times), many in judged.arrived.items() if times > 1),
                lost=judged.arrived[State.SENT, 0], unknown=judged.said[State.UNKNOWN])  # fmt: skip
    assert judged.arrived == Counter({(State.UNKNOWN, arrived): len(NONSENSE) * each})


def test_what_a_proxy_says_is_not_taken_for_telegrams_word_and_everything_comes_later(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    news_for(engine, api, len(NOT_TELEGRAMS))
    for number, (code, body) in enumerate(NOT_TELEGRAMS, 1):
        api.fault(Kind.NONSENSE, "sendMessage", number, code=code, body=body)
    with Serving(api, engine, tameside, per_second=0) as serving:
        until(lambda: left_to_send(engine) == 0, "everything to be sent", 60)
        assert serving.post.stopped == set(), "only Telegram may say that it does not know our token"
    judged = judge(api, engine)
    trials.tell(
        "a proxy's answers", f"{len(NOT_TELEGRAMS)} messages", lost=len(NOT_TELEGRAMS) - judged.said[State.SENT]
    )
    assert judged.arrived == Counter({(State.SENT, 1): len(NOT_TELEGRAMS)})
    with reading(engine) as session:
        assert session.scalars(select(Address.key).where(Address.blocked_at.is_not(None))).all() == []


def test_a_pause_that_is_no_pause_holds_up_one_chat_and_no_longer_than_a_day(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    news_for(engine, api, len(PAUSES), Class.RECEIPT)  # a publication would wait until all may be written to again
    for number, pause in enumerate(PAUSES, 1):
        body = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":%s}}'
        api.fault(Kind.NONSENSE, "sendMessage", number, code=429, body=body % pause.encode())
    with Serving(api, engine, tameside):
        sam = api.person(900)
        sam.says("/help")
        sam.hears("999", timeout=30)
        until(lambda: all(one.struck for one in api.faults), "each to be tried")
        until(lambda: State.SENDING not in states(engine), "each to be settled")
    with reading(engine) as session:
        dues = list(session.scalars(select(Outgoing.due).where(Outgoing.state == State.WAITING)))
    trials.tell("a 429 with a senseless pause", f"{len(PAUSES)} messages", lost=0)
    assert set(states(engine)) <= {State.WAITING, State.SENT}
    assert all(due <= now() + timedelta(seconds=LONGEST_PAUSE_SECONDS) for due in dues)


def states(engine: Engine) -> Counter[State]:
    with reading(engine) as session:
        return Counter(session.scalars(select(Outgoing.state)))


NO_UPDATES: list[Any] = [
    None, 1, "x", [], {}, {"update_id": None}, {"update_id": "5"}, {"update_id": True}, {"update_id": 1.5},
    {"update_id": [1], "message": {}}, {"message": {"text": "menu"}}, {"update_id": -10, "message": None},
    {"poll": {}}, {"update_id": 2**70, "message": []}, {"update_id": 4, "callback_query": []},
]  # fmt: skip


def test_updates_that_are_none_hold_up_nobody(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    """One by one, and all together around one that is."""
    sam, [kim] = api.person(7), api.crowd(1, first_id=8)
    with Serving(api, engine, tameside, per_second=0):
        for number, nothing in enumerate(NO_UPDATES):
            batch = [nothing, plainly(8, 100 + number, "/help")]
            struck = api.fault(Kind.NONSENSE, "getUpdates", code=200, body=as_answer(batch))
            sam.says("/help")  # wakes who listens
            until(lambda struck=struck: struck.struck == 1, "it to be asked for")  # type: ignore[misc]
            sam.hears("999", timeout=30)
        api.fault(Kind.NONSENSE, "getUpdates", code=200, body=as_answer([*NO_UPDATES, plainly(8, 200, "/help")]))
        sam.says("/help")
        sam.hears("999", timeout=30)
        until(lambda: api.all_heard and left_to_send(engine) == 0, "the last replies", 60)
    with reading(engine) as session:
        kept = set(session.scalars(select(Received.id)))
    theirs = [*(100 + number for number in range(len(NO_UPDATES))), 200]
    missing = [number for number in theirs if not any(one.endswith(f":{number}") for one in kept)]
    trials.tell("updates that are none", f"{len(NO_UPDATES)} kinds", lost=len(missing))
    assert missing == []
    assert sum("999" in text for text in kim.chat.texts) == len(theirs)


def as_answer(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def test_nonsense_when_we_listen_is_asked_again(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    bodies = [*NONSENSE, as_answer({"update_id": 1}), as_answer("x"), as_answer(7)][:: trials.many(5, 1)]
    sam = api.person(7)
    with Serving(api, engine, tameside, per_second=0):
        for body in bodies:
            nonsense = api.fault(Kind.NONSENSE, "getUpdates", code=200, body=body)
            sam.says("/help")
            sam.hears("999", timeout=30)
            until(lambda: api.all_heard, "it to be confirmed")
            assert nonsense.struck == 1
    trials.tell("nonsense when we listen", f"{len(bodies)} answers", lost=0)


def test_an_answer_that_comes_byte_by_byte_counts_when_it_is_whole_in_time(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    news_for(engine, api, 20)
    for number in range(1, 21):
        api.fault(Kind.TRICKLE, "sendMessage", number, seconds=0.2 if number % 2 else 600)
    with Serving(api, engine, tameside, read_seconds=3):
        until(lambda: left_to_send(engine) == 0, "everything to be settled", 60)
    judged = judge(api, engine)
    trials.tell("answers byte by byte", "20 messages", unknown=judged.said[State.UNKNOWN])
    assert judged.arrived == Counter({(State.SENT, 1): 10, (State.UNKNOWN, 1): 10})


def test_while_telegram_keeps_a_publication_waiting_people_are_answered(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    """Not one of its calls is answered as long as anybody talks: whoever talks must not wait behind them."""
    many, talkers = trials.many(150, 2_000), trials.many(20, 200)
    people = [api.person(10_000 + number) for number in range(talkers)]
    news_for(engine, api, many)
    silent = [api.fault(Kind.SILENCE_AFTER, "sendMessage", number, times=None) for number in range(1, many + 1)]
    with Serving(api, engine, tameside, read_seconds=3600) as serving:
        until(lambda: sum(one.struck for one in silent) > 0, "the publication to begin")
        for person in people:
            person.says("/help")
        for person in people:
            person.hears("999", timeout=60)
        answered = sum(row for state, row in states(engine).items() if state is State.UNKNOWN)
        waiting = serving.post._under_way[False]
        api.faults.clear()
        api.hang_up()
    trials.tell("a publication that nobody answers", f"{waiting} calls unanswered, {talkers} people talked", lost=0)
    assert answered == 0, "all were answered while every call of the publication was still open"
