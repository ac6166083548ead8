"""What somebody said, and where it stands: the tables, and the verbs of families and of staff beside them.

`said` holds the tables and what a family does with its own words; `standing` what staff do with them, each checked
and every look recorded; `owed` the answers that are promised and not yet given.
"""

from __future__ import annotations

from models.feedback.owed import PromisesDue, promises_due
from models.feedback.said import (
    ALPHABET,
    Feedback,
    FeedbackNote,
    FeedbackStatus,
    Side,
    Status,
    Visibility,
    Voice,
    answer_back,
    as_takeaway,
    attached,
    discard,
    erase_feedback_of,
    feedback_of,
    give_feedback,
    mine,
    new_reference,
    take_back,
)
from models.feedback.standing import (
    FORUM,
    ReasonMissing,
    closed_to,
    done_meanwhile,
    forum_reads,
    inbox,
    may_see,
    name_shown,
    no_answer_needed,
    readers,
    reply,
    seen_by,
    set_status,
    with_reference,
)

__all__ = [
    "ALPHABET",
    "FORUM",
    "Feedback",
    "FeedbackNote",
    "FeedbackStatus",
    "PromisesDue",
    "ReasonMissing",
    "Side",
    "Status",
    "Visibility",
    "Voice",
    "answer_back",
    "as_takeaway",
    "attached",
    "closed_to",
    "discard",
    "done_meanwhile",
    "erase_feedback_of",
    "feedback_of",
    "forum_reads",
    "give_feedback",
    "inbox",
    "may_see",
    "mine",
    "name_shown",
    "new_reference",
    "no_answer_needed",
    "promises_due",
    "readers",
    "reply",
    "seen_by",
    "set_status",
    "take_back",
    "with_reference",
]
