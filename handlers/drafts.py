"""What somebody began and did not finish: one friendly word about it, before it goes (`models.keeping`).

`nudge_drafts` is a sweep of the clock; `draft` is what the buttons under the word lead to. Words meant for the
partnership are asked about as `half_way` does: they can also be sent as they are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.half_way import asked_what_becomes_of_it, wrote_something
from handlers.taps import start
from locales import _, speaking
from locales.dates import short_day
from models.area import Area
from models.consent import agrees
from models.conversation import Conversation
from models.draft import own_words, throw_away, to_nudge
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.stopping import wanted

SLICE = 100
ON, LATER, DROP = "on", "later", "drop"


def nudge_drafts(session: Session, partnership: Partnership, moment: datetime) -> int:
    """Write once to whoever left their own words unfinished a day ago; never in the quiet hours. Returns how many
    drafts were looked at."""
    area = partnership.area
    if area.quiet(moment):
        return 0
    left = to_nudge(session, moment, SLICE)
    for conversation in left:
        # Also where nothing is said: it is looked at once.
        conversation.nudged = moment
        _nudge(session, area, conversation)
    return len(left)


def _nudge(session: Session, area: Area, conversation: Conversation) -> None:
    person = session.get_one(Person, conversation.person_id)
    address = reach(person)
    welcome = wanted(person, Class.REMINDER) and agrees(person, area) and own_words(conversation.answers)
    if address is None or not welcome:
        return
    with speaking(person.language):
        message = _message(area, person, conversation)
        send(session, address, message, Class.REMINDER, about=f"draft:{conversation.id}")


def _message(area: Area, person: Person, conversation: Conversation) -> Message:
    from handlers import ERRANDS

    later = Button(_("Later"), start("draft", {"number": conversation.id, "do": LATER}))
    if wrote_something(conversation, area):
        asked = asked_what_becomes_of_it(area, conversation)
        return replace(asked, buttons=(*asked.buttons, later), tall=True)
    return Message(
        _("You have not finished this yet: {what}.", what=ERRANDS[conversation.flow].label()),
        (
            Button(_("Go on"), start("draft", {"number": conversation.id, "do": ON})),
            later,
            Button(_("No thank you"), start("draft", {"number": conversation.id, "do": DROP})),
        ),
        tall=person.young,
    )


def draft(chat: Chat) -> None:
    """Started by a button, with the number of the conversation and what to do with it."""
    left = _left(chat)
    if left is None:
        chat.say(_("That is over. This button does nothing now."))
        chat.then("menu")
        return
    do = chat.choose("do", _("What shall I do with it?"), {ON: _("Go on"), LATER: _("Later"), DROP: _("Throw it away")})
    if do == ON:
        chat.then(left.flow)
    elif do == LATER:
        # It is not brought up again by itself: that was the one time.
        left.parked = left.touched
        chat.say(_("That is fine. I keep it until {day}. To go on, type “go on”.", day=short_day(_until(chat, left))))
    else:
        throw_away(chat.session, left)
        chat.say(_("It is thrown away. Nothing was sent."))


def _left(chat: Chat) -> Conversation | None:
    """The unfinished conversation that the button is about, if it is theirs."""
    number = str(chat.answers.get("number", ""))
    left = chat.session.get(Conversation, int(number)) if number.isascii() and number.isdigit() else None
    mine = left is not None and left.person_id == chat.person.id and left.ended is None
    return left if mine else None


def _until(chat: Chat, left: Conversation) -> date:
    return chat.area.today(left.touched + timedelta(days=chat.area.drafts_days))


ERRAND = Errand(draft, label=lambda: _("What I began"), in_menu=False)
