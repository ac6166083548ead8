"""An errand: one thing that a person can come here to do. Its file in this folder ends with one of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.dialogue import Chat
from models.conversation import Conversation
from models.role import Permission

# Where somebody only looked around, one tap is made again sooner than a question about it is read.
ANSWERS_WORTH_KEEPING = 2


@dataclass(frozen=True, slots=True)
class Errand:
    """`label` is its line in the menu (24 characters at most, WhatsApp's limit), `words` what else people type for it,
    with `|` between; both are called when the language is known. `permission` makes it an errand of staff."""

    flow: Callable[[Chat], None]
    label: Callable[[], str]
    words: Callable[[], str] = lambda: ""
    # As a command on Telegram (lower-case Latin letters), and its line in the list of commands; empty: no command.
    command: str = ""
    # The question that words after the command answer: “/who speech therapy”.
    words_answer: str = ""
    permission: Permission | None = None
    in_menu: bool = True
    # Behind “More for staff”: a list holds ten.
    seldom: bool = False
    # Answers in passing: the conversation it interrupts goes on by itself afterwards.
    aside: bool = False
    # May be done before the person has said who they are and agreed to anything.
    before_welcome: bool = True
    # Looked around in, not told: left after a tap, it begins anew, and nobody is asked to go on with it.
    browsed: bool = False
    # Also for somebody who is younger than the channel allows: everything else ends there in `too_young`.
    for_all_ages: bool = False

    def only_looked_at(self, conversation: Conversation) -> bool:
        """Nothing is lost when this conversation is left: whoever wants it again finds it with one tap."""
        return self.browsed and len(conversation.answers) < ANSWERS_WORTH_KEEPING
