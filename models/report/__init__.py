"""Counting, for everybody to see: the public board, the yearly report and the digests. Nothing is changed here.

`small` is how a number is said without pointing to anybody; `board` what the public board shows.
"""

from __future__ import annotations

from models.report.board import (
    Change,
    Promises,
    changes,
    how_many_on_board,
    on_board,
    one_on_board,
    people_behind,
    promises_between,
    promises_lately,
    start_of,
    verdicts_on,
)
from models.report.small import at_least, tenths, total_said, without_small

__all__ = [
    "Change",
    "Promises",
    "at_least",
    "changes",
    "how_many_on_board",
    "on_board",
    "one_on_board",
    "people_behind",
    "promises_between",
    "promises_lately",
    "start_of",
    "tenths",
    "total_said",
    "verdicts_on",
    "without_small",
]
