"""What is still open about alerts, and since when: for every desk, and for the clock that chases it.

No words and no names: codes, levels and times, which every member of staff may see.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert.tables import Alert, Level, Words
from models.area import Area
from models.conversation import Conversation
from models.database import now
from models.promise import counts_as_received_on

# Red that nobody has for so long stands on every desk and above every screen of staff.
ON_EVERY_DESK = timedelta(minutes=30)
# What has joined an alert is told, taken and decided with it.
ITS_OWN = Alert.joined_to.is_(None)


def nobody_has(session: Session) -> list[Alert]:
    """Alerts that nobody has taken: red first, then amber, each oldest first."""
    found = session.scalars(select(Alert).where(ITS_OWN, Alert.seen_at.is_(None)).order_by(Alert.id))
    return sorted(found, key=lambda alert: not alert.red)


def unheld_alerts(session: Session) -> list[Alert]:
    """What a desk shows first of all: see `nobody_has`. For every member of staff: show the code and the age alone."""
    return nobody_has(session)


def on_every_desk(session: Session, moment: datetime | None = None) -> list[Alert]:
    """Red alerts that nobody has had for half an hour: they are everybody's business now."""
    since = (moment or now()) - ON_EVERY_DESK
    return list(
        session.scalars(
            select(Alert)
            .where(ITS_OWN, Alert.seen_at.is_(None), Alert.level == Level.RED, Alert.since <= since)
            .order_by(Alert.id)
        )
    )


def words_waiting(session: Session, since: datetime) -> list[Alert]:
    """Red alerts, raised at that moment (UTC) or before, whose words their person has neither sent nor kept back in a
    conversation that is still going on."""
    return list(
        session.scalars(
            select(Alert)
            .join(Conversation, Conversation.id == Alert.conversation_id)
            .where(
                Alert.level == Level.RED,
                Alert.words == Words.AWAITED,
                Alert.feedback_id.is_(None),
                Alert.decided_at.is_(None),
                Alert.since <= since,
                Conversation.ended.is_(None),
            )
            .order_by(Alert.id)
        )
    )


def undecided(session: Session) -> list[Alert]:
    """Alerts that somebody has and has not decided on."""
    return list(
        session.scalars(
            select(Alert).where(ITS_OWN, Alert.seen_at.is_not(None), Alert.decided_at.is_(None)).order_by(Alert.id)
        )
    )


def referrals_late(session: Session, moment: datetime) -> list[Alert]:
    """Referrals of which nobody has said by now that they arrived."""
    return list(
        session.scalars(
            select(Alert).where(ITS_OWN, Alert.arrival_due <= moment, Alert.arrived_at.is_(None)).order_by(Alert.id)
        )
    )


def amber_due(area: Area, since: datetime) -> datetime:
    """By when a person reads what is amber since then: the end of the working day on which it counts as received."""
    day = counts_as_received_on(since, area.zone, area.office.closes)
    return datetime.combine(day, area.office.closes, area.zone)
