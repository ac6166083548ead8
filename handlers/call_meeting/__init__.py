"""Meetings, as staff see them: call one, and look after those that were called."""

from __future__ import annotations

from handlers.call_meeting.calling import ERRAND
from handlers.call_meeting.running import ERRAND as RUN

__all__ = ["ERRAND", "RUN"]
