"""A look at what families wrote is recorded, also while a question is open and everything else is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handlers.dialogue import Chat

Seen = TypeVar("Seen")


def looking(chat: Chat, look: Callable[[], Seen]) -> Seen:
    """What the verb returns; the record that it makes of the look stands whatever comes next."""
    seen: list[Seen] = []
    chat.at_once(lambda: seen.append(look()))
    return seen[0]
