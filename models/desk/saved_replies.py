"""Saved replies: each member of staff's own, and those that all share, which only who may publish may change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.desk.tables import SavedReply
from models.person import Person
from models.role import NotAllowed, Permission, may, require

LONGEST_TITLE = 60


class ChangedAlready(Exception):
    """A colleague has changed it since this one was opened."""


def saved_replies(session: Session, by: Person) -> Sequence[SavedReply]:
    """One's own and everybody's, by title. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    return session.scalars(
        select(SavedReply)
        .where(or_(SavedReply.owner_id.is_(None), SavedReply.owner_id == by.id))
        .order_by(SavedReply.title, SavedReply.id)
    ).all()


def saved_reply(session: Session, by: Person, number: int) -> SavedReply | None:
    """None when there is none, or when it is somebody else's."""
    row = session.get(SavedReply, number)
    return row if row is not None and row.owner_id in (None, by.id) else None


def may_change(session: Session, reply: SavedReply, by: Person) -> bool:
    needs = Permission.PUBLISH if reply.owner_id is None else Permission.ANSWER
    return reply.owner_id in (None, by.id) and may(session, by, needs)


def save_reply(session: Session, by: Person, title: str, text: str, *, shared: bool = False) -> SavedReply:
    """Raises `NotAllowed`: one's own needs the right to answer, one for everybody the right to publish."""
    require(session, by, Permission.PUBLISH if shared else Permission.ANSWER)
    reply = SavedReply(owner_id=None if shared else by.id, title=title, text=text)
    session.add(reply)
    session.flush()
    if shared:
        record(session, by, "saved a reply for everybody", f"saved_reply:{reply.id}")
    return reply


def change_reply(session: Session, reply: SavedReply, by: Person, title: str, text: str, *, version: int) -> None:
    """Raises `NotAllowed`, and `ChangedAlready` unless `version` is the one that is being changed."""
    if not may_change(session, reply, by):
        raise NotAllowed(Permission.PUBLISH)
    session.refresh(reply, with_for_update=True)
    if reply.version != version:
        raise ChangedAlready(reply.id)
    reply.title, reply.text, reply.version, reply.changed = title, text, version + 1, now()
    if reply.owner_id is None:
        record(session, by, "changed a reply for everybody", f"saved_reply:{reply.id}")
    session.flush()


def delete_reply(session: Session, reply: SavedReply, by: Person) -> None:
    """Raises `NotAllowed`."""
    if not may_change(session, reply, by):
        raise NotAllowed(Permission.PUBLISH)
    if reply.owner_id is None:
        record(session, by, "deleted a reply for everybody", f"saved_reply:{reply.id}")
    session.delete(reply)
    session.flush()
