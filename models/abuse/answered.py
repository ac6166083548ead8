"""That a family was asked, once, to write without hard words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.database import Base, now
from models.person import Person


class AbuseAnswer(Base):
    """Who was asked, and when. It holds no words, and goes with the person."""

    __tablename__ = "abuse_answer"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(default=now)


def answer_once(session: Session, person: Person) -> bool:
    """Whether they are to be asked now: True the first time, and never again. Being told twice is being told off."""
    if session.get(AbuseAnswer, person.id) is not None:
        return False
    session.add(AbuseAnswer(person_id=person.id))
    session.flush()
    return True
