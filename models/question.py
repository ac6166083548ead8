"""What people looked for in the Who's Who, and what they got.

It is kept so that staff see what families cannot find (T3). The words are personal: contact details and the plainest
kinds of names are taken out before they are kept, they go with the person, and after the time that the area promises.
Of somebody who agreed to nothing no person is kept, and words only where nothing was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.area import Area
from models.audit import Audit, record
from models.database import Base, now
from models.finding import Found
from models.months import months_before
from models.person import Person

# What was asked for fits in it; a story belongs to tell us.
LONGEST = 300
# "Did you get through?": they have had time to ring, and still know whom they rang.
FOLLOW_UP_AFTER = timedelta(days=3)
FOLLOW_UP_NO_LATER = timedelta(days=14)
ONE_FOLLOW_UP_IN = timedelta(days=7)
# Staff who scroll through a list look once, not once a message.
SAME_LOOK = timedelta(hours=1)

_DETAILS = re.compile(
    r"""
    # E-mail, web, a name on a channel. What stands before the @ has an end and is looked at once from each place: one
    # word of a hundred thousand letters held everybody up for fourteen seconds.
    [^\s@]{1,64}+@\S+ | (?:https?://|www\.)\S+ | (?<!\w)@\w+
    | \+?\d(?:[\s()./-]*\d){5,}                        # telephone, NHS number, date of birth
    | \b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b            # postcode
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMES = re.compile(
    r"\b((?i:called|named|name is|name's|mr|mrs|ms|miss|dr"
    r"|(?:my|our) (?:son|daughter|child|boy|girl|brother|sister))\.?)"
    r"\s+[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?"
)


class Got(StrEnum):
    """What came of a question, as far as we know."""

    NOTHING = "nothing"  # we had nothing for it
    OUTSIDE = "outside"  # it is none of our business: the weather, the football
    WRONG = "wrong"  # what we had was not what they needed
    UNREACHED = "unreached"  # they did not get through
    RIGHT = "right"


UNANSWERED = (Got.NOTHING, Got.WRONG, Got.UNREACHED)
# "He is four", said so long before, is still about the same child.
SAME_TALK = timedelta(hours=2)


class Question(Base):
    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    area: Mapped[str]
    language: Mapped[str]
    words: Mapped[str]
    # The words in an order that is the same for everybody who asks for the same.
    same: Mapped[str] = mapped_column(index=True)
    route: Mapped[str]
    sure: Mapped[bool]
    # Ids of contacts, best first, and how many of them were shown.
    found: Mapped[list[str]]
    shown: Mapped[int] = mapped_column(default=0)
    # Whether one of those could be rung or written to.
    reachable: Mapped[bool] = mapped_column(default=False)
    got: Mapped[Got | None]
    # The contact that they did not reach.
    unreached: Mapped[str | None]
    answered: Mapped[datetime | None]
    asked_back: Mapped[datetime | None]
    dealt_with: Mapped[datetime | None]
    # What staff said of it and of those like it (models/unanswered).
    settled_id: Mapped[int | None] = mapped_column(ForeignKey("settled.id", ondelete="SET NULL"), index=True)


def without_details(words: str) -> str:
    """The words without telephone numbers, addresses, and names where they plainly are some; at most 300 characters.

    It cannot know every name: whoever asks is told to leave them out.
    """
    kept = _NAMES.sub(r"\1 …", _DETAILS.sub("…", words))
    line = " ".join(kept.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def keep_question(
    session: Session, area: str, words: str, found: Found, *, language: str, person: Person | None
) -> Question:
    """Keep what was looked for. `person` is None for somebody who has not agreed to anything being kept: then the
    words are kept only where nothing was found, since somebody has to see what is missing."""
    got = _got_at_once(found)
    kept = without_details(words) if person is not None or got is Got.NOTHING else ""
    row = Question(
        person_id=person.id if person else None,
        area=area,
        language=language,
        words=kept,
        same=" ".join(sorted(set(re.findall(r"\w+", kept.casefold())))),
        route=found.route,
        sure=found.sure,
        found=list(found.contacts),
        got=got,
    )
    session.add(row)
    session.flush()
    return row


def _got_at_once(found: Found) -> Got | None:
    """What they got as soon as they asked; None while that is still theirs to say."""
    if found.contacts or found.route == "feedback":
        return None
    return Got.OUTSIDE if found.route == "none" and found.sure else Got.NOTHING


def question_for(session: Session, number: object, person: Person) -> Question | None:
    """The question with this number, if it is this person's or nobody's, and still kept."""
    text = str(number)
    row = session.get(Question, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return row if row is not None and row.person_id in (None, person.id) else None


def questions_of(session: Session, person: Person) -> Sequence[Question]:
    """Everything that somebody looked for, newest first: theirs to see and to take."""
    return session.scalars(select(Question).where(Question.person_id == person.id).order_by(Question.id.desc())).all()


def said_before(session: Session, person: Person) -> Sequence[str]:
    """What they asked in the same talk, newest first, as far as it was kept for other reasons."""
    return session.scalars(
        select(Question.words)
        .where(Question.person_id == person.id, Question.at > now() - SAME_TALK, Question.words != "")
        .order_by(Question.id.desc())
        .limit(5)
    ).all()


def answer(question: Question, got: Got, contact_id: str | None = None) -> None:
    """What came of it, as the person says; the last word counts. Of nobody's question nothing is known."""
    if question.person_id is None:
        return
    question.got, question.answered = got, now()
    question.unreached = contact_id if got is Got.UNREACHED else None
    question.dealt_with = question.settled_id = None


# -- asking whether they got through


def to_follow_up(session: Session, moment: datetime, most: int = 200) -> Sequence[Question]:
    """Questions whose people may be asked at this moment (UTC) whether they got through: the newest of each person.

    Once for a question, and a person not more than once a week; only who agreed, and has not stopped messages.
    """
    recent = select(Question.person_id).where(Question.asked_back > moment - ONE_FOLLOW_UP_IN)
    open_ones = (
        select(func.max(Question.id))
        .where(
            Question.at <= moment - FOLLOW_UP_AFTER,
            Question.at > moment - FOLLOW_UP_NO_LATER,
            Question.reachable,
            Question.got.is_(None),
            Question.asked_back.is_(None),
            Question.person_id.is_not(None),
            Question.person_id.not_in(recent.where(Question.person_id.is_not(None))),
        )
        .group_by(Question.person_id)
    )
    query = (
        select(Question)
        .join(Person, Person.id == Question.person_id)
        .where(Question.id.in_(open_ones), Person.agreed_to.is_not(None), Person.stopped_at.is_(None))
        .order_by(Question.id)
        .limit(most)
    )
    return session.scalars(query).all()


# -- what staff see is in models/unanswered


def record_look(session: Session, by: Person, numbers: Iterable[int]) -> None:
    """That somebody saw the words of these questions: once an hour, however often the list is shown."""
    for about in [f"question:{number}" for number in numbers]:
        seen = select(Audit.id).where(
            Audit.person_id == by.id, Audit.about == about, Audit.deed == "read", Audit.at > now() - SAME_LOOK
        )
        if session.scalar(seen.limit(1)) is None:
            record(session, by, "read", about)


# -- how long they are kept


def forget_old_questions(session: Session, area: Area, moment: datetime, most: int) -> int:
    """Delete at most so many questions that are older than the area keeps them (UK GDPR, article 5(1)(e))."""
    old = select(Question.id).where(Question.at < months_before(moment, area.retention.questions.months)).limit(most)
    return len(session.scalars(delete(Question).where(Question.id.in_(old)).returning(Question.id)).all())
