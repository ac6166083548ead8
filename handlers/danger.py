"""Words that sound like danger: whom to ring is said at once, and staff get an alert that holds none of the words.

A rule may flag; nothing here un-flags, and nothing waits for a person. It says only what is so: that staff are being
told, not that somebody reads it now, nor that help is coming (DESIGN 11).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import taps
from handlers.dialogue import Chat
from handlers.help_now import lines_for, whom_to_ring
from locales import _, speaking
from models.alert import Alert, alerted_in, nobody_has, raise_alert, whom_to_alert
from models.feedback import Feedback
from models.message import Button, Message
from models.outgoing import Class, Outgoing, send
from models.partnership import Partnership
from models.person import Person, reach
from models.screening import screen

# An alert that nobody has taken is sent again: often while it is fresh, then so that it is not switched off in anger.
FRESH = timedelta(hours=2)
AGAIN_WHILE_FRESH = timedelta(minutes=15)
AGAIN_LATER = timedelta(hours=1)
# Who is in danger reads a few lines, not a list: the others stand behind "Help now".
AT_ONCE = 4


def watch(chat: Chat, *texts: str) -> None:
    """Look at what somebody wrote in this conversation, also before it is sent. Once in it they are told whom to ring.

    Call it first of all in a flow: what it says is said whatever question comes next.
    """
    _take_over(chat)
    if chat.reply is not None and chat.reply.tapped:
        return
    words = next((text for text in texts if screen(text).rings), None)
    if words is None or alerted_in(chat.session, chat.conversation.id) is not None:
        return
    fitting = chat.finder.ring(words, young=chat.person.young)
    ring = lines_for(chat.area, whom_to_ring(chat.area, young=chat.person.young, first=fitting)[:AT_ONCE])
    chat.say_anyway(
        "\n\n".join(
            [
                _("This sounds serious. Please do not wait for an answer here. You can ring:"),
                *ring,
                _("There are more people to ring under “Help now”."),
            ]
        )
    )
    if whom_to_alert(chat.session):
        chat.say_anyway(_("I am also telling staff that somebody may need help. I cannot say when they will look."))
    person, conversation = chat.person.id, chat.conversation.id
    chat.at_once(lambda: alert_staff(chat.session, raise_alert(chat.session, person, conversation_id=conversation)))


def _take_over(chat: Chat) -> None:
    """Words that were answered in another conversation and are passed on in this one keep their one alert: nobody is
    told everything twice. Such a conversation was started with the alert's number."""
    number = str(chat.answers.get("alert", ""))
    alert = chat.session.get(Alert, int(number)) if number.isascii() and number.isdigit() else None
    if alert is None or alert.person_id != chat.person.id or alert.feedback_id is not None:
        return

    def move() -> None:
        alert.conversation_id = chat.conversation.id

    chat.at_once(move)


def alert_staff(session: Session, alert: Alert | None) -> None:
    """Tell those who look after alerts, at any hour: a code and a button, no words."""
    if alert is None:
        return
    for person in whom_to_alert(session):
        _send_alert(session, alert, person)


def _send_alert(session: Session, alert: Alert, person: Person) -> None:
    address = reach(person)
    if address is None:
        return
    with speaking(person.language):
        message = Message(
            _("Somebody may be at risk. The code is {code}. Please look now.", code=alert.code),
            (Button(_("I have it"), taps.start("alert", {"alert": alert.code})),),
        )
    send(session, address, message, Class.ALERT, about=alert.about)


def alert_again(session: Session, _partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: what nobody has taken is sent again. Returns how many alerts were."""
    repeated = 0
    for alert in nobody_has(session):
        last = session.scalar(select(func.max(Outgoing.due)).where(Outgoing.about == alert.about))
        pause = AGAIN_WHILE_FRESH if moment - alert.made < FRESH else AGAIN_LATER
        if last is None or moment - last >= pause:
            alert_staff(session, alert)
            repeated += 1
    return repeated


def words_arrived(session: Session, conversation_id: int, feedback: Feedback) -> None:
    """What the alert of a conversation was about has now been sent: whoever has the alert can read it."""
    alert = alerted_in(session, conversation_id)
    if alert is None:
        return
    alert.feedback_id = feedback.id
    holder = session.get(Person, alert.seen_by) if alert.seen_by else None
    address = reach(holder) if holder else None
    if holder is None or address is None:
        return
    with speaking(holder.language):
        text = _("Alert {code}: the words have now been sent.", code=alert.code)
        message = Message(text, (Button(_("Open it"), taps.start("inbox", {"which": feedback.ref})),))
    send(session, address, message, Class.ALERT, about=alert.about)
