"""Counting what was said in a stretch of days: how many, about what, by whom, how it felt, and when.

The database counts; no words are read. What was told to the parent carer forum alone is left out unless it is asked
for. The numbers are true ones: whoever shows them says them through `models.small_number`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.area import Area
from models.feedback import Feedback, FeedbackPart, Status, Visibility
from models.meeting import Meeting, MeetingState
from models.report.board import whole
from models.rung import Rung
from models.theme import Theme, Update

CLOSED = (Status.DONE, Status.CANNOT)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the area's calendar, both included."""

    first: date
    last: date

    @classmethod
    def year(cls, number: int) -> Period:
        return cls(date(number, 1, 1), date(number, 12, 31))

    @classmethod
    def quarter(cls, written: str) -> Period:
        """ "2026Q4". Raises ValueError for anything else."""
        year, letter, number = written[:4], written[4:5].upper(), written[5:]
        if not (year.isdecimal() and letter == "Q" and number in ("1", "2", "3", "4")):
            raise ValueError(f"“{written}” is no quarter; write it like 2026Q4")
        first = date(int(year), int(number) * 3 - 2, 1)
        return cls(first, next_month(next_month(next_month(first))) - timedelta(days=1))

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each."""
        found = [self.first]
        while (following := next_month(found[-1])) <= self.last:
            found.append(following)
        return tuple(found)

    def starts(self, area: Area) -> datetime:
        return start_of(area, self.first)

    def ends(self, area: Area) -> datetime:
        """The first moment that is no longer in it."""
        return start_of(area, self.last + timedelta(days=1))


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def start_of(area: Area, day: date) -> datetime:
    """The moment at which this day begins on the area's walls."""
    return datetime.combine(day, time(), area.zone)


@dataclass(frozen=True, slots=True)
class Said:
    """What is counted: the period, and whether with what is for the forum alone."""

    area: Area
    period: Period
    forum: bool = False

    @property
    def where(self) -> list[ColumnElement[bool]]:
        within: list[ColumnElement[bool]] = [
            Feedback.received >= self.period.starts(self.area),
            Feedback.received < self.period.ends(self.area),
        ]
        return within if self.forum else [*within, Feedback.visibility != Visibility.FORUM]

    @property
    def month(self) -> ColumnElement[int]:
        """Which month of the period, from nought. The databases do not agree on what a month is where clocks change."""
        following = [start_of(self.area, first) for first in self.period.months[1:]]
        if not following:
            return case((Feedback.id.is_not(None), 0), else_=0)
        return case(
            *((Feedback.received < moment, place) for place, moment in enumerate(following)), else_=len(following)
        )


def how_many(session: Session, said: Said) -> int:
    return session.scalar(select(func.count()).select_from(Feedback).where(*said.where)) or 0


def counted_by(session: Session, said: Said, column: InstrumentedAttribute[object]) -> dict[object, int]:
    """How many there are of each value of a column, None among them."""
    counted = session.execute(select(column, func.count()).where(*said.where).group_by(column))
    return {row[0]: row[1] for row in counted}


def by_month(session: Session, said: Said) -> dict[date, int]:
    """How many came in each month of the period, also where none did."""
    month = said.month.label("month")
    counted = {
        row[0]: row[1] for row in session.execute(select(month, func.count()).where(*said.where).group_by(month))
    }
    return {first: counted.get(place, 0) for place, first in enumerate(said.period.months)}


@dataclass(frozen=True, slots=True)
class Felt:
    """Of those who said how it feels: how many, and the middle of it from 1 (very bad) to 5 (very good)."""

    answers: int
    mean: float


def felt_by_month(session: Session, said: Said) -> dict[date, Felt]:
    month = said.month.label("month")
    counted = session.execute(
        select(month, func.count(), func.avg(Feedback.feeling))
        .where(*said.where, Feedback.feeling.is_not(None))
        .group_by(month)
    )
    felt = {row[0]: Felt(row[1], float(row[2])) for row in counted}
    return {first: felt.get(place, Felt(0, 0)) for place, first in enumerate(said.period.months)}


@dataclass(frozen=True, slots=True)
class Parts:
    """Of the parts of an answer that an organisation was asked for: how many, and how many families have by now."""

    asked: int
    sent: int


def parts_by_organisation(session: Session, said: Said) -> dict[str, Parts]:
    """By the organisation's key, for what was said in the period (T16)."""
    counted = session.execute(
        select(FeedbackPart.organisation, func.count(), func.count(FeedbackPart.sent))
        .join(Feedback, Feedback.id == FeedbackPart.feedback_id)
        .where(*said.where)
        .group_by(FeedbackPart.organisation)
    )
    return {row[0]: Parts(row[1], row[2]) for row in counted}


def how_many_joined(session: Session, said: Said) -> int:
    """How many who wrote in the period were sent one answer made of the parts of several organisations."""
    several = (
        select(FeedbackPart.feedback_id)
        .where(FeedbackPart.sent.is_not(None))
        .group_by(FeedbackPart.feedback_id)
        .having(func.count() > 1)
    )
    query = select(func.count()).select_from(Feedback).where(*said.where, Feedback.id.in_(several))
    return session.scalar(query) or 0


def meetings_by_rung(session: Session, area: Area, period: Period, moment: datetime) -> dict[Rung | None, int]:
    """How far families worked with staff at the meetings that were held in the period, by now (T10)."""
    held = Meeting.starts >= period.starts(area), Meeting.starts < min(period.ends(area), moment)
    counted = session.execute(
        select(Meeting.rung, func.count()).where(Meeting.state == MeetingState.CALLED, *held).group_by(Meeting.rung)
    )
    return {row[0]: row[1] for row in counted}


def comments_of(session: Session, area: Area, period: Period, organisation: str | None = None) -> Sequence[Theme]:
    """The published items that a report of this period is about, in the order in which they were published: those that
    were published in it, that moved in it, or that were still open when it ended. With `organisation`, those of which
    it ever did or does a part."""
    starts, ends = period.starts(area), period.ends(area)
    moved = Theme.updates.any((Update.made >= starts) & (Update.made < ends))
    query = (
        select(Theme)
        .where(Theme.published < ends, or_(Theme.published >= starts, moved, Theme.status.not_in(CLOSED)))
        .options(*whole())
        .order_by(Theme.published, Theme.id)
    )
    if organisation is not None:
        query = query.where(Theme.updates.any(Update.organisation == organisation))
    return session.scalars(query).all()
