"""The machine was off for three days, or its clock jumps by one: what is due comes once, late, and nothing that is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from sqlalchemy import select

from bot.partnership import open_partnership
from models import meeting
from models.database import open_database, writing
from models.meeting import Coming, Draft, Way
from models.person import Person, meet
from models.role import RoleName, accept, invite
from tests.dated import DatedProgram
from tests.faults.program import until
from tests.faults.test_kill import TEXT, families
from tests.standin import BotApi

START = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
OVER, AHEAD = "The one that is over by then", "The one that is still ahead"


def test_three_days_off_and_a_clock_that_jumps_a_day_either_way(tmp_path: Path, api: BotApi) -> None:
    program = DatedProgram(tmp_path, api, START)
    with program:
        with time_machine.travel(START, tick=True):
            crowd = families(program, api, 3)
            two_meetings(program.database_url)
        (tmp_path / "text").write_text(TEXT)
        at = f"{START + A_DAY:%Y-%m-%dT09:00}"
        program.run("publish", "--text-file", str(tmp_path / "text"), "--to", "everyone", "--at", at, "--yes", "--json")
        program.kill()

        program.moment = START + 3 * A_DAY
        program.start()
        until(lambda: all(said(api, one, TEXT) == said(api, one, AHEAD) == 1 for one in crowd), "what is late")
        for jump in (A_DAY, -A_DAY, -A_DAY, 2 * A_DAY):
            program.jump_to(program.moment + jump)
            newcomer = api.person(9_000, "Kim")
            newcomer.says("/menu")
            newcomer.hears(timeout=30)
    for one in crowd:
        assert said(api, one, TEXT) == 1
        assert said(api, one, OVER) == 0
        # A week, a day and two hours before: of those that were missed one was said; the last two came in their time.
        assert 1 <= said(api, one, AHEAD) <= 2


def two_meetings(database_url: str) -> None:
    engine = open_database(database_url)
    area = open_partnership("tameside", "").area
    with writing(engine) as session:
        boss = meet(session, "terminal", "boss").person
        _invite, secret = invite(session, RoleName.ADMIN, "council", None)
        accept(session, secret, boss)
        for title, starts in ((OVER, START + 2 * A_DAY), (AHEAD, START + 4 * A_DAY)):
            draft = Draft(
                title, "To talk.", starts, 60, (Way.IN_PERSON,), place="Family hub", short_notice_because="A test."
            )
            called = meeting.call(session, area, boss, draft)
            for person in session.scalars(select(Person).where(Person.agreed_to.is_not(None))):
                meeting.say(session, area, called, person, Coming.YES)
    engine.dispose()


def said(api: BotApi, chat: int, words: str) -> int:
    return sum(words in text for text in api.chat(chat).texts)
