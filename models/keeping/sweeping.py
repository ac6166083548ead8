"""What is held goes when its time is up (UK GDPR, article 5(1)(e)); how long, and why, stands in the area's file.

In slices, so that a long list never holds the writer for long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session

from models import complaint, pulse
from models.alert import (
    Alert,
    Decision,
    closed_at,
    closed_before,
    closed_by_alert,
    forget_reasons,
    needed_for_alert,
)
from models.area import Area
from models.attachment import Attachment
from models.audit import Audit
from models.conversation import Conversation
from models.database import Base
from models.desk.drafts import forget_old_drafts
from models.desk.signing_in import forget_old_sign_ins
from models.desk.word_index import tidy
from models.draft import throw_away, to_erase
from models.feedback import Feedback, remove
from models.keeping.erasing import erase, forget_erased, take_from_staff
from models.meeting import forget_old
from models.months import months_before
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Address, Person
from models.personal import allowed
from models.question import Question
from models.received import Received
from models.role import Role
from models.theme import Meant, Verdict
from models.unanswered import forget_whose

SLICE = 500
# Erasing one person touches many tables.
PEOPLE_IN_A_SLICE = 20
# Each is looked for in what staff were shown.
WORDS_IN_A_SLICE = 20


def sweep_old(session: Session, partnership: Partnership, moment: datetime) -> int:
    """Delete what is older than the area keeps it, at most `SLICE` rows. Returns how many rows went."""
    gone = 0
    for rule in RULES:
        gone += rule(session, partnership.area, moment, SLICE - gone)
        if gone >= SLICE:
            break
    return gone


def _erased(session: Session, _area: Area, moment: datetime, most: int) -> int:
    return forget_erased(session, moment, most)


def _messages_sent(session: Session, area: Area, moment: datetime, most: int) -> int:
    """Also what waited all that time for somebody who shut us out: nobody wants it any more."""
    before = months_before(moment, area.retention.messages.months)
    return _delete(
        session, Outgoing, most, Outgoing.id.in_(_oldest(Outgoing)), Outgoing.made < before, Outgoing.due < before
    )


def _messages_received(session: Session, area: Area, moment: datetime, most: int) -> int:
    """One that made the code fail waits for staff, but not for ever: it holds a family's words."""
    unhandled = and_(Received.error.is_not(None), Received.dealt_with.is_(None))
    old = and_(Received.at < months_before(moment, area.retention.messages.months), not_(unhandled))
    return _delete(
        session, Received, most, or_(old, Received.at < months_before(moment, area.retention.feedback.months))
    )


def _conversations(session: Session, area: Area, moment: datetime, most: int) -> int:
    before = months_before(moment, area.retention.conversations.months)
    return _delete(session, Conversation, most, Conversation.id.in_(_oldest(Conversation)), Conversation.ended < before)


def _drafts(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What was begun and not sent, once its person has had a day to answer the one word about it."""
    left = to_erase(session, moment, area.drafts_days, most)
    for conversation in left:
        throw_away(session, conversation)
    return len(left)


def _attachments(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What was sent along with words that were then never sent."""
    going_on = exists().where(Conversation.person_id == Attachment.person_id, Conversation.ended.is_(None))
    before = moment - timedelta(days=area.drafts_days)
    return _delete(session, Attachment, most, Attachment.feedback_id.is_(None), Attachment.made < before, ~going_on)


def _feedback(session: Session, area: Area, moment: datetime, most: int) -> int:
    before = months_before(moment, area.retention.feedback.months)
    old = Feedback.received < before, ~needed_for_alert(Feedback.id)
    return _remove(session, session.scalars(select(Feedback).where(*old).order_by(Feedback.received).limit(most)).all())


def _words_of_alerts(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What an alert was about goes sooner than what else families said: its time counts from when the alert was closed,
    and begins when the family has its answer. Where the family took it back while the alert was open it goes at once.
    Words in which nobody was at risk are like any other."""
    before = months_before(moment, area.retention.alert_words.months)
    taken_back = Feedback.person_id.is_(None), closed_before(Feedback.id, moment)
    in_time = Feedback.answered < before, closed_before(Feedback.id, before), closed_by_alert(Feedback.id)
    # From the alerts, of which there are few, never through everything that was ever said.
    alerted = Feedback.id.in_(select(Alert.feedback_id).where(Alert.feedback_id.is_not(None)))
    due = alerted, or_(and_(*taken_back), and_(*in_time))
    found = session.scalars(select(Feedback).where(*due).order_by(Feedback.id).limit(min(most, WORDS_IN_A_SLICE))).all()
    for one in found:
        take_from_staff(session, [one.ref, one.text, *(note.text for note in one.notes)])
    gone = _remove(session, found)
    forget_reasons(session, before)
    return gone


def _remove(session: Session, found: Sequence[Feedback]) -> int:
    for one in found:
        remove(session, one)
    if found:
        tidy(session)
    return len(found)


def _judged(session: Session, area: Area, moment: datetime, most: int) -> int:
    """What families wrote about an item goes with the time of what they told us; that they judged it stays counted."""
    before = months_before(moment, area.retention.feedback.months)
    old = select(Verdict.id).where(Verdict.at < before, Verdict.words != "").limit(most)
    emptied = session.execute(
        update(Verdict).where(Verdict.id.in_(old)).values(words="").execution_options(synchronize_session=False)
    )
    gone: int = emptied.rowcount  # type: ignore[attr-defined]  # an UPDATE has one
    return gone + (_delete(session, Meant, most - gone, Meant.asked < before) if gone < most else 0)


def _questions(session: Session, area: Area, moment: datetime, most: int) -> int:
    before = months_before(moment, area.retention.questions.months)
    forget_whose(session, before)
    return _delete(session, Question, most, Question.at < before)


def _meetings(session: Session, area: Area, moment: datetime, _most: int) -> int:
    return forget_old(session, area, moment)


def _alerts(session: Session, area: Area, moment: datetime, most: int) -> int:
    """A false alarm goes with the time of the words; what was done about the others stays longer, without words. None
    goes before it is closed."""
    false_alarm = (
        Alert.decision == Decision.SAFE,
        Alert.decided_at < months_before(moment, area.retention.alert_words.months),
    )
    before = months_before(moment, area.retention.alerts.months)
    return _delete(session, Alert, most, or_(and_(*false_alarm), closed_at(Alert) < before))


def _audit(session: Session, area: Area, moment: datetime, most: int) -> int:
    return _delete(session, Audit, most, Audit.at < months_before(moment, area.retention.audit.months))


def _desk(session: Session, area: Area, moment: datetime, most: int) -> int:
    """Ways into the desk that open nothing any more, and what was begun there and never sent."""
    gone = forget_old_sign_ins(session, moment, most)
    return gone + forget_old_drafts(session, moment, area.drafts_days, most)


def _data_complaints(session: Session, area: Area, moment: datetime, most: int) -> int:
    return complaint.forget_old(session, area, moment, most)


def _pulse_answers(session: Session, area: Area, moment: datetime, most: int) -> int:
    return pulse.forget_old(session, area, moment, most)


def _allowed_words(session: Session, area: Area, moment: datetime, most: int) -> int:
    return allowed.forget_old(session, area, moment, most)


def _people(session: Session, area: Area, moment: datetime, most: int) -> int:
    """Who has not been heard of for so long, but for staff in office."""
    last = select(func.max(Address.last_heard)).where(Address.person_id == Person.id).scalar_subquery()
    in_office = exists().where(Role.person_id == Person.id, Role.ended.is_(None))
    before = months_before(moment, area.retention.people.months)
    unheard = session.scalars(
        select(Person)
        # Nobody is heard of before they are there: that leaves out most without looking for their addresses.
        .where(Person.created < before, func.coalesce(last, Person.created) < before, ~in_office)
        .order_by(Person.created)
        .limit(min(most, PEOPLE_IN_A_SLICE))
    ).all()
    for person in unheard:
        erase(session, person)
    # A full slice of them means that there may be more: then this is called again at once.
    return most if len(unheard) == PEOPLE_IN_A_SLICE else len(unheard)


RULES: tuple[Callable[[Session, Area, datetime, int], int], ...] = (
    _erased,
    _messages_sent,
    _messages_received,
    _conversations,
    _drafts,
    _attachments,
    _words_of_alerts,
    _feedback,
    _judged,
    _questions,
    _meetings,
    _alerts,
    _audit,
    _desk,
    _data_complaints,
    _pulse_answers,
    _allowed_words,
    _people,
)


def _oldest(table: type[Outgoing | Conversation]) -> Select[int]:
    """The oldest rows by their numbers: the long tables are not read through on every round."""
    return select(table.id).order_by(table.id).limit(SLICE)


def _delete(session: Session, table: type[Base], most: int, *conditions: ColumnElement[bool]) -> int:
    """Delete at most so many rows, without reading them."""
    key = next(iter(table.__table__.primary_key))
    old = select(key).where(*conditions).limit(most)
    done = session.execute(delete(table).where(key.in_(old)).execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]  # a DELETE has one
