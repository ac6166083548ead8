"""What a conversation needs to know of the partnership that it serves. Made once, when the program starts."""

from __future__ import annotations

from dataclasses import dataclass

from models.area import Area
from models.finding import Finder


@dataclass(frozen=True, slots=True)
class Partnership:
    area: Area
    finder: Finder
    # Where the web chat is reached, without a slash at the end ("https://yousaid.example").
    web_address: str
    # The bot's own name on Telegram, for deep links; empty without Telegram.
    telegram_name: str = ""
    # Whether e-mail can be sent: staff on duty are then told in two ways.
    mails: bool = False

    def link(self, payload: str, channel: str = "web") -> str:
        """A link that opens the chat with a payload: an invite, a meeting, an item."""
        if channel == "telegram" and self.telegram_name:
            return f"https://t.me/{self.telegram_name}?start={payload}"
        return f"{self.web_address}/start/{payload}"
