"""What a button carries: conversation, question and value, in at most 64 bytes (Telegram's limit for callback data).

Three kinds: `a:12:topic:school` answers a question of conversation 12; `s:meetings:meeting=3` starts a flow with
answers filled in; `c:menu` is a command. Every old button acts or explains, at any age, after any release: what can
not be parsed is `Unknown`, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MOST_BYTES = 64
# No row of ours ever has a number this long, and no database takes one much longer: such a button is not ours.
_TOO_LONG = re.compile(r"\d{16}")


@dataclass(frozen=True, slots=True)
class AnswerTap:
    conversation: int
    question: str
    value: str


@dataclass(frozen=True, slots=True)
class StartTap:
    flow: str
    answers: dict[str, str]


@dataclass(frozen=True, slots=True)
class CommandTap:
    command: str


@dataclass(frozen=True, slots=True)
class Unknown:
    data: str


Tap = AnswerTap | StartTap | CommandTap | Unknown


def answer(conversation: int, question: str, value: str) -> str:
    return _fitting(f"a:{conversation}:{question}:{value}")


def start(flow: str, answers: Mapping[str, str | int]) -> str:
    return _fitting(":".join(["s", flow, *(f"{name}={value}" for name, value in answers.items())]))


def command(name: str) -> str:
    return _fitting(f"c:{name}")


def parse(data: str) -> Tap:
    if _TOO_LONG.search(data):
        return Unknown(data)
    match data.split(":"):
        case ["a", conversation, question, *value] if conversation.isascii() and conversation.isdigit() and value:
            return AnswerTap(int(conversation), question, ":".join(value))
        case ["s", flow, *answers] if all("=" in one for one in answers):
            return StartTap(flow, dict(one.split("=", 1) for one in answers))
        case ["c", name]:
            return CommandTap(name)
    return Unknown(data)


def _fitting(data: str) -> str:
    if len(data.encode()) > MOST_BYTES:
        raise ValueError(f"a button may carry {MOST_BYTES} bytes: {data}")
    return data
