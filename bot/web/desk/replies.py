"""Saved replies: one's own, and those of everybody."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Page
from locales import _
from models.desk.saved_replies import (
    LONGEST_TITLE,
    ChangedAlready,
    change_reply,
    delete_reply,
    may_change,
    save_reply,
    saved_replies,
    saved_reply,
)
from models.desk.tables import SavedReply
from models.role import Permission


def show(desk: Desk) -> Response:
    replies = saved_replies(desk.session, desk.person)
    return desk.page(
        "replies.html",
        _("Saved replies"),
        replies=[(one, may_change(desk.session, one, desk.person)) for one in replies],
        draft=desk.draft("saved_reply"),
        answers=desk.may(Permission.ANSWER),
        shares=desk.may(Permission.PUBLISH),
    )


def add(desk: Desk) -> Go:
    title, text = _written(desk)
    save_reply(desk.session, desk.person, title, text, shared=desk.fields.get("shared") == "yes")
    desk.sent("saved_reply")
    return Go("/desk/replies", _("Your reply is saved."))


def show_one(desk: Desk) -> Response:
    reply = _the_reply(desk)
    draft = desk.draft(f"saved_reply:{reply.id}") or {"title": reply.title, "text": reply.text}
    return desk.page("reply.html", reply.title, reply=reply, draft=draft, conflict=bool(desk.problems.get("")))


def change(desk: Desk) -> Go:
    reply = _the_reply(desk)
    title, text = _written(desk)
    seen = desk.fields.get("seen", "")
    try:
        change_reply(desk.session, reply, desk.person, title, text, version=int(seen) if seen.isdecimal() else 0)
    except ChangedAlready:
        raise ChangedMeanwhile from None
    desk.sent(f"saved_reply:{reply.id}")
    return Go("/desk/replies", _("It is changed."))


def delete(desk: Desk) -> Go:
    delete_reply(desk.session, _the_reply(desk), desk.person)
    return Go("/desk/replies", _("It is deleted."))


def _the_reply(desk: Desk) -> SavedReply:
    number = desk.names["number"]
    reply = saved_reply(desk.session, desk.person, number) if number < 2**63 else None
    if reply is None or not may_change(desk.session, reply, desk.person):
        raise NotThere
    return reply


def _written(desk: Desk) -> tuple[str, str]:
    title = desk.text("title", required=_("Give it a short name."), most=LONGEST_TITLE)
    return title, desk.text("text", required=_("Write the reply."))


PAGE = Page("/replies", Permission.READ, show, {"add": Act(Permission.ANSWER, add)}, label=lambda: _("Saved replies"))
ONE = Page(
    "/replies/{number:int}",
    Permission.ANSWER,
    show_one,
    {"change": Act(Permission.ANSWER, change), "delete": Act(Permission.ANSWER, delete)},
)
