"""Words that answer no question: a question goes to who-to-contact, a story to tell us, with the words filled in.

Where it is not clear which, the person is asked, with both as buttons: guessing wrong costs them more than a tap.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.asked_of_us import lead_to_ours
from handlers.consent import agreed
from handlers.danger import WORST, ask_if_in_danger, tells_of_danger, watch, words_arrived, words_not_passed_on
from handlers.data_complaint import lead_to_own_things
from handlers.dialogue import Chat, Story
from handlers.errand import Errand
from handlers.half_way import add
from handlers.meaning import asked_about
from handlers.safety_words import say_safely
from handlers.said_plainly import asks_for_somebody, says_only_yes, takes_it_back
from handlers.tell_us import Draft, give
from handlers.understanding import NEITHER as YES_IN_DISGUISE
from handlers.understanding import plain
from locales import _, spoken
from models.abuse import hard_words
from models.alert import Alert, Words, alerted_in, alerted_since, red_in, whom_to_alert
from models.complaint import Wish, spoken_of
from models.conversation import going_on
from models.database import now

FIND, TELL, NEITHER = "find", "tell", "neither"
# Who sounded as if they were in danger may say more of it for so long, in words that do not show it.
STILL_ABOUT_IT = timedelta(hours=24)


def free_words(chat: Chat) -> None:  # noqa: PLR0911, PLR0912  # one way out for each thing that words may be
    watch(chat, chat.said_so_far("words").text)
    words = chat.gather("words", _("What would you like to say or ask?"))
    found = chat.find(words.text)
    if not words.attachments and not any(character.isalpha() for character in words.text):
        chat.say(_("Sorry, I did not understand that. I can only read words."))
        chat.then("menu")
        return
    filled = {"text": words.text, "attachments": list(words.attachments)}
    if found.route == "help":
        _danger(chat, words)
        return
    if not words.attachments and _says_little(chat, words.text):
        return
    if _about_their_data(chat, words) or (not words.attachments and lead_to_ours(chat, words.text)):
        return
    if words.text and hard_words(words.text):
        chat.then("tell_us", story=filled)  # what is said in anger is heard, never taken for a question
        return
    term = asked_about(chat.area, words.text)
    asks = term is not None or (found.sure and found.route == "contact" and _is_a_question(words.text))
    if not asks and _is_more_of_it(chat, words):
        return
    if term is not None:
        chat.then("meaning", word=term.term)
        return
    if tells_of_danger(chat.person, words.text, found):
        _danger(chat, words)
        return
    # A question is answered at once: when we are not sure it is said there, with the way to the partnership beside it.
    # So is, kindly, that something is none of our business.
    if words.text and (
        found.route == "contact" or (found.sure and found.route == "none") or asks_for_somebody(words.text)
    ):
        chat.then("who", heard="yes", words=words.text)
        return
    if (found.sure and found.route == "feedback") or not words.text:
        chat.then("tell_us", story=filled)
        return
    if "meant" not in chat.answers and _alerts(chat):
        _danger(chat, words, feeling=WORST)
        return
    meant = chat.choose(
        "meant",
        _("Thank you. What should I do with your words?"),
        {FIND: _("Find who can help"), TELL: _("Pass them on"), NEITHER: _("Neither")},
    )
    if meant == FIND:
        chat.then("who", heard="yes", words=words.text)
    elif meant == TELL:
        chat.then("tell_us", story=filled)
    else:
        chat.say(_("That is fine. I have not passed them on."))
        chat.then("menu")


def _says_little(chat: Chat, text: str) -> bool:
    """Never mind, no, yes: what answers no question is searched for nowhere."""
    if says_only_yes(text) or plain(text) in YES_IN_DISGUISE.get(spoken(), ()):
        chat.then("menu")
        return True
    if not takes_it_back(text):
        return False
    alerts = _alerts(chat)
    for one in alerts:
        if one.conversation_id is not None:
            words_not_passed_on(chat.session, chat.area, one.conversation_id)
    if alerts and all(one.words is Words.KEPT_BACK for one in alerts):
        chat.say(_not_passed_on(chat))
    else:
        chat.say(_("That is fine. You can write to me again at any time. “Help now” has people you can ring."))
    return True


def _alerts(chat: Chat) -> list[Alert]:
    return alerted_since(chat.session, chat.person.id, now() - STILL_ABOUT_IT)


def _not_passed_on(chat: Chat) -> str:
    return say_safely("not-passed-on-told" if whom_to_alert(chat.session) else "not-passed-on")


def _about_their_data(chat: Chat, words: Story) -> bool:
    """A complaint about data is one at once, wherever it is typed; who wants to see or erase theirs is led there."""
    match spoken_of(words.text) if words.text else None:
        case Wish.COMPLAINT:
            chat.then("data_complaint", words={"text": words.text, "attachments": list(words.attachments)})
        case Wish.ERASE | Wish.COPY:
            lead_to_own_things(chat)
        case None:
            return False
    return True


def _is_a_question(text: str) -> bool:
    first = plain(text).partition(" ")[0]
    return text.rstrip().endswith(("?", "؟")) or first in _("who|how|where|what|when|which|can|whom").split("|")


def _is_more_of_it(chat: Chat, words: Story) -> bool:
    """Whether these words belong to what they were telling when the words came; then they are put there."""
    number = chat.answers.get("during")
    telling = next((one for one in going_on(chat.session, chat.person.id) if one.id == number), None)
    if telling is None or not chat.agree(
        "part", _("Is this part of what you are telling us?"), yes=_("Yes, add it"), no=_("No, something else")
    ):
        return False
    add(telling, words)
    chat.say(_("I have added it."))
    chat.then("tell_us")
    return True


def _danger(chat: Chat, words: Story, *, feeling: int | None = None) -> None:
    """Whom to ring has been said, and staff are being told; then their words are theirs to pass on or not.

    Passed on they go as they are: somebody in danger is asked for no topic and no feeling, and is then back where they
    were."""
    ask_if_in_danger(chat, words.text, feeling=feeling)
    chat.goes_back = True
    red = red_in(chat.session, chat.conversation.id) and bool(whom_to_alert(chat.session))
    if not chat.agree(
        "pass",
        say_safely("pass-on-now" if red else "pass-on-watched" if chat.watched else "pass-on"),
        yes=_("Yes, pass them on"),
        no=_("No, not now"),
    ):
        words_not_passed_on(chat.session, chat.area, chat.conversation.id)
        told = alerted_in(chat.session, chat.conversation.id) is not None
        chat.say(_not_passed_on(chat) if told else say_safely("not-passed-on"))
        return
    agreed(chat)
    draft = Draft(chat.area.topics[-1].key, words)
    feedback = give(chat.session, chat.area, chat.person, draft)
    words_arrived(chat.session, chat.area, chat.conversation.id, feedback)
    chat.say(
        f"{say_safely('passed-on', ref=feedback.ref)} {say_safely('share')}",
        chat.start(_("Take it back"), "take_back", feedback=feedback.ref),
    )


ERRAND = Errand(free_words, label=lambda: _("Say something"), in_menu=False)
