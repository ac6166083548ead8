"""Families look at what was said and what is being done, follow it, and say whether it is really done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from models import consent
from models.area import Area
from models.audit import Audit
from models.database import reading
from models.feedback import Feedback, FeedbackStatus, Status, Visibility, give_feedback
from models.person import Kind, Person
from models.role import NotAllowed, Role, RoleName
from models.theme import (
    Follow,
    NeedsReason,
    Subscription,
    Theme,
    Update,
    Verdict,
    add_update,
    link,
    linkable,
    load_you_said,
    new_theme,
    not_right_yet,
    to_chase,
    unlink,
    verdicts,
)
from tests.talk import Talk


@pytest.fixture
def area(talk: Talk) -> Area:
    return talk.partnership.area


@pytest.fixture
def six_items(talk: Talk, area: Area) -> None:
    """The real items of Tameside; and a parent who has agreed to be written to."""
    with talk.writing() as session:
        load_you_said(session, area)
        talk.person(session).kind = Kind.PARENT
        consent.agree(session, talk.person(session), area)


def staff(talk: Talk, key: str = "staff", organisation: str = "council") -> Person:
    """Somebody who may publish, at an organisation."""
    with talk.writing() as session:
        person = talk.another(key).person(session)
        session.add(Role(person=person, name=RoleName.BROADCASTER, organisation=organisation))
        return person


def test_the_real_items_are_brought_in_once_and_what_staff_changed_stays(talk: Talk, area: Area) -> None:
    author = staff(talk)
    with talk.writing() as session:
        assert load_you_said(session, area) == 6
    with talk.writing() as session:
        caseworkers = session.scalars(select(Theme).where(Theme.source_id == "ys-3")).one()
        assert (caseworkers.status, caseworkers.newest) == (Status.HEARD, None)
        caseworkers.said = "Our caseworker changes and nobody tells us."
        add_update(
            session, caseworkers, Status.DOING, "We write to you first.", organisation="council", due=None, by=author
        )
    with talk.writing() as session:
        assert load_you_said(session, area) == 0
    with reading(talk.engine) as session:
        caseworkers = session.scalars(select(Theme).where(Theme.source_id == "ys-3")).one()
        assert caseworkers.said == "Our caseworker changes and nobody tells us."
        assert [update.text for update in caseworkers.updates] == ["We write to you first."]
        assert session.scalars(select(Theme.topic).order_by(Theme.source_id)).all() == [
            *("plan", "plan", "plan", "school", "other", "other")
        ]


def test_a_parent_looks_around_and_follows_an_item(talk: Talk, six_items: None) -> None:
    talk("""
        > you said
        Here is what families said, and what is being done. What would you like to see? [All] [School] [Care plan (EHCP)] [Something else]
        > evrything
        Which would you like to read?
        1. Plans have mistakes in them, down to children's names. It… (doing it)
        2. It is hard to get hold of the SEN team, and calls can feel… (looking into it)
        3. Nobody tells us when our caseworker changes, and the new… (heard)
        4. Some schools pick which parts of a plan they carry out. (heard) [Plans have mistakes in…] [It is hard to get hold…] [Nobody tells us when…] [Some schools pick…] [Show me more]
        (restart)
        > more
        Which would you like to read?
        1. We want to keep meeting like this, at times working… (doing it)
        2. Listen to families and work with us. (doing it) [We want to keep…] [Listen to families…]
        > back
        ...
        > 3
        Families said: “Nobody tells us when our caseworker changes, and the new one does not know our child.”
        Where we heard it: Cuppa and a Chat, Active Hyde, June 2025.
        We have heard this.
        Nobody has told us yet what will be done about it. [Follow this] [See more] [Open as a page]
    """)
    talk.taps("Follow this")
    assert talk.shown() == ["You follow this now. We write to you when it moves. [Stop following]"]
    talk.hear(tap="s:follow:item=3:on=yes")  # pressed once more, later
    assert talk.shown() == ["You follow this now. We write to you when it moves. [Stop following]"]
    assert len(talk.kept(Follow)) == 1
    talk.taps("Stop following")
    assert talk.shown() == ["You do not follow this any more. [Follow this]"]
    assert talk.kept(Follow) == []


def test_news_of_a_topic_begin_and_end_with_a_tap(talk: Talk, six_items: None) -> None:
    talk("""
        > what is being done
        ...
        > school
        Which would you like to read?
        1. Some schools pick which parts of a plan they carry out. (heard) [Some schools pick…] [Send me news of this]
        > send me news of this
        You will hear when something about “School” moves. [See more]
    """)
    assert [one.topic for one in talk.kept(Subscription)] == ["school"]
    talk("""
        > you said
        ...
        > school
        Which would you like to read?
        1. Some schools pick which parts of a plan they carry out. (heard) [Some schools pick…] [Stop news about this]
        > 2
        We will not send you news about “School” any more. [See more]
    """)
    assert talk.kept(Subscription) == []


def test_an_item_that_staff_moved_says_who_does_it_by_when_and_when_that_has_passed(
    talk: Talk, area: Area, six_items: None
) -> None:
    author = staff(talk)
    with talk.writing() as session:
        theme = session.scalars(select(Theme).where(Theme.source_id == "ys-3")).one()
        add_update(
            session,
            theme,
            Status.DOING,
            "Your new caseworker rings you in their first week.",
            organisation="council",
            due=date(2026, 12, 1),
            by=author,
        )
    talk.hear(tap=f"s:you_said:item={theme.id}")
    assert talk.shown()[2:] == [
        "What is being done: Your new caseworker rings you in their first week.",
        "Who does it: Tameside Council.",
        "By when: Tuesday 1 December 2026.",
        "Last changed: Tuesday 10 November 2026. [Follow this] [See more] [Open as a page]",
    ]
    talk("(later 4 weeks)")
    talk.hear(tap=f"s:you_said:item={theme.id}")
    assert "That day has passed. It has not been done, or nobody has told us." in talk.shown()
    with talk.writing() as session:
        theme = session.get_one(Theme, theme.id)
        add_update(
            session,
            theme,
            Status.CANNOT,
            "",
            organisation="council",
            due=None,
            by=author,
            reason="too few people work here.",
        )
    talk.hear(tap=f"s:you_said:item={theme.id}")
    assert "We can't do this, because: too few people work here." in talk.shown()
    assert [update.status for update in talk.kept(Update) if update.theme_id == theme.id] == [
        Status.DOING,
        Status.CANNOT,
    ]


def test_nothing_is_said_to_be_impossible_without_a_reason(talk: Talk, six_items: None) -> None:
    author = staff(talk)
    with talk.writing() as session:
        theme = session.get_one(Theme, 1)
        with pytest.raises(NeedsReason):
            add_update(session, theme, Status.CANNOT, "", organisation=None, due=None, by=author, reason="  ")
        with pytest.raises(NotAllowed):
            add_update(session, theme, Status.DONE, "Done.", organisation=None, due=None, by=talk.person(session))


def test_families_say_whether_it_is_really_done(talk: Talk, six_items: None) -> None:
    author = staff(talk)
    with talk.writing() as session:
        theme = session.get_one(Theme, 1)
        done = add_update(
            session, theme, Status.DONE, "All plans were read again.", organisation=None, due=None, by=author
        )
    talk.hear(tap="s:is_it_done:item=1:better=no")
    assert talk.shown() == ["What is still not right? Please leave out names. [Skip]"]
    talk("""
        (restart)
        > Our name is still wrong.
        Thank you. Staff see that it is not right yet. [See more]
    """)
    with talk.writing() as session:
        by = session.get_one(Person, author.id)
        assert not_right_yet(session, session.get_one(Update, done.id), by) == ["Our name is still wrong."]
        assert session.scalars(select(Audit.about).where(Audit.deed == "read")).all() == [f"update:{done.id}"]
    talk.hear(tap="s:is_it_done:item=1:better=yes")
    assert talk.shown() == ["Thank you. It is good to know."]
    [verdict] = talk.kept(Verdict)
    assert (verdict.better, verdict.words) == (True, "")
    with talk.writing() as session:
        assert verdicts(session, session.get_one(Update, done.id)).better == 1
        theme = session.get_one(Theme, 1)
        add_update(session, theme, Status.DOING, "Some were wrong: again.", organisation=None, due=None, by=author)
    talk.hear(tap="s:is_it_done:item=1:better=yes")
    assert talk.shown()[0] == "This has moved on since."


def test_who_has_not_agreed_is_asked_before_they_follow_and_a_no_keeps_nothing(talk: Talk, area: Area) -> None:
    with talk.writing() as session:
        load_you_said(session, area)
    talk.hear(tap="s:follow:item=1:on=yes")
    assert talk.shown()[-1].endswith("Is that OK? [Yes, that is OK] [Tell me more] [No, thank you]")
    talk.types("no")
    assert talk.kept(Follow) == []


def test_old_buttons_and_items_that_are_gone_explain(talk: Talk, six_items: None) -> None:
    for old in ("s:you_said:item=99", "s:you_said:item=x", "s:follow:item=99:on=yes", "s:follow", "s:is_it_done"):
        talk.hear(tap=old)
        assert talk.shown() == ["I cannot find that any more. [See what is here]"]
    talk.hear(tap="s:is_it_done:item=1:better=yes")  # it is not done
    assert talk.shown()[0] == "This has moved on since."


def test_before_anything_is_there_it_says_so(talk: Talk) -> None:
    talk("""
        > you said
        Nothing has been put here yet. When staff say what is being done, you will find it here.
    """)


def test_words_are_linked_to_an_item_and_move_with_it(talk: Talk, area: Area, six_items: None) -> None:
    author, forum = staff(talk), staff(talk, "forum", "forum")
    with talk.writing() as session:
        parent = talk.person(session)
        late = give_feedback(session, area, parent, topic="transport", text="The taxi was late.")
        private = give_feedback(
            session, area, parent, topic="transport", text="For parents only.", visibility=Visibility.FORUM
        )
        assert linkable(session, "transport", author) == [late]
        assert linkable(session, "transport", forum) == [late, private]
        theme = new_theme(session, "transport", "Taxis come late.", author)
        link(session, late, theme, author)
        assert linkable(session, "transport", author) == []
        add_update(session, theme, Status.LOOKING, "We ask the taxi firm.", organisation="council", due=None, by=author)
    with reading(talk.engine) as session:
        late = session.get_one(Feedback, late.id)
        assert late.status is Status.LOOKING
        assert late.answered is not None
        history = session.scalars(select(FeedbackStatus.status).where(FeedbackStatus.feedback_id == late.id))
        assert history.all() == [Status.HEARD, Status.LOOKING]
    talk.hear(tap=f"s:you_said:item={theme.id}")
    assert talk.shown()[-1] == "You told us about this. We write to you when it moves. [See more] [Open as a page]"
    with talk.writing() as session:
        unlink(session, session.get_one(Feedback, late.id), session.get_one(Person, author.id))
    assert [one.theme_id for one in talk.kept(Feedback)] == [None, None]


def test_what_was_promised_for_a_day_is_chased_before_it(talk: Talk, six_items: None) -> None:
    author = staff(talk)
    with talk.writing() as session:
        theme = session.get_one(Theme, 1)
        add_update(
            session, theme, Status.DOING, "We read all plans.", organisation=None, due=date(2026, 11, 20), by=author
        )
        assert to_chase(session, date(2026, 11, 19)) == []
        [action] = to_chase(session, date(2026, 11, 20))
        assert action.theme is theme
        action.chased_for = date(2026, 11, 20)
        assert to_chase(session, date(2026, 11, 30)) == []
        add_update(
            session, theme, Status.DOING, "It takes longer.", organisation=None, due=date(2026, 12, 4), by=author
        )
        assert to_chase(session, date(2026, 12, 4)) == [action]
        add_update(session, theme, Status.DONE, "Done.", organisation=None, due=None, by=author)
        assert to_chase(session, date(2026, 12, 31)) == []


def test_a_young_person_gets_fewer_words(talk: Talk, six_items: None) -> None:
    with talk.writing() as session:
        talk.person(session).kind = Kind.YOUNG
    talk.hear(tap="s:you_said:item=5")
    assert talk.shown() == [
        "Families said: “We want to keep meeting like this, at times working parents can manage.”",
        (
            "What is being done: Cuppa and a Chat goes on in the next school year, with some evenings. "
            "[Follow this] [See more] [Open as a page]"
        ),
    ]


def test_who_has_stopped_messages_is_not_promised_any(talk: Talk, six_items: None) -> None:
    talk("""
        > stop
        ...
        > that is all
        ...
    """)
    talk.hear(tap="s:follow:item=1:on=yes")
    assert "\n".join(talk.shown()).endswith("But you have stopped messages from us. To get this, first type “start”.")
