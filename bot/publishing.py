"""A text sent to many from the machine itself, watched until it has gone out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from handlers.publish import PointsToSomebody, publish_text
from models.area import Area
from models.audience import Count, check_audience
from models.broadcast import Broadcast, BroadcastState, Progress, progress, who_gets_it, who_would_get_it
from models.database import reading, writing

LOOK_EVERY_SECONDS = 0.5
# Nothing has moved for so long: nobody is serving, and it will go out when somebody does.
NOBODY_SERVES_SECONDS = 45.0
LONGEST_TEXT = 3000
# Of what may point to a person, so much is named in the refusal.
MOST_NAMED = 6


class PublishError(Exception):
    """Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Published:
    broadcast: int
    state: str
    total: int
    got: int
    waiting: int
    not_reached: int
    unknown: int
    dropped: int
    left_out: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_when(text: str, area: Area) -> datetime:
    """ISO 8601, by the area's clock unless it names a zone. Raises `PublishError`."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise PublishError(f"“{text}” is no time; write it like 2027-03-01T18:30.") from None
    return (when if when.tzinfo else when.replace(tzinfo=area.zone)).astimezone(UTC)


def count(engine: Engine, area: Area, audience: str) -> Count:
    """Whom it would reach now. Raises `UnknownAudience`."""
    with reading(engine) as session:
        check_audience(session, area, audience)
        return who_would_get_it(session, audience, area.publication.most_a_week)


def hand_in_text(
    engine: Engine, area: Area, text: str, audience: str, at: datetime | None, *, allow_personal: bool = False
) -> int:
    """Commits the publication and returns its number. Raises `PublishError`, `UnknownAudience`."""
    if not text.strip():
        raise PublishError("The file has no text in it.")
    if len(text) > LONGEST_TEXT:
        raise PublishError(f"The text has {len(text)} characters; a message takes {LONGEST_TEXT}.")
    try:
        with writing(engine) as session:
            return publish_text(session, text, audience, at, area=area, allow_personal=allow_personal).id
    except PointsToSomebody as error:
        found = "; ".join(" ".join(line.removeprefix("– ").split()) for line in error.found[:MOST_NAMED])
        raise PublishError(
            f"The text may point to a person: {found}. Take it out; or, if it may be read by everybody it goes to, "
            "give --allow-personal-data. It is kept that it was allowed."
        ) from None


def watch(engine: Engine, number: int, show: Callable[[Progress], None]) -> Published:
    """Until everything of it is settled, or it is clear that nobody serves. Ends at once when it is for later."""
    moved, last = time.monotonic(), None
    while True:
        with reading(engine) as session:
            state, far, result = _look(session, number)
        show(far)
        if far != last:
            moved, last = time.monotonic(), far
        gone_out = far.waiting == 0 and state is not BroadcastState.SCHEDULED
        if gone_out or time.monotonic() - moved > NOBODY_SERVES_SECONDS:
            return result
        time.sleep(LOOK_EVERY_SECONDS)


def look(engine: Engine, number: int) -> Published:
    with reading(engine) as session:
        return _look(session, number)[2]


def _look(session: Session, number: int) -> tuple[BroadcastState, Progress, Published]:
    broadcast = session.get_one(Broadcast, number)
    far = progress(session, broadcast)
    left_out = broadcast.left_out
    if left_out is None:
        left_out = {reason.value: many for reason, many in who_gets_it(session, broadcast).left_out.items()}
    return (
        broadcast.state,
        far,
        Published(
            number,
            broadcast.state.value,
            far.total,
            far.got,
            far.waiting,
            far.not_reached,
            far.unknown,
            far.dropped,
            left_out,
        ),
    )
