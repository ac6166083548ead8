"""Welcome: who this is, in which language, who they are, and what they agree to.

Pressing the first button of every question gets a person through. Nothing is asked that is not needed to talk to
them. Typing “welcome” again changes any of it.
"""

from __future__ import annotations

from handlers import too_young
from handlers.consent import agreed
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.language import offered, speak
from locales import _
from models import consent
from models.person import Kind

MENU, CHANGE = "menu", "change"


def welcome(chat: Chat) -> None:
    if _only_looks_in(chat):
        chat.then("menu")
        return
    chat.say(_("Hello. This is the chat of {partnership}.", partnership=_(chat.area.partnership)))
    if len(offered(chat)) > 1 and not _chosen_already(chat):
        speak(chat, chat.choose("language", _("Which language would you like?"), offered(chat)))
    kind = chat.choose("who", _("Who are you?"), _kinds(chat), words=_said_for_kinds())
    chat.at_once(lambda: _is(chat, kind))
    if kind is Kind.YOUNG and not _old_enough(chat):
        too_young.close(chat)
        chat.then("too_young")
        return
    chat.at_once(lambda: _open(chat))
    agreed(chat)
    chat.say(_("Thank you. You can change this at any time: type “welcome”."))
    chat.then("menu")


def _only_looks_in(chat: Chat) -> bool:
    """Somebody who has been here before and says hello seldom wants to answer everything again."""
    begins = not chat.answers and chat.person.kind is not None and consent.agrees(chat.person, chat.area)
    if not begins and "again" not in chat.answers:
        return False
    wish = chat.choose(
        "again",
        _("Hello again. What would you like?"),
        {MENU: _("See the menu"), CHANGE: _("Change who I am")},
        words={MENU: _("menu|yes|ok"), CHANGE: _("change|settings|language")},
    )
    return wish == MENU


def _chosen_already(chat: Chat) -> bool:
    """The page of the web chat offers the languages before anything is started."""
    return chat.address.channel == "web" and "again" not in chat.answers


def _kinds(chat: Chat) -> dict[Kind, str]:
    labels = {
        Kind.PARENT: _("A parent or carer"),
        Kind.YOUNG: _("A young person"),
        Kind.PROFESSIONAL: _("I work with families"),
    }
    # What they said before comes first.
    return {kind: labels[kind] for kind in sorted(labels, key=lambda kind: kind is not chat.person.kind)}


def _said_for_kinds() -> dict[Kind, str]:
    return {
        Kind.PARENT: _("parent|carer|mum|mam|mom|mother|dad|father|nan|gran|grandad|grandparent|foster carer|family"),
        Kind.YOUNG: _("young person|young|child|kid|teenager|teen|pupil|student|i am a child"),
        Kind.PROFESSIONAL: _("professional|teacher|senco|school|nurse|doctor|social worker|staff|i work|council"),
    }


def _is(chat: Chat, kind: Kind) -> None:
    chat.person.kind = kind


def _open(chat: Chat) -> None:
    chat.address.closed_at = None


def _old_enough(chat: Chat) -> bool:
    age = too_young.minimum_age(chat)
    if age is None:
        return True
    return chat.agree(f"age{age}", _("Are you {age} or older?", age=age))


ERRAND = Errand(
    welcome,
    label=lambda: _("Welcome"),
    words=lambda: _("welcome|hello|hi|hey|hiya|hello there|good morning|good afternoon|good evening"),
    command="welcome",
    in_menu=False,
    for_all_ages=True,
)
