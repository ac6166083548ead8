"""Telegram's ceiling on sending, policed strictly: so many messages a second over all, one a second in each chat.

A sliding window: at no moment do the last `window` seconds hold more than is allowed. A refused call does not count,
and is told how long to wait.
"""

import math
import time
from collections import deque
from dataclasses import dataclass, field

from .refusals import too_many


@dataclass
class Pace:
    """The ceiling. `overall` messages in `window` seconds, `per_chat` of them in one chat; None does not police."""

    overall: int | None = None
    per_chat: int | None = None
    window: float = 1.0
    refusals: int = 0
    passed: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def check(self, method: str, chat_id: int | None) -> None:
        """Raises Refused (429) when this message is one too many. Only messages count, not edits or answers."""
        if not method.startswith("send") or method == "sendChatAction" or chat_id is None:
            return
        if self.overall is None and self.per_chat is None:
            return
        now = time.monotonic()
        chat = self._chats.setdefault(chat_id, deque())
        wait = max(self._wait(self._all, self.overall, now), self._wait(chat, self.per_chat, now))
        if wait > 0:
            self.refusals += 1
            raise too_many(math.ceil(wait))
        self.passed += 1
        self._all.append(now)
        chat.append(now)

    def _wait(self, sent: deque[float], allowed: int | None, now: float) -> float:
        while sent and sent[0] <= now - self.window:
            sent.popleft()
        if allowed is None or len(sent) < allowed:
            return 0.0
        return sent[-allowed] + self.window - now
