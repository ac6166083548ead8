"""Secrets of the web chat that wait for somebody who comes back with a token: a link for another device, a first
message that is sent again.

They stand in the database, since the page that comes back may be served by another process. What stands there opens
nothing: it is the secret laid over a digest of the token, and only whoever has the token can take it off again.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.database import Base, now
from models.person import digest


class Lent(Base):
    __tablename__ = "lent"

    token: Mapped[str] = mapped_column(primary_key=True)  # its digest
    sealed: Mapped[str]
    # Whose secret it is (the address's key), so that signing out ends it.
    key: Mapped[str] = mapped_column(index=True)
    until: Mapped[datetime] = mapped_column(index=True)


def lend(session: Session, token: str, secret: str, seconds: float) -> None:
    """Keep a secret for whoever shows this token within so many seconds; what has expired goes. Never commits."""
    session.execute(delete(Lent).where(Lent.until <= now()))
    session.execute(
        insert(Lent),
        {
            "token": digest(token),
            "sealed": base64.b64encode(_laid_over(secret.encode(), token)).decode(),
            "key": digest(secret),
            "until": now() + timedelta(seconds=seconds),
        },
    )


def same_for(session: Session, token: str, secret: str, seconds: float) -> str:
    """The secret that waits for this token already, or else this one, which then does. Writes, never commits."""
    waiting = lent(session, token)
    if waiting is not None:
        return waiting
    try:
        with session.begin_nested():
            lend(session, token, secret, seconds)
    except IntegrityError:  # another process was asked the same at the same moment
        return lent(session, token) or secret
    return secret


def lent(session: Session, token: str) -> str | None:
    """The secret that waits for this token; None when none does, or its time is over."""
    sealed = session.scalar(select(Lent.sealed).where(Lent.token == digest(token), Lent.until > now()))
    return None if sealed is None else _laid_over(base64.b64decode(sealed), token).decode()


def redeem(session: Session, token: str) -> str | None:
    """The same, once: nobody else can show this token after it. Writes, never commits."""
    secret = lent(session, token)
    gone = session.execute(delete(Lent).where(Lent.token == digest(token)))
    return secret if gone.rowcount else None  # type: ignore[attr-defined]


def forget_lent(session: Session, secret: str) -> None:
    """No token opens this secret any more. Writes, never commits."""
    session.execute(delete(Lent).where(Lent.key == digest(secret)))


def _laid_over(data: bytes, token: str) -> bytes:
    """A one-time pad: the token is as random as the secret, and used for it alone."""
    pad = hashlib.shake_256(b"lent\0" + token.encode()).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, pad, strict=True))
