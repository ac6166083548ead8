"""What people agree to before anything is kept of them, and the version of it that each of them agreed to.

The version is a digest of the English text with this area's own times in it: a text that changes is another text, and
people are asked again, without anybody having to remember it. Each text that somebody agreed to is kept, so that what
it said can be shown for as long as it counts (UK GDPR, article 7(1)).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from locales import SOURCE, _, ngettext, speaking
from models.area import Area
from models.database import Base, insert_unless_there, now
from models.person import Person


class ConsentText(Base):
    __tablename__ = "consent_text"

    version: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=now)


def text(area: Area, *, young: bool = False) -> str:
    """What is kept, for how long and why, in the language being spoken: what fits on a phone's screen."""
    months = how_long(area.retention.feedback.months)
    if young:
        return _(
            "I keep what you tell us for {months}. Then it is deleted. "
            "You can look at it or delete it at any time: type “my things”.",
            months=months,
        )
    return _(
        "I keep what you tell us for {months}, and your language and who you are. Why? {why} "
        "You can see it, take it or delete it at any time: type “my things”.",
        months=months,
        why=_(area.retention.feedback.why),
    )


def whole_text(area: Area) -> list[str]:
    """Every kind of thing that is kept, with its time and its reason: a line each."""
    kept = area.retention
    named = [
        (_("What you tell us"), kept.feedback),
        (_("Finished chats, without your words"), kept.conversations),
        (_("Messages we sent you; in the web chat, yours too"), kept.messages),
        (_("What you looked for"), kept.questions),
        (_("Meetings you said yes to"), kept.meetings),
        (_("Your language and who you are"), kept.people),
        (_("Your words, if somebody was at risk, once that is over"), kept.alert_words),
        (_("A note, if somebody may have been at risk"), kept.alerts),
        (_("A list of who looked at your words"), kept.audit),
    ]
    days = ngettext("{count} day", "{count} days", area.drafts_days)
    return [
        *(
            _("{what}: {months}. {why}", what=what, months=how_long(rule.months), why=_(rule.why))
            for what, rule in named
        ),
        _("What you begin and do not send: {days}.", days=days),
    ]


def how_long(months: int) -> str:
    return ngettext("{count} month", "{count} months", months)


def version(area: Area) -> str:
    """The mark of the text as it is now, the same in every language."""
    return hashlib.sha256(_in_english(area).encode()).hexdigest()[:12]


def agrees(person: Person, area: Area) -> bool:
    """Whether they have agreed to the text as it is now."""
    return person.agreed_to == version(area)


def agree(session: Session, person: Person, area: Area) -> None:
    """They agree to the text as it is now. Doing it twice changes nothing."""
    if agrees(person, area):
        return
    insert = insert_unless_there(session.get_bind().dialect.name, ConsentText)
    session.execute(insert.values(version=version(area), text=_in_english(area), since=now()))
    person.agreed_to, person.agreed_at = version(area), now()


def disagree(person: Person) -> None:
    """They do not agree, or no longer."""
    person.agreed_to = person.agreed_at = None


# Of the area that this process serves: every flow that keeps something asks, and it took a fifth of a turn.
_of_area: list[tuple[Area, str]] = []


def _in_english(area: Area) -> str:
    if not _of_area or _of_area[0][0] is not area:
        with speaking(SOURCE):
            _of_area[:] = [(area, "\n".join([text(area), text(area, young=True), *whole_text(area)]))]
    return _of_area[0][1]
