"""Who wants to hear of an item or a topic."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.person import Person
from models.theme.tables import Follow, Subscription, Theme


def follows(session: Session, person: Person, theme: Theme) -> bool:
    mine = select(Follow.id).where(Follow.theme_id == theme.id, Follow.person_id == person.id)
    return session.scalar(mine) is not None


def follow(session: Session, person: Person, theme: Theme) -> None:
    """From now on they hear when it moves. Saying it twice is saying it once."""
    if not follows(session, person, theme):
        session.add(Follow(theme_id=theme.id, person_id=person.id))
        session.flush()


def unfollow(session: Session, person: Person, theme: Theme) -> None:
    session.execute(delete(Follow).where(Follow.theme_id == theme.id, Follow.person_id == person.id))


def subscribes(session: Session, person: Person, topic: str) -> bool:
    mine = select(Subscription.id).where(Subscription.topic == topic, Subscription.person_id == person.id)
    return session.scalar(mine) is not None


def subscribe(session: Session, person: Person, topic: str) -> None:
    """From now on they hear of everything about this topic. Saying it twice is saying it once."""
    if not subscribes(session, person, topic):
        session.add(Subscription(topic=topic, person_id=person.id))
        session.flush()


def unsubscribe(session: Session, person: Person, topic: str) -> None:
    session.execute(delete(Subscription).where(Subscription.topic == topic, Subscription.person_id == person.id))
