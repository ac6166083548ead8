"""Between the browser and a page of the desk: who it is, what they may, where the form came from, one transaction.

A page is shown in a session that only looks; whose words stand on it is recorded, and committed, before it leaves. A
form is done in the writer's transaction. Whatever is refused, to whomever, gets a kind page and stands in the audit.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web import CHANNEL
from bot.turn import Turned
from bot.web.desk.page import HOME, MOST_CHARACTERS, Act, Desk, Go, NotThere, Page, Wrong
from bot.web.guard import Rate, TooLarge, at_most, comes_from_here, throw_away
from bot.web.site import Site
from locales import languages, speaking
from models.audit import record
from models.database import now, reading
from models.desk.drafts import keep_draft
from models.desk.signing_in import NOTED_EVERY, signed_in
from models.desk.tables import DeskSession
from models.looking import REFUSED, looked, refused
from models.person import Person, address_at, digest
from models.role import NotAllowed, roles_of

log = structlog.get_logger()

MOST_BODY_BYTES = 1024 * 1024
# What a form may be called: "reply:12".
FORM = re.compile(r"[a-z_]{1,40}(:[\w-]{1,60})?")
# Refusals of strangers that are written down, from one network in a minute. More of them say nothing new, and must
# not fill the database.
REFUSALS_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody was not let in, or not let do it. `why` is for the audit, by kind."""

    why: str
    by: int | None = None
    status: int = 403
    # Their session belongs to somebody who is no longer staff: it ends.
    ended: int | None = None
    language: str = ""
    # A family's words that are closed to them, where it was those.
    about: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it will leave, and what has to be written down before it does."""

    response: Response
    here: DeskSession
    looks: tuple[str, ...] = ()
    draft: tuple[str, dict[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: each field once, and those of which there may be several."""

    fields: Mapping[str, str] = field(default_factory=dict)
    marked: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request for a page: to look at it, or to do one of its acts."""

    request: Request
    page: Page
    sent: Sent
    act: str = ""

    @property
    def path(self) -> str:
        return f"{self.page.path}/{self.act}" if self.act else self.page.path

    @property
    def address(self) -> str:
        """Of the page itself, also where a form of it was sent."""
        path = self.request.url.path
        return path.removesuffix(f"/{self.act}") if self.act else path


def form_token(secret: str) -> str:
    """What every form of this browser carries. It follows from the secret, and does not tell it."""
    return digest(f"form of {secret}")


class Edge:
    def __init__(self, site: Site, pages: Sequence[Page]) -> None:
        self.site, self.chat, self.pages = site, site.chat, tuple(pages)
        self.writer = site.chat.turns.writer
        self.refusals = Rate(REFUSALS_A_MINUTE)

    def routes(self) -> list[BaseRoute]:
        routes: list[BaseRoute] = []
        for page in self.pages:
            routes.append(Route(page.address, self._shows(page), methods=["GET"]))
            routes += [
                Route(f"{page.address}/{name}", self._does(page, name, act), methods=["POST"])
                for name, act in page.acts.items()
            ]
        return routes

    def elsewhere(self) -> Route:
        """Whatever else is asked for below /desk, by any method: it comes last."""
        return Route(f"{HOME}/{{rest:path}}", self._nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])

    # -- the browser

    def cookie_name(self, request: Request) -> str:
        """Over an encrypted connection the prefix keeps neighbouring sites from setting it (RFC 6265bis)."""
        return "__Host-yousaid-desk" if self.site.encrypted(request) else "yousaid-desk"

    def secret(self, request: Request) -> str:
        return request.cookies.get(self.cookie_name(request), "")

    def remember(self, request: Request, response: Response, secret: str) -> None:
        """For as long as the browser is open; how long it counts, the database says."""
        response.set_cookie(
            self.cookie_name(request),
            secret,
            path="/",
            secure=self.site.encrypted(request),
            httponly=True,
            samesite="lax",
        )

    def forget(self, request: Request, response: Response) -> None:
        response.delete_cookie(
            self.cookie_name(request), path="/", secure=self.site.encrypted(request), httponly=True, samesite="lax"
        )

    # -- looking

    def _shows(self, page: Page) -> Any:
        async def show(request: Request) -> Response:
            call = Call(request, page, Sent(_asked(request)))
            return await self._leave(call, await run_in_threadpool(self._show, call))

        return show

    def _show(self, call: Call, wrong: Wrong | None = None) -> Shown | Refusal:
        with reading(self.chat.engine) as session:
            here = self._here(session, call.request)
            if isinstance(here, Refusal):
                return here
            with speaking(here.person.language):
                desk = self._desk(session, call, here)
                desk.problems = wrong.problems if wrong is not None else {}
                try:
                    desk.require(call.page.permission)
                    response = call.page.show(desk)
                except NotAllowed:
                    return _refused(here, "role")
                except NotThere as error:
                    return _refused(here, "not there", 404, error.about)
        if wrong is not None:
            response.status_code = wrong.status
        return Shown(response, here, tuple(desk.looks))

    async def _leave(self, call: Call, outcome: Shown | Refusal) -> Response:
        """What was looked at is committed first."""
        if isinstance(outcome, Refusal):
            return await self.refuse(call.request, call.path, outcome, call.sent)
        stale = outcome.here.seen < now() - NOTED_EVERY
        if outcome.looks or outcome.here.flash or stale or outcome.draft:
            await self.writer.do(lambda session: _note(session, outcome))
        return outcome.response

    # -- doing

    def _does(self, page: Page, name: str, act: Act) -> Any:
        async def do(request: Request) -> Response:
            sent = await self.form(request)
            if isinstance(sent, Refusal):
                return await self.refuse(request, f"{page.path}/{name}", sent)
            call = Call(request, page, sent, name)
            try:
                went = await self.writer.do(lambda session: self._do(session, call, act))
            except Wrong as wrong:
                return await self._again(call, wrong)
            if isinstance(went, Refusal):
                return await self.refuse(request, call.path, went, sent)
            if act.others:
                self.chat.on_turned(Turned(None, others=True))
            return went if isinstance(went, Response) else RedirectResponse(went.to, 303)

        return do

    def _do(self, session: Session, call: Call, act: Act) -> Go | Response | Refusal:
        here = self._here(session, call.request)
        if isinstance(here, Refusal):
            return here
        with speaking(here.person.language):
            desk = self._desk(session, call, here)
            kept = session.begin_nested()
            try:
                desk.require(call.page.permission)
                desk.require(act.permission)
                went = act.do(desk)
            except (NotAllowed, NotThere) as error:
                kept.rollback()
                if isinstance(error, NotThere):
                    return _refused(here, "not there", 404, error.about)
                return _refused(here, "role")
            kept.commit()
            here.flash, here.seen = went.said or None if isinstance(went, Go) else None, now()
        return went

    async def _again(self, call: Call, wrong: Wrong) -> Response:
        """The page with what was typed, and what is wrong with it. What was typed is kept as a draft too."""
        outcome = await run_in_threadpool(self._show, call, wrong)
        form = call.sent.fields.get("form", "")
        if isinstance(outcome, Shown) and FORM.fullmatch(form):
            outcome = replace(outcome, draft=(form, draft_fields(call.sent.fields)))
        return await self._leave(call, outcome)

    # -- who it is

    def _here(self, session: Session, request: Request) -> DeskSession | Refusal:
        secret = self.secret(request)
        here = signed_in(session, secret)
        if here is None:
            return self._stranger(session, request, "signed out" if secret else "stranger")
        if not roles_of(session, here.person):
            return Refusal("no longer staff", here.person_id, ended=here.id, language=here.person.language)
        return here

    def _stranger(self, session: Session, request: Request, why: str) -> Refusal:
        """Somebody whom the chat knows, a family perhaps, is told apart from somebody whom nobody knows."""
        chat = self.site.cookie(request)
        address = address_at(session, CHANNEL, digest(chat)) if chat else None
        if address is None:
            return Refusal(why)
        return Refusal(f"{why}, known to the chat", address.person_id, language=address.person.language)

    def whoever(self, request: Request, why: str) -> Refusal:
        """For a refusal before anything of the database was looked at."""
        with reading(self.chat.engine) as session:
            here = signed_in(session, self.secret(request))
            if here is not None:
                return Refusal(why, here.person_id, language=here.person.language)
            return self._stranger(session, request, why)

    def _desk(self, session: Session, call: Call, here: DeskSession) -> Desk:
        return Desk(
            session,
            self.site,
            here,
            token=form_token(self.secret(call.request)),
            address=call.address,
            names=call.request.path_params,
            fields=call.sent.fields,
            marked=call.sent.marked,
            navigation=self.pages,
            page_path=call.page.path,
            act=call.act,
        )

    # -- forms

    async def form(self, request: Request) -> Sent | Refusal:
        """What was sent, if one of our own pages sent it from this browser."""
        secret = self.secret(request)
        if not comes_from_here(request, bool(secret)):
            return await run_in_threadpool(self.whoever, request, "from elsewhere")
        try:
            limited = Request(request.scope, at_most(request.receive, MOST_BODY_BYTES))
            async with limited.form(max_files=0, max_fields=200, max_part_size=MOST_BODY_BYTES) as form:
                marked = {name: [str(one) for one in form.getlist(name)] for name in form}
        except (TooLarge, HTTPException):
            await throw_away(request.receive)
            return await run_in_threadpool(self.whoever, request, "too large")
        fields = {name: values[-1].replace("\0", "") for name, values in marked.items()}
        if not hmac.compare_digest(fields.get("token", "").encode(), form_token(secret).encode()):
            return await run_in_threadpool(self.whoever, request, "wrong token" if secret else "stranger")
        return Sent(fields, marked)

    # -- refusing kindly

    async def _nowhere(self, request: Request) -> Response:
        refusal = await run_in_threadpool(self.whoever, request, "no such page")
        return await self.refuse(request, "/…", Refusal(refusal.why, refusal.by, 404, language=refusal.language))

    async def refuse(self, request: Request, path: str, refusal: Refusal, sent: Sent | None = None) -> Response:
        """A kind page, and a line in the audit: what kind of page, never the address itself, which may be a secret.

        Whoever was signed out while they wrote gets their words back."""
        known = f"person {refusal.by}" if refusal.by is not None else request.client.host if request.client else ""
        if self.refusals.allows(known):
            await self.writer.do(lambda session: _record_refusal(session, f"{HOME}{path}", refusal))
        language = refusal.language if refusal.language in languages() else self.site.device_language(request)
        signed_out = refusal.why.startswith(("stranger", "signed out", "no longer staff"))
        typed = draft_fields(sent.fields) if sent is not None and refusal.why.startswith("signed out") else {}
        response = self.site.page(
            "desk/refused.html",
            language,
            refusal.status,
            why=refusal.why.partition(",")[0],
            typed=[text for text in typed.values() if " " in text],
        )
        if signed_out and self.secret(request):
            self.forget(request, response)
        return response


def _refused(here: DeskSession, why: str, status: int = 403, about: str = "") -> Refusal:
    return Refusal(why, here.person_id, status, language=here.person.language, about=about)


def _note(session: Session, outcome: Shown) -> None:
    here = session.get(DeskSession, outcome.here.id)
    if here is None:
        return
    here.seen, here.flash = now(), None
    for about in outcome.looks:
        looked(session, here.person, about, f"desk:{here.id}")
    if outcome.draft is not None:
        keep_draft(session, here.person, *outcome.draft)


def _record_refusal(session: Session, about: str, refusal: Refusal) -> None:
    person = session.get(Person, refusal.by) if refusal.by is not None else None
    record(session, person, REFUSED, about, refusal.why)
    if refusal.about and person is not None:
        refused(session, person, refusal.about, "desk")
    ended = session.get(DeskSession, refusal.ended) if refusal.ended is not None else None
    if ended is not None and ended.ended is None:
        ended.ended = now()


def draft_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """What somebody wrote, without what the page put there."""
    ours = ("token", "form", "seen")
    return {name: text[:MOST_CHARACTERS] for name, text in fields.items() if name not in ours}


def _asked(request: Request) -> Mapping[str, str]:
    return {name: value.replace("\0", "")[:400] for name, value in request.query_params.items()}
