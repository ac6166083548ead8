"""The link in an e-mail to somebody on duty: it shows the code of an alert, and one button, “I have it”.

Looking takes nothing: programs that read mail open its links. The button is pressed once, by a person. No words of a
family stand here; who has the alert opens them in the chat, or at the desk, as themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.guard import Rate, comes_from_here
from bot.web.site import Site
from handlers.alarm import what_to_do
from locales import _, speaking
from models.alert import alert_by_link, take
from models.database import reading

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


@dataclass(frozen=True, slots=True)
class Shown:
    language: str
    code: str = ""
    words: str = ""
    waiting: bool = False


class AlertPages:
    def __init__(self, site: Site) -> None:
        self.site, self.chat = site, site.chat
        self.networks = Rate(60)

    def routes(self) -> list[Route]:
        return [Route("/alert/{token}", self.show), Route("/alert/{token}", self.have, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        token = request.path_params["token"]
        shown = await run_in_threadpool(self._look, token) if TOKEN.fullmatch(token) else None
        return self._page(request, shown, token)

    async def have(self, request: Request) -> Response:
        token = request.path_params["token"]
        host = request.client.host if request.client else ""
        if not comes_from_here(request, has_cookie=True) or not self.networks.allows(host):
            return self._page(request, None, token, 403)
        shown = (
            await self.chat.turns.writer.do(lambda session: _take(session, token)) if TOKEN.fullmatch(token) else None
        )
        return self._page(request, shown, "")

    def _look(self, token: str) -> Shown | None:
        with reading(self.chat.engine) as session:
            found = alert_by_link(session, token)
            if found is None:
                return None
            alert, person = found
            with speaking(person.language):
                words = _a_colleague_has_it() if alert.seen_at is not None else what_to_do(alert)
            return Shown(person.language, alert.code, words, waiting=alert.seen_at is None)

    def _page(self, request: Request, shown: Shown | None, token: str, status: int = 200) -> Response:
        language = shown.language if shown else self.site.device_language(request)
        if shown is None and status == 200:
            status = 404
        return self.site.page("alert.html", language, status, shown=shown, token=token, visitor=None)


def _take(session: Session, token: str) -> Shown | None:
    """The link is used up by it, whoever has the alert."""
    found = alert_by_link(session, token, use=True)
    if found is None:
        return None
    alert, person = found
    mine = take(session, alert, person) or alert.seen_by == person.id
    with speaking(person.language):
        words = _(
            "You have alert {code}. Nobody is told about it again. Open the chat, and type “alerts”.", code=alert.code
        )
        return Shown(person.language, alert.code, words if mine else _a_colleague_has_it())


def _a_colleague_has_it() -> str:
    return _("A colleague has this alert. You need not do anything.")
