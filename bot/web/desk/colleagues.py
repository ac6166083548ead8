"""What colleagues are called on the desk: by their job and whom they work for, never by name."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.staff import role_label
from handlers.you_said import organisation_name
from locales import _
from models.area import Area
from models.role import Role


def colleague(area: Area, role: Role) -> str:
    job = role.title or role_label(role.name).partition(":")[0]
    return f"{job}, {organisation_name(area, role.organisation) or role.organisation} ({role.person_id})"


def colleagues_named(session: Session, area: Area, people: Iterable[int | None]) -> dict[int | None, str]:
    """How each of these is called, by number; also who is no longer staff. Nobody at all is the program."""
    wanted = {one for one in people if one is not None}
    roles = session.scalars(select(Role).where(Role.person_id.in_(wanted)).order_by(Role.ended.is_not(None), Role.id))
    named: dict[int | None, str] = {None: _("the program, or somebody with the machine")}
    for role in roles:
        named.setdefault(role.person_id, colleague(area, role))
    for one in wanted:
        named.setdefault(one, _("person {number}, not staff", number=one))
    return named
