"""E-mail as a channel: to staff on duty, over SMTP, with the same three outcomes as any other (DESIGN 5).

What it sends are rows like all others, marked before the server is asked. Until the words themselves are handed over
nothing can have arrived; from then on only the server's own yes or no is believed, and silence is “unknown”: an alert
then goes out once more rather than not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from bot.channels.outcome import NotSent, Outcome, Sent, Unknown
from models.attachment import Attachment
from models.duty.email import CHANNEL, mailbox
from models.message import Message

PORTS: Mapping[str, int] = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# A server that says nothing for so long is not there; the chat has told the same meanwhile.
SECONDS = 20.0
# A server that turns us away as a whole (a wrong password, say) is asked again so much later.
LATER_SECONDS = 300.0
# Refusals that mean this mailbox, and not this message or this minute (RFC 5321, 4.2.3).
NO_SUCH_MAILBOX = frozenset({550, 551, 553, 556})
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. Encrypted always, but for a server on this very machine."""

    host: str
    port: int
    sender: str
    tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str, sender: str) -> MailServer:
        """`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Raises ValueError with what would do."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("use smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST:465")
        if "@" not in parseaddr(sender)[1]:
            raise ValueError("MAIL_FROM must be an address, like YouSaid <no-reply@council.example>")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            sender=sender,
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class Mail:
    name = CHANNEL
    paced = False

    def __init__(self, server: MailServer, *, seconds: float = SECONDS) -> None:
        self.server, self.seconds = server, seconds

    async def deliver(self, key: str, message: Message, replaces: str | None, attachment: Attachment | None) -> Outcome:
        """Send one message to the mailbox that `key` names. One connection each: there are few, and none may wait."""
        to = mailbox(key)
        letter = written(message, self.server.sender, to)
        client = self._client()
        handed_over = False
        try:
            await client.connect()
            await client.mail(parseaddr(self.server.sender)[1])
            await client.rcpt(to)
            handed_over = True
            await client.data(letter.as_bytes())
        except SMTPResponseException as error:
            return _answered(error)
        except (SMTPException, OSError, ValueError) as error:
            kind = type(error).__name__
            return Unknown(kind) if handed_over else NotSent(kind)
        finally:
            client.close()
        return Sent(str(letter["Message-ID"]))

    async def try_out(self) -> str:
        """Whether the server lets us in: empty, or the kind of what is wrong. Sends nothing."""
        client = self._client()
        try:
            async with asyncio.timeout(self.seconds):
                await client.connect()
        except (SMTPException, OSError, ValueError) as error:
            return type(error).__name__
        finally:
            client.close()
        return ""

    def _client(self) -> SMTP:
        server = self.server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls,
            # Never in clear over a network, not even where the server would take it.
            start_tls=None if server.tls or server.host in LOOPBACK else True,
            timeout=self.seconds,
        )


def written(message: Message, sender: str, to: str) -> EmailMessage:
    """The message as an e-mail: the first line is the subject, which a lock screen shows; links stand at the end."""
    subject, _newline, body = message.text.partition("\n")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, f"YouSaid: {subject.strip()}"
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid("yousaid", sender.rpartition("@")[2].strip("> "))
    # So that no machine's “I am away” comes back.
    letter["Auto-Submitted"] = "auto-generated"
    links = [f"{button.label}:\n{button.url}" for button in message.buttons if button.url]
    letter.set_content("\n\n".join([body.strip() or subject.strip(), *links]) + "\n", cte="quoted-printable")
    return letter


def _answered(error: SMTPResponseException) -> NotSent:
    """The server said no: whatever it was about, nothing arrived."""
    reason = f"{type(error).__name__} {error.code}"
    if isinstance(error, SMTPRecipientRefused) and error.code in NO_SUCH_MAILBOX:
        return NotSent(reason, blocked=True)
    # Anything else may be mended at the server by somebody: a wrong password, a full disk, a list of senders.
    return NotSent(reason, retry_after=LATER_SECONDS if error.code >= PERMANENT else None)
