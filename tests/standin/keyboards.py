"""The keyboards under a message, checked as Telegram checks them: shape, one action a button, 64 bytes, addresses."""

from typing import Any
from urllib.parse import urlsplit

from . import fields
from .refusals import bad

# A button does exactly one of these. The ones that we never use are known, so that they are not called unknown.
ACTIONS: dict[str, fields.Reader] = {
    "callback_data": fields.text,
    "url": fields.text,
    "web_app": fields.structure,
    "login_url": fields.structure,
    "switch_inline_query": fields.text,
    "switch_inline_query_current_chat": fields.text,
    "switch_inline_query_chosen_chat": fields.structure,
    "copy_text": fields.structure,
    "callback_game": fields.structure,
    "pay": fields.flag,
}
LOOKS: dict[str, fields.Reader] = {"style": fields.text, "icon_custom_emoji_id": fields.text}
MOST_BUTTONS = 100  # Telegram's own ceiling for one message


def _address(url: str) -> None:
    """Telegram opens web pages and its own tg: links, nothing else: a tel: button is refused."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    web = parts.scheme in ("http", "https") and ("." in host or host == "localhost") and " " not in url
    if not web and not (parts.scheme == "tg" and host):
        raise bad(f"inline keyboard button URL '{url}' is invalid: BUTTON_URL_INVALID")


def _inline_button(value: Any) -> dict[str, Any]:
    button: dict[str, Any] = fields.thing({"text": fields.text}, {**ACTIONS, **LOOKS})(value)
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [name for name in button if name in ACTIONS]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"a button does one thing, not {' and '.join(actions)}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        _address(button["url"])
    return button


def _reply_button(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = {"text": value}
    button: dict[str, Any] = fields.thing(
        {"text": fields.text}, {"request_contact": fields.flag, "request_location": fields.flag, **LOOKS}
    )(value)
    if not button["text"].strip():
        raise bad("keyboard button text must be non-empty")
    return button


_inline = fields.thing({"inline_keyboard": fields.listing(fields.listing(_inline_button))}, {})
_reply = fields.thing(
    {"keyboard": fields.listing(fields.listing(_reply_button))},
    {
        "is_persistent": fields.flag,
        "resize_keyboard": fields.flag,
        "one_time_keyboard": fields.flag,
        "input_field_placeholder": fields.text,
        "selective": fields.flag,
    },
)
_remove = fields.thing({"remove_keyboard": fields.flag}, {"selective": fields.flag})
_force = fields.thing({"force_reply": fields.flag}, {"selective": fields.flag, "input_field_placeholder": fields.text})


def inline(value: Any) -> dict[str, Any]:
    """An inline keyboard, the only kind that an edited message may carry."""
    found = fields.structure(value)
    if not isinstance(found, dict) or "inline_keyboard" not in found:
        raise bad("inline keyboard expected")
    keyboard: dict[str, Any] = _inline(found)
    if sum(len(row) for row in keyboard["inline_keyboard"]) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    # An empty row is dropped, and a keyboard without a button is none.
    rows = [row for row in keyboard["inline_keyboard"] if row]
    return {"inline_keyboard": rows} if rows else {}


def markup(value: Any) -> dict[str, Any]:
    """Any of the four kinds of reply markup."""
    found = fields.structure(value)
    if not isinstance(found, dict):
        raise bad("object expected as reply markup")
    for name, reader in (("keyboard", _reply), ("remove_keyboard", _remove), ("force_reply", _force)):
        if name in found:
            checked: dict[str, Any] = reader(found)
            return checked
    return inline(found)
