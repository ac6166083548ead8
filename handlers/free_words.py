"""Words that answer no question: a question goes to who-to-contact, a story to tell us, with the words filled in.

Where it is not clear which, the person is asked, with both as buttons: guessing wrong costs them more than a tap.
"""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.meaning import asked_about
from locales import _

FIND, TELL, NEITHER = "find", "tell", "neither"


def free_words(chat: Chat) -> None:
    words = chat.gather("words", _("What would you like to say or ask?"))
    found = chat.finder.find(words.text, young=chat.person.young)
    filled = {"text": words.text, "attachments": list(words.attachments)}
    if words.attachments and not words.text:
        chat.then("tell_us", story=filled)
        return
    if found.route == "help":
        chat.then("help", words=words.text)
        return
    term = asked_about(chat.area, words.text)
    if term is not None:
        chat.then("meaning", word=term.term)
        return
    if found.sure and found.route in ("contact", "none"):  # what is none of our business is said there, kindly
        chat.then("who", words=words.text)
        return
    if found.sure and found.route == "feedback":
        chat.then("tell_us", story=filled)
        return
    meant = chat.choose(
        "meant",
        _("Thank you. What should I do with your words?"),
        {FIND: _("Find who can help"), TELL: _("Pass them on"), NEITHER: _("Neither")},
    )
    if meant == FIND:
        chat.then("who", words=words.text)
    elif meant == TELL:
        chat.then("tell_us", story=filled)
    else:
        chat.say(_("That is fine. I have not kept your words."))
        chat.then("menu")


ERRAND = Errand(free_words, label=lambda: _("Say something"), in_menu=False)
