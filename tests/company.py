"""People to talk with: families who have agreed to what is kept, and members of staff."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any, cast

import pytest

from models import consent
from models.area.area import WEEKDAYS
from models.area.rules import Duty, Weekday
from models.duty import Order, add_turn
from models.feedback import ALPHABET
from models.partnership import Partnership
from models.person import Kind
from models.role import Role, RoleName
from tests.talk import Talk

TEAM = "Safeguarding duty"
EVERY_DAY = cast("tuple[Weekday, ...]", WEEKDAYS)


def family(talk: Talk, kind: Kind | None = Kind.PARENT) -> Talk:
    """The same person, who has said who they are and agreed to the text as it is now."""
    with talk.writing() as session:
        person = talk.person(session)
        person.kind = kind
        person.language = talk.language
        consent.agree(session, person, talk.partnership.area)
    return talk


def colleague(talk: Talk, key: str, role: RoleName = RoleName.RESPONDER, organisation: str = "council") -> Talk:
    """Somebody else, who works for the partnership."""
    other = talk.another(key)
    with other.writing() as session:
        session.add(Role(person=other.person(session), name=role, organisation=organisation))
    return other


def with_a_team(partnership: Partnership, *, days: Sequence[Weekday] = EVERY_DAY, **more: Any) -> Partnership:
    """The same partnership, whose area names one team for duty."""
    team = Duty(team=TEAM, days=tuple(days), start=time(9), end=time(17))
    return replace(partnership, area=partnership.area.model_copy(update={"duty": (team,)}), **more)


def on_duty(
    talk: Talk,
    key: str,
    order: Order = Order.FIRST,
    *,
    starts: str = "09:00",
    ends: str = "17:00",
    role: RoleName = RoleName.SAFEGUARDING,
) -> Talk:
    """A colleague who looks after alerts and is on the rota of the team, every day."""
    other = colleague(talk, key, role)
    with other.writing() as session:
        person = other.person(session)
        rota = {"team": TEAM, "order": order, "days": EVERY_DAY, "starts": starts, "ends": ends}
        add_turn(session, talk.partnership.area, person, person, **rota)  # type: ignore[arg-type]
    return other


def references_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """References come as 222222, 333333 and so on, so that a transcript can hold them."""
    drawn = itertools.count()

    def draw(letters: Sequence[str]) -> str:
        assert letters == ALPHABET
        return letters[next(drawn) // 6 % len(letters)]

    monkeypatch.setattr(secrets, "choice", draw)
