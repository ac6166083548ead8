"""A broadcast on its way: rows for the next slice of its people, until there is one for everybody.

Each slice is one transaction, with the cursor that says how far it got: whatever kills the process between two of
them, it goes on where it was. The database is asked for a slice at a time, so that ten thousand people cost no more
memory than five hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from models.area import Area
from models.audience import Part, Reached, reached
from models.broadcast.budget import had_enough, who_gets_it
from models.broadcast.tables import Broadcast, BroadcastState, Delivery
from models.database import now
from models.feedback import Feedback, Status
from models.outgoing import URGENCY, Class, Outgoing, State
from models.person import Address, Person
from models.theme import record_update

# The place in a message that each person's own words take.
QUOTE = "{quote}"
LONGEST_QUOTE = 120
# The places in a button that the number of the update, and that of the broadcast, take.
UPDATE, VIA = "{update}", "{via}"
# News that could not be handed over for so long is no news: a channel that is not running must not hold the report up.
PATIENCE = timedelta(hours=24)


def due_broadcasts(session: Session, area: Area, moment: datetime) -> Sequence[Broadcast]:
    """The broadcasts that may begin, or have begun and do not yet have a row for everybody; the oldest first.

    In the quiet hours only those of which somebody said that they may go at night.
    """
    query = select(Broadcast).where(
        or_(
            (Broadcast.state == BroadcastState.SCHEDULED) & (Broadcast.at <= moment),
            (Broadcast.state == BroadcastState.GOING) & Broadcast.expanded.is_(None),
        )
    )
    if area.quiet(moment):
        query = query.where(Broadcast.at_night)
    return session.scalars(query.order_by(Broadcast.at, Broadcast.id)).all()


def expand(session: Session, broadcast: Broadcast, most: int = 500) -> int:
    """Make the rows of the next `most` people; returns how many. 0: there is one for everybody, or it must not go."""
    session.refresh(broadcast, with_for_update=True)
    if broadcast.state is BroadcastState.SCHEDULED:
        _begin(session, broadcast)
    if broadcast.state is not BroadcastState.GOING or broadcast.expanded is not None:
        return 0
    enough = had_enough(broadcast.most_a_week, now(), broadcast.about)
    people = reached(session, broadcast.audience, after=broadcast.cursor, most=most, had_enough=enough)
    if people:
        _make_rows(session, broadcast, people)
        broadcast.cursor = people[-1].person_id
    if len(people) < most:
        broadcast.expanded = now()
        broadcast.left_out = {why.value: many for why, many in who_gets_it(session, broadcast).left_out.items()}
    session.flush()
    return len(people)


def _begin(session: Session, broadcast: Broadcast) -> None:
    """It goes out now, so what it says about its item is so from now on."""
    broadcast.state, broadcast.started = BroadcastState.GOING, now()
    broadcast.messages = _numbered(broadcast.messages, VIA, broadcast.id)
    if broadcast.theme is None or broadcast.status is None:
        return
    cannot = broadcast.status is Status.CANNOT
    said = record_update(
        session,
        broadcast.theme,
        broadcast.status,
        "" if cannot else broadcast.texts["en"],
        organisation=broadcast.organisation,
        role=broadcast.role,
        due=broadcast.due,
        action=broadcast.action,
        another=broadcast.another,
        by=broadcast.author,
        reason=broadcast.texts["en"] if cannot else None,
        texts={language: text for language, text in broadcast.texts.items() if language != "en"},
    )
    broadcast.update_id = said.id
    broadcast.messages = _numbered(broadcast.messages, UPDATE, said.id)


def _numbered(messages: dict[str, Any], place: str, number: int) -> dict[str, Any]:
    """What the buttons are about has a number only now."""
    made = deepcopy(messages)
    for message in (one for parts in made.values() for one in parts.values()):
        for button in message.get("buttons", ()):
            button["tap"] = button["tap"].replace(place, str(number))
    return made


def _make_rows(session: Session, broadcast: Broadcast, people: Sequence[Reached]) -> None:
    quotes = _quotes(session, broadcast, [one.person_id for one in people if one.part is Part.RAISER])
    rows = [
        {
            "address_id": one.address_id,
            "body": body_for(
                broadcast.messages, one.language, one.part, young=one.young, quote=quotes.get(one.person_id, "")
            ),
            "kind": Class.BROADCAST,
            "urgency": URGENCY[Class.BROADCAST],
            "due": now(),
            "about": broadcast.about,
        }
        for one in people
    ]
    ids = session.scalars(insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True), rows).all()
    session.execute(
        insert(Delivery),
        [
            {"broadcast_id": broadcast.id, "person_id": one.person_id, "part": one.part, "outgoing_id": row}
            for one, row in zip(people, ids, strict=True)
        ],
    )


def body_for(messages: dict[str, Any], language: str, part: Part, *, young: bool, quote: str) -> dict[str, Any]:
    """The message of one person: in their language if it was made in it, else in English, with their own words."""
    made = messages.get(language) or messages["en"]
    body = dict((young and made.get(f"{part} young")) or made[part])
    body["text"] = body["text"].replace(QUOTE, quote, 1)
    return body


def _quotes(session: Session, broadcast: Broadcast, raisers: Sequence[int]) -> dict[int, str]:
    """What each of them said last about the item, on one line."""
    if broadcast.theme_id is None or not raisers:
        return {}
    query = (
        select(Feedback.person_id, Feedback.text)
        .where(Feedback.theme_id == broadcast.theme_id, Feedback.person_id.in_(raisers))
        .order_by(Feedback.id)
    )
    return {person: quoted(text) for person, text in session.execute(query) if person is not None}


def quoted(text: str) -> str:
    """Somebody's words on one line, cut at a word where they are long. “…” stands for a photo or a voice note."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_QUOTE:
        return line or "…"
    return line[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"


def still_wanted(session: Session, outgoing: Outgoing) -> bool:
    """Whether a row of a broadcast may still be sent, asked just before it is: whoever opted out after it was made
    gets nothing, nor does anybody once it was stopped. Rows of anything else are none of ours: True."""
    if outgoing.kind is not Class.BROADCAST or not (outgoing.about or "").startswith("broadcast:"):
        return True
    query = (
        select(literal(1))
        .select_from(Address)
        .join(Person, Person.id == Address.person_id)
        .join(Broadcast, Broadcast.id == int((outgoing.about or "").partition(":")[2]))
        .where(
            Address.id == outgoing.address_id,
            Address.blocked_at.is_(None),
            Person.stopped_at.is_(None),
            Broadcast.state != BroadcastState.STOPPED,
        )
    )
    return session.scalar(query) is not None


def hold_at_night(session: Session, area: Area, moment: datetime) -> int:
    """In the quiet hours, what still waits of a broadcast that may not go at night waits for the morning: it began
    late, or the machine was down. Returns how many rows were put off."""
    if not area.quiet(moment):
        return 0
    by_day = select(literal("broadcast:").concat(Broadcast.id)).where(
        Broadcast.state == BroadcastState.GOING, ~Broadcast.at_night
    )
    put_off = session.execute(
        update(Outgoing)
        .where(
            Outgoing.state == State.WAITING,
            Outgoing.urgency == URGENCY[Class.BROADCAST],
            Outgoing.due <= moment,
            Outgoing.about.in_(by_day),
        )
        .values(due=area.next_waking(moment))
        .execution_options(synchronize_session=False)
    )
    return put_off.rowcount  # type: ignore[attr-defined,no-any-return]  # an UPDATE has one


def finish(session: Session, moment: datetime) -> Sequence[Broadcast]:
    """The broadcasts of which nothing is left to be sent, now marked as done: their authors want to know.

    What waits for somebody who shut us out meanwhile is settled as not sent, and so is what no channel would take for
    a whole day.
    """
    going = session.scalars(
        select(Broadcast).where(Broadcast.state == BroadcastState.GOING, Broadcast.expanded.is_not(None))
    ).all()
    done = []
    for broadcast in going:
        _give_up(session, broadcast, moment)
        left = exists().where(Outgoing.about == broadcast.about, Outgoing.state.in_((State.WAITING, State.SENDING)))
        if not session.scalar(select(left)):
            broadcast.state, broadcast.finished = BroadcastState.DONE, moment
            done.append(broadcast)
    session.flush()
    return done


def _give_up(session: Session, broadcast: Broadcast, moment: datetime) -> None:
    blocked = select(Address.id).where(Address.blocked_at.is_not(None))
    for error, hopeless in (
        ("blocked", Outgoing.address_id.in_(blocked)),
        ("too late", (Outgoing.attempts > 0) & (Outgoing.made < moment - PATIENCE)),
    ):
        session.execute(
            update(Outgoing)
            .where(Outgoing.about == broadcast.about, Outgoing.state == State.WAITING, hopeless)
            .values(state=State.NOT_SENT, error=error, settled=moment)
            .execution_options(synchronize_session=False)
        )
