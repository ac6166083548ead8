"""What every page of the site shares: who is looking at it, in which language, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web import CHANNEL, WebChat
from bot.web.shown import accepted, direction, templates
from locales import languages, speaking
from models.database import reading
from models.person import address_at, digest, new_secret

A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page. `secret` is empty for a stranger, whose looking stores nothing; `closed` when their
    cookie belongs to no conversation any more."""

    secret: str
    language: str
    closed: bool = False

    @property
    def known(self) -> bool:
        return bool(self.secret)

    @property
    def key(self) -> str:
        return digest(self.secret) if self.secret else ""


class Site:
    def __init__(self, chat: WebChat, *, secure: bool) -> None:
        self.chat, self.secure = chat, secure
        self.area = chat.partnership.area
        self.templates = templates()

    # -- who is looking

    def cookie_name(self, request: Request) -> str:
        """Over an encrypted connection the prefix keeps neighbouring sites from setting it (RFC 6265bis)."""
        return "__Host-yousaid" if self.encrypted(request) else "yousaid"

    def encrypted(self, request: Request) -> bool:
        return self.secure or request.url.scheme == "https"

    def cookie(self, request: Request) -> str:
        return request.cookies.get(self.cookie_name(request), "")

    async def visitor(self, request: Request) -> Visitor:
        secret = self.cookie(request)
        try:
            language = await run_in_threadpool(self._language_of, digest(secret)) if secret else None
        except SQLAlchemyError:
            # Nobody can be looked up: they are taken for who they were, and told that it does not work.
            return Visitor(secret, self.device_language(request))
        if language is None:
            return Visitor("", self.device_language(request), closed=bool(secret))
        return Visitor(secret, language if language in languages() else "en")

    def _language_of(self, key: str) -> str | None:
        with reading(self.chat.engine) as session:
            address = address_at(session, CHANNEL, key)
            return address.person.language if address is not None else None

    @property
    def offered(self) -> list[str]:
        """The languages of this area that there is a catalogue for."""
        return [code for code in self.area.languages if code in languages()] or ["en"]

    def device_language(self, request: Request) -> str:
        """Chosen on the page, else the first of the device's own that we speak."""
        chosen = request.query_params.get("language", "")
        if chosen in self.offered:
            return chosen
        return accepted(request.headers.get("accept-language", ""), self.offered) or self.offered[0]

    def remember(self, request: Request, response: Response, secret: str) -> None:
        response.set_cookie(
            self.cookie_name(request),
            secret,
            max_age=A_YEAR,
            path="/",
            secure=self.encrypted(request),
            httponly=True,
            samesite="lax",
        )

    def forget(self, request: Request, response: Response) -> None:
        response.delete_cookie(
            self.cookie_name(request), path="/", secure=self.encrypted(request), httponly=True, samesite="lax"
        )

    # -- how it is drawn

    def draw(self, template: str, language: str, **what: Any) -> str:
        """Synchronous; call it in a thread where a database is read for it."""
        with speaking(language):
            return self.templates.get_template(template).render(
                language=language,
                page_direction=direction(language),
                area=self.area,
                languages=languages(),
                offered=self.offered,
                page_id=new_secret(),
                **what,
            )

    def page(self, template: str, language: str, status: int = 200, **what: Any) -> HTMLResponse:
        return HTMLResponse(self.draw(template, language, **what), status)
