"""What a person has looked at and said may be published, though it is personal data: who, when, which words, where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.area import Area
from models.audit import record
from models.database import Base, now
from models.months import months_before
from models.person import Person
from models.role import Permission, require

from .find import masked, personal_data
from .marks import Kind


class AllowedWords(Base):
    """“Dave” may stand in what is published about this item."""

    __tablename__ = "allowed_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What it was allowed for ("theme:7"), and for nothing else.
    about: Mapped[str] = mapped_column(index=True)
    words: Mapped[str]
    kind: Mapped[Kind]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=now, index=True)


def allowed_in(session: Session, about: str) -> frozenset[str]:
    """The exact words that a person has allowed in what is published about this."""
    return frozenset(session.scalars(select(AllowedWords.words).where(AllowedWords.about == about)))


def allowed_in_each(session: Session, abouts: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The same for several, by one question to the database."""
    found: dict[str, frozenset[str]] = dict.fromkeys(abouts, frozenset())
    for about, words in session.execute(
        select(AllowedWords.about, AllowedWords.words).where(AllowedWords.about.in_(list(found)))
    ):
        found[about] |= {words}
    return found


def allow(session: Session, about: str, texts: Iterable[str], by: Person | None) -> int:
    """Allow everything that stands marked in these texts, for this only. Returns how many words were new.

    `by` is None for somebody with the machine itself. Raises `NotAllowed` unless `by` may publish. The audit names the
    kinds, never the words.
    """
    if by is not None:
        require(session, by, Permission.PUBLISH)
    there = set(allowed_in(session, about))
    kinds: list[Kind] = []
    for text in texts:
        for mark in personal_data(text):
            words = text[mark.start : mark.end]
            if words not in there:
                there.add(words)
                kinds.append(mark.kind)
                session.add(
                    AllowedWords(about=about, words=words, kind=mark.kind, by_id=by.id if by is not None else None)
                )
    if kinds:
        session.flush()
        record(session, by, "allowed personal data", about, ", ".join(dict.fromkeys(kinds)))
    return len(kinds)


def as_published(session: Session, about: str, text: str) -> str:
    """The text as others may see it: masked, but for what a person has allowed about this."""
    return masked(text, allowed_in(session, about))


def forget_old(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What was allowed longer ago than feedback is kept is masked again. Returns how many."""
    before = months_before(moment, area.retention.feedback.months)
    old = session.scalars(select(AllowedWords.id).where(AllowedWords.at < before).limit(most)).all()
    session.execute(delete(AllowedWords).where(AllowedWords.id.in_(old)))
    return len(old)
