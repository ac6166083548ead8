"""What the clock looks for, in this order, and what the post asks before it sends."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import Sweep
from bot.post import StillWanted

SWEEPS: Sequence[Sweep] = ()
STILL_WANTED: Sequence[StillWanted] = ()
