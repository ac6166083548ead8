"""Is it really done? Asked under the news of it, and once more some weeks later by the clock (T9).

Whoever raised it and says “not yet” opens it again: staff are told, and what they wrote is owed an answer. Who stopped
messages is not asked, nobody is asked twice about the same, and nobody in the quiet hours.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import taps
from handlers.consent import agreed
from handlers.danger import watch, words_arrived
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.feedback_words import by_when, shortened
from handlers.inbox.notice import announce
from handlers.labels import clip
from handlers.you_said import published, show_item
from locales import _, dates, speaking
from models.area import Area
from models.database import now
from models.feedback import Feedback
from models.message import Button, Message
from models.outgoing import Class, hold_at_night, send
from models.partnership import Partnership
from models.person import Person, reach
from models.personal.allowed import as_published
from models.stopping import wanted
from models.theme import (
    Theme,
    Update,
    asked,
    judge,
    looks_after,
    said_last_by,
    to_judge,
    whom_to_ask,
    words_owed_an_answer,
)

# People asked in one transaction.
SLICE = 100


def is_it_done(chat: Chat) -> None:
    """Started by a button: which item, and which word of ours that it is done."""
    theme = published(chat, chat.answers.get("item", ""))
    if theme is None or theme.newest is None:
        chat.say(_("I cannot find that any more."), chat.start(_("See what is here"), "you_said"))
        return
    update = to_judge(theme, chat.answers.get("update", ""))
    if update is None:
        chat.say(_("This has moved on since."))
        show_item(chat, theme)
        return
    agreed(chat)
    better = chat.agree(
        "better",
        _("“{said}” Is it really better now?", said=clip(as_published(chat.session, theme.about, _(theme.said)), 150)),
        yes=_("Yes, it is"),
        no=_("Not yet"),
    )
    if better:
        judge(chat.session, chat.person, update, better=True)
        chat.say(_("Thank you. It is good to know."))
        return
    words = chat.ask("still", _("What is still not right? Please leave out names."), skip=_("Skip")) or ""
    watch(chat, words)
    _not_yet(chat, theme, update, words)


def _not_yet(chat: Chat, theme: Theme, update: Update, words: str) -> None:
    lines = [_("Thank you. Staff see that it is not right yet.")]
    if judge(chat.session, chat.person, update, better=False, words=words):
        _tell_staff(chat.session, chat.area, theme)
        lines.append(_("It no longer counts as done."))
    feedback = words_owed_an_answer(chat.session, chat.area, chat.person, theme, words)
    if feedback is not None:
        words_arrived(chat.session, chat.area, chat.conversation.id, feedback)
        announce(chat.session, chat.area, feedback)
        lines.append(by_when(chat, feedback))
    chat.say(" ".join(lines), chat.start(_("See more"), "you_said", item=theme.id))


def _tell_staff(session: Session, area: Area, theme: Theme) -> None:
    """Whoever looks after it hears that families do not call it done; without anybody's words."""
    for person in looks_after(session, theme):
        address = reach(person)
        if address is None or not wanted(person, Class.RECEIPT):
            continue
        with speaking(person.language):
            message = Message(
                _("Families say that this is not done yet, so it is open again: “{said}”", said=clip(theme.said, 100)),
                (Button(_("Look at it"), taps.start("themes", {"which": theme.id})),),
            )
        send(session, address, message, Class.RECEIPT, due=area.next_waking(now()), about=theme.about)


# -- asked by the clock


def ask_if_done(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: ask those who raised what was called done some weeks ago. Returns how many were asked."""
    area = partnership.area
    if area.quiet(moment):
        hold_at_night(session, f"{ABOUT}%", moment, area.next_waking(moment))
        return 0
    waiting = whom_to_ask(session, area, moment, most=SLICE)
    for update, person in waiting:
        asked(session, update, person)
        _ask(session, area, update, person)
    return len(waiting)


# What their rows are about begins with this.
ABOUT = "verdict:"


def _ask(session: Session, area: Area, update: Update, person: Person) -> None:
    address = reach(person)
    theme = session.get_one(Theme, update.theme_id)
    if address is None:
        return
    with speaking(person.language):
        on = dates.day(area.today(update.made))
        quoted = _quoted(session, said_last_by(session, theme, person), theme)
        lines = [quoted, _("On {day} we said that it is done. Is it?", day=on)]
        buttons = tuple(
            Button(label, taps.start("is_it_done", {"item": theme.id, "better": answer, "update": update.id}))
            for answer, label in (("yes", _("Yes, it is")), ("no", _("Not yet")))
        )
    send(session, address, Message("\n".join(lines), buttons), Class.REMINDER, about=f"{ABOUT}{update.id}")


def _quoted(session: Session, feedback: Feedback | None, theme: Theme) -> str:
    """Their own words, so that they know what it is about."""
    if feedback is not None and feedback.text:
        words = shortened(feedback.text, 120)
    else:
        words = clip(as_published(session, theme.about, _(theme.said)), 120)
    return _("You told us: “{quote}”", quote=words)


ERRAND = Errand(is_it_done, label=lambda: _("Say if it is done"), in_menu=False)
