"""Questions without an answer, those that ask for the same together: the gaps in the Local Offer in families' words.

They are put together when somebody looks, so that what was taken back or erased is in no group. What is like a gap that
staff have named counts to that gap, and what is like something that is not for us is not listed again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.finding.likeness import Signs, likeness, signs
from models.person import Person
from models.personal import masked
from models.question import UNANSWERED, Question, record_look
from models.role import Permission, require
from models.unanswered.tables import Outcome, Settled

# The newest so many are put together at a time; older ones come up as these are settled.
MOST = 500
# From which on two questions are one group. Lower than what a card learns from: here a person looks.
TOGETHER = 0.5
# Of a group, how many different ways of asking are held against a new one.
MOST_COMPARED = 4


@dataclass
class Group:
    """What several people looked for; `newest` is the last one's question, `questions` all of them, newest first."""

    newest: Question
    questions: list[Question] = field(default_factory=list)
    known: list[Signs] = field(default_factory=list, repr=False)

    @property
    def times(self) -> int:
        return len(self.questions)

    def ways(self, most: int = 3) -> list[str]:
        """Different ways in which it was asked, newest first, personal data masked."""
        different = {question.same: question for question in reversed(self.questions)}
        newest_first = sorted(different.values(), key=lambda question: -question.id)
        return [masked(question.words) for question in newest_first[:most]]

    def add(self, question: Question, said: Signs) -> None:
        self.questions.append(question)
        if len(self.known) < MOST_COMPARED and all(likeness(said, other) < 1 for other in self.known):
            self.known.append(said)


@dataclass(frozen=True, slots=True)
class Gap:
    """What families look for and no service gives, as staff have said; with what was asked since."""

    settled: Settled
    group: Group


def unanswered(session: Session, by: Person, *, first: int = 0, most: int = 6) -> list[Group]:
    """A page of what people looked for and did not find: most asked first, then the newest.

    Raises `NotAllowed` unless `by` may read families' words. Nobody has seen them by this: see `look_at`.
    """
    require(session, by, Permission.READ)
    return _waiting(session)[0][first : first + most]


def count_unanswered(session: Session) -> int:
    """How many different things people looked for and did not find, with which nobody has dealt."""
    return len(_waiting(session)[0])


def group_of(session: Session, number: object, by: Person) -> Group | None:
    """The group that this question is in; None when it is gone or settled.

    Raises `NotAllowed` unless `by` may read families' words.
    """
    require(session, by, Permission.READ)
    return next(
        (group for group in _waiting(session)[0] if any(str(one.id) == str(number) for one in group.questions)), None
    )


def look_at(session: Session, by: Person, groups: Iterable[Group]) -> None:
    """That somebody saw these words is kept."""
    record_look(session, by, [question.id for group in groups for question in group.questions[:3]])


def gaps(session: Session, by: Person | None = None, *, since: datetime | None = None) -> list[Gap]:
    """What there is no service for, most asked first. `since`: only what was asked from then on (UTC).

    Raises `NotAllowed` unless `by` may read families' words; None is somebody with the machine itself.
    """
    if by is not None:
        require(session, by, Permission.READ)
    found = _waiting(session)[1]
    if since is not None:
        for gap in found:
            gap.group.questions[:] = [one for one in gap.group.questions if one.at >= since]
        found = [gap for gap in found if gap.group.questions]
    return sorted(found, key=lambda gap: (-gap.group.times, -gap.settled.id))


def asked_like(session: Session, text: str) -> int:
    """How many questions without an answer are like this one."""
    said = signs(text)
    return sum(group.times for group in _waiting(session)[0] if _alike(group, said) >= TOGETHER)


def _waiting(session: Session) -> tuple[list[Group], list[Gap]]:
    """The groups that wait for staff, in order, and the gaps that staff have named."""
    seeds = _settled(session)
    groups: list[Group] = [group for _settled_, group in seeds]
    already = len(groups)
    by_sign: dict[str, set[int]] = defaultdict(set)
    for place, group in enumerate(groups):
        for said in group.known:
            for sign in _strong(said):
                by_sign[sign].add(place)
    for question in _open(session):
        said = signs(question.words)
        found = _nearest(groups, by_sign, said)
        place = len(groups) if found is None else found
        if found is None:
            groups.append(Group(question))
        groups[place].add(question, said)
        for sign in _strong(said):
            by_sign[sign].add(place)
    for group in groups:
        group.questions.sort(key=lambda one: -one.id)
        group.newest = group.questions[0]
    named = [Gap(one, group) for one, group in seeds if one.outcome is Outcome.GAP]
    waiting = sorted(groups[already:], key=lambda group: (-group.times, -group.newest.id))
    return waiting, named


def _open(session: Session) -> Sequence[Question]:
    return session.scalars(
        select(Question)
        .where(
            Question.got.in_(UNANSWERED),
            Question.dealt_with.is_(None),
            Question.settled_id.is_(None),
            Question.words != "",
        )
        .order_by(Question.id.desc())
        .limit(MOST)
    ).all()


def _settled(session: Session) -> list[tuple[Settled, Group]]:
    """What staff have called a gap, or not for us, with the questions that they said it of."""
    rows = session.execute(
        select(Settled, Question)
        .join(Question, Question.settled_id == Settled.id)
        .where(Settled.outcome.in_((Outcome.GAP, Outcome.NOT_OURS)), Settled.undone.is_(None), Question.words != "")
        .order_by(Question.id.desc())
        .limit(MOST)
    ).all()
    found: dict[int, tuple[Settled, Group]] = {}
    for one, question in rows:
        group = found.setdefault(one.id, (one, Group(question)))[1]
        group.add(question, signs(question.words))
    return list(found.values())


def _strong(said: Signs) -> list[str]:
    return [sign for sign, weight in said.items() if weight >= 0.15]


def _nearest(groups: Sequence[Group], by_sign: dict[str, set[int]], said: Signs) -> int | None:
    shared = Counter(place for sign in _strong(said) for place in by_sign.get(sign, ()))
    alike = [(_alike(groups[place], said), -place) for place, _times in shared.most_common(20)]
    best = max(alike, default=(0.0, 0))
    return -best[1] if best[0] >= TOGETHER else None


def _alike(group: Group, said: Signs) -> float:
    return max((likeness(said, other) for other in group.known), default=0.0)
