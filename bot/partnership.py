"""Makes the partnership that conversations know out of an area's folder."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.area import AREAS, ENGLAND, Area, ContactFacts, contacts_of_england, load_area
from models.finding import Card, Finder, load_needs, load_people_say
from models.meeting import load_meetings
from models.partnership import Partnership
from models.theme import load_you_said


def open_partnership(name: str, web_address: str, telegram_name: str = "", *, mails: bool = False) -> Partnership:
    """Raises `AreaError`, which names everything that is wrong with the area's files."""
    area = load_area(name)
    return Partnership(area, finder_for(area), web_address, telegram_name, mails)


def load_rows(session: Session, area: Area) -> None:
    """Put what the area's files bring into the database, once: what staff changed since is never overwritten."""
    load_you_said(session, area)
    load_meetings(session, area)


def finder_in(name: str) -> Finder:
    """The Who's Who of an area, or of all England (`england`) alone. Raises `AreaError`."""
    if name == ENGLAND:
        return _finder(contacts_of_england(), ENGLAND)
    area = load_area(name)
    return _finder(area.contacts, area.key)


def finder_for(area: Area) -> Finder:
    return _finder(area.contacts, area.key)


def _finder(contacts: Iterable[ContactFacts], area: str) -> Finder:
    people_say = load_people_say(AREAS, area)
    cards = (
        Card(
            contact.id,
            contact.area,
            contact.name,
            contact.plain_name,
            contact.what_they_help_with,
            contact.who_for,
            people_say.get(contact.id, ()),
        )
        for contact in contacts
    )
    return Finder(cards, load_needs(AREAS, area))
