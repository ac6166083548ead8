"""A conversation that somebody walks through again and again: what they do, and the words by which they know the reply.

    > The taxi was late again.        typed
    [That is all]                     pressed, on the newest message that has such a button
    How does it feel                  in the last message of the reply; until it comes they wait
    --- again and again               what stands above is done once

A reply may be several messages, and only its last one lets somebody go on. Whoever taps at the first of them is one
reply ahead from there on, and every figure is about something else than it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """`types` or `presses`, then waits for `reply`."""

    reply: str
    types: str = ""
    presses: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    steps: tuple[Step, ...]
    # Where it goes on after the last step.
    again_from: int = 0

    def after(self, place: int) -> int:
        return place + 1 if place + 1 < len(self.steps) else self.again_from


def read_walk(path: str | Path) -> Walk:
    """Raises ValueError for a file that is no walk."""
    lines = [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    steps: list[Step] = []
    again_from, does = 0, ""
    for line in lines:
        if line.startswith("---"):
            again_from = len(steps)
        elif does:
            steps.append(_step(does, line))
            does = ""
        else:
            does = line
    if does or not steps:
        raise ValueError(f"{path}: every step has two lines, what is done and the reply")
    return Walk(tuple(steps), again_from)


def _step(does: str, reply: str) -> Step:
    if does.startswith(">"):
        return Step(reply, types=does[1:].strip())
    if does.startswith("[") and does.endswith("]"):
        return Step(reply, presses=does[1:-1])
    raise ValueError(f"“{does}” is neither typed (>) nor pressed ([…])")
