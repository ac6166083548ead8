"""How far a broadcast is, and what became of it: counts, and the messages of which nobody knows whether they arrived.

Everybody for whom a row was made is in exactly one of the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.broadcast.budget import who_gets_it
from models.broadcast.deciding import NotNow
from models.broadcast.tables import Broadcast, BroadcastState, Delivery
from models.database import now
from models.outgoing import Outgoing, State
from models.person import Person
from models.role import Permission, require


@dataclass(frozen=True, slots=True)
class Progress:
    """How many: altogether, got it, wait, could not be reached and why, of unknown fate, no longer wanted it."""

    total: int = 0
    got: int = 0
    waiting: int = 0
    not_reached: int = 0
    unknown: int = 0
    dropped: int = 0
    # Why some could not be reached, as the channel says it.
    reasons: dict[str, int] = field(default_factory=dict)


def progress(session: Session, broadcast: Broadcast) -> Progress:
    """Counted by the database. What has no row yet counts as waiting."""
    query = (
        select(Outgoing.state, Outgoing.error, func.count())
        .where(Outgoing.about == broadcast.about)
        .group_by(Outgoing.state, Outgoing.error)
    )
    counts: dict[State, int] = {}
    reasons: dict[str, int] = {}
    for state, error, count in session.execute(query):
        counts[state] = counts.get(state, 0) + count
        if state is State.NOT_SENT:
            reasons[error or ""] = reasons.get(error or "", 0) + count
    to_come = _to_come(session, broadcast)
    return Progress(
        total=sum(counts.values()) + to_come,
        got=counts.get(State.SENT, 0),
        waiting=counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0) + to_come,
        not_reached=counts.get(State.NOT_SENT, 0),
        unknown=counts.get(State.UNKNOWN, 0),
        dropped=counts.get(State.DROPPED, 0),
        reasons=reasons,
    )


def _to_come(session: Session, broadcast: Broadcast) -> int:
    if broadcast.expanded is not None or broadcast.state not in (BroadcastState.GOING, BroadcastState.PAUSED):
        return 0
    return who_gets_it(session, broadcast, after=broadcast.cursor).reached


def of_unknown_fate(session: Session, broadcast: Broadcast) -> Sequence[int]:
    """The rows of which nobody knows whether they arrived, and about which nobody has decided yet."""
    query = (
        select(Outgoing.id)
        .join(Delivery, Delivery.outgoing_id == Outgoing.id)
        .where(Delivery.broadcast_id == broadcast.id, Outgoing.state == State.UNKNOWN, Delivery.left_at.is_(None))
        .order_by(Outgoing.id)
    )
    return session.scalars(query).all()


def send_again(session: Session, broadcast: Broadcast, rows: Sequence[int], by: Person) -> int:
    """Send these once more: somebody may get it twice, and staff have said that this is better than not at all.

    Only those of unknown fate are. Returns how many. Raises `NotAllowed`, or `NotNow` once it was stopped.
    """
    require(session, by, Permission.PUBLISH)
    session.refresh(broadcast, with_for_update=True)
    if broadcast.state is BroadcastState.STOPPED:
        raise NotNow(broadcast.state)
    again = session.execute(
        update(Outgoing)
        .where(Outgoing.id.in_(rows), Outgoing.about == broadcast.about, Outgoing.state == State.UNKNOWN)
        .values(state=State.WAITING, due=now(), settled=None, error=None)
        .execution_options(synchronize_session=False)
    )
    count: int = again.rowcount  # type: ignore[attr-defined]  # an UPDATE has one
    if count and broadcast.state is BroadcastState.DONE:
        broadcast.state, broadcast.finished = BroadcastState.GOING, None
    record(session, by, "sent again", broadcast.about, f"{count} of unknown fate")
    return count


def leave(session: Session, broadcast: Broadcast, rows: Sequence[int], by: Person) -> int:
    """Leave these as they are: not listed any more, still counted as unknown. Raises `NotAllowed`."""
    require(session, by, Permission.PUBLISH)
    left = session.execute(
        update(Delivery)
        .where(Delivery.broadcast_id == broadcast.id, Delivery.outgoing_id.in_(rows), Delivery.left_at.is_(None))
        .values(left_at=now())
        .execution_options(synchronize_session=False)
    )
    count: int = left.rowcount  # type: ignore[attr-defined]  # an UPDATE has one
    record(session, by, "left as it is", broadcast.about, f"{count} of unknown fate")
    return count


def tapped(session: Session, number: int, person: Person) -> None:
    """This person has pressed a button of a broadcast: the first time counts. Of one that was none of theirs, nothing
    is kept."""
    session.execute(
        update(Delivery)
        .where(Delivery.broadcast_id == number, Delivery.person_id == person.id, Delivery.tapped_at.is_(None))
        .values(tapped_at=now())
        .execution_options(synchronize_session=False)
    )


def how_many_tapped(session: Session, broadcast: Broadcast) -> int:
    """How many people have pressed one of its buttons. Before everybody sees it: `models.small_number`."""
    theirs = Delivery.broadcast_id == broadcast.id, Delivery.tapped_at.is_not(None)
    return session.scalar(select(func.count()).select_from(Delivery).where(*theirs)) or 0
