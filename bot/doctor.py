"""What is not in order, in words: settings, database, migrations, area, duty rota, versions, clock, Telegram.

Every finding is looked at by itself, so that one that fails hides no other.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from bot.mail import Mail
from bot.migrations import current, newest
from bot.safety_cli import how_signed
from bot.settings import TELEGRAM, Settings, SettingsError, read_settings
from models.alert import unheld_alerts
from models.area import Area, AreaError, complaints, load_area
from models.database import now, open_database, reading
from models.duty import Order, email_address, turns, watched
from models.received import unhandled
from models.second_look import counted

# RETURNING, which claims invites and messages, came with 3.35.
OLDEST_SQLITE = (3, 35, 0)
# Codes and invites expire by the clock: more than this apart from the database's own is a fault.
CLOCKS_APART_SECONDS = 5

Level = Literal["ok", "look", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    says: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine() -> list[Finding]:
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Finding("wrong", "settings", str(error)), _versions()]
    looks: list[Callable[[Settings], Iterator[Finding]]] = [_settings, _database, _area, _duty, _words]
    findings = [_versions()]
    for look in looks:
        try:
            findings += look(settings)
        except Exception as error:
            findings.append(
                Finding("wrong", look.__name__.strip("_"), f"could not be looked at ({type(error).__name__})")
            )
    return findings


def _versions() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    old = sqlite3.sqlite_version_info < OLDEST_SQLITE
    says = f"Python {python}, SQLite {sqlite3.sqlite_version}"
    return Finding("wrong" if old else "ok", "versions", says + (": SQLite 3.35 or newer is needed" if old else ""))


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", "settings", f"area {settings.area}, web chat at {settings.web_address}")
    if not settings.telegram_token.get_secret_value():
        yield Finding("look", "Telegram", "no TELEGRAM_TOKEN: only the web chat and the terminal are served")
    elif settings.telegram_api_url != TELEGRAM:
        yield Finding("look", "Telegram", "TELEGRAM_API_URL is not Telegram's own")
    else:
        yield Finding("ok", "Telegram", "webhooks" if settings.public_url else "polling (no PUBLIC_URL)")
    if settings.host not in ("127.0.0.1", "localhost", "::1") and not settings.public_url.startswith("https://"):
        yield Finding(
            "look", "web chat", "others can reach it without HTTPS: put a proxy with HTTPS before it, set PUBLIC_URL"
        )


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    engine = open_database(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _database(settings: Settings) -> Iterator[Finding]:
    with _opened(settings) as engine:
        yield from _about_database(settings, engine)


def _about_database(settings: Settings, engine: Engine) -> Iterator[Finding]:
    where = make_url(settings.database_url).render_as_string(hide_password=True)
    try:
        with reading(engine) as session:
            theirs = session.scalar(text(_CLOCK[engine.dialect.name]))
        at = current(engine)
    except Exception as error:
        yield Finding("wrong", "database", f"{where} does not answer ({type(error).__name__})")
        return
    yield Finding("ok", "database", where)
    apart = abs(time.time() - float(theirs or 0))
    yield Finding(
        "ok" if apart <= CLOCKS_APART_SECONDS else "wrong", "clock", f"{apart:.0f} seconds from the database's"
    )
    if at != newest():
        says = (
            "empty: `yousaid start` makes its tables"
            if at is None
            else f"at {at}, this release needs {newest()}: run `yousaid migrate`"
        )
        yield Finding("look" if at is None else "wrong", "migrations", says)
        return
    yield Finding("ok", "migrations", f"at {at}")
    with reading(engine) as session:
        failed = len(unhandled(session))
    if failed:
        yield Finding("look", "messages", f"{failed} made the program fail and wait in the inbox for staff")


# Seconds since 1970, by the database's own clock.
_CLOCK = {
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400",
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
}


def _area(settings: Settings) -> Iterator[Finding]:
    try:
        area = load_area(settings.area)
    except AreaError as error:
        yield Finding("wrong", "area", str(error))
        return
    yield Finding("ok", "area", f"{area.name}, {len(area.contacts)} contacts")
    for complaint in complaints(area, area.today(now())):
        yield Finding("look", "area", complaint)


def _duty(settings: Settings) -> Iterator[Finding]:
    """Whether somebody hears of it when somebody may be at risk, and on how many ways."""
    with _opened(settings) as engine:
        if current(engine) == newest():
            yield from _about_duty(settings, load_area(settings.area), engine)


def _about_duty(settings: Settings, area: Area, engine: Engine) -> Iterator[Finding]:
    with reading(engine) as session:
        people = {turn.person_id: turn.person for turn in turns(session, area)}
        orders = {turn.order for turn in turns(session, area)}
        without = [one for one in people.values() if email_address(session, one) is None]
        if not people:
            yield Finding("look", "duty", "nobody is on the duty rota: type “duty” in the chat (docs/duty.md)")
        elif not watched(session, area):
            yield Finding("look", "duty", "nobody on the duty rota can be reached today")
        else:
            yield Finding("ok", "duty", f"{len(people)} people on the rota")
            for order in [order for order in Order if order not in orders]:
                yield Finding("look", "duty", f"the rota has no {order.value}: all who look after alerts are told")
            words = area.retention.alert_words.months
            yield Finding("ok", "alert words", f"{len(people)} people may open them; kept {words} months after closing")
        unheld = unheld_alerts(session)
        if unheld:
            yield Finding("wrong", "alerts", f"nobody has {', '.join(alert.code for alert in unheld)}")
        counts = counted(session)
    says = f"read again {counts.read}, missed {counts.missed}, still to read {counts.waiting}"
    yield Finding("look" if counts.waiting else "ok", "misses", says)
    server = settings.mail_server
    if server is None:
        yield Finding("look", "e-mail", "no SMTP_URL: staff on duty are told in the chat alone, one way instead of two")
        return
    trouble = asyncio.run(Mail(server, seconds=10).try_out())
    if trouble:
        yield Finding("wrong", "e-mail", f"{server.host} does not let us in ({trouble})")
    else:
        yield Finding("ok", "e-mail", f"{server.host} lets us in")
    if without:
        yield Finding("look", "e-mail", f"{len(without)} people on duty have given no e-mail address, or it refuses us")


def _words(settings: Settings) -> Iterator[Finding]:
    """Whether what is said to somebody in danger has been read by whoever answers for it."""
    area = load_area(settings.area)
    with _opened(settings) as engine:
        missing = how_signed(area, engine if current(engine) == newest() else None)
    if missing.never:
        says = f"{len(missing.never)} sentences said in danger are not signed off: {', '.join(missing.never)}"
        yield Finding("look", "words", says)
    if missing.changed:
        yield Finding("look", "words", f"changed since they were signed off: {', '.join(missing.changed)}")
    if not missing.missing:
        yield Finding("ok", "words", "what is said to somebody in danger is signed off")
