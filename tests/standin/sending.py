"""The methods that put something into a chat, change it or take it away."""

import re
import time
from collections.abc import Callable

from . import fields, keyboards
from .fields import Params, Reader, Upload
from .judge import Chat, Json, Message, Shown
from .refusals import bad
from .world import StoredFile, World

# Lengths count characters (code points), as the client configuration at core.telegram.org/api/config gives them.
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_VCARD_BYTES = 2048
LARGEST_UPLOAD_BYTES = 50 * 1024 * 1024
LARGEST_PHOTO_BYTES = 10 * 1024 * 1024
LARGEST_DOWNLOAD_BYTES = 20 * 1024 * 1024
PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
CHAT_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip

_reply = fields.thing(
    {"message_id": fields.integer},
    {
        "chat_id": fields.chat,
        "allow_sending_without_reply": fields.flag,
        "quote": fields.text,
        "quote_position": fields.integer,
    },
)
LINK_PREVIEW = fields.thing(
    {},
    {
        "is_disabled": fields.flag,
        "url": fields.text,
        "prefer_small_media": fields.flag,
        "prefer_large_media": fields.flag,
        "show_above_text": fields.flag,
    },
)
ADDRESSED: dict[str, Reader] = {"chat_id": fields.chat}
ANY_SEND: dict[str, Reader] = {
    "disable_notification": fields.flag,
    "protect_content": fields.flag,
    "reply_markup": keyboards.markup,
    "reply_parameters": _reply,
}


def _said(text: str) -> str:
    """A text as it arrives: trimmed, and of a length that goes into one message."""
    if not text:
        raise bad("message text is empty")
    trimmed = text.strip()
    if not trimmed:
        raise bad("text must be non-empty")
    if len(trimmed) > LONGEST_TEXT:
        raise bad("message is too long")
    return trimmed


def _reply_to(chat: Chat, params: Params) -> Json:
    reply = params.get("reply_parameters")
    if not reply:
        return {}
    found = chat.sent.get(reply["message_id"])
    original = found.raw if found and not found.deleted else chat.said.get(reply["message_id"])
    if original:
        return {"reply_to_message": {key: value for key, value in original.items() if key != "reply_to_message"}}
    if reply.get("allow_sending_without_reply"):
        return {}
    raise bad("message to be replied not found")


def send_message(world: World, params: Params) -> Json:
    chat = world.writable(params["chat_id"])
    content = {"text": _said(params["text"]), **_reply_to(chat, params)}
    return world.deliver(chat, content, params.get("reply_markup"))


def send_contact(world: World, params: Params) -> Json:
    chat = world.writable(params["chat_id"])
    phone, name = params["phone_number"].strip(), params["first_name"].strip()
    if not phone:
        raise bad("contact phone number is empty")
    if not name:
        raise bad("contact first name is empty")
    contact = {"phone_number": phone, "first_name": name}
    if "last_name" in params:
        contact["last_name"] = params["last_name"]
    if "vcard" in params:
        vcard = params["vcard"]
        if len(vcard.encode()) > LONGEST_VCARD_BYTES:
            raise bad("vCard is too long")
        if not (vcard.startswith("BEGIN:VCARD") and vcard.rstrip().endswith("END:VCARD")):
            raise bad("vCard is not one")
        contact["vcard"] = vcard
    return world.deliver(chat, {"contact": contact, **_reply_to(chat, params)}, params.get("reply_markup"))


def _file(world: World, given: Upload | str, kind: str, ending: str, largest: int) -> StoredFile:
    if isinstance(given, str):
        if given not in world.files:
            raise bad("wrong file identifier/HTTP URL specified")
        return world.files[given]
    if not given.content:
        raise bad("file must be non-empty")
    if len(given.content) > largest:
        raise bad("file is too big")
    folder = {"document": "documents", "photo": "photos", "voice": "voice"}[kind]
    return world.store(given.content, folder, ending)


def _caption(params: Params) -> Json:
    caption = params.get("caption", "").strip()
    if len(caption) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return {"caption": caption} if caption else {}


def send_document(world: World, params: Params) -> Json:
    chat = world.writable(params["chat_id"])
    given = params["document"]
    name, mime = (given.name, given.mime) if isinstance(given, Upload) else ("file", "application/octet-stream")
    ending = re.search(r"\.\w{1,8}$", name)
    stored = _file(world, given, "document", ending[0] if ending else "", LARGEST_UPLOAD_BYTES)
    document = world.described(stored, file_name=name, mime_type=mime)
    content = {"document": document, **_caption(params), **_reply_to(chat, params)}
    return world.deliver(chat, content, params.get("reply_markup"), stored.content)


def send_photo(world: World, params: Params) -> Json:
    chat = world.writable(params["chat_id"])
    stored = _file(world, params["photo"], "photo", ".jpg", LARGEST_PHOTO_BYTES)
    if not stored.content.startswith(PHOTO_STARTS):
        raise bad("IMAGE_PROCESS_FAILED")
    photo = [world.described(stored, width=1280, height=960)]
    content = {"photo": photo, **_caption(params), **_reply_to(chat, params)}
    return world.deliver(chat, content, params.get("reply_markup"), stored.content)


def send_voice(world: World, params: Params) -> Json:
    chat = world.writable(params["chat_id"])
    stored = _file(world, params["voice"], "voice", ".oga", LARGEST_UPLOAD_BYTES)
    voice = world.described(stored, duration=params.get("duration", 0), mime_type="audio/ogg")
    content = {"voice": voice, **_caption(params), **_reply_to(chat, params)}
    return world.deliver(chat, content, params.get("reply_markup"), stored.content)


def send_chat_action(world: World, params: Params) -> bool:
    world.writable(params["chat_id"])
    return True


def _own_message(world: World, params: Params, errand: str) -> tuple[Chat, Message]:
    """The bot's own message. Raises Refused in Telegram's words for `errand` (edit, delete)."""
    chat = world.writable(params["chat_id"])
    message = chat.sent.get(params["message_id"])
    if message is None or message.deleted:
        if params["message_id"] in chat.said:
            raise bad(f"message can't be {errand.removesuffix('e')}ed")
        raise bad(f"message to {errand} not found")
    return chat, message


def _edit(world: World, params: Params, change: Callable[[Json], None], *, words: bool = True) -> Json:
    chat, message = _own_message(world, params, "edit")
    raw = dict(message.raw)
    change(raw)
    # An edit without a keyboard takes the old one away.
    raw.pop("reply_markup", None)
    if params.get("reply_markup"):
        raw["reply_markup"] = params["reply_markup"]
    same = raw.get("text") == message.raw.get("text") and raw.get("reply_markup") == message.raw.get("reply_markup")
    if same and not world.unmodified_edits_pass:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    raw["edit_date"] = int(time.time())
    shown: Shown = message.edited(raw)
    world.shows(chat, shown, words=words)
    return raw


def edit_message_text(world: World, params: Params) -> Json:
    def change(raw: Json) -> None:
        if "text" not in raw:
            raise bad("there is no text in the message to edit")
        raw["text"] = _said(params["text"])

    return _edit(world, params, change)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    return _edit(world, params, lambda raw: None, words=False)


def delete_message(world: World, params: Params) -> bool:
    _, message = _own_message(world, params, "delete")
    message.deleted = True
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    query = world.queries.get(params["callback_query_id"])
    # A second answer finds the query gone, exactly like a late one.
    if query is None or query.answers or time.monotonic() - query.at > world.query_seconds:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(params.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query.answers.append(params)
    return True


def get_file(world: World, params: Params) -> Json:
    stored = world.files.get(params["file_id"])
    if stored is None:
        raise bad("invalid file_id")
    if len(stored.content) > LARGEST_DOWNLOAD_BYTES:
        raise bad("file is too big")
    return world.described(stored, file_path=stored.path)
