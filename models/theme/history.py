"""All that was ever changed about an item, or said about it: who, when, and in which words (T5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.feedback import Status
from models.person import Person
from models.role import Permission, require
from models.theme.tables import Change, Theme, ThemeChange


@dataclass(frozen=True, slots=True)
class Event:
    """`what` is a change; or the status, where staff said where it stands. `by_id` is a person's row: None for the
    program itself, somebody with the machine, or somebody who has been erased since."""

    at: datetime
    by_id: int | None
    what: Change | Status
    text: str
    reopened: bool = False


def history(session: Session, theme: Theme, by: Person) -> Sequence[Event]:
    """Everything, oldest first. Its texts are staff's; families' words are not in it. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    its = select(ThemeChange).where(ThemeChange.theme_id == theme.id)
    changes = session.scalars(its.order_by(ThemeChange.id)).all()
    events = [Event(one.at, one.by_id, one.what, one.text) for one in changes]
    if not any(one.what is Change.MADE for one in changes):
        events.append(Event(theme.made, theme.made_by, Change.MADE, theme.said))
    events += [Event(one.made, one.by_id, one.status, one.reason or one.text, one.reopened) for one in theme.updates]
    return sorted(events, key=lambda one: one.at)


def changed(
    session: Session,
    theme: Theme,
    what: Change,
    text: str,
    by: Person | None,
    *,
    feedback_id: int | None = None,
) -> None:
    """Keep a change with its author and moment."""
    session.add(
        ThemeChange(theme_id=theme.id, what=what, text=text, by_id=by.id if by else None, feedback_id=feedback_id)
    )
    session.flush()


def note(session: Session, theme: Theme, text: str, by: Person) -> None:
    """Something that colleagues should know about it; families never see it. Raises `NotAllowed`."""
    require(session, by, Permission.ANSWER)
    changed(session, theme, Change.NOTE, text.strip(), by)
