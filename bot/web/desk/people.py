"""People and roles: who works here, what each may do, an invite to print, and an end that holds at once."""

from __future__ import annotations

import io
from datetime import datetime

from markupsafe import Markup
from starlette.responses import Response

from bot.web.desk.colleagues import colleague
from bot.web.desk.page import Act, Desk, Go, NotThere, Page, Wrong
from handlers.staff import role_label
from handlers.you_said import organisation_name
from locales import _, dates
from models import role as staff
from models.role import Permission, Role, RoleName


def show(desk: Desk) -> Response:
    everybody = staff.everybody(desk.session)
    return desk.page(
        "people.html",
        _("People and roles"),
        everybody=[(one, colleague(desk.area, one), role_label(one.name)) for one in everybody],
        roles=[(one.value, role_label(one)) for one in RoleName],
        organisations=[(one.key, _(one.name)) for one in desk.area.organisations],
        since=lambda one: dates.day(desk.area.local(one.granted).date()),
    )


def invite(desk: Desk) -> Response:
    """The link is shown once, on the page that answers the form: only its digest is kept."""
    name = RoleName(desk.chosen("role", list(RoleName), required=_("Choose what they may do.")))
    organisations = [one.key for one in desk.area.organisations]
    organisation = desk.chosen("organisation", organisations, required=_("Choose who they work for."))
    invited, secret = staff.invite(desk.session, name, organisation, desk.person)
    links = [desk.partnership.link(f"inv-{secret}")]
    if desk.partnership.telegram_name:
        links.append(desk.partnership.link(f"inv-{secret}", "telegram"))
    return desk.page(
        "invite.html",
        _("An invite"),
        role=role_label(name),
        organisation=organisation_name(desk.area, organisation),
        until=_day(desk, invited.expires),
        links=[(link, _qr(link)) for link in links],
    )


def _qr(link: str) -> Markup:
    import segno

    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", border=4, xmldecl=False, light="#ffffff", nl=False, omitsize=True
    )
    # Drawn here from a link of ours: nothing in it that somebody wrote.
    return Markup(drawn.getvalue().decode())  # noqa: S704


def _day(desk: Desk, moment: datetime) -> str:
    return dates.day(desk.area.local(moment).date())


def the_role(desk: Desk) -> Role:
    number = desk.names["number"]
    found = desk.session.get(Role, number) if number < 2**63 else None
    if found is None or found.ended is not None:
        raise NotThere
    return found


def show_one(desk: Desk) -> Response:
    one = the_role(desk)
    return desk.page(
        "person.html",
        colleague(desk.area, one),
        one=one,
        mine=one.person_id == desk.person.id,
        label=role_label(one.name),
        roles=[(each.value, role_label(each)) for each in RoleName],
        organisations=[(each.key, _(each.name)) for each in desk.area.organisations],
        since=_day(desk, one.granted),
    )


def change(desk: Desk) -> Go:
    one = the_role(desk)
    desk.unless_changed(f"{one.name}.{one.organisation}")
    name = RoleName(desk.chosen("role", list(RoleName), required=_("Choose what they may do.")))
    organisations = [each.key for each in desk.area.organisations]
    organisation = desk.chosen("organisation", organisations, required=_("Choose who they work for."))
    try:
        staff.change(desk.session, one, name, organisation, desk.person)
    except staff.LastAdmin:
        raise Wrong({"role": last_admin()}) from None
    return Go("/desk/people", _("It is changed. It holds from their next step."))


def remove(desk: Desk) -> Go:
    one = the_role(desk)
    try:
        staff.remove_one(desk.session, one, desk.person)
    except staff.LastAdmin:
        raise Wrong({"": last_admin()}) from None
    return Go("/desk/people", _("Done. They have no access any more."))


def last_admin() -> str:
    return _("This is the last admin. Make a colleague an admin first.")


PAGE = Page(
    "/people",
    Permission.APPOINT,
    show,
    {"invite": Act(Permission.APPOINT, invite)},
    label=lambda: _("People and roles"),
)
ONE = Page(
    "/people/{number:int}",
    Permission.APPOINT,
    show_one,
    {"change": Act(Permission.APPOINT, change), "remove": Act(Permission.APPOINT, remove)},
)
