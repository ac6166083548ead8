"""How a member of staff comes in at the desk, and is put out.

There is no password: whoever holds the chat of a member of staff asks the bot there for a link, which works once and
for ten minutes. The browser is then known by a secret of which only the digest is kept. It is put out after two hours
without use, after twelve in any case, and at once when its person has no role any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.desk.tables import DeskLink, DeskSession, end_sessions_of
from models.person import Person, digest, new_secret
from models.role import Permission, may, require

LINK_FOR = timedelta(minutes=10)
# A long meeting is survived; a lunch that became an afternoon is not.
IDLE_FOR = timedelta(hours=2)
# A working day: nobody comes to a shared computer in the morning and finds yesterday's desk open.
LASTS_FOR = timedelta(hours=12)
# "Used just now" is written down no more often than this: a look is not worth a commit each.
NOTED_EVERY = timedelta(minutes=1)


def lend_link(session: Session, person: Person) -> str:
    """The secret of a link that lets this member of staff in, once. Raises `NotAllowed`."""
    require(session, person, Permission.READ)
    secret = new_secret()
    session.add(DeskLink(secret_digest=digest(secret), person_id=person.id, expires=now() + LINK_FOR))
    session.flush()
    return secret


def come_in(session: Session, secret: str) -> tuple[DeskSession, str] | None:
    """The session that this link opens, and its secret. None when the link is unknown, used or too old, or when its
    person is no longer staff: all look the same."""
    moment = now()
    person_id = session.scalar(
        update(DeskLink)
        .where(DeskLink.secret_digest == digest(secret), DeskLink.used.is_(None), DeskLink.expires > moment)
        .values(used=moment)
        .returning(DeskLink.person_id)
    )
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None or not may(session, person, Permission.READ):
        return None
    key = new_secret()
    row = DeskSession(secret_digest=digest(key), person=person, made=moment, seen=moment, expires=moment + LASTS_FOR)
    session.add(row)
    session.flush()
    record(session, person, "signed in", f"desk:{row.id}")
    return row, key


def signed_in(session: Session, secret: str) -> DeskSession | None:
    """The session of this browser, if it is still one. Whether its person is still staff is for `may` to say."""
    if not secret:
        return None
    moment = now()
    return session.scalar(
        select(DeskSession).where(
            DeskSession.secret_digest == digest(secret),
            DeskSession.ended.is_(None),
            DeskSession.expires > moment,
            DeskSession.seen > moment - IDLE_FOR,
        )
    )


def sign_out(session: Session, here: DeskSession) -> None:
    here.ended, here.flash = now(), None
    record(session, here.person, "signed out", f"desk:{here.id}")


def sign_out_everywhere(session: Session, person: Person) -> int:
    """Every browser of theirs, this one too. Returns how many there were."""
    record(session, person, "signed out everywhere", f"person:{person.id}")
    return end_sessions_of(session, person.id)


def browsers_of(session: Session, person: Person) -> list[DeskSession]:
    """Where they are signed in now, newest first."""
    moment = now()
    return list(
        session.scalars(
            select(DeskSession)
            .where(
                DeskSession.person_id == person.id,
                DeskSession.ended.is_(None),
                DeskSession.expires > moment,
                DeskSession.seen > moment - IDLE_FOR,
            )
            .order_by(DeskSession.id.desc())
        )
    )


def forget_old_sign_ins(session: Session, moment: datetime, most: int) -> int:
    """Links and sessions that open nothing any more. The audit keeps that there were any."""
    gone = 0
    for table, over in (
        (DeskLink, DeskLink.expires < moment),
        (DeskSession, or_(DeskSession.expires < moment, DeskSession.ended.is_not(None))),
    ):
        old = select(table.id).where(over).limit(most)
        done = session.execute(delete(table).where(table.id.in_(old)).execution_options(synchronize_session=False))
        gone += done.rowcount  # type: ignore[attr-defined]  # a DELETE has one
    return gone
