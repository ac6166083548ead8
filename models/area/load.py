"""Reading an area's folder. Either all of it is right, or `AreaError` says in words everything that is not.

The files: area.toml, contacts.jsonl, and, where there are any, meetings.jsonl, you_said.jsonl, glossary.csv, plan.toml
and charter.md. England's folder holds contacts and words for all.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from models.area.area import Area
from models.area.facts import CharterPromise, ContactFacts, Fact, MeetingFacts, Outcome, Priority, Term, YouSaidFacts
from models.area.rules import Pulses, Rules

AREAS = Path(__file__).resolve().parent.parent.parent / "areas"
# Services and words of the whole country, which every area shares.
ENGLAND = "england"

Line = TypeVar("Line", bound=Fact)

# What pydantic found, as what to do about it.
ADVICE = {
    "missing": "is missing: add it",
    "extra_forbidden": "is not known here: check the spelling or take it out",
    "string_too_short": "is empty: write it, or null where the source does not say",
    "too_long": "is too long: {max_length} characters at most",
    "string_pattern_mismatch": "is not written as it should be: it must look like {pattern}",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "too_short": "is empty: give at least one",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "value_error": "{error}",
}


class AreaError(Exception):
    """An area's data is not right. `wrongs` has one sentence for each thing: file, line, field, what to do."""

    def __init__(self, wrongs: Iterable[str]) -> None:
        self.wrongs = tuple(wrongs)
        super().__init__("\n".join(self.wrongs))


@dataclass
class Reading:
    """One reading of one folder, with everything that was wrong on the way."""

    folder: Path
    wrongs: list[str] = field(default_factory=list)

    def wrong(self, file: str, line: int | None, what: str) -> None:
        where = f"{self.folder.name}/{file}" + (f" line {line}" if line else "")
        self.wrongs.append(f"{where}: {what}")

    def text(self, file: str, *, needed: bool = False) -> str:
        """A file's text; nothing where there is none."""
        try:
            return (self.folder / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if needed:
                self.wrong(file, None, "is missing: copy it from another area and change it")
        except UnicodeDecodeError as error:
            self.wrong(file, None, f"is not UTF-8 text (byte {error.start}): save it as UTF-8")
        return ""

    def made(self, kind: type[Line], values: Any, file: str, line: int | None) -> Line | None:
        """The line as its class; what is wrong with it is noted."""
        try:
            return kind.model_validate(values)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                place = ".".join(str(part) for part in detail["loc"])
                where = line if file.endswith((".jsonl", ".csv", ".md")) else toml_line(self.text(file), detail["loc"])
                self.wrong(file, where, f"{place + ' ' if place else ''}{_in_words(dict(detail))}")
        return None

    def lines(self, kind: type[Line], file: str, *, needed: bool = False) -> tuple[Line, ...]:
        """A .jsonl file: one JSON object a line."""
        read: list[Line] = []
        for number, line in enumerate(self.text(file, needed=needed).splitlines(), start=1):
            if not line.strip():
                continue
            try:
                values = json.loads(line)
            except json.JSONDecodeError as error:
                self.wrong(file, number, f"is not JSON ({error.msg} at character {error.pos + 1}): mend the line")
                continue
            if (made := self.made(kind, values, file, number)) is not None:
                read.append(made)
        self._ids_once(read, file)
        return tuple(read)

    def _ids_once(self, read: list[Line], file: str) -> None:
        ids = [str(getattr(line, "id", id(line))) for line in read]
        for twice in sorted({each for each in ids if ids.count(each) > 1}):
            self.wrong(file, None, f"the id {twice} stands there more than once: give each its own")
        for line in read:
            area = getattr(line, "area", self.folder.name)
            if area != self.folder.name:
                self.wrong(file, None, f"{getattr(line, 'id', '')} says area {area!r}: write {self.folder.name!r}")

    def toml(self, file: str, *, needed: bool = False) -> dict[str, Any] | None:
        text = self.text(file, needed=needed)
        if not text:
            return None
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.wrong(file, None, f"is not TOML: {error}")
            return None

    def rules(self) -> Rules | None:
        values = self.toml("area.toml", needed=True)
        return None if values is None else self.made(Rules, values, "area.toml", None)

    def plan(self) -> tuple[Outcome, ...]:
        values = self.toml("plan.toml") or {}
        made = [self.made(Outcome, outcome, "plan.toml", None) for outcome in values.get("outcomes", [])]
        return tuple(outcome for outcome in made if outcome is not None)

    def pulses(self) -> Pulses:
        """pulses.toml; without one nobody is asked anything."""
        values = self.toml("pulses.toml")
        made = self.made(Pulses, values, "pulses.toml", None) if values is not None else None
        keys = [one.key for one in made.statement] if made is not None else []
        for twice in sorted({key for key in keys if keys.count(key) > 1}):
            self.wrong("pulses.toml", None, f"the key {twice} stands there more than once: give each its own")
        return made or Pulses()

    def priorities(self) -> tuple[Priority, ...]:
        values = self.toml("plan.toml") or {}
        made = [self.made(Priority, one, "plan.toml", None) for one in values.get("priorities", [])]
        return tuple(one for one in made if one is not None)

    def glossary(self) -> tuple[Term, ...]:
        """glossary.csv: other ways to write a term stand in `also`, with semicolons between them."""
        rows = csv.DictReader(self.text("glossary.csv").splitlines())
        read: list[Term] = []
        for row in rows:
            if None in row or None in row.values():
                self.wrong("glossary.csv", rows.line_num, "has not as many columns as the first line: check the commas")
                continue
            values = {**row, "also": tuple(each.strip() for each in row.get("also", "").split(";") if each.strip())}
            if (made := self.made(Term, values, "glossary.csv", rows.line_num)) is not None:
                read.append(made)
        return tuple(read)

    def charter(self) -> tuple[CharterPromise, ...]:
        """charter.md: a promise is a line "- what we promise (T1, T2)"; everything else is for readers of the file."""
        read: list[CharterPromise] = []
        for number, line in enumerate(self.text("charter.md").splitlines(), start=1):
            if not line.startswith("- "):
                continue
            found = re.fullmatch(r"- (?P<text>.+) \((?P<rows>[A-Z]\d+(?:, [A-Z]\d+)*)\)", line.rstrip())
            if found is None:
                self.wrong("charter.md", number, 'has no row of the charter at its end: write, say, "(T1)" there')
                continue
            values = {"text": found["text"], "rows": tuple(found["rows"].split(", "))}
            if (made := self.made(CharterPromise, values, "charter.md", number)) is not None:
                read.append(made)
        return tuple(read)


def toml_line(text: str, place: tuple[int | str, ...]) -> int | None:
    """The line of a TOML file on which a value stands, or where the nearest table around it begins; else None."""
    seen: dict[str, int] = {}
    found, depth = None, 0
    table: tuple[int | str, ...] = ()
    here: tuple[int | str, ...]
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*(\[\[?)([\w.-]+)\]", line):
            name = header[2]
            if header[1] == "[[":
                seen[name] = seen.get(name, -1) + 1
                here = (*name.split("."), seen[name])
            else:
                here = tuple(name.split("."))
            table = here
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            here = (*table, key[1])
        else:
            continue
        if here == place[: len(here)] and len(here) > depth:
            found, depth = number, len(here)
    return found


def _in_words(detail: dict[str, Any]) -> str:
    advice = ADVICE.get(detail["type"])
    if advice is None:
        return f"is not right: {detail['msg']}"
    return advice.format_map(detail.get("ctx", {}))


def areas(folder: Path = AREAS) -> tuple[str, ...]:
    """The areas that there are: every folder with an area.toml."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/area.toml")))


def load_area(name: str, folder: Path = AREAS) -> Area:
    """The area of that name, with England's contacts and words.

    Raises AreaError, with everything that is wrong at once.
    """
    if name not in areas(folder):
        there = ", ".join(areas(folder)) or "none"
        raise AreaError([f"There is no area {name!r} in {folder}. Those there: {there}. Set AREA to one of them."])
    own, national = Reading(folder / name), Reading(folder / ENGLAND)
    rules = own.rules()
    contacts = own.lines(ContactFacts, "contacts.jsonl", needed=True)
    contacts += national.lines(ContactFacts, "contacts.jsonl", needed=True)
    meetings = own.lines(MeetingFacts, "meetings.jsonl")
    you_said = own.lines(YouSaidFacts, "you_said.jsonl")
    glossary = own.glossary() + national.glossary()
    plan, strategic, charter, pulses = own.plan(), own.priorities(), own.charter(), own.pulses()
    keys = [*(one.key for one in strategic), *(one.key for one in plan)]
    for twice in sorted({key for key in keys if keys.count(key) > 1}):
        own.wrong("plan.toml", None, f"the key {twice} stands there twice: give each its own")
    for outcome in plan:
        for lost in set(outcome.meetings) - {meeting.id for meeting in meetings}:
            own.wrong("plan.toml", None, f"{outcome.key} names the meeting {lost}, which meetings.jsonl does not have")
    if rules is not None:
        for item in you_said:
            if item.topic not in {topic.key for topic in rules.topics}:
                own.wrong(
                    "you_said.jsonl", None, f"{item.id} has the topic {item.topic}, which area.toml does not have"
                )
        _point_at_what_is_there(own, rules, {contact.id for contact in contacts})
    if own.wrongs or national.wrongs or rules is None:
        raise AreaError(own.wrongs + national.wrongs)
    return Area(
        **dict(rules),
        key=name,
        folder=folder / name,
        contacts=tuple(_checked(contact, rules.checked) for contact in contacts),
        meetings=meetings,
        you_said=you_said,
        glossary=glossary,
        plan=plan,
        strategic=strategic,
        charter=charter,
        pulses=pulses,
    )


def contacts_of_england(folder: Path = AREAS) -> tuple[ContactFacts, ...]:
    """The national services alone, which every area shares. Raises AreaError."""
    national = Reading(folder / ENGLAND)
    contacts = national.lines(ContactFacts, "contacts.jsonl", needed=True)
    if national.wrongs:
        raise AreaError(national.wrongs)
    return contacts


def _checked(contact: ContactFacts, days: dict[str, date]) -> ContactFacts:
    return contact.model_copy(update={"checked": days[contact.id]}) if contact.id in days else contact


def _point_at_what_is_there(own: Reading, rules: Rules, known: set[str]) -> None:
    """Every id in area.toml must be a contact's, every key stand once."""
    named: list[tuple[tuple[int | str, ...], str]] = [
        *((("named", key), contact) for key, contact in rules.named if contact),
        *((("ring", number, "contact"), line.contact) for number, line in enumerate(rules.ring)),
        *((("in_danger", "contacts"), contact) for contact in rules.in_danger.contacts),
        *((("checked", contact), contact) for contact in rules.checked),
        *((("topics", n, "contacts"), contact) for n, topic in enumerate(rules.topics) for contact in topic.contacts),
    ]
    text = own.text("area.toml")
    for place, contact in named:
        if contact not in known:
            field_name = ".".join(str(part) for part in place)
            what = f"{field_name} names the contact {contact}, which contacts.jsonl does not have: check the id"
            own.wrong("area.toml", toml_line(text, place), what)
    for field_name, keys in {
        "topics": [topic.key for topic in rules.topics],
        "organisations": [organisation.key for organisation in rules.organisations],
    }.items():
        for twice in sorted({key for key in keys if keys.count(key) > 1}):
            own.wrong("area.toml", toml_line(text, (field_name, 0)), f"the {field_name} key {twice} stands there twice")
