"""Becoming staff, inviting a colleague, and being removed at once."""

from __future__ import annotations

import re

import pytest

from models.audit import Audit
from models.role import Invite, RoleName, invite
from tests.talk import Talk

pytestmark = pytest.mark.both_databases


def become(talk: Talk, name: RoleName = RoleName.ADMIN, organisation: str = "council") -> None:
    """Make this person staff, as somebody with the machine would."""
    with talk.writing() as session:
        _row, secret = invite(session, name, organisation, None)
    talk.types(f"/start inv-{secret}")
    talk.types("skip")
    talk.shown()


def invited(talk: Talk) -> str:
    """The secret of the newest invite link that this person was shown."""
    links = [found for message in talk.messages() for found in re.findall(r"inv-([\w-]+)", message.text)]
    return str(links[-1])


def test_a_colleague_is_invited_and_removed(talk: Talk) -> None:
    become(talk)
    talk("""
        > colleagues
        What would you like to do? [Invite somebody] [Remove somebody]
        > invite
        What may they do? [Viewer: read] [Responder: answer] [Publisher: tell all] [Approver: let it go out] [Safeguarding: alerts] [Admin: everything]
        > responder
        Who do they work for? [Tameside Council] [The NHS in Tameside] [Tameside Umbrella…] [Schools and colleges…] [Charities and groups…]
        > 2
        ...
    """)
    assert talk.messages()[-1].file is not None
    colleague = talk.another("2")
    colleague.types(f"/start inv-{invited(talk)}")
    assert colleague.shown()[0].startswith(
        "Welcome. You are now staff for The NHS in Tameside. Your role is “Responder: answer”."
    )
    colleague.types("skip")
    colleague.shown()
    talk("""
        > colleagues
        ...
        > remove
        Who should be removed?
        2: Responder, The NHS in Tameside, since Tue 10 Nov [2: Responder, The NHS…]
        > 1
        Remove 2: Responder, The NHS in Tameside? They will not be able to read or do anything from now on. [Yes, remove] [No, keep]
        > yes
        Done. They have no access any more.
    """)
    colleague.types("colleagues")
    assert "That is for staff." in " ".join(colleague.shown())
    assert [row.deed for row in talk.kept(Audit)] == ["invited", "became staff", "invited", "became staff", "removed"]


def test_an_invite_works_once_and_a_used_one_looks_like_an_invented_one(talk: Talk) -> None:
    with talk.writing() as session:
        _row, secret = invite(session, RoleName.VIEWER, "council", None)
    talk.types(f"/start inv-{secret}")
    talk.shown()
    second, third = talk.another("2"), talk.another("3")
    second.types(f"/start inv-{secret}")
    third.types("/start inv-invented")
    refusals = second.shown(), third.shown()
    assert refusals[0] == refusals[1]
    assert refusals[0][0].startswith("This invite does not work.")


def test_an_invite_expires(talk: Talk) -> None:
    with talk.writing() as session:
        _row, secret = invite(session, RoleName.VIEWER, "council", None, days=7)
    talk("(later 8 days)")
    talk.types(f"/start inv-{secret}")
    assert talk.shown()[0].startswith("This invite does not work.")


def test_a_family_cannot_invite(talk: Talk) -> None:
    talk.types("colleagues")
    assert talk.kept(Invite) == []


def test_somebody_removed_in_the_middle_of_a_conversation_can_do_nothing_more(talk: Talk) -> None:
    become(talk)
    boss = talk.another("2")
    become(boss)
    talk("""
        > colleagues
        ...
        > invite
        ...
    """)
    boss("""
        > colleagues
        ...
        > remove
        ...
        > 1
        ...
        > yes
        ...
    """)
    talk("""
        > viewer
        You do not have the role for that any more. Ask a colleague who is an admin.
    """)
    assert len(talk.kept(Invite)) == 2
