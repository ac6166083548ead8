"""A long list, a page at a time: the next page begins after the last row of this one, not after so many rows.

So the thousandth page costs what the first does, and nothing is shown twice or left out when rows come meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

Row = TypeVar("Row")

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class By:
    """One thing that a list is sorted by. It is never empty, and the last of them tells any two rows apart."""

    column: Any
    kind: type[int] | type[str] | type[date] | type[datetime]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """A page of it; `after` is where the next one begins, empty on the last."""

    rows: Sequence[Row]
    after: str


def paged(session: Session, query: Select[Any], order: Sequence[By], after: str = "", most: int = A_PAGE) -> Paged[Any]:
    """A page of `query`, which selects one entity. A cursor that is none begins at the top."""
    keys = [by.column.label(f"key{place}") for place, by in enumerate(order)]
    query = query.add_columns(*keys)
    position = _from_cursor(after, order)
    if position is not None:
        query = query.where(_comes_after(order, position))
    query = query.order_by(*(by.column.desc() if by.descending else by.column for by in order)).limit(most + 1)
    found = session.execute(query).all()
    shown = found[:most]
    more = _as_cursor(shown[-1][1:]) if len(found) > most else ""
    return Paged([one[0] for one in shown], more)


def _comes_after(order: Sequence[By], position: Sequence[Any]) -> ColumnElement[bool]:
    """Greater in the first key; or the same in it and greater in the second; and so on."""
    ways = []
    for place, by in enumerate(order):
        same = [earlier.column == position[number] for number, earlier in enumerate(order[:place])]
        further = by.column < position[place] if by.descending else by.column > position[place]
        ways.append(and_(*same, further))
    return or_(*ways)


def _as_cursor(keys: Sequence[Any]) -> str:
    plain = [key.isoformat() if isinstance(key, date | datetime) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _from_cursor(cursor: str, order: Sequence[By]) -> list[Any] | None:
    if not cursor or len(cursor) > 400:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list) or len(plain) != len(order):
            return None
        position = [_read(key, by.kind) for key, by in zip(plain, order, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    return position


def _read(key: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(key)
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return moment
    if kind is date:
        return date.fromisoformat(key)
    if not isinstance(key, kind) or (isinstance(key, int) and abs(key) >= 2**63):
        raise ValueError("not a key of this kind")
    return key
