"""Whom something may go to, in words: for whoever chooses, and for whoever looks at it later."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.labels import clip
from locales import _, dates, language_name, languages
from models.area import Area
from models.audience import EVERYONE
from models.database import now
from models.meeting import Meeting, upcoming
from models.person import Kind
from models.theme import Theme

MOST_MEETINGS = 20
LONGEST_NAME = 60


def roles() -> dict[Kind, str]:
    return {
        Kind.PARENT: _("Parents and carers"),
        Kind.YOUNG: _("Young people"),
        Kind.PROFESSIONAL: _("Professionals"),
    }


def audiences(session: Session, area: Area, theme: Theme | None) -> list[tuple[str, str]]:
    """All that can be chosen, with what each is called; those about an item only where there is one."""
    found: list[tuple[str, str]] = []
    if theme is not None:
        found += [(f"{kind}:{theme.id}", label) for kind, label in _about_an_item().items()]
    found.append((EVERYONE, _("Everyone who agreed to hear from us")))
    found += [(f"topic:{one.key}", _topic(_(one.label))) for one in area.topics]
    found += [(f"role:{kind.value}", label) for kind, label in roles().items()]
    spoken = [code for code in area.languages if code in languages()] or ["en"]
    found += [(f"language:{code}", _language(code)) for code in spoken]
    coming = upcoming(session, now(), most=MOST_MEETINGS)
    return found + [(f"meeting:{one.id}", _meeting(area, one)) for one in coming]


def in_words(session: Session, area: Area, audience: str) -> str:
    """What an audience is called, also one that can no longer be chosen."""
    kind, _colon, which = audience.partition(":")
    if kind in _about_an_item():
        theme = session.get(Theme, int(which))
        return f"{_about_an_item()[kind]}: “{clip(theme.said, LONGEST_NAME)}”" if theme is not None else audience
    if kind == "meeting":
        meeting = session.get(Meeting, int(which))
        return _meeting(area, meeting) if meeting is not None else audience
    return dict(audiences(session, area, None)).get(audience, audience)


def _about_an_item() -> dict[str, str]:
    return {
        "theme": _("Who said it, follows it or wants this news"),
        "raised": _("Only who said it"),
        "followers": _("Only who follows it"),
    }


def _topic(label: str) -> str:
    return _("Who told us of {topic}, or wants its news", topic=label)


def _language(code: str) -> str:
    return _("Who reads {language}", language=language_name(code))


def _meeting(area: Area, meeting: Meeting) -> str:
    day = dates.short_day(area.local(meeting.starts).date()) if meeting.starts is not None else _("no day yet")
    return _("Who comes to “{title}” ({day})", title=clip(meeting.title, LONGEST_NAME), day=day)
