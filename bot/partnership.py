"""Makes the partnership that conversations know out of an area's folder."""

from __future__ import annotations

import contextlib
import os
import pickle
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Opening:
    """An area that is there, and its Who's Who, which is waited for."""

    area: Area
    finder: Callable[[], Finder]


def opening(name: str) -> Opening:
    """The same, while the caller does something else. For a start, before there is any thread: a child process builds
    the Who's Who, half a second's work on the other core, and of the 28 MB that this takes 14 never come here. Raises
    `AreaError`."""
    area = load_area(name)
    return Opening(area, _made_aside(lambda: finder_for(area)))


def _made_aside(make: Callable[[], Finder]) -> Callable[[], Finder]:
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return make
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)  # if nobody reads any more, writing fails, rather than waits for ever
        with contextlib.suppress(BaseException), os.fdopen(writes, "wb") as out:
            pickle.dump(make(), out, pickle.HIGHEST_PROTOCOL)
        os._exit(0)
    os.close(writes)

    def made() -> Finder:
        with os.fdopen(reads, "rb") as into:
            found = into.read()
        os.waitpid(child, 0)
        try:
            finder: Finder = pickle.loads(found)  # noqa: S301 - by our own child, through a pipe of ours
        except Exception:
            return make()  # whatever went wrong there is told here
        return finder

    return made


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
