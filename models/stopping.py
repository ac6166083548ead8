"""Who wants no messages that they did not ask for, and what that holds back.

A reply to what somebody writes themselves is always given; everything else stays away from them, from the very
message in which they say so. What already waits for them is held back when its turn comes (`still_wanted`), so that
nobody has to find it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.database import now
from models.outgoing import Class, Outgoing
from models.person import Address, Person

# An alert goes to staff on duty: it is their work, not a message that they subscribed to.
ALWAYS = frozenset({Class.ALERT, Class.REPLY})


def stop(person: Person) -> None:
    """No messages from now on. Doing it twice changes nothing."""
    person.stopped_at = person.stopped_at or now()


def start(person: Person) -> None:
    person.stopped_at = None


def wanted(person: Person, kind: Class) -> bool:
    """Whether a message of this class may be sent to them."""
    return person.stopped_at is None or kind in ALWAYS


def still_wanted(session: Session, row: Outgoing) -> bool:
    """Asked by the post just before it sends what has waited."""
    address = session.get(Address, row.address_id)
    return address is not None and address.closed_at is None and wanted(address.person, row.kind)
