"""Who wants to hear of an item or a topic, and whether what we call done really is (T9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.person import Person
from models.role import Permission, require
from models.theme.tables import Follow, Subscription, Theme, Update, Verdict


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


@dataclass(frozen=True, slots=True)
class Verdicts:
    better: int = 0
    not_yet: int = 0


def judge(session: Session, person: Person, update: Update, *, better: bool, words: str = "") -> None:
    """Keep whether it is really done; a second verdict of the same person takes the place of the first."""
    mine = session.scalar(select(Verdict).where(Verdict.update_id == update.id, Verdict.person_id == person.id))
    if mine is None:
        mine = Verdict(update_id=update.id, person_id=person.id)
        session.add(mine)
    mine.better, mine.words, mine.at = better, words, now()
    session.flush()


def verdicts(session: Session, update: Update) -> Verdicts:
    counted = session.execute(
        select(Verdict.better, func.count()).where(Verdict.update_id == update.id).group_by(Verdict.better)
    )
    by_answer = {row[0]: row[1] for row in counted}
    return Verdicts(by_answer.get(True, 0), by_answer.get(False, 0))


def not_right_yet(session: Session, update: Update, by: Person, most: int = 5) -> Sequence[str]:
    """What families wrote is still not right, newest first, without their names.

    Raises `NotAllowed` unless `by` may read families' words; the look is recorded.
    """
    require(session, by, Permission.READ)
    query = select(Verdict.words).where(Verdict.update_id == update.id, ~Verdict.better, Verdict.words != "")
    found = session.scalars(query.order_by(Verdict.at.desc(), Verdict.id.desc()).limit(most)).all()
    if found:
        record(session, by, "read", f"update:{update.id}", "verdicts")
    return found
