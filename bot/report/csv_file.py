"""The comments as a spreadsheet: one row each, safe to open.

A cell that begins like a formula is one to a spreadsheet, whoever wrote it: it gets an apostrophe before it, which
spreadsheets take for “this is text” (OWASP, CSV injection). Every cell is quoted, and a byte order mark says that it is
UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.you_said import Item
from locales import _

# Also as they are written in full width, which some spreadsheets take for the same.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(text: str) -> str:
    """One line of text that no spreadsheet runs."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) else line


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def comments_csv(items: Iterable[Item], web_address: str) -> str:
    head = [
        _("Number"),
        _("About"),
        _("Families said"),
        _("Where we heard it"),
        _("Where it stands"),
        _("What is being done"),
        _("Why it cannot be done"),
        _("Who does it"),
        _("By when"),
        _("Part of"),
        _("How far with families"),
        _("Put on the board"),
        _("Last changed"),
        _("How many said it"),
        _("What families find"),
        _("Its page"),
    ]
    return as_csv([head, *(_row(item, web_address) for item in items)])


def _row(item: Item, web_address: str) -> list[str]:
    return [
        str(item.number),
        item.topic,
        item.said,
        item.heard_at,
        item.standing,
        _each(one.doing for one in item.answers),
        _each(one.reason for one in item.answers),
        _each(one.who for one in item.answers),
        _each(one.due.isoformat() if one.due else "" for one in item.answers),
        item.priority,
        item.how_far,
        item.published.isoformat(),
        item.changed.isoformat() if item.changed else "",
        item.people,
        item.verdict,
        f"{web_address}/board/{item.number}",
    ]


def _each(told: Iterable[str]) -> str:
    """One after the other, where several things go on."""
    return " / ".join(dict.fromkeys(one for one in told if one))
