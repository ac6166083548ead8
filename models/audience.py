"""Who is written to: everyone, a topic, a meeting, an item, a role or a language, found by the database and not by us.

An audience is a word, as it is typed on the command line: `everyone`, `topic:transport`, `meeting:3`, `theme:7` (who
raised it, follows it, or wants news of its topic), `raised:7`, `followers:7`, `role:parent`, `language:pl`. Whoever has
not agreed to be written to, has stopped messages, has shut us out on every channel, or has had as many messages this
week as the area allows is left out, and counted with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, false, func, literal, not_, select, true, union_all
from sqlalchemy.orm import Session

from locales import _, languages
from models.area import Area
from models.feedback import Feedback
from models.meeting.tables import Coming, Meeting, Rsvp
from models.person import Kind, Person, where_to_write
from models.theme import Follow, Subscription, Theme

EVERYONE = "everyone"
# Those that are about an item.
OF_ITEM = ("theme", "raised", "followers")


class Part(StrEnum):
    """As what somebody is written to. Who is several of these is written to once, as the first."""

    RAISER = "raiser"  # said it
    FOLLOWER = "follower"  # follows the item
    SUBSCRIBER = "subscriber"  # wants to hear about the topic
    READER = "reader"  # is simply among those who are written to


PARTS = tuple(Part)


class LeftOut(StrEnum):
    """Why somebody is not written to."""

    NO_AGREEMENT = "no agreement"
    STOPPED = "stopped"
    BLOCKED = "blocked"  # no open chat: they shut us out, or are too young for the channel
    ENOUGH = "enough this week"  # they have had as many as the area allows (`models/broadcast/budget.py`)


@dataclass(frozen=True, slots=True)
class Count:
    """How many are reached, as what, and how many are left out, and why."""

    reached: int = 0
    left_out: dict[LeftOut, int] = field(default_factory=dict)
    parts: dict[Part, int] = field(default_factory=dict)


class UnknownAudience(ValueError):
    """There is no such audience. Its text says, in the language being spoken, what there is."""


def check_audience(session: Session, area: Area, audience: str) -> None:
    """Raises `UnknownAudience` for what is none."""
    kind, _colon, which = audience.partition(":")
    if audience == EVERYONE:
        return
    if kind == "topic":
        if which not in {topic.key for topic in area.topics}:
            topics = ", ".join(topic.key for topic in area.topics)
            raise UnknownAudience(_("There is no topic “{which}”. There are: {topics}.", which=which, topics=topics))
    elif kind in OF_ITEM:
        if not which.isdecimal() or session.get(Theme, int(which)) is None:
            raise UnknownAudience(_("There is no item “{which}”.", which=which))
    elif kind == "meeting":
        _meeting(session, which)
    elif kind == "role":
        _one_of(which, [one.value for one in Kind])
    elif kind == "language":
        _one_of(which, [code for code in area.languages if code in languages()] or ["en"])
    else:
        known = "everyone, topic:X, role:X, language:X, meeting:N, theme:N, raised:N, followers:N"
        raise UnknownAudience(
            _("“{audience}” is no audience. Write one of these: {known}.", audience=audience, known=known)
        )


def _one_of(which: str, known: Sequence[str]) -> None:
    if which not in known:
        raise UnknownAudience(_("“{which}” is not known. There are: {known}.", which=which, known=", ".join(known)))


def item_of(audience: str) -> int | None:
    """The number of the item that an audience is about."""
    kind, _colon, which = audience.partition(":")
    return int(which) if kind in OF_ITEM else None


def _meeting(session: Session, which: str) -> None:
    if not which.isdecimal() or session.get(Meeting, int(which)) is None:
        raise UnknownAudience(_("There is no meeting “{which}”.", which=which))


def audience_size(
    session: Session, audience: str, *, after: int = 0, had_enough: ColumnElement[bool] | None = None
) -> Count:
    """How many would be written to now (with ids above `after`). Counted by the database, with one query.

    `had_enough` says of a `Person` whether they get no more for now; without it, nobody has (see
    `models/broadcast/budget.py`)."""
    among = _among(audience, after)
    why = case(
        (Person.agreed_to.is_(None), LeftOut.NO_AGREEMENT.value),
        (Person.stopped_at.is_not(None), LeftOut.STOPPED.value),
        (where_to_write().is_(None), LeftOut.BLOCKED.value),
        (false() if had_enough is None else had_enough, LeftOut.ENOUGH.value),
        else_="",
    )
    query = (
        select(among.c.rank, why, func.count())
        .select_from(among)
        .join(Person, Person.id == among.c.person_id)
        .group_by(among.c.rank, why)
    )
    left_out: dict[LeftOut, int] = {}
    parts: dict[Part, int] = {}
    for rank, reason, count in session.execute(query):
        if reason:
            left_out[LeftOut(reason)] = left_out.get(LeftOut(reason), 0) + count
        else:
            parts[PARTS[rank]] = count
    return Count(sum(parts.values()), left_out, parts)


@dataclass(frozen=True, slots=True)
class Reached:
    """One person who is to be written to, and where."""

    person_id: int
    address_id: int
    language: str
    young: bool
    part: Part


def reached(
    session: Session, audience: str, *, after: int, most: int, had_enough: ColumnElement[bool] | None = None
) -> list[Reached]:
    """The next `most` people of an audience with ids above `after`, by id: a slice, never everyone at once."""
    among = _among(audience, after)
    address = where_to_write()
    query = (
        select(Person.id, address.label("address_id"), Person.language, Person.kind, among.c.rank)
        .select_from(among)
        .join(Person, Person.id == among.c.person_id)
        .where(Person.agreed_to.is_not(None), Person.stopped_at.is_(None), address.is_not(None))
        .where(true() if had_enough is None else not_(had_enough))
        .order_by(Person.id)
        .limit(most)
    )
    return [
        Reached(person_id, address_id, language, kind == "young", PARTS[rank])
        for person_id, address_id, language, kind, rank in session.execute(query)
    ]


def _among(audience: str, after: int) -> Subquery:
    """Everybody in an audience with ids above `after`, each once, with their rank among `PARTS`."""
    kind, _colon, which = audience.partition(":")
    ranked = [
        select(person_id.label("person_id"), literal(PARTS.index(part)).label("rank")).where(*conditions)
        for part, person_id, conditions in _SELECTED[kind](which)
    ]
    everybody = union_all(*(one.where(one.selected_columns[0] > after) for one in ranked)).subquery()
    return (
        select(everybody.c.person_id, func.min(everybody.c.rank).label("rank"))
        .group_by(everybody.c.person_id)
        .subquery()
    )


_Selected = tuple[Part, Any, tuple[ColumnElement[bool], ...]]


def _everyone(_which: str) -> list[_Selected]:
    return [(Part.READER, Person.id, ())]


def _of_topic(topic: str) -> list[_Selected]:
    """Who asked to hear of it, who follows an item of it, and who told us something about it."""
    items = select(Theme.id).where(Theme.topic == topic)
    return [
        (Part.READER, Subscription.person_id, (Subscription.topic == topic,)),
        (Part.READER, Follow.person_id, (Follow.theme_id.in_(items),)),
        (Part.READER, Feedback.person_id, (Feedback.topic == topic,)),
    ]


def _of_theme(theme: str) -> list[_Selected]:
    topic = select(Theme.topic).where(Theme.id == int(theme)).scalar_subquery()
    return [
        (Part.RAISER, Feedback.person_id, (Feedback.theme_id == int(theme),)),
        (Part.FOLLOWER, Follow.person_id, (Follow.theme_id == int(theme),)),
        (Part.SUBSCRIBER, Subscription.person_id, (Subscription.topic == topic,)),
    ]


def _who_raised(theme: str) -> list[_Selected]:
    return [(Part.RAISER, Feedback.person_id, (Feedback.theme_id == int(theme),))]


def _who_follows(theme: str) -> list[_Selected]:
    return [(Part.FOLLOWER, Follow.person_id, (Follow.theme_id == int(theme),))]


def _of_role(role: str) -> list[_Selected]:
    """As what they told us that they write: parents and carers, young people, professionals."""
    return [(Part.READER, Person.id, (Person.kind == Kind(role),))]


def _of_language(language: str) -> list[_Selected]:
    return [(Part.READER, Person.id, (Person.language == language,))]


def _of_meeting(meeting: str) -> list[_Selected]:
    """Who comes, may come, or wants to be told of it; not who said no."""
    return [(Part.READER, Rsvp.person_id, (Rsvp.meeting_id == int(meeting), Rsvp.coming != Coming.NO))]


_SELECTED: dict[str, Callable[[str], list[_Selected]]] = {
    EVERYONE: _everyone,
    "topic": _of_topic,
    "theme": _of_theme,
    "raised": _who_raised,
    "followers": _who_follows,
    "role": _of_role,
    "language": _of_language,
    "meeting": _of_meeting,
}
