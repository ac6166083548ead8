"""The safeguarding lead reads each sentence that is said to somebody in danger, and signs it off (models/sign_off)."""

from __future__ import annotations

import re

from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.safety_words import to_be_signed
from handlers.staff import role_label
from locales import _
from models import sign_off as signed
from models.role import GRANTS, Permission, require, roles_of

SIGN, LATER = "sign", "later"


def sign_off(chat: Chat) -> None:
    """One after the other. Signed ones stay signed, wherever it is broken off; the words are English, as they were
    written, whatever language is spoken."""
    require(chat.session, chat.person, Permission.PROTECT)
    sentences = to_be_signed()
    for name in sentences:
        key = f"{name}-{signed.digest_of(sentences[name])}"
        if key not in chat.answers and name not in signed.standing(chat.area, sentences, chat.session).missing:
            continue
        answer = chat.choose(
            key,
            _("May this be said to somebody in danger?\n“{sentence}”", sentence=_with_places(sentences[name])),
            {SIGN: _("Yes, I sign it off"), LATER: _("No, not like this")},
            words={SIGN: _("yes|sign|ok"), LATER: _("no|later|not yet")},
        )
        if answer == SIGN:
            chat.at_once(lambda name=name: _sign(chat, name, sentences[name]))  # type: ignore[misc]
    missing = signed.standing(chat.area, sentences, chat.session).missing
    if missing:
        chat.say(_("Not signed off: {count}. Tell whoever looks after the program what to change.", count=len(missing)))
    else:
        chat.say(_("All of it is signed off. Whoever changes a sentence has to ask you again."))


def _with_places(sentence: str) -> str:
    """What is filled in when it is said, as a place: “by [when]”."""
    return re.sub(r"\{(\w+)\}", r"[\1]", sentence)


def _sign(chat: Chat, name: str, sentence: str) -> None:
    if name in signed.standing(chat.area, {name: sentence}, chat.session).missing:
        signed.sign(chat.session, chat.person, name, sentence, _role(chat))


def _role(chat: Chat) -> str:
    """The role in which they sign, by its plain name."""
    held = [one for one in roles_of(chat.session, chat.person) if Permission.PROTECT in GRANTS[one.name]]
    return held[0].title or role_label(held[0].name).partition(":")[0]


ERRAND = Errand(
    sign_off,
    label=lambda: _("Sign off the words"),
    words=lambda: _("sign off|sign the words"),
    permission=Permission.PROTECT,
    browsed=True,
    seldom=True,
)
