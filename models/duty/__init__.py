"""Who is on duty: people in turns of the teams that area.toml names, first, second and manager.

`tables` holds the rows, `rota` the verbs of whoever keeps it, `now_on` who that is at a moment. Only people who look
after alerts and can be reached count: a rota that nobody answers from is none.
"""

from __future__ import annotations

from models.duty.email import DutyEmail, confirm_email, duty_email_of, email_address, give_email, is_email
from models.duty.now_on import next_on_duty, on_duty, watched, who_reads
from models.duty.rota import (
    RotaError,
    absences,
    add_turn,
    be_away,
    come_back,
    end_turn,
    may_be_on_duty,
    turns,
)
from models.duty.tables import DutyAway, DutyTurn, Order

__all__ = [
    "DutyAway",
    "DutyEmail",
    "DutyTurn",
    "Order",
    "RotaError",
    "absences",
    "add_turn",
    "be_away",
    "come_back",
    "confirm_email",
    "duty_email_of",
    "email_address",
    "end_turn",
    "give_email",
    "is_email",
    "may_be_on_duty",
    "next_on_duty",
    "on_duty",
    "turns",
    "watched",
    "who_reads",
]
