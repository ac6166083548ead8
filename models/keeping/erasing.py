"""Erasing somebody: every row and every word of them (UK GDPR, article 17).

What they said goes too, also what they allowed everyone to see: words that a family wrote can point at that family
long after the name is gone, and nobody here can judge that for them. What staff wrote about an item stays; it is
staff's. A note that there was an alert stays for its time, without the person and without words; and while it is open
the words that it is about stay with those who look after it, without the person (article 17(3)(b): it is a public task
to find out whether a child or an adult is at risk, and whoever erases may not be whoever wrote).

The address stays a little longer, on a person of whom nothing is known, so that the erasure can be confirmed to them.
`forget_erased` then takes both away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, cast, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from locales import _, speaking
from models.alert import needed_for_alert
from models.audit import record
from models.complaint import complaints_of
from models.complaint import take_words as take_complaint_words
from models.conversation import Conversation
from models.database import now
from models.desk.word_index import tidy
from models.feedback import Feedback, erase_feedback_of, feedback_of
from models.message import Message
from models.outgoing import Outgoing, State
from models.person import Address, Person
from models.personal import masked
from models.question import questions_of
from models.received import Received
from models.role import Role
from models.theme import Meant, Verdict

# A channel may hand a message over twice; until it has surely stopped doing so, the ids of the newest are needed.
STILL_REPEATED = timedelta(hours=1)
# By then the confirmation has been sent, unless the channel is down; a day later it goes unsent.
CONFIRMED_AFTER = timedelta(minutes=10)
NO_LONGER_TRIED = timedelta(days=1)
# The beginning of somebody's words is enough to find them again in what staff were shown.
MARK = 40


def erase(
    session: Session,
    person: Person,
    *,
    telling: Address | None = None,
    within: Conversation | None = None,
) -> None:
    """Erase everything held of a person, at once. `telling` is the address at which it is confirmed to them, `within`
    the conversation in which they asked for it; both then belong to somebody of whom nothing is known."""
    _take_words_from_staff(session, person)
    take_complaint_words(session, person)
    erase_feedback_of(session, person)
    record(session, None, "erased", f"person:{person.id}")
    kept = within.id if within is not None else 0
    session.execute(delete(Conversation).where(Conversation.person_id == person.id, Conversation.id != kept))
    if telling is not None:
        _leave_only_the_address(session, person, telling, within)
    session.flush()
    # The database takes all that hangs on the person with it.
    session.execute(delete(Person).where(Person.id == person.id))
    tidy(session)


def _leave_only_the_address(session: Session, person: Person, telling: Address, within: Conversation | None) -> None:
    session.execute(delete(Outgoing).where(Outgoing.address_id == telling.id))
    session.execute(delete(Received).where(Received.address_id == telling.id, Received.at < now() - STILL_REPEATED))
    session.execute(update(Received).where(Received.address_id == telling.id).values(said=None, kept=None, error=None))
    nobody = Person(language=person.language)
    session.add(nobody)
    session.flush()
    telling.person, telling.erased_at = nobody, now()
    if within is not None:
        within.person_id = nobody.id


def on_duty_reads(session: Session, person: Person) -> bool:
    """Whether an alert about words of theirs is still open: those stay, without them, until it is closed."""
    theirs = Feedback.person_id == person.id, needed_for_alert(Feedback.id)
    return session.scalar(select(Feedback.id).where(*theirs).limit(1)) is not None


def forget_what_was_typed(session: Session, person: Person) -> None:
    """The words that are only kept to be shown to themselves again go; the ids stay, so that none is handled twice."""
    theirs = select(Address.id).where(Address.person_id == person.id)
    session.execute(update(Received).where(Received.address_id.in_(theirs)).values(said=None))


def _take_words_from_staff(session: Session, person: Person) -> None:
    """Messages in which staff were shown the words are still in their list: the words go there as well."""
    said = feedback_of(session, person)
    marks = {part for one in said for part in (one.ref, one.text, *(note.text for note in one.notes))}
    marks |= set(session.scalars(select(Meant.words).where(Meant.person_id == person.id)))
    marks |= set(session.scalars(select(Verdict.words).where(Verdict.person_id == person.id)))
    marks |= {one.words for one in complaints_of(session, person)}
    marks |= {words for one in questions_of(session, person) for words in (one.words, masked(one.words))}
    take_from_staff(session, marks, but=person)


def take_from_staff(session: Session, marks: Iterable[str], *, but: Person | None = None) -> None:
    """What holds the beginning of one of these among the messages that staff were sent holds nothing any more."""
    in_json = [json.dumps(mark[:MARK])[1:-1] for mark in marks if mark.strip()]
    if not in_json:
        return
    staff = select(Address.id).join(Role, Role.person_id == Address.person_id)
    if but is not None:
        staff = staff.where(Address.person_id != but.id)
    body = cast(Outgoing.body, String)
    shown = session.scalars(
        select(Outgoing).where(
            Outgoing.address_id.in_(staff), or_(*(body.contains(mark, autoescape=True) for mark in in_json))
        )
    )
    for row in shown:
        address = session.get_one(Address, row.address_id)
        with speaking(address.person.language):
            row.body = Message(_("The family has erased these words.")).as_json()


def forget_erased(session: Session, moment: datetime, most: int) -> int:
    """Take away the addresses of people who have been erased and told so. Returns how many there were."""
    waiting = exists().where(Outgoing.address_id == Address.id, Outgoing.state.in_((State.WAITING, State.SENDING)))
    told = (Address.erased_at < moment - CONFIRMED_AFTER) & ~waiting
    gone = session.scalars(
        select(Address.person_id).where(or_(told, Address.erased_at < moment - NO_LONGER_TRIED)).limit(most)
    ).all()
    session.execute(delete(Person).where(Person.id.in_(gone)))
    return len(gone)
