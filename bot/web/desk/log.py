"""The audit: who looked at what and who did what, newest first. Looking at it is recorded too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Desk, Page
from bot.web.desk.paging import By, paged
from locales import _
from models.audit import Audit, deeds
from models.role import Permission, ever_staff

NEWEST_FIRST = (By(Audit.id, int, descending=True),)
A_PAGE = 50


def show(desk: Desk) -> Response:
    asked = desk.fields
    query = select(Audit)
    person = asked.get("person", "")
    if person.isascii() and person.isdigit() and len(person) < 16:
        query = query.where(Audit.person_id == int(person))
    if asked.get("deed"):
        query = query.where(Audit.deed == asked["deed"])
    if asked.get("about"):
        query = query.where(Audit.about == asked["about"])
    day = _day(asked.get("day", ""))
    if day is not None:
        start = datetime.combine(day, time(), desk.area.zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), desk.area.zone).astimezone(UTC)
        query = query.where(Audit.at >= start, Audit.at < end)
    page = paged(desk.session, query, NEWEST_FIRST, asked.get("after", ""), A_PAGE)
    desk.look("audit")
    everybody = ever_staff(desk.session)
    who = colleagues_named(desk.session, desk.area, [*everybody, *(one.person_id for one in page.rows)])
    return desk.page(
        "log.html",
        _("Who did what"),
        page=page,
        who=who,
        people=[(one, who[one]) for one in everybody],
        deeds=[(one, one) for one in deeds(desk.session)],
        day=day.isoformat() if day else "",
        kept={name: asked[name] for name in ("person", "deed", "about", "day") if asked.get(name)},
    )


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 2000 < day.year < 2200 else None


PAGE = Page("/log", Permission.APPOINT, show, label=lambda: _("Who did what"))
