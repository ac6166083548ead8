"""A card of the Who's Who in words: what it helps with, how to reach it, and how far its facts can be trusted (T3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from handlers.dialogue import Chat
from locales import _, dates
from models.contact import ContactCard
from models.message import Button, Card

# What a service helps with is a list of five or six. These many are read, and a third one only where it is short.
HELPS_WITH = 3
HELPS_WITH_YOUNG = 1
HELPS_WITH_LENGTH = 110
# "speaks" and "speech", "transport" and "transporting" begin alike; shorter beginnings are shared by too many words.
ALIKE = 4


def show_card(chat: Chat, card: ContactCard, *buttons: Button, words: str = "") -> None:
    """Say the card as a message of its own, to be saved where it has a number that can be rung."""
    ways = []
    if card.email and not card.dialled:
        ways.append(Button(_("Write an e-mail"), url=f"mailto:{card.email}"))
    if card.web:
        ways.append(Button(_("Open web page"), url=card.web))
    saved = Card(card.name, card.phone or "", card.email or "") if card.dialled else None
    chat.say(card_text(card, words=words, young=chat.person.young), *ways, *buttons, card=saved, tall=chat.person.young)


def card_text(card: ContactCard, *, words: str = "", young: bool = False) -> str:
    """A card in the language being spoken. What services are called and help with is in English only for now."""
    helps = best_fitting(card.helps_with, words)[: HELPS_WITH_YOUNG if young else HELPS_WITH]
    if len("; ".join(helps)) > HELPS_WITH_LENGTH:
        helps = helps[:2]
    lines = [
        with_capital(_(card.plain_name)),
        card.name,
        # For translators: what follows is in English.
        _("Helps with: {what}.", what="; ".join(helps)),
        *how_to_reach(card),
        *([] if card.hours is None else [_("When: {hours}", hours=card.hours)]),
        trust(card),
    ]
    return "\n".join(lines)


def how_to_reach(card: ContactCard) -> list[str]:
    lines = []
    if card.phone:
        lines.append(_("Phone: {phone}", phone=card.phone) if card.dialled else _("How: {way}", way=card.phone))
    if card.phone_waits:
        lines.append(_("Its phone number has not been checked yet, so I do not show it."))
    if card.email:
        lines.append(_("E-mail: {email}", email=card.email))
    if card.web:
        lines.append(_("Web: {address}", address=re.sub(r"^https?://|/$", "", card.web)))
    return lines or [_("I have no phone number, e-mail or web page for it.")]


def trust(card: ContactCard) -> str:
    """When it was last known to be right, and by whom; never more than we know."""
    if card.checked is not None:
        return _("Checked by staff on {day}.", day=dates.day(card.checked))
    seen = _("Last seen: {when}.", when=as_exact_as_given(card.seen)) if card.seen else ""
    if card.not_checked_yet:
        return " ".join(filter(None, [_("Not checked yet."), seen]))
    return seen or _("I do not know when this was last checked.")


def as_exact_as_given(seen: str) -> str:
    """The day, the month or the year of a source: it is not made more exact than it was."""
    year, *rest = (int(part) for part in seen.split("-"))
    if not rest:
        return str(year)
    if len(rest) == 1:
        return dates.month(date(year, rest[0], 1))
    return dates.day(date(year, *rest))


def best_fitting(helps_with: Sequence[str], words: str) -> list[str]:
    """Those that share most words with the question first, the others in their own order."""
    asked = _beginnings(words)
    return sorted(helps_with, key=lambda text: -len(asked & _beginnings(text)))


def with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _beginnings(text: str) -> set[str]:
    return {word[:ALIKE] for word in re.findall(r"\w+", text.casefold()) if len(word) >= ALIKE}
