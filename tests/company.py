"""People to talk with: families who have agreed to what is kept, and members of staff."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Sequence

import pytest

from models import consent
from models.feedback import ALPHABET
from models.person import Kind
from models.role import Role, RoleName
from tests.talk import Talk


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


def references_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """References come as 222222, 333333 and so on, so that a transcript can hold them."""
    drawn = itertools.count()

    def draw(letters: Sequence[str]) -> str:
        assert letters == ALPHABET
        return letters[next(drawn) // 6 % len(letters)]

    monkeypatch.setattr(secrets, "choice", draw)
