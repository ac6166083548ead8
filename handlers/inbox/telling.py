"""What a family is told about what it said: in its own language, with its own words quoted, and a way to answer.

Nothing goes out in the quiet hours, and nothing at all to those who stopped their messages: they find it among their
own things. Staff are told which it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy.orm import Session

from handlers import taps
from handlers.feedback_words import advice, their_words, where_it_stands
from locales import _, dates, speaking
from models.area import Area
from models.database import now
from models.feedback import Feedback, FeedbackStatus, Status
from models.message import Button, Message
from models.outgoing import Class, send
from models.person import Person, reach
from models.role import roles_of


class Sender(Protocol):
    """A member of staff at work: in a conversation, or at the desk in the browser."""

    @property
    def session(self) -> Session: ...

    @property
    def person(self) -> Person: ...

    @property
    def area(self) -> Area: ...


def reply_text(area: Area, feedback: Feedback, who: str, words: str) -> str:
    """A reply as the family reads it, in the language being spoken."""
    return "\n\n".join(
        [
            _("{who} answers what you told us ({ref}):", who=who, ref=feedback.ref),
            their_words(area, feedback),
            _("The answer:\n{answer}", answer=words),
        ]
    )


def status_text(area: Area, feedback: Feedback, status: Status, reason: str) -> str:
    """Where it stands, as the family reads it, in the language being spoken. A no comes with who advises (T13)."""
    lines = [
        _("About what you told us ({ref}):", ref=feedback.ref),
        their_words(area, feedback),
        where_it_stands(status, reason),
    ]
    if status is Status.CANNOT:
        lines.append(advice(area))
    return "\n\n".join(lines)


def who_writes(chat: Sender, staff: Person) -> str:
    """The organisation that somebody writes for; never their own name."""
    names = {organisation.key: organisation.name for organisation in chat.area.organisations}
    for role in roles_of(chat.session, staff):
        if role.organisation in names:
            return _(names[role.organisation])
    return _("The team")


def tell_reply(chat: Sender, feedback: Feedback, words: str) -> str:
    """Have the reply sent. Returns what to say to the member of staff."""
    if feedback.person is None:
        return _nobody()
    with speaking(feedback.person.language):
        text = reply_text(chat.area, feedback, who_writes(chat, chat.person), words)
    return _tell(chat, feedback, feedback.person, text)


def tell_status(chat: Sender, feedback: Feedback, change: FeedbackStatus) -> str:
    """Have them told where it stands. Returns what to say to the member of staff."""
    if feedback.person is None:
        return _nobody()
    with speaking(feedback.person.language):
        text = status_text(chat.area, feedback, change.status, change.reason)
    return _tell(chat, feedback, feedback.person, text)


def about(area: Area, feedback: Feedback, *lines: str) -> str:
    """Something else about what they told us, as the family reads it, in the language being spoken."""
    return "\n\n".join([_("About what you told us ({ref}):", ref=feedback.ref), their_words(area, feedback), *lines])


def tell(chat: Sender, feedback: Feedback, text: Callable[[], str]) -> str:
    """Have them told, in their language. Returns what to say to the member of staff."""
    if feedback.person is None:
        return _nobody()
    with speaking(feedback.person.language):
        words = text()
    return _tell(chat, feedback, feedback.person, words)


def _nobody() -> str:
    return _("It is kept. The person has deleted their things, so nobody was told.")


def _tell(chat: Sender, feedback: Feedback, person: Person, text: str) -> str:
    address = reach(person)
    if person.stopped_at is not None:
        return _("It is kept. The person has stopped messages, so they are not told. They see it if they look.")
    if address is None:
        return _("It is kept. The person cannot be reached: they blocked this chat.")
    with speaking(person.language):
        button = Button(_("Reply"), taps.start("answer_back", {"feedback": feedback.ref}))
    moment = now()
    due = chat.area.next_waking(moment)
    send(chat.session, address, Message(text, (button,)), Class.RECEIPT, due=due, about=feedback.about)
    if due > moment:
        return _(
            "It is kept, and is sent at {clock}: nothing goes out at night.", clock=dates.clock(due, chat.area.zone)
        )
    return _("It is on its way to them.")
