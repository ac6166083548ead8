"""Asks for agreement before anything is kept: at the start of every flow that keeps something.

Who agreed to the text as it is now is not asked again. Who says no loses nothing but what cannot be done without
keeping it: whom to contact and whom to ring work for everybody.
"""

from __future__ import annotations

from handlers import taps
from handlers.dialogue import Chat
from locales import _
from models import consent, keeping
from models.conversation import end, going_on
from models.draft import files_in
from models.feedback import discard
from models.message import Button

YES, MORE, NO = "yes", "more", "no"


def agreed(chat: Chat) -> None:
    """Goes on when the person agrees to what is kept; otherwise ends the flow kindly, and nothing of it is kept."""
    # A text that has changed is another question: a yes to the old one is no yes to it.
    question = f"agreed-{consent.version(chat.area)}"
    if consent.agrees(chat.person, chat.area) and question not in chat.answers:
        return
    if _says_yes(chat, question):
        chat.at_once(lambda: consent.agree(chat.session, chat.person, chat.area))
        return
    _keep_nothing(chat)
    chat.say(
        _("That is fine. Nothing was sent to anybody. You can still find out who can help, and who to ring."),
        chat.start(_("Find who can help"), "who"),
        Button(_("Help now"), taps.command("help")),
    )
    chat.finish()


def _keep_nothing(chat: Chat) -> None:
    """Of this conversation nothing; of somebody who never agreed, nothing at all that they told us."""
    discard(chat.session, chat.person, files_in(chat.answers))
    if chat.person.agreed_to is None:
        for other in going_on(chat.session, chat.person.id):
            if other.id != chat.conversation.id:
                discard(chat.session, chat.person, files_in(other.answers))
                end(other)
        keeping.forget_what_was_typed(chat.session, chat.person)
        chat.person.kind = None
    consent.disagree(chat.person)


def _says_yes(chat: Chat, question: str) -> bool:
    young = chat.person.young
    chat.say(_("I am a computer program, not a person."))
    if chat.watched:  # where nobody watches, every question says so by itself
        chat.say(_(chat.who_reads))
    chat.say(consent.text(chat.area, young=young))
    answer = chat.choose(
        question,
        _("Is that OK?"),
        {YES: _("Yes, that is OK"), MORE: _("Tell me more"), NO: _("No, thank you")},
        words={YES: _("yes|yeah|ok|okay|sure|i agree|agree"), NO: _("no|nope|i do not agree|no thanks")},
    )
    if answer != MORE:
        return answer == YES
    for line in consent.whole_text(chat.area):
        chat.say(line)
    return chat.agree(f"{question}-all", _("Is that OK?"), yes=_("Yes, that is OK"), no=_("No, thank you"))
