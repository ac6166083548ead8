"""Staff hear that something is new: a line without words, at most one an hour for each, never in the quiet hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import taps
from locales import _, speaking
from models.area import Area
from models.database import now
from models.feedback import Feedback, readers
from models.message import Button, Message
from models.outgoing import Class, Outgoing, State, send
from models.person import Person, reach

# More often than this a notice is noise, and noise gets switched off.
AT_MOST_EVERY = timedelta(hours=1)


def announce(session: Session, area: Area, feedback: Feedback) -> None:
    """Have the staff who may answer it told that there is something new. What is already on its way tells this too."""
    for person in readers(session, feedback):
        address = reach(person)
        due = _next_due(session, area, person)
        if address is None or due is None or person.stopped_at is not None:
            continue
        with speaking(person.language):
            message = Message(
                _("There is something new from families."),
                (Button(_("Open the inbox"), taps.start("inbox", {})),),
            )
        send(session, address, message, Class.REMINDER, due=due, about=_about(person))


def _next_due(session: Session, area: Area, person: Person) -> datetime | None:
    """When to tell them; None while a notice is still to come."""
    sent = Outgoing.about == _about(person), Outgoing.state != State.DROPPED
    last = session.scalar(select(func.max(Outgoing.due)).where(*sent))
    moment = now()
    if last is not None and last > moment:
        return None
    return area.next_waking(moment if last is None else max(moment, last + AT_MOST_EVERY))


def _about(person: Person) -> str:
    return f"inbox:{person.id}"
