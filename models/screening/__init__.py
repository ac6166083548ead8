"""Somebody may be at risk: is it in these words, and how much does it hurry? (issue 5, section 2; DESIGN 11)

`screen(text)` is asked about every free text before anything else happens with it. Red: somebody may be in danger
now. Amber: a person reads it today. None: a person reads it all the same, by the next working day.

What this is: rules (`rules_*.toml`) or a small model (`learnt.py`), each of which may flag; none can take a flag down.
What this is not: a safeguard to rely on. It reads words, not people; it misses what nobody has thought of.
So help stays one tap away on every screen, and two in a hundred of the unflagged are read twice.
"""

from .rules import Kind
from .screen import Screened, screen

__all__ = ["Kind", "Screened", "screen"]
