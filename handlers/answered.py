"""Your question has its answer: said once, when staff have shown who it should have been (T3).

Only to who agreed and has not stopped messages, outside the quiet hours, and not before staff had time to take it back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import taps
from handlers.labels import clip
from handlers.who import Do
from locales import _, dates, speaking
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.unanswered import about, answered_since

# Of their own words, enough to know them again.
QUOTED = 80


def tell_who_it_is(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: tell everybody who may be told now. Returns how many were."""
    if partnership.area.quiet(moment):
        return 0
    names = {contact.id: contact.name for contact in partnership.area.contacts}
    told = 0
    for question, settled in answered_since(session, moment):
        person = session.get_one(Person, question.person_id)
        address = reach(person)
        if address is None or settled.contact_id not in names:
            continue
        with speaking(person.language):
            words = _(
                "On {day} you looked for help: “{words}”. Staff have looked at it. They say this can help: {name}.",
                day=dates.short_day(partnership.area.today(question.at)),
                words=clip(question.words, QUOTED),
                name=names[settled.contact_id],
            )
            shown = Button(_("Show me"), taps.start("who_next", {"question": question.id, "do": Do.ANSWERED}))
        send(session, address, Message(words, (shown,)), Class.REMINDER, about=about(settled))
        told += 1
    session.flush()
    return told
