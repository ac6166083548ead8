"""Which cards a member of staff should ring, the most pressing first: wrong numbers cost families most in danger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.area import Area, ContactFacts, rung_in_danger
from models.area.complaints import DANGER_DAYS, NEVER_OLD, USUAL_DAYS
from models.contact.card import ContactCard, cards_of
from models.contact.checks import ContactCheck
from models.question import Question

# One may have dialled wrongly; three did not all.
UNREACHED_MARKS = 3


class Why(StrEnum):
    """Why a card is on the list, in the order of the list."""

    UNREACHED = "unreached"  # families did not get through
    DANGER = "danger"  # rung in danger, and nobody has checked it lately
    WAITS = "waits"  # its number is not shown until somebody has rung it
    NO_WAY = "no way"  # nobody can reach it: no number, e-mail or web page
    NEVER = "never"  # shown as not checked yet
    OLD = "old"  # nobody has looked at it for a year


PRESSING = (Why.UNREACHED, Why.DANGER, Why.WAITS, Why.NO_WAY)


@dataclass(frozen=True, slots=True)
class ToCheck:
    card: ContactCard
    why: Why
    # How many did not get through since staff last saw to it.
    unreached: int


def to_check(session: Session, area: Area, today: date) -> list[ToCheck]:
    """Every card that somebody should ring or look up, the most pressing first, each once."""
    unreached = unreached_since_checked(session)
    in_danger = {contact.id for contact in rung_in_danger(area)}
    found = []
    for facts, card in zip(area.contacts, cards_of(session, area, [each.id for each in area.contacts]), strict=True):
        times = unreached.get(card.id, 0)
        why = next(_reasons(facts, card, times, today, in_danger=card.id in in_danger), None)
        if why is not None:
            found.append((card.id not in in_danger, ToCheck(card, why, times)))
    order = list(Why)
    # Python's sort keeps the area's own order within each reason, and that puts local services first.
    found.sort(key=lambda one: (order.index(one[1].why), one[0], -one[1].unreached))
    return [one for _not_danger, one in found]


def pressing(session: Session, area: Area, today: date) -> int:
    """How many of them cannot wait: who needs such a card now is not helped by it, or may be led wrong."""
    return sum(one.why in PRESSING for one in to_check(session, area, today))


def unreached_since_checked(session: Session) -> dict[str, int]:
    """How many families said of each contact that they did not get through, since staff last rang it or changed its
    number."""
    last = (
        select(ContactCheck.contact_id, func.max(ContactCheck.made).label("made"))
        .where(or_(ContactCheck.checked.is_not(None), ContactCheck.phone.is_not(None)), ContactCheck.undone.is_(None))
        .group_by(ContactCheck.contact_id)
        .subquery()
    )
    counted = session.execute(
        select(Question.unreached, func.count(func.distinct(Question.person_id)))
        .outerjoin(last, last.c.contact_id == Question.unreached)
        .where(Question.unreached.is_not(None), or_(last.c.made.is_(None), Question.answered > last.c.made))
        .group_by(Question.unreached)
    )
    return {contact_id: times for contact_id, times in counted if contact_id is not None}


def _reasons(facts: ContactFacts, card: ContactCard, times: int, today: date, *, in_danger: bool) -> Iterator[Why]:
    if times >= UNREACHED_MARKS:
        yield Why.UNREACHED
    if in_danger and card.phone not in NEVER_OLD and not _checked_lately(facts, card, today):
        yield Why.DANGER
    if card.phone_waits:
        yield Why.WAITS
    if not (card.phone or card.email or card.web):
        yield Why.NO_WAY
    if card.not_checked_yet:
        yield Why.NEVER
    if card.phone not in NEVER_OLD and not _checked_lately(facts, card, today, USUAL_DAYS):
        yield Why.OLD


def _checked_lately(facts: ContactFacts, card: ContactCard, today: date, within: int = DANGER_DAYS) -> bool:
    days = [day for day in (card.checked, facts.known_right_on) if day]
    return bool(days) and max(days) >= today - timedelta(days=within)
