"""What can go wrong between a bot and Telegram, on purpose.

The line that matters runs through the middle of each kind: was the message delivered, or not? The bot cannot tell; the
test can (`Call.handled`).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .refusals import USUAL_DESCRIPTIONS, Refused, too_many


class Kind(StrEnum):
    """Not delivered: DELAY_BEFORE (late), DROP_BEFORE, REFUSE, SILENCE, NONSENSE. Delivered: all the others."""

    DELAY_BEFORE = "delay_before"  # wait `seconds`, then handle
    DELAY_AFTER = "delay_after"  # handle, then wait `seconds` before the answer
    DROP_BEFORE = "drop_before"  # close the connection, nothing happened
    DROP_AFTER = "drop_after"  # handle, then close the connection without an answer
    REFUSE = "refuse"  # answer `code` (429 with `retry_after`), nothing happened
    REFUSE_AFTER = "refuse_after"  # handle, and answer `code` all the same
    CUT = "cut"  # handle, then send half of the answer
    SILENCE = "silence"  # never answer, nothing happened
    SILENCE_AFTER = "silence_after"  # handle, never answer
    TRICKLE = "trickle"  # handle, and answer byte by byte within `seconds`
    NONSENSE = "nonsense"  # answer `body` with the status `code`, nothing happened
    NONSENSE_AFTER = "nonsense_after"  # handle, and answer `body` with the status `code`

    @property
    def handles(self) -> bool:
        """Whether the call takes effect."""
        return self not in (Kind.DROP_BEFORE, Kind.REFUSE, Kind.SILENCE, Kind.NONSENSE)


@dataclass(slots=True)
class Fault:
    """One fault: for which calls, how likely, and how many times (None: for ever)."""

    kind: Kind
    method: str | None = None
    chat_id: int | None = None
    probability: float = 1.0
    times: int | None = 1
    seconds: float = 1.0
    code: int = 500
    description: str | None = None
    retry_after: int = 1
    body: bytes = b""
    struck: int = 0

    def fits(self, method: str, chat_id: int | None) -> bool:
        # A fault without a method is for what the bot does; listening goes on, or no test could go on either.
        here = method == self.method if self.method else method != "getUpdates"
        left = self.times is None or self.struck < self.times
        return here and left and (self.chat_id is None or self.chat_id == chat_id)

    @property
    def refusal(self) -> Refused:
        if self.code == 429:
            return too_many(self.retry_after)
        return Refused(self.code, self.description or USUAL_DESCRIPTIONS.get(self.code, f"Error {self.code}"))


class Faults:
    """The faults that are set. The first that fits a call strikes it. Chance is seeded: a run can be run again."""

    def __init__(self, seed: int = 1) -> None:
        self._set: list[Fault] = []
        self._chance = random.Random(seed)

    def add(self, fault: Fault) -> Fault:
        self._set.append(fault)
        return fault

    def clear(self) -> None:
        self._set.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._set))

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this call meets."""
        for fault in self._set:
            if fault.fits(method, chat_id) and (fault.probability >= 1 or self._chance.random() < fault.probability):
                fault.struck += 1
                return fault
        return None
