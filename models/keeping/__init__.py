"""What is held of a person: to see and take (`taking`), to erase (`erasing`), and to let go in time (`sweeping`)."""

from __future__ import annotations

from models.keeping.erasing import erase, forget_erased, forget_what_was_typed, on_duty_reads
from models.keeping.sweeping import SLICE, sweep_old
from models.keeping.taking import held

__all__ = ["SLICE", "erase", "forget_erased", "forget_what_was_typed", "held", "on_duty_reads", "sweep_old"]
