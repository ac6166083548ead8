"""Words that sound like danger: whom to ring is said at once, and staff get an alert that holds none of the words.

A rule may flag; nothing here un-flags, and nothing waits for a person. It says only what is so: that staff are being
told, and by the duty rota when the next of them is there; not that somebody reads it now, nor that help is coming
(DESIGN 11).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy.orm import Session

from handlers import taps
from handlers.alarm import alert_staff
from handlers.help_now import cannot_reach_999, lines_for, whom_to_ring
from handlers.safety_words import say_safely
from handlers.said_plainly import asks_for_somebody
from locales import SOURCE, _, dates, speaking, spoken
from models.alert import (
    Alert,
    Level,
    Source,
    Words,
    alert_of,
    alerted_in,
    amber_due,
    raise_alert,
    whom_to_alert,
    words_kept_back,
    would_tell,
)
from models.area import Area
from models.database import now
from models.duty import next_on_duty, on_duty
from models.feedback import Feedback
from models.finding import Found, of_oneself
from models.message import Button, Message
from models.outgoing import Class, send
from models.person import Person, reach
from models.screening import Screened, screen

if TYPE_CHECKING:
    from handlers.dialogue import Chat

# Who is in danger reads a few lines, not a list: the others stand behind "Help now".
AT_ONCE = 4
YES, NO, UNSURE = "yes", "no", "unsure"
# Whoever may be in danger now and says nothing more for so long may not be able to: their words go to staff without a
# yes. They are told so before, and a “no” keeps them back.
UNANSWERED_FOR = timedelta(minutes=10)
# The feeling at which somebody is asked whether anybody is in danger: “very bad”.
WORST = 1


def watch(chat: Chat, *texts: str) -> None:
    """Look at what somebody wrote in this conversation, also before it is sent. Once in it they are told whom to ring.

    Call it first of all in a flow: what it says is said whatever question comes next.
    """
    chat.screened = True
    _take_over(chat)
    if chat.reply is not None and chat.reply.tapped:
        return
    # The words first: hardly any are of danger, and then the database need not be asked.
    words, found = _worst(texts)
    if found is not None and chat.reply is not None and _decided_before(chat):
        words, found = _worst((chat.reply.text,))
    if found is None:
        return
    level = Level.RED if found.level == "red" else Level.AMBER
    if not would_tell(chat.session, level, chat.conversation.id):
        return
    # In other languages than English the rules tell no kinds apart, and numbers too many are cheap.
    if found.rings or spoken() != SOURCE:
        _say_whom_to_ring(chat, words, "red" if level is Level.RED else "amber")
        _say_who_is_told(chat, level)
    _raise(chat, level, Source.WORDS)


def ask_if_in_danger(chat: Chat, words: str = "", *, feeling: int | None = None) -> None:
    """Ask plainly whether somebody is in danger now, where it fits: where the words are amber, or where they said that
    it feels very bad. Never where the words have said so already, and never to everyone. Not sure counts as yes: they
    get the numbers at once, staff are told, and it goes on where it was."""
    level = screen(words).level
    if level == "red" or (level == "none" and feeling != WORST):
        return
    newly = chat.conversation.open == "danger" or (chat.reply is not None and chat.reply.question == "danger")
    answer = chat.choose(
        "danger",
        say_safely("question"),
        {YES: _("Yes"), NO: _("No"), UNSURE: _("Not sure")},
        words={
            YES: _("yes|yeah|yep|y|help"),
            NO: _("no|nope|nah|n|nobody|no one"),
            UNSURE: _("not sure|unsure|maybe|don't know|dont know|i don't know|perhaps"),
        },
        alone=True,
    )
    if answer == NO or not newly or not would_tell(chat.session, Level.RED, chat.conversation.id):
        return
    _say_whom_to_ring(chat, words, "asked")
    _say_who_is_told(chat, Level.RED)
    _raise(chat, Level.RED, Source.ASKED)


def tells_of_danger(person: Person, words: str, found: Found) -> bool:
    """Whether words that are amber ask for nobody, and nobody plainly fits them: who says “I cannot do this any more”
    is asked whether somebody is in danger, and not shown whoever sounds most like it. So is who says “I want it all to
    stop” of themselves. What a parent may say of a child who is unwell (“she will not come out of her room”) is looked
    for all the same, with the numbers before it."""
    if found.route == "none" or found.sure or asks_for_somebody(words) or words.rstrip().endswith(("?", "؟")):
        return False
    screened = screen(words)
    # A young person is asked sooner; in other languages the kinds are not told apart.
    young_ones: tuple[str, ...] = ("worry",) if spoken() == SOURCE else ()
    looked_for = set(young_ones if person.young or of_oneself(words) else ("worry", "self"))
    return screened.level == "amber" and not looked_for.issuperset(screened.kinds)


def cannot_speak(person: Person, words: str) -> bool:
    """Whether somebody has said, or needs it known, that a telephone is of no use to them now."""
    if "bsl" in ((person.needs or {}).get("marks") or ()):
        return True
    said = _(
        "deaf|cannot speak|can't speak|can't talk on the phone|cannot talk on the phone|can't use the phone|hear me"
    )
    plain = words.casefold().replace("’", "'")
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", plain) for one in said.casefold().split("|"))


def _decided_before(chat: Chat) -> bool:
    """Once somebody has decided about what was said here, only what is new is news."""
    before = alerted_in(chat.session, chat.conversation.id)
    return before is not None and before.decided_at is not None


def _worst(texts: tuple[str, ...]) -> tuple[str, Screened | None]:
    found = [(text, screened) for text in texts if (screened := screen(text)).level != "none"]
    # What rings before what does not, red before amber.
    found.sort(key=lambda pair: (pair[1].level != "red", not pair[1].rings))
    return found[0] if found else ("", None)


def _say_whom_to_ring(chat: Chat, words: str, how: Literal["red", "amber", "asked"]) -> None:
    young, texting = chat.person.young, cannot_speak(chat.person, words)
    fitting = chat.finder.ring(words, young=young)
    contacts = whom_to_ring(chat.area, young=young, first=fitting, texting=texting)[:AT_ONCE]
    said = [say_safely(how), *lines_for(chat.area, contacts)]
    if texting and any(contact.dialled is None for contact in contacts):
        said.insert(1, say_safely("text"))
    if texting and cannot_reach_999(chat.area):
        said.insert(1, say_safely("nobody-by-text"))
    chat.say_anyway("\n\n".join([*said, say_safely("more")]))


def _say_who_is_told(chat: Chat, level: Level) -> None:
    """What is true about who will look, and when."""
    session, area, moment = chat.session, chat.area, now()
    if not whom_to_alert(session):
        return
    if level is Level.AMBER:
        if chat.watched:
            due = amber_due(area, moment)
            chat.say_anyway(say_safely("read-by", when=dates.day(area.local(due).date())))
        return
    if on_duty(session, area, moment):
        told = say_safely("told-on-duty")
    elif (starts := next_on_duty(session, area, moment)) is not None:
        told = say_safely("told-later", when=dates.moment(starts, area.zone))
    else:
        told = say_safely("told")
    minutes = int(UNANSWERED_FOR.total_seconds() // 60)
    chat.say_anyway(f"{told} {say_safely('unanswered', minutes=minutes)}")


def _raise(chat: Chat, level: Level, source: Source) -> None:
    person, conversation = chat.person.id, chat.conversation.id

    def tell() -> None:
        raised = raise_alert(chat.session, person, level=level, source=source, conversation_id=conversation)
        alert_staff(chat.session, chat.partnership, raised)

    chat.at_once(tell)


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


def words_arrived(session: Session, area: Area, conversation_id: int, feedback: Feedback) -> None:
    """What the alert of a conversation was about has now been sent: whoever has the alert can read it."""
    alert = alerted_in(session, conversation_id)
    if alert is None:
        return
    alert.feedback_id, alert.words = feedback.id, Words.SENT
    session.flush()
    alert = alert_of(session, alert)
    holder = session.get(Person, alert.seen_by) if alert.seen_by else None
    address = reach(holder) if holder else None
    if holder is None or address is None:
        return
    with speaking(holder.language):
        text = _("Alert {code}: the words have now been sent.", code=alert.code)
        message = Message(text, (Button(_("Open it"), taps.start("inbox", {"which": feedback.ref})),))
    due = None if alert.red else area.next_waking(now())
    send(session, address, message, Class.ALERT, due=due, about=alert.about)


def words_not_passed_on(session: Session, area: Area, conversation_id: int) -> None:
    """They have said no: whoever has the alert hears that there will be nothing to read."""
    for alert in words_kept_back(session, conversation_id):
        holder = session.get(Person, alert.seen_by) if alert.seen_by else None
        address = reach(holder) if holder else None
        if holder is None or address is None:
            continue
        with speaking(holder.language):
            text = _("Alert {code}: they chose not to pass their words on.", code=alert.code)
            message = Message(text, (Button(_("Look at it"), taps.start("alert", {"alert": alert.code})),))
        due = None if alert.red else area.next_waking(now())
        send(session, address, message, Class.ALERT, due=due, about=alert.about)
