"""Today: what is late, what is due, what nobody has opened, what is one's own; what is owed beside answers, by role.
One tap leads to the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import Select
from starlette.responses import Response

from bot.web.desk.inbox import BY_PROMISE, Says
from bot.web.desk.page import Desk, Page
from bot.web.desk.paging import paged
from locales import _
from models.broadcast import BroadcastState, waiting_for
from models.contact import pressing
from models.contact.listing import Pile
from models.database import now
from models.desk.listing import Filters, Which, counted, listing
from models.failed import failed_messages
from models.feedback import closed_to, parts_for, with_those_on_duty
from models.meeting import Part, notes_late
from models.role import Permission

# So many of what presses most stand here themselves.
FIRST = 6


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    count: int
    address: str
    late: bool = False


def show(desk: Desk) -> Response:
    return desk.page(
        "today.html",
        _("Today"),
        tiles=[*_tiles(desk)],
        first=paged(desk.session, _listed(desk, Filters()), BY_PROMISE, most=FIRST).rows,
        mine=paged(desk.session, _listed(desk, Filters(mine=True)), BY_PROMISE, most=FIRST).rows,
        parts=parts_for(desk.session, desk.person),
        failed=len(failed_messages(desk.session, desk.person)),
        closed=closed_to(desk.session, desk.person),
        with_duty=with_those_on_duty(desk.session, desk.person),
        says=Says(desk),
    )


def _tiles(desk: Desk) -> list[Tile]:
    def tile(label: str, which: Which) -> Tile:
        count = counted(desk.session, _listed(desk, Filters(which)))
        return Tile(label, count, f"/desk/inbox?which={which}", late=which is Which.LATE and count > 0)

    return [
        tile(_("late"), Which.LATE),
        tile(_("due today"), Which.TODAY),
        tile(_("due on the next working day"), Which.NEXT),
        tile(_("nobody has opened"), Which.UNOPENED),
        *(one for one in _besides(desk) if one.count),
    ]


def _besides(desk: Desk) -> Iterator[Tile]:
    """What is owed beside answers, by what this colleague may do about it."""
    moment = now()
    if desk.may(Permission.APPROVE):
        waiting = f"/desk/publications?state={quote_plus(BroadcastState.WAITING)}"
        yield Tile(_("to publish: read them first"), waiting_for(desk.session, desk.person), waiting)
    if desk.may(Permission.PUBLISH):
        notes = f"/desk/meetings?which={Part.NOTES}"
        yield Tile(_("meetings with late notes"), notes_late(desk.session, desk.area, moment), notes, late=True)
    if desk.may(Permission.ANSWER):
        cards = f"/desk/directory?which={Pile.TO_CHECK}"
        yield Tile(_("cards to check now"), pressing(desk.session, desk.area, desk.area.today(moment)), cards)


def _listed(desk: Desk, filters: Filters) -> Select[Any]:
    return listing(desk.session, desk.area, desk.person, filters)


PAGE = Page("", Permission.READ, show, label=lambda: _("Today"))
