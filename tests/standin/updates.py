"""The queue of updates, with getUpdates' own rules.

An offset confirms every update with a lower id and forgets it: nobody sees it again. Until then it is delivered again
and again. Two pollers at once get the older one a 409; so does a poller beside a webhook. Whoever asks the same again
within half a second, and so confirms nothing, gets a single update (tdlib/telegram-bot-api, `process_get_updates_query`).
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from .refusals import Refused

Update: TypeAlias = dict[str, Any]

KINDS = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
    "inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost", "managed_bot", "guest_message",
})  # fmt: skip
SAME_AGAIN_SECONDS = 0.5
NOT_UNLESS_ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Pending:
    """An update that is not confirmed. `chat_id` is what a webhook keeps in order."""

    update: Update
    chat_id: int
    delivered: bool = False
    after_a_fall: bool = False  # its id is lower than earlier ones: an offset from before does not confirm it unseen


class Updates:
    """What the bot has yet to hear. The owner of the lock calls; `wake` is called whenever something is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.pending: deque[Pending] = deque()
        self.allowed: frozenset[str] = KINDS - NOT_UNLESS_ASKED_FOR
        self.webhook_active = False
        self.polls = 0
        self._again: list[Update] = []
        self._next_id = 100_000_001
        self._fell = False
        self._wake = wake
        self._poll: asyncio.Future[None] | None = None
        self._asked, self._asked_at = -1, 0.0

    def push(self, kind: str, content: Any, chat_id: int) -> Update | None:
        """Queue an update; None when the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        update: Update = {"update_id": self._next_id, kind: content}
        self._next_id += 1
        self.pending.append(Pending(update, chat_id, after_a_fall=self._fell))
        self._wake()
        return update

    def jump(self, to: int) -> None:
        """The next update gets the id `to`: after a quiet week Telegram picks a random one, which may be lower."""
        self._fell = self._fell or to < self._next_id
        self._next_id = to

    def again(self, update: Update) -> None:
        """Deliver an update once more with its old id, whatever the bot has confirmed."""
        if self.webhook_active:
            self.pending.appendleft(Pending(update, 0))
        else:
            self._again.append(update)
        self._wake()

    def allow(self, kinds: list[str] | None) -> None:
        """Remember `allowed_updates`: None keeps what was set, an empty list is the default. Later updates only."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & KINDS if kinds else KINDS - NOT_UNLESS_ASKED_FOR

    def drop_pending(self) -> None:
        self.pending.clear()
        self._again.clear()

    def confirm(self, offset: int) -> None:
        """Forget what is below `offset`; a negative one keeps only that many from the end."""
        if offset < 0:
            kept = list(self.pending)[offset:]
        elif offset > 0:
            kept = [
                one
                for one in self.pending
                if one.update["update_id"] >= offset or (one.after_a_fall and not one.delivered)
            ]
        else:
            return
        self.pending = deque(kept)

    def at_most(self, offset: int, limit: int) -> int:
        """How many updates this question is answered with, which begins now."""
        moment = time.monotonic()
        same = offset == self._asked and moment < self._asked_at + SAME_AGAIN_SECONDS
        self._asked, self._asked_at = offset, moment
        return 1 if same else limit

    def take(self, limit: int) -> list[Update]:
        """The oldest updates, still unconfirmed; those to be delivered again come first."""
        first, self._again = self._again[:limit], self._again[limit:]
        found = list(itertools.islice(self.pending, limit - len(first)))
        for one in found:
            one.delivered = True
        return first + [one.update for one in found]

    def start_poll(self) -> "asyncio.Future[None]":
        """A future that ends when something is there, or with the 409 of a poller that was pushed aside."""
        self.polls += 1
        self._poll = asyncio.get_running_loop().create_future()
        return self._poll

    @property
    def waited_for(self) -> bool:
        """Whether a poll waits."""
        return self._poll is not None and not self._poll.done()

    def end_poll(self, why: str) -> None:
        """End a poll that waits, with a 409."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(Refused(409, f"Conflict: terminated by {why}"))
        self._poll = None

    def wake_poll(self) -> None:
        """Runs on the event loop: let the waiting poll look again."""
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
