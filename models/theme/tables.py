"""The tables of "you said, we are doing": an item, what was ever said about it, and who wants to hear."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, now
from models.feedback import Status
from models.person import Person


class Theme(Base):
    """What several people said together, in plain words, and where it stands."""

    __tablename__ = "theme"
    __table_args__ = (Index("ix_theme_shown", "published", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The row of the area's you_said.jsonl that it came from, if it did: loading the area again finds it.
    source_id: Mapped[str | None] = mapped_column(unique=True)
    topic: Mapped[str]
    said: Mapped[str]
    # Where families said it, as the source gives it.
    heard_at: Mapped[str | None]
    status: Mapped[Status] = mapped_column(default=Status.HEARD)
    made: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # Since when families see it; None while a second person has not yet looked.
    published: Mapped[datetime | None]
    # When it last moved; None if it never did since it was loaded.
    changed: Mapped[datetime | None]
    # The promised day about which staff have been reminded.
    chased_for: Mapped[date | None]

    updates: Mapped[list[Update]] = relationship(order_by="Update.id", cascade="all, delete-orphan")

    @property
    def newest(self) -> Update | None:
        return self.updates[-1] if self.updates else None


class Update(Base):
    """One thing said about an item: where it stands, what is being done, by whom, by when. None is ever changed."""

    __tablename__ = "theme_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status]
    # What is being done, in English; empty where nothing was said about it.
    text: Mapped[str]
    # The same in other languages, as far as given: {"pl": "…"}. For "cannot", the reason in them.
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # The key of an organisation in area.toml.
    organisation: Mapped[str | None]
    due: Mapped[date | None]
    reason: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=now)

    by: Mapped[Person | None] = relationship()


class Follow(Base):
    """Somebody who wants to hear when an item moves."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("theme_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Subscription(Base):
    """Somebody who wants to hear of everything about a topic."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("topic", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Verdict(Base):
    """Whether something that we call done really is, by somebody who knows (T9)."""

    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("update_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("theme_update.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    better: Mapped[bool]
    # What is still not right, in their words.
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
