"""From words to action: gathered, asked about, acted on, judged; promises that stand still; stories that are split."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.inbox.promised import chase_promises
from handlers.is_it_done import ask_if_done
from models import keeping, stopping
from models.area import Area
from models.audit import Audit
from models.database import now, reading
from models.feedback import (
    CannotPause,
    Feedback,
    FeedbackPart,
    ForTheForumOnly,
    ReasonMissing,
    Status,
    Visibility,
    answer_back,
    give_feedback,
    overdue,
    pause_promise,
    promise_figures,
    promises_due,
    reply,
    resume_promise,
    split,
)
from models.outgoing import Outgoing
from models.person import Person
from models.role import NotAllowed, RoleName
from models.small_number import shown_number, without_small
from models.theme import (
    Change,
    Meant,
    Theme,
    ThemeChange,
    Verdict,
    VerdictAsked,
    add_update,
    history,
    link,
    new_theme,
    suggest_feedback,
    suggest_themes,
    to_judge,
    verdicts_on,
)
from tests.company import colleague, family, references_in_order
from tests.talk import Talk

TOPICS = "[School] [Care plan (EHCP)] [Health and therapies] [Transport] [Short breaks] [Moving to adult life] [Something else]"


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


@pytest.fixture
def area(talk: Talk) -> Area:
    return talk.partnership.area


def says(talk: Talk, text: str, topic: str = "transport", **more: object) -> int:
    family(talk)
    with talk.writing() as session:
        given = give_feedback(session, talk.partnership.area, talk.person(session), topic=topic, text=text, **more)  # type: ignore[arg-type]
        return given.id


def an_item(talk: Talk, boss: Talk, feedback: int) -> int:
    with talk.writing() as session:
        by = boss.person(session)
        theme = new_theme(session, "transport", "Taxis come late.", by)
        link(session, session.get_one(Feedback, feedback), theme, by)
        return theme.id


def done(talk: Talk, boss: Talk, theme: int) -> int:
    with talk.writing() as session:
        return add_update(
            session,
            session.get_one(Theme, theme),
            Status.DONE,
            "There is a new firm.",
            organisation="council",
            due=None,
            by=boss.person(session),
        ).id


def clock_rings(talk: Talk) -> int:
    with talk.writing() as session:
        return ask_if_done(session, talk.partnership, now())


# -- themes


@pytest.mark.both_databases
def test_staff_gather_what_sounds_alike_and_every_change_is_kept(talk: Talk, area: Area) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    says(talk, "The taxi was late again, third time this week.")
    says(talk.another("3"), "Our driver never comes on time, the taxi is always late.")
    says(talk.another("4"), "Nobody rings us back about the plan.", "plan")
    boss(f"""
        > items
        Which item would you like to look at? [Something new]
        > something new
        What did families say? Write it in one plain sentence.
        > Taxis to school come late.
        What is it about? {TOPICS}
        > transport
        Which priority does it belong to? [The charter] [SENDIASS, the free…] [ISCAN therapies] [Who's Who] [Getting ready to be an…] [None of these]
        > who's who
        The item is made. Families do not see it yet. [Open the item] [All items]
    """)
    boss.taps("Open the item")
    boss.shown()
    boss("""
        > add families' words
        These sound alike. Which belong to it? You decide.
        333333: “Our driver never comes on time, the taxi is always late.”
        222222: “The taxi was late again, third time this week.” [333333 Our…] [222222 The taxi…] [None of these]
        > 1
        ...
        > 2
        ...
        > that is all
        Is there another one? Type its reference. [No]
        > no
        2 were added. [Open the item] [All items]
    """)
    assert {one.ref: one.theme_id for one in talk.kept(Feedback)} == {"222222": 1, "333333": 1, "444444": None}
    assert [row.about for row in talk.kept(Audit) if row.deed == "looked at"] == ["feedback:2", "feedback:1"]
    boss.taps("Open the item")
    boss.shown()
    boss("""
        > change it
        ...
        > what families said
        ...
        > Taxis to and from school come late.
        ...
    """)
    boss.taps("Open the item")
    boss.shown()
    boss("""
        > its history
        Tuesday 10 November 2026, 10:00, council: made: “Taxis to school come late.”
        Tuesday 10 November 2026, 10:00, council: 333333 was added
        Tuesday 10 November 2026, 10:00, council: 222222 was added
        Tuesday 10 November 2026, 10:00, council: said better: “Taxis to and from school come late.” [Open the item] [All items]
    """)
    [theme] = talk.kept(Theme)
    assert (theme.said, theme.priority) == ("Taxis to and from school come late.", "whos-who")


def test_what_is_for_the_forum_only_is_suggested_to_its_own_people(talk: Talk, area: Area) -> None:
    council, forum = colleague(talk, "2", RoleName.BROADCASTER), colleague(talk, "3", RoleName.BROADCASTER, "forum")
    private = says(talk, "The taxi is late each day and nobody cares.", visibility=Visibility.FORUM)
    with talk.writing() as session:
        one, other = council.person(session), forum.person(session)
        theme = new_theme(session, "transport", "The taxi is late.", one)
        feedback = session.get_one(Feedback, private)
        assert suggest_feedback(session, theme, one) == []
        assert suggest_feedback(session, theme, other) == [feedback]
        assert suggest_themes(session, feedback, other) == [theme]
        with pytest.raises(NotAllowed):
            suggest_themes(session, feedback, one)
        with pytest.raises(NotAllowed):
            link(session, feedback, theme, one)
        with pytest.raises(NotAllowed):
            history(session, theme, talk.person(session))


def test_one_feedback_is_put_into_an_item_from_the_inbox(talk: Talk) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    with talk.writing() as session:
        new_theme(session, "transport", "Taxis come late.", boss.person(session))
    says(talk, "The taxi was late again.")
    boss.hear(tap="s:inbox:which=222222")
    boss.shown()
    boss("""
        > more
        What else would you like to do? [Ask organisations] [Put in an item] [It has to wait] [Back to the list]
        > put in an item
        These items sound like it. Where does it belong?
        – Taxis come late. [Taxis come late.] [Something new] [Leave it]
        (restart)
        > 1
        It is part of “Taxis come late.” now. [Open the item] [All items]
    """)
    assert [one.theme_id for one in talk.kept(Feedback)] == [1]


# -- is this what you meant?


@pytest.mark.both_databases
def test_families_are_asked_if_it_says_what_they_meant_and_what_they_say_comes_back(talk: Talk) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    boss.hear(tap=f"s:themes:which={item}")
    boss.shown()
    boss("""
        > ask if it is right
        1 person would be asked:
        We want to write for everyone: “Taxis come late.” Is this what you meant? [Ask them] [Do not ask]
        > ask them
        1 person is asked. You hear what they say. [Open the item]
    """)
    assert talk.shown() == [
        "You told us: “The taxi was late again.”",
        "We want to write for everyone: “Taxis come late.” Is this what you meant? [Yes, I meant that] [No, something else]",
    ]
    talk.taps("No, something else")
    assert talk.shown() == ["What did you mean? Please leave out names. [Skip]"]
    talk("""
        (restart)
        > It is late only on Mondays.
        Thank you. Staff can see that this is not what you meant.
    """)
    [row] = talk.kept(Meant)
    assert (row.fits, row.words) == (False, "It is late only on Mondays.")
    assert boss.shown() == ["A family says that “Taxis come late.” is not what they meant. [Look at it]"]
    boss.taps("Look at it")
    seen = boss.shown()
    assert "Asked if it is right: 1. Yes: 0. No: 1. No answer yet: 0." in seen
    assert "They meant: “It is late only on Mondays.”" in seen
    boss.hear(tap=f"s:themes:which={item}:do=meant")
    assert boss.shown()[-1].startswith("There is nobody to ask")


def test_who_stopped_messages_is_not_asked_what_they_meant(talk: Talk) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    with talk.writing() as session:
        stopping.stop(talk.person(session))
    boss.hear(tap=f"s:themes:which={item}:do=meant")
    assert boss.shown()[-1].startswith("There is nobody to ask")
    assert talk.kept(Meant) == []


# -- actions


def test_an_item_is_done_when_nothing_of_it_goes_on(talk: Talk, area: Area) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    with talk.writing() as session:
        theme, by = session.get_one(Theme, item), boss.person(session)
        first = add_update(
            session, theme, Status.DOING, "We ring the firm.", organisation="council", role="Transport team",
            due=date(2026, 12, 1), by=by,
        )  # fmt: skip
        second = add_update(
            session, theme, Status.LOOKING, "We look for another firm.", organisation="council", due=None, by=by,
            another=True,
        )  # fmt: skip
        add_update(
            session, theme, Status.DONE, "We rang.", organisation="council", due=None, by=by, action=first.action
        )
        assert theme.status is Status.LOOKING
        assert [one.status for one in theme.actions] == [Status.DONE, Status.LOOKING]
        add_update(
            session, theme, Status.CANNOT, "", organisation="council", due=None, by=by, action=second.action,
            reason="there is none.",
        )  # fmt: skip
        assert [one.goes_on for one in theme.actions] == [False, False]
    assert [one.status for one in talk.kept(Feedback)] == [Status.CANNOT]
    family(talk)
    talk.hear(tap=f"s:you_said:item={item}")
    assert talk.shown() == [
        "Families said: “Taxis come late.”",
        "We can't do this, because: there is none.",
        "1. We rang. (done)",
        "Who does it: Tameside Council.",
        "2. there is none. (we can't)",
        "Who does it: Tameside Council.",
        "Last changed: Tuesday 10 November 2026.",
        "You told us about this. We write to you when it moves. [See more] [Open as a page]",
    ]


# -- families' verdict


@pytest.mark.both_databases
def test_some_weeks_after_done_they_are_asked_once_and_not_yet_opens_it_again(talk: Talk) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    done(talk, boss, item)
    assert clock_rings(talk) == 0
    talk("(later 28 days)")
    talk.clock.move_to(datetime(2026, 12, 8, 22, 30, tzinfo=UTC), tick=False)
    assert clock_rings(talk) == 0, "not at night"
    talk.clock.move_to(datetime(2026, 12, 9, 9, 0, tzinfo=UTC), tick=False)
    assert clock_rings(talk) == 1
    talk("(restart)")
    assert clock_rings(talk) == 0, "never twice"
    assert talk.shown() == [
        "You told us: “The taxi was late again.”",
        "On Tuesday 10 November 2026 we said that it is done. Is it? [Yes, it is] [Not yet]",
    ]
    talk.taps("Not yet")
    assert talk.shown() == ["What is still not right? Please leave out names. [Skip]"]
    talk.types("It was late today.")
    assert talk.shown()[0].startswith("Thank you. Staff see that it is not right yet. It no longer counts as done.")
    with reading(talk.engine) as session:
        theme = session.get_one(Theme, item)
        assert theme.status is Status.DOING
        assert verdicts_on(session, theme).not_yet == 1
        assert theme.newest is not None
        assert theme.newest.reopened
        feedback = session.scalars(select(Feedback)).one()
        assert feedback.answered is None, "what they wrote is owed an answer"
        assert [note.text for note in feedback.notes] == ["It was late today."]
    assert any("not done yet, so it is open again" in line for line in boss.shown())
    talk.hear(tap=f"s:you_said:item={item}")
    assert "We said it was done. Families told us that it is not right yet." in talk.shown()
    other = family(talk.another("9"))
    other.hear(tap=f"s:is_it_done:item={item}:better=yes")
    assert other.shown() == ["Thank you. It is good to know."], "more may say so once it is open again"
    talk("(later 60 days)")
    assert clock_rings(talk) == 0


def test_not_yet_from_somebody_who_did_not_raise_it_is_counted_and_opens_nothing(talk: Talk) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    done(talk, boss, item)
    stranger = family(talk.another("9"))
    stranger.hear(tap=f"s:is_it_done:item={item}:better=no")
    stranger.types("skip")
    with reading(talk.engine) as session:
        theme = session.get_one(Theme, item)
        assert (theme.status, verdicts_on(session, theme).not_yet) == (Status.DONE, 1)
        assert to_judge(theme) is theme.newest


def test_who_stopped_messages_or_has_said_so_already_is_not_asked(talk: Talk) -> None:
    boss, other = colleague(talk, "boss", RoleName.BROADCASTER), talk.another("3")
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    more = says(other, "Our taxi was late.")
    with talk.writing() as session:
        link(session, session.get_one(Feedback, more), session.get_one(Theme, item), boss.person(session))
    done(talk, boss, item)
    other.hear(tap=f"s:is_it_done:item={item}:better=yes")
    with talk.writing() as session:
        stopping.stop(talk.person(session))
    talk.clock.move_to(datetime(2026, 12, 9, 9, 0, tzinfo=UTC), tick=False)
    assert clock_rings(talk) == 0
    assert talk.kept(VerdictAsked) == []


# -- the promise clock


@pytest.mark.both_databases
def test_a_promise_stands_still_with_a_reason_that_the_family_sees_and_goes_on(talk: Talk, area: Area) -> None:
    staff = colleague(talk, "2")
    says(talk, "The taxi was late again.")
    staff.hear(tap="s:inbox:which=222222")
    staff.shown()
    staff("""
        > more
        What else would you like to do? [Ask organisations] [It has to wait] [Back to the list]
        > it has to wait
        Why does it have to wait? The family reads your words after “because”.
        > the taxi firm is closed this week.
        They will get:
        About what you told us (222222):
        “The taxi was late again.”
        Our answer has to wait, because: the taxi firm is closed this week.
        The day that we gave you was Tuesday 1 December 2026. We tell you the new day. [Send it] [Do not send]
        > send it
        It is on its way to them. [Back to the list]
    """)
    assert "Our answer has to wait, because: the taxi firm is closed this week." in talk.shown()
    talk("""
        > my things
        ...
        > what i said
        222222, Tuesday 10 November 2026: “The taxi was late again.”
        We have heard it.
        Our answer has to wait, because: the taxi firm is closed this week.
        ...
    """)
    talk("(later 28 days)")
    with talk.writing() as session:
        assert promises_due(session, area) == ([], [], []), "it is neither due nor late"
        assert promise_figures(session, area, date(2026, 11, 1), date(2027, 1, 1)).open == 1
    staff.hear(tap="s:inbox:which=222222")
    assert "The promise stands still, because: the taxi firm is closed this week." in staff.shown()
    staff("""
        > more
        What else would you like to do? [Ask organisations] [End the wait] [Back to the list]
        > end the wait
        The new day is Thursday 31 December 2026. It is on its way to them. [Back to the list]
    """)
    assert "The wait is over. We aim to answer by Thursday 31 December 2026." in talk.shown()[-1]


def test_no_pause_without_a_reason_and_none_mends_a_broken_promise(talk: Talk, area: Area) -> None:
    staff, forum = colleague(talk, "2"), colleague(talk, "3", organisation="forum")
    one = says(talk, "The taxi was late again.")
    hidden = says(talk, "For parents.", visibility=Visibility.FORUM)
    with talk.writing() as session:
        by, feedback = staff.person(session), session.get_one(Feedback, one)
        with pytest.raises(ReasonMissing):
            pause_promise(session, area, feedback, " ", by)
        with pytest.raises(NotAllowed):
            pause_promise(session, area, session.get_one(Feedback, hidden), "we wait", by)
        with pytest.raises(CannotPause):
            resume_promise(session, area, feedback, by)
    talk("(later 4 weeks)")
    with talk.writing() as session:
        by, feedback = staff.person(session), session.get_one(Feedback, one)
        with pytest.raises(CannotPause):
            pause_promise(session, area, feedback, "we wait", by)
        assert overdue(session, area, by) == [feedback]
        assert len(overdue(session, area, forum.person(session))) == 2
        assert chase_promises(session, talk.partnership, now()) == 2
    staff.shown()
    staff.types("inbox")
    assert staff.shown()[0] == "1 answer is late."


def test_promises_kept_and_broken_are_counted_by_their_day(talk: Talk, area: Area) -> None:
    staff = colleague(talk, "2")
    one, late = says(talk, "The taxi was late."), says(talk, "The bus was late.")
    with talk.writing() as session:
        feedback = session.get_one(Feedback, one)
        reply(session, feedback, "We ring them.", staff.person(session))
        talk.clock.shift(timedelta(days=1))
        answer_back(session, area, feedback, "Still late.")  # a new promise; the one before was kept
    talk("(later 4 weeks)")
    with talk.writing() as session:
        reply(session, session.get_one(Feedback, late), "Sorry.", staff.person(session))
        figures = promise_figures(session, area, date(2026, 11, 1), date(2027, 1, 1))
        assert (figures.kept, figures.broken, figures.open) == (1, 2, 0)
        assert promise_figures(session, area, date(2026, 1, 1), date(2026, 2, 1)).share_kept is None


# -- one story, several organisations


@pytest.mark.both_databases
def test_a_story_is_split_and_the_family_gets_one_joined_answer(talk: Talk) -> None:
    council, nhs = colleague(talk, "2"), colleague(talk, "3", organisation="nhs")
    says(talk, "The taxi was late and the nurse has left.")
    council.hear(tap="s:inbox:which=222222")
    council.shown()
    council("""
        > more
        ...
        > ask organisations
        Who is to answer a part of it? [Tameside Council] [The NHS in Tameside] [Tameside Umbrella…] [Schools and colleges…] [Charities and groups…] [None of these]
        > 1
        ...
        > the nhs
        ...
        > that is all
        What is Tameside Council to answer? Colleagues read this.
        > The taxi.
        What is The NHS in Tameside to answer? Colleagues read this.
        > The nurse.
        2 organisations are asked. [Open it again]
    """)
    assert nhs.shown() == ["A part of an answer is yours, by Tuesday 1 December 2026: The nurse. [Open it]"]
    nhs.taps("Open it")
    assert nhs.shown()[-1] == (
        "What would you like to do? [Reply] [Say where it stands] [Answer our part] [More] [Back to the list]"
    )
    nhs("""
        > answer our part
        Write your part. The family gets it with the others: The nurse.
        > A new nurse starts on Monday.
        “A new nurse starts on Monday.” Is that your part? [Yes, keep it] [No]
        > yes
        It is kept. Still to come: Tameside Council. [Open it again]
    """)
    assert talk.shown() == [], "one answer, not two"
    council.taps("Open it again")
    assert "The NHS in Tameside has answered, and it waits: “A new nurse starts on Monday.”" in council.shown()
    council("""
        > answer our part
        ...
        > We have rung the taxi firm.
        ...
        > yes
        It is on its way to them. [Back to the list]
    """)
    assert talk.shown() == [
        "Here is the answer to what you told us (222222):",
        "“The taxi was late and the nurse has left.”",
        "Tameside Council answers:",
        "We have rung the taxi firm.",
        "The NHS in Tameside answers:",
        "A new nurse starts on Monday. [Reply]",
    ]
    [feedback] = talk.kept(Feedback)
    assert feedback.answered is not None


def test_what_is_in_can_be_sent_before_the_rest_and_an_answer_is_still_owed(talk: Talk, area: Area) -> None:
    council, nhs = colleague(talk, "2"), colleague(talk, "3", organisation="nhs")
    says(talk, "The taxi was late and the nurse has left.")
    with talk.writing() as session:
        feedback = session.scalars(select(Feedback)).one()
        split(session, area, feedback, {"council": "The taxi.", "nhs": "The nurse."}, nhs.person(session))
    council.hear(tap="s:inbox:which=222222:do=mine")
    council("""
        > We have rung the taxi firm.
        ...
        > yes
        It is kept. Still to come: The NHS in Tameside. [Open it again]
    """)
    council.hear(tap="s:inbox:which=222222:do=more:other=send")
    council.shown()
    council("""
        > send it
        It is on its way to them. [Back to the list]
    """)
    assert talk.shown()[-1] == "Still to come: The NHS in Tameside. [Reply]"
    [feedback] = talk.kept(Feedback)
    assert feedback.answered is None
    nhs.hear(tap="s:inbox:which=222222:do=more:other=needless")
    nhs.shown()
    nhs.types("the nhs")
    [feedback] = talk.kept(Feedback)
    assert feedback.answered is not None, "all that was to come has been sent"


def test_what_is_for_the_forum_only_is_asked_of_nobody_else(talk: Talk, area: Area) -> None:
    forum, nhs = colleague(talk, "2", organisation="forum"), colleague(talk, "3", organisation="nhs")
    hidden = says(talk, "For parents.", visibility=Visibility.FORUM)
    with talk.writing() as session:
        feedback = session.get_one(Feedback, hidden)
        with pytest.raises(ForTheForumOnly):
            split(session, area, feedback, {"nhs": "All of it."}, forum.person(session))
        with pytest.raises(NotAllowed):
            split(session, area, feedback, {"forum": "All of it."}, nhs.person(session))
        assert split(session, area, feedback, {"forum": "All of it."}, forum.person(session))


# -- small numbers, and what is kept


def test_a_number_that_could_point_to_somebody_is_not_shown() -> None:
    assert [shown_number(count, 5) for count in (0, 1, 4, 5, 60)] == [0, None, None, 5, 60]
    assert without_small({"yes": 20, "no": 2, "maybe": 9}, 5) == {"yes": 20, "no": None, "maybe": None}
    assert without_small({"yes": 9, "no": 0}, 5) == {"yes": 9, "no": 0}


@pytest.mark.both_databases
def test_all_of_it_is_in_the_copy_and_goes_with_the_person(talk: Talk, area: Area) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    feedback = says(talk, "The taxi was late again.")
    item = an_item(talk, boss, feedback)
    update = done(talk, boss, item)
    with talk.writing() as session:
        me, by = talk.person(session), boss.person(session)
        again = session.get_one(Feedback, feedback)
        answer_back(session, area, again, "Late today.")
        pause_promise(session, area, again, "we wait", by)
        split(session, area, again, {"nhs": "The nurse."}, by)
        session.add(Meant(theme_id=item, feedback_id=feedback, person_id=me.id, said="x", words="Only on Mondays."))
        session.add(VerdictAsked(update_id=update, person_id=me.id))
        session.add(Verdict(update_id=update, person_id=me.id, better=False, words="Still late."))
        session.flush()
        copy = keeping.held(session, me)
        assert copy["asked_if_you_meant_it"][0]["words"] == "Only on Mondays."
        assert copy["asked_if_it_is_done"][0]["item"] == "Taxis come late."
        assert copy["said"][0]["promise_stood_still"][0]["reason"] == "we wait"
        assert copy["said"][0]["parts"][0]["asked"] == "The nurse."
        keeping.erase(session, me)
    assert [talk.kept(table) for table in (Feedback, FeedbackPart, Meant, Verdict, VerdictAsked)] == [[]] * 5
    assert [one.what for one in talk.kept(ThemeChange)] == [Change.MADE, Change.WORDS_IN]
    assert len(talk.kept(Theme)) == 1


def test_what_families_wrote_about_items_goes_when_its_time_is_up(talk: Talk) -> None:
    boss = colleague(talk, "boss", RoleName.BROADCASTER)
    item = an_item(talk, boss, says(talk, "The taxi was late again."))
    update = done(talk, boss, item)
    with talk.writing() as session:
        me = talk.person(session)
        session.add(Meant(theme_id=item, feedback_id=1, person_id=me.id, said="x", words="Only on Mondays."))
        session.add(Verdict(update_id=update, person_id=me.id, better=False, words="Still late."))
    talk.clock.move_to(datetime(2028, 11, 12, 10, 0, tzinfo=UTC), tick=False)
    with talk.writing() as session:
        for person in session.scalars(select(Person)):
            for address in person.addresses:
                address.last_heard = now()
        session.flush()
        keeping.sweep_old(session, talk.partnership, now())
    assert talk.kept(Meant) == []
    assert [(one.better, one.words) for one in talk.kept(Verdict)] == [(False, "")]
    assert talk.kept(Outgoing) == []
