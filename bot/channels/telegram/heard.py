"""What a Telegram update says. Pure: an update in, what was heard out.

In a private chat everything gets a sensible answer, so everything becomes a `Heard`, except what nobody said (service
messages, a moving location, a change of nothing). In a group nothing is heard at all: a private answer never appears
before others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.payload import Key, Message, Moved, Query, Sent, Update, User
from handlers import taps
from models.heard import Attached, Heard

CHANNEL = "telegram"

# Which fields hold a file, what it is to us, and how it is called where its sender gave no name. A GIF comes as an
# animation and, for old bots, as a document too: the first one counts.
FILES = {
    "photo": ("photo", "photo.jpg", "image/jpeg"),
    "voice": ("voice", "voice.ogg", "audio/ogg"),
    "audio": ("voice", "audio.mp3", "audio/mpeg"),
    "video": ("video", "video.mp4", "video/mp4"),
    "video_note": ("video", "video.mp4", "video/mp4"),
    "animation": ("video", "animation.mp4", "video/mp4"),
    "document": ("file", "file", "application/octet-stream"),
}
EVENTS = {"sticker": "sticker", "location": "location", "venue": "location", "contact": "contact"}

# Telegram's own remarks about a private chat. Nobody said them, so nobody waits for an answer.
SERVICE = frozenset({
    "pinned_message", "message_auto_delete_timer_changed", "successful_payment", "refunded_payment", "users_shared",
    "chat_shared", "connected_website", "write_access_allowed", "passport_data", "proximity_alert_triggered",
    "boost_added", "chat_background_set", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
    "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created",
    "giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
    "video_chat_participants_invited", "web_app_data", "gift", "unique_gift", "gift_upgrade_sent",
    "paid_message_price_changed", "direct_message_price_changed", "checklist_tasks_done", "checklist_tasks_added",
    "new_chat_members", "left_chat_member", "group_chat_created", "migrate_to_chat_id", "migrate_from_chat_id",
})  # fmt: skip

# Control characters but line ends and tabs; halves of surrogate pairs, which no database takes; and the marks that turn
# the direction of writing round for what follows, with which a text can be made to look like another one.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("\r\n?|\x85|\u2028|\u2029")


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody put us among others, or speaks to us there. `language` is that person's."""

    chat_id: int
    language: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nobody said anything. `why` is for the log."""

    why: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A tap, as far as only Telegram is concerned: what must be answered, and the keyboard that it was on."""

    query_id: str
    key: str = ""
    ref: str = ""
    keyboard: tuple[tuple[Key, ...], ...] = ()
    data: str = ""


def heard(update: Update, bot_id: int) -> Heard | Group | Ignored:
    """What the update says. Raises KeyError, TypeError, ValueError or AttributeError when it is not shaped as
    Telegram's are."""
    number = heard_id(update, bot_id)
    if "message" in update:
        return _message(number, update["message"])
    if "callback_query" in update:
        return _tap(number, update["callback_query"])
    if "edited_message" in update:
        return _edited(number, update["edited_message"])
    if "my_chat_member" in update:
        return _moved(number, update["my_chat_member"])
    return Ignored("not asked for")


def heard_id(update: Update, bot_id: int) -> str:
    """Another bot account counts its updates anew, so its number is part of the id."""
    return f"{CHANNEL}:{bot_id}:{update['update_id']}"


def mark(*what: Any) -> str:
    """What an update is, beside its number: after a week without any, Telegram begins at a random one, which may have
    been given before. `what` is the same however often the update comes."""
    return hashlib.blake2s(repr(what).encode(errors="replace"), digest_size=8).hexdigest()


def pressed(update: Update) -> Pressed | None:
    """The tap in this update, if it is one."""
    query = update.get("callback_query")
    if query is None:
        return None
    message = query.get("message") or {}
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", ())
    return Pressed(
        query["id"],
        str(message["chat"]["id"]) if message else "",
        str(message.get("message_id", "")),
        tuple(tuple(row) for row in rows),
        query.get("data", ""),
    )


def answered_keyboard(tap: Pressed) -> list[list[Key]] | None:
    """What the keyboard becomes once its question is answered: the answer, marked, and the ways out.

    A tap leaves no trace of its own in a chat: without the mark nobody could see afterwards what they had said. None
    when the tap answered no question: a menu stays a menu.
    """
    if not isinstance(taps.parse(tap.data), taps.AnswerTap):
        return None
    keys = [key for row in tap.keyboard for key in row]
    mine = [key for key in keys if key.get("callback_data") == tap.data]
    if not mine:
        return None
    ways_out = [key for key in keys if isinstance(taps.parse(key.get("callback_data", "")), taps.CommandTap)]
    label = mine[0]["text"].removeprefix("✓ ")
    return [[{"text": f"✓ {label}", "callback_data": tap.data}], *([ways_out] if ways_out else [])]


def clean(text: str) -> str:
    """Words as they may be kept: no control characters, no broken ones, no tricks with the direction of writing."""
    return _UNWANTED.sub("", _LINE_END.sub("\n", text)).strip()


def _message(number: str, message: Message) -> Heard | Group | Ignored:
    sender: User = message.get("from") or {}
    if message["chat"]["type"] != "private":
        return Group(message["chat"]["id"], _language(sender))
    if sender.get("is_bot"):
        return Ignored("a bot")
    text = clean(message.get("text") or message.get("caption") or "")
    attached = _attached(message)
    event = "" if text or attached else _event(message)
    if event is None:
        return Ignored("service message")
    return Heard(
        number,
        CHANNEL,
        _key(message),
        text,
        attached=attached,
        event=event,
        language=_language(sender),
        mark=mark("said", message["chat"]["id"], message.get("message_id"), message.get("date")),
    )


def _event(message: Message) -> str | None:
    """What else it is; None for what nobody said."""
    for field, event in EVENTS.items():
        if field in message:
            return event
    return None if SERVICE & message.keys() else "other"


def _tap(number: str, query: Query) -> Heard | Ignored:
    message = query.get("message")
    if message is None or message["chat"]["type"] != "private":
        return Ignored("a button elsewhere")
    data = clean(query.get("data", ""))
    if not data:
        return Ignored("a button without data")
    return Heard(
        number,
        CHANNEL,
        _key(message),
        tap=data,
        language=_language(query["from"]),
        tapped_ref=str(message["message_id"]),
        mark=mark("tapped", query.get("id")),
    )


def _edited(number: str, message: Message) -> Heard | Ignored:
    """A changed message. Telegram also sends one when nothing that we see has changed, and for every step of somebody
    who shares where they are going."""
    text = clean(message.get("text") or message.get("caption") or "")
    if message["chat"]["type"] != "private":
        return Ignored("edited elsewhere")
    if "edit_date" not in message or not text:
        return Ignored("edited without words")
    language = _language(message.get("from") or {})
    which = mark("edited", message["chat"]["id"], message.get("message_id"), message["edit_date"])
    return Heard(number, CHANNEL, _key(message), text, event="edited", language=language, mark=which)


def _moved(number: str, moved: Moved) -> Heard | Group | Ignored:
    """Telegram tells of a private chat only that the bot was blocked or let in again."""
    status, chat = moved["new_chat_member"]["status"], moved["chat"]
    language = _language(moved["from"])
    if chat["type"] != "private":
        return Ignored("left") if status in ("left", "kicked") else Group(chat["id"], language)
    event = {"kicked": "blocked", "member": "unblocked"}.get(status)
    if event is None:
        return Ignored(f"chat member is {status}")
    which = mark("moved", chat["id"], status, moved.get("date"))
    return Heard(number, CHANNEL, _key(moved), event=event, language=language, mark=which)


def _attached(message: Message) -> tuple[Attached, ...]:
    for field, (kind, usual_name, usual_mime) in FILES.items():
        if field in message:
            file = _largest(message[field]) if field == "photo" else message[field]
            return (
                Attached(
                    kind,
                    # Telegram sends a file again only as what it was: its kind goes with its number.
                    f"{field}:{file['file_id']}",
                    file_name(file.get("file_name", "")) or usual_name,
                    clean(file.get("mime_type", "")) or usual_mime,
                    int(file.get("file_size", 0)),
                ),
            )
    return ()


def _largest(sizes: list[Sent]) -> Sent:
    return max(sizes, key=lambda size: size.get("width", 0) * size.get("height", 0))


def file_name(name: str) -> str:
    """A name without anything that is more than a name: no path, no quotes, no line ends."""
    return re.sub(r'[\s/\\"<>|:*?]+', " ", clean(name)).strip(" .")[:100]


def _language(sender: User | dict[str, Any]) -> str:
    language = sender.get("language_code")
    return language if isinstance(language, str) and language else "en"


def _key(message: Message | Moved) -> str:
    number = message["chat"]["id"]
    if not isinstance(number, int):
        raise TypeError("a chat's id is a number")
    return str(number)
