"""What people say to be polite, or to find out whom they talk to. None of it is a question to search for."""

from __future__ import annotations

from handlers.contact_card import show_card
from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from models.contact import cards_of


def thanks(chat: Chat) -> None:
    chat.say(_("You are welcome. To see what I can do, type “menu”."))


def program(chat: Chat) -> None:
    chat.say(_("I am a computer program, not a person."))
    chat.say(_(chat.who_reads), chat.start(_("Talk to a person"), "a_person"), chat.start(_("Tell us"), "tell_us"))


def a_person(chat: Chat) -> None:
    """Nobody here rings back: who does is free advice that takes no side (T13), and what somebody needs help with."""
    chat.say(_("I am a program, so I cannot put you through. This service gives free advice to families:"))
    [card] = cards_of(chat.session, chat.area, [chat.area.sendiass.id])
    show_card(chat, card, chat.start(_("Find who can help"), "who"), chat.start(_("Tell us"), "tell_us"))


THANKS = Errand(
    thanks,
    label=lambda: _("Thank you"),
    words=lambda: _("thank you|thanks|many thanks|ta|cheers|thank u|thx|ok|okay|ok thanks|great|bye|goodbye"),
    in_menu=False,
)
PROGRAM = Errand(
    program,
    label=lambda: _("Are you a person?"),
    words=lambda: _("are you real|are you a robot|are you a bot|are you human|is this a bot|who are you|who is this"),
    in_menu=False,
)
A_PERSON = Errand(
    a_person,
    label=lambda: _("Talk to a person"),
    words=lambda: _(
        "a person|real person|human|a human|talk to someone|speak to someone|speak to a person|talk to a human|"
        "speak to a human|i want to speak to a human|i want to talk to someone|i want to speak to someone|ring me"
    ),
    in_menu=False,
)
