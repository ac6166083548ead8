"""A meeting as a calendar file (.ics, RFC 5545): the same UID for ever, a higher SEQUENCE whenever it changes.

It holds nothing about who asked for it, and rings no bell of its own: our reminders know the quiet hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.area import Area
from models.meeting.tables import Meeting, MeetingState
from models.message import File

if TYPE_CHECKING:
    from icalendar import Calendar


def calendar_file(meeting: Meeting, area: Area) -> File:
    """The meeting to be put into a calendar, or taken out of it again. Raises ValueError for one without a date."""
    return File.of(f"meeting-{meeting.id}.ics", "text/calendar; charset=utf-8", calendar(meeting, area).to_ical())


def calendar(meeting: Meeting, area: Area) -> Calendar:
    from icalendar import Calendar, Event  # 3 MB, for what is not asked for every day

    if meeting.starts is None or meeting.ends is None:
        raise ValueError(f"meeting {meeting.id} has no date")
    cancelled = meeting.state is MeetingState.CANCELLED
    event = Event()
    event.add("uid", f"{meeting.uid}@yousaid")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed)
    event.add("dtstart", area.local(meeting.starts))
    event.add("dtend", area.local(meeting.ends))
    event.add("summary", meeting.title)
    event.add("description", meeting.purpose)
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.link:
        event.add("url", meeting.link)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    file = Calendar()
    file.add("prodid", "-//YouSaid//Meetings//EN")
    file.add("version", "2.0")
    file.add("method", "CANCEL" if cancelled else "PUBLISH")
    file.add_component(event)
    file.add_missing_timezones()
    return file
