"""Words aimed at people who work here: asked once not to, heard all the same (docs/abuse-policy.md)."""

from __future__ import annotations

from handlers.dialogue import Chat
from locales import _
from models.abuse import answer_once, hard_words


def answered_kindly(chat: Chat, words: str) -> None:
    """Said after the words were kept and sent on, the first time only."""
    if hard_words(words) and answer_once(chat.session, chat.person):
        chat.say(
            _(
                "We read what you say about this, and it is passed on. You may be angry here. "
                "Please write without words that hurt the people who work here."
            )
        )
