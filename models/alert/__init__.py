"""Somebody may be at risk: a row for it, who has seen it, when, and what was decided (DESIGN 11).

`tables` holds the rows, `raising` how one comes to be, `having` what staff do with it. Whom to tell, and when, follows
from the duty rota (models/duty); the words in which they are told stand in handlers/alarm.
"""

from __future__ import annotations

from models.alert.having import (
    alert_by_link,
    alert_with,
    alerts,
    decide,
    in_order,
    link_for,
    may_take,
    refer,
    referral_arrived,
    take,
    whom_to_alert,
)
from models.alert.raising import alerted_about, alerted_in, raise_alert, would_tell
from models.alert.tables import Alert, AlertLink, Decision, Level, Source
from models.alert.waiting import amber_due, nobody_has, on_every_desk, referrals_late, undecided, unheld_alerts

__all__ = [
    "Alert",
    "AlertLink",
    "Decision",
    "Level",
    "Source",
    "alert_by_link",
    "alert_with",
    "alerted_about",
    "alerted_in",
    "alerts",
    "amber_due",
    "decide",
    "in_order",
    "link_for",
    "may_take",
    "nobody_has",
    "on_every_desk",
    "raise_alert",
    "refer",
    "referral_arrived",
    "referrals_late",
    "take",
    "undecided",
    "unheld_alerts",
    "whom_to_alert",
    "would_tell",
]
