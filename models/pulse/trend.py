"""How the answers move: by month and by who answers. What could point to one person is never in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area
from models.pulse.asking import statement
from models.pulse.tables import PulseAnswer, Side
from models.small_number import shown_number


@dataclass(frozen=True, slots=True)
class Point:
    """One month of one side. `mean` (1 to 5) and `people` are None when there were too few to show."""

    month: date  # its first day
    side: Side
    mean: float | None
    people: int | None


@dataclass(frozen=True, slots=True)
class Trend:
    key: str
    say: str
    """The statement, in English, for `_()`."""
    points: tuple[Point, ...]
    small_number: int

    def of(self, side: Side) -> list[Point]:
        return [point for point in self.points if point.side is side and point.mean is not None]

    @property
    def empty(self) -> bool:
        return not any(point.mean is not None for point in self.points)


def trend(session: Session, area: Area, key: str, *, since: date | None = None, until: date | None = None) -> Trend:
    """By month (of the area's calendar) and side; `since` and `until` are days, both in it. Raises KeyError.

    Each person counts once a month, with their newest answer."""
    asked = statement(area, key)
    if asked is None:
        raise KeyError(key)
    query = select(PulseAnswer.at, PulseAnswer.side, PulseAnswer.person_id, PulseAnswer.value).where(
        PulseAnswer.key == key
    )
    if since is not None:
        query = query.where(PulseAnswer.at >= datetime.combine(since, time(), area.zone).astimezone(UTC))
    if until is not None:
        query = query.where(PulseAnswer.at <= datetime.combine(until, time.max, area.zone).astimezone(UTC))
    newest: dict[tuple[date, Side], dict[int, int]] = defaultdict(dict)
    for at, side, person, value in session.execute(query.order_by(PulseAnswer.id)):
        newest[area.today(at).replace(day=1), side][person] = value
    few = area.publication.small_number
    points = [_point(month, side, list(values.values()), few) for (month, side), values in sorted(newest.items())]
    return Trend(key, asked.say, tuple(points), few)


def _point(month: date, side: Side, values: list[int], few: int) -> Point:
    if shown_number(len(values), few) is None:
        return Point(month, side, None, None)
    return Point(month, side, round(sum(values) / len(values), 1), len(values))


def comparison(
    session: Session, area: Area, *, since: date | None = None, until: date | None = None
) -> list[tuple[str, str, dict[Side, tuple[float, int] | None]]]:
    """For the yearly look at ourselves (T8): key, statement, and each side's mean and number of people over the whole
    time; None for a side of too few people."""
    rows = []
    for one in area.pulses.statement:
        query = select(PulseAnswer.side, PulseAnswer.person_id, PulseAnswer.value).where(PulseAnswer.key == one.key)
        if since is not None:
            query = query.where(PulseAnswer.at >= datetime.combine(since, time(), area.zone).astimezone(UTC))
        if until is not None:
            query = query.where(PulseAnswer.at <= datetime.combine(until, time.max, area.zone).astimezone(UTC))
        newest: dict[Side, dict[int, int]] = defaultdict(dict)
        for side, person, value in session.execute(query.order_by(PulseAnswer.id)):
            newest[side][person] = value
        sides: dict[Side, tuple[float, int] | None] = {}
        for side in Side:
            values = list(newest[side].values())
            enough = len(values) >= area.publication.small_number
            sides[side] = (round(sum(values) / len(values), 1), len(values)) if enough else None
        rows.append((one.key, one.say, sides))
    return rows
