"""The tables of "you said, we are doing": an item, what was ever said about it, and who wants to hear."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, now
from models.feedback import Feedback, Status
from models.person import Person
from models.rung import Rung


class Theme(Base):
    """What several people said together, in plain words, and where it stands."""

    __tablename__ = "theme"
    __table_args__ = (Index("ix_theme_shown", "published", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The row of the area's you_said.jsonl that it came from, if it did: loading the area again finds it.
    source_id: Mapped[str | None] = mapped_column(unique=True)
    topic: Mapped[str]
    # What families said, in plain words.
    said: Mapped[str]
    # The key of one of the area's priorities (T12), and the member of staff who looks after it.
    priority: Mapped[str | None] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    # How far families work with staff on it (T10).
    rung: Mapped[Rung | None]
    # Where families said it, as the source gives it.
    heard_at: Mapped[str | None]
    status: Mapped[Status] = mapped_column(default=Status.HEARD)
    made: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # Since when families see it; None while a second person has not yet looked.
    published: Mapped[datetime | None]
    # When it last moved; None if it never did since it was loaded.
    changed: Mapped[datetime | None]

    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    actions: Mapped[list[Action]] = relationship(
        back_populates="theme", order_by="Action.id", cascade="all, delete-orphan", passive_deletes=True
    )
    updates: Mapped[list[Update]] = relationship(order_by="Update.id", cascade="all, delete-orphan")

    @property
    def newest(self) -> Update | None:
        return self.updates[-1] if self.updates else None

    @property
    def about(self) -> str:
        """How the audit points at it."""
        return f"theme:{self.id}"


class Action(Base):
    """One thing that is being done about an item: where it stands, who does it, by when. What was ever said of it are
    its updates; several may go on side by side."""

    __tablename__ = "theme_action"
    __table_args__ = (Index("ix_theme_action_due", "status", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status]
    # The key of an organisation in area.toml, and the role there that does it: a job, never a name.
    organisation: Mapped[str | None]
    role: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None]
    made: Mapped[datetime] = mapped_column(default=now)
    # The promised day about which staff have been reminded.
    chased_for: Mapped[date | None]

    theme: Mapped[Theme] = relationship(back_populates="actions")
    updates: Mapped[list[Update]] = relationship(back_populates="action", order_by="Update.id", passive_deletes=True)

    @property
    def newest(self) -> Update | None:
        return self.updates[-1] if self.updates else None

    @property
    def goes_on(self) -> bool:
        return self.status not in (Status.DONE, Status.CANNOT)


class Update(Base):
    """One thing said about an item: where it stands, what is being done, by whom, by when. None is ever changed."""

    __tablename__ = "theme_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    # None: it is about the item as a whole.
    action_id: Mapped[int | None] = mapped_column(ForeignKey("theme_action.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status]
    # What is being done, in English; empty where nothing was said about it.
    text: Mapped[str]
    # The same in other languages, as far as given: {"pl": "…"}. For "cannot", the reason in them.
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # The key of an organisation in area.toml.
    organisation: Mapped[str | None]
    role: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None]
    reason: Mapped[str | None]
    # It was called done, and families said that it is not: nobody of the staff wrote this one.
    reopened: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=now)

    by: Mapped[Person | None] = relationship()
    action: Mapped[Action | None] = relationship(back_populates="updates")


class Change(StrEnum):
    """What staff may change about an item, beside saying where it stands."""

    MADE = "made"
    REWORDED = "reworded"
    TOPIC = "topic"
    PRIORITY = "priority"
    OWNER = "owner"
    RUNG = "rung"
    WORDS_IN = "words in"
    WORDS_OUT = "words out"
    ASKED = "asked if meant"
    NOTE = "note"


class ThemeChange(Base):
    """A change of an item that is no update: who, when, and its text. None is ever changed."""

    __tablename__ = "theme_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    what: Mapped[Change]
    # What it became: the words, a key of the area's; for the rest what is worth saying about it.
    text: Mapped[str] = mapped_column(default="")
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Meant(Base):
    """One person asked whether “you said” says what they meant, and what they answered."""

    __tablename__ = "meant"
    __table_args__ = (Index("ix_meant_theme", "theme_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    # Words that are taken back are asked about no more.
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # The words that they were asked about.
    said: Mapped[str]
    asked: Mapped[datetime] = mapped_column(default=now, index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    fits: Mapped[bool | None]
    # What they meant, in their own words.
    words: Mapped[str] = mapped_column(default="")
    answered: Mapped[datetime | None]

    theme: Mapped[Theme] = relationship()
    feedback: Mapped[Feedback] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


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


class VerdictAsked(Base):
    """Somebody was asked whether something that we call done really is: once, whatever they answer."""

    __tablename__ = "verdict_asked"

    update_id: Mapped[int] = mapped_column(ForeignKey("theme_update.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    at: Mapped[datetime] = mapped_column(default=now)


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
