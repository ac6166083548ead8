"""A number about people, as it may be shown to everybody: one that could point to somebody is not shown.

The threshold is the area's (`publication.small_number`). Whoever shows a count of people outside the staff's own desk
asks here: the chat, the board, the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from models.area import Area

Name = TypeVar("Name")


def shown_number(area: Area, count: int) -> int | None:
    """The count itself; None where it is so small that it could point to somebody (say “fewer than
    {area.publication.small_number}” then). Nobody at all (0) points to nobody, and is shown."""
    return None if 0 < count < area.publication.small_number else count


def shown_counts(area: Area, counts: Mapping[Name, int]) -> dict[Name, int | None]:
    """Counts whose sum is shown too, or can be guessed: where just one of them would be hidden, it could be had by
    taking the others from the sum, so the next smallest is hidden with it."""
    shown = {name: shown_number(area, count) for name, count in counts.items()}
    hidden = [name for name, count in shown.items() if count is None]
    others = sorted((count, place) for place, (_name, count) in enumerate(shown.items()) if count)
    if len(hidden) == 1 and others:
        shown[list(shown)[others[0][1]]] = None
    return shown
