"""What `yousaid start` says when it is ready: where the chat is, and how the first member of staff gets in."""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import TYPE_CHECKING

from rich.console import Console
from sqlalchemy import func, select

from bot.inviting import invitation
from models.area import complaints
from models.database import now, reading
from models.role import Role, RoleName

if TYPE_CHECKING:
    from bot.main import House

console = Console()


def say_where(house: House) -> None:
    address = house.partnership.web_address
    console.print(f"\n[bold]YouSaid for {house.partnership.area.name}[/] is running.\n")
    console.print(f"  Chat:   {address}/", highlight=False)
    console.print(f"  Board:   {address}/board", highlight=False)
    if house.partnership.telegram_name:
        console.print(f"  Telegram:   https://t.me/{house.partnership.telegram_name}", highlight=False)
    elif house.settings.telegram_token.get_secret_value():
        console.print("  Telegram:   a token is set, but the Bot API did not answer yet; trying again", highlight=False)
    if not _anybody_in_charge(house):
        first = invitation(house, RoleName.ADMIN, house.partnership.area.organisations[0].key)
        console.print("\n  Nobody is staff yet. Whoever opens this link becomes the first (once, within 7 days):")
        console.print(f"  {first.web}", soft_wrap=True, highlight=False)
        console.print("  The chat then gives them a link to the staff desk; “desk” gives another.")
    missing = complaints(house.partnership.area, house.partnership.area.today(now()))
    if missing:
        console.print(f"\n  [yellow]{len(missing)} things to look at before families come:[/] yousaid doctor")
    console.print("\n  Ctrl-C ends it. Everything is kept.\n")
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform in ("darwin", "win32")):
        webbrowser.open(f"{address}/")


def _anybody_in_charge(house: House) -> bool:
    with reading(house.engine) as session:
        return bool(
            session.scalar(
                select(func.count()).select_from(Role).where(Role.ended.is_(None), Role.name == RoleName.ADMIN)
            )
        )
