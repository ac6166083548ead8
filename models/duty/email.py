"""The e-mail address at which somebody on duty is told, shown to be theirs by a code that is sent there.

It is an address like those of the chats, on a channel of its own (`email`), so that one post sends both, with the same
three outcomes. It is closed for everything else: nothing but a code and an alert is ever sent there. Two may share one
mailbox, so the key names the person too.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import record
from models.database import Base, now
from models.person import Address, Person, digest

CHANNEL = "email"
CODE_MINUTES = 30
# A code of six digits may be guessed at so often, then there is a new one.
TRIES = 5
# Good enough to catch a slip; whether it is theirs, the code shows.
SHAPE = re.compile(r"[^\s@,;:<>\"\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250})\.[A-Za-z]{2,24}")


class DutyEmail(Base):
    __tablename__ = "duty_email"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"))
    code_digest: Mapped[str] = mapped_column(default="")
    code_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]


def is_email(text: str) -> bool:
    return SHAPE.fullmatch(text) is not None


def key_of(person_id: int, email: str) -> str:
    return f"{person_id}:{email}"


def mailbox(key: str) -> str:
    """The e-mail address in an address's key."""
    return key.partition(":")[2]


def duty_email_of(session: Session, person: Person) -> DutyEmail | None:
    return session.scalar(select(DutyEmail).where(DutyEmail.person_id == person.id))


def email_address(session: Session, person: Person) -> Address | None:
    """Where to send them an e-mail; None when they have given no address, not confirmed it, or it refuses us."""
    return session.scalar(
        select(Address)
        .join(DutyEmail, DutyEmail.address_id == Address.id)
        .where(DutyEmail.person_id == person.id, DutyEmail.confirmed_at.is_not(None), Address.blocked_at.is_(None))
    )


def give_email(session: Session, person: Person, email: str) -> tuple[Address, str] | None:
    """Keep an address that is still to be confirmed; returns it with the code to send there. None when a code for it
    is on its way and good, so that it is sent once however often this is called. Raises ValueError for none."""
    email = email.strip().lower()
    if not is_email(email):
        raise ValueError("not an e-mail address")
    found = duty_email_of(session, person)
    key = key_of(person.id, email)
    address = session.get(Address, found.address_id) if found is not None else None
    if found is not None and address is not None and address.key == key:
        if found.code_until is not None and found.code_until > now() and found.tries < TRIES:
            return None
    elif found is not None and address is not None:
        session.delete(address)
        session.flush()
        session.expunge(found) if found in session else None
        found = None
    if found is None:
        # Closed: only what is meant for a duty mailbox goes there, whatever else is sent to this person.
        address = Address(channel=CHANNEL, key=key, person=person, closed_at=now())
        session.add(address)
        session.flush()
        found = DutyEmail(person_id=person.id, address_id=address.id)
        session.add(found)
    code = f"{secrets.randbelow(1_000_000):06d}"
    found.code_digest, found.code_until = digest(f"{key}:{code}"), now() + timedelta(minutes=CODE_MINUTES)
    found.tries, found.confirmed_at = 0, None
    session.flush()
    if address is None:
        raise ValueError("no address")
    return address, code


def confirm_email(session: Session, person: Person, code: str) -> bool:
    """Whether this is the code that was sent to them; the address counts from now on."""
    found = duty_email_of(session, person)
    if found is None or found.code_until is None or found.code_until <= now() or found.tries >= TRIES:
        return False
    found.tries += 1
    key = session.get_one(Address, found.address_id).key
    right = hmac.compare_digest(found.code_digest, digest(f"{key}:{''.join(code.split())}"))
    if right:
        found.confirmed_at, found.code_until, found.code_digest = now(), None, ""
        record(session, person, "confirmed duty e-mail", f"person:{person.id}")
    session.flush()
    return right
