"""What somebody wants with their data, as far as their words say it."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from models.phrases import Phrases


class Wish(StrEnum):
    COMPLAINT = "complaint"
    ERASE = "erase"
    COPY = "copy"


def spoken_of(text: str) -> Wish | None:
    """A complaint before everything else: it has a clock. None for most texts. Never raises."""
    names = {found.name for found in _rules().found_in(text)}
    return next((wish for wish in Wish if wish.value in names), None)


@cache
def _rules() -> Phrases:
    return Phrases(Path(__file__).with_name("rules.toml"))
