"""What somebody does with words that they have already sent: answer back, or take them back."""

from __future__ import annotations

from handlers.consent import agreed
from handlers.danger import ask_if_in_danger, watch, words_arrived
from handlers.data_complaint import after_sending
from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from handlers.feedback_words import by_when, their_words
from handlers.hard_words import answered_kindly
from handlers.inbox.notice import announce
from handlers.safety_words import say_safely
from locales import _
from models import feedback as said
from models.desk.word_index import tidy
from models.feedback import Feedback
from models.second_look import pick_if_its_turn


def answer_back(chat: Chat) -> None:
    """Started under a reply of staff, under a receipt, and from the person's own things."""
    watch(chat, chat.said_so_far("words").text)
    agreed(chat)
    feedback = _own(chat)
    words = chat.gather(
        "words",
        _("What would you like to say about it? You wrote:\n{words}", words=their_words(chat.area, feedback)),
        more=_("I have kept that. You can add more, or send it."),
        done=_("Send it"),
    )
    ask_if_in_danger(chat, words.text)
    was_answered = feedback.answered is not None
    note = said.answer_back(chat.session, chat.area, feedback, words.text, words.attachments)
    words_arrived(chat.session, chat.area, chat.conversation.id, feedback)
    pick_if_its_turn(chat.session, feedback, note)
    announce(chat.session, chat.area, feedback)
    chat.say(_("Thank you. It is sent, and kept with {ref}.", ref=feedback.ref))
    answered_kindly(chat, words.text)
    after_sending(chat, feedback, words.text)
    if was_answered:
        chat.say(by_when(chat, feedback))
    chat.say(_(chat.who_reads))


def take_back(chat: Chat) -> None:
    feedback = _own(chat)
    sure = chat.agree(
        "sure",
        _("Take this back? It is deleted, with all that was written about it.\n{words}",
          words=their_words(chat.area, feedback)),
        yes=_("Yes, take it back"),
        no=_("No, keep it"),
    )  # fmt: skip
    if not sure:
        chat.say(_("It stays as it was."))
        return
    ref = feedback.ref
    if not said.take_back(chat.session, feedback):
        chat.say(say_safely("taken-back-but"))
        return
    tidy(chat.session)
    chat.say(_("It is taken back. {ref} is deleted. If staff have seen it already, I cannot change that.", ref=ref))


def _own(chat: Chat) -> Feedback:
    """The feedback that this is about, by its reference; only ever the person's own."""

    def read(words: str) -> str:
        found = said.mine(chat.session, chat.person, words)
        if found is None:
            raise NotUnderstood(_("I do not find that reference among your own."))
        return found.ref

    def recall(kept: str) -> Feedback:
        found = said.mine(chat.session, chat.person, kept)
        if found is None:
            raise Lost(kept)
        return found

    found: Feedback = chat.ask("feedback", _("Which one? Please type its reference."), read, recall=recall)
    return found


ANSWER_BACK = Errand(answer_back, label=lambda: _("Write about it again"), in_menu=False, before_welcome=False)
TAKE_BACK = Errand(take_back, label=lambda: _("Take it back"), in_menu=False, before_welcome=False)
