"""Counting: for the public board, the yearly report and the digests. No row is changed; a look at words is recorded.

`board` is what the public board shows; `counting` what was
said in a year or a quarter; `shared` what the forum alone was told.
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
    verdicts_on,
)
from models.report.counting import (
    Felt,
    Parts,
    Period,
    Said,
    by_month,
    comments_of,
    counted_by,
    felt_by_month,
    how_many,
    how_many_joined,
    meetings_by_rung,
    parts_by_organisation,
)
from models.report.shared import shared_with_forum

__all__ = [
    "Change",
    "Felt",
    "Parts",
    "Period",
    "Promises",
    "Said",
    "by_month",
    "changes",
    "comments_of",
    "counted_by",
    "felt_by_month",
    "how_many",
    "how_many_joined",
    "how_many_on_board",
    "meetings_by_rung",
    "on_board",
    "one_on_board",
    "parts_by_organisation",
    "people_behind",
    "promises_between",
    "promises_lately",
    "shared_with_forum",
    "verdicts_on",
]
