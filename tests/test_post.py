"""What was committed is sent: three outcomes, two lanes, each person's order kept."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import time_machine
from sqlalchemy import Engine, event, select

from bot.channels.outcome import NotSent, Outcome, Sent, Unknown
from bot.pace import Held, Pace, Place
from bot.post import ALERT, FIRST_AT_ONCE, FIRST_SLICE, MORE, SIDE_BY_SIDE, WORDS, Post
from bot.writer import Writer
from models import outgoing
from models.attachment import Attachment
from models.database import now, reading, writing
from models.message import Message
from models.outgoing import Class, Outgoing, State, send
from models.person import Address, meet

Result = TypeVar("Result")

pytestmark = pytest.mark.both_databases


class Slate:
    """A channel that writes down what it is given, and answers as the test says."""

    name = "slate"
    paced = True

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.got: list[tuple[str, str]] = []
        self.hold: Callable[[str, str], Coroutine[Any, Any, None]] | None = None

    async def deliver(
        self, key: str, message: Message, _replaces: str | None, _attachment: Attachment | None
    ) -> Outcome:
        if self.hold is not None:
            await self.hold(key, message.text)
        self.got.append((key, message.text))
        return self.outcomes.pop(0) if self.outcomes else Sent(f"ref{len(self.got)}")


def write(engine: Engine, *what: tuple[str, str, Class], **kwargs: Any) -> None:
    with writing(engine) as session:
        for key, text, kind in what:
            send(session, meet(session, "slate", key), Message(text), kind, **kwargs)


def deliver(engine: Engine, slate: Slate, **kwargs: Any) -> None:
    """What the post does until there is nothing due any more."""

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=0, **kwargs)
        while await post.round() or post._tasks:
            await post.idle()
        writer.stop()

    asyncio.run(go())


def rows(engine: Engine) -> list[Outgoing]:
    with reading(engine) as session:
        return list(session.scalars(select(Outgoing).order_by(Outgoing.id)))


def test_what_arrived_is_known_by_the_channels_own_number(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "hello", Class.REPLY))
    deliver(engine, Slate())
    [row] = rows(engine)
    assert (row.state, row.channel_ref, row.attempts) == (State.SENT, "ref1", 1)


def test_each_persons_messages_stay_in_order(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, *[(key, str(number), Class.REPLY) for number in range(20) for key in ("1", "2", "3")])
    slate = Slate()

    async def slower_at_first(_key: str, text: str) -> None:
        await asyncio.sleep(0.003 if text == "0" else 0)

    slate.hold = slower_at_first
    deliver(engine, slate)
    for key in ("1", "2", "3"):
        assert [text for who, text in slate.got if who == key] == [str(number) for number in range(20)]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Class.ALERT, State.WAITING),
        (Class.REPLY, State.WAITING),
        (Class.RECEIPT, State.WAITING),
        (Class.REMINDER, State.WAITING),
        (Class.BROADCAST, State.UNKNOWN),
    ],
)
def test_what_becomes_of_an_unknown_one_depends_on_why_it_was_sent(
    engine: Engine, clock: time_machine.Traveller, kind: Class, state: State
) -> None:
    write(engine, ("1", "hello", kind))
    deliver(engine, Slate(Unknown("read time-out")))
    assert rows(engine)[0].state is state


def test_a_reminder_of_unknown_fate_tries_only_once_more(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "tomorrow at ten", Class.REMINDER))
    slate = Slate(Unknown("reset"), Unknown("reset"))
    for _try in range(3):
        deliver(engine, slate)
        clock.shift(timedelta(minutes=10))
    assert (rows(engine)[0].state, len(slate.got)) == (State.UNKNOWN, 2)


def test_what_was_certainly_not_sent_is_tried_again_later(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "hello", Class.BROADCAST))
    slate = Slate(NotSent("connect"))
    deliver(engine, slate)
    assert rows(engine)[0].state is State.WAITING
    clock.shift(timedelta(minutes=10))
    deliver(engine, slate)
    assert rows(engine)[0].state is State.SENT


def test_somebody_who_shut_us_out_is_left_alone(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "hello", Class.REMINDER), ("1", "again", Class.REMINDER))
    slate = Slate(NotSent("blocked", blocked=True))
    deliver(engine, slate)
    with reading(engine) as session:
        assert session.scalars(select(Address)).one().blocked_at == now()
    write(engine, ("1", "third", Class.BROADCAST))
    clock.shift(timedelta(days=1))
    deliver(engine, slate)
    assert slate.got[0] == ("1", "hello")
    assert "third" not in [text for _key, text in slate.got]


def test_a_refused_message_waits_for_staff(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "hello", Class.REPLY))
    deliver(engine, Slate(NotSent("too long", refused=True)))
    assert (rows(engine)[0].state, rows(engine)[0].error) == (State.NOT_SENT, "too long")


def test_a_channel_that_does_not_know_us_is_left_alone_and_nothing_is_lost(
    engine: Engine, clock: time_machine.Traveller
) -> None:
    write(engine, ("1", "one", Class.REPLY), ("2", "two", Class.REPLY))
    slate = Slate(NotSent("unauthorised", fatal=True), NotSent("unauthorised", fatal=True))

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=0)
        for _round in range(2):
            await post.round()
            await post.idle()
            write(engine, ("3", "three", Class.REPLY))
        writer.stop()

    asyncio.run(go())
    assert {key for key, _text in slate.got} <= {"1", "2"}, "nothing more is tried"
    assert {row.state for row in rows(engine)} == {State.WAITING}


def test_what_is_no_longer_wanted_is_dropped_just_before_it_would_go(
    engine: Engine, clock: time_machine.Traveller
) -> None:
    write(engine, ("1", "no more", Class.BROADCAST), ("2", "hello", Class.BROADCAST))
    slate = Slate()
    deliver(engine, slate, still_wanted=[lambda _session, row: row.message.text != "no more"])
    assert [row.state for row in rows(engine)] == [State.DROPPED, State.SENT]
    assert slate.got == [("2", "hello")]


def test_nothing_goes_before_it_is_due(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "later", Class.REMINDER), due=now() + timedelta(hours=1))
    slate = Slate()
    deliver(engine, slate)
    assert slate.got == []
    clock.shift(timedelta(hours=1))
    deliver(engine, slate)
    assert slate.got == [("1", "later")]


def test_what_is_for_another_channel_is_left_to_it(engine: Engine, clock: time_machine.Traveller) -> None:
    with writing(engine) as session:
        send(session, meet(session, "terminal", "1"), Message("for the terminal"), Class.REPLY)
    deliver(engine, Slate())
    assert rows(engine)[0].state is State.WAITING


def test_a_bug_on_the_way_out_is_an_unknown_fate(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "hello", Class.BROADCAST))
    slate = Slate()

    async def breaks(_key: str, _text: str) -> None:
        raise ValueError("a bug")

    slate.hold = breaks
    deliver(engine, slate)
    assert (rows(engine)[0].state, rows(engine)[0].error) == (State.UNKNOWN, "ValueError")


class Seconds:
    """An event loop's time, moved by its own timers alone: nothing is waited for."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.at = 0.0
        self.loop.time = lambda: self.at  # type: ignore[method-assign]
        select_now = self.loop._selector.select  # type: ignore[attr-defined]

        def select(timeout: float | None) -> Any:
            self.at += timeout or 0
            return select_now(0)

        self.loop._selector.select = select  # type: ignore[attr-defined]

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        try:
            return self.loop.run_until_complete(work)
        finally:
            self.loop.close()


class Counting:
    """A channel far away, which counts what reaches it in any second and refuses one too many. The way there and the
    way back take each time a little longer or shorter."""

    def __init__(self, seconds: Seconds, way: float, varies: float) -> None:
        self.seconds, self.way, self.varies = seconds, way, varies
        self.chance = random.Random(7)
        self.came: list[float] = []
        self.refused = 0

    async def takes(self) -> None:
        await asyncio.sleep(self._one_way())
        if sum(1 for at in self.came[-30:] if at > self.seconds.at - 1) >= 30:
            self.refused += 1
        self.came.append(self.seconds.at)
        await asyncio.sleep(self._one_way())

    def _one_way(self) -> float:
        return self.way / 2 + self.chance.expovariate(1 / self.varies) if self.varies else self.way / 2


@pytest.mark.parametrize(
    ("way", "varies", "share"),
    [(0.0, 0.0, 0.995), (0.001, 0.0002, 0.99), (0.03, 0.001, 0.985), (0.03, 0.02, 0.9), (3.0, 0.05, 0.45)],
)
def test_never_more_than_the_ceiling_where_it_is_counted_and_close_to_it(
    way: float, varies: float, share: float
) -> None:
    seconds = Seconds()
    there = Counting(seconds, way, varies)

    async def go() -> None:
        pace = Pace(30)

        async def one() -> None:
            place = await pace.turn(first_lane=False)
            await there.takes()
            pace.arrived(place)

        await asyncio.gather(*(one() for _message in range(900)))

    seconds.run(go())
    assert there.refused == 0 or way > 1, "only what takes longer than a second is not waited for"
    assert share * (there.came[-1] - there.came[0]) <= 900 / 30


@pytest.mark.parametrize(("usual", "way"), [(0.1, 0.002), (0.1, 0.03), (0.02, 0.001)])
@pytest.mark.parametrize("busy", [[(0, 2)], [(0, 8)], [(5, 20)], [(5, 8), (11, 20), (30, 31)]])
def test_a_way_that_was_long_while_much_was_going_on_is_not_believed(
    usual: float, way: float, busy: list[tuple[float, float]]
) -> None:
    """A process that starts, or works hard for a while, has its answers late; then they come quickly again."""
    seconds = Seconds()
    there = Counting(seconds, way, 0.0002)

    async def go() -> None:
        pace = Pace(30)

        async def one() -> None:
            place = await pace.turn(first_lane=False)
            there.way = usual if any(begins <= seconds.at < ends for begins, ends in busy) else way
            await there.takes()
            pace.arrived(place)

        await asyncio.gather(*(one() for _message in range(1200)))

    seconds.run(go())
    assert there.refused == 0


@pytest.mark.parametrize(("way", "varies"), [(0.0, 0.0), (0.03, 0.001), (0.03, 0.05), (0.3, 0.03)])
def test_whoever_takes_over_sends_nothing_too_fast(way: float, varies: float) -> None:
    """The other one was killed in the middle of it; what it sent last may just be arriving."""
    seconds = Seconds()
    there = Counting(seconds, way, varies)

    async def go() -> None:
        async def one(pace: Pace, number: int) -> None:
            place = await pace.turn(str(number), first_lane=number % 3 == 0)
            call = asyncio.ensure_future(there.takes())
            left.add(call)
            await asyncio.shield(call)
            pace.arrived(place)

        left: set[asyncio.Future[None]] = set()
        for killed_after in (0.5, 1.7, 3.0, 6.0):
            pace = Pace(30, chat_seconds=1.0)
            pace.begin_full()
            sending = [asyncio.ensure_future(one(pace, number)) for number in range(300)]
            await asyncio.sleep(killed_after)
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
        await asyncio.gather(*left)

    seconds.run(go())
    assert there.refused == 0
    assert len(there.came) > 150


def test_who_comes_on_shift_leaves_out_the_second_that_it_does_not_know(engine: Engine) -> None:
    """The one before may have filled it."""
    write(engine, *((str(number), "words", Class.REPLY) for number in range(3)))
    slate, left = Slate(), list[float]()

    async def go() -> None:
        loop = asyncio.get_running_loop()

        async def when(_key: str, _text: str) -> None:
            left.append(loop.time())

        slate.hold = when
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate])
        began = loop.time()
        shift = asyncio.create_task(post.on_shift(lambda _session: True))
        while len(left) < 3:
            await asyncio.sleep(0.01)
        shift.cancel()
        await asyncio.gather(shift, return_exceptions=True)
        await post.idle()
        writer.stop()
        assert min(left) >= began + 1

    asyncio.run(go())


@pytest.mark.parametrize(("a_second", "late"), [(0.5, 0.025), (2.0, 0.025), (5.0, 0.03)])
def test_a_reply_does_not_wait_behind_a_publication(a_second: float, late: float) -> None:
    """From when somebody is heard the next place is theirs, and the publication hardly feels it."""
    seconds, chance, waited = Seconds(), random.Random(3), list[float]()
    left = [0]

    async def go() -> None:
        pace = Pace(30)

        async def takes(*, first_lane: bool) -> None:
            place = await pace.turn(first_lane=first_lane)
            left[0] += 1
            await asyncio.sleep(0.03)
            pace.arrived(place)

        async def says() -> None:
            pace.expect_reply()
            await asyncio.sleep(chance.uniform(0.008, 0.02))
            asked = seconds.at
            place = await pace.turn(first_lane=True)
            waited.append(seconds.at - asked)
            left[0] += 1
            await asyncio.sleep(0.03)
            pace.arrived(place)

        under_way = [asyncio.ensure_future(takes(first_lane=False)) for _message in range(4000)]
        while seconds.at < 120:
            await asyncio.sleep(chance.expovariate(a_second))
            under_way.append(asyncio.ensure_future(says()))
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    seconds.run(go())
    assert left[0] / seconds.at / 30 >= 0.965
    assert sorted(waited)[len(waited) * 95 // 100] <= late
    assert sorted(waited)[len(waited) // 2] <= 0.002


def test_who_was_heard_and_has_no_answer_keeps_nobody_waiting_for_long() -> None:
    """Their message failed, or it was there already."""
    seconds, left = Seconds(), list[float]()

    async def go() -> None:
        pace = Pace(30)

        async def takes() -> None:
            place = await pace.turn(first_lane=False)
            left.append(seconds.at)
            await asyncio.sleep(0.03)
            pace.arrived(place)

        publication = [asyncio.ensure_future(takes()) for _message in range(300)]
        await asyncio.sleep(2)
        for _somebody in range(60):
            pace.expect_reply()
        await asyncio.gather(*publication)

    seconds.run(go())
    assert max(after - before for before, after in itertools.pairwise(left)) <= 0.6
    assert left[-1] <= 300 / 30 + 1


@pytest.mark.parametrize(
    ("talkers", "rests", "least", "most"), [(40, 0.0, 0.9, 1.1), (20, 1.0, 8, 11), (10, 1.0, 14, 20)]
)
def test_a_publication_goes_on_however_much_people_talk(talkers: int, rests: float, least: float, most: float) -> None:
    """Forty who never rest would fill the ceiling alone; the others leave room, and it is used."""
    seconds, sent, waited = Seconds(), list[float](), list[float]()

    async def go() -> None:
        pace = Pace(30)

        async def one(*, first_lane: bool) -> None:
            asked = seconds.at
            place = await pace.turn(first_lane=first_lane)
            (waited if first_lane else sent).append(seconds.at - asked)
            await asyncio.sleep(0.03)
            pace.arrived(place)

        async def talks(number: int) -> None:
            await asyncio.sleep(rests * number / talkers)
            while True:
                await one(first_lane=True)
                await asyncio.sleep(rests)

        publication = [asyncio.ensure_future(one(first_lane=False)) for _message in range(3000)]
        talk = [asyncio.ensure_future(talks(number)) for number in range(talkers)]
        await asyncio.sleep(60)
        for task in (*publication, *talk):
            task.cancel()
        await asyncio.gather(*publication, *talk, return_exceptions=True)

    seconds.run(go())
    assert least <= len(sent) / 60 <= most
    assert len(sent) + len(waited) <= 30 * 60 + 30
    if rests:
        assert sorted(waited)[len(waited) * 95 // 100] <= 1 / 30, "no longer than for the next place"


def test_a_pause_that_the_channel_asks_for_holds_the_second_lane_alone() -> None:
    seconds, became = Seconds(), dict[str, float]()

    async def go() -> None:
        pace = Pace(30)
        pace.hold_second_lane(20)
        assert pace.held

        async def one(name: str, first_lane: bool) -> None:
            try:
                await pace.turn(first_lane=first_lane)
            except Held as held:
                became[name] = held.seconds
            else:
                became[name] = 0

        await asyncio.gather(one("publication", False), one("reply", True))
        await asyncio.sleep(20)
        assert not pace.held
        await one("publication later", False)

    seconds.run(go())
    assert became == {"publication": 20, "reply": 0, "publication later": 0}


def test_a_pause_that_begins_sends_back_what_waits_for_its_turn() -> None:
    seconds = Seconds()

    async def go() -> None:
        pace = Pace(1)
        await pace.turn(first_lane=False)
        waits = asyncio.ensure_future(pace.turn(first_lane=False))
        await asyncio.sleep(0.1)
        pace.hold_second_lane(60)
        with pytest.raises(Held):
            await waits

    seconds.run(go())


def test_one_message_a_second_in_a_chat_and_others_do_not_wait_for_it() -> None:
    seconds, at = Seconds(), dict[str, list[float]]()

    async def go() -> None:
        pace = Pace(30, chat_seconds=1.0)

        async def talks(chat: str) -> None:
            for _message in range(3):
                place = await pace.turn(chat, first_lane=True)
                at.setdefault(chat, []).append(round(seconds.at, 3))
                await asyncio.sleep(0.03)
                pace.arrived(place)

        await asyncio.gather(talks("1"), talks("2"))
        pace.hold_chat("1", 40)
        with pytest.raises(Held):
            await pace.turn("1", first_lane=True)
        await pace.turn("2", first_lane=True)

    seconds.run(go())
    assert at["1"] == at["2"]
    assert all(1 <= later - earlier <= 1.05 for earlier, later in itertools.pairwise(at["1"]))


def test_a_thousand_chats_are_not_remembered() -> None:
    seconds = Seconds()

    async def go() -> None:
        pace = Pace(30, chat_seconds=1.0)
        for number in range(1000):
            pace.arrived(await pace.turn(str(number), first_lane=False))
        assert len(pace._chats) <= 60

    seconds.run(go())


def test_an_alert_waits_for_none_of_the_replies_under_way(engine: Engine, clock: time_machine.Traveller) -> None:
    """More people are being answered than rows may be under way, and nothing of it leaves: the alert does."""
    crowd = [(str(number), "an answer", Class.REPLY) for number in range(FIRST_SLICE)]
    write(engine, *crowd, ("0", "more of it", Class.REPLY))
    slate, away, told = Slate(), asyncio.Event(), asyncio.Event()

    async def hold(_key: str, text: str) -> None:
        if text == "look":
            told.set()
        else:
            await away.wait()

    slate.hold = hold

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=0)
        post._places["slate"] = asyncio.Semaphore(FIRST_SLICE + 1)
        while await post.round():
            pass
        assert post._under_way[True] > FIRST_SLICE - FIRST_AT_ONCE
        await asyncio.to_thread(write, engine, ("0", "look", Class.ALERT), ("staff", "look", Class.ALERT))
        await post.round()
        await asyncio.wait_for(told.wait(), 20)
        assert [key for key, text in slate.got] == ["staff"]
        away.set()
        while await post.round() or post._tasks:
            await post.idle()
        writer.stop()

    asyncio.run(go())
    mine = [text for key, text in slate.got if key == "0"]
    assert mine == ["an answer", "look", "more of it"]


def test_what_matters_most_has_the_next_place() -> None:
    seconds = Seconds()

    async def go() -> list[str]:
        pace = Pace(1)
        pace.arrived(await pace.turn("before", first_lane=True))
        left: list[str] = []

        async def leaves(name: str, rank: int) -> None:
            place = await pace.turn(name, first_lane=True, rank=rank)
            left.append(name)
            pace.arrived(place)

        ranks = {"a card": MORE, "an answer": WORDS, "another card": MORE, "an alert": ALERT}
        await asyncio.gather(*(leaves(name, rank) for name, rank in ranks.items()))
        return left

    assert seconds.run(go()) == ["an alert", "an answer", "a card", "another card"]


def test_a_channel_that_is_silent_keeps_no_other_waiting(engine: Engine, clock: time_machine.Traveller) -> None:
    silent, mail = Slate(), Slate()
    mail.name = "mail"
    write(engine, *((str(number), "an answer", Class.REPLY) for number in range(SIDE_BY_SIDE)))
    answers = asyncio.Event()

    async def hold(_key: str, _text: str) -> None:
        await answers.wait()

    silent.hold = hold

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [silent, mail], per_second=0)
        while await post.round():
            pass
        with writing(engine) as session:
            send(session, meet(session, "mail", "duty"), Message("look"), Class.ALERT)
        await post.round()
        async with asyncio.timeout(20):
            while not mail.got:
                await asyncio.sleep(0)
        assert silent.got == []
        answers.set()
        await post.idle()
        writer.stop()

    asyncio.run(go())


def test_what_was_put_back_is_looked_for_when_it_is_due(
    engine: Engine, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only when the post looks round by itself."""
    write(engine, ("1", "look", Class.ALERT))
    slate = Slate(Unknown("reset"))
    monkeypatch.setattr(outgoing, "pause_before", lambda _attempts: timedelta(seconds=0.05))

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=0)
        await post.round()
        await post.idle()
        post._bell.clear()
        async with asyncio.timeout(20):
            await post._bell.wait()
        writer.stop()

    asyncio.run(go())
    assert rows(engine)[0].state is State.WAITING


@pytest.mark.parametrize("pause", [0.02, 30])
def test_the_words_come_before_their_cards_also_when_they_are_refused_at_first(
    engine: Engine, clock: time_machine.Traveller, pause: float
) -> None:
    texts = ("whom to ring", "a card", "another card")
    write(engine, *(("1", text, Class.REPLY) for text in texts), ("2", "hello", Class.REPLY))
    slate = Slate()
    refuse = iter([NotSent("429", retry_after=pause)])

    async def once(key: str, _text: str) -> None:
        if key == "1" and (refused := next(refuse, None)) is not None:
            slate.outcomes.insert(0, refused)

    slate.hold = once
    deliver(engine, slate)
    clock.shift(timedelta(seconds=31))
    deliver(engine, slate)
    arrived = [text for key, text in slate.got if key == "1"]
    assert arrived == [texts[0], *texts]
    assert {row.state for row in rows(engine)} == {State.SENT}
    assert [row.attempts for row in rows(engine)] == [1 if pause < 1 else 2, 1, 1, 1]


def test_a_refusal_for_one_chat_holds_that_chat_alone(engine: Engine, clock: time_machine.Traveller) -> None:
    """What was on its way to it, and what comes later."""
    slate = Slate(NotSent("429", retry_after=30))

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=0)
        for words in (
            (("1", "first", Class.BROADCAST), ("1", "second", Class.REMINDER), ("2", "hello", Class.BROADCAST)),
            (("1", "later", Class.REPLY), ("2", "and hello", Class.REPLY)),
        ):
            write(engine, *words)
            while await post.round() or post._tasks:
                await post.idle()
        writer.stop()

    asyncio.run(go())
    assert len([text for key, text in slate.got if key == "1"]) == 1
    assert [text for key, text in slate.got if key == "2"] == ["hello", "and hello"]
    clock.shift(timedelta(seconds=31))
    deliver(engine, slate)
    assert {row.state for row in rows(engine)} == {State.SENT}


def test_a_refusal_for_everybody_holds_the_second_lane_and_lets_replies_go(
    engine: Engine, clock: time_machine.Traveller
) -> None:
    write(engine, ("1", "news", Class.BROADCAST), ("2", "more news", Class.BROADCAST))
    slate = Slate(NotSent("429", retry_after=30, everyone=True))

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=30)
        await post.round()
        await post.idle()
        with writing(engine) as session:
            send(session, meet(session, "slate", "3"), Message("a reply"), Class.REPLY)
            send(session, meet(session, "slate", "4"), Message("still more news"), Class.BROADCAST)
        await post.round()
        await post.idle()
        writer.stop()

    asyncio.run(go())
    assert slate.got[-1] == ("3", "a reply")
    assert ("4", "still more news") not in slate.got
    assert State.WAITING in {row.state for row in rows(engine) if row.kind is Class.BROADCAST}


class InTwo(Slate):
    """A channel on which each message takes two."""

    def __init__(self) -> None:
        super().__init__()
        self.before_next_part: Callable[[str], Awaitable[float]] = self._at_once

    async def _at_once(self, _key: str) -> float:
        return 0

    async def deliver(self, key: str, message: Message, replaces: str | None, attachment: Attachment | None) -> Outcome:
        await super().deliver(key, message, replaces, attachment)
        assert await self.before_next_part(key) == 0
        return await super().deliver(key, message, replaces, attachment)


def test_the_second_part_of_a_message_takes_its_turn_too(engine: Engine, clock: time_machine.Traveller) -> None:
    write(engine, ("1", "a card", Class.REPLY))
    channel, turns = InTwo(), list[str]()

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [channel], per_second=30)
        turn = post.paces["slate"].turn

        async def counted(chat: str = "", *, first_lane: bool, rank: int = 0) -> Place:
            turns.append(chat)
            return await turn(chat, first_lane=first_lane, rank=rank)

        post.paces["slate"].turn = counted  # type: ignore[method-assign]
        await post.round()
        await post.idle()
        writer.stop()

    asyncio.run(go())
    assert (turns, len(channel.got), rows(engine)[0].state) == (["1", "1"], 2, State.SENT)


def test_what_only_waits_for_its_place_is_not_marked_as_being_sent(engine: Engine) -> None:
    """A crash finds as many of unknown fate as were on their way, and the few whose turn was next."""
    write(engine, *((str(number), "hello", Class.BROADCAST) for number in range(60)))
    slate, writer = Slate(), Writer(engine)
    post = Post(engine, writer, [slate], per_second=100)
    marked: list[int] = []
    allowed: list[int] = []

    async def look(_key: str, _text: str) -> None:
        marked.append(sum(row.state is State.SENDING for row in rows(engine)))
        allowed.append(post._most_ahead())

    slate.hold = look

    async def go() -> None:
        writer.start()
        rounds = asyncio.create_task(post._rounds())
        while len(slate.got) < 60:
            await asyncio.sleep(0.01)
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)
        await post.idle()
        writer.stop()

    asyncio.run(go())
    assert sorted(slate.got, key=lambda one: int(one[0])) == [(str(number), "hello") for number in range(60)]
    assert max(marked) <= max(allowed) + 5, "those ahead, and the few that left while results are being written"


def test_who_may_not_be_written_to_at_this_moment_is_in_nobodys_way(engine: Engine) -> None:
    """A chat in which something was just sent: its message stays unmarked, and the others go."""
    write(engine, *(("1", f"{number}", Class.BROADCAST) for number in range(3)), ("2", "hello", Class.BROADCAST))
    slate = Slate()

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        post = Post(engine, writer, [slate], per_second=100, chat_seconds=60)
        post.paces["slate"].hold_chat("1", 1)
        await post.round()
        await post.idle()
        writer.stop()

    asyncio.run(go())
    assert slate.got == [("2", "hello")]
    assert [(row.state, row.attempts) for row in rows(engine)] == [(State.WAITING, 0)] * 3 + [(State.SENT, 1)]


def test_what_is_marked_and_never_left_goes_without_a_new_start(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark was committed, and the connection was lost before anybody was told."""
    monkeypatch.setattr("bot.post.LOOK_FOR_STRAYS_EVERY", 0.0)
    write(engine, ("1", "the news", Class.BROADCAST), ("2", "the answer", Class.REPLY))
    with writing(engine) as session:
        for row in session.scalars(select(Outgoing)):
            outgoing.begin(row)
    slate, writer = Slate(), Writer(engine)

    async def go() -> None:
        writer.start()
        post = Post(engine, writer, [slate], per_second=0)
        for _look in range(3):
            await post.round()
            await post._look_for_strays()
        await post.round()
        await post.idle()
        writer.stop()

    asyncio.run(go())
    assert sorted(slate.got) == [("1", "the news"), ("2", "the answer")]
    assert {(row.state, row.attempts) for row in rows(engine)} == {(State.SENT, 1)}


def test_that_a_reply_has_arrived_is_written_with_what_is_committed_next(
    engine: Engine, clock: time_machine.Traveller
) -> None:
    commits: list[str] = []
    event.listen(engine, "commit", lambda _connection: commits.append("commit"))
    done: list[str] = []

    async def go() -> None:
        writer = Writer(engine)
        writer.start()
        patient = asyncio.create_task(writer.do(lambda _session: done.append("patient"), company_seconds=600))
        await asyncio.sleep(0)
        assert done == []
        await writer.do(lambda _session: done.append("in a hurry"))
        await patient
        assert len(commits) == 1
        await writer.do(lambda _session: done.append("alone"), company_seconds=0.001)
        assert len(commits) == 2
        writer.stop()

    asyncio.run(go())
    assert done == ["in a hurry", "patient", "alone"]
