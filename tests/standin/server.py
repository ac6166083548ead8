"""The stand-in over HTTP: one handler for every method, and where latency and faults come in.

A call goes: address and token -> fields -> ceiling -> half of the latency -> what it does -> the other half -> answer.
What it does is one step under the lock: no call is ever half done, whatever happens to its connection.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from aiohttp import BodyPartReader, web

from .faults import Fault, Faults, Kind
from .fields import Params, Upload
from .judge import Call
from .listening import Webhook, get_updates
from .methods import METHODS
from .pace import Pace
from .refusals import NOT_FOUND, UNAUTHORIZED, Refused, bad
from .world import BOT_ID, World

TOKEN = f"{BOT_ID}:a-token-that-opens-no-account-at-al"  # Telegram's own form: an id and 35 characters
_SECRET_CHARACTERS = 35
_JSON = {"Content-Type": "application/json"}

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


async def read_body(request: web.BaseRequest) -> dict[str, Any]:
    """The fields of a call, from wherever they come: address, form, multipart or JSON. Raises Refused (400)."""
    given: dict[str, Any] = dict(request.query)
    kind = request.content_type
    if kind == "application/json":
        pairs = Server.object_in(orjson.loads(await request.read() or b"{}"))
    elif kind == "multipart/form-data":
        pairs = [pair async for pair in _parts(request)]
    else:
        pairs = parse_qsl((await request.read()).decode(), keep_blank_values=True, strict_parsing=False)
    return put_together(given, pairs)


def put_together(given: dict[str, Any], pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The fields, each once. Raises Refused (400)."""
    for name, value in pairs:
        if name in given:
            raise bad(f"parameter {name!r} is given twice")
        given[name] = value
    return _attached(given)


async def _parts(request: web.BaseRequest) -> Any:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise bad("a part of the body has no name")
        content = bytes(await part.read())
        if part.filename is None:
            yield part.name, content.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            yield part.name, Upload(part.filename, mime, content)


def _attached(given: dict[str, Any]) -> dict[str, Any]:
    """Put uploads in the place of the attach:// addresses that point at them."""
    for name, value in list(given.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            upload = given.pop(value.removeprefix("attach://"), None)
            if upload is None:
                raise bad(f"{name} points at a part that is not there")
            given[name] = upload
    return given


class Server:
    """Answers HTTP. `latency` is in seconds, over every answer."""

    def __init__(self, world: World, webhook: Webhook, faults: Faults, pace: Pace, latency: float = 0.0) -> None:
        self.world = world
        self.webhook = webhook
        self.faults = faults
        self.pace = pace
        self.latency = latency
        self.control: Handler | None = None
        self._api = f"/bot{TOKEN}/"
        self._files = f"/file/bot{TOKEN}/"

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path.startswith(self._api):
            return await self._call(request, path[len(self._api) :])
        path = unquote(path)
        if path.startswith(self._api):
            return await self._call(request, path[len(self._api) :])
        if path.startswith(self._files):
            return self._download(path[len(self._files) :])
        if path.startswith("/_control/") and self.control:
            return await self.control(request)
        secret = path.removeprefix("/bot").partition("/")[0].partition(":")[2]
        return self._refuse(UNAUTHORIZED if len(secret) == _SECRET_CHARACTERS else NOT_FOUND)

    def method_in(self, line: bytes) -> str | None:
        """The method that the first line of a request calls; None for whatever else it wants."""
        verb, _space, rest = line.partition(b" ")
        path = rest.partition(b" ")[0].decode("latin-1")
        if verb != b"POST" or not path.startswith(self._api):
            return None
        method = path[len(self._api) :]
        return method if method in METHODS else None

    @staticmethod
    def object_in(body: Any) -> list[tuple[str, Any]]:
        if not isinstance(body, dict):
            raise bad("object expected as the body")
        return list(body.items())

    def _download(self, path: str) -> web.Response:
        for stored in self.world.files.values():
            if stored.path == path:
                return web.Response(body=stored.content, content_type="application/octet-stream")
        return self._refuse(NOT_FOUND)

    @staticmethod
    def _refuse(refused: Refused) -> web.Response:
        return web.Response(body=orjson.dumps(refused.answer), status=refused.code, headers=_JSON)

    async def _call(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        if method not in METHODS:
            self._record(method, {}, NOT_FOUND, handled=False)
            return self._refuse(NOT_FOUND)
        given: dict[str, Any] = {}
        fault: Fault | None = None
        try:
            given = await read_body(request)
            params = METHODS[method].read(given)
            fault = self.faults.strike(method, params.get("chat_id"))
            if fault and fault.kind is Kind.DELAY_BEFORE:
                await asyncio.sleep(fault.seconds)
            if self.latency:
                await asyncio.sleep(self.latency / 2)
            if fault and not fault.kind.handles:
                return await self._without_handling(request, method, params, fault)
            self.pace.check(method, params.get("chat_id"))
            result = await self._run(method, params, fault)
        except Refused as refused:
            self._record(method, given, refused, handled=False, fault=fault)
            await asyncio.sleep(self.latency / 2)
            return self._refuse(refused)
        except (ValueError, UnicodeDecodeError) as problem:
            unreadable = bad(f"can't read the call: {problem}")
            self._record(method, given, unreadable, handled=False)
            return self._refuse(unreadable)
        if self.latency:
            await asyncio.sleep(self.latency / 2)
        body = orjson.dumps({"ok": True, "result": result})
        if fault:
            return await self._after_handling(request, body, fault)
        return web.Response(body=body, headers=_JSON)

    async def plain_call(self, method: str, fields: Callable[[], dict[str, Any]]) -> tuple[int, bytes]:
        """The same where no fault is set, for whoever brings the fields (line.py): the code, and the answer. It waits
        for nothing but the latency, and for updates."""
        given: dict[str, Any] = {}
        try:
            given = fields()
            params = METHODS[method].read(given)
            if self.latency:
                await asyncio.sleep(self.latency / 2)
            self.pace.check(method, params.get("chat_id"))
            result = await self._run(method, params, None)
        except Refused as refused:
            self._record(method, given, refused, handled=False)
            if self.latency:
                await asyncio.sleep(self.latency / 2)
            return refused.code, orjson.dumps(refused.answer)
        except (ValueError, UnicodeDecodeError) as problem:
            unreadable = bad(f"can't read the call: {problem}")
            self._record(method, given, unreadable, handled=False)
            return unreadable.code, orjson.dumps(unreadable.answer)
        if self.latency:
            await asyncio.sleep(self.latency / 2)
        return 200, orjson.dumps({"ok": True, "result": result})

    async def _run(self, method: str, params: Params, fault: Fault | None) -> Any:
        world = self.world
        if method == "getUpdates":
            result: Any = await get_updates(world, params)
            self._record(method, params, None, handled=True, fault=fault)
            return result
        with world.changed:
            if method == "setWebhook":
                result = self.webhook.set(params)
            elif method == "deleteWebhook":
                result = self.webhook.delete(params)
            elif method == "getWebhookInfo":
                result = self.webhook.info()
            else:
                result = METHODS[method].run(world, params)
            self._record(method, params, None, handled=True, fault=fault)
        return result

    def _record(
        self, method: str, params: Params, refused: Refused | None, *, handled: bool, fault: Fault | None = None
    ) -> None:
        """Write the call down. A call that was handled and then struck has the code that the bot saw (0 for none)."""
        code, description = (refused.code, refused.description) if refused else (200, "")
        if fault and not refused:
            code, description = _outcome(fault)
        chat_id = params.get("chat_id")
        call = Call(
            time.monotonic(),
            method,
            chat_id if isinstance(chat_id, int) else None,
            params,
            code,
            description,
            handled,
            fault.kind.value if fault else None,
        )
        with self.world.changed:
            self.world.calls.add(call)
            self.world.changed.notify_all()

    async def _without_handling(
        self, request: web.BaseRequest, method: str, params: Params, fault: Fault
    ) -> web.StreamResponse:
        self._record(method, params, None, handled=False, fault=fault)
        if fault.kind is Kind.REFUSE:
            return self._refuse(fault.refusal)
        if fault.kind is Kind.DROP_BEFORE:
            return _hang_up(request)
        if fault.kind is Kind.NONSENSE:
            return web.Response(body=fault.body, status=fault.code, headers=_JSON)
        return await _silence()

    async def _after_handling(self, request: web.BaseRequest, body: bytes, fault: Fault) -> web.StreamResponse:
        if fault.kind is Kind.REFUSE_AFTER:
            return self._refuse(fault.refusal)
        if fault.kind is Kind.DROP_AFTER:
            return _hang_up(request)
        if fault.kind is Kind.SILENCE_AFTER:
            return await _silence()
        if fault.kind is Kind.CUT:
            half = web.StreamResponse(headers={**_JSON, "Content-Length": str(len(body))})
            await half.prepare(request)
            await half.write(body[: len(body) // 2])
            if request.transport:
                request.transport.close()
            return half
        if fault.kind is Kind.NONSENSE_AFTER:
            return web.Response(body=fault.body, status=fault.code, headers=_JSON)
        if fault.kind is Kind.TRICKLE:
            return await _trickle(request, body, fault.seconds)
        if fault.kind is Kind.DELAY_AFTER:
            await asyncio.sleep(fault.seconds)
        return web.Response(body=body, headers=_JSON)


def _outcome(fault: Fault) -> tuple[int, str]:
    if fault.kind in (Kind.REFUSE, Kind.REFUSE_AFTER):
        return fault.refusal.code, fault.refusal.description
    if fault.kind in (Kind.NONSENSE, Kind.NONSENSE_AFTER):
        return fault.code, "nonsense"
    late = (Kind.DELAY_BEFORE, Kind.DELAY_AFTER, Kind.TRICKLE)
    return (200, "") if fault.kind in late else (0, "no answer")


async def _trickle(request: web.BaseRequest, body: bytes, seconds: float) -> web.StreamResponse:
    answer = web.StreamResponse(headers={**_JSON, "Content-Length": str(len(body))})
    await answer.prepare(request)
    for place in range(len(body)):
        await asyncio.sleep(seconds / len(body))
        await answer.write(body[place : place + 1])
    return answer


def _hang_up(request: web.BaseRequest) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _silence() -> web.Response:
    """Until the caller gives up (its connection closes, which cancels this) or the stand-in ends."""
    await asyncio.Event().wait()
    return web.Response()
