"""The terminal: for developers, and for scripts that pipe a conversation in.

What the bot says is printed as it is, buttons in brackets on the last line; typing a button's words presses it. The
conversation is kept like any other: started again, it goes on where it was.
"""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Iterable, Iterator
from typing import TextIO

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.turn import Turns
from models.database import now, writing
from models.heard import Heard
from models.message import Message
from models.outgoing import Outgoing, State, arrived
from models.person import Address

CHANNEL = "terminal"


def talk(
    engine: Engine, turns: Turns, lines: Iterable[str], out: TextIO, *, language: str = "en", who: str = ""
) -> None:
    """Hold a conversation until `lines` end. An empty line looks for what has come meanwhile."""
    key = who or getpass.getuser()
    _print_new(engine, key, out)
    for line in lines:
        text = line.strip()
        if text:
            heard = Heard(f"{CHANNEL}:{uuid.uuid4().hex}", CHANNEL, key, text=text, language=language)
            turns.take_now(heard)
        _print_new(engine, key, out)


def as_text(message: Message) -> str:
    """A message on lines of its own, its buttons in brackets behind it."""
    parts = [message.text]
    if message.card is not None:
        parts.append(" · ".join(filter(None, [message.card.name, message.card.phone, message.card.email])))
    if message.file is not None:
        parts.append(f"({message.file.name})")
    if message.attachment is not None:
        parts.append("(attachment)")
    if message.notice:
        parts.append(message.notice)
    if message.buttons:
        parts.append(" ".join(f"[{button.label}]" for button in message.buttons))
    return "\n".join(parts)


def _print_new(engine: Engine, key: str, out: TextIO) -> None:
    with writing(engine) as session:
        for row in _waiting(session, key):
            out.write(f"\n{as_text(row.message)}\n\n")
            arrived(row, "")
    out.flush()


def _waiting(session: Session, key: str) -> list[Outgoing]:
    query = (
        select(Outgoing)
        .join(Address, Address.id == Outgoing.address_id)
        .where(
            Address.channel == CHANNEL,
            Address.key == key,
            Outgoing.state.in_([State.WAITING, State.SENDING]),
            Outgoing.due <= now(),
        )
        .order_by(Outgoing.id)
    )
    return list(session.scalars(query))


def typed() -> Iterator[str]:
    """Lines typed at a prompt, until the end of input."""
    while True:
        try:
            yield input("> ")
        except EOFError:
            return
