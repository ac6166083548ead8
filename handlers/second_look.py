"""Reading again what the screening let pass: two people each say whether somebody may be at risk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.alarm import alert_staff
from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from models import second_look as again
from models.partnership import Partnership
from models.role import Permission
from models.second_look import Judged, SecondLook


def second_look(chat: Chat) -> None:
    look = _given(chat)
    if look is None:
        chat.say(_how_it_stands(chat))
        chat.say(_("There is nothing for you to read again just now."))
        return
    chat.at_once(lambda: again.shown_to(chat.session, look, chat.person, f"conversation:{chat.conversation.id}"))
    chat.say(_how_it_stands(chat))
    chat.say(_("The program found no risk in these words. Somebody else reads them too."))
    chat.say(_("“{words}”", words=look.words))
    judged = chat.choose(
        f"judged-{look.id}",
        _("May somebody be at risk?"),
        {Judged.YES: _("Yes"), Judged.NO: _("No"), Judged.UNSURE: _("Not sure")},
        words={Judged.YES: _("yes|y"), Judged.NO: _("no|n"), Judged.UNSURE: _("not sure|maybe|unsure")},
    )
    alert = again.judge(chat.session, look, chat.person, judged)
    alert_staff(chat.session, chat.partnership, alert)
    if alert is not None:
        chat.say(
            _("Thank you. That is alert {code}. Whoever is on duty is told.", code=alert.code),
            chat.start(_("I have it"), "alert", alert=alert.code),
        )
    else:
        chat.say(_("Thank you. That is kept."))
    if again.to_read(chat.session, chat.person) is not None:
        chat.say(_("There is one more."), chat.start(_("Read the next one"), "second_look"))


def _given(chat: Chat) -> SecondLook | None:
    """The one that is open in this conversation, else the next. Its number stands in the answers once it is shown."""
    name = next((name for name in chat.answers if name.startswith("judged-")), "")
    number = name.removeprefix("judged-") or (chat.conversation.open or "").removeprefix("judged-")
    if number.isascii() and number.isdigit():
        return again.look_of(chat.session, chat.person, int(number))
    return again.to_read(chat.session, chat.person)


def _how_it_stands(chat: Chat) -> str:
    counted = again.counted(chat.session)
    return _(
        "Read again by two people so far: {read}. Missed by the program: {missed}. Still to read: {waiting}.",
        read=counted.read,
        missed=counted.missed,
        waiting=counted.waiting,
    )


def pick_one(session: Session, _partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: in a week in which chance picked none, one is picked."""
    return again.pick_one_a_week(session, moment)


ERRAND = Errand(
    second_look,
    label=lambda: _("Read again"),
    words=lambda: _("read again|second look|misses"),
    command="again",
    permission=Permission.READ,
    browsed=True,
    seldom=True,
)
