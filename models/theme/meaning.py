"""Is this what you meant? Before “you said” is published, those behind it can be asked whether it says so (T1, T6).

Offered, not forced: staff may publish without. Each is asked once about the same words; said differently, they can be
asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.feedback import Feedback, visible_to
from models.looking import looked
from models.person import Person, reach
from models.role import Permission, require
from models.theme.history import changed
from models.theme.tables import Change, Meant, Theme


@dataclass(frozen=True, slots=True)
class MeantCounts:
    """How many were asked about the words as they are now, and what they said; `silent` have not answered."""

    asked: int = 0
    yes: int = 0
    no: int = 0

    @property
    def silent(self) -> int:
        return self.asked - self.yes - self.no


def can_be_asked(session: Session, theme: Theme) -> list[Feedback]:
    """The newest feedback of each person behind the item who can be written to and was not asked about these words."""
    behind = session.scalars(
        select(Feedback).where(Feedback.theme_id == theme.id, Feedback.person_id.is_not(None)).order_by(Feedback.id)
    ).all()
    newest = {feedback.person_id: feedback for feedback in behind}
    known = set(session.scalars(select(Meant.person_id).where(Meant.theme_id == theme.id, Meant.said == theme.said)))
    return [
        feedback
        for person_id, feedback in newest.items()
        if person_id not in known and feedback.person is not None and _may_be_written_to(feedback.person)
    ]


def _may_be_written_to(person: Person) -> bool:
    return person.agreed_to is not None and person.stopped_at is None and reach(person) is not None


def ask_if_meant(session: Session, theme: Theme, by: Person) -> list[Meant]:
    """Everybody behind the item is asked whether its words say what they meant; returns a row for each, whom the
    caller has written to. Raises `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    session.refresh(theme, with_for_update=True)  # two who ask at once ask each person once
    rows = [
        Meant(
            theme_id=theme.id,
            feedback_id=feedback.id,
            person_id=feedback.person_id,
            said=theme.said,
            asked_by=by.id,
        )
        for feedback in can_be_asked(session, theme)
    ]
    session.add_all(rows)
    session.flush()
    if rows:
        changed(session, theme, Change.ASKED, "", by)
        record(session, by, "asked if meant", theme.about, f"{len(rows)} people")
    return rows


def meant_for(session: Session, number: object, person: Person) -> Meant | None:
    """The question of this number, if it was put to this person."""
    row = session.get(Meant, int(str(number))) if str(number).isascii() and str(number).isdecimal() else None
    return row if row is not None and row.person_id == person.id else None


def say_if_meant(session: Session, row: Meant, *, fits: bool, words: str = "") -> None:
    """They say whether it is what they meant, or what they meant instead. A second answer replaces the first."""
    row.fits, row.words, row.answered = fits, words.strip(), now()
    session.flush()


def meant_counts(session: Session, theme: Theme) -> MeantCounts:
    """For staff. Of the words as they are now; of those before, the history tells that they were asked about."""
    counted = session.execute(
        select(Meant.fits, func.count())
        .where(Meant.theme_id == theme.id, Meant.said == theme.said)
        .group_by(Meant.fits)
    )
    by_answer = {row[0]: row[1] for row in counted}
    return MeantCounts(sum(by_answer.values()), by_answer.get(True, 0), by_answer.get(False, 0))


def corrections(session: Session, theme: Theme, by: Person, occasion: str) -> Sequence[Meant]:
    """What they say that they meant instead, newest first, as far as this member of staff may see it: what was said to
    the parent carer forum only is for its own people. The look at each is recorded, once for each occasion.

    Raises `NotAllowed`.
    """
    found = meant_instead(session, theme, by)
    for row in found:
        looked(session, by, row.feedback.about, occasion)
    return found


def meant_instead(session: Session, theme: Theme, by: Person) -> Sequence[Meant]:
    """The same, where the caller records the look. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    return session.scalars(
        select(Meant)
        .join(Feedback, Feedback.id == Meant.feedback_id)
        .where(Meant.theme_id == theme.id, Meant.fits.is_(False), visible_to(session, by))
        .order_by(Meant.answered.desc(), Meant.id.desc())
    ).all()
