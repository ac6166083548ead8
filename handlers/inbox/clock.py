"""The promise clock: let a promise stand still, with a reason that the family reads, and let it go on (T2, T5)."""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.inbox import telling
from locales import _, dates
from models.area import Area
from models.feedback import CannotPause, Feedback, pause_promise, resume_promise


def stand_still(chat: Chat, feedback: Feedback) -> None:
    reason = chat.ask("because", _("Why does it have to wait? The family reads your words after “because”."))
    sure = chat.agree(
        "still",
        _("They will get:\n{message}", message=paused_text(chat.area, feedback, reason)),
        yes=_("Send it"),
        no=_("Do not send"),
    )
    if not sure:
        chat.say(_("Nothing was sent."), chat.start(_("Back to the list"), "inbox"))
        return
    try:
        pause_promise(chat.session, chat.area, feedback, reason, chat.person)
    except CannotPause:
        chat.say(_("That does not go any more: it has moved on."), chat.start(_("Back to the list"), "inbox"))
        return
    chat.say(
        telling.tell(chat, feedback, lambda: paused_text(chat.area, feedback, reason)),
        chat.start(_("Back to the list"), "inbox"),
    )


def go_on(chat: Chat, feedback: Feedback) -> None:
    try:
        resume_promise(chat.session, chat.area, feedback, chat.person)
    except CannotPause:
        chat.say(_("That does not go any more: it has moved on."), chat.start(_("Back to the list"), "inbox"))
        return
    day = dates.day(feedback.answer_by)
    told = telling.tell(chat, feedback, lambda: resumed_text(chat.area, feedback))
    chat.say(_("The new day is {day}.", day=day) + " " + told, chat.start(_("Back to the list"), "inbox"))


def paused_text(area: Area, feedback: Feedback, reason: str) -> str:
    """In the language being spoken; the reason goes as staff wrote it."""
    return telling.about(
        area,
        feedback,
        _("Our answer has to wait, because: {reason}", reason=reason),
        _("The day that we gave you was {day}. We tell you the new day.", day=dates.day(feedback.answer_by)),
    )


def resumed_text(area: Area, feedback: Feedback) -> str:
    return telling.about(
        area, feedback, _("The wait is over. We aim to answer by {day}.", day=dates.day(feedback.answer_by))
    )
