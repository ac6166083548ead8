"""The parts of a meeting, asked one by one: when a meeting is called and when it is changed.

`turn` makes the names of the questions new when a part is asked again (“title”, then “title2”).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import phonenumbers

from handlers.dialogue import Chat, NotUnderstood
from handlers.meetings.words import audience_label, way_label
from handlers.when import at, read_clock, read_day, read_minutes
from locales import _, dates, ngettext
from models.area import Area
from models.database import now
from models.meeting import Clash, Draft, Way, clashes

LONGEST_TITLE, LONGEST_TEXT = 100, 400  # characters: a line of a list, and a paragraph on a phone
# Further ahead than this the year is a slip.
FURTHEST = timedelta(days=2 * 365)
YES, AGAIN = "yes", "again"


def named(name: str, turn: int) -> str:
    return name if turn == 1 else f"{name}{turn}"


def title(chat: Chat, turn: int = 1) -> str:
    return str(chat.ask(named("title", turn), _("What is the meeting called? Short and plain."), read=read_title))


def purpose(chat: Chat, turn: int = 1) -> str:
    """Families are told what a meeting is for (H1): it cannot be left out."""
    return str(
        chat.ask(
            named("purpose", turn),
            _("What is it for? What can families change by coming? Families read this."),
            read=short_text,
        )
    )


def reason(chat: Chat, days: int, turn: int = 1) -> str:
    """Why there is less notice than the partnership promises (H1)."""
    soon = (
        ngettext("That is {count} day from now.", "That is {count} days from now.", days)
        if days
        else _("That is today.")
    )
    promised = ngettext(
        "Families are promised {count} day.",
        "Families are promised {count} days.",
        chat.area.promises.meeting_notice_days,
    )
    asked = _("Why so soon? Families read your reason.")
    return str(chat.ask(named("reason", turn), f"{soon} {promised} {asked}", read=short_text))


def text_up_to(longest: int) -> Callable[[str], str]:
    """Reads words of at most so many characters."""

    def read(text: str) -> str:
        words = text.strip()
        if len(words) > longest:
            raise NotUnderstood(
                _("That has {count} letters and signs; {most} fit. Please shorten it.", count=len(words), most=longest)
            )
        if not any(character.isalpha() for character in words):
            raise NotUnderstood(_("Please type your answer in words."))
        return words

    return read


short_text = text_up_to(LONGEST_TEXT)


def read_title(text: str) -> str:
    return text_up_to(LONGEST_TITLE)(" ".join(text.split()))


# When


def when(chat: Chat, usual_minutes: int | None = None, turn: int | str = 1) -> tuple[datetime, int]:
    """When it starts (UTC) and how many minutes it takes: read back with its weekday, and with what families have at
    that time (H2), until it is right."""
    attempt = 1
    while True:
        tag = f"{turn}-{attempt}"
        day = chat.ask(
            f"day{tag}",
            _("On what day? For example “12 March” or “next Friday”."),
            read=_day_to_come(chat),
            recall=date.fromisoformat,
        )
        clock = chat.ask(
            f"clock{tag}",
            _("At what time does it start? For example “6:30pm”."),
            read=_clock_on(day, chat.area),
            recall=time.fromisoformat,
        )
        starts = _the_moment(chat, day, clock, tag)
        minutes = _minutes(chat, usual_minutes, tag)
        if _is_right(chat, starts, minutes, tag):
            return starts, minutes
        attempt += 1


def still_ahead(chat: Chat, draft: Draft) -> Draft:
    """The draft, with another time where it waited so long that its own is over."""
    late = 1
    while draft.starts <= now():
        chat.say(_("That time is over by now."))
        starts, minutes = when(chat, draft.minutes, f"late{late}")
        draft = replace(draft, starts=starts, minutes=minutes)
        late += 1
    return draft


def _day_to_come(chat: Chat) -> Callable[[str], date]:
    def read(text: str) -> date:
        today = chat.area.today(now())
        day = read_day(text, today)
        if day < today:
            raise NotUnderstood(_("{day} is over. Please type a day that is still to come.", day=dates.day(day)))
        if day - today > FURTHEST:
            raise NotUnderstood(_("{day} is more than two years away. Please check the year.", day=dates.day(day)))
        return day

    return read


def _clock_on(day: date, area: Area) -> Callable[[str], time]:
    def read(text: str) -> time:
        clock = read_clock(text)
        moments = at(day, clock, area.zone)
        if not moments:
            raise NotUnderstood(
                _(
                    "The clocks go forward that night, so there is no {clock} on that day. Please type another time.",
                    clock=f"{clock:%H:%M}",
                )
            )
        if moments[-1] <= now():
            raise NotUnderstood(_("{clock} is over today. Please type a later time.", clock=f"{clock:%H:%M}"))
        return clock

    return read


def _the_moment(chat: Chat, day: date, clock: time, tag: str) -> datetime:
    moments = at(day, clock, chat.area.zone)
    if len(moments) == 1:
        return moments[0]
    which = chat.choose(
        f"twice{tag}",
        _("The clocks go back that night, so {clock} comes twice. Which one?", clock=f"{clock:%H:%M}"),
        {"first": _("The first one"), "second": _("The second one")},
    )
    return moments[0] if which == "first" else moments[1]


def _minutes(chat: Chat, usual: int | None, tag: str) -> int:
    offered = {60: _("1 hour"), 90: _("1 hour 30 minutes"), 120: _("2 hours")}
    if usual is not None:
        offered = {usual: offered.get(usual) or _("{count} minutes", count=usual), **offered}
    suggest = {str(minutes): label for minutes, label in offered.items()}
    return int(chat.ask(f"minutes{tag}", _("How long is it?"), read=read_minutes, recall=int, suggest=suggest))


def _is_right(chat: Chat, starts: datetime, minutes: int, tag: str) -> bool:
    said = [
        _(
            "That is {start} to {end}.",
            start=dates.moment(starts, chat.area.zone),
            end=dates.clock(starts + timedelta(minutes=minutes), chat.area.zone),
        )
    ]
    said += [clash_label(clash) for clash in clashes(chat.area, starts, minutes)]
    if chat.area.quiet(starts):
        said.append(_("That is at night. Please check the time."))
    answer = chat.choose(
        f"right{tag}",
        "\n".join([*said, _("Is that right?")]),
        {YES: _("Yes, that is right"), AGAIN: _("No, another time")},
        words={YES: _("yes|right|ok"), AGAIN: _("no|wrong|change")},
    )
    return answer == YES


def clash_label(clash: Clash) -> str:
    return {
        Clash.BANK_HOLIDAY: _("That day is a bank holiday. Many families will be away."),
        Clash.SCHOOL_RUN: _("Many families take children to school or home at that time."),
    }[clash]


# How and where


def ways(chat: Chat, turn: int = 1) -> tuple[Way, ...]:
    """At least one way to take part."""
    attempt = 1
    while True:
        chosen = chat.several(
            f"ways{turn}-{attempt}",
            _("How can people take part? Tap all that fit, then the last button."),
            {way: way_label(way) for way in Way},
        )
        if chosen:
            return tuple(way for way in Way if way in chosen)
        chat.say(_("There must be at least one way."))
        attempt += 1


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is needed to get there. None: will be added later, or not needed."""

    place: str | None = None
    link: str | None = None
    phone: str | None = None


def whereabouts(chat: Chat, chosen: tuple[Way, ...], turn: int = 1) -> Whereabouts:
    """Place, link and phone: what these ways need. Each may be added later."""
    later = _("Later")
    place = link = phone = None
    if Way.IN_PERSON in chosen:
        place = chat.ask(
            named("place", turn),
            _("Where is it? The place, the street and the town. Families also want to know if it is step-free."),
            read=short_text,
            skip=later,
        )
    if set(chosen) & {Way.ONLINE, Way.TEXT, Way.SURVEY}:
        link = chat.ask(named("link", turn), _("What is the link for joining?"), read=read_link, skip=later)
    if Way.PHONE in chosen:
        phone = chat.ask(named("phone", turn), _("Which number do people ring to join?"), read=read_phone, skip=later)
    return Whereabouts(place, link, phone)


def read_link(text: str) -> str:
    link = text.strip()
    if not link.lower().startswith(("https://", "http://")) or "." not in link or " " in link:
        raise NotUnderstood(_("Please send the whole link. It starts with https://"))
    return link


def read_phone(text: str) -> str:
    try:
        parsed = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        parsed = None
    # “Possible”, not “valid”: the ranges kept for examples are never valid, and staff read the number back.
    verdict = phonenumbers.is_possible_number_with_reason(parsed) if parsed else None
    if parsed is None or verdict != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NotUnderstood(_("That is not a whole phone number. Please type it again."))
    if parsed.country_code == phonenumbers.country_code_for_region("GB"):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


# For whom


def audience(chat: Chat, turn: int = 1) -> str:
    kinds = ("everyone", "parents", "young", "topic", "asked")
    chosen = chat.choose(
        named("audience", turn),
        _("Who is it for? They are told."),
        {kind: _("A topic") if kind == "topic" else audience_label(kind, chat.area) for kind in kinds},
    )
    if chosen != "topic":
        return chosen
    topic = chat.choose(
        named("topic", turn), _("Which topic?"), {topic.key: _(topic.label) for topic in chat.area.topics}
    )
    return f"topic:{topic}"
