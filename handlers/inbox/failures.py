"""Messages that made the code fail: kept whole, and shown to staff until somebody has dealt with them."""

from __future__ import annotations

from handlers.dialogue import Chat
from locales import _, dates
from models.failed import deal_with, failed_messages, look_at
from models.received import Received
from models.role import Permission, may


def one_by_one(chat: Chat) -> None:
    waiting = failed_messages(chat.session, chat.person)
    if not waiting:
        chat.say(_("No message made me fail."), chat.start(_("Back to the list"), "inbox"))
        return
    message = waiting[0]
    _show(chat, message)
    if not may(chat.session, chat.person, Permission.ANSWER):
        return
    dealt = chat.agree(
        # Named after its message: a tap must never settle another one.
        f"failed-{message.at:%y%m%d%H%M%S%f}",
        _("Have you dealt with it? Then its words are deleted."),
        yes=_("Yes, dealt with"),
        no=_("Not yet"),
    )
    if dealt:
        deal_with(chat.session, message, chat.person)
        chat.say(_("It is off the list."), chat.start(_("Back to the list"), "inbox"))
    else:
        chat.say(_("It stays on the list."), chat.start(_("Back to the list"), "inbox"))


def _show(chat: Chat, message: Received) -> None:
    session, by, occasion = chat.session, chat.person, f"conversation:{chat.conversation.id}"
    # What is shown stays shown, so the look is kept even while a question stays open.
    chat.at_once(lambda: _look(chat, message, occasion))
    words = look_at(session, message, by, occasion)
    when = dates.moment(message.at, chat.area.zone)
    chat.say(_("A message made me fail on {when}. Its number is {number}.", when=when, number=message.id))
    chat.say(_("“{words}”", words=words) if words else _("It had no words."))
    chat.say(_("The person was told that their words are kept."))


def _look(chat: Chat, message: Received, occasion: str) -> None:
    look_at(chat.session, message, chat.person, occasion)
