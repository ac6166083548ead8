"""Before anything is published: does it name somebody, or hold a number? A person decides, and that is recorded."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.dialogue import Chat
from locales import _
from models.personal import in_words, personal_data
from models.personal.allowed import allowed_in

MASK, CHANGE, ALLOW = "mask", "change", "allow"
MOST_SHOWN = 6


def found_in(texts: Iterable[str], allowed: frozenset[str]) -> list[str]:
    """Lines that say what was found, each once: “Dave” (a name)."""
    lines = [
        _("– “{words}”: {what}", words=text[mark.start : mark.end], what=in_words(mark.kind))
        for text in texts
        for mark in personal_data(text)
        if text[mark.start : mark.end] not in allowed
    ]
    return list(dict.fromkeys(lines))


def decided(chat: Chat, about: str | None, texts: Iterable[str]) -> str | None:
    """What becomes of personal data in these texts: masked, changed, or allowed; None when there is none."""
    lines = found_in(texts, allowed_in(chat.session, about) if about else frozenset())
    if not lines:
        return None
    return chat.choose(
        "personal",
        "\n".join(
            [_("Everybody could read this, and it may point to a person:"), *lines[:MOST_SHOWN],
             _("What shall I do? If it stays, it is kept that you allowed it.")]
        ),
        {MASK: _("Put plain words there"), CHANGE: _("Change my words"), ALLOW: _("It may stay")},
        words={ALLOW: _("allow|keep it|stay"), MASK: _("mask|hide|take it out"), CHANGE: _("change|edit")},
    )  # fmt: skip
