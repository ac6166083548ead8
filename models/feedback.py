"""What somebody said, and where it stands.

Every feedback has a reference and a day by which it is answered (T2), a wish about who may see it, and one status in
plain words with every status it ever had (T5). The person stays linked, so that they hear what becomes of it; whether
anybody sees who they are is theirs to say.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, now
from models.person import Kind, Person

# No vowels and none that look alike: a reference is read out on the telephone and spells no word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


class Status(StrEnum):
    HEARD = "heard"
    LOOKING = "looking"
    DOING = "doing"
    DONE = "done"
    CANNOT = "cannot"  # needs a reason (T5)


class Visibility(StrEnum):
    """Who may see it: everyone without a name, only the partnership, only the parent carer forum, or by name."""

    EVERYONE = "everyone"
    PARTNERSHIP = "partnership"
    FORUM = "forum"
    NAMED = "named"


class Feedback(Base):
    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    # Empty once the person has been erased; what they allowed everyone to see may stay without them.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    topic: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    # 1 (very bad) to 5 (very good); None when they left it out.
    feeling: Mapped[int | None]
    voice: Mapped[str | None]
    said_by: Mapped[Kind | None]
    name: Mapped[str | None]
    visibility: Mapped[Visibility]
    language: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.HEARD)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    received: Mapped[datetime] = mapped_column(default=now)
    answer_by: Mapped[date] = mapped_column(index=True)
    answered: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()


def new_reference() -> str:
    """Six characters that nobody can guess from another reference: 387 million of them."""
    return "".join(secrets.choice(ALPHABET) for _place in range(6))
