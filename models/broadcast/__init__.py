"""A text that goes to many: by whom, to whom, when, and what became of it.

Its deliveries are ordinary rows of `outgoing`, in the lane that comes last. "Nobody twice, nobody silently missed, each
message of unknown fate listed": a broadcast never repeats by itself.
"""

from __future__ import annotations

from models.broadcast.budget import had_enough, who_gets_it, who_would_get_it
from models.broadcast.deciding import (
    Move,
    NotNow,
    OwnWork,
    approve,
    go_on,
    hand_in,
    latest,
    pause,
    second_persons,
    send_back,
    stop,
    waiting_for,
)
from models.broadcast.going import (
    QUOTE,
    UPDATE,
    VIA,
    body_for,
    due_broadcasts,
    expand,
    finish,
    hold_at_night,
    quoted,
    still_wanted,
)
from models.broadcast.progress import Progress, how_many_tapped, leave, of_unknown_fate, progress, send_again, tapped
from models.broadcast.tables import Broadcast, BroadcastState, Delivery

__all__ = [
    "QUOTE",
    "UPDATE",
    "VIA",
    "Broadcast",
    "BroadcastState",
    "Delivery",
    "Move",
    "NotNow",
    "OwnWork",
    "Progress",
    "approve",
    "body_for",
    "due_broadcasts",
    "expand",
    "finish",
    "go_on",
    "had_enough",
    "hand_in",
    "hold_at_night",
    "how_many_tapped",
    "latest",
    "leave",
    "of_unknown_fate",
    "pause",
    "progress",
    "quoted",
    "second_persons",
    "send_again",
    "send_back",
    "still_wanted",
    "stop",
    "tapped",
    "waiting_for",
    "who_gets_it",
    "who_would_get_it",
]
