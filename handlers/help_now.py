"""Help now: who to ring, at once, before anything else.

It works at every moment and needs neither staff nor database: the numbers are the area's dated data, and one that
must not be shown yet is left out. Nothing is promised: it says plainly that this chat is no place to wait for help.
Afterwards the person is back where they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from handlers import taps
from handlers.contact_card import with_capital
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.safety_words import say_safely
from handlers.understanding import plain
from locales import _, languages, speaking
from models.area import Area, ContactFacts
from models.database import now
from models.duty import on_duty
from models.heard import Heard
from models.message import Card, Message
from models.screening import screen

# 999, 111 and 116 123 are dialled faster than a contact is opened.
WORTH_SAVING = 7
# How the area's data names them: e-999-text, e-999-bsl (`models/area/complaints`).
WAYS_TO_999 = "e-999-"


def help_now(chat: Chat) -> None:
    """Started with `words` when danger was seen in them: then those who fit the words come first."""
    young = chat.person.young
    words = str(chat.answers.get("words") or "")
    texting = "bsl" in ((chat.person.needs or {}).get("marks") or ())
    contacts = whom_to_ring(chat.area, young=young, first=_fitting(chat, words), texting=texting)
    intro = [_intro(young)]
    if texting and cannot_reach_999(chat.area):
        intro.append(say_safely("nobody-by-text"))
    chat.say("\n\n".join([*intro, *lines_for(chat.area, contacts)]))
    chat.say(nobody_watches(chat.session, chat.area, now()))
    for contact in contacts:
        if contact.dialled and len(contact.dialled) >= WORTH_SAVING:
            card = Card(contact.name, contact.shown_phone or contact.dialled, contact.email or "", contact.web or "")
            chat.say(_("To ring or save: {name}", name=_short(contact.name)), card=card)


def help_lines(area: Area, young: bool = False) -> list[str]:
    """Whom to ring and when, a line each, first first: for pages and notices, in the language being spoken."""
    return lines_for(area, whom_to_ring(area, young=young))


def whom_to_ring(
    area: Area, *, young: bool = False, first: Iterable[str] = (), texting: bool = False
) -> list[ContactFacts]:
    """Those whose number may be shown, each once: 999, for who is `texting` those that take a text, the contacts with
    the ids in `first`, for a young person those who are there for the young, then the rest in the area's own order."""
    listed = [line.contact for line in area.help_now]
    in_danger = [area.contact(contact_id) for contact_id in area.in_danger.contacts]
    known = {contact.id: contact for contact in (*listed, *in_danger)}
    fitting = [known[contact_id] for contact_id in first if contact_id in known]
    children = [contact for contact in listed if young and for_the_young(contact)]
    texts = [contact for contact in listed if texting and _without_speaking(contact)]
    # Who cannot speak reaches the emergency services in their own ways first, where the area's data gives any.
    texts.sort(key=lambda contact: not reaches_999(contact))
    ordered = dict.fromkeys([*listed[:1], *texts, *fitting, *children, *listed])
    return [
        contact
        for contact in ordered
        if (contact.shown_phone or _without_speaking(contact)) and not (young and _for_grown_ups(contact))
    ]


def cannot_reach_999(area: Area) -> bool:
    """Whether the area's data gives nobody who cannot speak a way to the emergency services. `yousaid doctor` asks for
    one; until it is there it is said plainly, and no number is made up."""
    return not any(reaches_999(line.contact) and _without_speaking(line.contact) for line in area.help_now)


def lines_for(area: Area, contacts: Sequence[ContactFacts]) -> list[str]:
    when = {line.contact.id: line.when for line in area.help_now}
    return [_line(contact, when.get(contact.id)) for contact in contacts]


def nobody_watches(session: Session, area: Area, moment: datetime) -> str:
    """What is true about who sees this chat at that moment (UTC)."""
    return say_safely("somebody-now" if on_duty(session, area, moment) else "nobody-now")


def from_memory(area: Area, heard: Heard) -> Message | None:
    """What is answered when the database is gone: whom to ring, to whoever asks for help or writes of danger. None for
    everything else, which waits. Nothing is read for it but what is in memory since the start."""
    language = heard.language.partition("-")[0]
    if not _asks_for_help(heard):
        return None
    with speaking(language if language in area.languages else area.languages[0]):
        texting = bool(heard.text) and "text" in heard.text.casefold()
        lines = lines_for(area, whom_to_ring(area, texting=texting))
        return Message("\n\n".join([say_safely("out-of-order"), *lines]))


def _asks_for_help(heard: Heard) -> bool:
    if heard.tap:
        return heard.tap == taps.command("help")
    words = heard.text.strip()
    if words.startswith("/"):
        return words.removeprefix("/").partition(" ")[0].partition("@")[0].casefold() == ERRAND.command
    return plain(words) in _help_words() or screen(words).rings


@cache
def _help_words() -> frozenset[str]:
    """Every word for help, in every language."""
    found = []
    for code in languages():
        with speaking(code):
            found += [plain(word) for word in f"{ERRAND.label()}|{ERRAND.words()}".split("|")]
    return frozenset(filter(None, found))


def _fitting(chat: Chat, words: str) -> tuple[str, ...]:
    if not words:
        return ()
    if chat.finder.find(words, young=chat.person.young).route != "help":
        return ()
    return chat.finder.ring(words, young=chat.person.young)


def _intro(young: bool) -> str:
    if young:
        return say_safely("help-young")
    return say_safely("help")


def _line(contact: ContactFacts, when: str | None) -> str:
    line = _(
        "{when}\n{name}: {phone}",
        when=_(when) if when else with_capital(_(contact.plain_name)),
        name=_short(contact.name),
        phone=contact.shown_phone or contact.web,
    )
    return _("{line} (we have not checked this number yet)", line=line) if contact.not_checked_yet else line


def _without_speaking(contact: ContactFacts) -> bool:
    """Whether it is reached by a text, or by a page (a sign-language interpreter on video)."""
    return (contact.shown_phone is not None and contact.dialled is None) or (
        contact.phone is None and contact.web is not None and reaches_999(contact)
    )


def reaches_999(contact: ContactFacts) -> bool:
    return contact.id.startswith(WAYS_TO_999)


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
