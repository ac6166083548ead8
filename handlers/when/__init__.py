"""Days, clocks and lengths of time as people type them, in their language and in English.

Each reader raises `NotUnderstood` with a sentence that helps, rather than guess: “6:30” may be morning or evening,
and “Monday 12 March” may not be a Monday. Days are read in the order of the United Kingdom, day before month.
"""

from __future__ import annotations

from handlers.when.clock import at, read_clock
from handlers.when.day import read_day
from handlers.when.length import read_minutes

__all__ = ["at", "read_clock", "read_day", "read_minutes"]
