"""Another language: one question, each in its own name. It takes effect at once.

Typing a language's name does the same from anywhere ("polski"): who cannot read the menu can still find their own.
"""

from __future__ import annotations

from functools import partial

from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _, language_name, languages, spoken
from models.area import Area


def language(chat: Chat) -> None:
    speak(chat, chat.choose("language", _("Which language would you like?"), offered(chat)))
    _say_that_it_is_spoken(chat)


def offered(chat: Chat) -> dict[str, str]:
    """The area's languages by their own names, the person's present one first."""
    codes = spoken_in(chat.area)
    return {code: own_name(code) for code in sorted(codes, key=lambda code: code != chat.person.language)}


def spoken_in(area: Area) -> list[str]:
    """The languages that the area offers and that we have words in."""
    return [code for code in area.languages if code in languages()]


def own_name(code: str) -> str:
    return (languages()[code].own_name if code in languages() else code).capitalize()


def speak(chat: Chat, code: str) -> None:
    """From here on, and in every message to this person."""

    def change() -> None:
        chat.person.language = code

    chat.at_once(change)
    chat.speak(code)


def _say_that_it_is_spoken(chat: Chat) -> None:
    chat.say(_("From now on I write to you in {language}.", language=own_name(spoken())))
    if not languages()[spoken()].checked_by:
        chat.say(_("A native speaker has not checked my words yet. If something sounds wrong, please tell us."))


def _by_name(code: str, chat: Chat) -> None:
    if code in spoken_in(chat.area):
        speak(chat, code)
        _say_that_it_is_spoken(chat)
    else:
        chat.say(_("I do not speak that language yet."))
        chat.then("language")


ERRAND = Errand(
    language,
    label=lambda: _("Language"),
    words=lambda: _("language|languages|change language|another language"),
    command="language",
    in_menu=False,
    aside=True,
    for_all_ages=True,
)

# Its own name beats everything: who types it may be unable to read what was asked. Its name in the language being
# spoken is the answer where words are asked for ("Which language do you need?" "Polish").
BY_NAME: dict[str, Errand] = {
    name: Errand(partial(_by_name, code), label=label, in_menu=False, aside=aside, for_all_ages=True)
    for code in languages()
    for name, label, aside in (
        (f"speak_{code}", partial(own_name, code), True),
        (f"speak_{code}_too", partial(language_name, code), False),
    )
}
