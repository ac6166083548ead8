"""The methods with which the bot describes itself, and those that look at chats and members."""

import re
import time
from collections.abc import Callable
from typing import Any

from . import fields
from .fields import Params, Reader
from .judge import Json
from .refusals import bad
from .world import BOT_ID, World

MOST_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")


def _command(value: Any) -> Json:
    found: Json = fields.thing({"command": fields.text, "description": fields.text}, {})(value)
    if not _COMMAND.fullmatch(found["command"]):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(found["description"].strip()) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return found


def _language(value: Any) -> str:
    if value != "" and not (isinstance(value, str) and _LANGUAGE.fullmatch(value)):
        raise bad("invalid language code specified")
    return str(value)


SCOPES = (
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
)  # fmt: skip
PER_LANGUAGE: dict[str, Reader] = {"language_code": _language}
SCOPED: dict[str, Reader] = {
    "scope": fields.thing({"type": fields.one_of(*SCOPES)}, {"chat_id": fields.chat, "user_id": fields.integer}),
    **PER_LANGUAGE,
}
COMMANDS: dict[str, Reader] = {"commands": fields.listing(_command, MOST_COMMANDS)}
MENU_BUTTON: dict[str, Reader] = {
    "chat_id": fields.chat,
    "menu_button": fields.thing(
        {"type": fields.one_of("commands", "web_app", "default")},
        {"text": fields.text, "web_app": fields.thing({"url": fields.text}, {})},
    ),
}


def _scope(world: World, params: Params) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    name = scope["type"]
    if name in ("chat", "chat_administrators", "chat_member"):
        if "chat_id" not in scope:
            raise bad("chat_id is empty")
        world.writable(scope["chat_id"])
        name = f"{name}:{scope['chat_id']}"
    if name.startswith("chat_member:"):
        name = f"{name}:{scope['user_id']}"
    return name, params.get("language_code", "")


def set_my_commands(world: World, params: Params) -> bool:
    world.profile.commands[_scope(world, params)] = params["commands"]
    return True


def delete_my_commands(world: World, params: Params) -> bool:
    world.profile.commands.pop(_scope(world, params), None)
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.profile.commands.get(_scope(world, params), [])


def set_words(what: str, longest: int) -> Callable[[World, Params], bool]:
    """setMyName, setMyDescription and setMyShortDescription: a text of at most `longest` characters per language."""

    def run(world: World, params: Params) -> bool:
        words = params.get(what, "")
        if len(words) > longest:
            raise bad(f"{what} is too long")
        getattr(world.profile, what)[params.get("language_code", "")] = words
        return True

    return run


def set_chat_menu_button(world: World, params: Params) -> bool:
    if "chat_id" in params:
        world.writable(params["chat_id"])
    world.profile.menu_buttons[params.get("chat_id")] = params.get("menu_button", {"type": "default"})
    return True


def get_me(world: World, _: Params) -> Json:
    return world.bot


def member(user: Json, status: str) -> Json:
    """A ChatMember."""
    found: Json = {"user": user, "status": status}
    if status == "kicked":
        found["until_date"] = 0
    if status == "creator":
        found["is_anonymous"] = False
    return found


def get_chat(world: World, params: Params) -> Json:
    chat = world.chats.get(params["chat_id"])
    if chat is None or not chat.open:
        raise bad("chat not found")
    return {
        **chat.info,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_chat_member(world: World, params: Params) -> Json:
    chat = world.chats.get(params["chat_id"])
    if chat is None:
        raise bad("chat not found")
    user_id = params["user_id"]
    if user_id == BOT_ID:
        return member(world.bot_as_user, "member" if chat.open else "left")
    if user_id not in world.users:
        raise bad("invalid user_id specified")
    status = "member" if chat.private and user_id == chat.id else chat.members.get(user_id, "left")
    return member(world.users[user_id], status)


def leave_chat(world: World, params: Params) -> bool:
    chat = world.chats.get(params["chat_id"])
    if chat is None:
        raise bad("chat not found")
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    world.writable(chat.id)
    chat.open = False
    bot_moves(world, chat.id, world.bot_as_user, "member", "left")
    return True


def bot_moves(world: World, chat_id: int, by: Json, old: str, new: str) -> Json | None:
    """A my_chat_member update: `by` changed what the bot is in this chat."""
    return world.updates.push(
        "my_chat_member",
        {
            "chat": world.chats[chat_id].info,
            "from": by,
            "date": int(time.time()),
            "old_chat_member": member(world.bot_as_user, old),
            "new_chat_member": member(world.bot_as_user, new),
        },
        chat_id,
    )
