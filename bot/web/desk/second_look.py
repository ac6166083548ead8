"""Miss-watch: two people each read again what the screening let pass; what was missed is counted."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.page import Act, Desk, Go, NotThere, Page
from handlers.alarm import alert_staff
from locales import _
from models import second_look as again
from models.role import Permission
from models.second_look import Judged, SecondLook


def show(desk: Desk) -> Response:
    look = again.to_read(desk.session, desk.person)
    if look is not None:
        desk.look(look.about)
    return desk.page(
        "second_look.html",
        _("Read again"),
        look=look,
        counted=again.counted(desk.session),
        judgements=[(Judged.YES.value, _("Yes")), (Judged.NO.value, _("No")), (Judged.UNSURE.value, _("Not sure"))],
    )


def judge(desk: Desk) -> Go:
    """One yes is an alert at once; so are two who do not agree. Whoever is on duty is told."""
    look = _the_look(desk)
    judged = Judged(desk.chosen("judged", list(Judged), required=_("Choose yes, no or not sure.")))
    alert = again.judge(desk.session, look, desk.person, judged)
    alert_staff(desk.session, desk.partnership, alert)
    if alert is None:
        return Go(desk.address, _("Thank you. That is kept."))
    return Go(desk.address, _("Thank you. That is alert {code}. Whoever is on duty is told.", code=alert.code))


def _the_look(desk: Desk) -> SecondLook:
    number = desk.fields.get("look", "")
    known = number.isascii() and number.isdigit() and len(number) < 16
    found = again.look_of(desk.session, desk.person, int(number)) if known else None
    if found is None:
        raise NotThere
    return found


PAGE = Page(
    "/again", Permission.READ, show, {"judge": Act(Permission.READ, judge, others=True)}, label=lambda: _("Read again")
)
