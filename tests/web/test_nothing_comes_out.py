"""500 identifiers, in what families wrote and in what staff wrote by mistake: none is on the board or in a report."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from bot.report.digest import digest
from bot.report.making import make_report
from bot.report.yearly import yearly
from locales import speaking
from models.database import reading, writing
from models.feedback import Status, Visibility, give_feedback
from models.partnership import Partnership
from models.person import Kind, Person
from models.theme import Theme, record_update
from tests.web.plain_identifiers import Planted, planted
from tests.web.serving import Served

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def seeds(engine: Engine, tameside: Partnership) -> list[Planted]:
    """Every second stands in a family's own words; the others were taken over into an item, its update or its reason,
    and published."""
    seeds = planted(500)
    with writing(engine) as session:
        for place, one in enumerate(seeds):
            if place % 2:
                person = Person(kind=Kind.PARENT, language="en")
                session.add(person)
                told = give_feedback(
                    session, tameside.area, person, topic="plan", text=one.text,
                    visibility=list(Visibility)[place // 2 % 4],
                )  # fmt: skip
                told.received, told.theme_id = AT, None
                continue
            theme = Theme(topic="plan", said=one.text if place % 6 == 0 else "Letters get lost.", published=AT)
            session.add(theme)
            session.flush()
            if place % 6 == 2:
                record_update(session, theme, Status.DOING, one.text, organisation="council", due=None, by=None)
            if place % 6 == 4:
                record_update(
                    session, theme, Status.CANNOT, "", organisation="council", due=None, by=None, reason=one.text
                )
    return seeds


def seen(seeds: list[Planted], text: str) -> list[str]:
    """Which of the planted stand in it as words of their own, however spaces and escapes are written."""
    flat = " ".join(html.unescape(text).split())
    found = {secret for one in seeds for secret in one.secrets}
    return sorted(secret for secret in found if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", flat))


def test_the_planted_can_be_seen_where_they_are_not_masked(seeds: list[Planted]) -> None:
    everything = " ".join(one.text for one in seeds)
    assert len(seen(seeds, everything)) > 400


@pytest.mark.timeout(280)
def test_none_of_500_comes_out(
    seeds: list[Planted], served: Served, engine: Engine, tameside: Partnership, tmp_path: Path
) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as anybody:
        paths = ["/board/feed.atom"]
        page, more = 1, True
        while more:
            shown = anybody.get(f"/board?page={page}").text
            assert seen(seeds, shown) == [], page
            paths += re.findall(r'<h2><a href="(/board/\d+)"', shown)
            page, more = page + 1, 'rel="next"' in shown
        assert len(paths) == 251
        for path in paths:
            assert seen(seeds, anybody.get(path).text) == [], path
    made = make_report(engine, tameside.area, 2026, tmp_path)
    assert made.comments == 250
    assert seen(seeds, made.html.read_text(encoding="utf-8")) == []
    assert seen(seeds, made.csv.read_text(encoding="utf-8-sig")) == []
    with reading(engine) as session, speaking("en"):
        # The PDF is set from this and from nothing else.
        assert seen(seeds, json.dumps(yearly(session, tameside.area, 2026).as_json(), ensure_ascii=False)) == []
    with writing(engine) as session, speaking("en"):
        forum = digest(session, tameside.area, "2026Q1", "forum", None).as_json()
    assert "[a name]" in str(forum)
    assert seen(seeds, json.dumps(forum, ensure_ascii=False)) == []
