"""What the clock looks for, in this order, and what the post asks before it sends something that has waited."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import Sweep
from bot.post import StillWanted
from handlers import drafts, reminders
from handlers.alarm import alert_again
from handlers.answered import tell_who_it_is
from handlers.card_is_old import ask_if_still_right
from handlers.data_complaint import chase_complaints
from handlers.got_through import ask_who_got_through
from handlers.inbox.promised import chase_promises
from handlers.is_it_done import SLICE as SLICE_ASKED
from handlers.is_it_done import ask_if_done
from handlers.publish import SLICE, publications
from handlers.pulse import SLICE as SLICE_PULSES
from handlers.pulse import ask_pulses, send_pictures
from handlers.second_look import pick_one
from handlers.unanswered_danger import pass_on_unanswered
from models import broadcast, keeping, reminder, stopping
from models.partnership import Partnership

# Safety first, then what is late soonest; what only tidies up comes last.
SWEEPS: Sequence[Sweep] = (
    Sweep("alerts", alert_again),
    Sweep("words of danger", pass_on_unanswered),
    Sweep("reminders", reminders.send_due, slice=reminders.A_SLICE),
    Sweep("publications", publications, slice=SLICE),
    Sweep("promises", chase_promises),
    Sweep("data complaints", chase_complaints),
    Sweep("pulses", ask_pulses, slice=SLICE_PULSES),
    Sweep("pictures", send_pictures),
    Sweep("notes", reminders.ask_for_notes),
    Sweep("did you get through", ask_who_got_through),
    Sweep("questions answered since", tell_who_it_is),
    Sweep("is the card right", ask_if_still_right),
    Sweep("is it done", ask_if_done, slice=SLICE_ASKED),
    Sweep("drafts", drafts.nudge_drafts),
    Sweep("second look", pick_one),
    Sweep("retention", keeping.sweep_old, slice=keeping.SLICE),
)


def still_wanted(partnership: Partnership) -> Sequence[StillWanted]:
    """One “no” drops a row: its person wants no messages, its publication was stopped, its meeting has changed."""
    return (
        stopping.still_wanted,
        broadcast.still_wanted,
        lambda session, row: reminder.still_wanted(session, row, partnership.area),
    )
