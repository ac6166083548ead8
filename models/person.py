"""A person we talk to, and the addresses at which we reach them.

A person is who they say they are, in their language; nothing here is needed to serve them that they did not give.
An address is a person on a channel (`telegram`, `web`, `terminal`), never a phone number as identity.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, ScalarSelect, UniqueConstraint, bindparam, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.at_once import Ready, as_if_read, change_at_once
from models.database import Base, now


class Kind(StrEnum):
    PARENT = "parent"
    YOUNG = "young"
    PROFESSIONAL = "professional"


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind | None]
    language: Mapped[str] = mapped_column(default="en")
    # Asked once, kept with permission, offered again (H3; NHS Accessible Information Standard).
    needs: Mapped[dict[str, Any] | None]
    # The version of the text that they agreed to, and when.
    agreed_to: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    # Since when they want no messages that they did not ask for.
    stopped_at: Mapped[datetime | None]
    # Hours before a meeting at which they want to be reminded; None is the usual, [] is never.
    reminder_hours: Mapped[list[Any] | None]
    created: Mapped[datetime] = mapped_column(default=now, index=True)

    addresses: Mapped[list[Address]] = relationship(
        back_populates="person", order_by="Address.last_heard.desc()", passive_deletes=True
    )

    @property
    def young(self) -> bool:
        return self.kind is Kind.YOUNG


class Address(Base):
    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_address_erased_at", "erased_at", sqlite_where=text("erased_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    key: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    blocked_at: Mapped[datetime | None]
    # Since when nothing but help is given here: the person is younger than this channel allows.
    closed_at: Mapped[datetime | None]
    # Since when its person has been erased: it is kept only until that has been confirmed to them.
    erased_at: Mapped[datetime | None]
    last_heard: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(back_populates="addresses", lazy="joined", innerjoin=True)


def address_at(session: Session, channel: str, key: str) -> Address | None:
    return session.scalar(select(Address).where(Address.channel == channel, Address.key == key))


def meet(session: Session, channel: str, key: str, language: str = "en") -> Address:
    """The address, its person locked for this transaction; both are made when it is a stranger's."""
    address = _locked(session, channel, key)
    if address is not None:
        return address
    address = Address(channel=channel, key=key, person=Person(language=language))
    try:
        with session.begin_nested():
            session.add(address)
    except IntegrityError:
        # Another process met them a moment ago, with another message of theirs: it has committed now.
        met = _locked(session, channel, key)
        if met is None:
            raise
        return met
    return address


def _locked(session: Session, channel: str, key: str) -> Address | None:
    for row in _LOCKED.rows(session, {"channel": channel, "key": key}):
        here = dict(zip(_ADDRESS, row, strict=False))
        who = dict(zip(_PERSON, row[len(_ADDRESS) :], strict=True))
        return as_if_read(session, Address, {**here, "person": as_if_read(session, Person, who)})
    return None


# Every turn asks. NO KEY: others may meanwhile have a message made for this address, which only points to it.
_ADDRESS, _PERSON = Address.__table__.columns.keys(), Person.__table__.columns.keys()
_LOCKED = Ready(
    select(*Address.__table__.columns, *Person.__table__.columns)
    .join_from(Address.__table__, Person.__table__, Person.id == Address.person_id)
    .where(Address.channel == bindparam("channel"), Address.key == bindparam("key"))
    .with_for_update(of=Address.__table__, key_share=True)
)


def heard_from(session: Session, address: Address) -> None:
    """They have just spoken here: whatever kept us from writing to them is over. Not inside a flow."""
    change_at_once(session, address, blocked_at=None, erased_at=None, last_heard=now())


def reach(person: Person) -> Address | None:
    """Where to write to somebody: where they last spoke, unless they blocked us there or are too young for it."""
    open_ones = [one for one in person.addresses if one.blocked_at is None and one.closed_at is None]
    return max(open_ones, key=lambda address: address.last_heard, default=None)


def where_to_write() -> ScalarSelect[int]:
    """The same as `reach`, within a statement about `Person`: the number of that address, or NULL."""
    return (
        select(Address.id)
        .where(Address.person_id == Person.id, Address.blocked_at.is_(None), Address.closed_at.is_(None))
        .order_by(Address.last_heard.desc(), Address.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def new_secret() -> str:
    """A secret for a link: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret: enough to know it again, not enough to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()
