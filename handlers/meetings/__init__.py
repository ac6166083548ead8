"""Meetings, as families see them: what is coming, whether they come, how, and what they want to ask."""

from __future__ import annotations

from handlers.meetings.ask_ahead import ERRAND as ASK_AHEAD
from handlers.meetings.coming import ERRAND
from handlers.meetings.taking_part import ERRAND as TAKING_PART

__all__ = ["ASK_AHEAD", "ERRAND", "TAKING_PART"]
