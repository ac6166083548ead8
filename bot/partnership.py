"""Makes the partnership that conversations know out of an area's folder."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.area import AREAS, Area, load_area
from models.finding import Card, Finder, load_people_say
from models.meeting import load_meetings
from models.partnership import Partnership
from models.theme import load_you_said


def open_partnership(name: str, web_address: str, telegram_name: str = "") -> Partnership:
    """Raises `AreaError`, which names everything that is wrong with the area's files."""
    area = load_area(name)
    return Partnership(area, finder_for(area), web_address, telegram_name)


def load_rows(session: Session, area: Area) -> None:
    """Put what the area's files bring into the database, once: what staff changed since is never overwritten."""
    load_you_said(session, area)
    load_meetings(session, area)


def finder_for(area: Area) -> Finder:
    people_say = load_people_say(AREAS, area.key)
    return Finder(
        Card(
            contact.id,
            contact.area,
            contact.name,
            contact.plain_name,
            contact.what_they_help_with,
            contact.who_for,
            people_say.get(contact.id, ()),
        )
        for contact in area.contacts
    )
