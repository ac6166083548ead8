"""The words in every language.

The message id is the English sentence itself. The language is set once, at the edge, with `speaking`; everything
below just says `_("Where is it?")`. Catalogues are the `.po` files beside this one, read as they are: nothing has to
be compiled. A sentence that a catalogue lacks comes out in English rather than not at all.
"""

from __future__ import annotations

import gettext as standard_gettext
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
SOURCE = "en"
DOMAIN = "yousaid"
NOBODY = "nobody yet"
# As Babel has it: what each language calls itself, and whether it runs from right to left; and what they are called in
# English. Looked up it takes 6 MB for ever, also where nobody speaks anything but English. Other languages are.
KNOWN = {"en": ("English", False), "pl": ("polski", False), "ur": ("اردو", True)}
IN_ENGLISH = {"en": "English", "pl": "Polish", "ur": "Urdu"}

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the bot speaks. `checked_by` is empty until a native speaker has read its catalogue."""

    code: str
    own_name: str
    right_to_left: bool
    checked_by: str


def catalogue_path(code: str) -> Path:
    return HERE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def languages() -> dict[str, Language]:
    """Every language there is a catalogue for, English first."""
    codes = sorted(path.parent.parent.name for path in HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return {code: _describe(code) for code in [SOURCE, *(code for code in codes if code != SOURCE)]}


def language_name(code: str) -> str:
    """What a language is called in the one being spoken: “Polish”, not “polski”."""
    if spoken() == SOURCE and code in IN_ENGLISH:
        return IN_ENGLISH[code]
    return Locale.parse(code).get_display_name(spoken()) or languages()[code].own_name


def _describe(code: str) -> Language:
    own_name, right_to_left = KNOWN.get(code) or looked_up(code)
    checked_by = "written in it" if code == SOURCE else _checked_by(code)
    return Language(code, own_name, right_to_left, checked_by)


def looked_up(code: str) -> tuple[str, bool]:
    """Its own name, and whether it runs from right to left."""
    locale = Locale.parse(code)
    return locale.get_display_name() or code, locale.text_direction == "rtl"


def _checked_by(code: str) -> str:
    """From the catalogue's first lines: `# Checked by: …`."""
    with catalogue_path(code).open(encoding="utf-8") as file:
        found = re.search(r"^# Checked by: (.+)$", file.read(2000), re.MULTILINE)
    return "" if found is None or found[1].startswith(NOBODY) else found[1]


@cache
def _translations(code: str) -> standard_gettext.NullTranslations:
    path = catalogue_path(code)
    if code == SOURCE or not path.exists():
        return standard_gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return standard_gettext.GNUTranslations(compiled)


def read_catalogues(codes: Iterable[str]) -> None:
    """Read them now: each takes a tenth of a second, which the first person who speaks it would wait for, and everybody
    else with them."""
    for code in codes:
        _translations(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Everything said inside is said in this language; an unknown one is English."""
    token = _language.set(code if code in languages() else SOURCE)
    try:
        yield
    finally:
        _language.reset(token)


def switch(code: str) -> None:
    """Go on in another language until the enclosing `speaking` ends."""
    _language.set(code if code in languages() else SOURCE)


def spoken() -> str:
    """The code of the language being spoken."""
    return _language.get()


def apart(text: str) -> str:
    """Somebody's own words, for a place in a sentence: in one that runs from right to left they keep their own
    direction, and the full stop of English words stays at their end (Unicode's isolates, UAX #9)."""
    return f"\u2068{text}\u2069" if text and languages()[spoken()].right_to_left else text


def _(message: str, /, **values: object) -> str:
    """The sentence in the language being spoken, with `{named}` places filled from `values`."""
    code = _language.get()
    # A turn says eighty sentences to itself: those that are English already are not looked up.
    text = message if code == SOURCE else _translations(code).gettext(message)
    return text.format_map(values) if values else text


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Like `_`, by number: `{count}` is filled in too."""
    text = _translations(_language.get()).ngettext(singular, plural, count)
    return text.format_map({"count": count, **values})


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Like `_`, for a word that means different things in different places."""
    text = _translations(_language.get()).pgettext(context, message)
    return text.format_map(values) if values else text
