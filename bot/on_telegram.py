"""Telegram as this program runs it: introduced, listening by polling or webhook, its menus kept up to date, and the
files fetched that people sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from bot.channels.telegram import (
    Hearing,
    Polling,
    Telegram,
    describe,
    forget_staff_commands,
    new_bot,
    open_webhook,
    set_staff_commands,
    webhook_route,
)
from bot.settings import Settings
from bot.turn import Turned, Turns
from bot.writer import Writer, what_failed
from models.attachment import Attachment, to_fetch
from models.database import now, reading
from models.partnership import Partnership
from models.person import Address
from models.role import GRANTS, Permission, Role

log = structlog.get_logger()

# How often somebody's commands are compared with their role, and files are asked for that have not come yet.
LOOK_EVERY_SECONDS = 15.0
LONGEST_PAUSE_SECONDS = 60.0


class OnTelegram:
    def __init__(self, settings: Settings, engine: Engine, writer: Writer, partnership: Partnership) -> None:
        self.settings, self.engine, self.writer, self.partnership = settings, engine, writer, partnership
        self.bot = new_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        self.channel = Telegram(self.bot)
        self.hearing: Hearing | None = None
        self.introduced = False
        self._menus: dict[str, tuple[str, frozenset[Permission]]] = {}

    async def introduce(self) -> str:
        """The bot's name, once Telegram has answered. Raises TelegramError."""
        await self.bot.initialize()
        self.introduced = True
        return self.bot.username

    def hear(self, turns: Turns, on_turned: Callable[[Turned], None]) -> None:
        self.hearing = Hearing(self.channel, turns, on_turned)

    def routes(self) -> list[BaseRoute]:
        if not self.settings.public_url or self.hearing is None:
            return []
        return [webhook_route(self.hearing, self.settings.webhook_secret)]

    async def run(self) -> None:
        """Goes on until cancelled."""
        await self.known()
        errands = [self.listen(), describe(self.bot, self.partnership.area), self._look_after()]
        await asyncio.gather(*errands)

    async def close(self) -> None:
        if self.hearing is not None:
            await self.hearing.idle()
        await self.bot.shutdown()

    async def known(self) -> None:
        """Returns once Telegram has told us who we are, however long that takes."""
        pause = 1.0
        while not self.introduced:
            try:
                await self.introduce()
            except Exception as error:
                log.warning("Telegram does not answer yet", **what_failed(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    @property
    def polls(self) -> bool:
        """Whether we ask Telegram for messages; else it brings them by webhook."""
        return not self.settings.public_url

    async def listen(self) -> None:
        """Goes on until cancelled, where we poll; else it says where the webhook is, and returns."""
        if self.hearing is None:
            return
        if self.settings.public_url:
            await open_webhook(self.bot, self.settings.public_url, self.settings.webhook_secret)
        else:
            await Polling(self.bot, self.hearing).run()

    # Small matters that nobody waits for

    async def _look_after(self) -> None:
        while True:
            try:
                await self._fetch_files()
                await self._keep_menus()
            except Exception as error:
                log.error("looking after Telegram failed", **what_failed(error))
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _fetch_files(self) -> None:
        for number, ref in await asyncio.to_thread(self._files_to_fetch):
            try:
                content = await self.channel.fetch(ref)
            except Exception as error:
                log.warning("a file has not come yet", attachment=number, **what_failed(error))
                content = None
            await self.writer.do(lambda session, number=number, content=content: _keep_file(session, number, content))  # type: ignore[misc]

    def _files_to_fetch(self) -> list[tuple[int, str]]:
        with reading(self.engine) as session:
            return [(row.id, row.ref) for row in to_fetch(session, self.channel.name)]

    async def _keep_menus(self) -> None:
        """Staff see their commands beside everybody's; whoever was removed sees everybody's alone."""
        wanted = await asyncio.to_thread(self._staff)
        for key in self._menus.keys() - wanted.keys():
            await forget_staff_commands(self.bot, key)
        for key, (language, permissions) in wanted.items():
            if self._menus.get(key) != (language, permissions):
                await set_staff_commands(self.bot, key, language, permissions)
        self._menus = wanted

    def _staff(self) -> dict[str, tuple[str, frozenset[Permission]]]:
        with reading(self.engine) as session:
            query = (
                select(Address, Role)
                .join(Role, Role.person_id == Address.person_id)
                .where(Address.channel == self.channel.name, Address.blocked_at.is_(None), Role.ended.is_(None))
            )
            found: dict[str, tuple[str, frozenset[Permission]]] = {}
            for address, role in session.execute(query):
                _language, before = found.get(address.key, ("", frozenset()))
                found[address.key] = (address.person.language, before | GRANTS[role.name])
            return found


def _keep_file(session: Session, number: int, content: bytes | None) -> None:
    row = session.get(Attachment, number)
    if row is None:
        return  # erased meanwhile
    row.tries += 1
    if content is not None:
        row.content, row.size, row.fetched = content, len(content), now()
