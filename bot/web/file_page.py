"""Files that the bot hands over: a calendar entry, a contact to save, what is held about somebody, and what a family
sent along with its words, for the staff it was passed on to. Each only for the conversation it was given to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session, undefer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web import CHANNEL
from bot.web.site import Site
from models.attachment import Attachment
from models.database import reading
from models.message import Card
from models.outgoing import Outgoing
from models.person import Person, address_at, digest
from models.role import Permission, may

# Anything else is handed over as bytes that no browser tries to show.
KNOWN_KINDS = ("image/", "audio/", "video/", "application/pdf", "text/calendar", "text/plain", "application/json")


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    mime: str
    content: bytes


class FilePages:
    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        return [Route("/file/{number:int}", self.file), Route("/contact/{number:int}.vcf", self.contact)]

    async def file(self, request: Request) -> Response:
        key, number = digest(self.site.cookie(request)), request.path_params["number"]
        return handed_over(await run_in_threadpool(self._file, key, number))

    async def contact(self, request: Request) -> Response:
        key, number = digest(self.site.cookie(request)), request.path_params["number"]
        return handed_over(await run_in_threadpool(self._contact, key, number))

    def _file(self, key: str, number: int) -> Download | None:
        with reading(self.site.chat.engine) as session:
            row, person = _own(session, key, number)
            if row is None or person is None:
                return None
            message = row.message
            if message.file is not None:
                return Download(message.file.name, message.file.mime, message.file.bytes)
            return _passed_on(session, message.attachment, person) if message.attachment is not None else None

    def _contact(self, key: str, number: int) -> Download | None:
        with reading(self.site.chat.engine) as session:
            row, _person = _own(session, key, number)
            card = row.message.card if row is not None else None
            return Download(f"{card.name}.vcf", "text/vcard", as_vcard(card).encode()) if card else None


def _own(session: Session, key: str, number: int) -> tuple[Outgoing | None, Person | None]:
    """The message, if it was sent to this conversation."""
    address = address_at(session, CHANNEL, key)
    row = session.get(Outgoing, number)
    if address is None or row is None or row.address_id != address.id:
        return None, None
    return row, address.person


def _passed_on(session: Session, number: int, person: Person) -> Download | None:
    """Whoever is no longer staff sees no family's photos, also not in messages of that time."""
    row = session.get(Attachment, number, options=[undefer(Attachment.content)])
    if row is None or row.content is None:
        return None
    if row.person_id != person.id and not may(session, person, Permission.READ):
        return None
    return Download(row.name or row.kind, row.mime, row.content)


def handed_over(download: Download | None) -> Response:
    if download is None:
        raise HTTPException(404)
    mime = download.mime if download.mime.startswith((*KNOWN_KINDS, "text/vcard")) else "application/octet-stream"
    return Response(
        download.content,
        headers={
            # Never shown in our own page's name: what families upload is not ours to trust.
            "Content-Disposition": f"attachment; filename*=utf-8''{quote(download.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
        media_type="application/octet-stream" if mime.startswith("image/svg") else mime,
    )


def as_vcard(card: Card) -> str:
    """A contact as telephones save it (vCard 3.0, RFC 2426)."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{_escaped(card.name)};;;", f"FN:{_escaped(card.name)}"]
    lines += [f"TEL;TYPE=VOICE:{_escaped(card.phone)}"] if card.phone else []
    lines += [f"EMAIL:{_escaped(card.email)}"] if card.email else []
    lines += [f"URL:{_escaped(card.web)}"] if card.web else []
    return "\r\n".join([*lines, "END:VCARD", ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n").replace("\r", "")
