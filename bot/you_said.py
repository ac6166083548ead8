"""An item of "you said, we are doing" as everybody may see it, in the language being spoken.

The public board, its feed and the yearly report show items through this and through nothing else: personal data is
masked but for what a person has allowed on that item, and numbers are said so that they point to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from handlers.ladder import means
from handlers.you_said import how_many, in_short, organisation_name, public, what_families_find, wording
from locales import _, dates, ngettext
from models.area import Area
from models.database import now
from models.feedback import Status
from models.personal.allowed import allowed_in_each
from models.report import Promises, people_behind, verdicts_on
from models.rung import Rung
from models.small_number import tenths
from models.theme import Theme, Update, Verdicts, reopened

ON_THE_WAY = (Status.LOOKING, Status.DOING)


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that was said about an item."""

    day: date
    status: Status
    standing: str
    text: str
    reason: str
    who: str
    due: date | None
    # It was called done, and families said that it is not.
    reopened: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that is being done about an item, or why it cannot be; several may go on side by side."""

    status: Status
    standing: str
    doing: str
    reason: str
    who: str
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Item:
    number: int
    topic: str
    topic_key: str
    said: str
    heard_at: str
    status: Status
    standing: str
    published: date
    changed: date | None
    # Empty while nothing was answered.
    answers: tuple[Answer, ...]
    # It was called done, and families said that it is not.
    reopened: bool
    priority: str
    # How far families work with staff on it, in a sentence; empty where nobody has said.
    rung: Rung | None
    how_far: str
    people: str
    verdict: str
    history: tuple[Moment, ...]

    @property
    def answered(self) -> bool:
        return any(answer.doing or answer.reason for answer in self.answers)

    @property
    def late(self) -> bool:
        return any(answer.late for answer in self.answers)

    @property
    def payload(self) -> str:
        """Opens the chat on it."""
        return f"you_said-item_{self.number}"


def items(session: Session, area: Area, themes: Sequence[Theme]) -> list[Item]:
    """These published items as everybody may see them; three more questions to the database, however many they are."""
    numbers = [theme.id for theme in themes]
    people, verdicts = people_behind(session, numbers), verdicts_on(session, numbers)
    allowed = allowed_in_each(session, [theme.about for theme in themes])
    return [
        _item(area, theme, allowed[theme.about], people.get(theme.id, 0), verdicts.get(theme.id)) for theme in themes
    ]


def _item(area: Area, theme: Theme, allowed: frozenset[str], people: int, verdicts: Verdicts | None) -> Item:
    small, priority = area.publication.small_number, area.priority(theme.priority)
    return Item(
        number=theme.id,
        topic=topic_name(area, theme.topic),
        topic_key=theme.topic,
        said=public(theme.said, allowed),
        heard_at=public(theme.heard_at, allowed),
        status=theme.status,
        standing=standing(theme.status),
        published=area.today(theme.published or theme.made),
        changed=area.today(theme.changed) if theme.changed else None,
        answers=_answers(area, theme, allowed),
        reopened=reopened(theme),
        priority=_(priority.title) if priority is not None else "",
        rung=theme.rung,
        how_far=means(theme.rung) if theme.rung is not None else "",
        people=how_many(people, small),
        verdict=what_families_find(verdicts, small) if verdicts is not None else "",
        history=tuple(moment(area, update, allowed) for update in theme.updates),
    )


def _answers(area: Area, theme: Theme, allowed: frozenset[str]) -> tuple[Answer, ...]:
    """By action; what was said of the item as a whole, where it has none."""
    if not theme.actions:
        return (_answer(area, theme.updates, allowed),) if theme.updates else ()
    return tuple(_answer(area, action.updates, allowed) for action in theme.actions if action.updates)


def _answer(area: Area, updates: Sequence[Update], allowed: frozenset[str]) -> Answer:
    """As it stands now, in the words that staff said last."""
    newest = updates[-1]
    due = newest.due if newest.status in ON_THE_WAY else None
    told = [moment(area, update, allowed) for update in updates]
    cannot = newest.status is Status.CANNOT
    return Answer(
        status=newest.status,
        standing=standing(newest.status),
        doing="" if cannot else next((one.text for one in reversed(told) if one.text), ""),
        reason=told[-1].reason,
        who=told[-1].who,
        due=due,
        late=due is not None and due < area.today(now()),
    )


def moment(area: Area, update: Update, allowed: frozenset[str]) -> Moment:
    cannot = update.status is Status.CANNOT
    return Moment(
        day=area.today(update.made),
        status=update.status,
        standing=standing(update.status),
        text=public(wording(update), allowed) if not cannot else "",
        reason=public(wording(update), allowed) if cannot else "",
        who=_who(area, update, allowed),
        due=update.due if update.status in ON_THE_WAY else None,
        reopened=update.reopened,
    )


def _who(area: Area, update: Update, allowed: frozenset[str]) -> str:
    """The organisation, and the job there where one was given."""
    name, job = organisation_name(area, update.organisation), public(update.role, allowed)
    return f"{name} ({job})" if name and job else name


def topic_name(area: Area, key: str) -> str:
    """What families call a topic; its key where the area no longer has it."""
    return next((_(topic.label) for topic in area.topics if topic.key == key), key)


def standing(status: Status) -> str:
    """Where it stands, in one or two words that begin a line."""
    short = in_short(status)
    return short[:1].upper() + short[1:]


def promise_kept(promises: Promises, small: int, days: int, when: str = "") -> str:
    """How often an answer came by the promised day (T2): in the last year, or `when` (“In 2026”)."""
    promise = ngettext(
        "We promise an answer in {count} working day.", "We promise an answer in {count} working days.", days
    )
    kept = tenths(promises.kept, promises.due, small)
    return f"{promise} {_how_often(kept, when or _('In the last year'))}"


def _how_often(kept: int | None, when: str) -> str:
    if kept is None:
        return _("It is too early to say how often we keep this promise.")
    if kept == 10:
        return _("{when} we kept this promise nearly every time.", when=when)
    if kept == 0:
        return _("{when} we hardly ever kept this promise.", when=when)
    return _("{when} we kept this promise about {count} times out of 10.", when=when, count=dates.number(kept))
