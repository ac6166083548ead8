"""Call a meeting: with its purpose, in time or with a reason (H1), at a time that families can come (H2), read back
before anybody is told."""

from __future__ import annotations

from dataclasses import replace

from handlers.call_meeting import fields
from handlers.call_meeting.telling import call_and_announce
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.meetings.words import described, how_to_join, line_label
from locales import _, dates, ngettext
from models.database import now
from models.meeting import (
    Draft,
    Meeting,
    Way,
    how_many,
    invited,
    needs_reason,
    notice_days,
    planned,
    preview,
)
from models.plain import check
from models.role import Permission

NEW, MORE, SEND, DROP = "new", "more", "send", "drop"
A_PAGE = 7
# What could be plainer is listed, the gravest first; more would not be read.
MOST_REMARKS = 3


def call_meeting(chat: Chat) -> None:
    template = _template(chat)
    draft = _first_draft(chat, template)
    turn = 1
    while True:
        draft = _with_reason(chat, fields.still_ahead(chat, draft), turn)
        choice = _read_back(chat, draft, template, turn)
        if choice == SEND:
            break
        if choice == DROP:
            chat.say(_("That is thrown away. Nobody was told."))
            return
        turn += 1
        draft = changed(chat, draft, choice, turn)
    meeting, told = call_and_announce(chat, draft, template)
    _done(chat, meeting, told)


def _template(chat: Chat) -> Meeting | None:
    """A kind of meeting to start from, or None for a new one; page by page."""
    kinds, page = planned(chat.session), 0
    while kinds:
        here = kinds[page * A_PAGE : (page + 1) * A_PAGE]
        choices = {NEW: _("A new meeting")}
        # The number is the button's own place in the list, so that typing it works.
        choices |= {str(one.id): line_label(place, one.title) for place, one in enumerate(here, start=2)}
        if len(kinds) > (page + 1) * A_PAGE:
            choices[MORE] = _("Show more")
        text = [_("What would you like to call? You can start from one that has no date yet:")]
        text += [f"{place}. {one.title}" for place, one in enumerate(here, start=2)]
        picked = chat.choose(fields.named("from", page + 1), "\n".join(text), choices, words={MORE: _("more|next")})
        if picked != MORE:
            return None if picked == NEW else chat.session.get(Meeting, int(picked))
        page += 1
    return None


def _first_draft(chat: Chat, template: Meeting | None) -> Draft:
    title = template.title if template else fields.title(chat)
    purpose = template.purpose if template else fields.purpose(chat)
    starts, minutes = fields.when(chat, template.minutes if template else None)
    ways = tuple(Way(way) for way in template.ways) if template else fields.ways(chat)
    where = fields.whereabouts(chat, ways)
    audience = fields.audience(chat)
    return Draft(
        title=title,
        purpose=purpose,
        starts=starts,
        minutes=minutes,
        ways=ways,
        place=where.place,
        link=where.link,
        phone=where.phone,
        audience=audience,
        for_whom=template.for_whom if template else None,
    )


def _with_reason(chat: Chat, draft: Draft, turn: int) -> Draft:
    if not needs_reason(chat.area, draft.starts, now()):
        return replace(draft, short_notice_because=None)
    if draft.short_notice_because is not None:
        return draft
    days = notice_days(chat.area, draft.starts, now())
    return replace(draft, short_notice_because=fields.reason(chat, days, turn))


def _read_back(chat: Chat, draft: Draft, template: Meeting | None, turn: int) -> str:
    meeting = preview(chat.area, draft)
    count = how_many(chat.session, invited(template.id if template else None, draft.audience))
    said = [_("This is what people will read:"), described(meeting, chat.area), *how_to_join(meeting, None), ""]
    said += [remark.text for remark in check(f"{draft.title}. {draft.purpose}", chat.area.glossary)[:MOST_REMARKS]]
    said.append(ngettext("{count} person will be told.", "{count} people will be told.", count))
    if meeting.notes_due:
        said.append(_("The notes are due by {day}.", day=dates.day(meeting.notes_due)))
    return chat.choose(
        fields.named("sure", turn),
        "\n".join(said),
        {
            SEND: _("Announce it"),
            "title": _("Change the title"),
            "purpose": _("Change the purpose"),
            "when": _("Change the time"),
            "ways": _("Change how and where"),
            "audience": _("Change for whom"),
            DROP: _("Throw it away"),
        },
        words={SEND: _("yes|send|announce|ok"), DROP: _("no|drop|cancel")},
    )


def changed(chat: Chat, draft: Draft, part: str, turn: int) -> Draft:
    """The draft with one part asked again."""
    match part:
        case "title":
            return replace(draft, title=fields.title(chat, turn))
        case "purpose":
            return replace(draft, purpose=fields.purpose(chat, turn))
        case "when":
            starts, minutes = fields.when(chat, draft.minutes, turn)
            return replace(draft, starts=starts, minutes=minutes)
        case "ways":
            ways = fields.ways(chat, turn)
            where = fields.whereabouts(chat, ways, turn)
            return replace(draft, ways=ways, place=where.place, link=where.link, phone=where.phone)
        case _:
            return replace(draft, audience=fields.audience(chat, turn), for_whom=None)


def _done(chat: Chat, meeting: Meeting, told: int) -> None:
    said = [
        ngettext("Done. {count} person is told.", "Done. {count} people are told.", told),
        _("Reminders go out by themselves."),
    ]
    if chat.area.quiet(now()):
        morning = dates.clock(chat.area.next_waking(now()), chat.area.zone)
        said.append(_("Nothing is sent at night: they are told from {clock}.", clock=morning))
    chat.say("\n".join(said), chat.start(_("Look after it"), "run_meeting", meeting=meeting.id))


ERRAND = Errand(
    call_meeting,
    label=lambda: _("Call a meeting"),
    words=lambda: _("new meeting|announce a meeting|plan a meeting"),
    command="call",
    permission=Permission.PUBLISH,
)
