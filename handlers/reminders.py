"""What the clock has said about meetings: reminders to those who come, and to staff that notes are expected.

Each is a sweep of the clock: it does what is due in the transaction it is given, and returns how much that was.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import taps
from handlers.meetings.words import button_no, button_yes, how_to_join, starts
from locales import _, dates, speaking
from models import reminder
from models.area import Area
from models.meeting import Coming, Meeting, Rsvp, Way, notes_to_ask_for
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.role import Permission, may, staff_who_may

# So many at once, so that a full hall is not one long transaction.
A_SLICE = 200


def send_due(session: Session, partnership: Partnership, moment: datetime, most: int = A_SLICE) -> int:
    """Remind everybody whose time has come, each once, in their language. Returns how many were dealt with: as long
    as that is `most`, there may be more."""
    taken = reminder.take_due(session, partnership.area, moment, most)
    for due in taken:
        person = due.rsvp.person
        address = reach(person)
        if address is None or person.stopped_at is not None:
            continue
        with speaking(person.language):
            message = reminding(due.rsvp, partnership.area)
        row = send(session, address, message, Class.REMINDER, due=moment, about=due.rsvp.meeting.about)
        session.flush()
        for one in due.reminders:
            one.outgoing_id = row.id
    session.flush()
    return len(taken)


def reminding(rsvp: Rsvp, area: Area) -> Message:
    """The reminder, in the language being spoken. It names the day, so that it is true whenever it is read."""
    meeting = rsvp.meeting
    said = [_("A reminder: “{title}” is on {when}.", title=meeting.title, when=starts(meeting, area))]
    if meeting.place and rsvp.way in (None, Way.IN_PERSON):
        said.append(_("Where: {place}.", place=meeting.place))
    said += how_to_join(meeting, rsvp.way)
    said.append(_("You said maybe.") if rsvp.coming is Coming.MAYBE else _("You said yes."))
    return Message("\n".join(said), (button_yes(meeting), button_no(meeting)), tall=rsvp.person.young)


def ask_for_notes(session: Session, partnership: Partnership, moment: datetime) -> int:
    """Ask staff for the notes of meetings that are over (H5). Returns for how many meetings."""
    meetings = notes_to_ask_for(session, partnership.area, moment)
    for meeting in meetings:
        for person in _who_runs(session, meeting):
            address = reach(person)
            if address is not None:
                with speaking(person.language):
                    send(session, address, _asking(meeting), Class.REMINDER, due=moment, about=meeting.about)
    return len(meetings)


def _asking(meeting: Meeting) -> Message:
    due = dates.day(meeting.notes_due) if meeting.notes_due else ""
    return Message(
        _("Please send the notes of “{title}”. Families were promised them by {day}.", title=meeting.title, day=due),
        (Button(_("Send the notes"), taps.start("run_meeting", {"meeting": meeting.id, "do": "notes"})),),
    )


def _who_runs(session: Session, meeting: Meeting) -> list[Person]:
    """Who called it, as long as they are staff; else everybody who could have."""
    caller = session.get(Person, meeting.called_by) if meeting.called_by else None
    if caller is not None and may(session, caller, Permission.PUBLISH):
        return [caller]
    return staff_who_may(session, Permission.PUBLISH)
