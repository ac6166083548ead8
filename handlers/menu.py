"""The menu: what a person can do here, each line a button. Typing the line works as well.

Staff find their own work behind one line more: a list in WhatsApp holds ten, and a family's menu never shows it.
"""

from __future__ import annotations

from handlers import taps
from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from models.conversation import Conversation
from models.desk.signing_in import lend_link
from models.message import Button
from models.role import GRANTS, Permission, roles_of


def menu(chat: Chat) -> None:
    buttons = _lines(chat, None)
    if _permitted(chat):
        buttons.append(chat.start(_("Staff desk"), "desk"))
    if any(not _only_looked_at(one) for one in chat.waiting):
        buttons.insert(0, Button(_("Go on where I was"), taps.command("resume")))
    chat.say(_("What would you like to do?"), *buttons, tall=chat.person.young)


def desk(chat: Chat) -> None:
    say_where_the_desk_is(chat)
    permitted = _permitted(chat)
    more = [chat.start(_("More for staff"), "desk_more")] if _lines(chat, permitted, seldom=True) else []
    chat.say(_("What would you like to do?"), *_lines(chat, permitted), *more)


def desk_more(chat: Chat) -> None:
    chat.say(_("What would you like to do?"), *_lines(chat, _permitted(chat), seldom=True))


def say_where_the_desk_is(chat: Chat) -> None:
    """A link that lets them in at the desk in the browser. As words too: not every chat has buttons that open one."""
    link = f"{chat.partnership.web_address}/desk/enter/{lend_link(chat.session, chat.person)}"
    chat.say(
        _("This opens your desk in the browser. It works once, for ten minutes. Do not pass it on:\n{link}", link=link),
        Button(_("Open the desk"), url=link),
    )


def _only_looked_at(conversation: Conversation) -> bool:
    from handlers import ERRANDS

    return conversation.flow in ERRANDS and ERRANDS[conversation.flow].only_looked_at(conversation)


def _lines(chat: Chat, permitted: frozenset[Permission] | None, *, seldom: bool = False) -> list[Button]:
    """A family's errands, or those of staff with these permissions."""
    from handlers import ERRANDS

    return [
        chat.start(errand.label(), name)
        for name, errand in ERRANDS.items()
        if errand.in_menu
        and errand.seldom == seldom
        and (errand.permission is None if permitted is None else errand.permission in permitted)
    ]


def _permitted(chat: Chat) -> frozenset[Permission]:
    return frozenset(one for role in roles_of(chat.session, chat.person) for one in GRANTS[role.name])


ERRAND = Errand(menu, label=lambda: _("Menu"), command="menu", in_menu=False)
DESK = Errand(
    desk,
    label=lambda: _("Staff desk"),
    words=lambda: _("desk"),
    command="desk",
    permission=Permission.READ,
    in_menu=False,
)
MORE = Errand(
    desk_more,
    label=lambda: _("More for staff"),
    words=lambda: _("more for staff"),
    permission=Permission.READ,
    in_menu=False,
)
