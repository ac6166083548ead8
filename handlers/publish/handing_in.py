"""A publication is handed in, and a second person is asked: the same from the chat and from the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import taps
from handlers.inbox.telling import Sender
from handlers.publish.going import write_to_staff
from handlers.publish.preview import handed_in_preview, in_pieces
from locales import _, speaking
from models.broadcast import Broadcast, BroadcastState, Move, hand_in, second_persons, stop
from models.database import now
from models.message import Button
from models.theme import Theme


@dataclass(frozen=True, slots=True)
class Ready:
    """All that is needed to hand it in: the words, what is sent word for word, to whom and when (UTC; None: now)."""

    audience: str
    texts: Mapping[str, str]
    messages: Mapping[str, Any]
    at: datetime | None
    at_night: bool
    move: Move | None = None
    theme: Theme | None = None
    # The one that it takes the place of, which was sent back.
    before: Broadcast | None = None


def handed_in(desk: Sender, ready: Ready) -> Broadcast:
    """Raises as `hand_in` does. Whoever must look at it is not asked yet."""
    if ready.before is not None and ready.before.state is BroadcastState.DRAFT:
        stop(desk.session, ready.before, desk.person)
    return hand_in(
        desk.session,
        ready.audience,
        ready.texts,
        ready.messages,
        at=ready.at,
        by=desk.person,
        needs_approval=desk.area.publication.needs_approval,
        most_a_week=desk.area.publication.most_a_week,
        at_night=ready.at_night,
        move=ready.move,
        theme=ready.theme,
    )


def ask_colleagues(desk: Sender, broadcast: Broadcast) -> int:
    """Everybody who may approve, but not the author, gets the preview with both buttons. Returns how many."""
    colleagues = second_persons(desk.session, desk.person.id)
    due = None if broadcast.at_night else desk.area.next_waking(now())
    for colleague in colleagues:
        with speaking(colleague.language):
            asked = _("A colleague asks you to look at this before it goes out.")
            *before, last = in_pieces([asked, *handed_in_preview(desk.session, desk.area, broadcast)])
            for piece in before:
                write_to_staff(desk.session, colleague, piece, due=due)
            write_to_staff(
                desk.session,
                colleague,
                last,
                Button(_("Approve"), taps.start("approve", {"which": broadcast.id, "verdict": "yes"})),
                Button(_("Send back"), taps.start("approve", {"which": broadcast.id, "verdict": "no"})),
                due=due,
            )
    return len(colleagues)
