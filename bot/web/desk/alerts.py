"""Alerts: who has one, what was decided, and what was handed on. Red that nobody has stands on every page above all."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Page
from handlers.alert import decisions, what_became
from locales import _, dates
from models.alert import Alert, Decision, alert_with, decide, in_order, looks_at, refer, referral_arrived, take
from models.role import Permission

A_PAGE = 50


def show(desk: Desk) -> Response:
    desk.look("alerts")
    found = in_order(desk.session, desk.person, limit=A_PAGE)
    who = colleagues_named(desk.session, desk.area, [one.seen_by for one in found])
    return desk.page("alerts.html", _("Alerts"), found=found, who=who, decisions=decisions())


def show_one(desk: Desk) -> Response:
    alert = the_alert(desk)
    desk.look(alert.about)
    looks = looks_at(desk.session, desk.person, alert)
    return desk.page(
        "alert.html",
        _("Alert {code}", code=alert.code),
        alert=alert,
        became=what_became(desk.session, desk.person, alert),
        looks=looks,
        who=colleagues_named(desk.session, desk.area, [alert.seen_by, *(one.person_id for one in looks)]),
        decisions=decisions(),
        draft=desk.draft(f"alert:{alert.code}"),
        waits=alert.arrival_due is not None and alert.arrived_at is None,
    )


def the_alert(desk: Desk) -> Alert:
    found = alert_with(desk.session, desk.person, str(desk.names["code"])[:20])
    if found is None:
        raise NotThere
    return found


def have(desk: Desk) -> Go:
    alert = the_alert(desk)
    if not take(desk.session, alert, desk.person):
        return Go(desk.address, _("A colleague has had this alert already."))
    return Go(desk.address, _("You have alert {code}. Nobody is told about it again.", code=alert.code))


def decided(desk: Desk) -> Go:
    alert = the_alert(desk)
    decision = Decision(desk.chosen("decision", list(Decision), required=_("Choose what you did.")))
    reason = desk.text("why", required=_("Say why, in one or two sentences."))
    if desk.fields.get("seen", "") != (alert.decision or "nothing"):
        raise ChangedMeanwhile
    if alert.seen_at is None:
        take(desk.session, alert, desk.person)
    desk.sent(f"alert:{alert.code}")
    if decision is Decision.REFERRED:
        due = refer(desk.session, desk.area, alert, desk.person, reason)
        when = dates.moment(due, desk.area.zone)
        return Go(desk.address, _("That is kept. Please find out by {when} if it has arrived.", when=when))
    decide(desk.session, alert, desk.person, decision, reason)
    return Go(desk.address, _("That is kept with the alert."))


def arrived(desk: Desk) -> Go:
    referral_arrived(desk.session, the_alert(desk), desk.person)
    return Go(desk.address, _("That is kept with the alert."))


PAGE = Page("/alerts", Permission.READ, show, label=lambda: _("Alerts"))
ONE = Page(
    "/alerts/{code}",
    Permission.READ,
    show_one,
    {
        "have": Act(Permission.READ, have),
        "decide": Act(Permission.READ, decided),
        "arrived": Act(Permission.READ, arrived),
    },
)
