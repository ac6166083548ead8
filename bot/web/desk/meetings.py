"""Meetings: those to come, those whose notes are owed, those that were. The list shows nobody's words."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from bot.web.desk.page import Desk, Page
from bot.web.desk.paging import By, paged
from handlers.meetings.words import audience_label, starts, way_label
from locales import _, dates
from models.database import now
from models.meeting import Meeting, MeetingState, Part, count_listed, count_open_questions, meetings_listed
from models.role import Permission

SOONEST_FIRST = (By(Meeting.starts, datetime), By(Meeting.id, int))
NEWEST_FIRST = (By(Meeting.starts, datetime, descending=True), By(Meeting.id, int, descending=True))
IN_ORDER = (By(Meeting.id, int),)
ORDER = {Part.COMING: SOONEST_FIRST, Part.NOTES: SOONEST_FIRST, Part.KINDS: IN_ORDER}


def parts() -> dict[Part, str]:
    return {
        Part.COMING: _("To come"),
        Part.NOTES: _("Notes not sent yet"),
        Part.PAST: _("Over"),
        Part.CANCELLED: _("Cancelled"),
        Part.KINDS: _("No date yet"),
    }


def show(desk: Desk) -> Response:
    asked = desk.fields.get("which", "")
    part = Part(asked) if asked in list(Part) else Part.COMING
    moment = now()
    listed = {one: meetings_listed(desk.session, desk.person, one, moment) for one in Part}
    page = paged(desk.session, listed[part], ORDER.get(part, NEWEST_FIRST), desk.fields.get("after", ""))
    return desk.page(
        "meetings.html",
        _("Meetings"),
        part=part,
        parts=[(one, label, count_listed(desk.session, listed[one])) for one, label in parts().items()],
        page=page,
        says=Says(desk),
        calls=desk.may(Permission.PUBLISH),
    )


class Says:
    """How a meeting is put into words on a line."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.moment = desk, now()

    def when(self, meeting: Meeting) -> str:
        return starts(meeting, self.desk.area)

    def ways(self, meeting: Meeting) -> str:
        return ", ".join(way_label(way) for way in meeting.ways)

    def whom(self, meeting: Meeting) -> str:
        return meeting.for_whom or audience_label(meeting.audience, self.desk.area)

    def questions(self, meeting: Meeting) -> int:
        return count_open_questions(self.desk.session, meeting) if meeting.state is MeetingState.CALLED else 0

    def late(self, meeting: Meeting) -> bool:
        return meeting.notes_late(self.moment, self.desk.area.zone)

    def notes(self, meeting: Meeting) -> str:
        """What is owed, or what was done; empty before it has begun."""
        if meeting.state is not MeetingState.CALLED or meeting.starts is None or meeting.starts > self.moment:
            return ""
        if meeting.notes_sent is not None:
            day = dates.short_day(self.desk.area.today(meeting.notes_sent))
            return _("notes sent {day}", day=day)
        if meeting.notes_due is None:
            return _("notes not sent")
        if self.late(meeting):
            return _("notes late since {day}", day=dates.short_day(meeting.notes_due))
        return _("notes due {day}", day=dates.short_day(meeting.notes_due))


PAGE = Page("/meetings", Permission.READ, show, label=lambda: _("Meetings"))
