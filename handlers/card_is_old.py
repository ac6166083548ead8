"""Is this card still right? The one who looks after it is asked by the clock, and answers with one tap (T3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import taps
from handlers.directory import Deed, why
from handlers.labels import clip
from locales import _, speaking
from models.area import Area
from models.contact import ToCheck, number_to_ring, to_ask
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import reach


def ask_if_still_right(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: ask whom it is time to ask. Returns how many were."""
    asked = 0
    for person, one in to_ask(session, partnership.area, moment):
        address = reach(person)
        if address is None:
            continue
        with speaking(person.language):
            message = _message(session, partnership.area, one)
        send(session, address, message, Class.RECEIPT, about=f"card:{one.card.id}")
        asked += 1
    return asked


def _message(session: Session, area: Area, one: ToCheck) -> Message:
    card, number = one.card, number_to_ring(session, area, one.card.id)
    lines = [_("Is this card still right? {name}: {why}.", name=clip(card.name, 80), why=why(one))]
    if number is not None:
        lines.append(_("The number to ring: {phone}", phone=number))
    return Message(
        "\n".join(lines),
        (
            Button(
                _("I rang: it is right") if number is not None else _("I checked: all right"),
                taps.start("still_right", {"card": card.id}),
            ),
            Button(_("Correct it"), taps.start("directory", {"card": card.id, "deed": Deed.CORRECT})),
            Button(_("See the card"), taps.start("directory", {"card": card.id})),
        ),
    )
