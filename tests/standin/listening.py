"""getUpdates and the webhook: the two ways to hear, of which a bot uses one."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from . import fields
from .fields import Params, Reader
from .judge import Json
from .refusals import Refused, bad
from .updates import Pending, Update
from .world import World

LONGEST_POLL_SECONDS = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

_kinds = fields.listing(fields.text)
POLL: dict[str, Reader] = {
    "offset": fields.integer,
    "limit": fields.within(1, 100),
    "timeout": fields.number,
    "allowed_updates": _kinds,
}
WEBHOOK: dict[str, Reader] = {
    "certificate": fields.file,
    "ip_address": fields.text,
    "max_connections": fields.within(1, 100),
    "allowed_updates": _kinds,
    "drop_pending_updates": fields.flag,
    "secret_token": fields.text,
}


async def get_updates(world: World, params: Params) -> list[Update]:
    """Long polling: answers as soon as something is there, or empty after `timeout` seconds (at most 50)."""
    limit = params.get("limit", 100)
    with world.changed:
        updates = world.updates
        if updates.webhook_active:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        updates.end_poll("other getUpdates request; make sure that only one bot instance is running")
        updates.allow(params.get("allowed_updates"))
        offset = params.get("offset", 0)
        limit = updates.at_most(offset, limit)
        updates.confirm(offset)
        found = updates.take(limit)
        timeout = min(params.get("timeout", 0), LONGEST_POLL_SECONDS)
        if found or timeout <= 0:
            return found
        waiting = updates.start_poll()
        world.changed.notify_all()
    alarm = asyncio.get_running_loop().call_later(timeout, updates.wake_poll)
    try:
        await waiting
    finally:
        alarm.cancel()
    with world.changed:
        return updates.take(limit)


@dataclass
class Webhook:
    """Posts updates to the bot's address until each got a 2xx: chats side by side, in order within a chat."""

    world: World
    url: str = ""
    secret: str | None = None
    connections: int = 40
    retry_seconds: float = 0.05  # Telegram waits longer each time; tests have no time for that
    last_error: str | None = None
    attempts: int = 0
    _session: aiohttp.ClientSession | None = None
    _under_way: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)

    def wake(self) -> None:
        """Runs on the event loop: start a delivery for every chat that has something waiting and none under way."""
        if not self.url:
            return
        with self.world.changed:
            for pending in list(self.world.updates.pending):
                if len(self._under_way) >= self.connections:
                    return
                if pending.chat_id not in self._under_way:
                    task = asyncio.get_running_loop().create_task(self._deliver(pending, self.url))
                    self._under_way[pending.chat_id] = task

    async def _deliver(self, pending: Pending, url: str) -> None:
        try:
            while self.url == url and pending in self.world.updates.pending:
                if await self._post(pending.update):
                    with self.world.changed:
                        if pending in self.world.updates.pending:
                            self.world.updates.pending.remove(pending)
                        self.world.changed.notify_all()
                    break
                await asyncio.sleep(self.retry_seconds)
        finally:
            self._under_way.pop(pending.chat_id, None)
        self.wake()

    async def _post(self, update: Update) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        self.attempts += 1
        try:
            async with self._session.post(self.url, data=orjson.dumps(update), headers=headers) as answer:
                await answer.read()
                if 200 <= answer.status < 300:
                    return True
                self.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as problem:
            self.last_error = f"Connection failed: {type(problem).__name__}"
        return False

    def set(self, params: Params) -> bool:
        """setWebhook. An empty address is deleteWebhook."""
        if not params["url"]:
            return self.delete(params)
        parts = urlsplit(params["url"])
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.get("secret_token")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        if params.get("drop_pending_updates"):
            self.world.updates.drop_pending()
        self.world.updates.end_poll("setWebhook request")
        self.world.updates.allow(params.get("allowed_updates"))
        self.url, self.secret = params["url"], secret
        self.connections = params.get("max_connections", 40)
        self.last_error = None
        self.world.updates.webhook_active = True
        self.wake()
        return True

    def delete(self, params: Params) -> bool:
        self.url, self.secret = "", None
        self.world.updates.webhook_active = False
        if params.get("drop_pending_updates"):
            self.world.updates.drop_pending()
        return True

    def info(self) -> Json:
        found: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates.pending),
            "allowed_updates": sorted(self.world.updates.allowed),
        }
        if self.url:
            found["max_connections"] = self.connections
        if self.last_error:
            found["last_error_message"] = self.last_error
        return found

    async def close(self) -> None:
        self.url = ""
        for task in list(self._under_way.values()):
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        if self._session:
            await self._session.close()
