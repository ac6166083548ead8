"""Walks through every conversation: every button of every question, and words where words are asked for.

Each step is a real turn on a real database, inside a savepoint that is taken back before the next branch, so that every
branch starts from the same moment. A question is walked on from once for each button that it offers in a flow.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot.partnership import load_rows
from bot.turn import turn
from handlers import ERRANDS, taps
from models import meeting
from models.consent import version
from models.conversation import Conversation, going_on
from models.database import now, writing
from models.feedback import Visibility, give_feedback
from models.heard import Heard
from models.meeting import Draft, Way
from models.message import Message
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Kind, Person, meet
from models.role import RoleName, accept, invite

# What somebody might type where words are asked for: one of them is nearly always an answer.
WORDS = ("The taxi was late again.", "12 March 2027", "18:30", "90", "3", "https://example.org/meeting", "01632 960123")
WHO = ("stranger", "parent", "young", "staff")
# Where somebody may come in from outside, and two things that they may say.
STARTS = (
    "/start",
    *(taps.start(name, {}) for name in ERRANDS),
    "my son cannot talk yet, who helps?",
    "The bus was late again!",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One message that somebody got, and how they came to it."""

    language: str
    way: tuple[str, ...]
    flow: str
    question: str
    message: Message

    @property
    def where(self) -> str:
        return f"{self.language} {self.flow}/{self.question or 'said'} after {' > '.join(self.way[-3:])}"


@dataclass
class Crawler:
    engine: Engine
    partnership: Partnership
    language: str
    channel: str = "terminal"
    key: str = "1"
    most_steps: int = 4000
    seen: list[Seen] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    walked: set[tuple[str, str, str]] = field(default_factory=set)
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def from_here(self, *starts: str) -> None:
        """Walk on from each of these taps or words."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            for start in starts:
                self._step(connection, start, ())
            transaction.rollback()

    def _step(self, connection: Connection, said: str, way: tuple[str, ...]) -> None:
        if len(self.walked) > self.most_steps or len(way) > 150:
            self.failures.append(f"{self.language}: no end after {' > '.join(way[-5:])}")
            return
        savepoint = connection.begin_nested()
        try:
            messages, flow, question = self._turn(connection, said)
        except Exception as error:
            self.failures.append(f"{self.language} {' > '.join((*way, said))}: {type(error).__name__}: {error}")
            savepoint.rollback()
            return
        way = (*way, said)
        self.seen += [Seen(self.language, way, flow, question, message) for message in messages]
        for following in self._ways_on(messages, flow, question):
            self._step(connection, following, way)
        savepoint.rollback()

    def _turn(self, connection: Connection, said: str) -> tuple[list[Message], str, str]:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            tap = said if said[:2] in ("a:", "s:", "c:") else ""
            heard = Heard(
                f"crawl:{next(self._ids)}",
                self.channel,
                self.key,
                tap=tap,
                text="" if tap else said,
                language=self.language,
            )
            turned = turn(session, heard, self.partnership)
            address = meet(session, self.channel, self.key)
            waiting = [one for one in going_on(session, address.person_id) if one.parked is None]
            current: Conversation | None = waiting[0] if waiting else None
            rows = session.scalars(select(Outgoing).where(Outgoing.id.in_(turned.outgoing)).order_by(Outgoing.id))
            found = [row.message for row in rows]
            session.commit()
            return found, current.flow if current else "", (current.open or "") if current else ""

    def _ways_on(self, messages: Sequence[Message], flow: str, question: str) -> Iterator[str]:
        taps = [button.tap for message in messages for button in message.buttons if button.tap]
        for tap in taps:
            if self._new(flow, question, _meaning(tap)):
                yield tap
        if flow and not any(tap.startswith("a:") for tap in taps[-1:]):
            for words in WORDS:
                if self._new(flow, question, words):
                    yield words

    def _new(self, flow: str, question: str, way: str) -> bool:
        edge = (flow, once(question), once(way))
        if edge in self.walked:
            return False
        self.walked.add(edge)
        return True


def once(name: str) -> str:
    """A question that is asked again when something is changed has a number behind its name: it is the same one."""
    question, colon, value = name.partition(":")
    return question.rstrip("0123456789") + colon + value


def _meaning(tap: str) -> str:
    """A button without the number of its conversation, which is another one on every way."""
    kind, _colon, rest = tap.partition(":")
    return rest.partition(":")[2] if kind == "a" else tap


def known(partnership: Partnership, engine: Engine, who: str, language: str) -> None:
    """A partnership in the middle of its work, and one person in it."""
    area = partnership.area
    with writing(engine) as session:
        load_rows(session, area)
        boss = meet(session, "terminal", "boss").person
        _invite, secret = invite(session, RoleName.ADMIN, "council", None)
        accept(session, secret, boss)
        other = _agreed(meet(session, "terminal", "other").person, partnership)
        me = meet(session, "terminal", "1", language).person
        if who != "stranger":
            _agreed(me, partnership)
            me.kind = Kind.YOUNG if who == "young" else Kind.PARENT
        if who == "staff":
            _invite, secret = invite(session, RoleName.ADMIN, "council", None)
            accept(session, secret, me)
        for person in (me, other):
            give_feedback(
                session, area, person, topic="transport", text="The taxi was late.", visibility=Visibility.EVERYONE
            )
        draft = Draft(
            "Cuppa and a Chat with the whole SEN team",
            "Talk about what works and what does not.",
            now() + timedelta(days=20),
            90,
            (Way.IN_PERSON, Way.ONLINE, Way.PHONE),
            place="Family hub",
            link="https://example.org/meeting",
            phone="01632 960123",
        )
        meeting.call(session, area, boss, draft)


def _agreed(person: Person, partnership: Partnership) -> Person:
    person.agreed_to, person.agreed_at = version(partnership.area), now()
    person.kind = Kind.PARENT
    return person
