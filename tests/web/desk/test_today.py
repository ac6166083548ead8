"""Today's tiles beside the answers that are owed: what a colleague may do something about, one tap from the work."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from sqlalchemy import Engine

from models.contact import to_check
from models.database import now, reading, writing
from models.meeting import Meeting
from models.partnership import Partnership
from models.role import RoleName
from tests.web.desk.colleague import Colleague
from tests.web.desk.conftest import Hire
from tests.web.desk.test_directory import TEAM, missed
from tests.web.desk.test_meetings import called, over

TO_PUBLISH, NOTES, CARDS = "to publish: read them first", "meetings with late notes", "cards to check now"


def tiles(colleague: Colleague) -> dict[str, tuple[int, str]]:
    """By what they say: how many, and where a tap leads."""
    colleague.opens("")
    found = re.findall(r'<li class="[^"]*"><a href="([^"]+)"><strong>(\d+)\+?</strong> ([^<]+)</a>', colleague.page)
    return {html.unescape(label): (int(count), html.unescape(to)) for to, count, label in found}


def follow(colleague: Colleague, label: str) -> str:
    colleague.looks(tiles(colleague)[label][1])
    return colleague.words


def test_a_publication_waits_for_another_who_may_and_for_nobody_else(hire: Hire) -> None:
    author, approver, second = hire(RoleName.APPROVER), hire(RoleName.APPROVER), hire(RoleName.BROADCASTER)
    author.sends("hand-in", "/publications/new", audience="everyone", text_en="The office is closed on Monday.")
    assert TO_PUBLISH not in tiles(author), "nobody lets their own words go"
    assert TO_PUBLISH not in tiles(second)
    assert tiles(approver)[TO_PUBLISH][0] == 1
    assert "The office is closed on Monday" in follow(approver, TO_PUBLISH)
    approver.sends("approve", "/publications/1")
    assert TO_PUBLISH not in tiles(approver)


def test_notes_are_owed_from_the_day_after_they_were_due(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    editor, viewer = hire(RoleName.BROADCASTER), hire(RoleName.VIEWER)
    meeting = called(engine, tameside)
    over(engine, meeting)
    assert NOTES not in tiles(editor)
    with writing(engine) as session:
        session.get_one(Meeting, meeting).notes_due = tameside.area.today(now()) - timedelta(days=1)
    assert tiles(editor)[NOTES][0] == 1
    assert "A chat about transport" in follow(editor, NOTES)
    assert NOTES not in tiles(viewer)
    editor.sends("notes", f"/meetings/{meeting}", notes="We talked about the taxis.")
    assert NOTES not in tiles(editor)


def test_cards_that_cannot_wait_are_counted(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    responder, viewer = hire(), hire(RoleName.VIEWER)
    before = tiles(responder).get(CARDS, (0, ""))[0]
    missed(engine, TEAM, 3)
    assert tiles(responder)[CARDS][0] == before + 1
    words = follow(responder, CARDS)
    with reading(engine) as session:
        everything = to_check(session, tameside.area, tameside.area.today(now()))
    assert f"Cards to check: {len(everything)}" in words
    assert "3 did not get through" in words
    assert CARDS not in tiles(viewer)
