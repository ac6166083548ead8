"""The chat itself: one page, which works without JavaScript; with it, it sends and hears without being loaded again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.channels.web import CHANNEL, Entry, news, whole
from bot.channels.web.chat import Submitted, label_of
from bot.channels.web.timeline import as_cursor, from_cursor
from bot.help_anyway import PATIENCE_SECONDS
from bot.web.guard import Rate, TooLarge, at_most, comes_from_here, throw_away
from bot.web.shown import when
from bot.web.site import Site, Visitor
from bot.writer import what_failed
from handlers.help_now import from_memory, help_lines
from locales import _, languages, speaking
from locales.dates import number
from models.attachment import MOST_BYTES
from models.database import now, reading
from models.duty import watched
from models.heard import Attached, Heard
from models.person import address_at, digest, new_secret

log = structlog.get_logger()

# About eight printed pages in one message: a story fits, a pasted file does not.
MOST_CHARACTERS = 20_000
# What is still read of words that are too long, so that they can be shown in the box again.
MOST_FIELD_BYTES = 4 * 1024 * 1024
MOST_FILES = 10
# The files, the words, and what a form puts around them.
MOST_BODY_BYTES = MOST_BYTES + MOST_FIELD_BYTES + 64 * 1024
# Bodies are in memory while they are written to the database; so many large ones at once.
LARGE_AT_ONCE = 4
# A stream without news says that it is there, and looks by itself, for news that another process wrote.
HEARTBEAT_SECONDS = 15
# Then the page connects again: no stream outlives what it was opened for by long.
STREAM_SECONDS = 900
PAYLOAD = re.compile(r"[A-Za-z0-9_=-]{1,128}")


@dataclass(frozen=True, slots=True)
class Update:
    """What a page has to show, in addition or, `anew`, instead of what it shows."""

    entries: list[Entry]
    language: str
    position: str
    anew: bool = False


class ChatPages:
    def __init__(self, site: Site, conversations: Rate, networks: Rate) -> None:
        self.site, self.chat = site, site.chat
        self.conversations, self.networks = conversations, networks
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    def routes(self) -> list[Route]:
        return [
            Route("/", self.show),
            Route("/say", self.say, methods=["POST"]),
            Route("/events", self.events),
            Route("/start", self.arrive, methods=["POST"]),
            Route("/start/{payload}", self.offer),
            Route("/help-now", self.help_now),
        ]

    # -- looking

    async def show(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        response = await self._page(visitor)
        if visitor.closed:
            self.site.forget(request, response)
        return response

    async def _page(self, visitor: Visitor, status: int = 200, *, notice: str = "", draft: str = "") -> HTMLResponse:
        return HTMLResponse(await run_in_threadpool(self._draw, visitor, notice, draft), status)

    def _draw(self, visitor: Visitor, notice: str, draft: str) -> str:
        update = self._update(visitor.key, None) if visitor.known else None
        entries = update.entries if update else []
        return self.site.draw(
            "chat.html",
            visitor.language,
            visitor=visitor,
            position=update.position if update else as_cursor(now()),
            entries=entries,
            when=self._when,
            newest=_open_questions(entries),
            landing=_landing(entries),
            foot=_foot(entries),
            notice=notice,
            draft=draft,
            most_bytes=MOST_BYTES,
            watched=self._watched(),
        )

    def _watched(self) -> bool:
        """Whether somebody is on duty who can be reached. Who does not know says that nobody is."""
        try:
            with reading(self.chat.engine) as session:
                return watched(session, self.site.area)
        except SQLAlchemyError:
            return False

    def _when(self, entry: Entry) -> str:
        return when(entry.at, self.site.area.zone)

    def _update(self, key: str, since: datetime | None) -> Update | None:
        """What has come since then, or everything; None when there is no such conversation (any more)."""
        moment = now()
        with reading(self.chat.engine) as session:
            address = address_at(session, CHANNEL, key)
            if address is None:
                return None
            # Whoever was erased must not go on seeing on the page what is held nowhere any more.
            anew = address.erased_at is not None
            entries = whole(session, address) if since is None or anew else news(session, address, since)
            language = address.person.language
        return Update(entries, language if language in languages() else "en", as_cursor(moment), anew)

    def _as_json(self, update: Update, told: set[str]) -> dict[str, Any]:
        """What a page's script puts into the page: drawn here, so that there is one way of drawing it."""
        fresh = [entry for entry in update.entries if entry.key not in told]
        told.update(entry.key for entry in fresh)
        with speaking(update.language):
            module = self.site.templates.get_template("parts.html")
            shared = {"language": update.language, "page_id": new_secret()}
            drawn: Any = module.make_module(shared)
            foot = _foot(fresh)
            return {
                "entries": [
                    {
                        "key": entry.key,
                        "replaces": list(entry.replaces),
                        "html": drawn.entry(entry, self._when(entry), newest=False),
                    }
                    for entry in fresh
                ],
                "bar": drawn.bar(foot) if foot else None,
                "hint": foot.message.hint if foot and foot.message else None,
                "language": update.language,
                "position": update.position,
                "anew": update.anew,
            }

    # -- saying

    async def say(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        if not comes_from_here(request, bool(self.site.cookie(request))):
            return self._forged(visitor)
        if int(request.headers.get("content-length") or 0) > 1024 * 1024:
            async with self._large:
                return await self._say(request, visitor)
        return await self._say(request, visitor)

    async def _say(self, request: Request, visitor: Visitor) -> Response:
        async with self._form(request) as form:
            if form is None:
                return await self._refuse(request, visitor, 413, self._words_for_too_large(visitor))
            submitted, problem = await self._submitted(form, visitor)
            since = str(form.get("since", ""))
        if problem:
            status = 413 if submitted.text or submitted.attached else 422
            return await self._refuse(request, visitor, status, problem, submitted.text)
        if not self._in_time(request, visitor):
            return await self._refuse(request, visitor, 429, self._words_for_too_fast(visitor), submitted.text)
        return await self._take(request, visitor, submitted, since)

    @asynccontextmanager
    async def _form(self, request: Request) -> AsyncIterator[FormData | None]:
        """None when it is more than we take."""
        limited = Request(request.scope, at_most(request.receive, MOST_BODY_BYTES))
        try:
            form = await limited.form(max_files=MOST_FILES, max_fields=20, max_part_size=MOST_FIELD_BYTES)
        except (TooLarge, HTTPException):
            await throw_away(request.receive)
            yield None
            return
        try:
            yield form
        finally:
            await form.close()

    async def _submitted(self, form: FormData, visitor: Visitor) -> tuple[Submitted, str]:
        """What was sent, and what is wrong with it in words for the person, if anything is."""
        text = str(form.get("text", "")).replace("\r\n", "\n").replace("\0", "").strip()
        tap, ref = str(form.get("tap", ""))[:200], str(form.get("ref", ""))[:20]
        page_id = str(form.get("id", ""))
        language = str(form.get("language", ""))
        uploads = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        if tap:
            text, uploads = await run_in_threadpool(self._label, visitor.key, ref, tap), []
        submitted = Submitted(
            id=page_id if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", page_id) else new_secret(),
            text=text,
            tap=tap,
            ref=ref,
            attached=tuple([await _attached(one) for one in uploads]),
            language=language if language in self.site.offered else visitor.language,
        )
        return submitted, self._problem(submitted, visitor)

    def _problem(self, submitted: Submitted, visitor: Visitor) -> str:
        with speaking(visitor.language):
            if len(submitted.text) > MOST_CHARACTERS:
                return _(
                    "That is too long for one message: {count} characters. At most {most} fit. Nothing was sent, and "
                    "your words are still in the box. Send them in parts, or as a file.",
                    count=number(len(submitted.text)),
                    most=number(MOST_CHARACTERS),
                )
            if not (submitted.text or submitted.tap or submitted.attached):
                return _("Nothing was sent, because the box was empty.")
            if sum(one.size for one in submitted.attached) > MOST_BYTES:
                return self._words_for_too_large(visitor)
        return ""

    def _label(self, key: str, ref: str, tap: str) -> str:
        try:
            with reading(self.chat.engine) as session:
                address = address_at(session, CHANNEL, key)
                return label_of(session, address.id, ref, tap) if address is not None else ""
        except SQLAlchemyError:
            return ""  # what was pressed is clear without it; nothing can be kept just now

    def _in_time(self, request: Request, visitor: Visitor) -> bool:
        if visitor.known:
            return self.conversations.allows(visitor.key)
        return self.networks.allows(request.client.host if request.client else "")

    async def _take(self, request: Request, visitor: Visitor, submitted: Submitted, since: str) -> Response:
        turn = asyncio.ensure_future(self._turn(visitor, submitted))
        try:
            await asyncio.wait({turn}, timeout=PATIENCE_SECONDS)
            if not turn.done() and (helping := self._help(submitted)):
                # It is still tried; nobody in danger waits for it.
                turn.add_done_callback(_noted)
                return await self._away(request, visitor, helping, submitted.text)
            secret = await turn
        except Exception as error:
            # The database, not the message: nothing of it was kept, so the words go back to their owner.
            log.error("message not taken", **what_failed(error))
            with speaking(visitor.language):
                words = _("That was not sent: something is wrong on our side. Please try again in a minute.")
            return await self._away(request, visitor, self._help(submitted) or words, submitted.text)
        response = await self._after(request, secret, since)
        self.site.remember(request, response, secret)
        return response

    async def _after(self, request: Request, secret: str, since: str) -> Response:
        if not _wants_json(request):
            return RedirectResponse("/#newest", 303)
        update = await run_in_threadpool(self._update, digest(secret), from_cursor(since, now()))
        return JSONResponse(self._as_json(update, set()) if update else {"gone": True})

    async def _turn(self, visitor: Visitor, submitted: Submitted) -> str:
        """Have it taken in; returns the secret of whose it is."""
        secret = visitor.secret or await self.chat.secret_for(submitted.id)
        await self.chat.take(secret, submitted)
        return secret

    def _help(self, submitted: Submitted) -> str:
        """Whom to ring, for who asked for it or wrote of danger; empty for everybody else. Needs no database."""
        heard = Heard("", CHANNEL, "", text=submitted.text, tap=submitted.tap, language=submitted.language)
        message = from_memory(self.site.area, heard)
        return message.text if message else ""

    async def _away(self, request: Request, visitor: Visitor, words: str, draft: str) -> Response:
        """What is said while nothing can be kept: nothing is looked up for it. Their words stay in their box."""
        if _wants_json(request):
            return JSONResponse({"notice": words}, 503)
        return self.site.page("away.html", visitor.language, 503, words=words, draft=draft, visitor=visitor)

    # -- refusing kindly

    async def _refuse(self, request: Request, visitor: Visitor, status: int, words: str, draft: str = "") -> Response:
        if _wants_json(request):
            return JSONResponse({"notice": words}, status)
        return await self._page(visitor, status, notice=words, draft=draft)

    def _words_for_too_large(self, visitor: Visitor) -> str:
        with speaking(visitor.language):
            return _(
                "That is too big: at most {size} MB can be sent at once. Nothing was sent. "
                "Try fewer photos, or a shorter recording.",
                size=number(MOST_BYTES // 1024 // 1024),
            )

    def _words_for_too_fast(self, visitor: Visitor) -> str:
        with speaking(visitor.language):
            return _("That was a lot at once, so this was not sent. Please wait a minute, then send it again.")

    def _forged(self, visitor: Visitor) -> Response:
        with speaking(visitor.language):
            words = _("That did not come from this page, so nothing was done. Please open the chat and try again.")
        return self.site.page("plain.html", visitor.language, 403, words=words, visitor=visitor)

    async def not_found(self, request: Request, _error: Exception) -> Response:
        language = self.site.device_language(request)
        with speaking(language):
            words = _("There is no such page here.")
        return self.site.page("plain.html", language, 404, words=words, visitor=None)

    async def went_wrong(self, request: Request) -> Response:
        """Needs no database: that may be what went wrong."""
        language = self.site.device_language(request)
        with speaking(language):
            words = _("Sorry, something went wrong here. It is our fault, not yours. Please try again in a minute.")
            lines = help_lines(self.site.area)
        return self.site.page("plain.html", language, 500, words=words, lines=lines, visitor=None)

    # -- hearing

    async def events(self, request: Request) -> Response:
        cursor = request.headers.get("last-event-id") or request.query_params.get("since", "")
        key = digest(self.site.cookie(request))
        return StreamingResponse(
            self._stream(key, from_cursor(cursor, now())),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    async def _stream(self, key: str, since: datetime) -> AsyncIterator[str]:
        """What comes, as it comes. A page that lost the connection says where it was, and is told the rest."""
        opened, told = time.monotonic(), set[str]()
        # Spread out, so that a restart is not followed by everybody at the same moment.
        yield f"retry: {1000 + random.randrange(2000)}\n\n"  # noqa: S311  # no secret
        with self.chat.listening(key) as bell:
            while not self.chat.closing:
                bell.clear()
                update = await run_in_threadpool(self._update, key, since)
                if update is None:
                    yield "event: gone\ndata: {}\n\n"
                    return
                body = self._as_json(update, told)
                since = from_cursor(update.position, since)
                if body["entries"]:
                    yield f"id: {update.position}\nevent: news\ndata: {json.dumps(body)}\n\n"
                else:
                    yield ": still here\n\n"
                if time.monotonic() - opened > STREAM_SECONDS or self.chat.crowded_out(key, bell):
                    return
                await _rings(bell, HEARTBEAT_SECONDS)

    # -- arriving by a link

    async def offer(self, request: Request) -> Response:
        """A page with one button: a preview of the link, which only looks, does not use up a one-time invite."""
        payload = request.path_params["payload"]
        if not PAYLOAD.fullmatch(payload):
            return await self.not_found(request, HTTPException(404))
        visitor = await self.site.visitor(request)
        return self.site.page("start.html", visitor.language, payload=payload, visitor=visitor)

    async def arrive(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        if not comes_from_here(request, bool(self.site.cookie(request))):
            return self._forged(visitor)
        async with self._form(request) as form:
            payload = str(form.get("payload", "")) if form else ""
            if form is None or not PAYLOAD.fullmatch(payload):
                return await self.not_found(request, HTTPException(404))
            submitted, _problem = await self._submitted(form, visitor)
        if not self._in_time(request, visitor):
            return await self._page(visitor, 429, notice=self._words_for_too_fast(visitor))
        text = f"/start {payload}"
        return await self._take(request, visitor, Submitted(submitted.id, text, language=submitted.language), "")

    # -- in danger

    async def help_now(self, request: Request) -> Response:
        """Whom to ring. Needs no database, no script and no staff (DESIGN 11)."""
        language = self.site.device_language(request)
        return self.site.page("help_now.html", language, lines=self.site.area.help_now)


def _open_questions(entries: list[Entry]) -> set[str]:
    """Whatever was asked or offered since they last said something: its buttons stand out."""
    last_said = max((place for place, one in enumerate(entries) if one.mine), default=-1)
    return {one.key for one in entries[last_said + 1 :] if one.message and one.message.buttons}


def _landing(entries: list[Entry]) -> str:
    """Where a page without a script is scrolled to: what they said last, with the answer under it."""
    return next((one.key for one in reversed(entries) if one.mine), entries[-1].key if entries else "")


def _foot(entries: list[Entry]) -> Entry | None:
    """The newest message that says which ways lead on: back, menu."""
    return next((one for one in reversed(entries) if one.message and one.message.footer), None)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


async def _attached(upload: UploadFile) -> Attached:
    mime = (upload.content_type or "application/octet-stream").partition(";")[0].strip().lower()
    kinds = {"image": "photo", "audio": "voice", "video": "video"}
    content = await upload.read()
    name = re.sub(r"[\x00-\x1f/\\]", " ", upload.filename or "").strip()[-120:]
    return Attached(kinds.get(mime.partition("/")[0], "file"), "", name, mime, len(content), content)


def _noted(turn: asyncio.Future[Any]) -> None:
    if not turn.cancelled() and (error := turn.exception()) is not None:
        log.error("message not taken", **what_failed(error))


async def _rings(bell: asyncio.Event, seconds: float) -> None:
    # Not wait_for: before Python 3.12 it may swallow that its task is being cancelled.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()
