"""Erase everything: asked twice in plain words, then done at once.

What it cannot reach is said as well: what is on their own phone, and what staff remember.
"""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.safety_words import say_safely
from locales import _, ngettext
from models import keeping
from models.feedback import feedback_of
from models.meeting import rsvps_of

ERASE, COPY, KEEP = "erase", "copy", "keep"


def erase(chat: Chat) -> None:
    wish = chat.choose(
        "wish",
        _("I can erase everything about you. {what} You could take a copy first.", what=_how_much(chat)),
        {ERASE: _("Erase everything"), COPY: _("Take a copy first"), KEEP: _("Keep it")},
        words={ERASE: _("yes|erase|delete"), COPY: _("copy|take"), KEEP: _("no|keep|cancel")},
    )
    if wish == COPY:
        chat.then("take_away")
        return
    if wish == KEEP or not _sure(chat):
        chat.say(_("That is fine. Nothing was erased."))
        return
    needed = keeping.on_duty_reads(chat.session, chat.person)
    keeping.erase(chat.session, chat.person, telling=chat.address, within=chat.conversation)
    if needed:
        chat.say(say_safely("erased-but"))
    chat.say(
        _(
            "It is done. Everything about you is erased here. What you see in your own app stays on your phone until "
            "you delete it there. If you write again, we start as if we had never met."
        )
    )


def _how_much(chat: Chat) -> str:
    said, meetings = len(feedback_of(chat.session, chat.person)), len(rsvps_of(chat.session, chat.person))
    lines = [
        ngettext("You told us {count} thing.", "You told us {count} things.", said) if said else "",
        ngettext("You answered about {count} meeting.", "You answered about {count} meetings.", meetings)
        if meetings
        else "",
    ]
    return " ".join(line for line in lines if line) or _("You have not told us anything yet.")


def _sure(chat: Chat) -> bool:
    if keeping.on_duty_reads(chat.session, chat.person):
        chat.say(say_safely("erase-but"))
    return chat.agree(
        "sure",
        _("Are you sure? It goes at once, and nobody can bring it back. Nobody can answer you about it after that."),
        yes=_("Yes, erase it all"),
        no=_("No, keep it"),
    )


ERRAND = Errand(
    erase,
    label=lambda: _("Erase everything"),
    words=lambda: _("erase everything|erase my data|delete everything|delete my data|delete me|forget me|erase"),
    in_menu=False,
    for_all_ages=True,
)
