"""Whether something that we call done really is, said by those who know (T9).

Some weeks after “done” those who raised it are asked, once. “Not yet” from one of them opens the item again: an item
has few who raised it, a second look costs staff minutes, and one family outvoted by silence stops believing. From
anybody else it is counted and shown to staff, and opens nothing: whoever has the link may press it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.area import Area
from models.audit import record
from models.database import now
from models.feedback import Feedback, Status, answer_back
from models.person import Address, Person
from models.role import Permission, require
from models.theme.changing import record_update
from models.theme.showing import raised_by, said_last_by
from models.theme.tables import Theme, Update, Verdict, VerdictAsked

# Somebody who raised several things is asked about one a day.
BETWEEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdicts:
    better: int = 0
    not_yet: int = 0


def judge(session: Session, person: Person, update: Update, *, better: bool, words: str = "") -> bool:
    """Keep whether it is really done; a second verdict of the same person takes the place of the first.

    True when this opened the item again: somebody who raised it says “not yet”, and nobody did before.
    """
    mine = session.scalar(select(Verdict).where(Verdict.update_id == update.id, Verdict.person_id == person.id))
    if mine is None:
        mine = Verdict(update_id=update.id, person_id=person.id)
        session.add(mine)
    mine.better, mine.words, mine.at = better, words, now()
    session.flush()
    theme = session.get_one(Theme, update.theme_id)
    if better or not still_called_done(theme, update) or not raised_by(session, theme, person):
        return False
    _reopen(session, theme, update)
    return True


def _reopen(session: Session, theme: Theme, done: Update) -> Update:
    """It was called done and is not: being done again, by the same, and nobody has given a new day yet."""
    opened = record_update(
        session,
        theme,
        Status.DOING,
        "",
        organisation=done.organisation,
        role=done.role,
        due=None,
        by=None,
        action=done.action,
        reopened=True,
    )
    record(session, None, "reopened", theme.about)
    return opened


def words_owed_an_answer(session: Session, area: Area, person: Person, theme: Theme, words: str) -> Feedback | None:
    """What somebody who raised it says is still not right is put with their own feedback, and is owed an answer by a
    new day (T2). Returns that feedback; None when they raised nothing here, or said nothing."""
    feedback = said_last_by(session, theme, person)
    if feedback is None or not words.strip():
        return None
    answer_back(session, area, feedback, words)
    return feedback


def still_called_done(theme: Theme, update: Update) -> bool:
    """Whether nothing has been said since of what this update called done."""
    return update.status is Status.DONE and not any(_supersedes(later, update) for later in theme.updates)


def _supersedes(later: Update, update: Update) -> bool:
    same = later.action_id == update.action_id or later.action_id is None or update.action_id is None
    return later.id > update.id and same


def to_judge(theme: Theme, number: object = "") -> Update | None:
    """The update that families may say of whether it is so: the newest “done” after which staff have said nothing more
    of the same; or the one of this number, if it still is one. Once families have opened it again, more of them may
    still say so."""
    for update in reversed(theme.updates):
        if str(number).isdecimal() and update.id != int(str(number)):
            continue
        later = [one for one in theme.updates if _supersedes(one, update)]
        if update.status is Status.DONE and all(one.reopened for one in later):
            return update
    return None


def reopened(theme: Theme) -> bool:
    """Whether it was called done, families said that it is not, and staff have said nothing since."""
    return theme.newest is not None and theme.newest.reopened


def verdicts(session: Session, update: Update) -> Verdicts:
    """How many say that it is better, and how many that it is not yet. In public: `models.small_number`."""
    counted = session.execute(
        select(Verdict.better, func.count()).where(Verdict.update_id == update.id).group_by(Verdict.better)
    )
    by_answer = {row[0]: row[1] for row in counted}
    return Verdicts(by_answer.get(True, 0), by_answer.get(False, 0))


def verdicts_on(session: Session, theme: Theme) -> Verdicts:
    """The same of the newest thing about an item that was called done; none when nothing was."""
    done = next((one for one in reversed(theme.updates) if one.status is Status.DONE), None)
    return verdicts(session, done) if done is not None else Verdicts()


def not_right_yet(session: Session, update: Update, by: Person, most: int = 5) -> Sequence[str]:
    """What families wrote is still not right, newest first, without their names.

    Raises `NotAllowed` unless `by` may read families' words; the look is recorded.
    """
    found = words_not_right(session, update, by, most)
    if found:
        record(session, by, "read", f"update:{update.id}", "verdicts")
    return found


def words_not_right(session: Session, update: Update, by: Person, most: int = 5) -> Sequence[str]:
    """The same, where the caller records the look. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    query = select(Verdict.words).where(Verdict.update_id == update.id, ~Verdict.better, Verdict.words != "")
    return session.scalars(query.order_by(Verdict.at.desc(), Verdict.id.desc()).limit(most)).all()


def whom_to_ask(session: Session, area: Area, moment: datetime, *, most: int = 100) -> list[tuple[Update, Person]]:
    """Who raised what was called done `ask_if_done_days` ago, can be written to, and has neither said whether it is nor
    been asked: the oldest first, each person once. That they are asked now is the caller's to keep (`asked`)."""
    query = (
        select(Update.id, Person.id)
        .join(Feedback, Feedback.theme_id == Update.theme_id)
        .join(Person, Person.id == Feedback.person_id)
        .where(
            Update.status == Status.DONE,
            Update.made <= moment - timedelta(days=area.publication.ask_if_done_days),
            Feedback.received <= Update.made,
            ~_said_something_since(),
            Person.agreed_to.is_not(None),
            Person.stopped_at.is_(None),
            _can_be_reached(),
            ~exists().where(Verdict.update_id == Update.id, Verdict.person_id == Person.id),
            ~exists().where(VerdictAsked.update_id == Update.id, VerdictAsked.person_id == Person.id),
            ~exists().where(VerdictAsked.person_id == Person.id, VerdictAsked.at > moment - BETWEEN),
        )
        .order_by(Update.id, Person.id)
        .distinct()
        .limit(most)
    )
    chosen: dict[int, int] = {}
    for update, person in session.execute(query):
        chosen.setdefault(person, update)
    return [(session.get_one(Update, update), session.get_one(Person, person)) for person, update in chosen.items()]


def asked(session: Session, update: Update, person: Person) -> None:
    """They are asked now, and never again about this."""
    session.add(VerdictAsked(update_id=update.id, person_id=person.id))
    session.flush()


def _said_something_since() -> ColumnElement[bool]:
    later = aliased(Update)
    same = or_(later.action_id == Update.action_id, later.action_id.is_(None), Update.action_id.is_(None))
    return exists().where(and_(later.theme_id == Update.theme_id, later.id > Update.id, same))


def _can_be_reached() -> ColumnElement[bool]:
    return exists().where(Address.person_id == Person.id, Address.blocked_at.is_(None), Address.closed_at.is_(None))
