"""A card of the Who's Who (T3): what the area's files say of a service, and over it what staff found out since.

The facts never change while the program runs; what a member of staff found out by ringing is a row. Nothing is ever
filled in: what neither of the two says is None.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.area import Area, Confidence, ContactFacts
from models.contact.checks import ContactCheck, standing_checks


@dataclass(frozen=True, slots=True)
class ContactCard:
    """What a channel may show of a service. `name` stands on the door, `plain_name` is what it is in plain words."""

    id: str
    name: str
    plain_name: str
    helps_with: tuple[str, ...]
    who_for: str
    # As it is shown; None when there is none, and while it must not be shown (`phone_waits`).
    phone: str | None
    email: str | None
    web: str | None
    hours: str | None
    # The day on which staff found it right; else the day of its source, as exactly as that gave it ("2025-06").
    checked: date | None
    seen: str | None
    not_checked_yet: bool
    # There is a number, but so doubtful a one that families see it only once staff have rung it.
    phone_waits: bool

    @property
    def dialled(self) -> str | None:
        """The number as a telephone takes it; None where there is nothing that can be rung, like a text service."""
        return self.phone.replace(" ", "") if self.phone and re.fullmatch(r"[\d ]+", self.phone) else None

    @property
    def reachable(self) -> bool:
        """Whether somebody can be asked later if they got through: a web page answers everybody."""
        return bool(self.phone or self.email)


def card_of(session: Session, area: Area, contact_id: str) -> ContactCard:
    """The card as it stands now. Raises KeyError for an id that this area does not know."""
    return cards_of(session, area, [contact_id])[0]


def cards_of(session: Session, area: Area, contact_ids: Iterable[str]) -> list[ContactCard]:
    """The cards in the order of the ids. Raises KeyError for an id that this area does not know."""
    ids = list(contact_ids)
    found_out: dict[str, list[ContactCheck]] = defaultdict(list)
    for check in standing_checks(session, ids):
        found_out[check.contact_id].append(check)
    return [_card(area.contact(contact_id), found_out[contact_id]) for contact_id in ids]


def number_to_ring(session: Session, area: Area, contact_id: str) -> str | None:
    """The number that staff ring to check it: also one that families do not see yet."""
    return _newest(standing_checks(session, [contact_id]), "phone", area.contact(contact_id).phone)


def _card(facts: ContactFacts, checks: Sequence[ContactCheck]) -> ContactCard:
    days = [facts.checked, *(check.checked for check in checks)]
    checked = max((day for day in days if day), default=None)
    phone = _newest(checks, "phone", facts.phone)
    waits = facts.confidence is Confidence.LOW and checked is None and phone is not None
    return ContactCard(
        id=facts.id,
        name=facts.name,
        plain_name=facts.plain_name,
        helps_with=facts.what_they_help_with,
        who_for=facts.who_for,
        phone=None if waits else phone,
        email=_newest(checks, "email", facts.email),
        web=_newest(checks, "web", facts.web),
        hours=_newest(checks, "hours", facts.hours),
        checked=checked,
        seen=facts.seen,
        not_checked_yet=facts.confidence is not Confidence.HIGH and checked is None,
        phone_waits=waits,
    )


def _newest(checks: Sequence[ContactCheck], field: str, given: str | None) -> str | None:
    """What was last found out; an empty text says that there is none."""
    for check in checks:
        corrected: str | None = getattr(check, field)
        given = given if corrected is None else corrected
    return given or None
