"""The program from its clock to people's phones, with the hands of the clock in the test's hand.

A real database, the real sweeps and the real post, over HTTP to the stand-in for the Bot API, which notes what reached
whom at what time. Families come to meetings and are on the list of publications.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import Engine

from bot.channels.telegram import Telegram, new_bot
from bot.clock import Clock, Sweep
from bot.post import Post
from bot.sweeps import SWEEPS, still_wanted
from bot.writer import Writer
from handlers.publish.compose import plain_text
from models import consent, meeting, outgoing
from models.area.rules import QuietHours
from models.broadcast import hand_in
from models.database import now, writing
from models.meeting import Coming, Draft, Way
from models.partnership import Partnership
from models.person import Kind, meet
from models.role import Role, RoleName
from tests.standin import BotApi
from tests.standin.judge import Shown

LONDON = ZoneInfo("Europe/London")
A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# What a test of time is about; the others look for nothing that is there.
SOME = [one for one in SWEEPS if one.name in ("reminders", "publications")]


@dataclass(frozen=True, slots=True)
class Arrival:
    at: datetime
    chat: int
    text: str


class Hands:
    """`quiet`: from when to when, by the clock on the wall, nothing may arrive."""

    def __init__(
        self,
        engine: Engine,
        api: BotApi,
        partnership: Partnership,
        clock: time_machine.Traveller,
        quiet: tuple[time, time],
        sweeps: Sequence[Sweep] = SOME,
    ) -> None:
        hours = QuietHours(start=quiet[0], end=quiet[1])
        self.partnership = replace(partnership, area=partnership.area.model_copy(update={"quiet_hours": hours}))
        self.engine, self.api, self.clock, self.quiet_hours, self.sweeps = engine, api, clock, quiet, sweeps
        self.arrivals: list[Arrival] = []
        self.minutes = self.starts = 0
        api.world.arrived = self._arrived

    def _arrived(self, chat: int, shown: Shown) -> None:
        self.arrivals.append(Arrival(now(), chat, shown.text))

    # Setting it up

    def family(self, number: int) -> None:
        self.api.crowd(1, first_id=number)
        with writing(self.engine) as session:
            person = meet(session, "telegram", str(number)).person
            person.kind = Kind.PARENT
            consent.agree(session, person, self.partnership.area)

    def meets(self, title: str, starts: datetime, families: Sequence[int]) -> None:
        """They are coming."""
        area = self.partnership.area
        with writing(self.engine) as session:
            boss = meet(session, "terminal", "boss").person
            if session.get(Role, 1) is None:
                session.add(Role(person=boss, name=RoleName.BROADCASTER, organisation="council"))
                session.flush()
            draft = Draft(title, "To talk.", starts, 60, (Way.IN_PERSON,), place="Hub", short_notice_because="Test.")
            called = meeting.call(session, area, boss, draft)
            for number in families:
                meeting.say(session, area, called, meet(session, "telegram", str(number)).person, Coming.YES)

    def publishes(self, text: str, at: datetime) -> None:
        texts = {"en": text}
        with writing(self.engine) as session:
            messages = plain_text(self.partnership.area, texts)
            hand_in(session, "everyone", texts, messages, at=at, by=None, needs_approval=False)

    # Time goes by

    async def __aenter__(self) -> Hands:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        self.bot = new_bot(self.api.token, self.api.url)
        await self.bot.initialize()
        self.writer = Writer(self.engine)
        self.writer.start()
        wanted = still_wanted(self.partnership)
        self.post = Post(self.engine, self.writer, [Telegram(self.bot)], still_wanted=wanted, per_second=0)
        self.sweeping = Clock(self.writer, self.partnership, self.sweeps, lambda: None)
        await self.writer.do(outgoing.settle_interrupted)
        self.starts += 1

    async def stop(self) -> None:
        await self.post.idle()
        await self.bot.shutdown()
        await asyncio.to_thread(self.writer.stop)

    async def minute(self) -> None:
        """What happens in one minute."""
        self.minutes += 1
        await self.sweeping.sweep()
        while await self.post.round():
            await self.post.idle()
        await self.post.idle()

    # What is true of it

    def quiet(self, moment: datetime) -> bool:
        start, end = self.quiet_hours
        wall = moment.astimezone(LONDON).time()
        return start <= wall < end if start < end else wall >= start or wall < end

    def told(self, chat: int, words: str) -> list[datetime]:
        return [one.at for one in self.arrivals if one.chat == chat and words in one.text]


def wall(moment: datetime) -> Any:
    """Day and time by the clock on the wall."""
    here = moment.astimezone(LONDON)
    return here.date(), here.time()
