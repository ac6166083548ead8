"""What somebody needs to take part, asked once, kept with permission, offered again (H3; NHS Accessible Information
Standard)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from handlers.danger import watch
from handlers.dialogue import Chat
from locales import _


class Mark(StrEnum):
    STEP_FREE = "step"
    INTERPRETER = "interp"
    SIGN_LANGUAGE = "bsl"
    QUIET = "quiet"
    LARGE_PRINT = "large"
    BEFORE = "before"
    OTHER = "other"


NO, YES, SAME, CHANGED, NOTHING = "no", "yes", "same", "changed", "none"


def label_of(mark: str) -> str:
    return {
        Mark.STEP_FREE: _("Step-free access"),
        Mark.INTERPRETER: _("An interpreter"),
        Mark.SIGN_LANGUAGE: _("British Sign Language"),
        Mark.QUIET: _("A quiet space"),
        Mark.LARGE_PRINT: _("Large print"),
        Mark.BEFORE: _("A talk before it"),
        Mark.OTHER: _("Something else"),
    }[Mark(mark)]


def in_words(needs: Mapping[str, Any] | None) -> str:
    """Needs as they are read back: “step-free access, an interpreter (Polish)”. Empty when there are none."""
    said = needs or {}
    return ", ".join(one_in_words(mark, said.get("language"), said.get("words")) for mark in said.get("marks", ()))


def one_in_words(mark: str, language: str | None = None, words: str | None = None) -> str:
    if mark == Mark.OTHER and words:
        return words
    return f"{label_of(mark)} ({language})" if mark == Mark.INTERPRETER and language else label_of(mark)


def ask_needs(chat: Chat, last: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What they need this time; None for nothing. `last` is what they said last time. What may be kept for the next
    time is kept on the person."""
    if last and last.get("marks"):
        same = chat.choose(
            "same_needs",
            _("Last time you needed: {needs}. Is that the same this time?", needs=in_words(last)),
            {SAME: _("Same as last time"), CHANGED: _("Something else"), NOTHING: _("Nothing this time")},
            words={SAME: _("yes|same|the same"), CHANGED: _("other|different"), NOTHING: _("no|none|nothing")},
        )
        if same != CHANGED:
            return dict(last) if same == SAME else None
    elif not _needs_something(chat):
        return None
    needs = _which(chat)
    if needs is not None and _may_keep(chat):
        chat.person.needs = needs
    return needs


def _needs_something(chat: Chat) -> bool:
    if chat.person.young:
        text = _("Do you need anything so you can join in? For example a quiet space.")
    else:
        text = _("Do you need anything to take part? For example no steps, or somebody who translates.")
    answer = chat.choose(
        "need",
        text,
        {NO: _("No, nothing"), YES: _("Yes")},
        words={NO: _("no|nope|nothing|none"), YES: _("yes|yeah|please")},
    )
    return answer == YES


def _which(chat: Chat) -> dict[str, Any] | None:
    marks = chat.several(
        "marks", _("What do you need? Tap all that fit, then the last button."), {mark: label_of(mark) for mark in Mark}
    )
    needs: dict[str, Any] = {"marks": [mark.value for mark in marks]}
    if Mark.INTERPRETER in marks:
        needs["language"] = chat.ask("need_language", _("Which language do you need?"), skip=_("Skip"))
    if Mark.OTHER in marks:
        needs["words"] = chat.ask("need_words", _("What else do you need? Please leave out names."), skip=_("Skip"))
        watch(chat, needs["words"] or "")
    return needs if marks else None


def _may_keep(chat: Chat) -> bool:
    return chat.agree(
        "keep_needs",
        _("Shall I remember this? Then you need not say it again."),
        yes=_("Yes, remember it"),
        no=_("No, only this time"),
    )
