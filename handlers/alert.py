"""An alert, for the staff who look after it: “I have it” stops it for everybody, and what was decided is kept."""

from __future__ import annotations

from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from locales import _, dates
from models.alert import Alert, alert_with, decide, take
from models.feedback import Feedback
from models.role import Permission


def alert(chat: Chat) -> None:
    found = chat.ask(
        "alert",
        _("What is the code of the alert?"),
        lambda words: _known(chat, words).code,
        recall=lambda kept: _kept(chat, kept),
    )
    if found.seen_at is not None and found.seen_by != chat.person.id:
        since = dates.moment(found.seen_at, chat.area.zone)
        chat.say(_("A colleague has had this alert since {since}. You need not do anything.", since=since))
        return
    chat.at_once(lambda: _take(chat, found))
    feedback = chat.session.get(Feedback, found.feedback_id) if found.feedback_id else None
    if feedback is not None:
        chat.say(
            _("You have alert {code}. Nobody is told about it again.", code=found.code),
            chat.start(_("Open what was said"), "inbox", which=feedback.ref),
        )
    else:
        chat.say(_("You have alert {code}. Nobody is told about it again.", code=found.code))
        chat.say(_("The words have not been sent yet, so I cannot show them. If they are sent, I tell you."))
    decision = chat.choose(
        "decided",
        _("When you have decided, tell me what you did."),
        {
            "told": _("Told the right team"),
            "wrote": _("Wrote to the family"),
            "rang": _("Rang somebody"),
            "safe": _("Nobody is at risk"),
        },
    )
    decide(chat.session, found, chat.person, decision)
    chat.say(_("Thank you. That is kept with the alert."))


def _take(chat: Chat, found: Alert) -> None:
    take(chat.session, found, chat.person)


def _known(chat: Chat, words: str) -> Alert:
    found = alert_with(chat.session, chat.person, words)
    if found is None:
        raise NotUnderstood(_("There is no alert of that code."))
    return found


def _kept(chat: Chat, kept: str) -> Alert:
    found = alert_with(chat.session, chat.person, kept)
    if found is None:
        raise Lost(kept)
    return found


ERRAND = Errand(alert, label=lambda: _("An alert"), permission=Permission.READ, in_menu=False)
