"""A report before it has a form: headings, paragraphs, tables, pictures, comments.

It is written once, in the language being spoken, and drawn as a page, as a PDF and as a spreadsheet from the same
blocks; so they cannot say different things. Whatever stands in it may be read by everybody it is made for: masking and
small numbers have been seen to.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.you_said import Item


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; or, with `lines`, a list under it."""

    text: str
    lines: tuple[str, ...] = ()
    # Somebody's own words: set apart.
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`head` and `rows` of words; numbers that are not said are words too."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` is None where it is not said; `shown` stands beside the bar, whatever it is."""

    label: str
    value: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars, or a line over time. Its table stands beside it, and `alt` says in words what it shows."""

    key: str
    kind: Literal["bars", "line"]
    title: str
    alt: str
    bars: tuple[Bar, ...]
    # The heads of its table: of the labels, and of the values.
    head: tuple[str, str]
    # The longest that a bar may be; a line always says it.
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What families said, with the response and the action."""

    said: str
    about: str
    standing: str
    response: tuple[str, ...]
    facts: tuple[str, ...]

    @classmethod
    def of(cls, item: Item, facts: tuple[str, ...], nothing: str) -> Comment:
        answer = tuple(line for one in item.answers for line in (one.doing, one.reason) if line)
        return cls(item.said, item.topic, item.standing, answer or (nothing,), facts)


Block = Words | Table | Picture | Comment


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    subtitle: str
    language: str
    direction: str
    author: str
    made: str
    made_on: str
    labels: dict[str, str]
    sections: tuple[Section, ...]
    items: tuple[Item, ...] = field(default=())

    @property
    def pictures(self) -> list[Picture]:
        return [one for section in self.sections for one in section.blocks if isinstance(one, Picture)]

    def as_json(self) -> dict[str, Any]:
        """For the process that draws: every block says what it is."""
        sections = [
            {"title": section.title, "blocks": [_block(block) for block in section.blocks]} for section in self.sections
        ]
        own = {
            name: getattr(self, name)
            for name in ("title", "subtitle", "language", "direction", "author", "made", "made_on", "labels")
        }
        return {**own, "sections": sections}


def _block(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__.lower(), "of": asdict(block)}
