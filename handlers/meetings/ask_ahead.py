"""A question that somebody sends to a meeting ahead, also when they cannot come; its answer comes back here (H6)."""

from __future__ import annotations

from handlers.consent import agreed
from handlers.danger import ask_if_in_danger, watch
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.meetings.picking import given
from locales import _
from models.meeting import ask_ahead as keep_question
from models.second_look import pick_ahead_if_its_turn

SEND, AGAIN, DROP = "send", "again", "drop"


def ask_ahead(chat: Chat) -> None:
    meeting = given(chat)
    if meeting is None:
        chat.then("meetings")
        return
    agreed(chat)
    attempt = 1
    while True:
        text = chat.ask(
            f"text{attempt}",
            _("What would you like to ask at “{title}”? Please leave out names.", title=meeting.title),
        )
        watch(chat, text)
        if attempt == 1:
            ask_if_in_danger(chat, text)
        sure = chat.choose(
            f"sure{attempt}",
            _("I will send this:\n“{text}”\nYour name does not go with it.", text=text),
            {SEND: _("Send it"), AGAIN: _("Write it again"), DROP: _("Throw it away")},
            words={SEND: _("yes|send|ok"), AGAIN: _("again|change"), DROP: _("no|drop|cancel")},
        )
        if sure != AGAIN:
            break
        attempt += 1
    if sure == DROP:
        chat.say(_("That is fine. Nothing was sent."))
        return
    ahead = keep_question(chat.session, meeting, chat.person, text)
    pick_ahead_if_its_turn(chat.session, ahead)
    chat.say(_("Your question is sent. When it is answered, you read the answer here. You need not come for that."))


ERRAND = Errand(ask_ahead, label=lambda: _("Send a question"), in_menu=False)
