"""What the web chat does as a channel: it translates what a page sends into `Heard`, and wakes the pages that wait.

Who somebody is, is a secret in their cookie; the database keeps its digest as the address's key, which is enough to
know the secret again and not enough to use it. One conversation has one secret: a second device is given the same,
and signing the others out means that this one gets a new secret.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.outcome import Outcome, Sent
from bot.turn import Turned, Turns
from models.attachment import Attachment
from models.heard import Attached, Heard, started
from models.lent import forget_lent, lend, redeem, same_for
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


class WebChat:
    name = CHANNEL
    paced = False

    def __init__(
        self, turns: Turns, engine: Engine, partnership: Partnership, on_turned: Callable[[Turned], object]
    ) -> None:
        """`on_turned` is handed every turn once it is committed (`Post.deliver`)."""
        self.turns, self.engine, self.partnership, self.on_turned = turns, engine, partnership, on_turned
        self.closing = False
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

    async def secret_for(self, page_id: str) -> str:
        """A stranger's secret, the same for the same message sent twice within two minutes, to whichever process."""
        fresh = new_secret()
        return await self.turns.writer.do(lambda session: same_for(session, page_id, fresh, FIRST_MESSAGE_SECONDS))

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

    async def lend(self, secret: str) -> str:
        """A one-use token for the same conversation on another device."""
        token = new_secret()
        await self.turns.writer.do(lambda session: lend(session, token, secret, DEVICE_LINK_SECONDS))
        return token

    async def redeem(self, token: str) -> str | None:
        """The conversation's secret; None when this token opens nothing, or nothing more."""
        return await self.turns.writer.do(lambda session: redeem(session, token))

    async def sign_out_others(self, secret: str) -> str:
        """A new secret for this conversation; the old one, and every link made with it, opens nothing any more."""
        fresh = new_secret()
        await self.turns.writer.do(lambda session: _change_key(session, secret, fresh))
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


class WebRows:
    """The same channel in a process that serves no pages: the row is the message, and the database rings for its page
    (models/bell.py)."""

    name = CHANNEL
    paced = False

    async def deliver(
        self,
        key: str,
        message: Message,
        replaces: str | None,
        attachment: Attachment | None,
    ) -> Outcome:
        return Sent()


def label_of(session: Session, address_id: int, ref: str, tap: str) -> str:
    """What stood on the button that somebody pressed: our own row says so, not the page."""
    row = session.get(Outgoing, int(ref)) if ref.isascii() and ref.isdigit() and len(ref) < 16 else None
    if row is None or row.address_id != address_id:
        return ""
    buttons: Sequence[tuple[str, str]] = [(one.tap, one.label) for one in (*row.message.buttons, *row.message.footer)]
    return next((label for carried, label in buttons if carried == tap), "")


def _change_key(session: Session, old: str, new: str) -> None:
    forget_lent(session, old)
    address = address_at(session, CHANNEL, digest(old))
    if address is not None:
        address.key = digest(new)
