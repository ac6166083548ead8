"""What else staff may do with a feedback: what is needed now and then stands behind one button."""

from __future__ import annotations

from collections.abc import Callable

from handlers.dialogue import Chat
from handlers.inbox import clock, parts
from locales import _
from models.database import now
from models.feedback import Feedback, open_parts, parts_in
from models.role import Permission, may

WAYS: dict[str, Callable[[Chat, Feedback], None]] = {
    "split": parts.split_it,
    "send": parts.send_what_we_have,
    "needless": parts.not_needed,
    "wait": clock.stand_still,
    "go": clock.go_on,
}


def more(chat: Chat, feedback: Feedback) -> None:
    ways = _ways(chat, feedback)
    done = str(chat.answers.get("other", ""))
    if done in WAYS:
        ways.setdefault(done, done)  # what was picked has been done since, perhaps by a colleague
    picked = chat.choose("other", _("What else would you like to do?"), ways)
    if picked in WAYS:
        WAYS[picked](chat, feedback)
    elif picked == "gather":
        chat.then("gather", feedback=feedback.ref)
    else:
        chat.then("inbox")


def _ways(chat: Chat, feedback: Feedback) -> dict[str, str]:
    ways = {"split": _("Ask organisations")}
    if may(chat.session, chat.person, Permission.PUBLISH):
        ways["gather"] = _("Put in an item")
    if parts_in(feedback):
        ways["send"] = _("Send what we have")
    if open_parts(feedback):
        ways["needless"] = _("A part is not needed")
    if feedback.paused is not None:
        ways["go"] = _("End the wait")
    elif feedback.answered is None and feedback.answer_by >= chat.area.today(now()):
        ways["wait"] = _("It has to wait")
    return ways | {"list": _("Back to the list")}
