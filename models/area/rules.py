"""What area.toml says: the promises, hours, topics and numbers that make a partnership itself.

A name that ends in `_days` counts days of the calendar, months are months; only `feedback_answer` counts working days.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from models.area.facts import Fact, Key, Sentence, Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# WhatsApp shows at most 24 characters of a row in a list; so every channel can show a label whole.
Label = Annotated[Sentence, Field(max_length=24)]


class Promises(Fact):
    """What is promised: an answer (T2, working days), a meeting's notice (H1) and its notes (H5)."""

    feedback_answer: int = Field(ge=1, le=60)
    meeting_notice_days: int = Field(ge=0, le=60)
    meeting_notes_days: int = Field(ge=1, le=90)


class QuietHours(Fact):
    """Between these two, by the clock on the wall, nothing is sent that can wait."""

    start: time
    end: time

    @model_validator(mode="after")
    def _some_time_is_left(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end are the same: give the hours between which nothing is sent")
        return self

    def hold(self, clock: time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class Office(Fact):
    """When staff work, and the two sentences that say honestly whether anybody reads."""

    opens: time
    closes: time
    read_by: Sentence
    not_watched: Sentence

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be earlier than closes")
        return self


class Duty(Fact):
    """A team that does duty, and when it usually does; people join it in the chat (models/duty)."""

    team: Text
    days: tuple[Weekday, ...] = Field(min_length=1)
    start: time
    end: time


class Publication(Fact):
    """Whether a second person looks first, below which number nothing is counted in public, when families are asked
    whether what is called done really is (T9), and how many messages to many a person gets a week."""

    needs_approval: bool
    small_number: int = Field(ge=2)
    # Days after “done” at which those who raised it are asked whether it is.
    ask_if_done_days: int = Field(default=28, ge=1, le=365)
    # So many messages to many a person gets in seven days, and no more; answers, receipts, alerts, reminders aside.
    most_a_week: int = Field(default=3, ge=1, le=50)


class Retention(Fact):
    """How long one kind of thing is kept, and why."""

    months: int = Field(ge=1, le=120)
    why: Sentence


class Retentions(Fact):
    """How long each kind of thing is kept (UK GDPR, article 5(1)(e))."""

    feedback: Retention
    conversations: Retention
    messages: Retention
    questions: Retention
    meetings: Retention
    people: Retention
    alerts: Retention
    # Counted from when the alert is closed. An assessment by children's social care takes at most 45 working days
    # (Working Together to Safeguard Children); by then they have a record of their own.
    alert_words: Retention = Retention(
        months=3, why="So that whoever looks into it can read them. The services that help keep their own record."
    )
    audit: Retention


class ChannelRule(Fact):
    """A channel that the partnership offers, and how old one must be to use it; None is no limit."""

    minimum_age: int | None = Field(default=None, ge=0, le=25)


class Topic(Fact):
    """What something can be about. The key is kept with what was said, the label is what people see."""

    key: Key
    label: Label
    meaning: Sentence
    contacts: tuple[Key, ...] = ()


class Named(Fact):
    """Contacts that the chat offers by itself: free advice (T13), the parents' forum (H7), the youth council (T16)."""

    sendiass: Key
    forum: Key | None = None
    youth_council: Key | None = None


class Ring(Fact):
    """One line of "get help now": whom to ring, and when."""

    contact: Key
    when: Sentence


class InDanger(Fact):
    """Further contacts that people ring in danger."""

    contacts: tuple[Key, ...] = ()


class Organisation(Fact):
    """Who works together here."""

    key: Key
    name: Sentence


class PulseStatement(Fact):
    """One short question that is asked again and again. The key is kept with the answers: never change one."""

    key: Annotated[Key, Field(max_length=16)]
    say: Sentence
    row: str = Field(pattern=r"^[A-Z]\d+$")


class Pulses(Fact):
    """The whole of pulses.toml: how often somebody may be asked at most, and what."""

    every_days: int = Field(default=28, ge=7, le=366)
    statement: tuple[PulseStatement, ...] = ()


class Rules(Fact):
    """The whole of area.toml."""

    name: Text
    partnership: Sentence
    time_zone: str
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = Field(min_length=1)
    drafts_days: int = Field(ge=1, le=90)
    local_offer: Text | None = None
    named: Named
    promises: Promises
    quiet_hours: QuietHours
    office: Office
    duty: tuple[Duty, ...] = ()
    publication: Publication
    retention: Retentions
    channels: dict[Key, ChannelRule] = Field(min_length=1)
    topics: tuple[Topic, ...] = Field(min_length=1)
    ring: tuple[Ring, ...] = Field(min_length=1)
    in_danger: InDanger = InDanger()
    checked: dict[Key, date] = Field(default_factory=dict)
    organisations: tuple[Organisation, ...] = Field(min_length=1)

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{name!r} is not a time zone: write one such as Europe/London") from error
        return name
