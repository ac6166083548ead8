"""What staff do with an item: gather what families said into it, and say what is being done (T1, T5, T6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from models.audit import record
from models.database import now
from models.feedback import Feedback, FeedbackStatus, PromisePause, Status, may_see, visible_to
from models.person import Person
from models.role import NotAllowed, Permission, may, require, roles_of, staff_who_may
from models.rung import Rung
from models.theme.history import changed
from models.theme.tables import Action, Change, Theme, ThemeChange, Update


class NeedsReason(ValueError):
    """ "We can't" was said without "because …" (T5)."""


def new_theme(
    session: Session, topic: str, said: str, by: Person, *, priority: str | None = None, owner: Person | None = None
) -> Theme:
    """A new item: `said` is what families said, in plain words. They see it once something was published about it.
    `topic` and `priority` are keys of the area's. Unless given, whoever makes it owns it.

    Raises `NotAllowed` unless `by` may publish.
    """
    require(session, by, Permission.PUBLISH)
    theme = Theme(topic=topic, said=said, made_by=by.id, priority=priority, owner_id=(owner or by).id)
    session.add(theme)
    session.flush()
    changed(session, theme, Change.MADE, said, by)
    record(session, by, "made item", theme.about)
    return theme


def put_under(session: Session, theme: Theme, topic: str, by: Person) -> None:
    """The item is about something else than it was filed under. Raises `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    if topic == theme.topic:
        return
    theme.topic = topic
    changed(session, theme, Change.TOPIC, topic, by)
    record(session, by, "put under another topic", theme.about, topic)


def reword(session: Session, theme: Theme, said: str, by: Person) -> None:
    """Say better what families said; the words before stay in its history. Raises `NotAllowed` unless `by` may
    publish."""
    require(session, by, Permission.PUBLISH)
    said = said.strip()
    if said == theme.said:
        return
    if not session.scalar(select(ThemeChange.id).where(ThemeChange.theme_id == theme.id, _WORDED).limit(1)):
        # It was brought in, or is from an earlier release: what it said first is kept too.
        first = ThemeChange(theme_id=theme.id, what=Change.MADE, text=theme.said, by_id=theme.made_by, at=theme.made)
        session.add(first)
    theme.said = said
    changed(session, theme, Change.REWORDED, said, by)
    record(session, by, "reworded item", theme.about)


_WORDED = ThemeChange.what.in_((Change.MADE, Change.REWORDED))


def give_priority(session: Session, theme: Theme, priority: str | None, by: Person) -> None:
    """The key of the area's priority that it belongs to (T12), or None. Raises `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    if priority == theme.priority:
        return
    theme.priority = priority
    changed(session, theme, Change.PRIORITY, priority or "", by)
    record(session, by, "gave a priority to", theme.about, priority or "")


def give_owner(session: Session, theme: Theme, owner: Person, by: Person) -> None:
    """The member of staff who looks after it: they hear of what families say about it.

    Raises `NotAllowed` unless `by` may publish, and unless `owner` may too.
    """
    require(session, by, Permission.PUBLISH)
    require(session, owner, Permission.PUBLISH)
    if theme.owner_id == owner.id:
        return
    theme.owner_id = owner.id
    changed(session, theme, Change.OWNER, called(session, owner), by)
    record(session, by, "gave an owner to", theme.about, f"person:{owner.id}")


def name_rung(session: Session, theme: Theme, rung: Rung | None, by: Person) -> None:
    """How far families work with staff on it (T10). Raises `NotAllowed` unless `by` may publish."""
    require(session, by, Permission.PUBLISH)
    if rung is theme.rung:
        return
    theme.rung = rung
    changed(session, theme, Change.RUNG, rung.value if rung else "", by)
    record(session, by, "named the rung of", theme.about, rung.value if rung else "")


def called(session: Session, person: Person) -> str:
    """What colleagues call a member of staff: the job that they gave, else their organisation's key."""
    roles = roles_of(session, person)
    return next((role.title for role in roles if role.title), roles[0].organisation if roles else "")


def looks_after(session: Session, theme: Theme) -> list[Person]:
    """Whom to tell about an item: its owner while they still may publish, else everybody who may."""
    if theme.owner is not None and may(session, theme.owner, Permission.PUBLISH):
        return [theme.owner]
    return staff_who_may(session, Permission.PUBLISH)


def add_update(
    session: Session,
    theme: Theme,
    status: Status,
    text: str,
    *,
    organisation: str | None,
    due: date | None,
    by: Person,
    role: str = "",
    reason: str | None = None,
    texts: Mapping[str, str] | None = None,
    action: Action | None = None,
    another: bool = False,
) -> Update:
    """Say where an item stands, what is being done, by whom (a key of area.organisations, and a role there) and by
    when; families see it from now on. Nobody is written to: that is a broadcast.

    `action` is the one of its actions that this is about; `another` begins one more beside those there are. With
    neither, it is about the only action, or begins the first; where there are several, about the item as a whole.
    Raises `NotAllowed` unless `by` may publish, `NeedsReason` for "cannot" without one (T5).
    """
    require(session, by, Permission.PUBLISH)
    return record_update(
        session,
        theme,
        status,
        text,
        organisation=organisation,
        due=due,
        by=by,
        role=role,
        reason=reason,
        texts=texts,
        action=action,
        another=another,
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
    role: str = "",
    reason: str | None = None,
    texts: Mapping[str, str] | None = None,
    action: Action | None = None,
    another: bool = False,
    reopened: bool = False,
) -> Update:
    """The same for what was decided earlier and takes effect now: a publication that was approved, or scheduled.

    Whoever wrote it may have left meanwhile. Raises `NeedsReason`.
    """
    if status is Status.CANNOT and not (reason or "").strip():
        raise NeedsReason("“we can't” needs a reason")
    action = _action(session, theme, status, action, another=another)
    said = Update(
        theme_id=theme.id,
        status=status,
        text=text,
        texts=dict(texts or {}),
        organisation=organisation,
        role=role,
        due=due,
        reason=reason,
        reopened=reopened,
        by_id=by.id if by else None,
    )
    theme.updates.append(said)
    said.action = action
    if action is not None:
        action.status, action.organisation, action.role, action.due = status, organisation, role, due
    elif status in (Status.DONE, Status.CANNOT):
        for one in theme.actions:  # all of it is over
            one.status = status if one.goes_on else one.status
    theme.status, theme.changed = _standing(theme, said), now()
    theme.published = theme.published or now()
    session.flush()
    _move_words(session, theme, said)
    record(session, by, "moved item", theme.about, status)
    return said


def _action(session: Session, theme: Theme, status: Status, action: Action | None, *, another: bool) -> Action | None:
    """The action that an update is about, made if it begins one; None: the item as a whole."""
    if action is not None:
        return action
    if another or (not theme.actions and status in (Status.LOOKING, Status.DOING, Status.DONE)):
        begun = Action(status=status)
        theme.actions.append(begun)
        session.flush()
        return begun
    return theme.actions[0] if len(theme.actions) == 1 else None


def _standing(theme: Theme, said: Update) -> Status:
    """An item is done when nothing of it goes on; one thing that is done does not make it so."""
    if said.action is None:
        return said.status
    standing = {one.status for one in theme.actions}
    return next((one for one in (Status.DOING, Status.LOOKING, Status.HEARD) if one in standing), said.status)


def _move_words(session: Session, theme: Theme, said: Update) -> None:
    """What families said stands where their item stands, with its history: nothing is owed any more, unless all that
    was said is that it was heard. Done by the database: there may be thousands."""
    linked = Feedback.theme_id == theme.id
    session.execute(
        insert(FeedbackStatus).from_select(
            ["feedback_id", "status", "reason", "by_id", "at"],
            select(
                Feedback.id,
                literal(theme.status, FeedbackStatus.status.type),
                literal((said.reason or "") if theme.status is Status.CANNOT else ""),
                literal(said.by_id, FeedbackStatus.by_id.type),
                literal(said.made, FeedbackStatus.at.type),
            ).where(linked),
        )
    )
    moved: dict[str, Any] = {"status": theme.status}
    if said.status is not Status.HEARD and not said.reopened:
        moved |= {"answered": func.coalesce(Feedback.answered, said.made), "paused": None}
        session.execute(
            update(PromisePause)
            .where(PromisePause.ended.is_(None), PromisePause.feedback_id.in_(select(Feedback.id).where(linked)))
            .values(ended=said.made)
        )
    session.execute(update(Feedback).where(linked).values(**moved))


def linkable(session: Session, topic: str, by: Person, *, after: int = 0, most: int = 8) -> Sequence[Feedback]:
    """What families said about a topic and is in no item yet, oldest first, with ids above `after`.

    Raises `NotAllowed` unless `by` may read families' words. That they were looked at is the caller's to record, when
    they are shown.
    """
    require(session, by, Permission.READ)
    query = (
        select(Feedback)
        .where(Feedback.topic == topic, Feedback.theme_id.is_(None), Feedback.id > after, visible_to(session, by))
        .order_by(Feedback.id)
        .limit(most)
    )
    return session.scalars(query).all()


def link(session: Session, feedback: Feedback, theme: Theme, by: Person) -> None:
    """These words are part of this item: whoever said them hears when it moves (T6).

    Raises `NotAllowed` unless `by` may publish and may see them.
    """
    _require_sight(session, feedback, by)
    if feedback.theme_id == theme.id:
        return
    if feedback.theme_id is not None:
        unlink(session, feedback, by)
    feedback.theme_id = theme.id
    changed(session, theme, Change.WORDS_IN, feedback.ref, by, feedback_id=feedback.id)
    record(session, by, "linked", feedback.about, theme.about)


def unlink(session: Session, feedback: Feedback, by: Person) -> None:
    """These words belong to no item after all. Raises `NotAllowed` as `link` does."""
    _require_sight(session, feedback, by)
    theme = session.get(Theme, feedback.theme_id) if feedback.theme_id is not None else None
    if theme is None:
        return
    feedback.theme_id = None
    changed(session, theme, Change.WORDS_OUT, feedback.ref, by, feedback_id=feedback.id)
    record(session, by, "unlinked", feedback.about, theme.about)


def _require_sight(session: Session, feedback: Feedback, by: Person) -> None:
    require(session, by, Permission.PUBLISH)
    if not may_see(session, by, feedback):
        raise NotAllowed(Permission.PUBLISH)


def to_chase(session: Session, by: date) -> Sequence[Action]:
    """Actions that were promised for this day or an earlier one and are not done, each once for each promised day:
    staff should say how it stands before families ask (T5). Saying that staff were told is the caller's
    (`chased_for`)."""
    query = select(Action).where(
        Action.status.in_((Status.LOOKING, Status.DOING)),
        Action.due <= by,
        or_(Action.chased_for.is_(None), Action.chased_for != Action.due),
    )
    return session.scalars(query.order_by(Action.id)).all()


def late_actions(session: Session, today: date, *, most: int = 100) -> Sequence[Action]:
    """Actions whose promised day has passed and that are not done, the oldest promise first."""
    late = Action.status.in_((Status.LOOKING, Status.DOING)), Action.due < today
    return session.scalars(select(Action).where(*late).order_by(Action.due, Action.id).limit(most)).all()
