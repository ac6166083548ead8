"""Everything held of a person, for them to see and to take away (UK GDPR, articles 15 and 20).

Each noun says itself what is held of it; this only gathers. Times are ISO, in UTC. Notes about safety are not in it:
whether one can be handed out safely is for a person to judge (Data Protection Act 2018, schedule 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.audit import Audit
from models.complaint import as_takeaway as complaint_as_takeaway
from models.complaint import complaints_of
from models.consent import ConsentText
from models.conversation import going_on
from models.feedback import as_takeaway as feedback_as_takeaway
from models.feedback import feedback_of
from models.meeting import ahead_questions_of, question_as_takeaway, rsvps_of
from models.meeting import as_takeaway as rsvp_as_takeaway
from models.outgoing import Outgoing
from models.person import Address, Person
from models.pulse import answers_of
from models.pulse import wants as wants_pulses
from models.question import questions_of
from models.received import Received
from models.role import Role
from models.theme import Follow, Meant, Subscription, Theme, Update, Verdict, VerdictAsked


def held(session: Session, person: Person) -> dict[str, Any]:
    """All of it, by kind; kinds of which nothing is held are left out."""
    said = feedback_of(session, person)
    everything: dict[str, Any] = {
        "about_you": _about(session, person),
        "said": [feedback_as_takeaway(one) for one in said],
        "meetings": [rsvp_as_takeaway(one) for one in rsvps_of(session, person)],
        "asked_ahead": [question_as_takeaway(one) for one in ahead_questions_of(session, person)],
        "looked_for": [
            {"at": one.at.isoformat(), "words": one.words, "contacts": one.found, "what_came_of_it": one.got}
            for one in questions_of(session, person)
        ],
        "following": _following(session, person),
        "verdicts": _verdicts(session, person),
        "data_complaints": [complaint_as_takeaway(one) for one in complaints_of(session, person)],
        "short_questions": [
            {"at": one.at.isoformat(), "question": one.key, "answer": one.value} for one in answers_of(session, person)
        ],
        "asked_if_it_is_done": _asked_if_done(session, person),
        "asked_if_you_meant_it": _meant(session, person),
        "not_sent_yet": [
            {"what": one.flow, "last_changed": one.touched.isoformat(), "answers": one.answers}
            for one in going_on(session, person.id)
            if one.answers
        ],
        "files": [
            {"kind": one.kind, "name": one.name, "bytes": one.size, "sent": one.made.isoformat()}
            for one in attachments_of(session, person)
        ],
        "your_messages": [
            {"at": one.at.isoformat(), "text": one.said}
            for one in _at_their_addresses(session, Received, Received.at, person)
            if one.said
        ],
        "messages_to_you": [
            {"at": one.made.isoformat(), "text": one.message.text}
            for one in _at_their_addresses(session, Outgoing, Outgoing.made, person)
        ],
        "who_looked": _who_looked(session, [one.about for one in said]),
        "roles": [
            {"role": role.name.value, "organisation": role.organisation, "since": role.granted.isoformat()}
            for role in session.scalars(select(Role).where(Role.person_id == person.id))
        ],
    }
    return {kind: rows for kind, rows in everything.items() if rows}


def attachments_of(session: Session, person: Person) -> list[Attachment]:
    """The photos, voice notes and files that they sent and that we still have, oldest first."""
    return list(session.scalars(select(Attachment).where(Attachment.person_id == person.id).order_by(Attachment.id)))


def _about(session: Session, person: Person) -> dict[str, Any]:
    agreed = session.get(ConsentText, person.agreed_to) if person.agreed_to else None
    return {
        "since": _iso(person.created),
        "who": person.kind,
        "language": person.language,
        "needs": person.needs,
        "reminders_hours_before": person.reminder_hours,
        "short_questions_wanted": wants_pulses(session, person),
        "messages_stopped": _iso(person.stopped_at),
        "agreed": _iso(person.agreed_at),
        "agreed_to": agreed.text if agreed else None,
        "channels": [
            {"channel": one.channel, "last_heard": _iso(one.last_heard)}
            for one in session.scalars(select(Address).where(Address.person_id == person.id))
        ],
    }


def _following(session: Session, person: Person) -> list[dict[str, Any]]:
    themes = session.execute(
        select(Theme.said, Follow.since).join(Follow, Follow.theme_id == Theme.id).where(Follow.person_id == person.id)
    )
    topics = session.execute(select(Subscription.topic, Subscription.since).where(Subscription.person_id == person.id))
    return [
        *({"item": said, "since": since.isoformat()} for said, since in themes),
        *({"topic": topic, "since": since.isoformat()} for topic, since in topics),
    ]


def _verdicts(session: Session, person: Person) -> list[dict[str, Any]]:
    return [
        {"at": one.at.isoformat(), "better": one.better, "words": one.words}
        for one in session.scalars(select(Verdict).where(Verdict.person_id == person.id))
    ]


def _asked_if_done(session: Session, person: Person) -> list[dict[str, Any]]:
    asked = (
        select(Theme.said, VerdictAsked.at)
        .join(Update, Update.theme_id == Theme.id)
        .join(VerdictAsked, VerdictAsked.update_id == Update.id)
        .where(VerdictAsked.person_id == person.id)
    )
    return [{"item": said, "at": at.isoformat()} for said, at in session.execute(asked.order_by(VerdictAsked.at))]


def _meant(session: Session, person: Person) -> list[dict[str, Any]]:
    return [
        {
            "asked_about": one.said,
            "at": one.asked.isoformat(),
            "is_what_you_meant": one.fits,
            "words": one.words,
            "answered": _iso(one.answered),
        }
        for one in session.scalars(select(Meant).where(Meant.person_id == person.id).order_by(Meant.id))
    ]


def _who_looked(session: Session, about: Iterable[str]) -> list[dict[str, Any]]:
    """Which staff looked at their words, by organisation: a colleague's name is not theirs to take."""
    organisation = (
        select(Role.organisation).where(Role.person_id == Audit.person_id).order_by(Role.id.desc()).limit(1)
    ).scalar_subquery()
    looks = session.execute(
        select(Audit.at, Audit.deed, organisation).where(Audit.about.in_(list(about))).order_by(Audit.id)
    )
    return [{"at": at.isoformat(), "deed": deed, "organisation": by} for at, deed, by in looks]


def _at_their_addresses(session: Session, table: Any, order: Any, person: Person) -> Iterable[Any]:
    theirs = select(Address.id).where(Address.person_id == person.id)
    return session.scalars(select(table).where(table.address_id.in_(theirs)).order_by(order))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
