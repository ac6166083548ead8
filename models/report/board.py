"""What the public board shows: items that were published, and numbers about them that point to nobody.

Only what staff published is read here, never a family's own words. Counted by the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models.area import Area
from models.feedback import EarlierPromise, Feedback, Status, Visibility
from models.theme import Action, Theme, Update, Verdict, Verdicts

# How far back “how often we keep our promise” looks.
PROMISES_DAYS = 365


@dataclass(frozen=True, slots=True)
class Promises:
    """Of the answers that were promised for a day that is over: how many there are, how many came by that day."""

    due: int = 0
    kept: int = 0


def _published(topic: str | None, status: Status | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Theme.published.is_not(None)]
    if topic is not None:
        wanted.append(Theme.topic == topic)
    if status is not None:
        wanted.append(Theme.status == status)
    return wanted


def whole() -> list[ExecutableOption]:
    """An item's updates and actions, read for all items at once."""
    return [selectinload(Theme.updates), selectinload(Theme.actions).selectinload(Action.updates)]


def on_board(
    session: Session, topic: str | None = None, status: Status | None = None, *, first: int = 0, most: int = 20
) -> Sequence[Theme]:
    """A page of the published items, what moved last first, each with its updates."""
    moved = func.coalesce(Theme.changed, Theme.published).desc()
    query = select(Theme).where(*_published(topic, status)).options(*whole())
    return session.scalars(query.order_by(moved, Theme.id).offset(first).limit(most)).all()


def one_on_board(session: Session, number: int) -> Theme | None:
    """The item, if it is published: what is not yet and what never was look the same."""
    query = select(Theme).where(Theme.id == number, Theme.published.is_not(None)).options(*whole())
    return session.scalar(query)


def how_many_on_board(session: Session) -> dict[tuple[str, Status], int]:
    """How many published items there are of each topic and status."""
    counted = session.execute(
        select(Theme.topic, Theme.status, func.count())
        .where(Theme.published.is_not(None))
        .group_by(Theme.topic, Theme.status)
    )
    return {(row[0], row[1]): row[2] for row in counted}


def people_behind(session: Session, themes: Iterable[int]) -> dict[int, int]:
    """How many people said each item; those whose row was kept after they left count one each.

    What was told to the parent carer forum alone is not counted in public. Say it through `at_least`.
    """
    counted = session.execute(
        select(
            Feedback.theme_id,
            func.count(distinct(Feedback.person_id)) + func.count().filter(Feedback.person_id.is_(None)),
        )
        .where(Feedback.theme_id.in_(list(themes)), Feedback.visibility != Visibility.FORUM)
        .group_by(Feedback.theme_id)
    )
    return {row[0]: row[1] for row in counted if row[0] is not None}


def verdicts_on(session: Session, themes: Iterable[int]) -> dict[int, Verdicts]:
    """What families say about the newest “done” of each item, as it was done last (T9)."""
    last_done = (
        select(func.max(Update.id))
        .where(Update.theme_id.in_(list(themes)), Update.status == Status.DONE)
        .group_by(Update.theme_id)
    )
    counted = session.execute(
        select(
            Update.theme_id,
            func.count().filter(Verdict.better),
            func.count().filter(~Verdict.better),
        )
        .join(Verdict, Verdict.update_id == Update.id)
        .where(Update.id.in_(last_done))
        .group_by(Update.theme_id)
    )
    return {row[0]: Verdicts(row[1], row[2]) for row in counted}


def promises_between(session: Session, area: Area, first: date, last: date, today: date) -> Promises:
    """Of what was promised for the days from `first` to `last` that are over (T2).

    An answer at any hour of the promised day, by the area's clock, keeps it; a promise that stands still is not over.
    Who wrote again after an answer was promised another. Two columns are read and no words: the databases do not agree
    on when a day ends.
    """
    last = min(last, today - timedelta(days=1))
    newest = select(Feedback.answer_by, Feedback.answered).where(
        Feedback.answer_by.between(first, last), Feedback.paused.is_(None)
    )
    earlier = select(EarlierPromise.answer_by, EarlierPromise.answered).where(
        EarlierPromise.answer_by.between(first, last)
    )
    due = kept = 0
    for by, answered in [*session.execute(newest), *session.execute(earlier)]:
        due += 1
        kept += answered is not None and area.today(answered) <= by
    return Promises(due, kept)


def promises_lately(session: Session, area: Area, today: date) -> Promises:
    """The same for the last year."""
    return promises_between(session, area, today - timedelta(days=PROMISES_DAYS), today, today)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened on the board: an item came, or something was said about it."""

    theme: Theme
    update: Update | None
    at: datetime


def changes(session: Session, topic: str | None = None, *, most: int = 50) -> list[Change]:
    """What happened on the board, newest first."""
    wanted = _published(topic, None)
    said = session.execute(
        select(Update, Theme)
        .join(Theme, Theme.id == Update.theme_id)
        .where(*wanted)
        .order_by(Update.id.desc())
        .limit(most)
    ).all()
    silent = session.scalars(
        select(Theme).where(*wanted, ~Theme.updates.any()).order_by(Theme.published.desc(), Theme.id).limit(most)
    ).all()
    found = [Change(theme, update, update.made) for update, theme in said]
    found += [Change(theme, None, theme.published) for theme in silent if theme.published is not None]
    return sorted(found, key=lambda change: change.at, reverse=True)[:most]
