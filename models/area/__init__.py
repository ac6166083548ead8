"""What makes a partnership itself: its folder under areas/, read once at start.

`load_area("tameside")` gives an `Area`, or an `AreaError` that names everything wrong with the folder in words.
`complaints` says what is missing or out of date in one that loads; `catalogue_texts` lists its sentences for the
translators.
"""

from __future__ import annotations

from models.area.area import Area, HelpLine
from models.area.complaints import complaints, rung_in_danger
from models.area.facts import (
    CharterPromise,
    Confidence,
    ContactFacts,
    MeetingFacts,
    Outcome,
    Priority,
    Term,
    YouSaidFacts,
)
from models.area.load import AREAS, ENGLAND, AreaError, areas, contacts_of_england, load_area
from models.area.rules import Organisation, Pulses, PulseStatement, Topic
from models.area.texts import catalogue_texts

__all__ = [
    "AREAS",
    "ENGLAND",
    "Area",
    "AreaError",
    "CharterPromise",
    "Confidence",
    "ContactFacts",
    "HelpLine",
    "MeetingFacts",
    "Organisation",
    "Outcome",
    "Priority",
    "PulseStatement",
    "Pulses",
    "Term",
    "Topic",
    "YouSaidFacts",
    "areas",
    "catalogue_texts",
    "complaints",
    "contacts_of_england",
    "load_area",
    "rung_in_danger",
]
