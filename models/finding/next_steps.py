"""What a family can do next, and the time that the law gives for it (`areas/england/next_steps.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .words import folded

_FILE = Path(__file__).resolve().parent.parent.parent / "areas" / "england" / "next_steps.toml"


@dataclass(frozen=True, slots=True)
class NextStep:
    name: str
    needs: frozenset[str]
    words: re.Pattern[str] | None
    # English, for `_()`; `law` is what stands on the law's own door.
    say: str
    law: str
    source: str


@cache
def next_steps() -> tuple[NextStep, ...]:
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["step"]
    return tuple(
        NextStep(
            row["name"],
            frozenset(row["needs"]),
            re.compile("|".join(row["words"])) if "words" in row else None,
            row["say"],
            row["law"],
            row["source"],
        )
        for row in rows
    )


def next_step_for(need: str, words: str) -> NextStep | None:
    """The step that fits what was asked: where several do, one that the words name themselves."""
    text = folded(words)
    fitting = [step for step in next_steps() if need in step.needs and (step.words is None or step.words.search(text))]
    return next(iter(sorted(fitting, key=lambda step: step.words is None)), None)
