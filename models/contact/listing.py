"""The Who's Who as staff go through it at the desk: which cards, why each should be looked at, and what was done to
one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area, ContactFacts, rung_in_danger
from models.area.complaints import DANGER_DAYS, NEVER_OLD, USUAL_DAYS
from models.contact.attention import ToCheck, to_check, unreached_since_checked
from models.contact.card import ContactCard, cards_of
from models.contact.checks import ContactCheck
from models.contact.owning import ContactOwner
from models.person import Person
from models.role import Permission, Role, require


class Pile(StrEnum):
    """Which of the cards."""

    TO_CHECK = "check"  # the most pressing first
    UNREACHED = "unreached"
    OLD = "old"
    NEVER = "never"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Listed:
    card: ContactCard
    # "halton", or "england" for what holds everywhere.
    area: str
    # Why it should be rung or looked up; None when nothing presses.
    pressing: ToCheck | None
    # How many did not get through since staff last saw to it.
    unreached: int
    # The day for which we have its facts, and whether that is too long ago for what it is.
    known_right: date | None
    old: bool
    # The organisation that looks after it, or whose colleague does; empty where nobody was named.
    organisation: str


def cards_listed(session: Session, area: Area, by: Person, today: date) -> list[Listed]:
    """Every card, the most pressing first, then in the area's own order. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    unreached = unreached_since_checked(session)
    pressing = {one.card.id: one for one in to_check(session, area, today)}
    in_danger = {facts.id for facts in rung_in_danger(area)}
    cards = cards_of(session, area, [facts.id for facts in area.contacts])
    owners = _organisations(session)
    listed = []
    for facts, card in zip(area.contacts, cards, strict=True):
        known_right = _known_right(facts, card)
        days = DANGER_DAYS if card.id in in_danger else USUAL_DAYS
        listed.append(
            Listed(
                card,
                facts.area,
                pressing.get(card.id),
                unreached.get(card.id, 0),
                known_right,
                card.phone not in NEVER_OLD and (known_right is None or known_right < today - timedelta(days=days)),
                owners.get(card.id, ""),
            )
        )
    place = {contact: number for number, contact in enumerate(pressing)}
    return sorted(listed, key=lambda one: place.get(one.card.id, len(place)))


def in_pile(listed: Sequence[Listed], pile: Pile) -> list[Listed]:
    match pile:
        case Pile.TO_CHECK:
            return [one for one in listed if one.pressing is not None]
        case Pile.UNREACHED:
            return sorted((one for one in listed if one.unreached), key=lambda one: -one.unreached)
        case Pile.OLD:
            return [one for one in listed if one.old]
        case Pile.NEVER:
            return [one for one in listed if one.card.checked is None]
        case Pile.ALL:
            return list(listed)


def history_of(session: Session, by: Person, contact_id: str) -> Sequence[ContactCheck]:
    """All that staff ever did to a card, also what was taken back, newest first. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    query = select(ContactCheck).where(ContactCheck.contact_id == contact_id).order_by(ContactCheck.id.desc())
    return session.scalars(query).all()


def _organisations(session: Session) -> dict[str, str]:
    """Whose each card is that somebody looks after."""
    theirs = {
        role.person_id: role.organisation
        for role in session.scalars(select(Role).where(Role.ended.is_(None)).order_by(Role.id.desc()))
    }
    standing = select(ContactOwner).where(ContactOwner.ended.is_(None)).order_by(ContactOwner.id)
    return {one.contact_id: one.organisation or theirs.get(one.person_id or 0, "") for one in session.scalars(standing)}


def _known_right(facts: ContactFacts, card: ContactCard) -> date | None:
    return max((day for day in (card.checked, facts.known_right_on) if day), default=None)
