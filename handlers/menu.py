"""The menu: what a person can do here, each line a button. Typing the line works as well."""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from models.conversation import going_on
from models.message import Button
from models.role import may


def menu(chat: Chat) -> None:
    from handlers import ERRANDS, taps

    buttons = [
        chat.start(errand.label(), name)
        for name, errand in ERRANDS.items()
        if errand.in_menu and (errand.permission is None or may(chat.session, chat.person, errand.permission))
    ]
    unfinished = [one for one in going_on(chat.session, chat.person.id) if one.id != chat.conversation.id]
    if unfinished:
        buttons.insert(0, Button(_("Go on where I was"), taps.command("resume")))
    chat.say(_("What would you like to do?"), *buttons, tall=chat.person.young)


ERRAND = Errand(menu, label=lambda: _("Menu"), command="menu", in_menu=False)
