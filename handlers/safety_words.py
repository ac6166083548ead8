"""What is said to somebody who may be in danger: a name for each sentence, so that the safeguarding lead can sign it.

Literal, kind and short; no question about details, no promise of secrecy, and nothing about who reads it that is not
so. `models.sign_off` knows which are signed, `yousaid doctor` names those that are not, and those changed since.
"""

from __future__ import annotations

from locales import SOURCE, _, speaking


def safety_words() -> dict[str, str]:
    """Every one of these sentences, by its name, in the language being spoken. The places in braces are filled in."""
    return {
        "red": _("This sounds serious. Please do not wait for an answer here. You can ring:"),
        "amber": _("You need not wait for an answer here. These people can help you now:"),
        "asked": _("Thank you for telling me. Please do not wait for an answer here. You can ring:"),
        "more": _("There are more people to ring under “Help now”."),
        "text": _("If you cannot speak on the phone, you can send a text."),
        "nobody-by-text": _(
            "If you cannot speak on the phone, ask somebody near you to ring 999 for you. I have no number here to "
            "reach 999 by text."
        ),
        "told": _("I am also telling staff that somebody may need help. I cannot say when they will look."),
        "told-on-duty": _("I am telling staff on duty now that somebody may need help. I cannot say when they look."),
        "told-later": _(
            "I am telling staff that somebody may need help. Nobody is on duty now. The next person starts on {when}."
        ),
        "unanswered": _("If I hear nothing more from you for {minutes} minutes, I show staff what you wrote here."),
        "read-by": _("I am also asking staff to look at this by {when}. It may take longer."),
        "question": _("Is somebody in danger now?"),
        "pass-on": _("Shall I pass your words on to staff as well? It can take days before they read them."),
        "pass-on-watched": _("Shall I pass your words on to staff as well? Only then can they read them."),
        "pass-on-now": _("Shall I pass your words on to staff now?"),
        "shown-unanswered": _(
            "I have not heard from you. Somebody may be in danger, so I have now shown staff what you wrote. They see "
            "it without your name. Your reference is {ref}."
        ),
        "passed-on": _("I have passed your words on. Staff see them without your name. Your reference is {ref}."),
        "share": _("To keep somebody safe, staff may have to tell others."),
        "not-passed-on": _("That is fine. I have not passed them on. To see the numbers again, press “Help now”."),
        "not-passed-on-told": _(
            "That is fine. I have not passed them on. Staff know that somebody may need help. They do not know who, or "
            "what you wrote. To see the numbers again, press “Help now”."
        ),
        "erase-but": _(
            "Somebody may be at risk in words that you sent. Staff on duty keep those words, without your name, until "
            "they have dealt with them. Then the words are erased too."
        ),
        "erased-but": _("Staff on duty still have those words, without your name."),
        "taken-back-but": _(
            "It is taken back. You and other staff do not see it any more. Staff on duty still have it, without your "
            "name, because somebody may be at risk. It is deleted when they have dealt with it."
        ),
        "help": _("These people can help. Ring them now if you need to."),
        "help-young": _("You can ring these people. It is OK to ask for help."),
        "nobody-now": _("Nobody is watching this chat now. If it is urgent, please ring."),
        "somebody-now": _(
            "Staff are at work, but it can take days before they see this chat. If it is urgent, please ring."
        ),
        "out-of-order": _("This chat is not working just now, so nobody sees what you write. Please ring:"),
    }


def say_safely(name: str, **values: object) -> str:
    """The sentence of this name, with its places filled in."""
    sentence = safety_words()[name]
    return sentence.format_map(values) if values else sentence


def to_be_signed() -> dict[str, str]:
    """What is signed off is the English; a translation is checked by whoever checks its catalogue."""
    with speaking(SOURCE):
        return safety_words()
