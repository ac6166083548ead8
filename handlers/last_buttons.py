"""Words typed under a message that has buttons and asks no question: an invitation, a notice, the menu.

Typing works like the tap there too. “Yes” under an invitation is “I'm coming”: nobody should be asked what to do with
their words because they answered in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import taps
from handlers.said_plainly import says_not_this
from handlers.understanding import Choice, understand
from locales import _
from models.message import Button
from models.outgoing import Outgoing, State
from models.person import Address

ARRIVED = (State.SENT, State.SENDING, State.UNKNOWN)


def tap_meant(session: Session, address: Address, text: str) -> str | None:
    """What the button carries that these words stand for, of the newest message at this address; or None."""
    # The buttons of a question are its own to understand: here are those that start or command something.
    buttons = [one for one in _newest_buttons(session, address) if one.tap]
    offered = [one for one in buttons if not isinstance(taps.parse(one.tap), taps.AnswerTap)]
    chosen = understand(text, _choices(offered))
    if chosen is None and says_not_this(text):
        return next((one.tap for one in offered if _is_not_this(one)), None)
    return chosen.value if chosen else None


def _newest_buttons(session: Session, address: Address) -> tuple[Button, ...]:
    """Those of the newest message; and of the one before it, where the newest only offers to go on with something."""
    newest = session.scalars(
        select(Outgoing)
        .where(Outgoing.address_id == address.id, Outgoing.state.in_(ARRIVED))
        .order_by(Outgoing.due.desc(), Outgoing.id.desc())
        .limit(2)
    ).all()
    shown = [row.message.buttons for row in newest]
    if len(shown) == 2 and shown[0] and all(_goes_on(one) for one in shown[0]):
        return (*shown[0], *shown[1])
    return shown[0] if shown else ()


def _goes_on(button: Button) -> bool:
    match taps.parse(button.tap):
        case taps.CommandTap(command):
            return command in ("resume", "drop")
        case taps.StartTap(flow, _answers):
            return flow == "half_way"
    return False


def _is_not_this(button: Button) -> bool:
    match taps.parse(button.tap):
        case taps.StartTap("who_next", answers):
            return answers.get("do") == "wrong"
    return False


def _choices(buttons: Sequence[Button]) -> list[Choice]:
    said = [(button, _yes_or_no(button)) for button in buttons]
    pair = {which for _button, which in said} >= {"yes", "no"}
    also = {
        "yes": _("yes|yeah|yep|yup|y|ok|okay|sure|please|👍"),
        "no": _("no|nope|nah|n|no thanks|no thank you|👎"),
    }
    return [
        # A lone “Stop following” must not be what “no” means.
        Choice(button.tap, button.label, tuple(also[which].split("|")) if pair and which else ())
        for button, which in said
    ]


def _yes_or_no(button: Button) -> str:
    match taps.parse(button.tap):
        case taps.StartTap(_flow, answers):
            return next((value for value in answers.values() if value in ("yes", "no")), "")
    return ""
