"""Everything that the stand-in knows: chats, messages, files, queries, the bot's own settings.

One lock guards it, because tests speak from their own thread while calls are handled on the event loop's; the lock is a
condition, so that whoever waits for a message sleeps until something changed.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .judge import Calls, Chat, Json, Message, Shown
from .refusals import bad, forbidden
from .updates import Updates

BOT_ID = 7_000_000_001
BOT_USERNAME = "standin_bot"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that the bot or a person sent."""

    id: str
    path: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Query:
    """A press on a button that waits for its answerCallbackQuery. `at` is monotonic seconds."""

    chat_id: int
    at: float
    answers: list[Json] = field(default_factory=list)


@dataclass
class BotProfile:
    """What the bot said about itself, per language and, for commands, per scope."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)


class World:
    """The state. `keep` bounds what is kept of calls and of each chat, for benches that run for hours."""

    def __init__(self, wake: Callable[[], None], keep: int | None = None) -> None:
        self.changed = threading.Condition()
        self.keep = keep
        self.updates = Updates(wake)
        self.calls = Calls(keep)
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.profile = BotProfile()
        # Told of every message that reaches a phone, and of every one whose words are changed.
        self.arrived: Callable[[int, Shown], None] | None = None
        self.query_seconds = 60.0  # how long a press may be answered; Telegram's own limit is about this
        self.unmodified_edits_pass = False  # for benches of bots that repeat themselves
        self.reads_all_group_messages = False
        self.bot: Json = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Stand-in",
            "username": BOT_USERNAME,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.bot_as_user: Json = {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)
        self._query_ids = itertools.count(4_000_000_000_000_000_001)

    def chat(self, chat_id: int) -> Chat:
        """The chat, for looking at it; made on the spot when nobody mentioned it before."""
        with self.changed:
            if chat_id not in self.chats:
                self.chats[chat_id] = Chat({"id": chat_id, "type": "private", "first_name": "Nobody"}, self.keep)
            return self.chats[chat_id]

    def writable(self, chat_id: int) -> Chat:
        """The chat, if the bot may write into it. Raises Refused as Telegram would."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.open:
            if not chat.private:
                raise forbidden(f"bot is not a member of the {chat.info['type']} chat")
            if any(chat_id in other.members for other in self.chats.values()):
                raise forbidden("bot can't initiate conversation with a user")
            raise bad("chat not found")
        return chat

    def new_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A message's frame around its content."""
        return {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.info,
            "date": int(time.time()),
            **content,
        }

    def deliver(self, chat: Chat, content: Json, keyboard: Json | None, attachment: bytes | None = None) -> Json:
        """The bot's message reaches the phone. A keyboard that is not inline is shown, but not part of the message."""
        inline = keyboard if keyboard and "inline_keyboard" in keyboard else None
        raw = self.new_message(chat, self.bot_as_user, content)
        if inline:
            raw["reply_markup"] = inline
        message = Message(raw, None if inline else keyboard, attachment)
        chat.keep_sent(message)
        self.shows(chat, message.versions[0])
        return raw

    def shows(self, chat: Chat, shown: Shown, *, words: bool = True) -> None:
        """A phone shows something new: words, or only other buttons under words that stood there before."""
        chat.arrive(shown)
        if self.arrived and words:
            self.arrived(chat.id, shown)

    def press(self, chat: Chat, message: Message, user: Json, data: str) -> Json:
        """A callback query, open until it is answered."""
        query_id = str(next(self._query_ids))
        now = time.monotonic()
        self.queries[query_id] = Query(chat.id, now)
        if self.keep is not None and len(self.queries) > 10_000:
            del self.queries[next(iter(self.queries))]
        return {
            "id": query_id,
            "from": user,
            "message": message.raw,
            "chat_instance": str(chat.id * 7919),
            "data": data,
        }

    def store(self, content: bytes, folder: str, ending: str) -> StoredFile:
        """Keep a file, so that its id can be sent again and its bytes be fetched."""
        number = next(self._file_ids)
        stored = StoredFile(f"FILE{number:08d}", f"{folder}/file_{number}{ending}", content)
        self.files[stored.id] = stored
        if self.keep is not None and len(self.files) > self.keep:
            del self.files[next(iter(self.files))]
        return stored

    def described(self, stored: StoredFile, **more: Any) -> Json:
        """A file as it stands inside a message."""
        return {"file_id": stored.id, "file_unique_id": f"U{stored.id}", "file_size": len(stored.content), **more}
