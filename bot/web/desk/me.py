"""One's own place: where one is signed in, and the ways out."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.page import Desk, Page
from handlers.staff import role_label
from handlers.you_said import organisation_name
from locales import _
from models.desk.signing_in import browsers_of
from models.role import Permission, roles_of


def show(desk: Desk) -> Response:
    return desk.page(
        "me.html",
        _("My sign-in"),
        browsers=browsers_of(desk.session, desk.person),
        roles=[
            (role_label(one.name), organisation_name(desk.area, one.organisation))
            for one in roles_of(desk.session, desk.person)
        ],
    )


PAGE = Page("/me", Permission.READ, show, label=lambda: _("My sign-in"))
