"""Meetings at the desk: called, changed, called off, looked after; families hear of it as from the chat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from models import consent
from models.database import now, reading, writing
from models.desk.tables import DeskDraft
from models.meeting import (
    AheadQuestion,
    Coming,
    Draft,
    Meeting,
    MeetingState,
    Rsvp,
    Way,
    ask_ahead,
    call,
    load_meetings,
    say,
    say_how,
)
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Address, Kind, Person, meet
from models.role import RoleName
from tests.web.desk.colleague import Colleague, audit, hired
from tests.web.desk.conftest import Hire


def known(engine: Engine, partnership: Partnership, language: str = "en") -> int:
    """A parent who has agreed to be written to."""
    with writing(engine) as session:
        person = meet(session, "terminal", f"family {session.query(Person).count()}", language).person
        person.kind = Kind.PARENT
        consent.agree(session, person, partnership.area)
        return person.id


def evening(partnership: Partnership, days: int = 30) -> datetime:
    """Half past six, so many days from today."""
    here = partnership.area.local(now()) + timedelta(days=days)
    return here.replace(hour=18, minute=30, second=0, microsecond=0)


def called(engine: Engine, partnership: Partnership, **what: Any) -> int:
    draft = {
        "title": "A chat about transport",
        "purpose": "To hear what works and what does not.",
        "starts": evening(partnership),
        "minutes": 90,
        "ways": (Way.IN_PERSON, Way.ONLINE),
        "place": "Hyde Library",
        "link": "https://example.org/chat",
    }
    by = hired(engine, RoleName.BROADCASTER)
    with writing(engine) as session:
        return call(session, partnership.area, session.get_one(Person, by), Draft(**{**draft, **what})).id


def over(engine: Engine, meeting: int) -> None:
    """It was yesterday."""
    with writing(engine) as session:
        found = session.get_one(Meeting, meeting)
        found.starts = now() - timedelta(days=1)


def coming(engine: Engine, partnership: Partnership, meeting: int, person: int, needs: Any = None) -> None:
    with writing(engine) as session:
        somebody, found = session.get_one(Person, person), session.get_one(Meeting, meeting)
        rsvp = say(session, partnership.area, found, somebody, Coming.YES)
        say_how(session, rsvp, way=Way.IN_PERSON, how_many=1, needs=needs)


def asks(engine: Engine, meeting: int, person: int, text: str) -> int:
    with writing(engine) as session:
        return ask_ahead(session, session.get_one(Meeting, meeting), session.get_one(Person, person), text).id


def sent(engine: Engine, person: int = 0) -> list[str]:
    with reading(engine) as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.id))
        return [
            row.message.text
            for row in rows
            if not person or session.get_one(Address, row.address_id).person_id == person
        ]


def kept(engine: Engine, meeting: int = 0) -> Meeting:
    with reading(engine) as session:
        query = select(Meeting).where(Meeting.id == meeting) if meeting else select(Meeting).order_by(Meeting.id.desc())
        return session.scalars(query).first() or Meeting()


def typed(partnership: Partnership, days: int = 30, **more: str) -> dict[str, str]:
    return {
        "title": "A chat about transport",
        "purpose": "To hear what works and what does not.",
        "day": evening(partnership, days).date().isoformat(),
        "clock": "18:30",
        "minutes": "90",
        "way_person": "yes",
        "place": "Hyde Library",
        "audience": "everyone",
        **more,
    }


def filled_in(staff: Colleague, partnership: Partnership, days: int = 30, **more: str) -> None:
    """Called from the desk: looked at, then announced."""
    fields = typed(partnership, days, **more)
    assert staff.sends("announce", "/meetings/new", **fields).status_code == 200
    staff.sends("announce", **fields)


def test_a_meeting_is_called_once_it_was_read_back(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    parent = known(engine, tameside)
    staff = hire(RoleName.BROADCASTER)
    fields = typed(tameside)
    staff.sends("announce", "/meetings/new", **fields)
    assert "This is what people will read:" in staff.words
    assert "What for: To hear what works and what does not." in staff.words
    assert "1 person will be told." in staff.words
    assert sent(engine) == []
    staff.sends("announce", **{**fields, "place": "Hyde Town Hall"})
    assert "Where: Hyde Town Hall." in staff.words, "other words are read back again"
    assert sent(engine) == []
    staff.sends("announce", **{**fields, "place": "Hyde Town Hall"})
    assert "Done. 1 person is told." in staff.words
    assert "Hyde Town Hall" in staff.words
    [invitation] = sent(engine, parent)
    assert invitation.startswith("You are invited to a meeting.\nA chat about transport")
    staff.opens("/meetings")
    assert "A chat about transport" in staff.words
    assert "To come: 1" in staff.words


def test_what_does_not_do_is_said_all_at_once_and_stays_as_typed(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    staff = hire(RoleName.BROADCASTER)
    fields = typed(tameside, title="", day="", link="example", phone="12", way_person="")
    assert staff.sends("announce", "/meetings/new", **fields).status_code == 422
    for said in (
        "Give the meeting a title.",
        "Choose the day.",
        "Choose at least one way to take part.",
        "Please send the whole link.",
        "That is not a whole phone number.",
    ):
        assert said in staff.words
    assert "To hear what works and what does not." in staff.words
    staff.opens("/meetings/new")
    assert "You began this before." in staff.words
    assert "To hear what works and what does not." in staff.words
    staff.sends("drop")
    staff.opens("/meetings/new")
    assert "To hear what works" not in staff.words


def test_short_notice_takes_a_reason_that_families_read(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    parent = known(engine, tameside)
    staff = hire(RoleName.BROADCASTER)
    assert staff.sends("announce", "/meetings/new", **typed(tameside, 2)).status_code == 422
    assert "Why so soon? Families read your reason." in staff.words
    fields = typed(tameside, 2, reason="The school asked us on Monday.")
    staff.sends("announce", **fields)
    assert "This is short notice. The reason: The school asked us on Monday." in staff.words
    staff.sends("announce", **fields)
    assert "The reason: The school asked us on Monday." in sent(engine, parent)[0]
    assert "Why so soon The school asked us on Monday." in staff.words
    assert staff.sends("announce", "/meetings/new", **typed(tameside, -1)).status_code == 422


def test_one_is_called_from_a_kind_and_the_second_colleague_is_told(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    with writing(engine) as session:
        load_meetings(session, tameside.area)
    one, two = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    one.opens("/meetings?which=kinds")
    kind = kept(engine, 1)
    assert kind.title in one.words
    one.opens("/meetings/1")
    assert "/desk/meetings/new?kind=1" in one.page
    one.opens("/meetings/new?kind=1")
    two.opens("/meetings/new?kind=1")
    assert kind.purpose in two.words
    fields = typed(tameside, title=kind.title)
    one.sends("announce", **fields)
    one.sends("announce", **fields)
    assert kept(engine, 1).state is MeetingState.CALLED
    assert two.sends("announce", **fields).status_code == 409
    assert "A meeting of this kind has been called already." in two.words
    assert "Hyde Library" in two.page, "what was typed is still there"


def test_a_change_is_told_with_what_was_and_what_is_now(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    parent, other = known(engine, tameside), known(engine, tameside)
    meeting = called(engine, tameside)
    coming(engine, tameside, meeting, parent)
    staff = hire(RoleName.BROADCASTER)
    staff.opens(f"/meetings/{meeting}/change")
    assert "Hyde Library" in staff.page
    fields = typed(tameside, way_online="yes", link="https://example.org/chat")
    staff.sends("save", **fields)
    assert "That is what it was before. Nobody was told." in staff.words
    fields["place"] = "Hyde Town Hall"
    staff.sends("save", f"/meetings/{meeting}/change", **fields)
    assert "Before: Where: Hyde Library. Now: Where: Hyde Town Hall." in staff.words.replace("  ", " ")
    assert "1 person who said yes or maybe will be told." in staff.words
    assert sent(engine) == []
    staff.sends("save", **fields)
    assert "Done. 1 person is told." in staff.words
    assert "“A chat about transport” has changed." in sent(engine, parent)[-1]
    assert sent(engine, other) == []
    assert kept(engine, meeting).sequence == 1


def test_two_who_change_one_meeting(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    meeting = called(engine, tameside)
    one, two = hire(RoleName.BROADCASTER), hire(RoleName.BROADCASTER)
    for staff in (one, two):
        staff.opens(f"/meetings/{meeting}/change")
    fields = typed(tameside, way_online="yes", link="https://example.org/chat")
    one.sends("save", **{**fields, "place": "Hyde Town Hall"})
    one.sends("save", **{**fields, "place": "Hyde Town Hall"})
    response = two.sends("save", **{**fields, "title": "Transport, and you"})
    assert response.status_code == 409
    assert "As your colleague left it" in two.words
    assert "Hyde Town Hall" in two.words
    assert "Transport, and you" in two.page
    with reading(engine) as session:
        assert [row.fields["title"] for row in session.scalars(select(DeskDraft))] == ["Transport, and you"]
    assert kept(engine, meeting).title == "A chat about transport"


def test_it_is_called_off_with_a_reason(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    parent = known(engine, tameside)
    meeting = called(engine, tameside)
    coming(engine, tameside, meeting, parent)
    staff = hire(RoleName.BROADCASTER)
    assert staff.sends("cancel", f"/meetings/{meeting}", because="").status_code == 422
    assert sent(engine) == []
    staff.sends("cancel", because="The room is flooded.")
    assert "It is cancelled. 1 person is told." in staff.words
    assert "The reason: The room is flooded." in sent(engine, parent)[-1]
    assert "Why it is off The room is flooded." in staff.words
    assert staff.opens(f"/meetings/{meeting}/change").status_code == 404
    staff.opens("/meetings?which=cancelled")
    assert "A chat about transport" in staff.words


def test_who_comes_and_what_is_arranged(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    parent, other = known(engine, tameside), known(engine, tameside, "pl")
    meeting = called(engine, tameside)
    coming(engine, tameside, meeting, parent, {"marks": ["step", "other"], "words": "A chair with arms"})
    coming(engine, tameside, meeting, other, {"marks": ["step"]})
    staff, reader = hire(RoleName.BROADCASTER), hire(RoleName.VIEWER)
    staff.opens(f"/meetings/{meeting}")
    assert "Said yes 2" in staff.words
    assert "Step-free access : 2" in staff.words
    assert "A chair with arms" in staff.words
    assert (staff.person, "looked at", f"meeting:{meeting}", "desk:1") in audit(engine)
    staff.sends("arranged", need="step")
    assert "Marked. 2 people are told." in staff.words
    assert "this is arranged: Step-free access." in sent(engine, parent)[-1]
    assert sent(engine, other)[-1] != sent(engine, parent)[-1], "each in their language"
    assert staff.sends("arranged", need="step").status_code == 200
    assert len(sent(engine)) == 2, "nobody is told twice"
    reader.opens(f"/meetings/{meeting}")
    assert "A chair with arms" not in reader.words
    assert "What they need" not in reader.words


def test_a_question_sent_ahead_is_answered_to_whoever_should_read_it(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    parent, other = known(engine, tameside), known(engine, tameside)
    meeting = called(engine, tameside)
    coming(engine, tameside, meeting, other)
    first = asks(engine, meeting, parent, "Is there parking?")
    second = asks(engine, meeting, parent, "May I bring my mum?")
    staff, late, reader = hire(RoleName.RESPONDER), hire(RoleName.RESPONDER), hire(RoleName.VIEWER)
    reader.opens(f"/meetings/{meeting}")
    assert "Is there parking?" in reader.words
    assert "Your answer" not in reader.words
    assert (reader.person, "looked at", f"meeting:{meeting}", "desk:3") in audit(engine)
    late.opens(f"/meetings/{meeting}")
    staff.opens(f"/meetings/{meeting}")
    assert staff.sends("answer", question=str(first), answer="", share="one").status_code == 422
    staff.sends("answer", question=str(first), answer="Yes, behind the library.", share="all")
    assert "Sent to 2 people." in staff.words
    assert sent(engine, parent)[-1].startswith("You asked for “A chat about transport”:")
    assert sent(engine, other)[-1].startswith("Somebody asked for “A chat about transport”:")
    response = late.sends("answer", question=str(first), answer="No, there is none.", share="one")
    assert response.status_code == 409
    assert "Yes, behind the library." in late.words
    assert "No, there is none." in late.words
    staff.sends("answer", question=str(second), answer="Yes, please do.", share="one")
    assert len(sent(engine, other)) == 1
    with reading(engine) as session:
        assert [one.shared for one in session.scalars(select(AheadQuestion).order_by(AheadQuestion.id))] == [
            True,
            False,
        ]


def test_a_question_of_another_meeting_is_not_answered_here(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    parent = known(engine, tameside)
    one, two = called(engine, tameside), called(engine, tameside)
    asks(engine, one, parent, "Is there parking?")
    other = asks(engine, two, parent, "Is it far?")
    staff = hire()
    staff.opens(f"/meetings/{one}")
    assert staff.sends("answer", question=str(other), answer="No, it is not.", share="one").status_code == 409
    assert sent(engine) == []


def test_the_notes_are_looked_at_and_sent_to_all_who_were_invited(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    parent = known(engine, tameside)
    meeting = called(engine, tameside)
    over(engine, meeting)
    staff, two = hire(RoleName.BROADCASTER), hire(RoleName.BROADCASTER)
    staff.opens("/meetings?which=notes")
    assert "A chat about transport" in staff.words
    two.opens(f"/meetings/{meeting}")
    words = "We guarantee that Mrs Patel will ring you by Saturday."
    assert staff.sends("notes", f"/meetings/{meeting}", notes=words).status_code == 422
    assert "looks like a name" in staff.words
    assert words in staff.words
    assert sent(engine) == []
    staff.sends("notes", notes="The taxi firm comes next time. The council asks them by May.")
    assert "Done. 1 person is told." in staff.words
    assert "The taxi firm comes next time." in sent(engine, parent)[-1]
    assert two.sends("notes", notes="Something else was said.").status_code == 409
    assert "The taxi firm comes next time." in two.words
    with reading(engine) as session:
        assert "Something else was said." in [row.fields.get("notes") for row in session.scalars(select(DeskDraft))]


@pytest.mark.parametrize("role", [RoleName.VIEWER, RoleName.RESPONDER, RoleName.SAFEGUARDING])
def test_only_who_may_publish_calls_changes_or_cancels(
    hire: Hire, engine: Engine, tameside: Partnership, role: RoleName
) -> None:
    meeting = called(engine, tameside)
    staff = hire(role)
    staff.opens(f"/meetings/{meeting}")
    assert "Cancel it" not in staff.words
    assert staff.opens("/meetings/new").status_code == 403
    assert staff.opens(f"/meetings/{meeting}/change").status_code == 403
    with reading(engine) as session:
        assert session.scalars(select(Rsvp)).all() == []
