"""Staff say what is being done: written, looked at by a second person, sent to all who said it or want to hear.

`saying` is the conversation, `last_look` its end, `preview` what staff see before anything goes out, `compose` what
each group is sent, `approving` the second person, `going` what the clock does, `sent` what became of it.
"""

from __future__ import annotations

from handlers.errand import Errand
from handlers.publish.approving import approving, publish_again
from handlers.publish.going import SLICE, PointsToSomebody, publications, publish_text
from handlers.publish.saying import publish
from handlers.publish.sent import sent
from locales import _
from models.role import Permission

__all__ = ["AGAIN", "APPROVE", "ERRAND", "SENT", "SLICE", "PointsToSomebody", "publications", "publish_text"]

ERRAND = Errand(
    publish,
    label=lambda: _("Say what we are doing"),
    words=lambda: _("publish|say what we do|tell families|broadcast|tell everybody"),
    command="publish",
    permission=Permission.PUBLISH,
)
SENT = Errand(
    sent,
    label=lambda: _("What we sent"),
    words=lambda: _("sent|broadcasts|publications|what was sent"),
    command="sent",
    browsed=True,
    permission=Permission.PUBLISH,
)
APPROVE = Errand(approving, label=lambda: _("Approve a message"), permission=Permission.APPROVE, in_menu=False)
AGAIN = Errand(publish_again, label=lambda: _("Send it once more"), permission=Permission.PUBLISH, in_menu=False)
