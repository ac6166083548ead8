"""Coming in and going out.

The link that the bot sends opens a page with one button; only the button uses it up, so that a messenger which looks
at links to show what is behind them lets nobody out in the cold. The secret never stands in an address of ours after
that, nor in any log.
"""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.web.desk.edge import FORM, Edge, Refusal, Sent, draft_fields
from bot.web.desk.page import HOME
from bot.web.guard import Rate, comes_from_here
from models.desk.drafts import keep_draft
from models.desk.signing_in import come_in, sign_out, sign_out_everywhere, signed_in
from models.role import NotAllowed

# From one network. Whoever guesses at links of 256 bits needs no limit to fail; this spares the database.
TRIES_A_MINUTE = 30


class Door:
    def __init__(self, edge: Edge) -> None:
        self.edge, self.site = edge, edge.site
        self.tries = Rate(TRIES_A_MINUTE)

    def routes(self) -> list[Route]:
        return [
            Route(f"{HOME}/enter/{{token}}", self.offer),
            Route(f"{HOME}/enter", self.enter, methods=["POST"]),
            Route(f"{HOME}/out", self.out, methods=["POST"]),
            Route(f"{HOME}/out-everywhere", self.everywhere, methods=["POST"]),
            Route(f"{HOME}/draft", self.draft, methods=["POST"]),
        ]

    async def offer(self, request: Request) -> Response:
        language = (await run_in_threadpool(self.edge.whoever, request, "")).language
        return self.site.page(
            "desk/enter.html",
            language or self.site.device_language(request),
            token=request.path_params["token"][:100],
        )

    async def enter(self, request: Request) -> Response:
        if not comes_from_here(request, bool(self.site.cookie(request))):
            return await self._refused(request, "from elsewhere")
        if not self.tries.allows(request.client.host if request.client else ""):
            return await self._refused(request, "too often", 429)
        async with request.form(max_files=0, max_fields=5, max_part_size=1024) as form:
            token = str(form.get("token", ""))
        opened = await self.edge.writer.do(lambda session: come_in(session, token))
        if opened is None:
            return await self._refused(request, "old link")
        response = RedirectResponse(HOME, 303)
        self.edge.remember(request, response, opened[1])
        return response

    async def _refused(self, request: Request, why: str, status: int = 403) -> Response:
        refusal = await run_in_threadpool(self.edge.whoever, request, why)
        return await self.edge.refuse(
            request, "/enter", Refusal(refusal.why, refusal.by, status, language=refusal.language)
        )

    async def out(self, request: Request) -> Response:
        return await self._out(request, everywhere=False)

    async def everywhere(self, request: Request) -> Response:
        return await self._out(request, everywhere=True)

    async def _out(self, request: Request, *, everywhere: bool) -> Response:
        sent = await self.edge.form(request)
        if isinstance(sent, Refusal):
            return await self.edge.refuse(request, "/out", sent)
        secret = self.edge.secret(request)
        language = await self.edge.writer.do(lambda session: _leave(session, secret, everywhere=everywhere))
        response = self.site.page(
            "desk/out.html", language or self.site.device_language(request), everywhere=everywhere
        )
        self.edge.forget(request, response)
        return response

    async def draft(self, request: Request) -> Response:
        """What is being typed, every few seconds (`desk.js`)."""
        sent = await self.edge.form(request)
        if isinstance(sent, Refusal):
            return await self.edge.refuse(request, "/draft", sent)
        secret = self.edge.secret(request)
        kept = await self.edge.writer.do(lambda session: _keep(session, secret, sent))
        if isinstance(kept, Refusal):
            return await self.edge.refuse(request, "/draft", kept)
        return JSONResponse({"kept": kept})


def _leave(session: Session, secret: str, *, everywhere: bool) -> str:
    """Returns the language of whoever left, empty when nobody was here."""
    here = signed_in(session, secret)
    if here is None:
        return ""
    if everywhere:
        sign_out_everywhere(session, here.person)
    else:
        sign_out(session, here)
    return here.person.language


def _keep(session: Session, secret: str, sent: Sent) -> bool | Refusal:
    here, form = signed_in(session, secret), sent.fields.get("form", "")
    if here is None:
        return Refusal("signed out")
    if not FORM.fullmatch(form):
        return False
    try:
        keep_draft(session, here.person, form, draft_fields(sent.fields))
    except NotAllowed:
        return Refusal("no longer staff", here.person_id, ended=here.id, language=here.person.language)
    return True
