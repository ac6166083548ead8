"""What the web chat does as a channel: it translates what a page sends into `Heard`, and wakes the pages that wait.

Who somebody is, is a secret in their cookie; the database keeps its digest as the address's key, which is enough to
know the secret again and not enough to use it. One conversation has one secret: a second device is given the same,
and signing the others out means that this one gets a new secret.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.outcome import Outcome, Sent
from bot.turn import Turned, Turns
from models.attachment import Attachment
from models.heard import Attached, Heard, started
from models.message import Message
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import address_at, digest, new_secret

CHANNEL = "web"

# A first message that is sent again before its answer has brought the cookie (a double tap, a lost connection) must
# find the same conversation. Longer than this, and the next user of a shared computer could find it too.
FIRST_MESSAGE_SECONDS = 120
# Time enough to pick up the other device, short enough that a link left lying about opens nothing.
DEVICE_LINK_SECONDS = 600
# Open pages of one conversation that are told the news; an older one reconnects when it is looked at.
PAGES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a page sent: words, or a button and the message it stands under; `id` is made by the page."""

    id: str
    text: str = ""
    tap: str = ""
    ref: str = ""
    attached: tuple[Attached, ...] = ()
    language: str = "en"

    @property
    def fingerprint(self) -> str:
        """The same page may send two different things (its reader went back): each is a message of its own."""
        said = [self.text, self.tap, self.ref, *(f"{one.name}:{one.size}" for one in self.attached)]
        return digest("\0".join(said))[:12]


@dataclass
class _Lent:
    """Secrets that wait for somebody who comes back with a token, for a while and in this process only."""

    seconds: float
    kept: dict[str, tuple[str, float]] = field(default_factory=dict)

    def put(self, token: str, secret: str) -> None:
        now = time.monotonic()
        self.kept = {name: (value, until) for name, (value, until) in self.kept.items() if until > now}
        self.kept[digest(token)] = (secret, now + self.seconds)

    def get(self, token: str) -> str | None:
        secret, until = self.kept.get(digest(token), ("", 0.0))
        return secret if until > time.monotonic() else None

    def take(self, token: str) -> str | None:
        secret = self.get(token)
        self.kept.pop(digest(token), None)
        return secret

    def forget(self, secret: str) -> None:
        self.kept = {name: value for name, value in self.kept.items() if value[0] != secret}


class WebChat:
    name = CHANNEL
    paced = False

    def __init__(
        self, turns: Turns, engine: Engine, partnership: Partnership, on_turned: Callable[[Turned], object]
    ) -> None:
        """`on_turned` is handed every turn once it is committed (`Post.deliver`)."""
        self.turns, self.engine, self.partnership, self.on_turned = turns, engine, partnership, on_turned
        self.closing = False
        self._first = _Lent(FIRST_MESSAGE_SECONDS)
        self._links = _Lent(DEVICE_LINK_SECONDS)
        self._waiting: dict[str, list[asyncio.Event]] = {}

    # -- as the post sees it

    async def deliver(
        self,
        key: str,
        message: Message,
        replaces: str | None,
        attachment: Attachment | None,
    ) -> Outcome:
        """The row is the message, and its page reads it from there: all there is to do is to wake the page."""
        self.wake(key)
        return Sent()

    # -- what a page sends

    def secret_for(self, page_id: str) -> str:
        """A stranger's secret, the same for the same message sent twice within two minutes."""
        secret = self._first.get(page_id)
        if secret is None:
            secret = new_secret()
            self._first.put(page_id, secret)
        return secret

    async def take(self, secret: str, submitted: Submitted) -> Turned:
        """Handle it as one turn. Raises what kept the database from committing."""
        key = digest(secret)
        heard = Heard(
            id=f"{CHANNEL}:{key[:16]}:{submitted.id}:{submitted.fingerprint}",
            channel=CHANNEL,
            key=key,
            text=submitted.text,
            tap=submitted.tap,
            tapped_ref=submitted.ref if submitted.tap else "",
            language=submitted.language,
        )
        attached = [replace(one, ref=f"{heard.id}:{place}") for place, one in enumerate(submitted.attached)]
        # What a link carried is a secret, or nothing that anybody said: neither is shown as their words.
        heard = replace(heard, attached=tuple(attached), keep_words=started(heard) is None)
        turned = await self.turns.take(heard)
        self.on_turned(turned)
        self.wake(key)
        return turned

    # -- other devices

    def lend(self, secret: str) -> str:
        """A one-use token for the same conversation on another device."""
        token = new_secret()
        self._links.put(token, secret)
        return token

    def redeem(self, token: str) -> str | None:
        return self._links.take(token)

    async def sign_out_others(self, secret: str) -> str:
        """A new secret for this conversation; the old one, and every link made with it, opens nothing any more."""
        fresh = new_secret()
        await self.turns.writer.do(lambda session: _change_key(session, digest(secret), digest(fresh)))
        self._links.forget(secret)
        self._first.forget(secret)
        self.wake(digest(secret))
        return fresh

    # -- pages that wait for news

    @contextmanager
    def listening(self, key: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be news for this conversation."""
        bell = asyncio.Event()
        bells = self._waiting.setdefault(key, [])
        bells.append(bell)
        try:
            yield bell
        finally:
            bells.remove(bell)
            if not bells and self._waiting.get(key) is bells:
                del self._waiting[key]

    def crowded_out(self, key: str, bell: asyncio.Event) -> bool:
        return bell not in self._waiting.get(key, [])[-PAGES_AT_ONCE:]

    def wake(self, key: str) -> None:
        for bell in self._waiting.get(key, ()):
            bell.set()

    def close(self) -> None:
        """Ends every page's stream, so that the server can stop; the pages reconnect to the next one."""
        self.closing = True
        for key in list(self._waiting):
            self.wake(key)


def label_of(session: Session, address_id: int, ref: str, tap: str) -> str:
    """What stood on the button that somebody pressed: our own row says so, not the page."""
    row = session.get(Outgoing, int(ref)) if ref.isascii() and ref.isdigit() and len(ref) < 16 else None
    if row is None or row.address_id != address_id:
        return ""
    buttons: Sequence[tuple[str, str]] = [(one.tap, one.label) for one in (*row.message.buttons, *row.message.footer)]
    return next((label for carried, label in buttons if carried == tap), "")


def _change_key(session: Session, old: str, new: str) -> None:
    address = address_at(session, CHANNEL, old)
    if address is not None:
        address.key = new
