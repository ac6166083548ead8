"""Killed at commit after commit while a family and staff are in each errand: all ends as it does when nobody is killed.

The same walks twice, from the same seed: once in peace, once dying. Whatever one of them did twice, or lost, is a row
more or less, or words on a phone that the other did not get.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from handlers import ERRANDS, taps
from models.database import open_database, reading, writing
from models.outgoing import Class, Outgoing, State
from models.person import Address, meet
from models.received import Received
from models.role import Role, RoleName
from models.tables import Base
from tests.crawl import WORDS
from tests.faults.conftest import Trials
from tests.faults.killed_at import Doomed
from tests.faults.program import Program, until
from tests.faults.test_kill import families
from tests.faults.test_kill_at_commits import live_and_die, there_is_strace
from tests.standin import BotApi
from tests.standin.judge import Message
from tests.standin.people import Person

__all__ = ["there_is_strace"]
STEPS = 8
TABLES = Base.metadata.sorted_tables


@dataclass(frozen=True, slots=True)
class End:
    """How the walks ended: what each was told, and how many rows there are of each kind."""

    told: dict[str, set[str]]
    rows: dict[str, int]
    failed: int
    said: int
    deaths: int


def end_of_walks(folder: Path, trials: Trials, dying: bool) -> End:
    """All walk at once, a step at a time."""
    folder.mkdir()
    walks = [f"{errand} of {who}" for errand in ERRANDS for who in ("family", "staff")]
    with BotApi() as api, Doomed(folder, api, TELEGRAM_PER_SECOND="0") as program:
        people = [api.person(key) for key in families(program, api, len(walks))]
        make_staff(program, people[1::2])
        chances = [random.Random(f"{trials.seed} {walk}") for walk in walks]
        for step in range(STEPS):
            if dying and step:
                program.kill()
            shown = replies(program, api)
            for walk, person, chance in zip(walks, people, chances, strict=True):
                if step == 0:
                    person.says("/start")
                else:
                    newest = (shown.get(person.id) or person.chat.messages)[-1]  # of who is erased nothing is kept
                    goes_on(person, newest, walk.partition(" ")[0] if step == 1 else "", chance)
            if dying and step:
                live_and_die(program, lambda: api.all_heard, range(2, 8), 12, trials)
                program.start()
            until(lambda: api.all_heard, "everything to be confirmed", 120)
            until(lambda: unanswered(program) == 0, "everybody to be answered", 120)
        shown = replies(program, api)
        told = [{without_numbers(message.text) for message in shown.get(person.id, [])} for person in people]
    engine = open_database(program.database_url)
    with reading(engine) as session:
        rows = {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}
        # How often staff are told that there is something new is a matter of time.
        rows[Outgoing.__tablename__] = sum(map(len, shown.values()))
        failed = session.scalar(select(func.count()).where(Received.error.is_not(None))) or 0
    engine.dispose()
    return End(dict(zip(walks, told, strict=True)), rows, failed, len(walks) * STEPS, program.deaths)


def unanswered(program: Program) -> int:
    """Other messages may wait for their hour: staff are told at most once in one that there is something new."""
    engine = open_database(program.database_url)
    to_send = Outgoing.kind == Class.REPLY, Outgoing.state.in_((State.WAITING, State.SENDING))
    with reading(engine) as session:
        found = session.scalar(select(func.count()).select_from(Outgoing).where(*to_send)) or 0
    engine.dispose()
    return found


def make_staff(program: Doomed, people: list[Person]) -> None:
    engine = open_database(program.database_url)
    with writing(engine) as session:
        for one in people:
            person = meet(session, "telegram", str(one.id)).person
            session.add(Role(person=person, name=RoleName.ADMIN, organisation="council"))
    engine.dispose()


def goes_on(person: Person, newest: Message, errand: str, chance: random.Random) -> None:
    """Into the errand; or to whatever they are offered, or words."""
    offered = [button.data for button in newest.buttons if button.data]
    if errand:
        person.presses(newest, taps.start(errand, {}))
    elif offered and chance.random() < 0.8:
        person.presses(newest, chance.choice(offered))
    else:
        person.says(chance.choice(WORDS))


def replies(program: Program, api: BotApi) -> dict[int, list[Message]]:
    """What stands on each phone as an answer, the newest last. What staff are told unasked comes in between at another
    place each time, and whom to ring is said from memory while the program starts: neither is walked on from."""
    engine = open_database(program.database_url)
    query = select(Address.key, Outgoing.channel_ref).join(Address, Address.id == Outgoing.address_id)
    with reading(engine) as session:
        rows = session.execute(query.where(Outgoing.kind == Class.REPLY).order_by(Outgoing.id)).all()
    engine.dispose()
    found: dict[int, list[Message]] = {}
    for key, number in rows:
        assert number is not None, "an answer that did not arrive"
        found.setdefault(int(key), []).append(api.chat(int(key)).sent[int(number)])
    return found


def without_numbers(text: str) -> str:
    """And without references, which are drawn by chance."""
    return re.sub(r"https?://\S+|\b[A-Z0-9]{6}\b|\d+", "#", text)


def test_it_dies_in_every_errand_and_all_ends_as_in_peace(tmp_path: Path, trials: Trials) -> None:
    trials.only_in_full()
    peace, dying = (end_of_walks(tmp_path / f"dying {how}", trials, how) for how in (False, True))
    other = {walk: told ^ dying.told[walk] for walk, told in peace.told.items() if told != dying.told[walk]}
    more = {name: (rows, dying.rows[name]) for name, rows in peace.rows.items() if rows != dying.rows[name]}
    trials.tell("killed at a commit of each errand", f"{dying.deaths} deaths, {len(ERRANDS)} errands of a family and of "
                f"staff, {dying.said} messages", lost=len(other) + len(more) + dying.failed)  # fmt: skip
    assert peace.failed == dying.failed == 0
    assert other == {}
    assert more == {}
    assert dying.deaths > 0
