"""kill -9 at any moment: nobody loses their place, and every delivery is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from models.broadcast import Broadcast, of_unknown_fate
from models.consent import version
from models.database import now, open_database, reading, writing
from models.feedback import Feedback
from models.outgoing import Class, Outgoing, State
from models.person import Address, Kind, Person
from tests.faults.conftest import Trials
from tests.faults.program import Program, until
from tests.standin import BotApi

TEXT = "Cuppa and a Chat goes on in the next school year, with some evenings."


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


def families(program: Program, api: BotApi, count: int) -> list[int]:
    """So many people who have agreed, on Telegram; their chats are known there."""
    from bot.partnership import open_partnership

    area = open_partnership("tameside", "").area
    crowd = [one.user["id"] for one in api.crowd(count)]
    engine = open_database(program.database_url)
    with writing(engine) as session:
        ids = session.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [
                {"kind": Kind.PARENT, "language": "en", "agreed_to": version(area), "agreed_at": now()}
                for _person in crowd
            ],
        ).all()
        session.execute(
            insert(Address),
            [
                {"channel": "telegram", "key": str(key), "person_id": person, "last_heard": now()}
                for person, key in zip(ids, crowd, strict=True)
            ],
        )
    engine.dispose()
    return crowd


def deliveries(program: Program, crowd: Sequence[int] = ()) -> Counter[State]:
    """What became of the publication to each of `crowd` (or to everybody). Nobody has two rows of it, neither they nor
    those who agreed meanwhile: people who talk while it begins may well be among its readers."""
    engine = open_database(program.database_url)
    query = select(Address.key, Outgoing.state).join(Address, Address.id == Outgoing.address_id)
    with reading(engine) as session:
        rows = session.execute(query.where(Outgoing.kind == Class.BROADCAST)).all()
    engine.dispose()
    twice = [key for key, rows_of_it in Counter(key for key, _state in rows).items() if rows_of_it > 1]
    assert twice == [], "two rows for one person"
    among = {str(one) for one in crowd}
    return Counter(state for key, state in rows if not among or key in among)


def gone_out(program: Program, crowd: Sequence[int]) -> bool:
    """Whether the publication has begun and all of it is settled: before it has begun nothing is left to send, either."""
    states = deliveries(program, crowd)
    return states.total() == len(crowd) and not states[State.WAITING] + states[State.SENDING]


def copies(api: BotApi, chats: Iterable[int]) -> Counter[int]:
    """How many of these chats have it not at all, once, or more often."""
    return Counter(sum(TEXT in words for words in api.chat(one).texts) for one in chats)


def verdict(program: Program, api: BotApi, crowd: list[int]) -> dict[str, int]:
    """Of the first publication: `lost` got nothing, and we do not know it; `twice` got it more than once; `unknown` are
    of unknown fate, and `listed` those of them that staff are shown."""
    engine = open_database(program.database_url)
    with reading(engine) as session:
        publication = session.get_one(Broadcast, 1)
        rows = session.execute(
            select(Address.key, Outgoing.id, Outgoing.state)
            .join(Address, Address.id == Outgoing.address_id)
            .where(Outgoing.about == publication.about)
        ).all()
        listed = set(of_unknown_fate(session, publication))
    engine.dispose()
    got = {one: sum(TEXT in words for words in api.chat(one).texts) for one in crowd}
    known = {int(key) for key, row, state in rows if row in listed or state is State.NOT_SENT}
    return {
        "lost": sum(1 for one in crowd if not got[one] and one not in known),
        "twice": sum(1 for one in crowd if got[one] > 1),
        "unknown": sum(1 for _key, _row, state in rows if state is State.UNKNOWN),
        "listed": len(listed),
    }


def test_a_publication_survives_being_killed_again_and_again(tmp_path: Path, api: BotApi, trials: Trials) -> None:
    readers = trials.many(160, 500)
    when = [readers // 8, readers * 2 // 5, readers * 7 // 10][: trials.many(2, 3)]
    program = Program(tmp_path, api, TELEGRAM_PER_SECOND="150")
    with program:
        crowd = families(program, api, readers)
        text = tmp_path / "text"
        text.write_text(TEXT)

        def received() -> int:
            return sum(1 for one in crowd for words in api.chat(one).texts if TEXT in words)

        program.run(
            "publish", "--text-file", str(text), "--to", "everyone", "--at", "2026-01-01T09:00", "--yes", "--json"
        )
        for enough in when:
            until(lambda enough=enough: received() >= enough, f"{enough} deliveries")  # type: ignore[misc]
            program.kill()
            program.start()
        until(lambda: gone_out(program, crowd), "the rest")
        got = copies(api, crowd)
    states, found = deliveries(program), verdict(program, api, crowd)
    trials.tell("killed three times in a publication", f"{len(when)} kills, {readers} readers", **found)
    missed = got[0]
    assert found["twice"] == found["lost"] == 0
    assert found["unknown"] == found["listed"]
    assert sum(states.values()) == readers
    # Whoever was missed is on the list of those of whom nobody knows; nobody is missed silently.
    assert missed <= states[State.UNKNOWN]
    assert states[State.SENT] + states[State.UNKNOWN] == readers


def test_people_in_mid_conversation_keep_their_place(tmp_path: Path, api: BotApi) -> None:
    program = Program(tmp_path, api, TELEGRAM_PER_SECOND="0")
    with program:
        people = [api.person(id=number, first_name="Sam") for number in range(1, 21)]
        for step in ("/start", "english", "parent", "yes"):
            for person in people:
                person.says(step)
                person.hears()
        for person in people:
            person.says("tell us")
            person.hears("How much")
            person.says("two minutes")
            person.hears("about")
            person.says("transport")
            person.hears("own words")
        for number, person in enumerate(people):
            person.says(f"The taxi was late again, the {number}th time.")
            if number == 10:
                program.kill()
        program.start()
        for person in people:
            person.hears("I have kept that")
            person.says("done")
            person.hears("feel")
    engine = open_database(program.database_url)
    with reading(engine) as session:
        # Nothing was sent behind anybody's back: each is still in the middle of it.
        assert session.scalars(select(Feedback)).all() == []
    engine.dispose()


def test_it_ends_in_order_when_it_is_asked_to(tmp_path: Path, api: BotApi) -> None:
    with Program(tmp_path, api) as program:
        sam = api.person(id=1, first_name="Sam")
        sam.says("/start")
        sam.hears()
        assert program.end() == 0
        assert "Traceback" not in program.log.read_text()
