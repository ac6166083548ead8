"""Help now: who to ring, at once, before anything else.

It works at every moment and needs neither staff nor database: the numbers are the area's dated data, and one that
must not be shown yet is left out. Nothing is promised: it says plainly that this chat is no place to wait for help.
Afterwards the person is back where they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers.contact_card import with_capital
from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from models.area import Area, ContactFacts
from models.database import now
from models.message import Card

# 999, 111 and 116 123 are dialled faster than a contact is opened.
WORTH_SAVING = 7


def help_now(chat: Chat) -> None:
    """Started with `words` when danger was seen in them: then those who fit the words come first."""
    young = chat.person.young
    words = str(chat.answers.get("words") or "")
    contacts = whom_to_ring(chat.area, young=young, first=_fitting(chat, words))
    chat.say("\n\n".join([_intro(young), *lines_for(chat.area, contacts)]))
    chat.say(nobody_watches(chat.area, now()))
    for contact in contacts:
        if contact.dialled and len(contact.dialled) >= WORTH_SAVING:
            card = Card(contact.name, contact.shown_phone or contact.dialled, contact.email or "", contact.web or "")
            chat.say(_("To ring or save: {name}", name=_short(contact.name)), card=card)


def help_lines(area: Area, young: bool = False) -> list[str]:
    """Whom to ring and when, a line each, first first: for pages and notices, in the language being spoken."""
    return lines_for(area, whom_to_ring(area, young=young))


def whom_to_ring(area: Area, *, young: bool = False, first: Iterable[str] = ()) -> list[ContactFacts]:
    """Those whose number may be shown, each once: 999, the contacts with the ids in `first`, for a young person those
    who are there for the young, then the rest in the area's own order."""
    listed = [line.contact for line in area.help_now]
    in_danger = [area.contact(contact_id) for contact_id in area.in_danger.contacts]
    known = {contact.id: contact for contact in (*listed, *in_danger)}
    fitting = [known[contact_id] for contact_id in first if contact_id in known]
    children = [contact for contact in listed if young and for_the_young(contact)]
    ordered = dict.fromkeys([*listed[:1], *fitting, *children, *listed])
    return [contact for contact in ordered if contact.shown_phone and not (young and _for_grown_ups(contact))]


def lines_for(area: Area, contacts: Sequence[ContactFacts]) -> list[str]:
    when = {line.contact.id: line.when for line in area.help_now}
    return [_line(contact, when.get(contact.id)) for contact in contacts]


def nobody_watches(area: Area, moment: datetime) -> str:
    """What is true about who sees this chat at that moment (UTC)."""
    if area.on_duty(moment):
        return _("Staff are at work, but it can take days before they see this chat. If it is urgent, please ring.")
    return _("Nobody is watching this chat now. If it is urgent, please ring.")


def _fitting(chat: Chat, words: str) -> tuple[str, ...]:
    if not words:
        return ()
    found = chat.finder.find(words, young=chat.person.young)
    return found.contacts if found.route == "help" else ()


def _intro(young: bool) -> str:
    if young:
        return _("You can ring these people. It is OK to ask for help.")
    return _("These people can help. Ring them now if you need to.")


def _line(contact: ContactFacts, when: str | None) -> str:
    line = _(
        "{when}\n{name}: {phone}",
        when=_(when) if when else with_capital(_(contact.plain_name)),
        name=_short(contact.name),
        phone=contact.shown_phone,
    )
    return _("{line} (we have not checked this number yet)", line=line) if contact.not_checked_yet else line


def _short(name: str) -> str:
    """What stands in brackets on the door only makes a number harder to find."""
    return name.partition(" (")[0]


def for_the_young(contact: ContactFacts) -> bool:
    return contact.who_for.startswith(("children", "young"))


def _for_grown_ups(contact: ContactFacts) -> bool:
    return contact.who_for.startswith(("adults", "men", "women"))


ERRAND = Errand(
    help_now,
    label=lambda: _("Help now"),
    words=lambda: _("help|help now|get help|get help now|help me|emergency|urgent|sos|i need help now|danger"),
    command="help",
    in_menu=False,
    aside=True,
    for_all_ages=True,
)
