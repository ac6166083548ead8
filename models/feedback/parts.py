"""One story, several organisations: each answers its part, and the family gets one joined answer (T16).

The promise is one: the day by which the family was promised an answer holds for every part. The joined answer goes when
the last part is in, or when staff say “send what we have”; then the promise is kept once nothing is left to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.area import Area
from models.audit import record
from models.database import now
from models.feedback.said import Feedback, FeedbackNote, FeedbackPart, Side, Visibility
from models.feedback.standing import (
    FORUM,
    answered_now,
    require_answer,
    visible_to,
)
from models.person import Person
from models.role import NotAllowed, Permission, require, roles_of, staff_who_may


class ForTheForumOnly(Exception):
    """It was said to the parent carer forum only: no other organisation is asked about it, since it may not see it."""


class NothingToSend(Exception):
    """No part is in that the family has not been sent yet."""


def split(session: Session, area: Area, feedback: Feedback, asked: Mapping[str, str], by: Person) -> list[FeedbackPart]:
    """Ask organisations (keys of the area's) for their parts: `asked` says what each is to answer, in a few words of
    staff. An organisation that was asked before and has not answered gets the new words. Returns all that are open.

    Raises `NotAllowed`, `KeyError` for an organisation that the area does not have, and `ForTheForumOnly`.
    """
    require_answer(session, feedback, by)
    session.refresh(feedback, with_for_update=True)
    known = {one.key for one in area.organisations}
    there = {one.organisation: one for one in feedback.parts}
    for organisation, what in asked.items():
        if organisation not in known:
            raise KeyError(organisation)
        if feedback.visibility is Visibility.FORUM and organisation != FORUM:
            raise ForTheForumOnly(feedback.ref)
        if (part := there.get(organisation)) is None:
            part = FeedbackPart(organisation=organisation)
            feedback.parts.append(part)
        elif part.answered is not None and part.sent is None:
            continue  # it is in, and waits to be sent
        part.asked, part.asked_by, part.made = what.strip(), by.id, now()
        part.answer, part.answered, part.answered_by, part.sent = "", None, None, None
    record(session, by, "split", feedback.about, ", ".join(asked))
    session.flush()
    return open_parts(feedback)


def open_parts(feedback: Feedback) -> list[FeedbackPart]:
    """The parts that are not in yet."""
    return [one for one in feedback.parts if one.answered is None]


def parts_in(feedback: Feedback) -> list[FeedbackPart]:
    """The parts that are in and that the family has not been sent yet, in the order in which they were asked for."""
    return [one for one in feedback.parts if one.answered is not None and one.sent is None]


def my_part(session: Session, feedback: Feedback, by: Person) -> FeedbackPart | None:
    """The open part that this member of staff may answer for their organisation; None when there is none."""
    mine = {role.organisation for role in roles_of(session, by)}
    return next((one for one in open_parts(feedback) if one.organisation in mine), None)


def parts_for(session: Session, by: Person) -> Sequence[FeedbackPart]:
    """The open parts of this member of staff's organisations, the nearest promise first. Raises `NotAllowed`."""
    require(session, by, Permission.READ)
    mine = {role.organisation for role in roles_of(session, by)}
    query = (
        select(FeedbackPart)
        .join(Feedback, Feedback.id == FeedbackPart.feedback_id)
        .where(FeedbackPart.organisation.in_(mine), FeedbackPart.answered.is_(None), visible_to(session, by))
    )
    return session.scalars(query.order_by(Feedback.answer_by, FeedbackPart.id)).all()


def who_answers(session: Session, part: FeedbackPart) -> list[Person]:
    """The staff of the organisation who may answer it: whom to tell that it is theirs."""
    return [
        one
        for one in staff_who_may(session, Permission.ANSWER)
        if any(role.organisation == part.organisation for role in roles_of(session, one))
    ]


def answer_part(session: Session, part: FeedbackPart, text: str, by: Person) -> bool:
    """An organisation's answer is in; nothing is sent yet. True when no part is open any more: then the caller has the
    joined answer sent (`send_parts`).

    Raises `NotAllowed` unless `by` may answer, may see it, and is of that organisation.
    """
    require_answer(session, part.feedback, by)
    if all(role.organisation != part.organisation for role in roles_of(session, by)):
        raise NotAllowed(Permission.ANSWER)
    session.refresh(part.feedback, with_for_update=True)
    part.answer, part.answered, part.answered_by, part.sent = text.strip(), now(), by.id, None
    record(session, by, "answered a part of", part.feedback.about, part.organisation)
    session.flush()
    return not open_parts(part.feedback)


def withdraw_part(session: Session, part: FeedbackPart, by: Person) -> bool:
    """This organisation need not answer after all. True when others are in and nothing is open any more.

    Raises `NotAllowed`.
    """
    feedback = part.feedback
    require_answer(session, feedback, by)
    feedback.parts.remove(part)
    record(session, by, "withdrew a part of", feedback.about, part.organisation)
    session.flush()
    if open_parts(feedback):
        return False
    if any(one.sent is not None for one in feedback.parts) and not parts_in(feedback):
        answered_now(feedback, now())  # all that was to come has been sent
    return bool(parts_in(feedback))


def send_parts(session: Session, feedback: Feedback, text: str, by: Person) -> FeedbackNote:
    """What is in goes to the family as one answer: `text` is all of it, as they read it. Sending it is the caller's.

    The promise is kept by it once no part is open; while one is, an answer is still owed. Raises `NotAllowed`, and
    `NothingToSend` when nothing is in (a colleague was quicker).
    """
    require_answer(session, feedback, by)
    session.refresh(feedback, with_for_update=True)
    going = parts_in(feedback)
    if not going:
        raise NothingToSend(feedback.ref)
    moment = now()
    note = FeedbackNote(side=Side.STAFF, author_id=by.id, text=text, at=moment)
    feedback.notes.append(note)
    for part in going:
        part.sent = moment
    if not open_parts(feedback):
        answered_now(feedback, moment)
    record(session, by, "sent the parts of", feedback.about, f"{len(going)} in, {len(open_parts(feedback))} open")
    session.flush()
    return note
