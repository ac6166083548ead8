"""Whoever was half-way when a new release came out goes on from there: every stored conversation, every old button."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import time_machine
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot.turn import turn
from handlers import taps
from models.conversation import Conversation
from models.database import now
from models.heard import Heard
from models.message import Message
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import meet
from tests.company import references_in_order
from tests.crawl import WORDS, known, once
from tests.releases import WHO, Begun, Release, releases

RELEASES = list(releases())
# More than the longest errand has questions, each asked twice.
MOST_STEPS = 60
# What some questions take: a reference of their own, a word that the glossary has. Who is stuck may throw it away.
TYPED = (*WORDS, "222222", "EHCP", taps.command("drop"))

of_every_release = pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
for_everybody = pytest.mark.parametrize("who", WHO)


@dataclass
class Afterwards:
    """The database of today, in which somebody has begun something in the program of then."""

    connection: Connection
    partnership: Partnership
    number: int = 0
    _ids: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def having(self, begun: Begun) -> Iterator[None]:
        """Put the conversation in, and take back whatever follows."""
        savepoint = self.connection.begin_nested()
        with self._session() as session:
            row = Conversation(
                person_id=meet(session, "terminal", "1").person_id,
                flow=begun.flow,
                open=begun.open,
                answers=dict(begun.answers),
                touched=now(),
            )
            session.add(row)
            session.commit()
            self.number = row.id
        yield
        savepoint.rollback()

    def says(self, text: str = "", tap: str = "") -> list[Message]:
        """What comes back. Raises whatever the code raises."""
        with self._session() as session:
            heard = Heard(f"later:{next(self._ids)}", "terminal", "1", text=text, tap=tap)
            rows = [session.get_one(Outgoing, row) for row in turn(session, heard, self.partnership).outgoing]
            messages = [row.message for row in rows]
            session.commit()
            return messages

    def ended(self) -> bool:
        """Finished, and it may have been erased with everything else."""
        with self._session() as session:
            row = session.get(Conversation, self.number)
            return row is None or row.ended is not None

    def _session(self) -> Session:
        return Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def afterwards(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller, who: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Afterwards]:
    references_in_order(monkeypatch)
    known(tameside, engine, who, "en")
    with engine.connect() as connection, connection.begin() as transaction:
        yield Afterwards(connection, tameside)
        transaction.rollback()


def test_there_is_a_file_for_every_release() -> None:
    assert [release.version for release in RELEASES][:1] == ["0.1.0"]
    for release in RELEASES:
        assert {one.who for one in release.begun} == set(WHO)
        assert len(release.begun) > 100
        assert release.starting


@of_every_release
@for_everybody
def test_what_was_begun_is_opened_again_and_walked_to_its_end(
    release: Release, who: str, afterwards: Afterwards
) -> None:
    stuck = []
    for begun in of(release, who):
        with afterwards.having(begun):
            messages = afterwards.says(tap=taps.command("resume"))
            assert explained(messages), begun
            if not walked_to_the_end(afterwards, messages):
                stuck.append(str(begun))
    assert stuck == []


@of_every_release
@for_everybody
def test_every_old_button_acts_or_explains(release: Release, who: str, afterwards: Afterwards) -> None:
    for begun in of(release, who):
        for button in begun.buttons:
            question, _colon, value = button.partition(":")
            with afterwards.having(begun):
                tap = taps.answer(afterwards.number, question, value)
                assert explained(afterwards.says(tap=tap)), f"{begun} {button}"
                assert explained(afterwards.says(tap=tap)), f"{begun} {button}, tapped again"
    for tap in release.starting:
        savepoint = afterwards.connection.begin_nested()
        assert explained(afterwards.says(tap=tap)), tap
        assert explained(afterwards.says(tap=tap)), f"{tap}, tapped again"
        savepoint.rollback()


@of_every_release
@for_everybody
def test_a_button_of_something_long_over_says_so(release: Release, who: str, afterwards: Afterwards) -> None:
    for begun in of(release, who):
        if begun.buttons:
            messages = afterwards.says(tap=f"a:987654:{begun.buttons[0]}")
            assert explained(messages), begun


@pytest.mark.parametrize("who", ["parent"])
def test_what_today_no_longer_has_is_said_kindly(who: str, afterwards: Afterwards) -> None:
    with afterwards.having(Begun(who, "a_flow_of_then", "how", {"what": "that"}, [])):
        [said, *_] = afterwards.says(tap=taps.command("resume"))
        assert said.text.startswith("What you had started is no longer here. Nothing of it was sent.")
    with afterwards.having(Begun(who, "tell_us", "a_question_of_then", {"another": ["gone"], "length": "endless"}, [])):
        assert walked_to_the_end(afterwards, afterwards.says(tap=taps.command("resume")))


def of(release: Release, who: str) -> list[Begun]:
    return [one for one in release.begun if one.who == who]


def explained(messages: list[Message]) -> bool:
    """Something is said or asked, and it is not that the code has failed."""
    return bool(messages) and all(message.text.strip() for message in messages)


def walked_to_the_end(afterwards: Afterwards, messages: list[Message]) -> bool:
    """By the first button of each question, the next one when it is asked again; by words where no button is."""
    pressed: Counter[str] = Counter()
    for _step in range(MOST_STEPS):
        if afterwards.ended():
            return True
        mine = [
            button.tap
            for message in messages
            for button in message.buttons
            if button.tap.startswith(f"a:{afterwards.number}:")
        ]
        following = min(mine or TYPED, key=lambda way: pressed[meaning(way)])
        pressed[meaning(following)] += 1
        tap = following if mine or following == TYPED[-1] else ""
        messages = afterwards.says(tap=tap, text="" if tap else following)
        assert explained(messages)
    return False


def meaning(way: str) -> str:
    """A question that is asked once more, with a number behind its name, is the same question."""
    match taps.parse(way):
        case taps.AnswerTap(_conversation, question, value):
            return f"{once(question)}:{value}"
    return way
