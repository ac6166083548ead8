"""What part of life a contact belongs to (`areas/*/parts.toml`): what one question with buttons can part two by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

_AREAS = Path(__file__).resolve().parent.parent.parent / "areas"


class Part(StrEnum):
    SCHOOL = "school"
    HEALTH = "health"
    FEELINGS = "feelings"
    HOME = "home"
    MONEY = "money"
    RIGHTS = "rights"
    FAMILIES = "families"
    GROWN = "grown"


@cache
def _parts() -> Mapping[str, Part]:
    return {
        contact: Part(name)
        for file in sorted(_AREAS.glob("*/parts.toml"))
        for name, contacts in tomllib.loads(file.read_text(encoding="utf-8")).items()
        for contact in contacts
    }


def parting(close: tuple[str, str] | None) -> tuple[Part, Part] | None:
    """The two parts of life between which a question decides; None where no question would."""
    if close is None:
        return None
    one, other = (_parts().get(contact) for contact in close)
    return (one, other) if one and other and one is not other else None


def nearer(contacts: Sequence[str], part: Part) -> tuple[str, ...]:
    """The contacts of this part first, each group in the order in which it was found."""
    return tuple(sorted(contacts, key=lambda contact: _parts().get(contact) is not part))
