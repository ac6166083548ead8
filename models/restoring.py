"""A database that was put back from a copy knows nothing of what was sent after the copy was made.

Nothing is sent again by itself (DESIGN 5): what was unsent in the copy is parked, and a person decides. Publications
wait as paused, their messages as ones of unknown fate, each with “send again” and “leave it”. An alert alone repeats
until somebody has it. And nobody comes back who had left since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.broadcast import Broadcast, BroadcastState
from models.database import now
from models.keeping import erase
from models.outgoing import Class, Outgoing, State
from models.person import Person
from models.reminder import Reminder
from models.role import Role

RESTORED = "restored from a copy"
UNSENT = (State.WAITING, State.SENDING)


@dataclass(frozen=True, slots=True)
class Parked:
    """What waits for a person now: publications, and messages by their class."""

    publications: int
    messages: Mapping[Class, int]


def park(session: Session) -> Parked:
    """Nothing of what this copy holds unsent is sent by itself. Writes, never commits."""
    moment = now()
    messages = {kind: _park_messages(session, kind, moment) for kind in Class if kind is not Class.ALERT}
    session.execute(
        update(Outgoing)
        .where(Outgoing.kind == Class.ALERT, Outgoing.state == State.SENDING)
        .values(state=State.WAITING, due=moment)
    )
    session.execute(update(Reminder).where(Reminder.sent.is_(None), Reminder.due <= moment).values(sent=moment))
    paused = session.scalars(
        update(Broadcast)
        .where(Broadcast.state.in_((BroadcastState.SCHEDULED, BroadcastState.GOING)))
        .values(state=BroadcastState.PAUSED)
        .returning(Broadcast.id)
    ).all()
    record(session, None, "restored", "database")
    return Parked(len(paused), {kind: count for kind, count in messages.items() if count})


def _park_messages(session: Session, kind: Class, moment: datetime) -> int:
    """Those of a publication go on its list of unknown fates; only a publication has one."""
    state = State.UNKNOWN if kind is Class.BROADCAST else State.NOT_SENT
    parked = session.execute(
        update(Outgoing)
        .where(Outgoing.kind == kind, Outgoing.state.in_(UNSENT))
        .values(state=state, settled=moment, error=RESTORED)
    )
    return int(parked.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def leave_out_who_left(restored: Session, before: Session) -> int:
    """Erase from the copy whoever was erased since, by the database that it takes the place of; whoever stopped
    messages or lost a role since has done so here too. Returns how many were erased. Writes, never commits."""
    there = {(row.id, row.created): row.stopped_at for row in before.execute(_people)}
    erased = 0
    for person in restored.scalars(select(Person)):
        if (person.id, person.created) not in there:
            erase(restored, person)
            erased += 1
        else:
            person.stopped_at = person.stopped_at or there[person.id, person.created]
    ended = {row.id: row.ended for row in before.execute(select(Role.id, Role.ended).where(Role.ended.is_not(None)))}
    for role in restored.scalars(select(Role).where(Role.id.in_(ended), Role.ended.is_(None))):
        role.ended = ended[role.id]
    return erased


_people = select(Person.id, Person.created, Person.stopped_at)
