"""The message budget: nobody gets more messages to many in a week than the area allows.

Answers, receipts, alerts and reminders are theirs and count for nothing here; invitations to meetings count, but are
not held back by it, since a meeting is over by the next week. Whoever has had enough is left out of a publication, and
counted as such.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from models.audience import Count, audience_size
from models.broadcast.tables import Broadcast
from models.database import now
from models.outgoing import Class, Outgoing, State
from models.person import Address, Person

A_WEEK = timedelta(days=7)


def had_enough(most_a_week: int | None, moment: datetime, about: str = "") -> ColumnElement[bool]:
    """Of a `Person`: whether they have had so many in the seven days before `moment` (UTC), or will get what is on its
    way to them. What belongs to `about` does not count. None allows any number."""
    if most_a_week is None:
        return false()
    arrived = and_(
        Outgoing.state.in_((State.SENT, State.UNKNOWN)),
        func.coalesce(Outgoing.settled, Outgoing.made) > moment - A_WEEK,
    )
    count = (
        select(func.count())
        .select_from(Outgoing)
        .join(Address, Address.id == Outgoing.address_id)
        .where(
            Address.person_id == Person.id,
            Outgoing.kind == Class.BROADCAST,
            or_(Outgoing.about.is_(None), Outgoing.about != about),
            or_(Outgoing.state.in_((State.WAITING, State.SENDING)), arrived),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    return count >= most_a_week


def who_would_get_it(session: Session, audience: str, most_a_week: int | None) -> Count:
    """How many a publication would reach now, and who is left out, and why."""
    return audience_size(session, audience, had_enough=had_enough(most_a_week, now()))


def who_gets_it(session: Session, broadcast: Broadcast, *, after: int = 0) -> Count:
    """The same of one that was handed in (with ids above `after`): its own messages count for nothing."""
    enough = had_enough(broadcast.most_a_week, now(), broadcast.about)
    return audience_size(session, broadcast.audience, after=after, had_enough=enough)
