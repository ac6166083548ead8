"""A meeting in words: what families and staff read of it, in the language being spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from handlers import taps
from handlers.labels import clip
from handlers.ladder import means
from locales import SOURCE, _, dates, languages, speaking
from models.area import Area
from models.calendar import calendar_file
from models.meeting import Coming, Meeting, Way
from models.message import Button, Message

Made = TypeVar("Made")


def way_label(way: str | None) -> str:
    """“Not said yet” for None."""
    if way is None:
        return _("Not said yet")
    return {
        Way.IN_PERSON: _("In person"),
        Way.ONLINE: _("Online"),
        Way.PHONE: _("By phone"),
        Way.TEXT: _("By text chat"),
        Way.SURVEY: _("Online survey"),
    }[Way(way)]


def coming_label(coming: Coming) -> str:
    return {
        Coming.YES: _("You said yes"),
        Coming.MAYBE: _("You said maybe"),
        Coming.NO: _("You said no"),
        Coming.TELL: _("You will hear the date"),
    }[coming]


def audience_label(audience: str, area: Area) -> str:
    kind, _colon, topic = audience.partition(":")
    if kind == "topic":
        return _("People who take part in: {topic}", topic=_(area.topic(topic).label))
    return {
        "everyone": _("Everyone"),
        "parents": _("Parents and carers"),
        "young": _("Young people"),
        "asked": _("Only those who asked"),
    }[kind]


def when(meeting: Meeting, area: Area) -> str:
    """Tuesday 1 December 2026, 18:30 to 20:00"""
    if meeting.starts is None or meeting.ends is None:
        return _("No date yet")
    return _(
        "{start} to {end}", start=dates.moment(meeting.starts, area.zone), end=dates.clock(meeting.ends, area.zone)
    )


def starts(meeting: Meeting, area: Area) -> str:
    """Tuesday 1 December 2026, 18:30"""
    return dates.moment(meeting.starts, area.zone) if meeting.starts else _("No date yet")


def lines(meeting: Meeting, area: Area, *, young: bool = False) -> dict[str, str]:
    """What is said of a meeting, line by line, by what each line is about. The link comes once somebody says yes."""
    said = {
        "title": meeting.title,
        "when": _("When: {when}.", when=when(meeting, area)),
        "what for": _("What for: {purpose}", purpose=meeting.purpose),
        "ways": _("How: {ways}.", ways=", ".join(way_label(way) for way in meeting.ways)),
    }
    if Way.IN_PERSON in meeting.ways and meeting.starts is not None:
        said["place"] = _("Where: {place}.", place=meeting.place or _("not known yet")).replace("..", ".")
    if not young:
        whom = meeting.for_whom or audience_label(meeting.audience, area)
        said["whom"] = _("For: {whom}.", whom=whom)
    if meeting.short_notice_because:
        said["notice"] = _("This is short notice. The reason: {reason}", reason=meeting.short_notice_because)
    return said


def described(meeting: Meeting, area: Area, *, young: bool = False) -> str:
    """The whole card. How far families work with staff at it (T10) is no change that anybody is written to about."""
    how_far = [means(meeting.rung)] if meeting.rung is not None else []
    return "\n".join([*lines(meeting, area, young=young).values(), *how_far])


def how_to_join(meeting: Meeting, way: Way | None) -> list[str]:
    """The link and the number, for somebody who comes: of their way, or of all while they have not said which."""
    said = []
    if meeting.link and (way in (None, Way.ONLINE, Way.TEXT, Way.SURVEY)):
        said.append(_("Online: {link}", link=meeting.link))
    elif way is Way.ONLINE:
        said.append(_("There is no link yet. You get it when staff have put it in."))
    if meeting.phone and way in (None, Way.PHONE):
        said.append(_("By phone: {phone}", phone=meeting.phone))
    return said


def button_yes(meeting: Meeting) -> Button:
    return Button(_("I'm coming"), taps.start("meetings", {"meeting": meeting.id, "coming": Coming.YES}))


def button_maybe(meeting: Meeting) -> Button:
    return Button(_("Maybe"), taps.start("meetings", {"meeting": meeting.id, "coming": Coming.MAYBE}))


def button_no(meeting: Meeting) -> Button:
    return Button(_("Can't come"), taps.start("meetings", {"meeting": meeting.id, "coming": Coming.NO}))


def button_how(meeting: Meeting) -> Button:
    return Button(_("How, and what I need"), taps.start("taking_part", {"meeting": meeting.id}))


def button_ask(meeting: Meeting) -> Button:
    return Button(_("Send a question"), taps.start("ask_ahead", {"meeting": meeting.id}))


def line_label(place: int, text: str) -> str:
    """A label of a numbered list whose lines stand above the buttons."""
    return clip(f"{place}. {text}")


def in_each_language(area: Area, make: Callable[[], Made]) -> Mapping[str, Made]:
    """The same thing in every language that there is here, for those who are written to all at once."""
    made = {}
    for code in dict.fromkeys([SOURCE, *area.languages]):
        if code in languages():
            with speaking(code):
                made[code] = make()
    return made


def invitation(meeting: Meeting, area: Area) -> Message:
    text = "\n".join([_("You are invited to a meeting."), described(meeting, area)])
    return Message(text, (button_yes(meeting), button_maybe(meeting), button_no(meeting)))


def news_of_change(meeting: Meeting, area: Area, before: Mapping[str, str]) -> Message:
    """What was and what is now, and whether they still come. `before` is `lines` as they were, in this language."""
    now = lines(meeting, area)
    changed = [key for key in dict.fromkeys([*before, *now]) if before.get(key) != now.get(key)]
    old = [before[key] for key in changed if key in before]
    new = [now[key] for key in changed if key in now]
    text = [_("“{title}” has changed.", title=meeting.title)]
    if old:
        text += [_("Before:"), *old]
    text += [_("Now:"), *(new or [_("How to join has changed.")]), *how_to_join(meeting, None)]
    text.append(_("Are you still coming?"))
    return Message("\n".join(text), (button_yes(meeting), button_no(meeting)), file=calendar_file(meeting, area))


def news_of_end(meeting: Meeting, area: Area) -> Message:
    """It is cancelled, and why; with the file that takes it out of a calendar."""
    text = _(
        "“{title}” on {when} is cancelled. The reason: {reason}",
        title=meeting.title,
        when=starts(meeting, area),
        reason=meeting.cancelled_because or "",
    )
    return Message(text, (button_ask(meeting),), file=calendar_file(meeting, area))


def is_late(meeting: Meeting, area: Area, moment: datetime) -> str:
    """That its notes are late, in words; empty when they are not (H5)."""
    if meeting.notes_due is None or not meeting.notes_late(moment, area.zone):
        return ""
    return _(
        "The notes of “{title}” are late. They were due on {day}.",
        title=meeting.title,
        day=dates.day(meeting.notes_due),
    )
