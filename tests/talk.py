"""Holds a conversation as it is written down: `>` is the person, every other line is exactly what the bot says.

    talk('''
        > feedback
        What is this about? [School] [Transport]
        (restart)
        > transport
        ...
    ''')

Lines in brackets are what happens meanwhile: `(restart)` a new process on the same database, `(later 2 days)` time
goes by. `...` stands for whatever else is said. It drives `turn` over a real database.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

import time_machine
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.turn import Turns
from bot.writer import Writer
from models.database import Base, reading, writing
from models.heard import Attached, Heard
from models.message import Message
from models.outgoing import Outgoing, State
from models.partnership import Partnership
from models.person import Address, Person, meet

Row = TypeVar("Row", bound=Base)


class Talk:
    """One person on one channel. `talk.another()` is somebody else on the same database."""

    def __init__(
        self,
        engine: Engine,
        partnership: Partnership,
        clock: time_machine.Traveller,
        *,
        key: str = "1",
        channel: str = "terminal",
        language: str = "en",
    ) -> None:
        self.engine, self.partnership, self.clock = engine, partnership, clock
        self.key, self.channel, self.language = key, channel, language
        self.turns = Turns(Writer(engine), partnership)
        self.heard_so_far = 0
        self.seen = 0

    def another(self, key: str, **kwargs: Any) -> Talk:
        return Talk(self.engine, self.partnership, self.clock, key=key, **kwargs)

    # -- the transcript

    def __call__(self, transcript: str) -> None:
        said: list[str] = []
        lines = [line.strip() for line in textwrap.dedent(transcript).strip().splitlines()]
        expected: list[str] = []
        for line in [*lines, "(end)"]:
            if line.startswith(("> ", "(later ")) or line in ("(restart)", "(end)"):
                self._compare(expected, said)
                expected, said = [], []
                said = self._happens(line)
            elif line:
                expected.append(line)

    def _happens(self, line: str) -> list[str]:
        if line.startswith("> "):
            self.types(line[2:])
            return self.shown()
        if line == "(restart)":
            self.engine.dispose()
            self.turns = Turns(Writer(self.engine), self.partnership)
        elif later := re.fullmatch(r"\(later (\d+) (minute|hour|day|week)s?\)", line):
            self.clock.shift(timedelta(**{later[2] + "s": int(later[1])}))
        elif line != "(end)":
            raise ValueError(f"nothing happens at {line}")
        return []

    def _compare(self, expected: Sequence[str], said: Sequence[str]) -> None:
        if list(expected) == ["..."]:
            return
        if expected and expected[-1] == "...":
            expected, said = expected[:-1], said[: len(expected) - 1]
        assert list(said) == list(expected), "\n".join(["it said:", *said, "", "instead of:", *expected])

    # -- what a person does

    def hear(self, **what: Any) -> None:
        """Anything else that a channel may bring: `tap=…`, `event="sticker"`, `attached=(…)`."""
        self.heard_so_far += 1
        number = what.pop("id", f"{self.channel}:{self.key}:{self.clock_ticks()}:{self.heard_so_far}")
        self.turns.take_now(Heard(id=number, channel=self.channel, key=self.key, language=self.language, **what))

    def clock_ticks(self) -> int:
        with reading(self.engine) as session:
            return len(session.scalars(select(Outgoing.id)).all())

    def types(self, text: str) -> None:
        self.hear(text=text)

    def sends(self, kind: str = "photo", text: str = "", content: bytes | None = b"content") -> None:
        self.hear(text=text, attached=(Attached(kind, "ref", f"{kind}.bin", "application/octet-stream", 7, content),))

    def taps(self, label: str) -> None:
        """Presses the newest button that starts with this label."""
        for message in reversed(self.messages()):
            for button in (*message.buttons, *message.footer):
                if button.label.startswith(label) and button.tap:
                    self.hear(tap=button.tap)
                    return
        raise AssertionError(f"no button {label!r}; the last ones were {self.messages()[-1].buttons}")

    # -- what a person sees

    def rows(self) -> list[Outgoing]:
        with reading(self.engine) as session:
            query = (
                select(Outgoing)
                .join(Address, Address.id == Outgoing.address_id)
                .where(Address.channel == self.channel, Address.key == self.key, Outgoing.state != State.DROPPED)
                .order_by(Outgoing.id)
            )
            return list(session.scalars(query))

    def messages(self) -> list[Message]:
        return [row.message for row in self.rows()]

    def shown(self) -> list[str]:
        """What came since the last look, as lines of a transcript."""
        new = [row for row in self.rows() if row.id > self.seen]
        self.seen = max([self.seen, *(row.id for row in new)])
        return [line for row in new for line in as_lines(row.message)]

    # -- what was kept

    def kept(self, table: type[Row]) -> list[Row]:
        with reading(self.engine) as session:
            return list(session.scalars(select(table)))

    def person(self, session: Session) -> Person:
        return meet(session, self.channel, self.key).person

    def writing(self) -> Any:
        return writing(self.engine)


def as_lines(message: Message) -> list[str]:
    """A message as a transcript writes it: its words, and its buttons in brackets on the last line."""
    lines = [line.strip() for line in message.text.splitlines() if line.strip()]
    if message.card is not None:
        lines.append(f"(contact: {message.card.name}, {message.card.phone})")
    if message.file is not None:
        lines.append(f"(file: {message.file.name})")
    if message.attachment is not None:
        lines.append("(attachment)")
    if message.buttons:
        lines[-1:] = [" ".join([*lines[-1:], *(f"[{button.label}]" for button in message.buttons)])]
    return lines
