"""How fast a channel may be written to: two lanes under one ceiling.

Telegram takes some 30 messages a second over all from one bot and refuses the rest. Here never more than that start
in any second, and what is left of it after replies goes to everything else, evenly spaced, so that a reply finds a
free place within a thirtieth of a second.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque

# The window is kept a little longer than a second: clocks and the way to Telegram are not exact.
MARGIN = 0.01


class Pace:
    def __init__(self, per_second: int) -> None:
        """`per_second`: messages over all; 0 is no ceiling."""
        self.per_second = per_second
        self._started: deque[float] = deque(maxlen=max(per_second, 1))
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._bell: asyncio.TimerHandle | None = None
        self._second_lane_from = 0.0

    async def turn(self, *, first_lane: bool) -> None:
        """Returns when a message may start."""
        if self.per_second == 0 and (first_lane or self._second_lane_from <= _clock()):
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not first_lane, next(self._order), future))
        self._go()
        await future

    def hold_second_lane(self, seconds: float) -> None:
        """The channel asked for a pause: replies go on, everything else waits."""
        self._second_lane_from = max(self._second_lane_from, _clock() + seconds)

    def _go(self) -> None:
        while self._waiting:
            second_lane, _number, future = self._waiting[0]
            if future.done():  # its sender was cancelled
                heapq.heappop(self._waiting)
                continue
            at = self._next_place(second_lane=second_lane)
            if at > _clock():
                self._ring_at(at)
                return
            heapq.heappop(self._waiting)
            self._started.append(_clock())
            if second_lane and self.per_second:
                self._second_lane_from = max(self._second_lane_from, _clock() - MARGIN) + (1 + MARGIN) / self.per_second
            future.set_result(None)

    def _next_place(self, *, second_lane: bool) -> float:
        full = self.per_second and len(self._started) == self.per_second
        at = self._started[0] + 1 + MARGIN if full else 0.0
        return max(at, self._second_lane_from) if second_lane else at

    def _ring_at(self, at: float) -> None:
        if self._bell is not None:
            self._bell.cancel()
        self._bell = asyncio.get_running_loop().call_at(at, self._go)


def _clock() -> float:
    return asyncio.get_running_loop().time()
