"""Publications at the desk: written with a look at each phone, let go by a second person, watched, paused, called off."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select

from handlers.publish import publications
from models import consent
from models.broadcast import Broadcast, BroadcastState
from models.database import now, reading, writing
from models.feedback import Feedback, Status
from models.outgoing import Class, Outgoing, State
from models.partnership import Partnership
from models.person import Address, Kind, Person, meet
from models.personal.allowed import AllowedWords
from models.role import RoleName
from models.theme import Theme
from tests.web.desk.colleague import Colleague, audit
from tests.web.desk.conftest import Hire
from tests.web.desk.test_inbox import says
from tests.web.desk.test_items import made, put


def families(engine: Engine, partnership: Partnership, count: int = 1) -> None:
    """So many parents who agreed to be written to."""
    with writing(engine) as session:
        for number in range(count):
            person = meet(session, "terminal", f"reader {number}").person
            person.kind = Kind.PARENT
            consent.agree(session, person, partnership.area)


def item(engine: Engine, partnership: Partnership, staff: Colleague) -> int:
    """An item with one family behind it who may be written to."""
    ref = says(engine, partnership, "The taxi is late each morning.")
    number = made(engine, staff)
    put(engine, staff, number, ref)
    with writing(engine) as session:
        family = session.scalars(select(Feedback)).one().person
        assert family is not None
        consent.agree(session, family, partnership.area)
    return number


def sweep(engine: Engine, partnership: Partnership) -> None:
    with writing(engine) as session:
        publications(session, partnership, now())


def newest(engine: Engine) -> Broadcast:
    with reading(engine) as session:
        found = session.scalars(select(Broadcast).order_by(Broadcast.id.desc()).limit(1)).one()
        assert found.author is None or found.author.id
        return found


def rows(engine: Engine) -> list[Outgoing]:
    with reading(engine) as session:
        return list(session.scalars(select(Outgoing).where(Outgoing.kind == Class.BROADCAST).order_by(Outgoing.id)))


SAID = {"status": "doing", "who": "council", "job": "Transport team", "text_en": "We ring you when the taxi is late."}


def test_a_publication_is_written_let_go_by_another_and_moves_its_item(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    number = item(engine, tameside, author)
    author.opens(f"/items/{number}")
    assert f'href="/desk/items/{number}/say"' in author.page
    response = author.sends("look", f"/items/{number}/say", **SAID)
    assert response.status_code == 200
    assert "To 1 person who said it:" in author.words
    assert "You told us: “their own words” We are doing something about it." in author.words
    assert "What is being done: We ring you when the taxi is late. Who does it: Tameside Council (Transport team)." in (
        author.words
    )
    assert "1 person is written to." in author.words
    assert "Reading age of the English:" in author.words
    with reading(engine) as session:
        assert session.scalars(select(Broadcast)).all() == [], "only looked at"
    author.sends("hand-in", **SAID)
    assert "Colleagues are asked to look at it." in author.words
    assert newest(engine).state is BroadcastState.WAITING
    address = f"/publications/{newest(engine).id}"
    author.opens(address)
    assert "Approve" not in author.words
    assert "You wrote this yourself." in author.words
    approver.opens("/publications")
    assert "1 waits for you to look at it." in approver.words
    approver.sends("approve", address)
    assert "It goes out." in approver.words
    sweep(engine, tameside)
    author.opens(address)
    assert "Done: 0 of 1." in author.words
    assert "Still to go: 1." in author.words
    assert rows(engine)[0].message.text.startswith("You told us: “The taxi is late each morning.”")
    with reading(engine) as session:
        theme = session.get_one(Theme, number)
        assert theme.status is Status.DOING
        assert theme.actions[0].role == "Transport team"


def test_the_author_cannot_let_their_own_go(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    author, other = hire(RoleName.APPROVER), hire(RoleName.APPROVER)
    families(engine, tameside)
    author.sends("hand-in", "/publications/new", audience="everyone", text_en="The office is closed on Monday.")
    address = f"/publications/{newest(engine).id}"
    other.opens(address)
    token = author.page.partition('name="token" value="')[2].partition('"')[0]
    response = author.http.post(f"/desk{address}/approve", data={"token": token})
    assert response.status_code == 403
    assert newest(engine).state is BroadcastState.WAITING
    other.sends("send-back", because="")
    assert "Say what should be different." in other.words
    other.sends("send-back", because="Say which office.")
    assert newest(engine).state is BroadcastState.DRAFT
    author.opens(address)
    assert "They say: “Say which office.”" in author.words
    author.opens(f"/publications/new?again={newest(engine).id}")
    assert "The office is closed on Monday." in author.page
    author.sends("hand-in", audience="everyone", text_en="The Ashton office is closed on Monday.")
    with reading(engine) as session:
        assert [one.state for one in session.scalars(select(Broadcast).order_by(Broadcast.id))] == [
            BroadcastState.STOPPED,
            BroadcastState.WAITING,
        ]


def test_what_cannot_be_handed_in_like_this_is_said_beside_its_field(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    staff = hire(RoleName.BROADCASTER)
    number = item(engine, tameside, staff)
    page = f"/items/{number}/say"
    for fields, said in (
        ({**SAID, "text_en": ""}, "Write your text first."),
        ({**SAID, "text_en": "", "status": "cannot"}, "Say why it cannot be done."),
        ({**SAID, "text_en": "x" * 501}, "That is too long for a phone: 501 letters."),
        ({**SAID, "who": ""}, "Choose who does it."),
        ({**SAID, "by": "2020-01-01"}, "is over. Please give a day to come."),
        ({**SAID, "day": "2020-01-01", "clock": "10:00"}, "That time is over."),
        ({**SAID, "day": "2099-01-01"}, "Give the time too"),
        ({**SAID, "clock": "10:00"}, "Give the day too"),
        ({**SAID, "audience": "topic:nothing"}, "Choose who gets it."),
    ):
        assert staff.sends("hand-in", page, **fields).status_code == 422, fields
        assert said in staff.words, fields
    with reading(engine) as session:
        assert session.scalars(select(Broadcast)).all() == []


def test_remarks_and_names_are_decided_about_before_it_is_handed_in(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    staff = hire(RoleName.BROADCASTER)
    number = item(engine, tameside, staff)
    fields = {**SAID, "text_en": "Ring Dave on 07700 900123. We guarantee a taxi."}
    staff.sends("hand-in", f"/items/{number}/say", **fields)
    assert "Can you be sure of “guarantee”?" in staff.words
    assert "“Dave”: a name" in staff.words
    staff.sends("hand-in", **fields)
    assert "Choose what becomes of it, or change your words." in staff.words
    staff.sends("hand-in", **fields, personal="mask")
    assert "It is handed in" in staff.words or "It is kept" in staff.words
    assert newest(engine).texts["en"] == "Ring [a name] on [a phone number]. We guarantee a taxi."
    assert "Dave" not in str(newest(engine).messages)
    staff.sends("hand-in", f"/items/{number}/say", **fields)
    staff.sends("hand-in", **fields, personal="allow")
    assert newest(engine).texts["en"] == fields["text_en"]
    with reading(engine) as session:
        assert {one.words for one in session.scalars(select(AllowedWords))} == {"Dave", "07700 900123"}
    assert any(deed == "allowed personal data" for _who, deed, _about, _detail in audit(engine))


def test_a_draft_is_there_again_and_is_thrown_away(hire: Hire, engine: Engine) -> None:
    staff = hire(RoleName.BROADCASTER)
    staff.sends("look", "/publications/new", text_en="The office is closed.", audience="role:parent")
    staff.opens("/publications/new")
    assert "The office is closed." in staff.page
    staff.sends("nothing")
    staff.opens("/publications/new")
    assert "The office is closed." not in staff.page


def test_the_count_says_who_is_left_out_and_why(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    staff = hire(RoleName.BROADCASTER)
    families(engine, tameside, 3)
    with writing(engine) as session:
        stopped, enough, _reached = session.scalars(
            select(Person).where(Person.kind == Kind.PARENT).order_by(Person.id)
        )
        stopped.stopped_at = now()
        for about in range(tameside.area.publication.most_a_week):
            session.add(
                Outgoing(
                    address_id=enough.addresses[0].id, body={"text": "News"}, kind=Class.BROADCAST, urgency=4,
                    about=f"broadcast:{about + 100}", state=State.SENT, settled=now(),
                )
            )  # fmt: skip
    staff.sends("look", "/publications/new", text_en="The office is closed.", audience="role:parent")
    assert "1 person is written to." in staff.words
    assert "1 is not: they opted out." in staff.words
    assert "1 is not: they have had enough messages this week." in staff.words
    for audience in ("language:en", "everyone"):
        staff.sends("look", text_en="The office is closed.", audience=audience)
        assert "1 person is written to." in staff.words, audience


def test_it_is_paused_goes_on_and_is_called_off(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    families(engine, tameside, 2)
    author.sends("hand-in", "/publications/new", audience="everyone", text_en="The office is closed on Monday.")
    address = f"/publications/{newest(engine).id}"
    approver.sends("approve", address)
    sweep(engine, tameside)
    author.opens(address)
    assert 'data-fresh="3"' in author.page
    assert 'aria-live="polite"' in author.page
    author.sends("pause")
    assert "It is paused." in author.words
    assert "data-fresh" not in author.page
    assert all(row.due.year == 9999 for row in rows(engine))
    author.sends("go-on")
    assert "It goes on." in author.words
    author.sends("stop")
    assert "Nothing more of it is sent." in author.words
    assert {row.state for row in rows(engine)} == {State.DROPPED}
    assert "opted out: 2." in author.words
    token = author.page.partition('name="token" value="')[2].partition('"')[0]
    response = author.http.post(f"/desk{address}/go-on", data={"token": token})
    assert response.status_code == 409


def test_the_report_lists_what_nobody_knows_and_it_is_decided(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    families(engine, tameside, 3)
    author.sends("hand-in", "/publications/new", audience="everyone", text_en="The office is closed on Monday.")
    address = f"/publications/{newest(engine).id}"
    approver.sends("approve", address)
    sweep(engine, tameside)
    with writing(engine) as session:
        one, two, three = session.scalars(
            select(Outgoing).where(Outgoing.kind == Class.BROADCAST).order_by(Outgoing.id)
        )
        one.state, two.state, three.state = State.SENT, State.UNKNOWN, State.UNKNOWN
        unknown = [two.id, three.id]
    sweep(engine, tameside)
    author.opens(address)
    assert "Got it: 1 of 3." in author.words
    assert "0 people pressed a button of it." in author.words
    assert all(f"No. {number}" in author.words for number in unknown)
    assert author.words.count("Parents and carers, English") == 2
    assert "has written since" not in author.words
    author.sends("leave", row=[])
    assert "Mark at least one of them." in author.words
    token = author.page.partition('name="token" value="')[2].partition('"')[0]
    author.http.post(f"/desk{address}/again", data={"token": token, "row": [str(unknown[0])]})
    assert [row.state for row in rows(engine)] == [State.SENT, State.WAITING, State.UNKNOWN]
    author.sends("leave", address, row=[str(unknown[1])])
    assert "Left as it is: 1." in author.words
    assert "We do not know if these arrived" not in author.words


def test_of_what_nobody_knows_one_sees_whose_words_it_answers_and_who_has_written_since(
    hire: Hire, engine: Engine, tameside: Partnership
) -> None:
    """Staff know no family by name: a reference leads to what they said, where they can be asked."""
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    number = item(engine, tameside, author)
    author.sends("hand-in", f"/items/{number}/say", **SAID)
    approver.sends("approve", f"/publications/{newest(engine).id}")
    sweep(engine, tameside)
    with writing(engine) as session:
        row = session.scalars(select(Outgoing).where(Outgoing.kind == Class.BROADCAST)).one()
        row.state, row.settled = State.UNKNOWN, now() - timedelta(minutes=5)
        session.get_one(Address, row.address_id).last_heard = now()
        ref = session.scalars(select(Feedback.ref)).one()
    author.opens(f"/publications/{newest(engine).id}")
    assert "has written since" in author.words
    assert f'href="/desk/inbox/{ref}"' in author.page
    assert f"What they said: {ref}" in author.words


def test_it_waits_for_its_time(hire: Hire, engine: Engine, tameside: Partnership) -> None:
    author, approver = hire(RoleName.BROADCASTER), hire(RoleName.APPROVER)
    families(engine, tameside)
    day = (tameside.area.today(now()) + timedelta(days=3)).isoformat()
    fields = {"audience": "everyone", "text_en": "The office is closed.", "day": day, "clock": "03:00"}
    author.sends("hand-in", "/publications/new", **fields)
    approver.sends("approve", f"/publications/{newest(engine).id}")
    assert newest(engine).state is BroadcastState.SCHEDULED
    assert "It goes out on" in approver.words
    wakes = tameside.area.next_waking(newest(engine).at)
    assert wakes > newest(engine).at, "nobody is written to at night"
    sweep(engine, tameside)
    assert rows(engine) == []
