"""Somebody may be at risk: a row for it, who has seen it, when, and what was decided (DESIGN 11).

An alert holds ids, never words. Rules may raise one; nothing lowers one but a person who says “I have it”.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import record
from models.database import Base, now
from models.outgoing import drop
from models.person import Person
from models.role import NotAllowed, Permission, may, staff_who_may


class Alert(Base):
    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime] = mapped_column(default=now, index=True)
    # What it is about may be erased; that there was an alert, and what was done, stays for its time.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"), index=True)
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    seen_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    @property
    def code(self) -> str:
        """What staff call it. It says nothing about anybody."""
        return f"A{self.id}"

    @property
    def about(self) -> str:
        return f"alert:{self.id}"


def raise_alert(
    session: Session, person_id: int, *, conversation_id: int | None = None, feedback_id: int | None = None
) -> Alert | None:
    """A new alert; None when this conversation or feedback has one already. Telling staff is the caller's."""
    if alerted_in(session, conversation_id) is not None or alerted_about(session, feedback_id):
        return None
    alert = Alert(person_id=person_id, conversation_id=conversation_id, feedback_id=feedback_id)
    session.add(alert)
    session.flush()
    return alert


def alerted_in(session: Session, conversation_id: int | None) -> Alert | None:
    """The alert that this conversation has raised, if any."""
    if conversation_id is None:
        return None
    return session.scalar(select(Alert).where(Alert.conversation_id == conversation_id))


def alerted_about(session: Session, feedback_id: int | None) -> bool:
    if feedback_id is None:
        return False
    return session.scalar(select(Alert.id).where(Alert.feedback_id == feedback_id).limit(1)) is not None


def whom_to_alert(session: Session) -> list[Person]:
    """The staff who look after alerts; everybody who may read when nobody does."""
    return staff_who_may(session, Permission.PROTECT) or staff_who_may(session, Permission.READ)


def may_take(session: Session, by: Person) -> bool:
    if may(session, by, Permission.PROTECT):
        return True
    return not staff_who_may(session, Permission.PROTECT) and may(session, by, Permission.READ)


def alert_with(session: Session, by: Person, code: str) -> Alert | None:
    """The alert of this code. Raises `NotAllowed`."""
    _require(session, by)
    number = code.strip().upper().removeprefix("A")
    return session.get(Alert, int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None


def take(session: Session, alert: Alert, by: Person) -> bool:
    """“I have it”: the repeat of this alert stops. False when somebody had it already. Raises `NotAllowed`."""
    _require(session, by)
    session.refresh(alert, with_for_update=True)
    if alert.seen_at is not None:
        return False
    alert.seen_by, alert.seen_at = by.id, now()
    drop(session, alert.about)
    record(session, by, "has alert", alert.about)
    session.flush()
    return True


def decide(session: Session, alert: Alert, by: Person, decision: str) -> None:
    """What the person who has it decided. Raises `NotAllowed`."""
    _require(session, by)
    alert.decision, alert.decided_at = decision, now()
    record(session, by, "decided on alert", alert.about, decision)
    session.flush()


def nobody_has(session: Session) -> list[Alert]:
    """Alerts that nobody has taken, oldest first."""
    return list(session.scalars(select(Alert).where(Alert.seen_at.is_(None)).order_by(Alert.id)))


def _require(session: Session, by: Person) -> None:
    if not may_take(session, by):
        raise NotAllowed(Permission.PROTECT)
