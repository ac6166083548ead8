"""A complaint about how somebody's data is used, and the 30 days in which it must be acknowledged.

UK: Data Protection Act 2018, section 164A (Data (Use and Access) Act 2025, section 103): a complaint made in any way
is one; its receipt is acknowledged within 30 days beginning when it is received (days of the calendar; the day on
which it came is the first); then it is looked into without undue delay, and the outcome is told.

`spoken_of(text)` recognises it in free text, by rules (`rules.toml`); staff can mark what the rules missed.
"""

from models.complaint.recognised import Wish, spoken_of
from models.complaint.tables import ACKNOWLEDGE_DAYS, DataComplaint, acknowledge_by
from models.complaint.verbs import (
    about_feedback,
    acknowledge,
    as_takeaway,
    close,
    complain,
    complaints,
    complaints_of,
    due_soon,
    forget_old,
    mark,
    take_words,
    whom_to_tell,
    with_code,
    withdraw,
)

__all__ = [
    "ACKNOWLEDGE_DAYS",
    "DataComplaint",
    "Wish",
    "about_feedback",
    "acknowledge",
    "acknowledge_by",
    "as_takeaway",
    "close",
    "complain",
    "complaints",
    "complaints_of",
    "due_soon",
    "forget_old",
    "mark",
    "spoken_of",
    "take_words",
    "whom_to_tell",
    "with_code",
    "withdraw",
]
