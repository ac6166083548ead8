"""A promise stands still, or goes on: the family is told why, and which day holds now (T2, T5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers.feedback_words import their_words
from handlers.inbox.telling import Sender, tell
from locales import _, dates, speaking
from models.feedback import Feedback


def tell_paused(desk: Sender, feedback: Feedback, reason: str) -> str:
    """Have them told why they wait longer. Returns what to say to the member of staff."""
    return _told(
        desk,
        feedback,
        lambda: _("Your answer takes longer, because: {reason}\nWe tell you the new day.", reason=reason),
    )


def tell_resumed(desk: Sender, feedback: Feedback, day: date) -> str:
    return _told(desk, feedback, lambda: _("We are back at it. We aim to answer by {day}.", day=dates.day(day)))


def _told(desk: Sender, feedback: Feedback, words: Callable[[], str]) -> str:
    if feedback.person is None:
        return _("It is kept. The person has deleted their things, so nobody was told.")
    with speaking(feedback.person.language):
        about = _("About what you told us ({ref}):", ref=feedback.ref)
        text = "\n\n".join([about, their_words(desk.area, feedback), words()])
    return tell(desk, feedback, feedback.person, text)
