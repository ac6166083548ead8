"""A publication is written: in each language, with each message as a phone will show it, to whom, and when.

What stands beside it (the phones, the remarks, whoever is left out) is made anew by “look”, and by the desk's script
as somebody types; it comes from the same functions that make what is sent. Handing in asks for another look whenever
the words are not those that the remarks were about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from starlette.responses import Response

from bot.web.desk.feedback import remarked
from bot.web.desk.page import HOME, Act, Desk, Go, Page, Wrong
from bot.web.desk.themes import number_in, theme_of, version
from bot.web.shown import direction
from handlers.feedback_words import statuses
from handlers.publish import compose
from handlers.publish.audiences import audiences
from handlers.publish.handing_in import Ready, ask_colleagues, handed_in
from handlers.publish.naming import ALLOW, MASK, found_in
from handlers.publish.preview import heading, left_out
from handlers.publish.saying import LONGEST_JOB, LONGEST_TEXT
from handlers.when import at as moments_at
from handlers.you_said import in_short, what_is_done
from locales import _, dates, language_name, speaking
from models.audience import Count, Part, UnknownAudience, check_audience
from models.broadcast import QUOTE, Broadcast, BroadcastState, Move, second_persons, who_would_get_it
from models.database import now
from models.feedback import Status
from models.message import Message
from models.person import digest
from models.personal import masked
from models.personal.allowed import allow, allowed_in
from models.plain import check, reading_age
from models.role import Permission
from models.theme import Theme, reword

ANOTHER, WHOLE = "another", "whole"
PUBLICATIONS = f"{HOME}/publications"


@dataclass(frozen=True, slots=True)
class Phone:
    """One message as a phone shows it."""

    language: str
    called: str
    direction: str
    heading: str
    text: str
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a form says, as far as it can be read; `problems` names what cannot be handed in like this, by field."""

    theme: Theme | None
    texts: dict[str, str]
    move: Move | None
    audience: str
    at: datetime | None
    at_night: bool
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def public(self) -> list[str]:
        """All that everybody could read."""
        moved = [self.move.role] if self.move is not None else []
        return [text for text in (self.theme.said if self.theme else "", *self.texts.values(), *moved) if text]

    @property
    def mark(self) -> str:
        """Changes with whatever remarks could be about."""
        return digest("\0".join(self.public))

    def messages(self, desk: Desk) -> dict[str, Any]:
        """What is sent, word for word, by language and by whom it is for."""
        texts = {"en": "…", **self.texts}
        if self.theme is None or self.move is None:
            return compose.plain_text(desk.area, texts)
        move = replace(self.move, texts=texts)
        promised = compose.promised_before(self.theme, move)
        return compose.about_item(desk.area, compose.Item(self.theme, move, promised))


# -- reading the form


def the_theme(desk: Desk) -> Theme | None:
    return theme_of(desk) if "number" in desk.names else None


def form_name(theme: Theme | None) -> str:
    return f"publish:{theme.id if theme is not None else 0}"


def written(desk: Desk, theme: Theme | None, fields: Mapping[str, str]) -> Written:
    problems: dict[str, str] = {}
    texts = {}
    for code in compose.languages_of(desk.area):
        text = fields.get(f"text_{code}", "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST_TEXT:
            problems[f"text_{code}"] = _(
                "That is too long for a phone: {count} letters. Please use {most} or fewer.",
                count=len(text),
                most=LONGEST_TEXT,
            )
        if text:
            texts[code] = text
    move = _move(desk, theme, fields, texts, problems)
    if "en" not in texts:
        cannot = move is not None and move.status is Status.CANNOT
        problems["text_en"] = (
            _("Say why it cannot be done. Families read it.") if cannot else _("Write your text first.")
        )
    audience = fields.get("audience", "") or (f"theme:{theme.id}" if theme is not None else "")
    try:
        check_audience(desk.session, desk.area, audience)
    except UnknownAudience:
        problems["audience"], audience = _("Choose who gets it."), ""
    at = _at(desk, fields, problems)
    return Written(theme, texts, move, audience, at, fields.get("night") == "yes", problems)


def _move(
    desk: Desk, theme: Theme | None, fields: Mapping[str, str], texts: Mapping[str, str], problems: dict[str, str]
) -> Move | None:
    if theme is None or fields.get("status", "") not in list(Status):
        return None
    status = Status(fields["status"])
    keys = [one.key for one in desk.area.organisations]
    organisation = fields.get("who", "") if fields.get("who") in keys else None
    job, due = " ".join(fields.get("job", "").split()), None
    if status in (Status.LOOKING, Status.DOING):
        due = _day(fields.get("by", ""), "by", problems)
        if due is not None and due < desk.area.today(now()):
            problems["by"] = _("{day} is over. Please give a day to come.", day=dates.day(due))
    else:
        job = ""
    if len(job) > LONGEST_JOB:
        problems["job"] = _("Please use {most} letters or fewer.", most=LONGEST_JOB)
    if organisation is None:
        problems["who"] = _("Choose who does it.")
    part = fields.get("part", "")
    action = next((one for one in theme.actions if str(one.id) == part), None)
    if theme.actions and part not in dict(_parts(theme)):
        problems["part"] = _("Choose which part it is about.")
    return Move(status, dict(texts), organisation, due, job, action, part == ANOTHER)


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems[name] = _("Write the day like 2027-03-12.")
        return None


def _at(desk: Desk, fields: Mapping[str, str], problems: dict[str, str]) -> datetime | None:
    """When it goes (UTC); None: at once."""
    day = _day(fields.get("day", ""), "day", problems)
    if day is None:
        if fields.get("clock"):
            problems.setdefault("day", _("Give the day too, or no time at all."))
        return None
    try:
        clock = time.fromisoformat(fields.get("clock", ""))
    except ValueError:
        problems["clock"] = _("Give the time too, like 09:30.")
        return None
    moments = moments_at(day, clock.replace(tzinfo=None), desk.area.zone)
    if not moments:
        problems["clock"] = _("The clocks go forward then, and skip that hour. Please type another time.")
        return None
    if moments[0] <= now():
        problems["day"] = _("That time is over. Please type a later one.")
        return None
    return moments[0]


# -- showing


def show(desk: Desk) -> Response:
    theme = the_theme(desk)
    fields = _begun(desk, theme)
    what = written(desk, theme, fields)
    count = _count(desk, what)
    english = what.texts.get("en", "")
    personal = found_in(what.public, _allowed(desk, theme))
    return desk.page(
        "publish.html",
        _("Say what we are doing") if theme is not None else _("Write to many"),
        theme=theme,
        form_name=form_name(theme),
        seen=version(theme) if theme is not None else "",
        fields={**dict.fromkeys(_FIELDS, ""), **fields},
        texts=[(code, language_name(code), direction(code)) for code in compose.languages_of(desk.area)],
        longest=LONGEST_TEXT,
        statuses=_statuses(),
        parts=_parts(theme),
        organisations=[(one.key, _(one.name)) for one in desk.area.organisations],
        audiences=audiences(desk.session, desk.area, theme),
        audience=what.audience,
        count=count,
        out=left_out(count),
        phones=phones(what.messages(desk), count),
        remarks=check(english, desk.area.glossary) if english else [],
        age=reading_age(english) if english else None,
        personal=[line.removeprefix("– ") for line in personal],
        personal_choices=[(MASK, _("Put plain words there")), (ALLOW, _("It may stay, and it is kept that I said so"))],
        mark=what.mark,
        when=_when(desk, what),
        needs_approval=desk.area.publication.needs_approval,
        somebody_approves=bool(second_persons(desk.session, desk.person.id)),
        quiet=_quiet(desk),
    )


_FIELDS = ("part", "status", "who", "job", "by", "audience", "day", "clock", "night", "personal", "again")


def _begun(desk: Desk, theme: Theme | None) -> Mapping[str, str]:
    """What was typed, here or before; else what was sent back; else what the address asks for."""
    draft = desk.draft(form_name(theme))
    again = _sent_back(desk, desk.fields.get("again", "")) if not desk.act else None
    if again is not None and draft.get("again") != str(again.id):
        return _fields_of(desk, again)
    if draft:
        return draft
    keys = [one.key for one in desk.area.organisations]
    part = desk.fields.get("part", "")
    action = next((one for one in theme.actions if str(one.id) == part), None) if theme is not None else None
    begun = {"part": part, "who": keys[0] if len(keys) == 1 else ""}
    if action is not None:
        begun |= {"status": action.status.value, "who": action.organisation or begun["who"], "job": action.role}
        begun["by"] = action.due.isoformat() if action.due is not None else ""
    return begun


def _sent_back(desk: Desk, number: str) -> Broadcast | None:
    key = number_in(number)
    found = desk.session.get(Broadcast, key) if key is not None else None
    return found if found is not None and found.state is BroadcastState.DRAFT else None


def _fields_of(desk: Desk, before: Broadcast) -> dict[str, str]:
    fields = {f"text_{code}": str(text) for code, text in before.texts.items()}
    fields |= {"audience": before.audience, "again": str(before.id), "night": "yes" if before.at_night else ""}
    if before.status is not None:
        fields |= {"status": before.status.value, "who": before.organisation or "", "job": before.role}
        fields["by"] = before.due.isoformat() if before.due is not None else ""
        fields["part"] = ANOTHER if before.another else str(before.action_id or "")
    if before.at > now():
        local = desk.area.local(before.at)
        fields |= {"day": local.date().isoformat(), "clock": local.strftime("%H:%M")}
    return fields


def _statuses() -> list[tuple[str, str]]:
    labels = {one: label.removesuffix("…").strip(" ,") for one, label in statuses().items()}
    order = (Status.LOOKING, Status.DOING, Status.DONE, Status.CANNOT, Status.HEARD)
    return [(one.value, labels[one]) for one in order]


def _parts(theme: Theme | None) -> list[tuple[str, str]]:
    """Which of the things that are being done it may be about."""
    if theme is None or not theme.actions:
        return []
    there = [(str(one.id), f"{what_is_done(one)[:80]} ({in_short(one.status)})") for one in theme.actions]
    return [*there, (ANOTHER, _("Something more")), *([(WHOLE, _("All of it"))] if len(there) > 1 else [])]


def _count(desk: Desk, what: Written) -> Count:
    if not what.audience:
        return Count()
    return who_would_get_it(desk.session, what.audience, desk.area.publication.most_a_week)


def _allowed(desk: Desk, theme: Theme | None) -> frozenset[str]:
    return allowed_in(desk.session, theme.about) if theme is not None else frozenset()


def phones(messages: Mapping[str, Any], count: Count) -> list[Phone]:
    """Each group that has somebody in it, in each language that messages are made in."""
    parts = [part for part in Part if count.parts.get(part)]
    nobody = _("Nobody would be written to. This is how it would read:")
    found = []
    for code, made in messages.items():
        for part in parts or [Part.READER]:
            if part.value not in made:
                continue
            message = Message.from_json(made[part.value])
            with speaking(code):
                text = message.text.replace(QUOTE, _("their own words"), 1)
            said = heading(part, count.parts[part]) if parts else nobody
            labels = tuple(one.label for one in message.buttons)
            found.append(Phone(code, language_name(code), direction(code), said, text, labels))
    return found


def _quiet(desk: Desk) -> str:
    """When something that is handed in now goes out, in the quiet hours."""
    if not desk.area.quiet(now()):
        return ""
    return dates.clock(desk.area.next_waking(now()), desk.area.zone)


def _when(desk: Desk, what: Written) -> str:
    """When it would begin, with the quiet hours in it."""
    at = what.at or now()
    begins = at if what.at_night else desk.area.next_waking(at)
    if what.at is None and begins <= now():
        return _("It goes out as soon as it may.")
    return _("It goes out on {moment}.", moment=dates.moment(begins, desk.area.zone))


# -- doing


def look(desk: Desk) -> Go:
    """Only look: nothing is handed in."""
    what = written(desk, the_theme(desk), desk.fields)
    raise Wrong(what.problems or {"": _("This is only a look. Read it on the phones, then hand it in.")}, 200)


def hand_in(desk: Desk) -> Go:
    theme = the_theme(desk)
    what = written(desk, theme, desk.fields)
    if what.problems:
        raise Wrong(what.problems)
    personal = found_in(what.public, _allowed(desk, theme))
    remarks = check(what.texts["en"], desk.area.glossary)
    if (personal or remarks) and desk.fields.get("anyway") != what.mark:
        raise Wrong({"text_en": remarked()})
    choice = desk.chosen("personal", (MASK, ALLOW))
    if personal and not choice:
        raise Wrong({"personal": _("It may point to a person. Choose what becomes of it, or change your words.")})
    if theme is not None:
        desk.unless_changed(version(theme))
    if personal and choice == MASK:
        what = _masked(desk, what)
    broadcast = handed_in(desk, _ready(desk, what))
    if personal and choice == ALLOW:
        allow(desk.session, theme.about if theme is not None else broadcast.about, what.public, desk.person)
    desk.sent(form_name(theme))
    return Go(f"{PUBLICATIONS}/{broadcast.id}", _what_now(desk, broadcast))


def _masked(desk: Desk, what: Written) -> Written:
    allowed = _allowed(desk, what.theme)
    if what.theme is not None:
        reword(desk.session, what.theme, masked(what.theme.said, allowed), desk.person)
    texts = {code: masked(text, allowed) for code, text in what.texts.items()}
    move = replace(what.move, texts=texts, role=masked(what.move.role, allowed)) if what.move is not None else None
    return replace(what, texts=texts, move=move)


def _ready(desk: Desk, what: Written) -> Ready:
    return Ready(
        what.audience,
        what.texts,
        what.messages(desk),
        what.at,
        what.at_night,
        what.move,
        what.theme,
        _sent_back(desk, desk.fields.get("again", "")),
    )


def _what_now(desk: Desk, broadcast: Broadcast) -> str:
    if broadcast.state is BroadcastState.SCHEDULED:
        return _("It is handed in.")
    if ask_colleagues(desk, broadcast):
        return _("It is handed in. Colleagues are asked to look at it. You hear what they say.")
    return _("It is kept, and waits: nobody else here may approve it.")


def nothing(desk: Desk) -> Go:
    """What was begun is thrown away."""
    theme = the_theme(desk)
    desk.sent(form_name(theme))
    return Go(f"{HOME}/items/{theme.id}" if theme is not None else PUBLICATIONS, _("That is thrown away."))


ACTS = {
    "look": Act(Permission.PUBLISH, look),
    "hand-in": Act(Permission.PUBLISH, hand_in, others=True),
    "nothing": Act(Permission.PUBLISH, nothing),
}
NEW = Page("/publications/new", Permission.PUBLISH, show, ACTS)
SAY = Page("/items/{number:int}/say", Permission.PUBLISH, show, ACTS)
