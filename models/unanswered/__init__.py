"""What families looked for and did not find, and how the directory learns from it (T3).

Questions that ask for the same are one group. Staff say with one tap what it should have been, that there is no such
service, or that it is not for us; each is a row with an author, and can be taken back. What it should have been
becomes words of that card, which every process hears from then on.
"""

from __future__ import annotations

from models.unanswered.answered import about, answered_since
from models.unanswered.groups import Gap, Group, asked_like, count_unanswered, gaps, group_of, look_at, unanswered
from models.unanswered.learning import forget_whose, hear_what_was_learnt, learnt_for, phrase_of, take_off
from models.unanswered.settling import lately_settled, no_service, not_for_us, settled, should_have_been, take_back
from models.unanswered.tables import LearntWords, Outcome, Settled

__all__ = [
    "Gap",
    "Group",
    "LearntWords",
    "Outcome",
    "Settled",
    "about",
    "answered_since",
    "asked_like",
    "count_unanswered",
    "forget_whose",
    "gaps",
    "group_of",
    "hear_what_was_learnt",
    "lately_settled",
    "learnt_for",
    "look_at",
    "no_service",
    "not_for_us",
    "phrase_of",
    "settled",
    "should_have_been",
    "take_back",
    "take_off",
    "unanswered",
]
