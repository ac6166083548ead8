"""How fast a channel may be written to: so many messages a second over all, one a second in each chat, two lanes.

Telegram counts what reaches it, and refuses the one too many in any second. When a message arrives there is not known;
that it was after it left us and before we had the answer is. So there are as many places as messages are allowed, and a
place is free again a second after the answer to what stood in it, less the quickest way there and back that was seen:
then two messages of one place are never less than a second apart where they are counted, whatever becomes of either on
the way. It costs what the way varies, no more: 99 % of the ceiling is used.

Replies and safety go first. What is left goes to everything else, evenly spaced. From the moment that somebody was
heard the next place is kept for their reply, and while people talk a little more than that is kept free: whoever is in
a conversation does not feel that thousands are being written to. When people talk so much that nothing is left,
everything else still gets every thirtieth place: a publication never stands still.
Among those who wait in the first lane, what matters most goes first: an alert, then the words that answer somebody,
then what only comes with them.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import OrderedDict, deque
from dataclasses import dataclass

# The clock of the machine and the timers of its event loop are not exact.
MARGIN = 0.001
# Whatever has not been answered for so long has long arrived, if it ever will: its place is not held for its answer.
ARRIVED_BY = 1.0
# How much the way varies is known from so many answers. The quickest of so many such batches counts: a way that has
# become longer is noticed after a minute or two, and one that was long only while much was going on is not believed.
REMEMBERED, BATCHES = 200, 10
# Before so many answers nothing is made of the way: the first seconds of a process are slower than the rest.
LEARNT_FROM = 300
DOUBT = 0.25
# So many seconds of replies say how much people talk.
TALK_SECONDS = 10.0
# Who was heard is answered when that is committed, a few ms later; a place is not kept for longer than this.
ANSWERED_WITHIN = 0.25
# For how much of the time a place is kept free while people talk, though nobody was heard just now; and from how many
# replies a second on it is always.
PART_KEPT, ALWAYS_FROM = 0.4, 8.0
# However much people talk, a message of the second lane leaves after as long as so many would take.
LONGEST_STANDSTILL = 30
# Who has to wait longer than this for their turn does not wait here, but as a row in the database.
LONGEST_WAIT = 2.0


class Held(Exception):
    """Not now, and not soon: the channel has asked for a pause of so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


@dataclass(slots=True)
class Place:
    """Where a message stands while it is on its way. `began` is the loop's time."""

    began: float
    chat: str
    counts: bool


class Way:
    """How long a message and its answer take at least: what was answered just now had arrived so much earlier at the
    latest, by a clock that is late by the way there."""

    def __init__(self) -> None:
        self.quickest = 0.0
        self._seen = 0
        self._lately: deque[float] = deque(maxlen=REMEMBERED)
        self._least: deque[float] = deque(maxlen=BATCHES)

    def took(self, seconds: float) -> None:
        if self._seen % REMEMBERED == 0:
            self._least.append(seconds)
        self._seen += 1
        self._least[-1] = min(self._least[-1], seconds)
        self._lately.append(seconds)
        if self._seen < LEARNT_FROM:
            return
        least = min(self._least)
        # The quickest possible may not have been seen yet: the more the way varies, the less is made of it.
        usual = sorted(self._lately)[len(self._lately) // 2]
        self.quickest = max(least - (usual - least) * DOUBT - MARGIN, 0.0)


# Its rank, and in what order it came.
_Waiting = tuple[int, int, str, asyncio.Future[Place]]


class Pace:
    def __init__(self, per_second: int, chat_seconds: float = 0.0) -> None:
        """`per_second`: messages over all; 0 is no ceiling. `chat_seconds`: between two messages in one chat."""
        self.per_second, self.chat_seconds = per_second, chat_seconds
        # When each place is free again. Those that stand for something on its way are not among them.
        self._free: list[float] = [0.0] * per_second
        self._chats: OrderedDict[str, float] = OrderedDict()
        self._first_lane: list[_Waiting] = []
        self._second_lane: list[_Waiting] = []
        self._order = itertools.count()
        self._bell: asyncio.TimerHandle | None = None
        self._second_lane_from = 0.0
        # Since when what waits in the second lane has seen nothing of it leave.
        self._standing_since = 0.0
        self._held_until = 0.0
        self._way = Way()
        self._replies: deque[float] = deque(maxlen=max(per_second, 1) * int(TALK_SECONDS))
        # When those were heard who have no answer yet.
        self._heard: deque[float] = deque(maxlen=max(per_second, 1))

    def expect_reply(self) -> None:
        """Somebody was heard here: a place in the first lane will be asked for as soon as that is committed."""
        if self.per_second:
            self._heard.append(_clock())

    async def turn(self, chat: str = "", *, first_lane: bool, rank: int = 0) -> Place:
        """Returns when a message may leave; say `arrived` of what it returns once there is an answer. Of a lane, the
        lowest `rank` leaves first. Raises `Held` when that would be too long."""
        held = max(self._chats.get(chat, 0.0), 0.0 if first_lane else self._held_until) - _clock()
        if held > LONGEST_WAIT:
            raise Held(held)
        if held > 0:
            await asyncio.sleep(held)
        if not self.per_second:
            return Place(_clock(), chat, counts=False)
        if first_lane and self._heard:
            self._heard.popleft()
        elif not first_lane and not self._second_lane:
            self._standing_since = _clock()
        future: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        lane = self._first_lane if first_lane else self._second_lane
        heapq.heappush(lane, (rank, next(self._order), chat, future))
        self._go()
        try:
            place = await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.arrived(future.result())  # nobody takes it any more
            raise
        if first_lane:
            self._replies.append(place.began)
        return place

    def arrived(self, place: Place) -> None:
        """There is an answer, whatever it is."""
        moment = _clock()
        if place.counts:
            self._way.took(moment - place.began)
            self._free_again(place, moment - self._way.quickest)
        if self.chat_seconds and place.chat:
            self._hold_chat(place.chat, moment - self._way.quickest + self.chat_seconds)

    def hold_chat(self, chat: str, seconds: float) -> None:
        """The channel asked for a pause in one chat: all others go on."""
        self._hold_chat(chat, _clock() + seconds)

    def hold_second_lane(self, seconds: float) -> None:
        """The channel asked for a pause in all of them: replies go on as far as they are let, everything else waits."""
        self._held_until = max(self._held_until, _clock() + seconds)
        if self.held:
            for _rank, _number, _chat, future in self._second_lane:
                if not future.done():
                    future.set_exception(Held(seconds))

    def begin_full(self) -> None:
        """Somebody else wrote to this channel until now. What they sent last is not known here, and some of it may just
        be arriving: for a second every place counts as taken, and then one after the other is free, so that neither
        the ceiling nor a chat feels that another has taken over."""
        first = _clock() + 1 + MARGIN
        self._free = [first + number / self.per_second for number in range(len(self._free))]

    def held_chats(self) -> list[str]:
        """The chats in which nothing may be sent at this moment."""
        moment = _clock()
        return [chat for chat, until in self._chats.items() if until > moment]

    @property
    def held(self) -> bool:
        """Whether the second lane stands still, and not only for a moment."""
        return self._held_until - _clock() > LONGEST_WAIT

    # Places

    def _free_again(self, place: Place, counted: float) -> None:
        place.counts = False
        heapq.heappush(self._free, counted + 1 + MARGIN)
        self._go()

    def _no_answer(self, place: Place) -> None:
        if place.counts:
            self._free_again(place, _clock())  # however quick the way may be otherwise

    def _hold_chat(self, chat: str, until: float) -> None:
        moment = _clock()
        while self._chats and next(iter(self._chats.values())) <= moment:
            self._chats.popitem(last=False)
        self._chats[chat] = max(until, self._chats.get(chat, 0.0))
        self._chats.move_to_end(chat)

    def _kept_for_replies(self) -> float:
        """How many places must stay free, and for how much of the time one more; nothing while nobody talks. What
        replies stand in counts as well: together no more than half of all, but always some.

        A whole place costs everything else a thirtieth, and without any a reply waits up to 33 ms. So one is kept for
        each who was just heard, and before that, for the more of the time the more people talk, a part of one: a reply
        that nobody foresaw then seldom waits, and never for longer than until the next place."""
        moment = _clock()
        while self._replies and self._replies[0] < moment - TALK_SECONDS:
            self._replies.popleft()
        while self._heard and self._heard[0] < moment - ANSWERED_WITHIN:
            self._heard.popleft()
        if not self._replies:
            return min(self.per_second // 2, len(self._heard))
        in_use = sum(1 for _one in itertools.takewhile(lambda began: began > moment - 1, reversed(self._replies)))
        a_second = len(self._replies) / TALK_SECONDS
        a_part = min(max(PART_KEPT, a_second / ALWAYS_FROM), 1)
        return max(min(self.per_second // 2 - in_use, len(self._heard) + a_part), a_part)

    def _go(self) -> None:
        while (second_lane := self._whose_turn()) is not None:
            at = self._next_place(second_lane=second_lane)
            if at is None:
                return  # all places are on their way; the first that arrives goes on here
            if at > _clock():
                self._ring_at(at)
                return
            heapq.heappop(self._free)
            _rank, _number, chat, future = heapq.heappop(self._second_lane if second_lane else self._first_lane)
            self._start(chat, future, second_lane=second_lane)

    def _whose_turn(self) -> bool | None:
        """Whether it is the second lane's; None when nobody waits."""
        for lane in (self._first_lane, self._second_lane):
            while lane and lane[0][3].done():  # its sender was cancelled
                heapq.heappop(lane)
        if not self._second_lane:
            return False if self._first_lane else None
        return not self._first_lane or self._stood_still()

    def _stood_still(self) -> bool:
        moment = _clock()
        longest = LONGEST_STANDSTILL / self.per_second
        return moment >= self._held_until and moment - self._standing_since >= longest

    def _start(self, chat: str, future: asyncio.Future[Place], *, second_lane: bool) -> None:
        moment = _clock()
        if second_lane:
            # A timer that was late is made up for by the next, up to one message.
            step = 1 / self.per_second
            self._second_lane_from = max(self._second_lane_from, moment - step) + step
            self._standing_since = moment
        place = Place(moment, chat, counts=True)
        asyncio.get_running_loop().call_later(ARRIVED_BY, self._no_answer, place)
        future.set_result(place)

    def _next_place(self, *, second_lane: bool) -> float | None:
        """When the next message of this lane may leave; None when that depends on an answer."""
        kept = self._kept_for_replies() if second_lane and not self._stood_still() else 0
        needed = 1 + int(kept)
        if len(self._free) < needed:
            return None
        at = self._free[0] if needed == 1 else heapq.nsmallest(needed, self._free)[-1]
        if not second_lane:
            return at
        # A part of a place is one that is left free for that part of the time until the next.
        return max(at + kept % 1 / self.per_second, self._second_lane_from, self._held_until)

    def _ring_at(self, at: float) -> None:
        if self._bell is not None:
            self._bell.cancel()
        self._bell = asyncio.get_running_loop().call_at(at, self._go)


def _clock() -> float:
    return asyncio.get_running_loop().time()
