"""What somebody said, as every channel hands it in: pure, and the same for all of them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo, voice note or file. `ref` is the channel's own handle; `content` is there if it came with it."""

    kind: str  # photo · voice · video · file
    ref: str
    name: str = ""
    mime: str = ""
    size: int = 0
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One message. `id` is the channel's own, prefixed with the channel: the same message has the same id for ever."""

    id: str
    channel: str
    key: str
    text: str = ""
    tap: str = ""
    attached: tuple[Attached, ...] = ()
    # What else a channel may report: edited · sticker · location · contact · blocked · unblocked · other
    event: str = ""
    # The language that the person's device is set to, and the message that was tapped.
    language: str = "en"
    tapped_ref: str = ""
    # For channels that must show the person's own words again.
    keep_words: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept of a message that made the code fail: all of it."""
        return {
            "id": self.id,
            "channel": self.channel,
            "key": self.key,
            "text": self.text,
            "tap": self.tap,
            "event": self.event,
            "language": self.language,
            "attached": [
                {
                    "kind": one.kind,
                    "ref": one.ref,
                    "name": one.name,
                    "mime": one.mime,
                    "size": one.size,
                    "content": base64.b64encode(one.content).decode() if one.content is not None else None,
                }
                for one in self.attached
            ],
        }


def started(heard: Heard) -> str | None:
    """The payload of a deep link (`/start inv-abc`), an empty string for a bare `/start`, None for anything else."""
    word, _, payload = heard.text.partition(" ")
    return payload.strip() if word.split("@")[0] == "/start" else None
