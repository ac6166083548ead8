"""The ladder of participation in words that a family reads (T10)."""

from __future__ import annotations

from handlers.dialogue import Chat
from locales import _
from models.rung import Rung

NOT_SAID = "none"


def rungs() -> dict[Rung, str]:
    """Each with its label, from the top down."""
    return {
        Rung.CO_DESIGNING: _("Made together"),
        Rung.ENGAGING: _("Talked through"),
        Rung.CONSULTING: _("Asked first"),
        Rung.INFORMING: _("Told about it"),
        Rung.EDUCATING: _("Helped to understand"),
        Rung.COERCING: _("Not asked at all"),
    }


def means(rung: Rung) -> str:
    """What families did in it, as they read it."""
    return {
        Rung.CO_DESIGNING: _("Families and staff make this together."),
        Rung.ENGAGING: _("Staff talk it through with families. What families say changes it."),
        Rung.CONSULTING: _("Families are asked what they think. Then staff decide."),
        Rung.INFORMING: _("Families are told about this."),
        Rung.EDUCATING: _("Families are helped to understand this."),
        Rung.COERCING: _("Families were not asked about this."),
    }[rung]


def choices() -> list[tuple[str, str]]:
    """For a form of staff."""
    return [(rung.value, label) for rung, label in rungs().items()]


def ask_how_far(chat: Chat, asked: str) -> Rung | None:
    """Staff pick a rung, each with what it means; None where they would rather not say."""
    lines = [asked, *(f"– {label}: {meaning}" for label, meaning in explained())]
    picked = chat.choose("rung", "\n".join(lines), {**dict(choices()), NOT_SAID: _("Not said")})
    return None if picked == NOT_SAID else Rung(picked)


def explained() -> list[tuple[str, str]]:
    """Each with what it means, for staff."""
    return [(label, means(rung)) for rung, label in rungs().items()]
