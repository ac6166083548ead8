"""What families see: the items by topic, among them those that the area's own data brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.area import Area, YouSaidFacts
from models.database import now
from models.feedback import Feedback, Status
from models.person import Person
from models.role import Permission, require
from models.theme.tables import Action, Theme, Update


def load_you_said(session: Session, area: Area) -> int:
    """Bring in the area's real items, each once; returns how many were new.

    One that was brought in before is left alone, since staff may have changed it. Where no answer was published the
    item shows as heard, without an action: none is made up.
    """
    known = set(session.scalars(select(Theme.source_id).where(Theme.source_id.is_not(None))))
    new = [fact for fact in area.you_said if fact.id not in known]
    session.add_all(_theme(area, fact) for fact in new)
    session.flush()
    return len(new)


def _theme(area: Area, fact: YouSaidFacts) -> Theme:
    status = Status(fact.status)
    theme = Theme(
        source_id=fact.id,
        topic=area.topic(fact.topic).key,
        said=fact.said,
        heard_at=fact.heard_at,
        status=status,
        published=now(),
    )
    if fact.doing:
        # No source says who does it: it is one action all the same, which staff can go on with.
        action = Action(status=status)
        theme.actions.append(action)
        theme.updates.append(Update(status=status, text=fact.doing, texts={}, action=action))
    return theme


def shown(session: Session, topic: str | None = None, *, first: int = 0, most: int = 6) -> Sequence[Theme]:
    """A page of what families see of a topic (None: of all), what moved last first."""
    query = select(Theme).where(Theme.published.is_not(None))
    if topic is not None:
        query = query.where(Theme.topic == topic)
    newest_first = (func.coalesce(Theme.changed, Theme.published).desc(), Theme.id)
    return session.scalars(query.order_by(*newest_first).offset(first).limit(most)).all()


def topics_shown(session: Session) -> dict[str, int]:
    """The topics that have items which families see, and how many."""
    counted = session.execute(
        select(Theme.topic, func.count()).where(Theme.published.is_not(None)).group_by(Theme.topic)
    )
    return {row[0]: row[1] for row in counted}


def raised_by(session: Session, theme: Theme, person: Person) -> bool:
    """Whether this person's own words led to the item."""
    mine = select(Feedback.id).where(Feedback.theme_id == theme.id, Feedback.person_id == person.id)
    return session.scalar(mine.limit(1)) is not None


def said_last_by(session: Session, theme: Theme, person: Person) -> Feedback | None:
    """What this person said last that is in the item."""
    theirs = select(Feedback).where(Feedback.theme_id == theme.id, Feedback.person_id == person.id)
    return session.scalars(theirs.order_by(Feedback.id.desc()).limit(1)).one_or_none()


def how_many_said(session: Session, theme: Theme) -> int:
    """How many people's words led to the item. Before everybody sees it: `models.small_number`."""
    people = select(func.count(func.distinct(Feedback.person_id))).where(Feedback.theme_id == theme.id)
    return session.scalar(people) or 0


def items(session: Session, by: Person, *, before: int | None = None, most: int = 20) -> Sequence[Theme]:
    """All items for staff, also those that families do not see yet, newest first, with ids below `before`.

    Raises `NotAllowed`.
    """
    require(session, by, Permission.READ)
    query = select(Theme).order_by(Theme.id.desc()).limit(most)
    return session.scalars(query if before is None else query.where(Theme.id < before)).all()


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """How staff narrow the list of items down. Empty is all; `late_on`: only those with an action whose promised day
    has passed on that day; `unseen`: only those that families do not see yet."""

    topic: str = ""
    priority: str = ""
    status: Status | None = None
    owner: int | None = None
    late_on: date | None = None
    unseen: bool = False
    words: str = ""


def items_like(session: Session, by: Person, filters: ItemFilters) -> Select[Any]:
    """The items that these leave, not yet sorted. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    query = select(Theme)
    if filters.topic:
        query = query.where(Theme.topic == filters.topic)
    if filters.priority:
        query = query.where(Theme.priority == filters.priority)
    if filters.status is not None:
        query = query.where(Theme.status == filters.status)
    if filters.owner is not None:
        query = query.where(Theme.owner_id == filters.owner)
    if filters.unseen:
        query = query.where(Theme.published.is_(None))
    if filters.late_on is not None:
        late = Action.due < filters.late_on, Action.status.in_((Status.LOOKING, Status.DOING))
        query = query.where(Theme.id.in_(select(Action.theme_id).where(*late)))
    if filters.words:
        query = query.where(Theme.said.icontains(filters.words, autoescape=True))
    return query
