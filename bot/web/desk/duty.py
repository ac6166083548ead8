"""The duty rota: who is told of an alert and when, who is away, and who does it instead."""

from __future__ import annotations

from datetime import date, time

from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, Page, Wrong
from handlers.duty import orders, weekdays
from locales import _, dates
from models import duty as rota
from models.area import Area
from models.database import now
from models.duty import DutyAway, DutyTurn, Order, RotaError
from models.person import Person
from models.role import Permission, staff_who_may


def show(desk: Desk) -> Response:
    moment, area = now(), desk.area
    on = rota.on_duty(desk.session, area, moment)
    turns = rota.turns(desk.session, area)
    away = rota.absences(desk.session, area.today(moment))
    able = staff_who_may(desk.session, Permission.PROTECT)
    numbers = {one.id for one in (*on, *able)} | {one.person_id for one in turns} | {one.person_id for one in away}
    numbers |= {one.instead_id for one in away if one.instead_id is not None}
    who = colleagues_named(desk.session, area, numbers)
    coming = None if on else rota.next_on_duty(desk.session, area, moment)
    return desk.page(
        "duty.html",
        _("Duty rota"),
        teams=[(str(place), one.team) for place, one in enumerate(area.duty)],
        usual=[(one.team, _days(list(one.days)), f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in area.duty],
        on=[who[one.id] for one in on],
        next=dates.moment(coming, area.zone) if coming else "",
        watched=rota.watched(desk.session, area),
        turns=[(one, who[one.person_id], orders()[one.order].partition(":")[0], _days(one.days)) for one in turns],
        away=[(one, who[one.person_id], who[one.instead_id] if one.instead_id else _("nobody")) for one in away],
        no_email=[who[one.id] for one in able if rota.email_address(desk.session, one) is None],
        people=[(one.id, who[one.id]) for one in able],
        orders=[(one.value, label) for one, label in orders().items()],
        weekdays=list(weekdays().items()),
        day=dates.short_day,
        drafts={name: desk.draft(name) for name in ("duty_on", "duty_away")},
        begun=_begun(area),
    )


def _begun(area: Area) -> dict[str, str]:
    """The usual hours of the first team stand in the form."""
    if not area.duty:
        return {}
    team = area.duty[0]
    days = {f"day_{day}": "yes" for day in team.days}
    return {**days, "starts": f"{team.start:%H:%M}", "ends": f"{team.end:%H:%M}"}


def _days(days: list[str]) -> str:
    names = weekdays()
    return ", ".join(names[day] for day in names if day in days)


def _colleague(desk: Desk, name: str, required: str) -> Person:
    able = {str(one.id): one for one in staff_who_may(desk.session, Permission.PROTECT)}
    return able[desk.chosen(name, able, required=required)]


def put_on(desk: Desk) -> Go:
    person = _colleague(desk, "person", _("Choose who it is."))
    teams = {str(place): one.team for place, one in enumerate(desk.area.duty)}
    team = teams[desk.chosen("team", teams, required=_("Choose the team."))]
    order = Order(desk.chosen("order", list(Order), required=_("Choose who is told when.")))
    days = [day for day in weekdays() if desk.fields.get(f"day_{day}") == "yes"]
    if not days:
        raise Wrong({"day_monday": _("Choose at least one day.")})
    starts, ends = _clock(desk, "starts"), _clock(desk, "ends")
    rota.add_turn(
        desk.session, desk.area, desk.person, person, team=team, order=order, days=days, starts=starts, ends=ends
    )
    desk.sent("duty_on")
    return Go(desk.address, _("Done. They are on the rota."))


def _clock(desk: Desk, name: str) -> str:
    try:
        return f"{time.fromisoformat(desk.fields.get(name, '')):%H:%M}"
    except ValueError:
        raise Wrong({name: _("Choose a time.")}) from None


def take_off(desk: Desk) -> Go:
    turn = desk.session.get(DutyTurn, _number(desk, "turn"))
    if turn is None or turn.ended is not None:
        raise ChangedMeanwhile
    rota.end_turn(desk.session, desk.person, turn)
    return Go(desk.address, _and_watched(desk, _("Done. They are off the rota for that turn.")))


def away(desk: Desk) -> Go:
    person = _colleague(desk, "away", _("Choose who is away."))
    first, last = _day(desk, "first"), _day(desk, "last")
    instead = _colleague(desk, "instead", _("Choose somebody else, or nobody.")) if desk.fields.get("instead") else None
    if last < desk.area.today(now()):
        raise Wrong({"last": _("That day is over.")})
    try:
        rota.be_away(desk.session, desk.person, person, first=first, last=last, instead=instead)
    except RotaError:
        wrong = {"last": _("That day is before the first one.")} if last < first else {}
        raise Wrong(wrong or {"instead": _("Choose somebody else, or nobody.")}) from None
    desk.sent("duty_away")
    return Go(desk.address, _and_watched(desk, _("Done. It is on the rota.")))


def _day(desk: Desk, name: str) -> date:
    try:
        return date.fromisoformat(desk.fields.get(name, ""))
    except ValueError:
        raise Wrong({name: _("Choose the day.")}) from None


def back(desk: Desk) -> Go:
    found = desk.session.get(DutyAway, _number(desk, "gone"))
    if found is None:
        raise ChangedMeanwhile
    rota.come_back(desk.session, desk.person, found)
    return Go(desk.address, _("Done. They do their own duty again."))


def _number(desk: Desk, name: str) -> int:
    number = desk.fields.get(name, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0


def _and_watched(desk: Desk, said: str) -> str:
    if rota.watched(desk.session, desk.area):
        return said
    nobody = _("Nobody is on duty here now. From now on every screen says that messages are not watched.")
    return f"{said} {nobody}"


PAGE = Page(
    "/duty",
    Permission.PROTECT,
    show,
    {
        "on": Act(Permission.PROTECT, put_on),
        "off": Act(Permission.PROTECT, take_off),
        "away": Act(Permission.PROTECT, away),
        "back": Act(Permission.PROTECT, back),
    },
    label=lambda: _("Duty rota"),
)
