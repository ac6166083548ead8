"""What became of an attempt to send: sent, not sent, or unknown (DESIGN 5). A channel never guesses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel said so, with its own number for the message."""

    ref: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive. `reason` is for staff and logs: no words, no names, no tokens."""

    reason: str
    # The person has shut us out: left alone until they speak again.
    blocked: bool = False
    # Seconds to wait before anything (`everyone`) or this chat is tried again; None: at the usual pace.
    retry_after: float | None = None
    everyone: bool = False
    # Trying again would not help (the message itself is refused): it waits for staff.
    refused: bool = False
    # The channel does not know us any more (a wrong token): everything stops, loudly.
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived, or not."""

    reason: str


Outcome = Sent | NotSent | Unknown
