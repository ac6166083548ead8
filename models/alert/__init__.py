"""Somebody may be at risk: a row for it, who has seen it, when, and what was decided (DESIGN 11).

`tables` holds the rows, `raising` how one comes to be, `having` what staff do with it, `closed` who may open the words
that it is about. Whom to tell, and when, follows
from the duty rota (models/duty); the words in which they are told stand in handlers/alarm.
"""

from __future__ import annotations

from models.alert.closed import (
    closed_at,
    closed_before,
    closed_by_alert,
    may_open,
    needed_for_alert,
    on_the_rota,
    opened_by_alert,
    still_needed,
    words_closed,
)
from models.alert.having import (
    alert_by_link,
    alert_with,
    alerts,
    decide,
    forget_reasons,
    in_order,
    link_for,
    looks_at,
    may_take,
    refer,
    referral_arrived,
    take,
    whom_to_alert,
)
from models.alert.raising import (
    alert_of,
    alerted_about,
    alerted_in,
    alerted_since,
    raise_alert,
    red_in,
    rows_of,
    words_kept_back,
    would_tell,
)
from models.alert.tables import Alert, AlertLink, Decision, Level, Source, Words
from models.alert.waiting import (
    amber_due,
    nobody_has,
    on_every_desk,
    referrals_late,
    undecided,
    unheld_alerts,
    words_waiting,
)

__all__ = [
    "Alert",
    "AlertLink",
    "Decision",
    "Level",
    "Source",
    "Words",
    "alert_by_link",
    "alert_of",
    "alert_with",
    "alerted_about",
    "alerted_in",
    "alerted_since",
    "alerts",
    "amber_due",
    "closed_at",
    "closed_before",
    "closed_by_alert",
    "decide",
    "forget_reasons",
    "in_order",
    "link_for",
    "looks_at",
    "may_open",
    "may_take",
    "needed_for_alert",
    "nobody_has",
    "on_every_desk",
    "on_the_rota",
    "opened_by_alert",
    "raise_alert",
    "red_in",
    "refer",
    "referral_arrived",
    "referrals_late",
    "rows_of",
    "still_needed",
    "take",
    "undecided",
    "unheld_alerts",
    "whom_to_alert",
    "words_closed",
    "words_kept_back",
    "words_waiting",
    "would_tell",
]
