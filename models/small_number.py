"""Small numbers: how many there are is said so that nobody can be picked out.

Below the area's `publication.small_number` nothing is counted in public. That alone is not enough: one missing number
in a row that adds up is worked out by subtraction, and two lists of the same people give away their difference. So a
row that adds up loses a second number with the first; what is said about one item is only “at least so many”, in wide
steps; and a share is said in tenths, of a group large enough that no tenth stands for one family.

This is the one rule: the chat, the board, the reports and the pulses ask here. Staff at their own desk see the count
itself unless it is small (`shown_number`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

# "At least …": wide enough that one family more or less hardly ever shows, and their differences never do.
STEPS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
# A tenth of a group of 20 is two people: a share in tenths of four times the smallest number never counts one.
GROUPS_FOR_A_SHARE = 4


def at_least(count: int, small: int) -> int | None:
    """The largest round number that is not more than `count`; None when there are fewer than `small`."""
    if count < small:
        return None
    return max(step for step in (small, *STEPS) if small <= step <= count)


def shown_number(count: int, small: int) -> int | None:
    """For staff: the count itself; None where it could point to somebody. Nobody at all (0) points to nobody."""
    return None if 0 < count < small else count


def tenths(part: int, whole: int, small: int) -> int | None:
    """How many in ten, rounded; None when the group is too small for it to be said."""
    return round(10 * part / whole) if whole >= GROUPS_FOR_A_SHARE * small else None


def without_small(counts: Mapping[Key, int], small: int) -> dict[Key, int | None]:
    """The numbers of a row that adds up to a known total, with None for each that must not be said.

    Hidden are those from 1 to `small` - 1, and with them the next smallest, as few as it takes to hide at least two
    numbers and twice `small` people: with fewer, the total less the rest would say how small the small one is. A
    nought is nobody and stays.
    """
    hidden = {key for key, count in counts.items() if 0 < count < small}
    rest = sorted((count, place) for place, (key, count) in enumerate(counts.items()) if count and key not in hidden)
    keys: Sequence[Key] = list(counts)
    while hidden and rest and (len(hidden) < 2 or sum(counts[key] for key in hidden) < 2 * small):
        _count, place = rest.pop(0)
        hidden.add(keys[place])
    return {key: None if key in hidden else count for key, count in counts.items()}


def total_said(counts: Mapping[Key, int], small: int) -> int | None:
    """The total of such a row; None when it is small itself."""
    return shown_number(sum(counts.values()), small)
