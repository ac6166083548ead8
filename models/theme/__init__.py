"""An item of "you said, we are doing": what several people said together, and what is being done about it (T1).

Nothing that was ever said about an item is overwritten: each update is a row with its author and its moment (T5).
Families see an item from the moment at which it is published.
"""

from __future__ import annotations

from models.theme.changing import (
    NeedsReason,
    add_update,
    link,
    linkable,
    new_theme,
    put_under,
    record_update,
    to_chase,
    unlink,
)
from models.theme.following import (
    Verdicts,
    follow,
    follows,
    judge,
    not_right_yet,
    subscribe,
    subscribes,
    unfollow,
    unsubscribe,
    verdicts,
)
from models.theme.showing import load_you_said, raised_by, shown, topics_shown
from models.theme.tables import Follow, Subscription, Theme, Update, Verdict

__all__ = [
    "Follow",
    "NeedsReason",
    "Subscription",
    "Theme",
    "Update",
    "Verdict",
    "Verdicts",
    "add_update",
    "follow",
    "follows",
    "judge",
    "link",
    "linkable",
    "load_you_said",
    "new_theme",
    "not_right_yet",
    "put_under",
    "raised_by",
    "record_update",
    "shown",
    "subscribe",
    "subscribes",
    "to_chase",
    "topics_shown",
    "unfollow",
    "unlink",
    "unsubscribe",
    "verdicts",
]
