"""An area: one partnership's data, and what follows from it for days, clocks and people to ring.

It is loaded once, at start, and never changes; `load_area` makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from models import promise
from models.area.facts import CharterPromise, ContactFacts, MeetingFacts, Outcome, Priority, Term, YouSaidFacts
from models.area.rules import Pulses, Rules, Topic

A_MINUTE = timedelta(minutes=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Whom to ring in danger, and when. `contact.shown_phone` is None while the number must not be shown."""

    contact: ContactFacts
    when: str


class Area(Rules):
    """One partnership: what its area.toml says, and what stands in the files beside it.

    `contacts` and `glossary` hold its own and then England's.
    """

    key: str
    folder: Path
    contacts: tuple[ContactFacts, ...]
    meetings: tuple[MeetingFacts, ...]
    you_said: tuple[YouSaidFacts, ...]
    glossary: tuple[Term, ...]
    plan: tuple[Outcome, ...]
    # As plan.toml names them; `priorities` is what things are counted under.
    strategic: tuple[Priority, ...]
    charter: tuple[CharterPromise, ...]
    pulses: Pulses = Pulses()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def _contacts_by_id(self) -> dict[str, ContactFacts]:
        return {contact.id: contact for contact in self.contacts}

    def contact(self, contact_id: str) -> ContactFacts:
        """Raises KeyError for an id that this area does not know."""
        return self._contacts_by_id[contact_id]

    @cached_property
    def help_now(self) -> tuple[HelpLine, ...]:
        """Whom to ring, first first. Needs neither database nor staff (DESIGN 11)."""
        return tuple(HelpLine(self.contact(line.contact), line.when) for line in self.ring)

    @property
    def sendiass(self) -> ContactFacts:
        """Free, impartial advice: offered wherever a family disagrees or is stuck (T13)."""
        return self.contact(self.named.sendiass)

    @property
    def forum(self) -> ContactFacts | None:
        """The parent carer forum (H7)."""
        return self.contact(self.named.forum) if self.named.forum else None

    @property
    def youth_council(self) -> ContactFacts | None:
        """Where young people with SEND are heard (T16)."""
        return self.contact(self.named.youth_council) if self.named.youth_council else None

    def topic(self, key: str) -> Topic:
        """Raises KeyError for a key that this area does not know."""
        for topic in self.topics:
            if topic.key == key:
                return topic
        raise KeyError(key)

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return {form.casefold(): term for term in reversed(self.glossary) for form in reversed(term.forms)}

    def meaning(self, word: str) -> Term | None:
        """What a word of officials means, however it is written (H4): the area's own meaning before England's.

        For a word that somebody asks about: "hi" is found too, as a short form for hard of hearing.
        """
        return self._terms.get(" ".join(word.casefold().split()))

    @cached_property
    def priorities(self) -> tuple[Priority, ...]:
        """What an item may belong to (T12): the strategic priorities, as far as plan.toml names them, and the outcomes
        of the development plan. Empty where it names neither; then nobody is asked."""
        outcomes = (Priority(key=one.key, title=one.title, rows=one.rows) for one in self.plan)
        return (*self.strategic, *outcomes)

    def priority(self, key: str | None) -> Priority | None:
        """None for no key, and for one that the plan no longer has."""
        return next((one for one in self.priorities if one.key == key), None)

    # Days and clocks

    def local(self, moment: datetime) -> datetime:
        """An aware moment, by the clock on this area's walls."""
        if moment.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        return moment.astimezone(self.zone)

    def today(self, moment: datetime) -> date:
        return self.local(moment).date()

    def quiet(self, moment: datetime) -> bool:
        """Whether nothing may be sent now that can wait."""
        return self.quiet_hours.hold(self.local(moment).time())

    def next_waking(self, moment: datetime) -> datetime:
        """The moment itself (UTC) when it is outside the quiet hours, else the first at which they are over.

        Eight in the morning is eight by the wall on the day of a clock change too: the night before it has one hour
        less or more.
        """
        here = self.local(moment)
        if not self.quiet(moment):
            return moment.astimezone(UTC)
        over = datetime.combine(here.date(), self.quiet_hours.end, self.zone)
        if over <= here:
            # Plain addition moves the clock on the wall, not 24 hours: that is what is meant.
            over += timedelta(days=1)
        # In the hour that happens twice, the first may be past already.
        both = sorted(over.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        end = next(end for end in both if end > moment and not self.quiet(end))
        # In the hour that never happens, the night is over when the clock jumps.
        while end - A_MINUTE > moment and not self.quiet(end - A_MINUTE):
            end -= A_MINUTE
        return end

    def office_open(self, moment: datetime) -> bool:
        here = self.local(moment)
        return promise.is_working_day(here.date()) and self.office.opens <= here.time() < self.office.closes

    def answer_by(self, received: datetime) -> date:
        """The day by which something received at this moment is answered, by this area's own promise (T2)."""
        return promise.answer_by(received, self.promises.feedback_answer, self.zone, self.office.closes)
