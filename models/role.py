"""Who serves the partnership, and what each may do.

A role is a set of permissions at an organisation. Access is checked in the verb that reads or changes something, with
`require`, not in the menu that leads to it. Becoming staff takes a one-time invite that expires; being removed takes
effect at the next message.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import ForeignKey, bindparam, false, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.at_once import Ready, read_at_once
from models.audit import record
from models.database import Base, now
from models.desk.tables import end_sessions_of
from models.outgoing import drop
from models.person import Person, digest, new_secret

INVITE_DAYS = 7


class RoleName(StrEnum):
    VIEWER = "viewer"
    RESPONDER = "responder"
    BROADCASTER = "broadcaster"
    APPROVER = "approver"
    SAFEGUARDING = "safeguarding"
    ADMIN = "admin"


class Permission(StrEnum):
    READ = "read"  # families' words
    ANSWER = "answer"  # reply, set where it stands
    PUBLISH = "publish"  # say what is being done, call meetings
    APPROVE = "approve"  # let another's publication go out
    PROTECT = "protect"  # alerts
    APPOINT = "appoint"  # invite and remove colleagues


GRANTS: dict[RoleName, frozenset[Permission]] = {
    RoleName.VIEWER: frozenset({Permission.READ}),
    RoleName.RESPONDER: frozenset({Permission.READ, Permission.ANSWER}),
    RoleName.BROADCASTER: frozenset({Permission.READ, Permission.ANSWER, Permission.PUBLISH}),
    RoleName.APPROVER: frozenset({Permission.READ, Permission.ANSWER, Permission.PUBLISH, Permission.APPROVE}),
    RoleName.SAFEGUARDING: frozenset({Permission.READ, Permission.ANSWER, Permission.PROTECT}),
    RoleName.ADMIN: frozenset(Permission),
}


class NotAllowed(Exception):
    """The person has no role that permits this (any more)."""


class LastAdmin(Exception):
    """Nobody would be left who may appoint colleagues."""


class Role(Base):
    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[RoleName]
    organisation: Mapped[str]
    # What colleagues and the audit call them: a job, not a name ("SEN team, duty").
    title: Mapped[str] = mapped_column(default="")
    granted: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Invite(Base):
    __tablename__ = "invite"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[RoleName]
    organisation: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


def roles_of(session: Session, person: Person) -> list[Role]:
    return read_at_once(session, Role, _ROLES_NOW, {"person": person.id})


# Every menu asks.
_ROLES_NOW = Ready(select(*Role.__table__.columns).where(Role.person_id == bindparam("person"), Role.ended.is_(None)))


def may(session: Session, person: Person, permission: Permission) -> bool:
    return any(permission in GRANTS[role.name] for role in roles_of(session, person))


def require(session: Session, person: Person, permission: Permission) -> None:
    """Raises `NotAllowed` unless one of the person's roles permits it."""
    if not may(session, person, permission):
        raise NotAllowed(permission)


def staff_who_may(session: Session, permission: Permission) -> list[Person]:
    """Everybody whose role permits it, each once."""
    return read_at_once(session, Person, _staff_with(permission), {})


@cache
def _staff_with(permission: Permission) -> Ready:
    """Everything that a family sends asks: from the few roles to their people, never through all people."""
    named = or_(false(), *(Role.name == name for name, granted in GRANTS.items() if permission in granted))
    theirs = select(Role.person_id).where(Role.ended.is_(None), named)
    return Ready(select(*Person.__table__.columns).where(Person.id.in_(theirs)).order_by(Person.id))


def invite(
    session: Session, name: RoleName, organisation: str, by: Person | None, *, days: int = INVITE_DAYS
) -> tuple[Invite, str]:
    """A one-time invite and its secret, which is kept nowhere. `by` is None for somebody with the machine itself.

    Raises `NotAllowed` when `by` may not appoint.
    """
    if by is not None:
        require(session, by, Permission.APPOINT)
    secret = new_secret()
    row = Invite(
        secret_digest=digest(secret),
        name=name,
        organisation=organisation,
        made_by=by.id if by else None,
        expires=now() + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    record(session, by, "invited", f"invite:{row.id}", name)
    return row, secret


def accept(session: Session, secret: str, person: Person) -> Role | None:
    """The role that the invite gives; None when it is unknown, used or expired: the three look the same."""
    claimed = session.execute(
        update(Invite)
        .where(Invite.secret_digest == digest(secret), Invite.used.is_(None), Invite.expires > now())
        .values(used=now(), used_by=person.id)
        .returning(Invite.name, Invite.organisation)
    ).one_or_none()
    if claimed is None:
        return None
    role = Role(person=person, name=claimed.name, organisation=claimed.organisation)
    session.add(role)
    session.flush()
    record(session, person, "became staff", f"role:{role.id}", role.name)
    return role


def call(session: Session, person: Person, title: str) -> None:
    """What colleagues call them from now on, in all their roles: a job, not a name."""
    for one in roles_of(session, person):
        one.title = title


def remove(session: Session, role: Role, by: Person | None) -> None:
    """Ends a role at once. Raises `NotAllowed` when `by` may not appoint."""
    if by is not None:
        require(session, by, Permission.APPOINT)
    role.ended = now()
    session.flush()
    if not roles_of(session, role.person):
        end_sessions_of(session, role.person_id)
        # What was still to be told to them as staff, early in the morning perhaps, is no longer theirs to hear.
        drop(session, f"inbox:{role.person_id}")
    record(session, by, "removed", f"role:{role.id}", role.name)


def remove_one(session: Session, role: Role, by: Person) -> None:
    """The same, but for the last admin. Raises `LastAdmin` and `NotAllowed`."""
    require(session, by, Permission.APPOINT)
    _unless_last(session, role)
    remove(session, role, by)


def change(session: Session, role: Role, name: RoleName, organisation: str, by: Person) -> None:
    """What they may do, and for whom, from their next step on. Raises `LastAdmin` and `NotAllowed`."""
    require(session, by, Permission.APPOINT)
    if Permission.APPOINT not in GRANTS[name]:
        _unless_last(session, role)
    role.name, role.organisation = name, organisation
    record(session, by, "changed role", f"role:{role.id}", f"{name}, {organisation}")
    session.flush()


def _unless_last(session: Session, role: Role) -> None:
    others = {one.id for one in staff_who_may(session, Permission.APPOINT)} - {role.person_id}
    if not others and Permission.APPOINT in GRANTS[role.name]:
        raise LastAdmin


def everybody(session: Session) -> list[Role]:
    """Every role that somebody has now, newest first."""
    return list(session.scalars(select(Role).where(Role.ended.is_(None)).order_by(Role.granted.desc(), Role.id.desc())))


def ever_staff(session: Session) -> list[int]:
    """The number of everybody who has or had a role."""
    return list(session.scalars(select(Role.person_id).distinct().order_by(Role.person_id)))
