"""The composition root: settings -> database -> channels -> clock. The only place that knows every part."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import structlog
import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from bot.channels.web import WebChat, WebRows
from bot.clock import Clock
from bot.logs import start_logging
from bot.metrics import metrics_routes
from bot.migrations import migrate
from bot.on_telegram import OnTelegram
from bot.partnership import Opening, load_rows, opening
from bot.post import Post
from bot.settings import Settings, SettingsError
from bot.sweeps import SWEEPS, still_wanted
from bot.turn import Turns
from bot.warm import AFTER_SECONDS, warm
from bot.web.guard import Edge, SafeHeaders
from bot.web.later import WhenOpened
from bot.writer import Writer, what_failed
from locales import read_catalogues
from models.database import open_database, writing
from models.partnership import Partnership

if TYPE_CHECKING:
    from bot.together import Together

log = structlog.get_logger()

# How long to wait for Telegram before the web chat opens without its name; it is asked again meanwhile.
FIRST_ASK_SECONDS = 5.0


@dataclass
class House:
    """What runs on one database for one partnership."""

    settings: Settings
    engine: Engine
    partnership: Partnership
    writer: Writer = field(init=False)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.engine)
        self.turns = Turns(self.writer, self.partnership)

    @property
    def shared(self) -> bool:
        """Whether several processes may serve it."""
        return self.engine.dialect.name == "postgresql"

    def know(self, partnership: Partnership) -> None:
        self.partnership = self.turns.partnership = partnership


def prepare(settings: Settings, opened: Opening | None = None) -> House:
    """The database made or brought up to date, the area (if need be opened first) loaded into it. Raises `AreaError` or
    a database error."""
    opened = opened or opening(settings.area)
    area = opened.area
    engine = open_database(settings.database_url)
    migrate(engine)
    read_catalogues(area.languages)
    with writing(engine) as session:
        load_rows(session, area)
    mails = settings.mail_server is not None
    return House(settings, engine, Partnership(area, opened.finder(), settings.web_address, mails=mails))


def run(settings: Settings, on_ready: Callable[[House], None] | None = None, opened: Opening | None = None) -> None:
    """Serve until a signal ends it; what is on its way is finished first. Raises `SettingsError` where something else
    listens already."""
    _require_port(settings)
    start_logging(as_json=settings.log_json)
    # The server takes these over while it serves, and hands them on when it has ended in order.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda _number, _frame: sys.exit(0))
    with contextlib.suppress(ImportError):
        import uvloop

        uvloop.install()
    asyncio.run(serve(prepare(settings, opened), on_ready))


def _require_port(settings: Settings) -> None:
    """Before anything begins, and before anybody is told that it runs."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        # As the server itself binds: one that has just ended is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"{settings.host}:{settings.port} cannot be listened on ({os.strerror(error.errno or 0)}). "
                "Is it running already? Else set PORT to another number."
            ) from None


async def serve(house: House, on_ready: Callable[[House], None] | None = None) -> None:
    """Everything at once: web pages, Telegram where a token is set, the post, the clock."""
    telegram = await _telegram(house)
    house.writer.start()
    post = _post(house)
    web = WebChat(house.turns, house.engine, house.partnership, post.deliver)
    post.add(web)
    if telegram:
        post.add(telegram.channel)
    clock = Clock(house.writer, house.partnership, SWEEPS, post.ring)
    together = _together(house, post, clock, telegram, news=web.wake) if house.shared else None

    def troubles() -> list[str]:
        return [f"{name} refuses us" for name in sorted(post.stopped)]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        work = [_keep_going(one) for one in _work(house, post, clock, telegram, together)]
        work.append(_keep_going(_warm_up(house)))
        if on_ready is not None:
            threading.Thread(target=on_ready, args=(house,), daemon=True).start()
        yield
        clock.stop()
        for one in reversed(work):
            await _end(one)
        await post.idle()
        if telegram:
            await telegram.close()
        await asyncio.to_thread(house.writer.stop)
        house.engine.dispose()  # the last one to leave SQLite puts its log away, with what was erased in it

    if telegram:
        telegram.hear(house.turns, post.deliver)
    routes: list[BaseRoute] = [*metrics_routes(house.engine, lambda: clock.last_sweep, troubles)]
    if telegram:
        routes += telegram.routes()
    secure = house.partnership.web_address.startswith("https:")
    app = Starlette(
        routes=[*routes, Mount("/", WhenOpened(web))],
        middleware=[Middleware(SafeHeaders, secure=secure), Middleware(Edge)],
        lifespan=lifespan,
    )
    server = _Server(
        uvicorn.Config(
            app,
            host=house.settings.host,
            port=house.settings.port,
            access_log=False,
            # Through our own logging, which leaves out what an error quotes.
            log_config=None,
            server_header=False,
            proxy_headers=bool(house.settings.public_url),
            timeout_graceful_shutdown=10,
        ),
        web.close,
    )
    # What is there now stays until the end: looking through it for garbage, again and again, stops everybody for a
    # tenth of a second each time.
    gc.collect()
    gc.freeze()
    await server.serve()


def _post(house: House) -> Post:
    post = Post(
        house.engine,
        house.writer,
        still_wanted=still_wanted(house.partnership),
        per_second=house.settings.telegram_per_second,
        chat_seconds=house.settings.telegram_chat_seconds,
    )
    if (mail_server := house.settings.mail_server) is not None:
        from bot.mail import Mail  # with its library, 2 MB, for whoever sends any

        post.add(Mail(mail_server))
    house.turns.heard = post.expect_reply
    return post


def _together(
    house: House, post: Post, clock: Clock, telegram: OnTelegram | None, *, news: Callable[[str], None]
) -> Together:
    """Procrastinate and its like are loaded only where several processes may serve."""
    from bot.together import Together

    seconds = house.settings.sweep_seconds
    return Together(house.engine, house.turns, post, clock, telegram, sweep_seconds=seconds, news=news)


def _work(
    house: House, post: Post, clock: Clock, telegram: OnTelegram | None, together: Together | None
) -> list[Coroutine[Any, Any, None]]:
    """What goes on beside the pages, in the order in which it begins; it ends in the other order."""
    if together is not None:
        return [together.run()]
    clock.start(house.settings.sweep_seconds)
    return [post.run(), *([telegram.run()] if telegram else [])]


async def _warm_up(house: House) -> None:
    await asyncio.sleep(AFTER_SECONDS)
    await asyncio.to_thread(warm, house.partnership)


def work(settings: Settings) -> None:
    """Send and sweep until a signal ends it, beside any number of processes that serve. Raises `SettingsError`."""
    if not settings.database_url.startswith("postgresql"):
        raise SettingsError("A worker needs PostgreSQL: on SQLite, `yousaid serve` does everything in one process.")
    start_logging(as_json=settings.log_json)
    asyncio.run(_work_until_ended(prepare(settings)))


async def _work_until_ended(house: House) -> None:
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    telegram = await _telegram(house)
    house.writer.start()
    post = _post(house)
    post.add(WebRows())
    if telegram:
        post.add(telegram.channel)
        telegram.hear(house.turns, post.deliver)
    clock = Clock(house.writer, house.partnership, SWEEPS, post.ring)
    working = _keep_going(_together(house, post, clock, telegram, news=lambda _key: None).run())
    await ended.wait()
    await _end(working)
    if telegram:
        await telegram.close()
    await asyncio.to_thread(house.writer.stop)
    house.engine.dispose()  # the last one to leave SQLite puts its log away, with what was erased in it


async def _telegram(house: House) -> OnTelegram | None:
    settings = house.settings
    if not settings.telegram_token.get_secret_value():
        return None
    telegram = OnTelegram(settings, house.engine, house.writer, house.partnership)
    try:
        name = await asyncio.wait_for(telegram.introduce(), FIRST_ASK_SECONDS)
    except Exception as error:
        log.warning("Telegram does not answer yet", **what_failed(error))
    else:
        house.know(replace(house.partnership, telegram_name=name))
    return telegram


class _Server(uvicorn.Server):
    """Tells the open pages first: a server that is asked to stop would wait for their streams."""

    def __init__(self, config: uvicorn.Config, closing: Callable[[], None]) -> None:
        super().__init__(config)
        self.closing = closing

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.closing()
        super().handle_exit(sig, frame)


def _keep_going(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_say_if_it_ended)
    return task


def _say_if_it_ended(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.critical("a part of the program ended", **what_failed(error))


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
