"""What happened, for a test to judge: every call that the bot made, and every message as each family saw it.

Messages stand in the order in which they arrived. An edit does not lose what stood there before: `versions` keeps it.
"""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One button as it is shown: pressing it sends `data`, opens `url`, or (both None) types its label."""

    label: str
    data: str | None = None
    url: str | None = None


class Shown:
    """A message as it looked at one moment. `at` is monotonic seconds."""

    __slots__ = ("at", "attachment", "keyboard", "raw")

    def __init__(self, raw: Json, keyboard: Json | None = None, attachment: bytes | None = None) -> None:
        self.at = time.monotonic()
        self.raw = raw
        self.keyboard = keyboard
        self.attachment = attachment

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """The text, or the caption of a file or photo."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons, row by row: those under the message, else those that took the keyboard's place."""
        markup = self.raw.get("reply_markup") or self.keyboard or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [[Button(one["text"], one.get("callback_data"), one.get("url")) for one in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def contact(self) -> Json | None:
        return self.raw.get("contact")

    @property
    def document(self) -> Json | None:
        """The file's name, type and size; its bytes are `attachment`."""
        return self.raw.get("document")

    def __repr__(self) -> str:
        buttons = "".join(f" [{label}]" for label in self.labels)
        return f"<{self.id} {self.text!r}{buttons}>"


class Message(Shown):
    """A message that the bot sent: as it looks now, and every version that it ever had."""

    __slots__ = ("deleted", "versions")

    def __init__(self, raw: Json, keyboard: Json | None = None, attachment: bytes | None = None) -> None:
        super().__init__(raw, keyboard, attachment)
        self.deleted = False
        self.versions: list[Shown] = [Shown(raw, keyboard, attachment)]

    def edited(self, raw: Json) -> Shown:
        self.raw = raw
        shown = Shown(raw, self.keyboard, self.attachment)
        self.versions.append(shown)
        return shown


class Chat:
    """One chat: what the bot sent into it, and what the people in it said."""

    def __init__(self, info: Json, keep: int | None) -> None:
        self.info = info
        self.id: int = info["id"]
        self.open = False  # the person wrote to the bot, or the group has it as a member
        self.blocked = False
        self.sent: dict[int, Message] = {}
        self.said: dict[int, Json] = {}
        self.members: dict[int, str] = {}
        self.arrived = 0
        self._arrivals: deque[Shown] = deque(maxlen=keep)
        self._keep = keep

    @property
    def private(self) -> bool:
        return bool(self.info["type"] == "private")

    @property
    def messages(self) -> list[Message]:
        """What the bot sent and did not delete, oldest first."""
        return [message for message in self.sent.values() if not message.deleted]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    def arrive(self, shown: Shown) -> None:
        """A new message or a new version of one reached the phone."""
        self.arrived += 1
        self._arrivals.append(shown)

    def arrivals_after(self, count: int) -> list[Shown]:
        """Everything that arrived since `count` things had, as far as it is kept."""
        new = min(self.arrived - count, len(self._arrivals))
        return list(self._arrivals)[-new:] if new else []

    def keep_sent(self, message: Message) -> None:
        self.sent[message.id] = message
        self._trim(self.sent)

    def keep_said(self, raw: Json) -> None:
        self.said[raw["message_id"]] = raw
        self._trim(self.said)

    def _trim(self, kept: dict[int, Any]) -> None:
        if self._keep is not None and len(kept) > self._keep:
            del kept[next(iter(kept))]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot. `code` is 0 when no answer went out; `handled` says whether it took effect all the same."""

    at: float
    method: str
    chat_id: int | None
    params: Json
    code: int
    description: str
    handled: bool
    fault: str | None = None


@dataclass
class Calls:
    """Every call in order; the newest `keep` of them when that is set. `counts` goes on for ever."""

    keep: int | None = None
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._kept: deque[Call] = deque(maxlen=self.keep)

    def add(self, call: Call) -> None:
        self._kept.append(call)
        key = (call.method, call.code)
        self.counts[key] = self.counts.get(key, 0) + 1

    def of(self, method: str, chat_id: int | None = None, code: int | None = None) -> list[Call]:
        """The calls of one method, of one chat and with one outcome where asked for."""
        return [
            call
            for call in self._kept
            if call.method == method
            and (chat_id is None or call.chat_id == chat_id)
            and (code is None or call.code == code)
        ]

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)
