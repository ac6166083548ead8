"""Words of danger that wait for a yes or a no: whoever wrote them may not be able to come back and tap.

They are told at once that staff see what they wrote if they say nothing more for some minutes. Then their words go as
they are, without their name, to those on duty. A “no” keeps them back as before, and whoever goes on writing is given
the time. Vital interests are the reason (UK GDPR, articles 6(1)(d) and 9(2)(c)): there is no asking somebody who does
not answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers import taps
from handlers.danger import UNANSWERED_FOR, words_arrived
from handlers.dialogue import Story
from handlers.half_way import draft_in, wrote_something
from handlers.safety_words import say_safely
from handlers.tell_us import Draft, give
from locales import _, speaking
from models.alert import Alert, whom_to_alert, words_waiting
from models.area import Area
from models.conversation import Conversation, end, going_on
from models.draft import texts_in
from models.feedback import Feedback, Visibility
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.screening import screen
from models.second_look import words_not_sent
from models.stopping import wanted

# However much they go on writing, after so long staff see what is there.
AT_THE_LATEST = timedelta(minutes=30)
# What they wrote in answer to something else leaves that question open.
ENDS_WITH_IT = ("tell_us", "free_words")


def pass_on_unanswered(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock. Returns how many people's words were shown to staff."""
    waiting = words_waiting(session, moment - UNANSWERED_FOR)
    if not waiting or not whom_to_alert(session):
        return 0
    return sum(_pass_on(session, partnership.area, alert, moment) for alert in waiting)


def _pass_on(session: Session, area: Area, alert: Alert, moment: datetime) -> bool:
    conversation = session.get_one(Conversation, alert.conversation_id, with_for_update=True)
    person = session.get_one(Person, conversation.person_id)
    silent = moment - max((one.last_heard for one in person.addresses), default=alert.since)
    if silent < UNANSWERED_FOR and moment - alert.since < AT_THE_LATEST:
        return False
    draft = _what_they_wrote(area, conversation)
    if draft is None or words_not_sent(session, alert):
        return False
    feedback = give(session, area, person, draft)
    words_arrived(session, area, conversation.id, feedback)
    if conversation.flow in ENDS_WITH_IT:
        end(conversation)
        session.flush()
        for before in going_on(session, person.id)[:1]:
            before.parked = None  # what they were asked before can be answered again
    _tell(session, area, person, feedback)
    return True


def _what_they_wrote(area: Area, conversation: Conversation) -> Draft | None:
    """In their words, for those on duty: also what was meant for the forum alone, since they were told so."""
    if wrote_something(conversation, area):
        return replace(draft_in(conversation.answers, area), visibility=Visibility.PARTNERSHIP, name=None)
    of_danger = [one for one in texts_in(conversation.answers) if screen(one[0]).level == "red"]
    if not of_danger:
        return None
    files = tuple(number for _words, numbers in of_danger for number in numbers)
    return Draft(area.topics[-1].key, Story("\n".join(words for words, _numbers in of_danger), files))


def _tell(session: Session, area: Area, person: Person, feedback: Feedback) -> None:
    address = reach(person)
    if address is None or not wanted(person, Class.RECEIPT):
        return
    with speaking(person.language):
        text = f"{say_safely('shown-unanswered', ref=feedback.ref)} {say_safely('share')}"
        message = Message(text, (Button(_("Take it back"), taps.start("take_back", {"feedback": feedback.ref})),))
    send(session, address, message, Class.RECEIPT, due=area.next_waking(feedback.received), about=feedback.about)
