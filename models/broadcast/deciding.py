"""From a text to a broadcast that may go: handed in, looked at by a second person, scheduled, paused, stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.audience import item_of
from models.audit import record
from models.broadcast.budget import who_gets_it
from models.broadcast.tables import Broadcast, BroadcastState
from models.database import now
from models.feedback import Status
from models.outgoing import Outgoing, State, drop
from models.person import Person
from models.role import Permission, may, require, staff_who_may
from models.theme import Action, NeedsReason, Theme

# What is paused is due when nobody will be there to send it, until somebody says "go on".
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be said about an item. For "cannot", the texts are the reason."""

    status: Status
    texts: Mapping[str, str] = field(default_factory=dict)
    organisation: str | None = None
    due: date | None = None
    # The role there that does it; a job, never a name.
    role: str = ""
    # Which of its actions this is about; `another` begins one more (see `add_update`).
    action: Action | None = None
    another: bool = False


class NotNow(Exception):
    """It is no longer in a state in which that can be done; somebody else was quicker."""


class OwnWork(Exception):
    """A second person must look, not the author."""


def hand_in(
    session: Session,
    audience: str,
    texts: Mapping[str, str],
    messages: Mapping[str, Any],
    *,
    at: datetime | None,
    by: Person | None,
    needs_approval: bool,
    most_a_week: int | None = None,
    at_night: bool = False,
    move: Move | None = None,
    theme: Theme | None = None,
) -> Broadcast:
    """A broadcast that goes out `at` (UTC; None: now), or that waits for a second person first. `by` is None for
    somebody with the machine itself. `most_a_week` is what the area allows each person (`budget`). `theme` is the item
    that it moves, where the audience is another than the item's own.

    Raises `NotAllowed` unless `by` may publish, `NeedsReason` for "cannot" without one (T5).
    """
    if by is not None:
        require(session, by, Permission.PUBLISH)
    if move is not None and move.status is Status.CANNOT and not texts["en"].strip():
        raise NeedsReason("“we can't” needs a reason")
    broadcast = Broadcast(
        audience=audience,
        texts=dict(texts),
        messages=dict(messages),
        theme_id=theme.id if theme is not None else item_of(audience),
        status=move.status if move else None,
        organisation=move.organisation if move else None,
        role=move.role if move else "",
        due=move.due if move else None,
        action_id=move.action.id if move and move.action else None,
        another=move.another if move else False,
        state=BroadcastState.WAITING if needs_approval else BroadcastState.SCHEDULED,
        at=at or now(),
        at_night=at_night,
        most_a_week=most_a_week,
        author_id=by.id if by else None,
    )
    session.add(broadcast)
    session.flush()
    record(session, by, "handed in", broadcast.about, f"{audience}, {who_gets_it(session, broadcast).reached} people")
    return broadcast


def _locked(session: Session, broadcast: Broadcast, *allowed: BroadcastState) -> None:
    session.refresh(broadcast, with_for_update=True)
    if broadcast.state not in allowed:
        raise NotNow(broadcast.state)


def second_persons(session: Session, author_id: int | None) -> list[Person]:
    """Those who may look at what this author wrote: everybody with the role but themselves."""
    return [one for one in staff_who_may(session, Permission.APPROVE) if one.id != author_id]


def waiting_for(session: Session, by: Person) -> int:
    """How many a colleague has handed in that this member of staff may let go."""
    if not may(session, by, Permission.APPROVE):
        return 0
    others = Broadcast.state == BroadcastState.WAITING, func.coalesce(Broadcast.author_id, 0) != by.id
    return session.scalar(select(func.count()).select_from(Broadcast).where(*others)) or 0


def approve(session: Session, broadcast: Broadcast, by: Person) -> None:
    """Let another's broadcast go. Raises `NotAllowed`, `OwnWork`, or `NotNow` when that has been decided already."""
    _decide(session, broadcast, by)
    broadcast.state, broadcast.approver_id, broadcast.approved = BroadcastState.SCHEDULED, by.id, now()
    session.flush()
    record(session, by, "approved", broadcast.about)


def send_back(session: Session, broadcast: Broadcast, by: Person, because: str) -> None:
    """Not like this: the author reads why. Raises as `approve` does."""
    _decide(session, broadcast, by)
    broadcast.state, broadcast.approver_id, broadcast.sent_back_because = BroadcastState.DRAFT, by.id, because
    session.flush()
    record(session, by, "sent back", broadcast.about)


def _decide(session: Session, broadcast: Broadcast, by: Person) -> None:
    require(session, by, Permission.APPROVE)
    if broadcast.author_id == by.id:
        raise OwnWork
    _locked(session, broadcast, BroadcastState.WAITING)


def pause(session: Session, broadcast: Broadcast, by: Person) -> None:
    """What still waits stays where it is. Raises `NotAllowed`, or `NotNow` unless it is going."""
    require(session, by, Permission.PUBLISH)
    _locked(session, broadcast, BroadcastState.GOING)
    broadcast.state = BroadcastState.PAUSED
    _put_off(session, broadcast, NEVER)
    record(session, by, "paused", broadcast.about)


def go_on(session: Session, broadcast: Broadcast, by: Person) -> None:
    """What waits goes out. Raises `NotAllowed`, or `NotNow` unless it is paused."""
    require(session, by, Permission.PUBLISH)
    _locked(session, broadcast, BroadcastState.PAUSED)
    broadcast.state = BroadcastState.GOING
    _put_off(session, broadcast, now())
    record(session, by, "went on with", broadcast.about)


def _put_off(session: Session, broadcast: Broadcast, until: datetime) -> None:
    waiting = (Outgoing.about == broadcast.about, Outgoing.state == State.WAITING)
    session.execute(update(Outgoing).where(*waiting).values(due=until).execution_options(synchronize_session=False))
    session.flush()


def stop(session: Session, broadcast: Broadcast, by: Person | None) -> int:
    """Nothing more of it is sent; what went out cannot be called back. Returns how many rows were dropped.

    Raises `NotAllowed`, or `NotNow` when it is over already.
    """
    if by is not None:
        require(session, by, Permission.PUBLISH)
    states = BroadcastState
    _locked(session, broadcast, states.DRAFT, states.WAITING, states.SCHEDULED, states.GOING, states.PAUSED)
    broadcast.state, broadcast.finished = BroadcastState.STOPPED, now()
    dropped = drop(session, broadcast.about)
    session.flush()
    record(session, by, "stopped", broadcast.about, f"{dropped} not sent")
    return dropped


def latest(session: Session, most: int = 8) -> Sequence[Broadcast]:
    """The last broadcasts, newest first."""
    return session.scalars(select(Broadcast).order_by(Broadcast.id.desc()).limit(most)).all()
