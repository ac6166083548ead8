"""What an area's files say, one class for one kind of line. Nothing is guessed and nothing unknown is let through."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _without_braces(text: str) -> str:
    """Sentences go through `_()`, where braces are places to be filled."""
    if "{" in text or "}" in text:
        raise ValueError("must not hold { or }: write the sentence out")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sentence = Annotated[Text, AfterValidator(_without_braces)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Fact(BaseModel):
    """A line of a file: kept as it stands, refused when it says something that we do not know how to read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Confidence(StrEnum):
    """How sure the source makes us: whether a number may be shown, and with which words."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ContactFacts(Fact):
    """A service of the Who's Who as its source gives it (T3). What no source gave is None, and stays so."""

    id: Key
    area: Key
    name: Text
    plain_name: Sentence
    what_they_help_with: tuple[Text, ...] = Field(min_length=1)
    who_for: Text
    phone: Text | None
    email: Text | None
    web: Text | None
    hours: Text | None
    source: Text
    # The day of the page, as exactly as it gave it: "2025", "2025-06" or "2025-06-14".
    seen: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None
    confidence: Confidence
    note: Text | None = None
    # The day on which a member of staff rang the number and found it right: from [checked] in area.toml.
    checked: date | None = None

    @property
    def shown_phone(self) -> str | None:
        """The number, if families may see it: a doubtful one waits until a member of staff has checked it."""
        return None if self.confidence is Confidence.LOW and self.checked is None else self.phone

    @property
    def not_checked_yet(self) -> bool:
        """Whether "not checked yet" must stand beside it."""
        return self.confidence is not Confidence.HIGH and self.checked is None

    @property
    def dialled(self) -> str | None:
        """The number as a telephone takes it, where it may be shown and can be rung; a text service cannot."""
        number = self.shown_phone
        return number.replace(" ", "") if number and re.fullmatch(r"[\d ]+", number) else None

    @property
    def known_right_on(self) -> date | None:
        """The day for which we have its facts. A source that gave only its year or month counts from its start."""
        seen = date(*[int(part) for part in f"{self.seen}-01-01".split("-")[:3]]) if self.seen else None
        return max((day for day in (self.checked, seen) if day), default=None)


class MeetingFacts(Fact):
    """A kind of meeting that the partnership holds. It has no date: it is what a real one starts from."""

    id: Key
    area: Key
    title: Text
    kind: Text
    purpose: Text
    formats: tuple[Text, ...] = Field(min_length=1)
    duration_min: int = Field(gt=0)
    notice_days_min: int = Field(ge=0)
    who_for: Text
    venue_hint: Text | None
    feedback_due: Text | None
    sources: tuple[Text, ...]
    note: Text | None = None


class YouSaidFacts(Fact):
    """What families said, and what was answered; `doing` is None where no answer was published (T1)."""

    id: Key
    area: Key
    heard_at: Text
    said: Text
    doing: Text | None
    status: Text
    # One of the area's topics.
    topic: Key
    source: Text
    note: Text | None = None


class Term(Fact):
    """A word of officials in plain words (H4). `term` is how it is written most, `also` how else."""

    term: Text
    # What the letters of a short form stand for.
    stands_for: str = ""
    meaning: Text
    # The plain word that staff could write in its place.
    say_instead: str = ""
    also: tuple[Text, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way in which it is written."""
        return (self.term, *self.also, *([self.stands_for] if self.stands_for else []))


class Outcome(Fact):
    """One outcome of the development plan (T11). What the charter leaves open stays open until the partnership says."""

    key: Key
    title: Sentence
    aim: Text
    # The month by which it is to be reached, "2026-09"; None where no source gives one.
    due: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")] | None = None
    steps: tuple[Text, ...] = ()
    difference: Text | None = None
    improvement_plan: Text | None = None
    # Kinds of meeting, from meetings.jsonl, at which its team meets.
    meetings: tuple[Key, ...] = ()
    rows: tuple[Text, ...] = Field(min_length=1)


class Priority(Fact):
    """One strategic priority of the partnership, which what families said is counted under (T12)."""

    key: Key
    title: Sentence
    # Where the partnership itself says so.
    source: Text | None = None
    rows: tuple[Text, ...] = ("T12",)


class CharterPromise(Fact):
    """One promise of the charter in plain words, and the rows that it comes from."""

    text: Sentence
    rows: tuple[Text, ...] = Field(min_length=1)
