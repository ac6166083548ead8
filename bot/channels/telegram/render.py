"""What a message looks like on Telegram. Pure: a message in, the exact requests out.

Plain text, so there is nothing to escape. Words and buttons go first, then the card to save, then files; a short text
becomes the caption of its file, so that it is one message.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import phonenumbers

from bot.channels.telegram.heard import CHANNEL, FILES, file_name
from models.message import Button, Card, Message

# Telegram counts characters, not bytes and not UTF-16 units (TDLib, `utf8_length`).
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
# Round videos have no room for one.
WITHOUT_CAPTION = ("sendVideoNote",)
LONGEST_VCARD_BYTES = 2048
LONGEST_CONTACT_NAME = 64
MOST_BUTTONS = 100
# Photos may be smaller than other files.
LARGEST_PHOTO_BYTES = 10 * 1024 * 1024
# A row of a small phone shows some 30 letters, shared evenly by its buttons.
THREE_A_ROW, TWO_A_ROW = 9, 15

REGION = "GB"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with the request."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `otherwise` is what to do when Telegram refuses it."""

    method: str
    params: dict[str, Any]
    otherwise: Call | None = None


class Attachment(Protocol):
    """What is needed of a kept file (`models.attachment.Attachment`)."""

    kind: str
    name: str
    mime: str
    channel: str
    ref: str
    content: bytes | None


def calls(
    message: Message, chat_id: int, replaces: str | None = None, attachment: Attachment | None = None
) -> list[Call]:
    """The requests that bring this message to this chat, in order.

    `replaces` is the message in whose place it is shown, for one that is `in_place`.
    """
    to: dict[str, Any] = {"chat_id": chat_id}
    markup = keyboard(message)
    files = [_document(message.file.name, message.file.mime, message.file.bytes)] if message.file else []
    if attachment is not None:
        files += _passed_on(attachment)
    words = _words(message)
    captioned = bool(files) and len(words) <= LONGEST_CAPTION and files[0].method not in WITHOUT_CAPTION
    found = [] if captioned else _texts(words, to, markup, replaces if message.in_place else None)
    if message.card is not None and (contact := _contact(message.card)):
        found.append(Call("sendContact", {**to, **contact, **(markup if not words and not files else {})}))
    for number, file in enumerate(files):
        first = {**({"caption": words} if words else {}), **markup} if captioned and number == 0 else {}
        found.append(_with(file, {**to, **first}))
    return found


# -- words


def _words(message: Message) -> str:
    return "\n\n".join(part for part in (message.text.strip(), message.notice.strip()) if part)


def _texts(words: str, to: Mapping[str, Any], markup: Mapping[str, Any], replaces: str | None) -> list[Call]:
    """The keyboard belongs to the last piece: that is what stands at the bottom of the screen."""
    pieces = split(words)
    found = []
    for number, piece in enumerate(pieces, 1):
        params = {**to, "text": piece, "link_preview_options": {"is_disabled": True}}
        found.append(Call("sendMessage", {**params, **(markup if number == len(pieces) else {})}))
    if replaces and len(found) == 1:
        [new] = found
        return [Call("editMessageText", {**new.params, "message_id": int(replaces)}, otherwise=new)]
    return found


def split(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """The text in pieces that Telegram takes: cut between paragraphs, else lines, else sentences, else words; never
    within what a person sees as one character."""
    pieces = []
    rest = text.strip()
    while len(rest) > longest:
        cut = _cut(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, longest: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        at = text.rfind(mark, longest // 2, longest)
        if at > 0:
            return at + len(mark)
    at = longest
    while at > 1 and _within(text, at):
        at -= 1
    return at if at > 1 else longest


def _within(text: str, at: int) -> bool:
    """Whether a cut here would divide what is seen as one character. Rather once too often than not: it only moves
    the cut."""
    before, after = text[at - 1], text[at]
    joiner = "\N{ZERO WIDTH JOINER}"
    return (
        joiner in (before, after)
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # the flags of England, Scotland and Wales
        or (_flag_letter(after) and _flag_letters_before(text, at) % 2 == 1)
    )


def _flag_letter(character: str) -> bool:
    """Flags are pairs of these."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _flag_letter(text[start - 1]):
        start -= 1
    return at - start


# -- buttons


def keyboard(message: Message) -> dict[str, Any]:
    """`reply_markup`, or nothing. What the person answers with comes first, the ways out are the last row."""
    buttons = [key for key in map(_key, message.buttons) if key]
    footer = [key for key in map(_key, message.footer) if key]
    rows = _rows(buttons[: MOST_BUTTONS - len(footer)], tall=message.tall)
    if footer:
        rows.append(footer)
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _key(button: Button) -> dict[str, str] | None:
    """None for what Telegram refuses: it opens web pages and its own links, but rings nobody up."""
    if not button.label.strip():
        return None
    if button.tap:
        return {"text": button.label, "callback_data": button.tap}
    return {"text": button.label, "url": button.url} if _opens(button.url) else None


def _opens(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return (parts.scheme in ("http", "https") and "." in host and " " not in url) or (
        parts.scheme == "tg" and bool(host)
    )


def _rows(keys: Sequence[dict[str, str]], *, tall: bool) -> list[list[dict[str, str]]]:
    longest = max((len(key["text"]) for key in keys), default=0)
    across = 1 if tall or longest > TWO_A_ROW else 2 if longest > THREE_A_ROW else 3
    return [list(keys[start : start + across]) for start in range(0, len(keys), across)]


# -- a contact to save


def _contact(card: Card) -> dict[str, Any] | None:
    """None where there is no number that could be saved: 999, or “text SHOUT to 85258”."""
    phone, extension = _international(card.phone)
    if not phone or not card.name.strip():
        return None
    name = " ".join(card.name.split())
    return {
        "phone_number": phone,
        "first_name": name[:LONGEST_CONTACT_NAME].rstrip(),
        "vcard": _vcard(name, phone, extension, card),
    }


def _international(phone: str) -> tuple[str, str]:
    """`+44…` and the extension; empty for what is no full number. Whether it is in use is not asked: it comes from the
    partnership's data, and is never filled in or mended here."""
    try:
        number = phonenumbers.parse(phone, REGION)
    except phonenumbers.NumberParseException:
        return "", ""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return "", ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or ""


def _vcard(name: str, phone: str, extension: str, card: Card) -> str:
    """RFC 2426. What does not fit into Telegram's 2,048 bytes is left out, the least useful first."""
    optional = [
        f"NOTE:{_escaped(f'ext. {extension}')}" if extension else "",
        f"EMAIL:{_escaped(card.email)}" if card.email else "",
        f"URL:{_escaped(card.web)}" if card.web else "",
    ]
    while name.encode()[200:]:
        name = name[:-1]
    needed = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_escaped(name)};;;;", f"FN:{_escaped(name)}", f"TEL;TYPE=WORK:{phone}"]
    while True:
        vcard = "\r\n".join([*needed, *filter(None, optional), "END:VCARD"])
        if len(vcard.encode()) <= LONGEST_VCARD_BYTES:
            return vcard
        optional.pop()


def _escaped(value: str) -> str:
    line = " ".join(value.split())
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


# -- files


def _document(name: str, mime: str, content: bytes) -> Call:
    return Call("sendDocument", {"document": Upload(file_name(name) or "file", mime, content)})


def _passed_on(attachment: Attachment) -> list[Call]:
    """By Telegram's own number where it came from Telegram; its content otherwise, and when the number is refused (it
    was another bot's)."""
    upload = None
    if attachment.content is not None:
        upload = _upload(attachment.kind, attachment.name, attachment.mime, attachment.content)
    field, _colon, file_id = attachment.ref.partition(":")
    if attachment.channel == CHANNEL and field in FILES and file_id:
        method = "send" + "".join(part.title() for part in field.split("_"))
        return [Call(method, {field: file_id}, otherwise=upload)]
    return [upload] if upload else []


def _upload(kind: str, name: str, mime: str, content: bytes) -> Call:
    """Shown as a picture or a voice note where Telegram can; else as a file, which takes anything."""
    document = _document(name, mime, content)
    file = document.params["document"]
    if kind == "photo" and mime in ("image/jpeg", "image/png") and len(content) <= LARGEST_PHOTO_BYTES:
        return Call("sendPhoto", {"photo": file}, otherwise=document)
    if kind == "voice" and mime == "audio/ogg":
        return Call("sendVoice", {"voice": file}, otherwise=document)
    return document


def _with(call: Call, more: Mapping[str, Any]) -> Call:
    """The same, also for what comes in its place."""
    return Call(call.method, {**call.params, **more}, _with(call.otherwise, more) if call.otherwise else None)
