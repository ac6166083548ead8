"""Who do I ask? The search for the right contact, and where free words belong.

`Finder(cards).find("he wets the bed")` gives ids of contacts, best first, and what kind of message this was. It is
pure: no database, no network, no clock; the same words give the same answer. It is built once from the cards and is
then only read, so any number of threads may share it.
"""

from .cards import Card, load_people_say
from .danger import of_oneself
from .finder import Finder, Found
from .known import NOTHING_KNOWN, Known, known_from_all
from .needs import Need, load_asked, load_needs

__all__ = [
    "NOTHING_KNOWN",
    "Card",
    "Finder",
    "Found",
    "Known",
    "Need",
    "known_from_all",
    "load_asked",
    "load_needs",
    "load_people_say",
    "of_oneself",
]
