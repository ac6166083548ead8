"""The web pages put together: the chat's own, and whatever else the program serves beside them."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.channels.web import WebChat
from bot.web.alert_page import AlertPages
from bot.web.board import BoardPages
from bot.web.chat_page import ChatPages
from bot.web.desk import desk_routes
from bot.web.device_page import DevicePages
from bot.web.file_page import FilePages
from bot.web.guard import Edge, Rate, SafeHeaders
from bot.web.shown import STATIC
from bot.web.site import Site

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

# Not every machine's own list knows them, and with `nosniff` a browser runs only what is named rightly.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/svg+xml", ".svg")


def create_app(
    chat: WebChat,
    *,
    lifespan: Lifespan | None = None,
    messages_a_minute: int = 30,
) -> Starlette:
    """The whole site. `lifespan` as Starlette takes it.

    `messages_a_minute`: from one conversation, and twice as many new conversations from one network, since a school's
    meeting room is one network. Call `chat.close()` before the server stops: it waits for open streams otherwise.
    """
    secure = chat.partnership.web_address.startswith("https:")
    site = Site(chat, secure=secure)
    pages = ChatPages(site, Rate(messages_a_minute), Rate(messages_a_minute * 2))
    own = [
        *pages.routes(),
        *BoardPages(site).routes(),
        *DevicePages(site).routes(),
        *FilePages(site).routes(),
        *AlertPages(site).routes(),
        *desk_routes(site),
        Route("/favicon.ico", _icon),
    ]
    app = Starlette(
        routes=[*own, Mount("/static", _Static(directory=STATIC))],
        middleware=[Middleware(SafeHeaders, secure=secure), Middleware(Edge, answer=pages.went_wrong)],
        exception_handlers={404: pages.not_found, 405: pages.not_found},
        lifespan=lifespan,
    )
    app.state.chat = chat
    return app


class _Static(StaticFiles):
    """Files whose address changes with what is in them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope.get("query_string"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response


async def _icon(_request: Request) -> Response:
    return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")
