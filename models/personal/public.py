"""What the areas' own files publish: services' names, numbers, addresses of e-mail and web. Nobody's personal data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.area import AREAS

# Who writes under one of these is an office, not a family.
OFFICIAL = (".gov.uk", ".nhs.uk", ".police.uk", ".ac.uk", ".parliament.uk", ".org.uk")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(r"https?://([\w.-]+)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_NUMBER = re.compile(r"(?<!\d)\d(?:[\d ]{2,}\d)(?!\d)")
_WORD = re.compile(r"\w+(?:'\w+)*")


@dataclass(frozen=True)
class Public:
    numbers: frozenset[str]  # digits only
    emails: frozenset[str]
    hosts: frozenset[str]
    postcodes: frozenset[str]  # without space
    names: dict[str, tuple[str, ...]]
    """Names of services in small letters, by each of the words in them."""

    def covers(self, small: str, start: int, end: int) -> bool:
        """Whether a stretch of a text (in small letters) lies within the name of a service."""
        first = _WORD.search(small, start, end)
        for name in self.names.get(first.group(), ()) if first else ():
            place = small.find(name, max(0, start - len(name)))
            while 0 <= place <= start:
                if place + len(name) >= end:
                    return True
                place = small.find(name, place + 1)
        return False

    def has_host(self, host: str) -> bool:
        host = host.casefold().rstrip(".")
        return host.endswith(OFFICIAL) or host.removeprefix("www.") in self.hosts


@cache
def public() -> Public:
    files = [file.read_text(encoding="utf-8") for file in _files(AREAS)]
    everything = "\n".join(files)
    names: dict[str, set[str]] = {}
    for name in _names(AREAS):
        for word in _WORD.findall(name):
            names.setdefault(word, set()).add(name)
    return Public(
        numbers=frozenset(number for number in _numbers(AREAS)),
        emails=frozenset(found.casefold() for found in _EMAIL.findall(everything)),
        hosts=frozenset(found.casefold().removeprefix("www.") for found in _HOST.findall(everything)),
        postcodes=frozenset(found.replace(" ", "") for found in _POSTCODE.findall(everything)),
        names={word: tuple(sorted(said)) for word, said in names.items()},
    )


def _files(folder: Path) -> Iterator[Path]:
    for pattern in ("*.jsonl", "*.toml", "*.csv", "*.md"):
        yield from sorted(folder.glob(f"*/{pattern}"))


def _numbers(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*/contacts.jsonl")):
        for found in _NUMBER.findall(file.read_text(encoding="utf-8")):
            yield found.replace(" ", "")


def _names(folder: Path) -> Iterator[str]:
    """Services as they are called, and as people call them; meetings by their titles."""
    for file in sorted(folder.glob("*/*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            for said in (row.get("name"), row.get("plain_name"), row.get("title"), *row.get("say", ())):
                if said and " " in said:  # one word may be anybody's: "Ashton" is a town and a boy
                    yield said.replace("’", "'").casefold()
