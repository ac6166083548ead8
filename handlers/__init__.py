"""The errands, in the order of the menu: this is the table of contents of the chat."""

from __future__ import annotations

from collections.abc import Callable

from handlers import free_words, help_now, language, menu, staff, stop, too_young, welcome
from handlers.errand import Errand
from locales import _

ERRANDS: dict[str, Errand] = {
    "menu": menu.ERRAND,
    "free_words": free_words.ERRAND,
    "welcome": welcome.ERRAND,
    "help": help_now.ERRAND,
    "stop": stop.ERRAND,
    "start": stop.START,
    "too_young": too_young.ERRAND,
    "language": language.ERRAND,
    **language.BY_NAME,
    "join_staff": staff.JOIN,
    "colleagues": staff.COLLEAGUES,
}

# Words that work anywhere and are no errand of their own.
STANDING: dict[str, Callable[[], str]] = {
    "menu": lambda: _("menu|main menu|options|what can you do|start again|home"),
    "back": lambda: _("back|go back|undo|previous"),
    "resume": lambda: _("go on|carry on|continue|resume"),
    "drop": lambda: _("throw away|cancel this"),
}
