"""What staff do with an item: gather what families said into it, and say what is being done (T1, T5, T6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, insert, literal, or_, select, true, update
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.feedback import FORUM, Feedback, FeedbackStatus, Status, Visibility
from models.person import Person
from models.role import Permission, require, roles_of
from models.theme.tables import Theme, Update


class NeedsReason(ValueError):
    """ "We can't" was said without "because …" (T5)."""


def new_theme(session: Session, topic: str, said: str, by: Person) -> Theme:
    """A new item: `said` is what families said, in plain words. They see it once something was published about it.

    Raises `NotAllowed` unless `by` may publish.
    """
    require(session, by, Permission.PUBLISH)
    theme = Theme(topic=topic, said=said, made_by=by.id)
    session.add(theme)
    session.flush()
    record(session, by, "made item", f"theme:{theme.id}")
    return theme


def put_under(session: Session, theme: Theme, topic: str, by: Person) -> None:
    """The item is about something else than it was filed under. Raises `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    theme.topic = topic
    session.flush()
    record(session, by, "put under another topic", f"theme:{theme.id}", topic)


def add_update(
    session: Session,
    theme: Theme,
    status: Status,
    text: str,
    *,
    organisation: str | None,
    due: date | None,
    by: Person,
    reason: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> Update:
    """Say where an item stands, what is being done, by whom (a key of area.organisations) and by when; families see
    it from now on. Nobody is written to: that is a broadcast.

    Raises `NotAllowed` unless `by` may publish, `NeedsReason` for "cannot" without one (T5).
    """
    require(session, by, Permission.PUBLISH)
    return record_update(
        session, theme, status, text, organisation=organisation, due=due, by=by, reason=reason, texts=texts
    )


def record_update(
    session: Session,
    theme: Theme,
    status: Status,
    text: str,
    *,
    organisation: str | None,
    due: date | None,
    by: Person | None,
    reason: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> Update:
    """The same for what was decided earlier and takes effect now: a publication that was approved, or scheduled.

    Whoever wrote it may have left meanwhile. Raises `NeedsReason`.
    """
    if status is Status.CANNOT and not (reason or "").strip():
        raise NeedsReason("“we can't” needs a reason")
    said = Update(
        theme_id=theme.id,
        status=status,
        text=text,
        texts=dict(texts or {}),
        organisation=organisation,
        due=due,
        reason=reason,
        by_id=by.id if by else None,
    )
    theme.updates.append(said)
    theme.status, theme.changed = status, now()
    theme.published = theme.published or now()
    session.flush()
    _move_words(session, theme, said)
    record(session, by, "moved item", f"theme:{theme.id}", status)
    return said


def _move_words(session: Session, theme: Theme, said: Update) -> None:
    """What families said stands where their item stands, with its history: nothing is owed any more, unless all that
    was said is that it was heard. Done by the database: there may be thousands."""
    linked = Feedback.theme_id == theme.id
    session.execute(
        insert(FeedbackStatus).from_select(
            ["feedback_id", "status", "reason", "by_id", "at"],
            select(
                Feedback.id,
                literal(said.status, FeedbackStatus.status.type),
                literal(said.reason or ""),
                literal(said.by_id, FeedbackStatus.by_id.type),
                literal(said.made, FeedbackStatus.at.type),
            ).where(linked),
        )
    )
    answered = Feedback.answered if said.status is Status.HEARD else func.coalesce(Feedback.answered, said.made)
    session.execute(update(Feedback).where(linked).values(status=said.status, answered=answered))


def linkable(session: Session, topic: str, by: Person, *, after: int = 0, most: int = 8) -> Sequence[Feedback]:
    """What families said about a topic and is in no item yet, oldest first, with ids above `after`.

    Raises `NotAllowed` unless `by` may read families' words. That they were looked at is the caller's to record, when
    they are shown.
    """
    require(session, by, Permission.READ)
    query = (
        select(Feedback)
        .where(Feedback.topic == topic, Feedback.theme_id.is_(None), Feedback.id > after, _may_see(session, by))
        .order_by(Feedback.id)
        .limit(most)
    )
    return session.scalars(query).all()


def _may_see(session: Session, by: Person) -> ColumnElement[bool]:
    """What was said to the parent carer forum only is for its own people."""
    of_the_forum = any(role.organisation == FORUM for role in roles_of(session, by))
    return true() if of_the_forum else Feedback.visibility != Visibility.FORUM


def link(session: Session, feedback: Feedback, theme: Theme, by: Person) -> None:
    """These words are part of this item: whoever said them hears when it moves (T6). Raises `NotAllowed`."""
    require(session, by, Permission.PUBLISH)
    feedback.theme_id = theme.id
    session.flush()
    record(session, by, "linked", f"feedback:{feedback.id}", f"theme:{theme.id}")


def unlink(session: Session, feedback: Feedback, by: Person) -> None:
    """These words belong to no item after all. Raises `NotAllowed`."""
    require(session, by, Permission.PUBLISH)
    record(session, by, "unlinked", f"feedback:{feedback.id}", f"theme:{feedback.theme_id}")
    feedback.theme_id = None
    session.flush()


def to_chase(session: Session, by: date) -> Sequence[Theme]:
    """Items that were promised for this day or an earlier one and are not done, each once for each promised day: staff
    should say how it stands before families ask (T5). Saying that staff were told is the caller's (`chased_for`)."""
    promised = (
        select(Update.due).where(Update.theme_id == Theme.id).order_by(Update.id.desc()).limit(1).scalar_subquery()
    )
    query = select(Theme).where(
        Theme.status.in_((Status.LOOKING, Status.DOING)),
        promised <= by,
        or_(Theme.chased_for.is_(None), Theme.chased_for != promised),
    )
    return session.scalars(query.order_by(Theme.id)).all()
