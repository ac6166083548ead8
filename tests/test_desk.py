"""The desk of staff: two at once, one alone, one removed; what is typed under a notice; what was only looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from handlers.inbox.notice import announce
from models.feedback import Feedback, give_feedback
from models.meeting import Rsvp
from models.outgoing import Outgoing, State
from models.role import Role, RoleName
from tests.company import colleague, family, references_in_order
from tests.talk import Talk


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def says(talk: Talk, text: str = "The taxi was late again.") -> None:
    with talk.writing() as session:
        feedback = give_feedback(session, talk.partnership.area, talk.person(session), topic="transport", text=text)
        announce(session, talk.partnership.area, feedback)


def arrives(talk: Talk) -> None:
    """What waits has been sent, as the post would have done."""
    with talk.writing() as session:
        session.execute(update(Outgoing).values(state=State.SENT))


def test_the_second_of_two_who_answer_at_once_sees_what_the_first_one_sent(talk: Talk) -> None:
    says(family(talk))
    one, two = colleague(talk, "2"), colleague(talk, "3")
    for staff in (one, two):
        staff("""
            > inbox
            ...
            > 222222
            ...
            > reply
            Write your reply. The family gets it as you write it.
        """)
    talk.clock.shift(60)
    one("""
        > We rang the taxi firm.
        ...
        > send it
        It is on its way to them. [Back to the list] [Open it again]
    """)
    two("""
        > We will ring the taxi firm.
        ...
        > send it
        A colleague was quicker. They have just told the family:
        “We rang the taxi firm.”
        Send yours too? [Send mine too] [Do not send]
        > do not send
        Nothing was sent. [Back to the list]
    """)
    [feedback] = talk.kept(Feedback)
    with talk.writing() as session:
        assert [note.text for note in session.get_one(Feedback, feedback.id).notes] == ["We rang the taxi firm."]


def test_a_notice_opens_the_list_and_not_what_was_only_looked_at_before(talk: Talk) -> None:
    staff = colleague(talk, "2")
    says(family(talk))
    staff("""
        > inbox
        ...
        > 222222
        ...
    """)
    says(talk, "The bus did not come.")
    arrives(talk)
    staff.shown()
    staff("""
        > open the inbox
        What families said. The oldest promise comes first:
        1. 222222: Transport, 15 working days left (by Tue 1 Dec)
        2. 333333: Transport, 15 working days left (by Tue 1 Dec) [1. Transport] [2. Transport]
    """)


def test_a_reply_that_was_begun_is_still_there_after_something_else(talk: Talk) -> None:
    staff = colleague(talk, "2", RoleName.ADMIN)
    says(family(talk))
    staff("""
        > inbox
        ...
        > 222222
        ...
        > reply
        ...
        > /sent
        Nothing has been sent yet. [Say what we are doing]
        You have not finished this yet: Inbox. [Go on with it] [Throw it away]
        > 1
        Write your reply. The family gets it as you write it.
    """)


def test_yes_under_an_invitation_is_a_yes(talk: Talk) -> None:
    staff = colleague(talk, "2", RoleName.ADMIN)
    family(talk)
    staff("""
        > /call
        ...
        > a new meeting
        ...
        > Taxi talk
        ...
        > To plan taxis together.
        ...
        > 24 November
        ...
        > 6pm
        ...
        > 1 hour
        ...
        > yes
        ...
        > online
        ...
        > that is all
        ...
        > later
        ...
        > everyone
        ...
        > announce it
        ...
    """)
    arrives(talk)
    talk.shown()
    talk.types("yes")
    assert talk.shown()[0].startswith("Thank you. You are on the list for Tuesday 24 November 2026, 18:00.")
    [rsvp] = talk.kept(Rsvp)
    assert rsvp.coming == "yes"


def test_who_is_alone_is_told_before_that_nobody_may_approve_and_who_comes_later_finds_it(talk: Talk) -> None:
    says(family(talk))
    author = colleague(talk, "2", RoleName.ADMIN)
    author("""
        > publish
        ...
        > something new
        ...
        > Taxis come late
        ...
        > transport
        ...
        > 1
        ...
        > that is all
        ...
        > we are doing it
        ...
        > We are changing the taxi firm.
        ...
        > council
        ...
        > no day yet
        ...
    """)
    while "When should it go out?" not in author.messages()[-1].text:
        author.types("skip")
    author.shown()
    author.types("now")
    assert "A second person has to look at it first, but nobody else here may do that." in " ".join(author.shown())
    author("""
        > keep it waiting
        It is kept, and waits: nobody else here may approve it. An admin can invite an approver under “Colleagues”. They find it under “What we sent”. [How far is it?]
        > 1
        “We are changing the taxi firm”
        Now: waits for approval.
        Nobody else here can say yes to it yet. An admin can ask somebody to join: tap “Colleagues”. [Call it off]
    """)
    approver = colleague(talk, "3", RoleName.APPROVER)
    approver("""
        > sent
        ...
        > 1
        “We are changing the taxi firm”
        Now: waits for approval. [Look and decide] [Call it off]
        > look and decide
        ...
        > approve
        Thank you. It goes out. [How far is it?]
    """)


def test_whoever_was_removed_hears_nothing_more_of_families(talk: Talk) -> None:
    staff = colleague(talk, "2")
    talk.clock.move_to(datetime(2026, 11, 10, 22, 30, tzinfo=UTC))
    says(family(talk))
    [notice] = staff.rows()
    assert notice.state is State.WAITING
    admin = colleague(talk, "3", RoleName.ADMIN)
    admin("""
        > colleagues
        ...
        > remove
        ...
        > 1
        ...
        > yes
        Done. They have no access any more.
    """)
    assert staff.rows() == []


def test_colleagues_are_told_apart_by_their_job(talk: Talk) -> None:
    admin = colleague(talk, "2", RoleName.ADMIN)
    admin.types("colleagues")
    admin.types("invite")
    admin.types("responder")
    admin.types("1")
    link = admin.messages()[-1].text
    newcomer = talk.another("3")
    newcomer.types(f"/start inv-{link.split('inv-')[1].split()[0]}")
    assert newcomer.shown() == [
        "Welcome. You are now staff for Tameside Council. Your role is “Responder: answer”. The menu has your staff desk.",
        "What should colleagues call you? A job or a team, no name. For example: “SEN team, mornings”. [Skip]",
    ]
    newcomer.types("SEN team, mornings")
    assert newcomer.shown()[0] == "Thank you. Colleagues see “SEN team, mornings”."
    with talk.writing() as session:
        assert "SEN team, mornings" in session.scalars(select(Role.title)).all()
    admin("""
        > colleagues
        ...
        > remove
        Who should be removed?
        2: SEN team, mornings, Tameside Council, since Tue 10 Nov [2: SEN team, mornings…]
        > back
        ...
    """)
