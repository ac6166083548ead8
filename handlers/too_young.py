"""Somebody is younger than a channel allows (Telegram's minimum is reported as 16, WhatsApp's as 13).

They are told kindly where else they can go, and nothing goes on there: the web chat is there for everyone. Only help,
stopping, seeing and erasing still work. That the address is closed is all that is kept of it.
"""

from __future__ import annotations

from handlers import taps
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.help_now import for_the_young, whom_to_ring
from locales import _
from models.consent import disagree
from models.conversation import end, going_on
from models.database import now
from models.message import Button


def too_young(chat: Chat) -> None:
    age = minimum_age(chat)
    if age is None:
        chat.then("welcome")
        return
    chat.say(
        _(
            "This app is for people who are {age} or older. You did nothing wrong. "
            "You can talk to us here, at any age: {address}",
            age=age,
            address=chat.partnership.web_address,
        )
    )
    for contact in filter(for_the_young, whom_to_ring(chat.area, young=True)):
        chat.say(_("You can talk to {name} for free: {phone}.", name=contact.name, phone=contact.shown_phone))
    chat.say(
        _("Did you press the wrong button? Type “welcome”."),
        Button(_("Help now"), taps.command("help")),
    )


def minimum_age(chat: Chat) -> int | None:
    """Years, on the channel that the person is using; None where everybody may."""
    rule = chat.area.channels.get(chat.address.channel)
    return rule.minimum_age if rule else None


def close(chat: Chat) -> None:
    """Nothing goes on here, and nothing of what was begun is kept."""
    chat.address.closed_at = now()
    chat.person.kind = None
    disagree(chat.person)
    for begun in going_on(chat.session, chat.person.id):
        if begun is not chat.conversation:
            end(begun)


ERRAND = Errand(too_young, label=lambda: _("Other ways to talk"), in_menu=False, for_all_ages=True)
