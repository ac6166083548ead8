"""The board's pages: all items by topic and status, one item with its history, the plan and the charter."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.board.feed import atom
from bot.web.site import Site
from bot.you_said import items, promise_kept, standing, topic_name
from locales import _, dates, speaking
from models.area import Area
from models.database import now, reading
from models.feedback import Status
from models.personal.allowed import allowed_in_each
from models.report import Promises, changes, how_many_on_board, on_board, one_on_board, promises_lately

A_PAGE = 20
# A page may be shown again for so long without asking us; then it asks whether it has changed.
FRESH_SECONDS = 60
PUBLIC = {
    "Cache-Control": f"public, max-age={FRESH_SECONDS}",
    "Vary": "Accept-Language",
    # Private pages must not be found by search engines; this one should.
    "X-Robots-Tag": "all",
}
# How often promises were kept moves slowly, and counting it reads a year.
COUNT_AGAIN_SECONDS = 600
STATUSES = tuple(Status)
# Search engines may look at the board and at nothing else.
ROBOTS = "User-agent: *\nAllow: /board\nAllow: /static/\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose to see: an address without an empty word in it."""

    topic: str | None = None
    status: Status | None = None
    page: int = 1
    language: str = ""

    def address(self, path: str = "/board", **other: Any) -> str:
        wanted = {"topic": self.topic, "status": self.status, "page": self.page, "language": self.language, **other}
        said = {key: str(value) for key, value in wanted.items() if value and (key, value) != ("page", 1)}
        return f"{path}?{urlencode(said)}" if said else path


@dataclass
class BoardPages:
    site: Site
    _promises: tuple[date, float, Promises] | None = field(default=None, init=False)

    def routes(self) -> list[Route]:
        return [
            Route("/board", self.board),
            Route("/board/feed.atom", self.feed),
            Route("/board/plan", self.plan),
            Route("/board/charter", self.charter),
            Route("/board/{number:int}", self.item),
            Route("/robots.txt", self.robots),
        ]

    @property
    def area(self) -> Area:
        return self.site.area

    # -- the pages

    async def board(self, request: Request) -> Response:
        return await self._answer(request, self._board)

    async def item(self, request: Request) -> Response:
        return await self._answer(request, self._one)

    async def plan(self, request: Request) -> Response:
        return await self._answer(request, self._plan)

    async def charter(self, request: Request) -> Response:
        return await self._answer(request, self._charter)

    async def feed(self, request: Request) -> Response:
        return await self._answer(request, self._feed, "application/atom+xml")

    async def robots(self, _request: Request) -> Response:
        return Response(ROBOTS, media_type="text/plain", headers={"Cache-Control": f"public, max-age={FRESH_SECONDS}"})

    async def _answer(
        self, request: Request, draw: Callable[[Request, Choice], str | None], kind: str = "text/html"
    ) -> Response:
        """The page, or only that it has not changed; what there is none of looks the same everywhere."""
        drawn = await run_in_threadpool(self._drawn, request, draw)
        if drawn is None:
            raise HTTPException(404)
        body = drawn.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        headers = {**PUBLIC, "ETag": etag}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    def _drawn(self, request: Request, draw: Callable[[Request, Choice], str | None]) -> str | None:
        with speaking(self.site.device_language(request)):
            return draw(request, self._choice(request))

    def _choice(self, request: Request) -> Choice:
        """From the address; what is no topic, no status and no number is as if it were not there."""
        asked = request.query_params
        known = {topic.key for topic in self.area.topics}
        topic, status, page = asked.get("topic", ""), asked.get("status", ""), asked.get("page", "")
        language = asked.get("language", "")
        return Choice(
            topic if topic in known else None,
            Status(status) if status in STATUSES else None,
            int(page) if page.isdecimal() and 1 <= len(page) <= 5 and int(page) else 1,
            language if language in self.site.offered else "",
        )

    def _draw(self, request: Request, template: str, choice: Choice, **what: Any) -> str:
        return self.site.draw(
            f"board/{template}",
            self.site.device_language(request),
            choice=choice,
            path=request.url.path,
            web=self.site.chat.partnership.web_address,
            day=dates.day,
            **what,
        )

    # -- what stands on them

    def _board(self, request: Request, choice: Choice) -> str | None:
        with reading(self.site.chat.engine) as session:
            counts = how_many_on_board(session)
            found = on_board(session, choice.topic, choice.status, first=(choice.page - 1) * A_PAGE, most=A_PAGE + 1)
            if choice.page > 1 and not found:
                return None
            shown = items(session, self.area, found[:A_PAGE])
            promise = promise_kept(
                self._promises_lately(session),
                self.area.publication.small_number,
                self.area.promises.feedback_answer,
            )
        by_topic = {key: sum(many for (topic, _status), many in counts.items() if topic == key) for key, _s in counts}
        by_status = {
            status: sum(
                many for (topic, one), many in counts.items() if one is status and choice.topic in (None, topic)
            )
            for status in STATUSES
        }
        return self._draw(
            request,
            "board.html",
            choice,
            items=shown,
            more=len(found) > A_PAGE,
            promise=promise,
            total=sum(counts.values()),
            topics=[
                (topic.key, _(topic.label), by_topic[topic.key]) for topic in self.area.topics if topic.key in by_topic
            ],
            statuses=[(one, standing(one), many) for one, many in by_status.items() if many or one is choice.status],
            topic_name=topic_name(self.area, choice.topic) if choice.topic else "",
            status_name=standing(choice.status) if choice.status else "",
        )

    def _promises_lately(self, session: Session) -> Promises:
        today = self.area.today(now())
        known = self._promises
        if known is None or known[0] != today or time.monotonic() - known[1] > COUNT_AGAIN_SECONDS:
            known = self._promises = (today, time.monotonic(), promises_lately(session, self.area, today))
        return known[2]

    def _one(self, request: Request, choice: Choice) -> str | None:
        with reading(self.site.chat.engine) as session:
            theme = one_on_board(session, request.path_params["number"])
            if theme is None:
                return None
            [item] = items(session, self.area, [theme])
        partnership = self.site.chat.partnership
        on_telegram = partnership.link(item.payload, "telegram") if partnership.telegram_name else ""
        return self._draw(request, "item.html", choice, item=item, on_telegram=on_telegram)

    def _plan(self, request: Request, choice: Choice) -> str | None:
        if not self.area.plan:
            return None
        return self._draw(
            request, "plan.html", choice, month=_month, late=lambda due: _over(due, self.area.today(now()))
        )

    def _charter(self, request: Request, choice: Choice) -> str | None:
        return self._draw(request, "charter.html", choice) if self.area.charter else None

    def _feed(self, request: Request, choice: Choice) -> str:
        with reading(self.site.chat.engine) as session:
            moved = changes(session, choice.topic)
            return atom(
                self.area,
                self.site.chat.partnership.web_address,
                moved,
                allowed_in_each(session, [one.theme.about for one in moved]),
                language=self.site.device_language(request),
                topic=choice.topic,
                address=choice.address("/board/feed.atom", status=None, page=1),
            )


def _month(written: str) -> str:
    """“2026-09”, as people say it."""
    return dates.month(date.fromisoformat(f"{written}-01"))


def _over(written: str, today: date) -> bool:
    return written < f"{today:%Y-%m}"
