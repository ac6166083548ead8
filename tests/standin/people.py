"""The people on the other side: they say, tap, send, edit, block, and read what arrives.

Every act returns the update that it caused, so that a test can have it delivered again; None when the bot did not ask
for that kind, or may not see it.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

from ..patience import PATIENCE
from .judge import Button, Chat, Json, Message, Shown
from .profile import bot_moves
from .updates import Update
from .world import BOT_USERNAME, World

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?(?=\s|$)")
A_PHOTO = b"\xff\xd8\xff\xe0 a photo"


def _entities(text: str) -> Json:
    """Telegram marks commands, and python-telegram-bot's CommandHandler goes by the mark. Offsets are in UTF-16."""
    found = _COMMAND.match(text)
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(found[0])}]} if found else {}


@dataclass
class Group:
    """A group with the bot in it, or not yet."""

    world: World
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages


class Person:
    """Somebody with a phone. Their private chat with the bot has their own id."""

    def __init__(self, world: World, user: Json) -> None:
        self.world = world
        self.user = user
        self.id: int = user["id"]
        self._heard = 0
        with world.changed:
            world.users[self.id] = user
            chat = world.chats.get(self.id)
            info = {"id": self.id, "type": "private", "first_name": user["first_name"]}
            if chat is None:
                chat = world.chats[self.id] = Chat(info, world.keep)
            chat.info = info
            self.chat = chat

    def _sends(self, content: Json, group: Group | None = None) -> Update | None:
        with self.world.changed:
            chat = group.chat if group else self.chat
            if chat.blocked:
                raise ValueError(f"{self.id} blocked the bot: Telegram has no way to write until unblocks()")
            if group and not chat.open:
                return None
            chat.open = True
            raw = self.world.new_message(chat, self.user, content)
            chat.keep_said(raw)
            if group and not self._seen(content):
                return None
            return self.world.updates.push("message", raw, chat.id)

    def _seen(self, content: Json) -> bool:
        """In a group a bot in privacy mode sees commands and what mentions it."""
        text = content.get("text", "")
        return self.world.reads_all_group_messages or text.startswith("/") or f"@{BOT_USERNAME}" in text

    def says(self, text: str, group: Group | None = None) -> Update | None:
        return self._sends({"text": text, **_entities(text)}, group)

    def starts(self, payload: str = "") -> Update | None:
        """Opens the chat, by a deep link if there is a payload: t.me/bot?start=payload (64 of A-Z a-z 0-9 _ -)."""
        if payload and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload):
            raise ValueError(f"Telegram does not carry {payload!r} in a deep link")
        return self.says(f"/start {payload}" if payload else "/start")

    def edits(self, update: Update, text: str) -> Update | None:
        """Changes a message that this person sent; `update` is what says() gave back."""
        with self.world.changed:
            raw = {**update["message"], "text": text, "edit_date": int(time.time())}
            raw.pop("entities", None)
            raw |= _entities(text)
            self.chat.keep_said(raw)
            return self.world.updates.push("edited_message", raw, self.id)

    def sends_photo(self, content: bytes = A_PHOTO, caption: str = "") -> Update | None:
        stored = self.world.store(content, "photos", ".jpg")
        photo = [self.world.described(stored, width=width, height=width * 3 // 4) for width in (90, 320, 1280)]
        return self._sends({"photo": photo, **({"caption": caption} if caption else {})})

    def sends_voice(self, content: bytes = b"OggS a voice", seconds: int = 3) -> Update | None:
        stored = self.world.store(content, "voice", ".oga")
        return self._sends({"voice": self.world.described(stored, duration=seconds, mime_type="audio/ogg")})

    def sends_document(
        self, content: bytes, name: str = "letter.pdf", mime: str = "application/pdf", caption: str = ""
    ) -> Update | None:
        stored = self.world.store(content, "documents", name[name.rfind(".") :] if "." in name else "")
        document = self.world.described(stored, file_name=name, mime_type=mime)
        return self._sends({"document": document, **({"caption": caption} if caption else {})})

    def sends_sticker(self, emoji: str = "👍") -> Update | None:
        stored = self.world.store(b"RIFF a sticker", "stickers", ".webp")
        described = self.world.described(stored, width=512, height=512, emoji=emoji)
        return self._sends({"sticker": {**described, "type": "regular", "is_animated": False, "is_video": False}})

    def sends_location(self, latitude: float = 53.48, longitude: float = -2.09) -> Update | None:
        return self._sends({"location": {"latitude": latitude, "longitude": longitude}})

    def sends_contact(self, phone: str = "07700 900123", first_name: str | None = None) -> Update | None:
        contact = {"phone_number": phone, "first_name": first_name or self.user["first_name"]}
        return self._sends({"contact": contact})

    def finds(self, what: str, on: Shown | None = None) -> tuple[Message, Button]:
        """The newest message with a button of this label or data, and that button; LookupError tells what is there."""
        with self.world.changed:
            messages = [self.chat.sent[on.id]] if on else list(reversed(self.chat.messages))
            for by in ("label", "data"):
                for message in messages:
                    for button in message.buttons:
                        if getattr(button, by) == what:
                            return message, button
            there = [label for message in messages[:3] for label in message.labels]
            latest = messages[0].text if messages else "nothing"
            raise LookupError(f"no button {what!r}; the newest messages have {there}; the newest says {latest!r}")

    def taps(self, what: str, on: Shown | None = None) -> Update | None:
        """Presses a button, found by its label or its data, on the newest message that has it or on the one given."""
        with self.world.changed:
            message, button = self.finds(what, on)
            if button.data is not None:
                return self.presses(message, button.data)
        if button.url is not None:
            raise ValueError(f"{what!r} opens {button.url}: use opens()")
        return self.says(button.label)

    def presses(self, message: Message, data: str) -> Update | None:
        """Sends a callback query, also one whose button is long gone: phones show old screens."""
        with self.world.changed:
            query = self.world.press(self.chat, message, self.user, data)
            return self.world.updates.push("callback_query", query, self.id)

    def opens(self, label: str) -> str:
        """Follows a button that is a link; gives back the address."""
        _, button = self.finds(label)
        if button.url is None:
            raise ValueError(f"{label!r} is not a link")
        return button.url

    def answers(self, update: Update) -> list[Json]:
        """What the bot answered to a press (answerCallbackQuery): the small notice on the phone."""
        return self.world.queries[update["callback_query"]["id"]].answers

    def blocks(self) -> Update | None:
        with self.world.changed:
            self.chat.blocked = True
            return bot_moves(self.world, self.id, self.user, "member", "kicked")

    def unblocks(self) -> Update | None:
        with self.world.changed:
            self.chat.blocked = False
            return bot_moves(self.world, self.id, self.user, "kicked", "member")

    def adds_to_group(self, title: str = "Parents of class 4", group_id: int | None = None) -> Group:
        """Makes a group with the bot in it. The bot is told twice, as Telegram does: my_chat_member and a message."""
        with self.world.changed:
            group_id = group_id or min([-1_001_000_000_000, *self.world.chats]) - 1
            chat = self.world.chats.get(group_id)
            if chat is None:
                info = {"id": group_id, "type": "supergroup", "title": title}
                chat = self.world.chats[group_id] = Chat(info, self.world.keep)
            chat.open = True
            chat.members[self.id] = "creator"
            bot_moves(self.world, group_id, self.user, "left", "member")
            raw = self.world.new_message(chat, self.user, {"new_chat_members": [self.world.bot_as_user]})
            self.world.updates.push("message", raw, group_id)
            return Group(self.world, chat)

    def joins(self, group: Group) -> None:
        """Is in the group; the bot is not told (it is no administrator)."""
        with self.world.changed:
            group.chat.members[self.id] = "member"

    def hears(self, part: str | None = None, timeout: float = PATIENCE) -> Shown:
        """Waits for the next message or edit that was not heard yet; with `part`, for one whose text has it.

        What came before it counts as heard. Raises AssertionError after `timeout` seconds, telling what did come.
        """
        passed: list[Shown] = []
        deadline = time.monotonic() + timeout
        with self.world.changed:
            while True:
                new = self.chat.arrivals_after(self._heard)
                for still, shown in zip(range(len(new) - 1, -1, -1), new, strict=True):
                    self._heard = self.chat.arrived - still
                    if part is None or part in shown.text:
                        return shown
                    passed.append(shown)
                if not self.world.changed.wait(deadline - time.monotonic()):
                    wanted = f"{part!r}" if part else "anything"
                    raise AssertionError(f"{self.id} did not hear {wanted} within {timeout} s; heard {passed}")

    def hears_nothing_new(self) -> bool:
        """Whether everything that arrived was heard already."""
        return not self.chat.arrivals_after(self._heard)

    def __repr__(self) -> str:
        return f"<Person {self.id} {self.user['first_name']}>"


def user(person_id: int, first_name: str, language_code: str | None, **more: Any) -> Json:
    """A User as Telegram gives it."""
    found: Json = {"id": person_id, "is_bot": False, "first_name": first_name, **more}
    if language_code:
        found["language_code"] = language_code
    return found
