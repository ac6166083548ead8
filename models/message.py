"""What is said to somebody, before any channel has given it a shape.

Plain text, buttons, a contact to save, a file. Channels translate it; nothing above them knows how. Kept as JSON in
the row that is to be sent.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `tap` comes back to us; `url` opens elsewhere (also `tel:` and `mailto:`)."""

    label: str
    tap: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A contact that can be saved to a phone."""

    name: str
    phone: str
    email: str = ""
    web: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: its content in base64, since it lives in a JSON row until it is sent."""

    name: str
    mime: str
    content: str

    @classmethod
    def of(cls, name: str, mime: str, content: bytes) -> File:
        return cls(name, mime, base64.b64encode(content).decode())

    @property
    def bytes(self) -> bytes:
        return base64.b64decode(self.content)


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    buttons: tuple[Button, ...] = ()
    # Back, menu, help: on every screen, beside what the message itself asks.
    footer: tuple[Button, ...] = ()
    card: Card | None = None
    file: File | None = None
    # An attachment of somebody's feedback, by its row, to be passed on as it came.
    attachment: int | None = None
    # What every screen must say as long as it is so: that nobody watches messages here.
    notice: str = ""
    # Bigger, one under the other: for a young person, or for long labels.
    tall: bool = False
    # What the person is expected to type, as a hint where a channel can show one.
    hint: str = ""
    # The same question with another mark on it: shown in the place of the message that was tapped.
    in_place: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is set of it. (By hand: `asdict` takes 39 µs, and every reply is written.)"""
        body = {name: value for name in _NAMES if (value := getattr(self, name))}
        for name in ("buttons", "footer"):
            if name in body:
                body[name] = [{"label": one.label, "tap": one.tap, "url": one.url} for one in getattr(self, name)]
        for name in ("card", "file"):
            if name in body:
                body[name] = asdict(body[name])
        return body

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Message:
        return cls(
            **{
                **body,
                "buttons": tuple(Button(**button) for button in body.get("buttons", ())),
                "footer": tuple(Button(**button) for button in body.get("footer", ())),
                "card": Card(**body["card"]) if body.get("card") else None,
                "file": File(**body["file"]) if body.get("file") else None,
            }
        )

    def plain(self) -> bool:
        """Words alone: may be joined with the words before and after it."""
        return self == Message(self.text)

    def joined(self, after: Message) -> Message:
        return replace(after, text=f"{self.text}\n\n{after.text}")


_NAMES = tuple(one.name for one in fields(Message))
