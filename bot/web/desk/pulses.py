"""Pulses at the desk: what was asked, and how the answers move, by month and by who answers; as a picture and in words.

The picture is drawn by another process and kept for as long as nothing changes, since it takes a second or two.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from starlette.responses import Response

from bot.web.desk.page import Desk, NotThere, Page
from locales import _, dates, speaking
from models import pulse as pulses
from models.pulse import Trend
from models.pulse.drawing import sides
from models.role import Permission

# One is drawn at a time: a machine as small as ours has better things to do.
_DRAWING = threading.Lock()
KEPT = 32


def show_list(desk: Desk) -> Response:
    """Each statement, with the newest that may be shown of it."""
    found = [pulses.trend(desk.session, desk.area, one.key) for one in desk.area.pulses.statement]
    return desk.page(
        "pulses.html",
        _("Pulses"),
        rows=[(one, _(one.say), _newest(one)) for one in found],
        every=desk.area.pulses.every_days,
    )


def _newest(found: Trend) -> str:
    said = [
        f"{label}: {dates.number(points[-1].mean or 0)} ({dates.month(points[-1].month)})"
        for side, label in sides().items()
        if (points := found.of(side))
    ]
    return "; ".join(said) or _("Too few people have answered this yet.")


def the_trend(desk: Desk) -> Trend:
    try:
        return pulses.trend(desk.session, desk.area, str(desk.names["key"]))
    except KeyError:
        raise NotThere from None


def show(desk: Desk) -> Response:
    found = the_trend(desk)
    months = sorted({one.month for one in found.points}, reverse=True)
    there = {(one.month, one.side): one for one in found.points}
    table = [(dates.month(month), [_cell(there.get((month, side))) for side in sides()]) for month in months]
    return desk.page(
        "pulse.html",
        _(found.say),
        key=found.key,
        empty=found.empty,
        sides=list(sides().values()),
        table=table,
        few=found.small_number,
    )


def _cell(point: pulses.Point | None) -> str:
    if point is None:
        return "–"
    if point.mean is None:
        return _("too few")
    return f"{dates.number(point.mean)} ({point.people})"


def picture(desk: Desk) -> Response:
    found = the_trend(desk)
    if found.empty:
        raise NotThere
    return Response(_drawn(found, desk.person.language), media_type="image/svg+xml")


@lru_cache(maxsize=KEPT)
def _drawn(found: Trend, language: str) -> bytes:
    with _DRAWING, speaking(language):
        return pulses.svg(found)


PAGE = Page("/pulses", Permission.READ, show_list, label=lambda: _("Pulses"))
ONE = Page("/pulses/{key}", Permission.READ, show)
PICTURE = Page("/pulses/{key}/picture", Permission.READ, picture)
