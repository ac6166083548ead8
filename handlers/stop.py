"""Stop: it beats everything, works anywhere, and holds from the very message in which it is said.

Only then is it asked whether more than messages was meant. Whoever stopped still gets answers to what they write.
"""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from models import consent, stopping

ONLY, ERASE, ON = "only", "erase", "on"


def stop(chat: Chat) -> None:
    chat.at_once(lambda: stopping.stop(chat.person))
    meant = chat.choose(
        "meant",
        _("I have stopped. You get no more messages from me, only answers when you write. Is that all?"),
        {ONLY: _("That is all"), ERASE: _("Erase everything"), ON: _("Start again")},
        words={
            ONLY: _("yes|stop|only stop|just stop|ok|fine"),
            ERASE: _("erase|delete|delete everything|forget me"),
            ON: _("start|carry on|go on|no|not stop|undo"),
        },
    )
    if meant == ERASE:
        chat.then("erase")
    elif meant == ON:
        chat.then("start")
    else:
        chat.say(_("That is done. To start again, type “start”. For help at any time, type “help”."))


def start(chat: Chat) -> None:
    """Undoes a stop. For everybody else it is where a conversation starts."""
    if chat.person.stopped_at is not None:
        stopping.start(chat.person)
        chat.say(_("You get messages from me again. To stop them, type “stop”."))
        chat.then("menu")
    elif consent.agrees(chat.person, chat.area):
        chat.then("menu")
    else:
        chat.then("welcome")


ERRAND = Errand(
    stop,
    label=lambda: _("Stop messages"),
    words=lambda: _("stop|stop it|stop messages|stop all|stopp|unsubscribe|opt out|leave me alone|no more messages"),
    command="stop",
    in_menu=False,
    for_all_ages=True,
)

START = Errand(
    start,
    label=lambda: _("Start messages"),
    words=lambda: _("start|start messages|start again please|subscribe|opt in"),
    in_menu=False,
    for_all_ages=True,
)
