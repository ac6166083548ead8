"""The stand-in told what to do over HTTP, for the process form. Bodies and answers are JSON.

GET  /_control/                     token, url, counts of calls by method and code
GET  /_control/chat/ID              what the bot sent there, with every version
GET  /_control/calls[?method=M]     the calls
POST /_control/fault                {"kind", "method", "chat_id", "probability", "times", "seconds", "code", ...}
POST /_control/clear                no faults, no ceiling, no latency
POST /_control/police               {"overall": 30, "per_chat": 1}
POST /_control/latency              {"ms": 30}
POST /_control/crowd                {"people": 500, "first_id": 1}: people who have all spoken before
POST /_control/person/ID/VERB       says {"text"}, starts {"payload"}, taps {"what"}, blocks, unblocks, ...
POST /_control/redeliver            the update
POST /_control/jump                 {"to": 5}: the next update's id
POST /_control/load                 a plan of load.py; answers with its report when it is over
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import orjson
from aiohttp import web

from .api import BotApi
from .judge import Chat, Shown
from .load import Load, plan_from

VERBS = frozenset({
    "says", "starts", "taps", "opens", "blocks", "unblocks", "sends_photo", "sends_voice", "sends_sticker",
    "sends_location", "sends_contact",
})  # fmt: skip


def _shown(shown: Shown) -> dict[str, Any]:
    return {"text": shown.text, "rows": [[asdict(one) for one in row] for row in shown.rows], "raw": shown.raw}


def _chat(chat: Chat) -> dict[str, Any]:
    messages = [{**_shown(one), "versions": [_shown(version) for version in one.versions]} for one in chat.messages]
    return {"id": chat.id, "open": chat.open, "blocked": chat.blocked, "messages": messages}


class Control:
    """Answers under /_control/."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._posts: dict[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
            "fault": self._fault,
            "clear": self._clear,
            "police": self._police,
            "latency": self._latency,
            "crowd": self._crowd,
            "redeliver": self._redeliver,
            "jump": self._jump,
            "load": self._load,
        }

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Any slip of the caller's is a 400 with its reason."""
        try:
            found = await self._answer(request, request.path.removeprefix("/_control/").split("/"))
        except (ValueError, TypeError, LookupError) as problem:
            return web.json_response({"error": str(problem)}, status=400)
        body = orjson.dumps(found, default=repr)
        return web.Response(body=body, content_type="application/json")

    async def _answer(self, request: web.BaseRequest, path: list[str]) -> Any:
        if request.method == "GET":
            return self._look(request, path)
        given = orjson.loads(await request.read() or b"{}")
        if path[0] == "person" and len(path) == 3 and path[2] in VERBS:
            return getattr(self.api.person(int(path[1])), path[2])(**given)
        return await self._posts[path[0]](given)

    def _look(self, request: web.BaseRequest, path: list[str]) -> Any:
        if path[0] == "chat":
            return _chat(self.api.chat(int(path[1])))
        if path[0] == "calls":
            method = request.query.get("method")
            return [asdict(call) for call in self.api.calls if method in (None, call.method)]
        counts = {f"{method} {code}": count for (method, code), count in self.api.calls.counts.items()}
        return {"token": self.api.token, "url": self.api.url, "counts": counts, "refused": self.api.pace.refusals}

    async def _fault(self, given: dict[str, Any]) -> Any:
        return asdict(self.api.fault(**given))

    async def _clear(self, _: dict[str, Any]) -> Any:
        self.api.faults.clear()
        self.api.police(None, None)
        self.api.server.latency = 0.0
        return True

    async def _police(self, given: dict[str, Any]) -> Any:
        self.api.police(**given)
        return True

    async def _latency(self, given: dict[str, Any]) -> Any:
        self.api.server.latency = given["ms"] / 1000
        return True

    async def _crowd(self, given: dict[str, Any]) -> Any:
        return len(self.api.crowd(**given))

    async def _redeliver(self, given: dict[str, Any]) -> Any:
        self.api.redeliver(given)
        return True

    async def _jump(self, given: dict[str, Any]) -> Any:
        self.api.jump_update_ids(given["to"])
        return True

    async def _load(self, given: dict[str, Any]) -> Any:
        return asdict(await Load(self.api, plan_from(given)).run())
