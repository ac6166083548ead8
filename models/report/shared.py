"""What families chose to share with the parent carer forum alone (H7): for its own people, without names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import record
from models.feedback import FORUM, Feedback, Visibility, may_see
from models.person import Person
from models.report.counting import Said
from models.role import NotAllowed, Permission, require, roles_of

# What is read in one sitting; the rest stands in the inbox.
MOST = 200


def shared_with_forum(session: Session, said: Said, by: Person | None, most: int = MOST) -> Sequence[Feedback]:
    """What was told to the forum alone in this period, oldest first. Each look is recorded.

    `by` is None for somebody with the machine itself. Raises `NotAllowed` unless `by` is of the forum.
    """
    if by is not None:
        require(session, by, Permission.READ)
        if all(role.organisation != FORUM for role in roles_of(session, by)):
            raise NotAllowed(Permission.READ)
    starts, ends = said.period.starts(said.area), said.period.ends(said.area)
    query = (
        select(Feedback)
        .where(Feedback.visibility == Visibility.FORUM, Feedback.received >= starts, Feedback.received < ends)
        .order_by(Feedback.id)
        .limit(most)
    )
    found = [one for one in session.scalars(query) if by is None or may_see(session, by, one)]
    for one in found:
        record(session, by, "read", one.about, "digest")
    return found
