"""What somebody has begun to write at the desk, kept until it is sent: a closed browser loses nothing.

A draft is its writer's alone. It goes when it is sent or thrown away, with what it is about, and after the area's time
for drafts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.database import now
from models.desk.tables import DeskDraft
from models.feedback import Feedback
from models.person import Person
from models.role import Permission, require


def keep_draft(session: Session, by: Person, form: str, fields: Mapping[str, str]) -> None:
    """In the place of what was kept of this form before; empty fields alone are no draft. Raises `NotAllowed`.

    `form` is its kind, and what it is about where there are several: "reply:7K2M9P"."""
    require(session, by, Permission.READ)
    written = {name: text for name, text in fields.items() if text.strip()}
    row = _row(session, by, form)
    if not written:
        if row is not None:
            session.delete(row)
    elif row is None:
        about = session.scalar(select(Feedback.id).where(Feedback.ref == form.partition(":")[2]))
        session.add(DeskDraft(person_id=by.id, form=form, feedback_id=about, fields=written))
    else:
        row.fields, row.touched = written, now()
    session.flush()


def draft_of(session: Session, by: Person, form: str) -> dict[str, str]:
    row = _row(session, by, form)
    return dict(row.fields) if row is not None else {}


def drop_draft(session: Session, by: Person, form: str) -> None:
    session.execute(delete(DeskDraft).where(DeskDraft.person_id == by.id, DeskDraft.form == form))


def forget_old_drafts(session: Session, moment: datetime, days: int, most: int) -> int:
    old = select(DeskDraft.id).where(DeskDraft.touched < moment - timedelta(days=days)).limit(most)
    done = session.execute(delete(DeskDraft).where(DeskDraft.id.in_(old)).execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]  # a DELETE has one


def _row(session: Session, by: Person, form: str) -> DeskDraft | None:
    return session.scalar(select(DeskDraft).where(DeskDraft.person_id == by.id, DeskDraft.form == form))
