"""Pulses: one short question now and then, answered with one tap; and how the answers move, as words and a picture.

Only who agreed is asked, by the clock, in day time, never more often than the area allows. Staff are asked the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import taps
from handlers.consent import agreed
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.labels import clip
from locales import _, speaking
from models import pulse as pulses
from models.database import now
from models.message import Button, File, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.pulse import PulsePicture
from models.pulse.drawing import Drawing

SLICE = 100
# Pictures being drawn, by their rows: what a restart forgets is begun again.
_drawing: dict[int, Drawing] = {}
MOST_AT_ONCE = 2
NO_LONGER_TRIED = timedelta(hours=1)


def faces() -> dict[str, str]:
    return {
        "1": _("😞 Not at all"),
        "2": _("🙁 A little"),
        "3": _("😐 In the middle"),
        "4": _("🙂 Quite a lot"),
        "5": _("😀 Very much"),
    }


def pulse(chat: Chat) -> None:
    """A question that the clock asked, by its button; or the next one, for whoever comes by themselves."""
    agreed(chat)
    asked = pulses.statement(chat.area, str(chat.answers.get("which", "")))
    if asked is None:
        asked = pulses.next_statement(chat.session, chat.area, chat.person)
    if asked is None:
        chat.say(_("There are no short questions here yet."))
        return
    if not pulses.wants(chat.session, chat.person) and "how" not in chat.answers and not _agrees(chat):
        chat.say(_("That is fine. I do not ask you. To change it, type “short questions”."))
        return
    # The question stays the same one while it is open, also when the next would have its turn.
    chat.answers.setdefault("which", asked.key)
    how = chat.choose("how", _(asked.say), faces())
    pulses.answer(chat.session, chat.area, chat.person, asked.key, int(how))
    chat.say(
        _("Thank you. Your answer is counted, and shown only together with many others."),
        chat.start(_("See all the answers"), "pulse_trend", which=asked.key),
        chat.start(_("No more questions"), "pulse_off"),
    )


def _agrees(chat: Chat) -> bool:
    wanted = chat.agree(
        "agree",
        _(
            "May I ask you one short question now and then? At most once in {days} days. You can stop at any time.",
            days=chat.area.pulses.every_days,
        ),
        yes=_("Yes, ask me"),
        no=_("No, thank you"),
    )
    if wanted:
        pulses.agree(chat.session, chat.person)
        asked = pulses.next_statement(chat.session, chat.area, chat.person)
        if asked is not None:
            pulses.asked(chat.session, chat.person, asked.key, now())
    return wanted


def pulse_off(chat: Chat) -> None:
    pulses.no_more(chat.session, chat.person)
    chat.say(_("I do not ask you any more. To start again, type “short questions”."))


def pulse_trend(chat: Chat) -> None:
    """In words at once; the picture is drawn meanwhile, and follows."""
    statements = chat.area.pulses.statement
    if not statements:
        chat.say(_("There are no short questions here yet."))
        return
    which = chat.choose(
        "which",
        "\n".join([_("Which answers would you like to see?"), *(f"– {_(one.say)}" for one in statements)]),
        {one.key: clip(_(one.say), 24) for one in statements},
    )
    found = pulses.trend(chat.session, chat.area, which)
    chat.say(pulses.in_words(found))
    if not found.empty:
        chat.session.add(PulsePicture(person_id=chat.person.id, key=which))
        chat.say(_("A picture of it follows in a minute or two."))


# -- what the clock does


def ask_pulses(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep: whoever's turn it is gets the next question, with a face to tap."""
    told = 0
    for wish in pulses.due(session, partnership.area, moment, SLICE):
        person, address = wish.person, reach(wish.person)
        asked = pulses.next_statement(session, partnership.area, person)
        if asked is None:
            continue
        pulses.asked(session, person, asked.key, moment)
        told += 1  # who cannot be reached has had their turn too, or the list would never end
        if address is None:
            continue
        with speaking(person.language):
            message = Message(
                "\n".join([_(asked.say), _("One tap is enough. To end these questions, type “stop questions”.")]),
                tuple(
                    Button(label, taps.start("pulse", {"which": asked.key, "how": value}))
                    for value, label in faces().items()
                ),
            )
        send(session, address, message, Class.REMINDER, about=f"pulse:{person.id}")
    return told


def send_pictures(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep: begins to draw what was asked for, and sends what has been drawn. It never waits for a drawing."""
    sent = 0
    rows = list(session.scalars(select(PulsePicture).order_by(PulsePicture.id).limit(SLICE)))
    for gone in set(_drawing) - {row.id for row in rows}:
        if _drawing[gone].done():
            del _drawing[gone]
    for row in rows:
        address = reach(session.get_one(Person, row.person_id))
        found = (
            pulses.trend(session, partnership.area, row.key) if pulses.statement(partnership.area, row.key) else None
        )
        if address is None or found is None or moment - row.asked > NO_LONGER_TRIED:
            session.delete(row)
            continue
        with speaking(address.person.language):
            if row.id not in _drawing:
                if len(_drawing) < MOST_AT_ONCE:
                    _drawing[row.id] = pulses.drawn(found)
                continue
            if not _drawing[row.id].done():
                continue
            content = _drawing.pop(row.id).content()
            session.delete(row)
            if content is not None:
                picture = File.of("answers.png", "image/png", content)
                send(session, address, Message(pulses.in_words(found), file=picture), Class.RECEIPT)
                sent += 1
    session.flush()
    return sent


ERRAND = Errand(
    pulse,
    label=lambda: _("Short questions"),
    words=lambda: _("short questions|short question|pulse|ask me"),
    in_menu=False,
    before_welcome=False,
)
OFF = Errand(
    pulse_off, label=lambda: _("No more questions"), words=lambda: _("stop questions|no more questions"), in_menu=False
)
TREND = Errand(
    pulse_trend,
    label=lambda: _("Answers so far"),
    words=lambda: _("answers so far|trend|how others answer"),
    browsed=True,
    in_menu=False,
)
