"""The Who's Who (T3): services live in the area's files, what staff found out about them in the database.

`card_of` gives everything that a channel may show of one. `found_right` and `correct` are what staff do with it;
`to_check` says which to ring first.
"""

from __future__ import annotations

from models.contact.attention import UNREACHED_MARKS, ToCheck, Why, pressing, to_check, unreached_since_checked
from models.contact.card import ContactCard, card_of, cards_of, number_to_ring
from models.contact.checks import ContactCheck, Detail, correct, found_right, newest_check, take_back
from models.contact.owning import ContactAsked, ContactOwner, own, owner_of, to_ask
from models.contact.reading import read_email, read_hours, read_phone, read_web

__all__ = [
    "UNREACHED_MARKS",
    "ContactAsked",
    "ContactCard",
    "ContactCheck",
    "ContactOwner",
    "Detail",
    "ToCheck",
    "Why",
    "card_of",
    "cards_of",
    "correct",
    "found_right",
    "newest_check",
    "number_to_ring",
    "own",
    "owner_of",
    "pressing",
    "read_email",
    "read_hours",
    "read_phone",
    "read_web",
    "take_back",
    "to_ask",
    "to_check",
    "unreached_since_checked",
]
