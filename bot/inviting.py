"""An invite as somebody with the machine hands it on: a link for each channel, and the same as a QR code."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from models.database import writing
from models.role import RoleName, invite

if TYPE_CHECKING:
    from rich.console import Console

    from bot.main import House
    from bot.settings import Settings

# Somebody waits at a screen: the web link works without it.
ASK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Invitation:
    role: RoleName
    organisation: str
    expires: datetime
    web: str
    telegram: str

    def as_json(self) -> dict[str, Any]:
        return {
            "role": self.role.value,
            "organisation": self.organisation,
            "expires": self.expires.isoformat(),
            "web": self.web,
            "telegram": self.telegram or None,
        }


def invitation(house: House, role: RoleName, organisation: str, days: int = 7) -> Invitation:
    """A one-time invite by somebody with the machine, committed."""
    with writing(house.engine) as session:
        row, secret = invite(session, role, organisation, None, days=days)
        expires = row.expires
    partnership = house.partnership
    payload = f"inv-{secret}"
    return Invitation(
        role,
        organisation,
        expires,
        partnership.link(payload),
        partnership.link(payload, "telegram") if partnership.telegram_name else "",
    )


def telegram_name(settings: Settings) -> str:
    """The bot's own name, asked of Telegram; empty without a token, or when Telegram does not answer now."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return ""
    from bot.channels.telegram import new_bot

    async def ask() -> str:
        async with new_bot(token, settings.telegram_api_url) as bot:
            return bot.username

    try:
        return asyncio.run(asyncio.wait_for(ask(), ASK_SECONDS))
    except (TelegramError, TimeoutError, OSError):
        return ""


def print_invitation(console: Console, invited: Invitation) -> None:
    link = invited.telegram or invited.web
    console.print(
        f"An invite to be {invited.role} for {invited.organisation}. It works once, until {invited.expires:%d %B %Y}."
    )
    for address in filter(None, [invited.web, invited.telegram]):
        console.print(address, soft_wrap=True, highlight=False)
    import segno

    drawn = StringIO()
    segno.make(link, error="m").terminal(drawn, compact=True)
    console.print(drawn.getvalue(), highlight=False, markup=False)
