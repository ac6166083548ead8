"""Change or cancel a meeting: everybody who said yes or maybe hears what was, what is now, and why."""

from __future__ import annotations

from dataclasses import replace

from handlers.call_meeting import fields
from handlers.call_meeting.telling import cancel_and_tell, change_and_tell
from handlers.dialogue import Chat
from handlers.meetings.words import how_to_join, lines
from locales import _, ngettext
from models.area import Area
from models.database import now
from models.meeting import (
    Draft,
    Meeting,
    draft_of,
    expected_at,
    how_many,
    needs_reason,
    notice_days,
    preview,
)

SEND, DROP = "send", "drop"


def change_it(chat: Chat, meeting: Meeting) -> None:
    from handlers.call_meeting.calling import changed

    before = draft_of(meeting)
    part = chat.choose(
        "part",
        _("What has changed?"),
        {
            "when": _("The time"),
            "ways": _("How and where"),
            "title": _("The title"),
            "purpose": _("The purpose"),
        },
    )
    draft = _with_reason(chat, before, changed(chat, before, part, 1))
    if draft == before:
        chat.say(_("That is what it was before. Nobody was told."))
        return
    if not _sure_of_change(chat, meeting, before, draft):
        chat.say(_("It stays as it was. Nobody was told."))
        return
    told = change_and_tell(chat, meeting, draft)
    chat.say(
        ngettext("Done. {count} person is told.", "Done. {count} people are told.", told),
        chat.start(_("Look after it"), "run_meeting", meeting=meeting.id),
    )


def what_changes(area: Area, before: Draft, draft: Draft) -> list[str]:
    """What was and what is now, as families will read it."""
    old, new = lines(preview(area, before), area), lines(preview(area, draft), area)
    differing = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    said = [_("Before:"), *(old[key] for key in differing if key in old)]
    said += [_("Now:"), *(new[key] for key in differing if key in new)]
    if not differing:
        said = [_("How to join has changed.")]
    return [*said, *how_to_join(preview(area, draft), None)]


def _with_reason(chat: Chat, before: Draft, draft: Draft) -> Draft:
    if draft.starts == before.starts:
        return draft
    draft = fields.still_ahead(chat, draft)
    if not needs_reason(chat.area, draft.starts, now()):
        return replace(draft, short_notice_because=None)
    return replace(draft, short_notice_because=fields.reason(chat, notice_days(chat.area, draft.starts, now())))


def _sure_of_change(chat: Chat, meeting: Meeting, before: Draft, draft: Draft) -> bool:
    said = what_changes(chat.area, before, draft)
    return _sure(chat, said, meeting, yes=_("Change it"))


def _sure(chat: Chat, said: list[str], meeting: Meeting, *, yes: str) -> bool:
    count = how_many(chat.session, expected_at(meeting))
    told = ngettext(
        "{count} person who said yes or maybe will be told.",
        "{count} people who said yes or maybe will be told.",
        count,
    )
    answer = chat.choose(
        "sure",
        "\n".join([*said, told]),
        {SEND: yes, DROP: _("Leave it as it was")},
        words={SEND: _("yes|send|ok"), DROP: _("no|drop|leave it")},
    )
    return answer == SEND


def cancel_it(chat: Chat, meeting: Meeting) -> None:
    because = str(chat.ask("why", _("Why is it cancelled? Families read your reason."), read=fields.short_text))
    said = [_("“{title}” will be cancelled. The reason: {reason}", title=meeting.title, reason=because)]
    if not _sure(chat, said, meeting, yes=_("Cancel the meeting")):
        chat.say(_("It is still on. Nobody was told."))
        return
    told = cancel_and_tell(chat, meeting, because)
    chat.say(
        "\n".join(
            [
                ngettext("It is cancelled. {count} person is told.", "It is cancelled. {count} people are told.", told),
                _("No more reminders of it go out."),
            ]
        )
    )
