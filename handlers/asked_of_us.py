"""Questions about the chat's own business: is there an answer to my words, what meetings are there, what was done?

They are led to what the chat itself knows. Searching the services for them would answer a parent who waits for a reply
(T2, T5) with three telephone numbers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from handlers.dialogue import Chat
from models.feedback import ALPHABET, REFERENCE_LENGTH, mine
from models.phrases import Phrases

# A phrase must be so much of what was written: in a longer story the same words are about somebody else.
NEARLY_ALL = 0.6
# A reference in so short a message is what it is about.
SHORT = 80


def lead_to_ours(chat: Chat, text: str) -> bool:
    """Whether these words ask for something of the chat's own; then that comes next."""
    if (ref := _own_reference(chat, text)) is not None:
        chat.then("my_things", what="said", which=ref)
        return True
    match _about(text):
        case "answer":
            chat.then("my_things", what="said")
        case "meetings":
            chat.then("meetings")
        case "done":
            chat.then("you_said")
        case _:
            return False
    return True


def _own_reference(chat: Chat, text: str) -> str | None:
    """The reference of the person's own feedback that stands in these words, if they are little else."""
    if len(text) > SHORT:
        return None
    for written in text.upper().split():
        word = written.strip(".,:;?!#()“”\"'")
        if len(word) == REFERENCE_LENGTH and set(word) <= set(ALPHABET) and mine(chat.session, chat.person, word):
            return word
    return None


def _about(text: str) -> str | None:
    asked = [found for found in _rules().found_in(text) if found.end - found.start >= NEARLY_ALL * len(text.strip())]
    return max(asked, key=lambda found: found.end - found.start).name if asked else None


@cache
def _rules() -> Phrases:
    return Phrases(Path(__file__).with_name("asked_of_us.toml"))
