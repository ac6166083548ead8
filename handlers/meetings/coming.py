"""Meetings: what is coming, what for, and whether somebody comes. Two taps are a whole answer; the rest is optional."""

from __future__ import annotations

from handlers.consent import agreed
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.meetings.picking import pick
from handlers.meetings.words import (
    button_ask,
    button_how,
    coming_label,
    described,
    how_to_join,
    is_late,
    starts,
)
from locales import _, dates
from models.calendar import calendar_file
from models.database import now
from models.meeting import (
    EXPECTED,
    Coming,
    Meeting,
    MeetingState,
    Rsvp,
    late_notes,
    rsvp_of,
    rsvps_of,
    say,
    upcoming,
    withdraw,
)
from models.message import Button
from models.reminder import has_any

TELL, NO, KEEP = "tell", "no", "keep"
# So many meetings fit on ten pages; a partnership holds a few dozen a year.
MOST_SHOWN = 50


def meetings(chat: Chat) -> None:
    found = upcoming(chat.session, now(), most=MOST_SHOWN)
    late = [is_late(one, chat.area, now()) for one in late_notes(chat.session, chat.area, now())[-2:]]
    if not found and "meeting" not in chat.answers:
        chat.say("\n".join([_("There are no meetings here at the moment."), *late]))
        return
    mine = {one.meeting_id: one for one in rsvps_of(chat.session, chat.person)}
    question = "\n".join([*late, _("Which meeting would you like to see?")])
    meeting = pick(chat, question, found, lambda one: _line(chat, one, mine.get(one.id)))
    if meeting.state is MeetingState.PLANNED:
        _without_a_date(chat, meeting)
    elif meeting.open(now()):
        _answer(chat, meeting)
    else:
        _closed(chat, meeting)


def _line(chat: Chat, meeting: Meeting, rsvp: Rsvp | None) -> str:
    day = _("No date yet")
    if meeting.starts is not None:
        here = chat.area.local(meeting.starts)
        day = f"{dates.short_day(here.date())}, {dates.clock(here, chat.area.zone)}"
    said = f" ({coming_label(rsvp.coming)})" if rsvp else ""
    return f"{day}: {meeting.title}{said}"


def _closed(chat: Chat, meeting: Meeting) -> None:
    if meeting.state is MeetingState.CANCELLED:
        said = _(
            "“{title}” is cancelled. The reason: {reason}", title=meeting.title, reason=meeting.cancelled_because or ""
        )
    else:
        said = _("“{title}” is over. It was on {when}.", title=meeting.title, when=starts(meeting, chat.area))
    chat.say(said, chat.start(_("See what is coming"), "meetings"))


def _without_a_date(chat: Chat, meeting: Meeting) -> None:
    waiting = rsvp_of(chat.session, meeting, chat.person)
    chat.say(described(meeting, chat.area, young=chat.person.young))
    if waiting is not None:
        if chat.agree("hush", _("I tell you when there is a date."), yes=_("Good"), no=_("Do not tell me")):
            chat.say(_("I will write to you when there is a date."), button_ask(meeting))
        else:
            withdraw(chat.session, waiting)
            chat.say(_("I will not tell you. You can look here at any time."))
        return
    wanted = chat.choose(
        "tell",
        _("Shall I tell you when there is a date?"),
        {TELL: _("Tell me the date"), NO: _("No, thank you")},
        words={TELL: _("yes|please|tell me|ok"), NO: _("no|no thanks")},
    )
    if wanted == NO:
        chat.say(_("That is fine. You can look here at any time."), button_ask(meeting))
        return
    agreed(chat)
    say(chat.session, chat.area, meeting, chat.person, Coming.TELL)
    chat.say(_("I will write to you when there is a date."), button_ask(meeting))


def _answer(chat: Chat, meeting: Meeting) -> None:
    rsvp = rsvp_of(chat.session, meeting, chat.person)
    chat.say(described(meeting, chat.area, young=chat.person.young))
    choices: dict[str, str] = {
        Coming.YES: _("I'm coming"),
        Coming.MAYBE: _("Maybe"),
        Coming.NO: _("Can't come"),
    }
    text = _("Are you coming?")
    answered = rsvp is not None and rsvp.coming is not Coming.TELL
    if rsvp is not None and answered:
        text = _("{said}. You can change it.", said=coming_label(rsvp.coming))
        choices = {KEEP: _("Leave it as it is"), **choices}
    said = chat.choose(
        "coming",
        text,
        choices,
        words={
            Coming.YES: _("yes|yeah|yep|i am coming|i will come|coming|count me in"),
            Coming.MAYBE: _("maybe|perhaps|not sure|don't know|might"),
            Coming.NO: _("no|nope|cannot come|can't|i can't make it|not coming"),
            KEEP: _("leave it|keep|no change"),
        },
    )
    if said == KEEP and rsvp is not None:
        chat.say(_("That stays as it is."), *_more(meeting, rsvp))
        return
    agreed(chat)
    _thank(chat, meeting, say(chat.session, chat.area, meeting, chat.person, Coming(said)))


def _thank(chat: Chat, meeting: Meeting, rsvp: Rsvp) -> None:
    when = starts(meeting, chat.area)
    if rsvp.coming not in EXPECTED:
        chat.say(_("Thank you for telling us. You can still send a question."), button_ask(meeting))
        return
    if rsvp.coming is Coming.YES:
        said = [_("Thank you. You are on the list for {when}.", when=when)]
    else:
        said = [_("Thank you. You said maybe for {when}.", when=when)]
    said += how_to_join(meeting, rsvp.way)
    if has_any(chat.session, rsvp):
        said.append(_("I will remind you."))
    said.append(_("Here it is for your calendar. Is there anything else?"))
    chat.say("\n".join(said), *_more(meeting, rsvp), file=calendar_file(meeting, chat.area))


def _more(meeting: Meeting, rsvp: Rsvp) -> list[Button]:
    return [*([button_how(meeting)] if rsvp.expected else []), button_ask(meeting)]


ERRAND = Errand(
    meetings,
    label=lambda: _("Meetings"),
    words=lambda: _("meeting|meetings|what's on|whats on|events|what is coming"),
    command="meetings",
    browsed=True,
)
