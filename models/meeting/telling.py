"""Who hears of a meeting, and how they are written to: by the database, a language at a time, however many they are.

What is said is the same for everybody who speaks a language, so nobody is left out by a crash between two slices:
there are none. It is one statement in the transaction that changes the meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, insert, literal, or_, select, true, update
from sqlalchemy.orm import Session

from locales import SOURCE
from models.area import Area
from models.database import now
from models.feedback import Feedback
from models.meeting.tables import EXPECTED, Coming, Meeting, Rsvp
from models.message import Message
from models.outgoing import URGENCY, Class, Outgoing, State
from models.person import Address, Kind, Person, where_to_write
from models.theme import Follow, Subscription, Theme

EVERYONE, PARENTS, YOUNG, ASKED = "everyone", "parents", "young", "asked"
# Somebody who sets out this soon after the night must hear of a change during it.
TOO_SOON_TO_WAIT = timedelta(hours=2)


def invited(meeting_id: int | None, audience: str) -> ColumnElement[bool]:
    """Everybody who is told of a meeting: its audience, and who asked to hear of its date. They must have agreed to
    be written to."""
    kind, _colon, topic = audience.partition(":")
    match kind:
        case "everyone":
            among: ColumnElement[bool] = true()
        case "parents":
            among = Person.kind == Kind.PARENT
        case "young":
            among = Person.kind == Kind.YOUNG
        case "topic":
            among = _takes_part_in(topic)
        case _:
            among = false()
    asked = select(Rsvp.person_id).where(Rsvp.meeting_id == meeting_id, Rsvp.coming == Coming.TELL)
    return Person.agreed_to.is_not(None) & or_(among, Person.id.in_(asked))


def _takes_part_in(topic: str) -> ColumnElement[bool]:
    items = select(Theme.id).where(Theme.topic == topic)
    return or_(
        Person.id.in_(select(Feedback.person_id).where(Feedback.topic == topic, Feedback.person_id.is_not(None))),
        Person.id.in_(select(Subscription.person_id).where(Subscription.topic == topic)),
        Person.id.in_(select(Follow.person_id).where(Follow.theme_id.in_(items))),
    )


def expected_at(meeting: Meeting) -> ColumnElement[bool]:
    """Everybody who said yes or maybe."""
    return Person.id.in_(select(Rsvp.person_id).where(Rsvp.meeting_id == meeting.id, Rsvp.coming.in_(EXPECTED)))


def heard_of(meeting: Meeting) -> ColumnElement[bool]:
    """Everybody who was invited, and everybody who ever said whether they come: the notes are for them (H5)."""
    answered = select(Rsvp.person_id).where(Rsvp.meeting_id == meeting.id)
    return or_(invited(meeting.id, meeting.audience), Person.id.in_(answered))


def how_many(session: Session, whom: ColumnElement[bool]) -> int:
    """How many of them can be written to now."""
    return session.scalar(select(func.count()).select_from(Person).where(whom, *_reachable())) or 0


def write_to_all(
    session: Session,
    whom: ColumnElement[bool],
    messages: Mapping[str, Message],
    *,
    kind: Class,
    about: str,
    due: datetime,
) -> int:
    """Write to everybody at once, each in their language; whoever stopped messages or shut us out is left out.

    `messages` is by language and has English, for the languages that it lacks. Returns how many are written to.
    """
    columns = ("address_id", "body", "kind", "urgency", "due", "about")
    written = 0
    for language, message in messages.items():
        query = select(
            where_to_write(),
            literal(message.as_json(), Outgoing.__table__.c.body.type),
            literal(kind, Outgoing.__table__.c.kind.type),
            literal(URGENCY[kind]),
            literal(due, Outgoing.__table__.c.due.type),
            literal(about),
        ).where(whom, *_reachable(), _speaks(language, messages))
        # Without the option PostgreSQL's driver is not asked how many rows an INSERT made.
        made = insert(Outgoing).from_select(columns, query).execution_options(preserve_rowcount=True)
        done = session.execute(made)
        written += done.rowcount  # type: ignore[attr-defined]  # an INSERT has one
    return written


def rewrite_waiting(session: Session, messages: Mapping[str, Message], about: str) -> None:
    """What has not gone out yet says what is so now."""
    for language, message in messages.items():
        speakers = select(Address.id).join(Person, Person.id == Address.person_id).where(_speaks(language, messages))
        session.execute(
            update(Outgoing)
            .where(
                Outgoing.about == about,
                Outgoing.kind == Class.BROADCAST,
                Outgoing.state == State.WAITING,
                Outgoing.address_id.in_(speakers),
            )
            .values(body=message.as_json())
            .execution_options(synchronize_session=False)
        )


def drop_waiting(session: Session, about: str) -> None:
    """Invitations and reminders that have not gone out are not wanted any more; news that was promised still is."""
    session.execute(
        update(Outgoing)
        .where(
            Outgoing.about == about,
            Outgoing.kind.in_((Class.BROADCAST, Class.REMINDER)),
            Outgoing.state == State.WAITING,
        )
        .values(state=State.DROPPED, settled=now())
        .execution_options(synchronize_session=False)
    )


def when_to_tell(area: Area, moment: datetime, starts: datetime | None) -> datetime:
    """Now; in the quiet hours when they are over, unless somebody could have set out by then."""
    morning = area.next_waking(moment)
    return moment if starts is not None and moment < starts < morning + TOO_SOON_TO_WAIT else morning


def _speaks(language: str, messages: Mapping[str, Message]) -> ColumnElement[bool]:
    if language != SOURCE:
        return Person.language == language
    return Person.language.not_in([other for other in messages if other != SOURCE])


def _reachable() -> tuple[ColumnElement[bool], ...]:
    return Person.stopped_at.is_(None), where_to_write().is_not(None)
