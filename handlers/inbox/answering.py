"""Staff write to the family: a reply, or where it stands.

They see exactly what will be sent, and what could be plainer. The family is told in its own language, with its own
words quoted; what staff wrote goes as they wrote it (T2, T5).
"""

from __future__ import annotations

from collections.abc import Callable

from handlers.dialogue import Chat
from handlers.feedback_words import statuses
from handlers.inbox import parts, reading, telling
from handlers.inbox.more import more
from locales import _
from models import feedback as said
from models.feedback import Feedback, FeedbackNote, Side, Status
from models.plain import check
from models.role import Permission, may

# More remarks than this would not be read; the gravest come first.
MOST_REMARKS = 4


def deal_with(chat: Chat, feedback: Feedback) -> None:
    if not may(chat.session, chat.person, Permission.ANSWER):
        chat.say(_("You can read this, but not answer it."), chat.start(_("Back to the list"), "inbox"))
        return
    ways = {"reply": _("Reply"), "stands": _("Say where it stands")}
    if feedback.answered is None and feedback.notes and feedback.notes[-1].side is Side.FAMILY:
        ways["enough"] = _("No answer needed")
    if said.my_part(chat.session, feedback, chat.person) is not None:
        ways["mine"] = _("Answer our part")
    ways |= {"more": _("More"), "list": _("Back to the list")}
    match chat.choose("do", _("What would you like to do?"), ways):
        case "reply":
            _reply(chat, feedback)
        case "stands":
            _say_where_it_stands(chat, feedback)
        case "enough":
            said.no_answer_needed(chat.session, feedback, chat.person)
            chat.say(_("Nothing is owed for {ref} now.", ref=feedback.ref), chat.start(_("Back to the list"), "inbox"))
        case "mine":
            parts.answer_mine(chat, feedback)
        case "more":
            more(chat, feedback)
        case _:
            chat.then("inbox")


def _reply(chat: Chat, feedback: Feedback) -> None:
    text = _written(
        chat,
        feedback,
        "reply",
        _("Write your reply. The family gets it as you write it."),
        lambda words: telling.reply_text(chat.area, feedback, telling.who_writes(chat, chat.person), words),
    )
    if text is None:
        return
    said.reply(chat.session, feedback, text, chat.person)
    _told(chat, feedback, telling.tell_reply(chat, feedback, text))


def _say_where_it_stands(chat: Chat, feedback: Feedback) -> None:
    status = chat.choose("status", _("Where does it stand?"), statuses())
    if status is Status.CANNOT:
        question = _("Why can it not be done? The family reads your words after “because”.")
    else:
        question = _("Say more about it, if you like: who does what, by when. The family reads your words.")
    reason = _written(
        chat,
        feedback,
        "reason",
        question,
        lambda words: telling.status_text(chat.area, feedback, status, words),
        skip="" if status is Status.CANNOT else _("Say no more"),
    )
    if reason is None:
        return
    change = said.set_status(chat.session, feedback, status, chat.person, reason)
    if change is None:
        chat.say(_("It stood there before, so nobody was told again."), chat.start(_("Back to the list"), "inbox"))
        return
    _told(chat, feedback, telling.tell_status(chat, feedback, change))


def _still_wanted(chat: Chat, feedback: Feedback, turn: int) -> bool:
    """Two may answer at once: whoever is second sees what the first one sent, and decides."""
    meanwhile = said.done_meanwhile(chat.session, feedback, chat.person, reading.occasion(chat))
    if not meanwhile:
        return True
    newest = max(meanwhile, key=lambda one: one.at)
    words = newest.text if isinstance(newest, FeedbackNote) else statuses()[newest.status]
    return chat.agree(
        f"still{turn}",
        _("A colleague was quicker. They have just told the family:\n“{words}”\nSend yours too?", words=words),
        yes=_("Send mine too"),
        no=_("Do not send"),
    )


def _written(
    chat: Chat, feedback: Feedback, name: str, question: str, as_sent: Callable[[str], str], *, skip: str = ""
) -> str | None:
    """Words of staff that they have seen as they will be sent; None when they thought better of it."""
    turn = 1
    while True:
        words = chat.ask(f"{name}{turn}", question, skip=skip) or ""
        remarks = check(words, chat.area.glossary)[:MOST_REMARKS]
        if remarks:
            chat.say("\n".join([_("This could be plainer:"), *(f"• {remark.text}" for remark in remarks)]))
        chat.say(_("They will get:\n{message}", message=as_sent(words)))
        what = chat.choose(
            f"sure{turn}",
            _("Shall I send it?"),
            {"send": _("Send anyway") if remarks else _("Send it"), "change": _("Change it"), "drop": _("Do not send")},
            words={"send": _("send|yes|ok"), "change": _("change|edit"), "drop": _("no|stop it")},
        )
        if what == "send" and _still_wanted(chat, feedback, turn):
            return words
        if what == "send":
            what = "drop"
        if what == "drop":
            chat.say(_("Nothing was sent."), chat.start(_("Back to the list"), "inbox"))
            return None
        turn += 1


def _told(chat: Chat, feedback: Feedback, outcome: str) -> None:
    chat.say(
        outcome, chat.start(_("Back to the list"), "inbox"), chat.start(_("Open it again"), "inbox", which=feedback.ref)
    )
