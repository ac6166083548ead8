"""Change a meeting that was called: everybody who said yes or maybe hears what was, and what is now."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk import meeting_form as form
from bot.web.desk.meeting import the_meeting, version
from bot.web.desk.page import Act, Desk, Go, NotThere, Page, Wrong
from handlers.call_meeting.changing import what_changes
from handlers.call_meeting.telling import change_and_tell
from handlers.meetings.words import described, how_to_join
from locales import _, ngettext
from models.database import now
from models.meeting import AgainstTheCharter, Meeting, MeetingState, draft_of, expected_at, how_many
from models.role import Permission


def show(desk: Desk) -> Response:
    meeting = _the_open_one(desk)
    before = draft_of(meeting)
    looking = form.looked_at(desk, before)
    count = how_many(desk.session, expected_at(meeting))
    return desk.page(
        "change_meeting.html",
        _("Change a meeting"),
        meeting=meeting,
        seen=version(meeting),
        stands=[described(meeting, desk.area), *how_to_join(meeting, None)],
        conflict="" in desk.problems,
        looking=looking,
        reads=what_changes(desk.area, before, looking) if looking else [],
        sure=form.sure(looking) if looking else "",
        warnings=form.warnings(desk.area, looking) if looking else [],
        count=count,
        told=ngettext(
            "{count} person who said yes or maybe will be told.",
            "{count} people who said yes or maybe will be told.",
            count,
        ),
        **form.shown(desk, form_name(meeting), form.filled_in(before, desk.area)),
    )


def _the_open_one(desk: Desk) -> Meeting:
    """Only what is still to come can change. Raises `NotThere`."""
    meeting = the_meeting(desk)
    if meeting.state is not MeetingState.CALLED or meeting.starts is None or meeting.starts <= now():
        raise NotThere
    return meeting


def form_name(meeting: Meeting) -> str:
    return f"change_meeting:{meeting.id}"


def save(desk: Desk) -> Go:
    meeting = _the_open_one(desk)
    desk.unless_changed(version(meeting))
    before = draft_of(meeting)
    draft = form.read(desk, before)
    if draft == before:
        desk.sent(form_name(meeting))
        return Go(f"/desk/meetings/{meeting.id}", _("That is what it was before. Nobody was told."))
    form.look_first(desk, draft)
    try:
        told = change_and_tell(desk, meeting, draft)
    except AgainstTheCharter:
        raise Wrong({"day": _("That time is over. Choose one that is still to come.")}) from None
    desk.sent(form_name(meeting))
    said = ngettext("Done. {count} person is told.", "Done. {count} people are told.", told)
    return Go(f"/desk/meetings/{meeting.id}", said)


PAGE = Page(
    "/meetings/{number:int}/change",
    Permission.PUBLISH,
    show,
    {"save": Act(Permission.PUBLISH, save, others=True)},
)
