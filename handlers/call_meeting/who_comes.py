"""Who comes, in numbers, and what they need; what is arranged is told to those who need it (H3)."""

from __future__ import annotations

from handlers.call_meeting.looking import looking
from handlers.call_meeting.telling import arrange_and_tell
from handlers.dialogue import Chat
from handlers.labels import clip
from handlers.meetings.words import way_label
from handlers.needs import one_in_words
from locales import _, ngettext
from models.meeting import Meeting, Need, needs_at, turnout
from models.message import Button

DONE = "done"
# WhatsApp shows ten rows; the last one is for leaving.
MOST_SHOWN = 9


def who_comes(chat: Chat, meeting: Meeting) -> None:
    needs = looking(chat, lambda: needs_at(chat.session, chat.person, meeting))
    chat.say("\n".join(_numbers(chat, meeting)))
    if not needs:
        chat.say(_("Nobody has asked for anything yet."), _again(chat, meeting))
        return
    to_do = [need for need in needs if not need.arranged]
    listed = "\n".join(f"{'✓' if need.arranged else '•'} {_in_words(need)}" for need in needs)
    if not to_do:
        chat.say(_("All that they need is arranged:\n{needs}", needs=listed), _again(chat, meeting))
        return
    key = chat.choose(
        "arranged",
        _("They need:\n{needs}\nWhat have you arranged? I tell those who need it.", needs=listed),
        {**{need.key: clip(_label(need)) for need in to_do[:MOST_SHOWN]}, DONE: _("Nothing more now")},
        words={DONE: _("done|none|nothing|no")},
    )
    if key == DONE:
        chat.say(_("That is fine. You find it here again."), _again(chat, meeting))
        return
    need = next(one for one in needs if one.key == key)
    _tell(chat, meeting, need)
    chat.then("run_meeting", meeting=str(meeting.id), do="who")


def _numbers(chat: Chat, meeting: Meeting) -> list[str]:
    out = turnout(chat.session, chat.person, meeting)
    said = [ngettext("{count} person said yes or maybe.", "{count} people said yes or maybe.", out.people)]
    if out.by_way:
        said += [_("How they take part:"), *(f"– {way_label(way)}: {count}" for way, count in out.by_way.items())]
    if out.unconfirmed:
        said.append(
            ngettext(
                "{count} has not answered since it changed.",
                "{count} have not answered since it changed.",
                out.unconfirmed,
            )
        )
    return said


def _in_words(need: Need) -> str:
    words = one_in_words(need.mark, need.words, need.words)
    return words if len(need.rsvps) == 1 else f"{words}: {len(need.rsvps)}"


def _label(need: Need) -> str:
    return one_in_words(need.mark, need.words, need.words)


def _tell(chat: Chat, meeting: Meeting, need: Need) -> None:
    told = arrange_and_tell(chat, meeting, need)
    chat.say(ngettext("Marked. {count} person is told.", "Marked. {count} people are told.", told))


def _again(chat: Chat, meeting: Meeting) -> Button:
    return chat.start(_("Back to the meeting"), "run_meeting", meeting=meeting.id)
