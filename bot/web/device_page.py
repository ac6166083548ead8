"""This device: the same conversation on another one, the others signed out, or this one.

A link to the conversation works once and for ten minutes, and only by a button: a messenger that previews it does not
use it up. Signing the others out gives this device a new secret, so that the old one opens nothing.
"""

from __future__ import annotations

import io

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.guard import comes_from_here
from bot.web.site import Site
from locales import _, speaking


class DevicePages:
    def __init__(self, site: Site) -> None:
        self.site, self.chat = site, site.chat

    def routes(self) -> list[Route]:
        return [
            Route("/device", self.show),
            Route("/device/link", self.link, methods=["POST"]),
            Route("/device/others", self.others, methods=["POST"]),
            Route("/device/out", self.out, methods=["POST"]),
            Route("/me", self.open, methods=["POST"]),
            Route("/me/{token}", self.offer),
        ]

    async def show(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        if not visitor.known:
            return RedirectResponse("/", 303)
        return self.site.page("device.html", visitor.language, visitor=visitor, link="", code="", done="")

    async def link(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        if not visitor.known or not comes_from_here(request, has_cookie=True):
            return RedirectResponse("/", 303)
        link = f"{self.chat.partnership.web_address}/me/{await self.chat.lend(visitor.secret)}"
        return self.site.page(
            "device.html", visitor.language, visitor=visitor, link=link, code=as_picture(link), done=""
        )

    async def others(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        if not visitor.known or not comes_from_here(request, has_cookie=True):
            return RedirectResponse("/", 303)
        fresh = await self.chat.sign_out_others(visitor.secret)
        with speaking(visitor.language):
            done = _("Done. Other devices can no longer open this chat. This one still can.")
        page = self.site.page("device.html", visitor.language, visitor=visitor, link="", code="", done=done)
        self.site.remember(request, page, fresh)
        return page

    async def out(self, request: Request) -> Response:
        response = RedirectResponse("/", 303)
        if comes_from_here(request, has_cookie=True):
            self.site.forget(request, response)
        return response

    async def offer(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        return self.site.page(
            "me.html", visitor.language, visitor=visitor, token=request.path_params["token"], failed=False
        )

    async def open(self, request: Request) -> Response:
        visitor = await self.site.visitor(request)
        if not comes_from_here(request, bool(self.site.cookie(request))):
            return RedirectResponse("/", 303)
        async with request.form(max_files=0, max_fields=5, max_part_size=1024) as form:
            secret = await self.chat.redeem(str(form.get("token", "")))
        if secret is None:
            return self.site.page("me.html", visitor.language, 410, visitor=visitor, token="", failed=True)
        response = RedirectResponse("/#newest", 303)
        self.site.remember(request, response, secret)
        return response


def as_picture(link: str) -> str:
    """A QR code as SVG, for the camera of another device."""
    import segno

    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", border=4, xmldecl=False, light="#ffffff", nl=False, omitsize=True
    )
    return drawn.getvalue().decode()
