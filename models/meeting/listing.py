"""The list of meetings, as staff go through it at the desk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.area import Area
from models.meeting.tables import Meeting, MeetingState
from models.person import Person
from models.role import Permission, require


class Part(StrEnum):
    """Which of them. `KINDS` have no date yet: a meeting can be called from one."""

    COMING = "coming"
    NOTES = "notes"
    PAST = "past"
    CANCELLED = "cancelled"
    KINDS = "kinds"


def meetings_listed(session: Session, by: Person, part: Part, moment: datetime) -> Select[Any]:
    """Those of this part, in no order. All but the kinds have a date. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    called = select(Meeting).where(Meeting.state == MeetingState.CALLED, Meeting.starts.is_not(None))
    match part:
        case Part.COMING:
            return called.where(Meeting.starts > moment)
        case Part.NOTES:
            return called.where(Meeting.starts <= moment, Meeting.notes_sent.is_(None))
        case Part.PAST:
            return called.where(Meeting.starts <= moment)
        case Part.CANCELLED:
            return select(Meeting).where(Meeting.state == MeetingState.CANCELLED, Meeting.starts.is_not(None))
        case Part.KINDS:
            return select(Meeting).where(Meeting.state == MeetingState.PLANNED)


def notes_late(session: Session, area: Area, moment: datetime) -> int:
    """Of how many meetings the notes should have been sent before today (H5)."""
    late = Meeting.notes_due < area.today(moment), Meeting.notes_sent.is_(None)
    query = select(func.count()).select_from(Meeting).where(Meeting.state == MeetingState.CALLED, *late)
    return session.scalar(query) or 0


def count_listed(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def meeting_seen(session: Session, by: Person, number: int) -> Meeting | None:
    """The meeting of this number. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    return session.get(Meeting, number) if number < 2**63 else None
