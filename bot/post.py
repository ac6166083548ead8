"""Sends what was committed.

A row is marked as being sent and that is committed before the channel is called; its result is committed after it.
What a crash finds marked may have arrived. So of what goes out slowly (a publication under the ceiling) only as many
are marked as leave while the next are being marked: what only waits for its place is not yet on its way. No
transaction is open meanwhile: a provider may take a minute. Sends to different people go side by side, one person's
stay in order. What a crash left behind is healed at the next start, by class (DESIGN 5).

An alert waits for nobody: it is taken however many replies are under way, it has the next place on its channel, and no
channel that is silent keeps another one waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar, runtime_checkable

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, undefer

from bot.channels.outcome import NotSent, Outcome, Sent, Unknown
from bot.figures import delivered
from bot.pace import LONGEST_WAIT, Held, Pace, Place
from bot.turn import Turned
from bot.writer import Writer, what_failed
from models import outgoing
from models.attachment import Attachment
from models.database import now, reading
from models.message import Message
from models.outgoing import FIRST_LANE, SECOND_LANE, Class, Outgoing
from models.person import Address

log = structlog.get_logger()

# How many rows of a lane are on their way at once. The second is short: “stop” must be felt within a second.
FIRST_SLICE, SECOND_SLICE = 200, 30
# Of these so many are taken at a time: what people say meanwhile is written behind them.
FIRST_AT_ONCE, SECOND_AT_ONCE = 100, 10
# Of the second lane at least so many are marked ahead of their place, and more where marking takes its time: the
# slowest of the last so many counts, and a little more for what else may come between.
LEAST_AHEAD, REMEMBERED, BETWEEN_SECONDS = 6, 20, 0.05
# Alerts are taken even when no other row is.
ALERTS_AT_ONCE = 20
# Sends that may be under way on one channel at the same time.
SIDE_BY_SIDE = 100
# So often somebody's message is tried again after a short pause, before it is put away for the next round.
TRIES_AT_ONCE = 3
# Who leaves first where people wait for a place: an alert, the words of an answer, what else comes with them.
ALERT, WORDS, MORE = range(3)
# What is due again in so long may be looked for a moment later: two clocks never agree.
A_MOMENT = 0.01
# How often the rows are looked at when nobody rang the bell; and for rows that are marked and not on their way.
LOOK_EVERY, LOOK_FOR_STRAYS_EVERY = 1.0, 5.0
# That a reply has arrived is written with whatever is committed next, where nothing else is waiting for it: after a
# crash meanwhile it would be sent again, as after one while it is on its way, which takes longer than this.
COMPANY_SECONDS = 0.02

Result = TypeVar("Result")
StillWanted = Callable[[Session, Outgoing], bool]


class Channel(Protocol):
    """What every channel offers: it translates a message, sends it, and says what became of it."""

    name: str
    paced: bool

    async def deliver(
        self, key: str, message: Message, replaces: str | None, attachment: Attachment | None
    ) -> Outcome: ...


@runtime_checkable
class InParts(Protocol):
    """A channel on which one message may take several: it asks before each but the first. The answer is how many
    seconds the rest has to wait first; 0: it may go now."""

    before_next_part: Callable[[str], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row as it is handed to its channel, out of any transaction."""

    row: int
    channel: str
    key: str
    message: Message
    first_lane: bool
    replaces: str | None
    attachment: Attachment | None
    rank: int = WORDS


class Fatal(Exception):
    """A channel does not know us any more: nothing can be sent there until somebody looks."""


class Post:
    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        channels: Iterable[Channel] = (),
        *,
        still_wanted: Sequence[StillWanted] = (),
        per_second: int = 30,
        chat_seconds: float = 0.0,
    ) -> None:
        """`still_wanted`: asked, just before it is sent, of all that is no alert and no reply; one “no” drops it."""
        self.engine, self.writer = engine, writer
        self.still_wanted = still_wanted
        self.per_second, self.chat_seconds = per_second, chat_seconds
        self.channels: dict[str, Channel] = {}
        self.paces: dict[str, Pace] = {}
        self._places: dict[str, asyncio.Semaphore] = {}
        for channel in channels:
            self.add(channel)
        self.stopped: set[str] = set()
        # Several processes on one database: whether this one sends, and how the database would say so (bot/shift.py).
        self.sends = True
        self._still_sends: Callable[[Session], bool] = lambda _session: True
        self._handed_in: list[int] = []
        self._arrived: list[tuple[int, str, asyncio.Future[None]]] = []
        self._queues: dict[tuple[str, str], deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()
        # Whether the last look left rows where they were, since too many others were on their way.
        self._crowded = False
        self._standing: dict[tuple[str, str], Place] = {}
        self._under_way = {True: 0, False: 0}
        # Rows of the second lane that are marked and have not left yet; and how long it took to mark some, in seconds.
        self._ahead: set[int] = set()
        self._marking: deque[float] = deque(maxlen=REMEMBERED)
        # Every row that was handed out and is not settled; and those that were marked though nobody handed them out.
        self._on_their_way: set[int] = set()
        self._strays: set[int] = set()
        self._looked_for_strays = 0.0

    def add(self, channel: Channel) -> None:
        self.channels[channel.name] = channel
        self._places[channel.name] = asyncio.Semaphore(SIDE_BY_SIDE)
        if not channel.paced:
            self.paces[channel.name] = Pace(0)
            return
        self.paces[channel.name] = Pace(self.per_second, self.chat_seconds)
        if isinstance(channel, InParts):
            channel.before_next_part = partial(self._before_next_part, channel.name)

    # Handing in

    def expect_reply(self, channel: str) -> None:
        """Somebody was heard on this channel, and will be answered when that is committed."""
        if self.sends and channel in self.paces:
            self.paces[channel].expect_reply()

    def deliver(self, turned: Turned) -> None:
        """Send a turn's own replies now; look for what it wrote to others."""
        if turned.answers and not self._handed_in and all(one.message.attachment is None for one in turned.answers):
            self._hand_out(
                Parcel(one.row, turned.channel, turned.key, one.message, True, one.replaces, None, rank)
                for one, rank in zip(turned.answers, itertools.chain((WORDS,), itertools.repeat(MORE)), strict=False)
            )
        elif turned.outgoing:
            # One after the other, so that two turns of one person that end together are answered in their order.
            self._handed_in.extend(turned.outgoing)
            if len(self._handed_in) == len(turned.outgoing):
                self._spawn(self._deliver())
        if turned.others:
            self.ring()

    def ring(self) -> None:
        """There may be something to send."""
        self._bell.set()

    async def _deliver(self) -> None:
        while self._handed_in:
            rows = tuple(self._handed_in)
            try:
                parcels = await asyncio.to_thread(self._parcels, rows)
            except Exception as error:
                log.error("what is to be sent cannot be read", **what_failed(error))
                await asyncio.sleep(LOOK_EVERY)
                continue
            self._hand_out(parcels)
            del self._handed_in[: len(rows)]

    # The rounds

    def leaves_here(self, channel: str) -> bool:
        """Whether a reply on this channel is sent by this process. The web chat's own pages are told by it always."""
        return self.sends or (channel in self.channels and not self.channels[channel].paced)

    def off_shift(self) -> None:
        """Another process sends from now on; what was handed in is still finished."""
        self.sends = False

    async def on_shift(self, still: Callable[[Session], bool]) -> None:
        """Send until cancelled. `still` is asked in each transaction that takes something to send."""
        self._still_sends = still
        await self.writer.do(outgoing.settle_interrupted)
        for pace in self.paces.values():
            pace.begin_full()
        self.sends = True
        await self._rounds()

    async def run(self) -> None:
        """Goes its rounds until cancelled."""
        await self.writer.do(outgoing.settle_interrupted)
        await self._rounds()

    async def _rounds(self) -> None:
        while True:
            self._bell.clear()
            try:
                more = await self.round()
                await self._look_for_strays()
            except Exception as error:
                log.error("round of the post failed", **what_failed(error))
                more = False
            if not more:
                # Not wait_for: before Python 3.12 it may swallow that we are being cancelled.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._bell.wait()

    async def round(self) -> bool:
        """Takes the next slice of each lane that has room. Returns whether there is likely more at once."""
        full = False
        lanes = (self._first_room(), (SECOND_LANE, self._second_room()))
        self._crowded = lanes[0][0] is not FIRST_LANE or not lanes[1][1]
        for kinds, room in lanes:
            if not room:
                continue
            first_lane = kinds is not SECOND_LANE
            held = {} if first_lane else {name: pace.held_chats() for name, pace in self.paces.items()}
            job = partial(self._claim, self._running(first_lane=first_lane), room, kinds, held)
            began = time.monotonic()
            rows = await self.writer.do(job)
            if rows:
                self._hand_out(await asyncio.to_thread(self._parcels, rows))
                full = full or len(rows) == room
                if not first_lane:
                    self._marking.append(time.monotonic() - began)
        return full

    async def _look_for_strays(self) -> None:
        """A row that is marked as being sent, and that nobody here sends, has never left: the database took the mark,
        and the connection was gone before it could say so, or before the row could be read. Seen twice, it waits
        again; else its person would hear nothing until the next start."""
        moment = asyncio.get_running_loop().time()
        if moment - self._looked_for_strays < LOOK_FOR_STRAYS_EVERY:
            return
        self._looked_for_strays = moment
        marked = await asyncio.to_thread(self._marked)
        strays = marked - self._on_their_way - set(self._handed_in)
        again, self._strays = strays & self._strays, strays
        if again:
            log.warning("marked and never sent", rows=len(again))
            await self.writer.do(lambda session: outgoing.never_left(session, again))
            self.ring()

    def _marked(self) -> set[int]:
        with reading(self.engine) as session:
            return outgoing.marked(session, list(self.channels))

    def _first_room(self) -> tuple[Sequence[Class], int]:
        if FIRST_SLICE - self._under_way[True] >= FIRST_AT_ONCE:
            return FIRST_LANE, FIRST_AT_ONCE
        return (Class.ALERT,), ALERTS_AT_ONCE

    def _second_room(self) -> int:
        """How many may be marked now: none before half of those that were have left, so that some share a commit."""
        most = self._most_ahead()
        if len(self._ahead) > most // 2:
            return 0
        return max(min(most - len(self._ahead), SECOND_SLICE - self._under_way[False], SECOND_AT_ONCE), 0)

    def _most_ahead(self) -> int:
        """Twice what leaves while the next are being marked."""
        if not self.per_second:
            return SECOND_AT_ONCE
        slowest = max(self._marking, default=0.0) + BETWEEN_SECONDS
        return max(LEAST_AHEAD, math.ceil(2 * self.per_second * slowest))

    def _claim(
        self,
        channels: Sequence[str],
        most: int,
        kinds: Sequence[Class],
        held: Mapping[str, Sequence[str]],
        session: Session,
    ) -> list[int]:
        """`held`: the chats of each channel in which nothing may be sent just now. A row that had to wait there would
        be marked without being on its way, and in the way of the others."""
        claimed: list[int] = []
        if not self._still_sends(session):
            return claimed
        for row in outgoing.due(session, channels, most, kinds=kinds, but=held):
            if row.kind not in (Class.ALERT, Class.REPLY) and not all(ask(session, row) for ask in self.still_wanted):
                row.state, row.settled = outgoing.State.DROPPED, now()
                continue
            outgoing.begin(row)
            claimed.append(row.id)
        return claimed

    def _running(self, *, first_lane: bool) -> list[str]:
        return [
            name for name in self.channels if name not in self.stopped and (first_lane or not self.paces[name].held)
        ]

    def _parcels(self, ids: Sequence[int]) -> list[Parcel]:
        with reading(self.engine) as session:
            query = (
                select(Outgoing, Address)
                .join(Address, Address.id == Outgoing.address_id)
                .where(Outgoing.id.in_(ids))
                .order_by(Outgoing.urgency, Outgoing.id)
            )
            found: list[Parcel] = []
            first: set[int] = set()
            for row, address in session.execute(query):
                rank = ALERT if row.kind is Class.ALERT else MORE if address.id in first else WORDS
                found.append(self._parcel(session, row, address, rank))
                first.add(address.id)
            return found

    def _parcel(self, session: Session, row: Outgoing, address: Address, rank: int) -> Parcel:
        message = row.message
        attached = None
        if message.attachment is not None:
            attached = session.get(Attachment, message.attachment, options=[undefer(Attachment.content)])
        first_lane = row.kind in FIRST_LANE
        return Parcel(row.id, address.channel, address.key, message, first_lane, row.replaces, attached, rank)

    # Sending

    def _hand_out(self, parcels: Iterable[Parcel]) -> None:
        for parcel in parcels:
            self._under_way[parcel.first_lane] += 1
            self._on_their_way.add(parcel.row)
            if not parcel.first_lane:
                self._ahead.add(parcel.row)
            whom = (parcel.channel, parcel.key)
            if whom in self._queues:
                _queue_up(self._queues[whom], parcel)
            else:
                self._queues[whom] = deque([parcel])
                self._spawn(self._serve(whom))

    async def _serve(self, whom: tuple[str, str]) -> None:
        """One person's messages, one after the other. What comes after one that has to wait waits with it: the cards
        do not come before the words. Only an alert does not."""
        waiting = self._queues[whom]
        makes_room = False
        try:
            while waiting:
                parcel = waiting[0]
                makes_room = makes_room or not parcel.first_lane
                again = None
                try:
                    again = await self._send(parcel)
                finally:
                    waiting.popleft()
                    self._is_over(parcel)
                if again is not None:
                    await self._wait_too(waiting, again)
        finally:
            del self._queues[whom]
            for left in waiting:
                self._is_over(left)
            # A look takes the writer from those who wait for an answer, and after most replies finds nothing.
            if makes_room or self._crowded:
                self.ring()

    async def _wait_too(self, waiting: deque[Parcel], seconds: float) -> None:
        behind = [one for one in waiting if one.rank != ALERT]
        if not behind:
            return
        await self._insist(lambda session: outgoing.never_left(session, [one.row for one in behind], seconds))
        for one in behind:
            waiting.remove(one)
            self._is_over(one)

    def _is_over(self, parcel: Parcel) -> None:
        self._under_way[parcel.first_lane] -= 1
        self._on_their_way.discard(parcel.row)
        self._ahead.discard(parcel.row)

    async def _send(self, parcel: Parcel) -> float | None:
        """Returns in how many seconds it is due again, if it is."""
        outcome = await self._attempt(parcel)
        for _again in range(TRIES_AT_ONCE):
            if not (parcel.first_lane and isinstance(outcome, NotSent) and _soon(outcome)):
                break
            # Somebody waits for it: it is not put away for so short a time, and it keeps its place.
            self._was_refused(parcel, outcome)
            outcome = await self._attempt(parcel)
        return await self._settle(parcel, outcome)

    async def _attempt(self, parcel: Parcel) -> Outcome:
        channel = self.channels.get(parcel.channel)
        if channel is None or parcel.channel in self.stopped:
            return NotSent("channel not running", retry_after=60)
        try:
            place = await self._turn(parcel)
        except Held as held:
            return NotSent("has to wait", retry_after=held.seconds)
        async with self._places[parcel.channel]:
            return await self._leave(channel, parcel, place)

    async def _turn(self, parcel: Parcel) -> Place:
        """What goes before something more urgent to the same person is as urgent. Raises `Held`."""
        waiting = self._queues.get((parcel.channel, parcel.key), (parcel,))
        rank = min(one.rank for one in waiting)
        return await self.paces[parcel.channel].turn(parcel.key, first_lane=parcel.first_lane, rank=rank)

    async def _leave(self, channel: Channel, parcel: Parcel, place: Place) -> Outcome:
        whom = (parcel.channel, parcel.key)
        self._standing[whom] = place
        self._ahead.discard(parcel.row)
        if not parcel.first_lane and self._second_room():
            self.ring()
        try:
            return await channel.deliver(parcel.key, parcel.message, parcel.replaces, parcel.attachment)
        except Exception as error:
            # A bug of ours on the way out: nobody knows how far it got.
            log.error("delivery failed", row=parcel.row, **what_failed(error))
            return Unknown(type(error).__name__)
        finally:
            self.paces[parcel.channel].arrived(self._standing.pop(whom, place))

    async def _before_next_part(self, channel: str, key: str) -> float:
        """The next part of a message takes its turn like any other message in this chat."""
        whom, pace = (channel, key), self.paces[channel]
        if whom not in self._standing:
            return 0
        pace.arrived(self._standing[whom])
        try:
            self._standing[whom] = await self._turn(self._queues[whom][0])
        except Held as held:
            return held.seconds
        return 0

    async def _settle(self, parcel: Parcel, outcome: Outcome) -> float | None:
        if not isinstance(outcome, Sent):
            self._was_refused(parcel, outcome)
            again = await self._insist(lambda session: settle(session, parcel.row, outcome))
            if again is not None:
                asyncio.get_running_loop().call_later(again + A_MOMENT, self.ring)
            return again
        delivered(parcel.channel, outcome)
        written = asyncio.get_running_loop().create_future()
        self._arrived.append((parcel.row, outcome.ref, written))
        if len(self._arrived) == 1:
            nobody_waits = parcel.first_lane and len(self._queues[parcel.channel, parcel.key]) == 1
            self._spawn(self._write_arrived(COMPANY_SECONDS if nobody_waits else 0.0))
        await written
        return None

    def _was_refused(self, parcel: Parcel, outcome: NotSent | Unknown) -> None:
        delivered(parcel.channel, outcome)
        log.warning("not delivered", row=parcel.row, outcome=type(outcome).__name__, reason=outcome.reason)
        if not isinstance(outcome, NotSent):
            return
        if outcome.fatal:
            self.stopped.add(parcel.channel)
            log.critical("channel refuses us", channel=parcel.channel, reason=outcome.reason)
        if outcome.retry_after is not None:
            self.paces[parcel.channel].hold_chat(parcel.key, outcome.retry_after)
            if outcome.everyone:
                self.paces[parcel.channel].hold_second_lane(outcome.retry_after)

    async def _write_arrived(self, company_seconds: float) -> None:
        """What has arrived until the next commit is written with it, by one statement. A commit of its own for each
        round of answers was half of all commits."""
        while self._arrived:
            many = await self._insist(self._all_arrived, company_seconds=company_seconds)
            for _row, _ref, written in self._arrived[:many]:
                if not written.done():
                    written.set_result(None)
            del self._arrived[:many]

    def _all_arrived(self, session: Session) -> int:
        """In the writer's thread, maybe more than once; returns how many it has written. Only the loop takes any away,
        and not before that."""
        batch = tuple(self._arrived)
        outgoing.all_arrived(session, {row: ref for row, ref, _written in batch})
        return len(batch)

    async def _insist(self, job: Callable[[Session], Result], *, company_seconds: float = 0.0) -> Result:
        """A result that is not written down would be sent again or never: it is tried until the database takes it."""
        pause = 0.1
        while True:
            try:
                return await self.writer.do(job, company_seconds=company_seconds)
            except Exception as error:
                log.error("result not written down", **what_failed(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Returns when nothing is on its way any more (for a quiet end, and for tests)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


def _soon(outcome: NotSent) -> bool:
    """Whether the channel asked for a pause so short that it can be waited for."""
    return outcome.retry_after is not None and outcome.retry_after <= LONGEST_WAIT and not outcome.blocked


def _queue_up(waiting: deque[Parcel], parcel: Parcel) -> None:
    """One person's messages stay in order; only an alert goes before what has not begun to leave."""
    place = len(waiting)
    if parcel.rank == ALERT:
        place = next((at for at, one in enumerate(waiting) if at and one.rank != ALERT), place)
    waiting.insert(place, parcel)


def settle(session: Session, row_id: int, outcome: Outcome) -> float | None:
    """Write down what became of an attempt. Returns in how many seconds it is due again, if it is. Writes, never
    commits."""
    row = session.get(Outgoing, row_id)
    if row is None:
        return None  # its person was erased meanwhile
    match outcome:
        case Sent(ref):
            outgoing.arrived(row, ref)
        case Unknown():
            row.error = outcome.reason
            outgoing.fate_unknown(row)
        case NotSent(blocked=True):
            session.get_one(Address, row.address_id).blocked_at = now()
            outgoing.give_up(row, outcome.reason)
        case NotSent(refused=True):
            outgoing.give_up(row, outcome.reason)
        case NotSent():
            seconds = outcome.retry_after
            outgoing.put_back(
                row, outgoing.pause_before(row.attempts).total_seconds() if seconds is None else seconds, outcome.reason
            )
    return (row.due - now()).total_seconds() if row.state is outgoing.State.WAITING else None
