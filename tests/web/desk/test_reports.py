"""A report from the desk: begun, waited for, fetched; by those who may."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from models.database import writing
from models.partnership import Partnership
from models.role import RoleName
from models.theme import load_you_said
from tests.patience import PATIENCE
from tests.web.desk.colleague import Colleague, hired, link_for
from tests.web.serving import Served
from tests.web.test_board import violations

Hire = Callable[..., Colleague]


@pytest.fixture(autouse=True)
def _six(engine: Engine, tameside: Partnership) -> None:
    with writing(engine) as session:
        load_you_said(session, tameside.area)


def waits(colleague: Colleague, path: str) -> None:
    """As somebody without a script does: by looking again."""
    until = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < until:
        colleague.opens(path)
        threading.Event().wait(0.05)  # another process draws: it must come to it
        if "The report is being made." not in colleague.words:
            return
    raise AssertionError(colleague.words)


def test_a_viewer_makes_the_yearly_report_and_fetches_its_three_files(hire: Hire) -> None:
    viewer = hire(RoleName.VIEWER)
    viewer.opens("/reports")
    [year] = re.findall(r'href="/desk(/reports/year-\d+)"', viewer.page)[:1]
    waits(viewer, year)
    assert "The report is ready. 6 comments stand in this report. 2 comments have no answer yet." in viewer.words
    for kind, begins in {"pdf": b"%PDF", "html": b"\n<!doctype html>", "csv": b"\xef\xbb\xbf"}.items():
        file = viewer.http.get(f"/desk{year}/{kind}")
        assert file.content.lstrip().startswith(begins.strip()), kind
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.headers["cache-control"] == "no-store"


def test_it_is_made_again_only_when_asked_for(hire: Hire) -> None:
    viewer = hire(RoleName.VIEWER)
    waits(viewer, "/reports/year-2026")
    viewer.opens("/reports/year-2026")
    assert "The report is ready." in viewer.words
    viewer.opens("/reports/year-2026?anew=1")
    waits(viewer, "/reports/year-2026")
    assert "The report is ready." in viewer.words


def test_nobody_gets_what_is_not_theirs(hire: Hire, served: Served) -> None:
    council, forum = hire(RoleName.VIEWER), hire(RoleName.VIEWER, "forum")
    waits(forum, "/reports/digest-2026Q1-forum")
    assert "The report is ready." in forum.words
    assert council.opens("/reports/digest-2026Q1-forum").status_code == 403
    assert council.opens("/reports/digest-2026Q1-forum/pdf").status_code == 403
    assert forum.opens("/reports/digest-2026Q1-council").status_code == 403
    assert "forum" not in council.opens("/reports").text.partition("<main")[2]
    # A colleague's file is not one's own, though both may have it.
    waits(council, "/reports/year-2026")
    assert forum.opens("/reports/year-2026/pdf").status_code == 404
    for wrong in ("year-x", "digest-2026Q9-forum", "digest-2026Q1-nobody", "other", "year-2026/exe", "..%2f..%2fetc"):
        assert council.opens(f"/reports/{wrong}").status_code == 404, wrong


@pytest.mark.browser
def test_the_progress_is_seen_and_the_page_is_for_everybody(browser: Browser, served: Served, engine: Engine) -> None:
    with browser.new_context(base_url=served.address, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        secret = link_for(engine, hired(engine, RoleName.VIEWER))
        context.request.post(f"{served.address}/desk/enter", form={"token": secret}, headers={"Sec-Fetch-Site": "none"})
        page.goto("/desk/reports")
        assert violations(page) == []
        page.get_by_role("link", name="Make the report for").first.click()
        expect(page.get_by_role("link", name="PDF, to print or send")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
