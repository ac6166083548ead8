"""A copy is made while everybody talks, and put back later: nothing is sent again, and nobody comes back who had left."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from models.broadcast import Broadcast, BroadcastState
from models.database import open_database, reading
from models.outgoing import Outgoing, State
from models.person import Address
from tests.faults.program import Program, until
from tests.faults.test_kill import TEXT, families
from tests.standin import BotApi

PEOPLE = 80
SECRET = "zebrafinch"


def test_after_a_restore_nothing_is_sent_again_and_nobody_comes_back(tmp_path: Path, api: BotApi) -> None:
    program = Program(tmp_path, api, TELEGRAM_PER_SECOND="40")
    copy = tmp_path / "copy"
    with program:
        crowd = families(program, api, PEOPLE)
        (tmp_path / "text").write_text(TEXT)
        args = ("--to", "everyone", "--at", "2026-01-01T09:00", "--yes", "--json")

        def received() -> Counter[int]:
            return Counter(sum(TEXT in words for words in api.chat(one).texts) for one in crowd)

        for number in crowd[:5]:
            api.person(number).says(f"/who {SECRET}")
        program.run("publish", "--text-file", str(tmp_path / "text"), *args)
        until(lambda: received()[1] >= 20, "a part of it")
        program.run("backup", str(copy))
        sent_before_the_copy = received()[1]
        leaver = api.person(crowd[0])
        leaver.says("erase everything")
        leaver.hears("I can erase")
        leaver.taps("Erase everything")
        leaver.hears("Are you sure")
        leaver.taps("Yes, erase it all")
        leaver.hears("It is done")
        # Whoever has gone by then may have been left out of the publication.
        until(lambda: received()[1] >= PEOPLE - 1, "the rest of it")
        assert program.end() == 0
    for file in tmp_path.glob("yousaid.db*"):
        print(file.name, file.stat().st_size)
    restored = json.loads(program.run("restore", str(copy), "--json"))
    assert restored["erased"] == 1
    arrived = {one: len(api.chat(one).texts) for one in crowd}
    with program:
        stranger = api.person(9_000, "Kim")
        stranger.says("/start")
        stranger.hears()
        until(lambda: waiting(program) == 0, "nothing to wait")
    assert {one: len(api.chat(one).texts) for one in crowd} == arrived
    engine = open_database(program.database_url)
    with reading(engine) as session:
        states = Counter(session.scalars(select(Outgoing.state).where(Outgoing.about == "broadcast:1")))
        publication = session.get_one(Broadcast, 1)
        assert publication.state is BroadcastState.PAUSED or publication.state is BroadcastState.DONE
        assert session.scalars(select(Address).where(Address.key == str(crowd[0]))).all() == []
    engine.dispose()
    # Whoever got it after the copy was made is on the list of unknown fates, and nobody else.
    assert states[State.SENT] + states[State.UNKNOWN] == PEOPLE - 1
    assert states[State.UNKNOWN] >= PEOPLE - 1 - sent_before_the_copy - 20


def waiting(program: Program) -> int:
    engine = open_database(program.database_url)
    with reading(engine) as session:
        found = session.scalars(select(Outgoing.id).where(Outgoing.state.in_((State.WAITING, State.SENDING)))).all()
    engine.dispose()
    return len(found)


def test_the_database_of_a_program_that_serves_is_not_replaced(tmp_path: Path, api: BotApi) -> None:
    with Program(tmp_path, api) as program:
        copy = tmp_path / "copy"
        program.run("backup", str(copy))
        kim = api.person(9_000, "Kim")
        kim.says("/start")
        kim.hears()
        refused = program.refused("restore", str(copy))
        assert "stop `yousaid serve` first" in refused


def test_whoever_is_erased_leaves_no_word_in_any_file(tmp_path: Path, api: BotApi) -> None:
    program = Program(tmp_path, api)
    with program:
        [number] = families(program, api, 1)
        sam = api.person(number)
        for said in (f"Who helps with a {SECRET}?", "tell us", "two minutes", "transport", f"The {SECRET} was late."):
            sam.says(said)
            sam.hears()
        sam.says("/menu")
        sam.hears()
        assert any(SECRET.encode() in file.read_bytes() for file in tmp_path.glob("yousaid.db*"))
        sam.says("erase everything")
        sam.hears("I can erase")
        sam.taps("Erase everything")
        sam.hears("Are you sure")
        sam.taps("Yes, erase it all")
        sam.hears("It is done")
        until(lambda: waiting(program) == 0, "the last reply")
        assert program.end() == 0
    left = [file.name for file in tmp_path.iterdir() if file.is_file() and SECRET.encode() in file.read_bytes()]
    assert left == []
