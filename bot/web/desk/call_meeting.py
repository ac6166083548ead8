"""Call a meeting: from a kind that has no date yet, or a new one. It is read back before anybody is told."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk import meeting_form as form
from bot.web.desk.page import Act, Desk, Go, NotThere, Page, Wrong
from handlers.call_meeting.telling import call_and_announce
from handlers.meetings.words import described, how_to_join
from locales import _, dates, ngettext
from models.database import now
from models.desk.drafts import drop_draft
from models.meeting import (
    AgainstTheCharter,
    Meeting,
    MeetingState,
    how_many,
    invited,
    meeting_seen,
    preview,
)
from models.role import Permission


def show(desk: Desk) -> Response:
    kind = the_kind(desk)
    name = form_name(kind)
    looking = form.looked_at(desk)
    before = preview(desk.area, looking) if looking else None
    count = how_many(desk.session, invited(kind.id if kind else None, looking.audience)) if looking else 0
    return desk.page(
        "call_meeting.html",
        _("Call a meeting"),
        kind=kind,
        seen=version(kind),
        called_already=kind is not None and kind.state is not MeetingState.PLANNED,
        looking=looking,
        reads=[described(before, desk.area), *how_to_join(before, None)] if before else [],
        sure=form.sure(looking) if looking else "",
        warnings=form.warnings(desk.area, looking) if looking else [],
        notes_due=dates.day(before.notes_due) if before and before.notes_due else "",
        count=count,
        told=ngettext("{count} person will be told.", "{count} people will be told.", count),
        **form.shown(desk, name, _begun(kind)),
    )


def the_kind(desk: Desk) -> Meeting | None:
    """The kind of meeting that it starts from, if any; a colleague may have called one from it by now."""
    number = desk.fields.get("kind", "")
    if not number:
        return None
    known = number.isascii() and number.isdigit() and len(number) < 16
    found = meeting_seen(desk.session, desk.person, int(number)) if known else None
    if found is None or found.source_id is None:
        raise NotThere
    return found


def version(kind: Meeting | None) -> str:
    return kind.state.value if kind else "new"


def form_name(kind: Meeting | None) -> str:
    return f"call_meeting:{kind.id}" if kind else "call_meeting:new"


def _begun(kind: Meeting | None) -> dict[str, str]:
    if kind is None:
        return {"minutes": str(form.USUAL_MINUTES), "audience": "everyone"}
    return {
        "title": kind.title,
        "purpose": kind.purpose,
        "minutes": str(kind.minutes),
        "for_whom": kind.for_whom or "",
        "audience": "everyone",
        **{f"way_{way}": "yes" for way in kind.ways},
    }


def announce(desk: Desk) -> Go:
    kind = the_kind(desk)
    draft = form.read(desk)
    desk.unless_changed(version(kind))
    form.look_first(desk, draft)
    try:
        meeting, told = call_and_announce(desk, draft, kind)
    except AgainstTheCharter:
        raise Wrong({"day": _("That time is over. Choose one that is still to come.")}) from None
    desk.sent(form_name(kind))
    said = [ngettext("Done. {count} person is told.", "Done. {count} people are told.", told)]
    said.append(_("Reminders go out by themselves."))
    if desk.area.quiet(now()):
        morning = dates.clock(desk.area.next_waking(now()), desk.area.zone)
        said.append(_("Nothing is sent at night: they are told from {clock}.", clock=morning))
    return Go(f"/desk/meetings/{meeting.id}", " ".join(said))


def throw_away(desk: Desk) -> Go:
    kind = the_kind(desk)
    drop_draft(desk.session, desk.person, form_name(kind))
    return Go("/desk/meetings", _("That is thrown away. Nobody was told."))


PAGE = Page(
    "/meetings/new",
    Permission.PUBLISH,
    show,
    {"announce": Act(Permission.PUBLISH, announce, others=True), "drop": Act(Permission.PUBLISH, throw_away)},
)
