"""A long list is turned over without gaps, also when rows come meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.web.desk.paging import By, paged
from models.audit import Audit
from models.database import now, reading, writing

ORDER = (By(Audit.at, type(now()), descending=True), By(Audit.id, int))

pytestmark = pytest.mark.both_databases


def test_every_row_comes_once(engine: Engine) -> None:
    moment = now()
    with writing(engine) as session:
        # Several at the same moment: the second key tells them apart.
        session.add_all(Audit(deed="d", about=str(n), at=moment - timedelta(minutes=n // 4)) for n in range(23))
    seen: list[str] = []
    after = ""
    with reading(engine) as session:
        while True:
            page = paged(session, select(Audit), ORDER, after, most=5)
            seen += [row.about for row in page.rows]
            if not page.after:
                break
            after = page.after
    assert seen == [str(n) for n in range(23)]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "bnVsbA", "[" * 300, "é"])
def test_a_cursor_that_is_none_begins_at_the_top(engine: Engine, cursor: str) -> None:
    with writing(engine) as session:
        session.add(Audit(deed="d", about="first"))
    with reading(engine) as session:
        assert [row.about for row in paged(session, select(Audit), ORDER, cursor).rows] == ["first"]
