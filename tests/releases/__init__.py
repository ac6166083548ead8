"""What families had begun when a release came out: half-done conversations and old buttons, one file a release.

`python -m tests.releases make 0.2.0` writes the file of the release that is about to be made: it walks through every
conversation as tests/crawl.py does and keeps, for each question and each way to it, one that waits there with its
buttons.
tests/test_releases.py puts each of them, of every release, into the program of today. A file is never made again once
its release is out.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot.partnership import open_partnership
from handlers import taps
from models.conversation import going_on
from models.database import open_database
from models.message import Message
from models.person import meet
from models.tables import Base
from tests.company import references_in_order
from tests.conftest import START
from tests.crawl import STARTS, Crawler, known, once

HERE = Path(__file__).parent
WHO = ("parent", "young", "staff")


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation that waits at a question, and the buttons of that question (question:value)."""

    who: str
    flow: str
    open: str
    answers: dict[str, Any]
    buttons: list[str]

    def __str__(self) -> str:
        return f"{self.who} {self.flow}/{self.open}"


@dataclass(frozen=True, slots=True)
class Release:
    version: str
    begun: list[Begun] = field(default_factory=list)
    # Buttons that belong to no conversation: they start one, or are commands.
    starting: list[str] = field(default_factory=list)


def releases() -> Iterator[Release]:
    for file in sorted(HERE.glob("*.json")):
        kept = json.loads(file.read_text(encoding="utf-8"))
        yield Release(file.stem, [Begun(**one) for one in kept["begun"]], kept["starting"])


def make(version: str) -> Path:
    """Writes the file of this version. Raises `FileExistsError`."""
    release = Release(version)
    met: dict[str, set[tuple[str, ...]]] = {}
    for who in WHO:
        with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
            references_in_order(patch)
            # What staff do as any family does is there already.
            met[who] = set(met["parent"]) if who == "staff" else set()
            _walk(release, who, met[who], Path(folder))
    release.starting[:] = sorted(set(release.starting))
    file = HERE / f"{version}.json"
    with file.open("x", encoding="utf-8") as out:
        # One conversation a line.
        begun = ",\n".join(json.dumps(asdict(one), ensure_ascii=False, separators=(",", ":")) for one in release.begun)
        starting = ",\n".join(json.dumps(one, ensure_ascii=False) for one in release.starting)
        out.write(f'{{"begun":[\n{begun}\n],"starting":[\n{starting}\n]}}\n')
    return file


def _walk(release: Release, who: str, met: set[tuple[str, ...]], folder: Path) -> None:
    engine = open_database(f"sqlite:///{folder / 'crawl.db'}")
    Base.metadata.create_all(engine)
    partnership = open_partnership("tameside", "http://127.0.0.1:8080", "yousaid_bot")
    with time_machine.travel(START, tick=False):
        known(partnership, engine, who, "en")
        Keeper(engine, partnership, "en", release=release, who=who, met=met).from_here(*STARTS)
    engine.dispose()


@dataclass
class Keeper(Crawler):
    """Keeps what is open after each step."""

    release: Release = field(default_factory=lambda: Release(""))
    who: str = ""
    met: set[tuple[str, ...]] = field(default_factory=set)

    def _turn(self, connection: Connection, said: str) -> tuple[list[Message], str, str]:
        messages, flow, question = Crawler._turn(self, connection, said)
        parsed = [taps.parse(button.tap) for one in messages for button in (*one.buttons, *one.footer) if button.tap]
        if flow and question:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                current = going_on(session, meet(session, self.channel, self.key).person_id)[0]
                answers = dict(current.answers)
            # Another way to the same question is another conversation: other things have been answered on it.
            way = (flow, once(question), *map(once, answers))
            if way not in self.met:
                self.met.add(way)
                mine = [
                    f"{tap.question}:{tap.value}"
                    for tap in parsed
                    if isinstance(tap, taps.AnswerTap) and tap.conversation == current.id
                ]
                self.release.begun.append(Begun(self.who, flow, question, answers, mine))
        self.release.starting.extend(
            button.tap
            for message in messages
            for button in (*message.buttons, *message.footer)
            if button.tap and not isinstance(taps.parse(button.tap), taps.AnswerTap)
        )
        return messages, flow, question
