"""The composition root: settings -> database -> channels -> clock. The only place that knows every part."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine

from bot.migrations import migrate
from bot.partnership import load_rows, open_partnership
from bot.settings import Settings
from bot.turn import Turns
from bot.writer import Writer
from models.database import open_database, writing
from models.partnership import Partnership

log = structlog.get_logger()


@dataclass
class House:
    """Everything that runs, put together. `prepare` opens it; nothing runs before `serve`."""

    settings: Settings
    engine: Engine
    partnership: Partnership
    writer: Writer = field(init=False)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.engine)
        self.turns = Turns(self.writer, self.partnership)


def prepare(settings: Settings, telegram_name: str = "") -> House:
    """The database made or brought up to date, the area loaded into it. Raises `AreaError` or a database error."""
    engine = open_database(settings.database_url)
    migrate(engine)
    partnership = open_partnership(settings.area, settings.web_address, telegram_name)
    with writing(engine) as session:
        load_rows(session, partnership.area)
    return House(settings, engine, partnership)
