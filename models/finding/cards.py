"""What the finder knows of a contact, and what people call it.

What people call each service stands in `areas/<area>/people_say.jsonl`, one row for each service and language:
`{"id": "t-slt", "lang": "en", "say": ["stammer", …]}`. A row whose id is no contact is a *kind* of service, which
several areas share: `{"id": "speech therapy", …}` in `areas/england`. A contact says `{"id": "t-slt", "like":
["speech therapy"]}` and gains the kind's words, and its name as a tag. With `"unless_local": true` it does so only
where the area has no service of that kind itself: who has no physiotherapist of their own on the list is sent to
their GP.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NATIONAL = "england"


@dataclass(frozen=True, slots=True)
class Card:
    """What the finder needs to know of a contact."""

    id: str
    area: str
    name: str
    plain_name: str
    helps_with: tuple[str, ...]
    who_for: str
    people_say: tuple[str, ...]


def load_people_say(areas_folder: Path, area: str) -> dict[str, tuple[str, ...]]:
    """What people call each contact of the area and of England, by contact id, all languages together.

    Files that are not there count as empty, so that a new area works before anybody has written its words. Raises
    `ValueError` with the file and line where a row cannot be read.
    """
    national = list(_rows(areas_folder / NATIONAL / "people_say.jsonl"))
    local = [] if area == NATIONAL else list(_rows(areas_folder / area / "people_say.jsonl"))
    covered = {kind for row in local if not row.get("unless_local") for kind in row.get("like", ())}
    said: dict[str, list[str]] = {}
    for row in (*local, *national):
        said.setdefault(row["id"], []).extend(row.get("say", ()))
    gained: dict[str, list[str]] = {contact: [] for contact in said}
    for row in (*local, *national):
        for kind in row.get("like", ()):
            if not (row.get("unless_local") and kind in covered):
                gained[row["id"]] += [kind, *said.get(kind, ())]
    kinds = {kind for row in (*local, *national) for kind in row.get("like", ())}
    return {
        contact: tuple(dict.fromkeys((*phrases, *gained[contact])))
        for contact, phrases in said.items()
        if contact not in kinds
    }


def contacts_of_kind(areas_folder: Path, area: str) -> dict[str, tuple[str, ...]]:
    """The contacts that are each kind of service: the area's own, and England's where the area has none."""
    own: dict[str, list[str]] = {}
    national: dict[str, list[str]] = {}
    if area != NATIONAL:
        _note_kinds(areas_folder / area / "people_say.jsonl", own)
    _note_kinds(areas_folder / NATIONAL / "people_say.jsonl", national)
    return {kind: tuple(own.get(kind) or national.get(kind) or ()) for kind in (*national, *own)}


def _note_kinds(file: Path, kinds: dict[str, list[str]]) -> None:
    for row in _rows(file):
        for kind in row.get("like", ()):
            listed = kinds.setdefault(kind, [])
            if not row.get("unless_local"):
                listed.append(row["id"])


def _rows(file: Path) -> Iterable[dict[str, Any]]:
    if not file.exists():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                row["id"].strip()
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise ValueError(f"{file}, line {number}: not a row of what people say ({wrong})") from wrong
            yield row
