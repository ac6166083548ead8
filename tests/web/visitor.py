"""Somebody without a script: what a browser with JavaScript switched off does, over plain HTTP."""

from __future__ import annotations

import html
import re
from typing import Any, Self

import httpx

from tests.patience import PATIENCE

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


class Visitor:
    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, follow_redirects=True, headers=FROM_HERE, timeout=PATIENCE)
        self.page = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()

    def looks(self, path: str = "/") -> str:
        return self._shown(self.http.get(path)).text

    def says(self, text: str, **fields: Any) -> httpx.Response:
        """Sends the form at the foot of the page that is shown."""
        return self._shown(self.http.post("/say", data={"id": self.token(), "text": text, **fields}))

    def presses(self, label: str) -> httpx.Response:
        """The newest button with this label."""
        found = re.findall(
            r'name="ref" value="(\d+)">(?:(?!</form>).)*?<button[^>]*name="tap" value="([^"]*)"[^>]*>'
            + re.escape(html.escape(label))
            + "</button>",
            self.page,
            re.S,
        )
        assert found, f"no button {label!r} on this page"
        ref, tap = found[-1]
        return self._shown(self.http.post("/say", data={"id": self.token(), "ref": ref, "tap": html.unescape(tap)}))

    def token(self) -> str:
        if not self.page:
            self.looks()
        [*_others, token] = re.findall(r'name="id" value="([^"]+)"', self.page)
        return str(token)

    def _shown(self, response: httpx.Response) -> httpx.Response:
        self.page = response.text
        return response

    @property
    def lines(self) -> list[str]:
        """The words of the conversation, in order."""
        return [
            html.unescape(re.sub(r"<[^>]+>", "", words)).strip()
            for words in re.findall(r'<p class="words"[^>]*>(.*?)</p>', self.page, re.S)
        ]
