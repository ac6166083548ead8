"""What somebody said, as every channel hands it in: pure, and the same for all of them."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar


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
    """One message. `id` is the channel's own, prefixed with the channel: the same message has the same id for ever.

    Where a channel may give a number to another message later, `mark` tells the two apart; it is no part of what was
    said."""

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
    mark: str = field(default="", compare=False)

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


# No database keeps these: PostgreSQL refuses NUL, and half of a surrogate pair is no character of any encoding.
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


What = TypeVar("What", Heard, Attached)


def keepable(heard: Heard) -> Heard:
    """The same without what no database keeps; nearly always the same one. For every channel, before all else."""
    if not heard.attached and not _NOT_KEPT.search(_all_words(heard)):
        return heard
    attached = tuple(map(_without, heard.attached))
    heard = _without(heard)
    return heard if attached == heard.attached else replace(heard, attached=attached)


def _all_words(heard: Heard) -> str:
    return f"{heard.id}{heard.key}{heard.text}{heard.tap}{heard.event}{heard.language}{heard.tapped_ref}{heard.channel}"


def _without(what: What) -> What:
    cleaned: dict[str, Any] = {
        one.name: _NOT_KEPT.sub("", value)
        for one in fields(what)
        if isinstance(value := getattr(what, one.name), str) and _NOT_KEPT.search(value)
    }
    return replace(what, **cleaned) if cleaned else what


def started(heard: Heard) -> str | None:
    """The payload of a deep link (`/start inv-abc`), an empty string for a bare `/start`, None for anything else."""
    word, _, payload = heard.text.partition(" ")
    return payload.strip() if word.split("@")[0] == "/start" else None
