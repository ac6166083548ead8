"""Today: what is due, what is late, what nobody has opened. One tap leads to the work."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.page import Desk, Page
from locales import _
from models.database import now
from models.feedback import promises_due
from models.role import Permission


def show(desk: Desk) -> Response:
    today = desk.area.today(now())
    return desk.page("today.html", _("Today"), owed=promises_due(desk.session, desk.area, today))


PAGE = Page("", Permission.READ, show, label=lambda: _("Today"))
