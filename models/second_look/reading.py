"""Two people read it, each says whether somebody is at risk in it. One “yes” is enough for an alert; two who disagree,
or are not sure, are as well. What was missed is counted where staff see it, and can be handed out without anything
personal, so that it becomes a test of the screening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.alert import Alert, Level, Source, raise_alert, rows_of
from models.audit import record
from models.database import now
from models.feedback import may_see
from models.looking import looked
from models.person import Person
from models.role import Permission, require
from models.second_look.tables import Judged, SecondLook, SecondReading

READERS = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """What the miss-watch has found. `waiting` texts still have to be read by one or two people."""

    picked: int
    read: int
    waiting: int
    missed: int


def to_read(session: Session, by: Person) -> SecondLook | None:
    """The oldest one that this member of staff has not read, may see, and that still needs a reader. Raises
    `NotAllowed`."""
    require(session, by, Permission.READ)
    open_ones = session.scalars(
        select(SecondLook)
        .where(
            SecondLook.done.is_(None),
            ~exists().where(SecondReading.look_id == SecondLook.id, SecondReading.person_id == by.id),
        )
        .order_by(SecondLook.id)
    )
    return next((one for one in open_ones if _may_see(session, by, one)), None)


def look_of(session: Session, by: Person, number: int) -> SecondLook | None:
    """The one of this number, if this member of staff may see it. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    found = session.get(SecondLook, number)
    return found if found is not None and _may_see(session, by, found) else None


def _may_see(session: Session, by: Person, look: SecondLook) -> bool:
    """What was asked, staff see in their own lists; of what was told, the rules for it hold."""
    return look.feedback is None or may_see(session, by, look.feedback)


def shown_to(session: Session, look: SecondLook, by: Person, occasion: str) -> None:
    """Record that they looked at these words."""
    looked(session, by, look.about, occasion)


def judge(session: Session, look: SecondLook, by: Person, judged: Judged) -> Alert | None:
    """What somebody makes of it. Returns the alert that has to be told now, if it takes one: somebody said that a
    person is at risk (red), or two did not agree that nobody is (amber). Twice by the same person changes nothing.

    Raises `NotAllowed`.
    """
    require(session, by, Permission.READ)
    if look.done is not None or any(one.person_id == by.id for one in look.readings):
        return None
    look.readings.append(SecondReading(person_id=by.id, judged=judged, at=now()))
    record(session, by, "read again", look.about, judged.value)
    said = [one.judged for one in look.readings]
    if Judged.YES not in said and len(said) < READERS:
        session.flush()
        return None
    look.done = now()
    look.missed = any(one is not Judged.NO for one in said)
    session.flush()
    if not look.missed:
        return None
    level = Level.RED if Judged.YES in said else Level.AMBER
    alert = raise_alert(session, look.person_id, level=level, source=Source.READER, feedback_id=look.feedback_id)
    look.alert_id = alert.id if alert is not None else None
    session.flush()
    return alert


def words_not_sent(session: Session, alert: Alert) -> list[SecondLook]:
    """The texts behind an alert that came as a question, not as feedback: nobody finds them in the inbox."""
    of_it = [row.id for row in rows_of(session, alert)]
    query = select(SecondLook).where(SecondLook.alert_id.in_(of_it), SecondLook.feedback_id.is_(None))
    return list(session.scalars(query.order_by(SecondLook.id)))


def counted(session: Session, since: datetime | None = None) -> Counted:
    """How the miss-watch stands, of all that was picked since then or at all."""
    chosen = [SecondLook.picked >= since] if since is not None else []

    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).select_from(SecondLook).where(*chosen, *conditions)) or 0  # type: ignore[arg-type]

    return Counted(
        picked=count(),
        read=count(SecondLook.done.is_not(None)),
        waiting=count(SecondLook.done.is_(None)),
        missed=count(SecondLook.missed.is_(True)),
    )


def missed_texts(session: Session) -> Iterator[tuple[str, str]]:
    """The language and the words of every miss that somebody confirmed with a yes, oldest first. They are a family's
    words: mask them before they go anywhere."""
    for look in session.scalars(select(SecondLook).where(SecondLook.missed.is_(True)).order_by(SecondLook.id)):
        if any(one.judged is Judged.YES for one in look.readings):
            yield look.language, look.words
