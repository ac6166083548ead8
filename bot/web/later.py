"""The site, put together when somebody first opens a page of it.

The pages, their templates and what draws them take 9 MB and a fifth of a second. A partnership whose families all write
on Telegram needs them when the first of its staff comes to the desk.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web import WebChat


class WhenOpened:
    """Answers as `create_app(chat)` does, which is loaded meanwhile in a thread, so that no conversation waits."""

    def __init__(self, chat: WebChat) -> None:
        self._chat = chat
        self._site: ASGIApp | None = None
        self._one_loads = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._one_loads:
            if self._site is None:
                self._site = await asyncio.to_thread(_put_together, self._chat)
        await self._site(scope, receive, send)


def _put_together(chat: WebChat) -> ASGIApp:
    from bot.web.app import create_app

    return create_app(chat)
