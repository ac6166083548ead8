"""The notes of a meeting: to everybody who was invited or answered, also late (H5)."""

from __future__ import annotations

from handlers.call_meeting import fields
from handlers.dialogue import Chat
from handlers.meetings.words import in_each_language, is_late
from locales import _, dates, ngettext
from models.database import now
from models.meeting import Meeting, how_many, send_notes
from models.meeting.telling import heard_of
from models.message import Message

SEND, AGAIN, DROP = "send", "again", "drop"
# With the title and day around it this still is one message on Telegram, which takes 4,096 characters.
LONGEST_NOTES = 3000


def send_the_notes(chat: Chat, meeting: Meeting) -> None:
    turn = 1
    while True:
        late = is_late(meeting, chat.area, now())
        if late:
            chat.say(late)
        text = str(
            chat.ask(
                fields.named("text", turn),
                _("What was said, and what was decided? Who does what, and by when? Plain words, no names."),
                read=fields.text_up_to(LONGEST_NOTES),
            )
        )
        count = how_many(chat.session, heard_of(meeting))
        told = ngettext("{count} person will read this:", "{count} people will read this:", count)
        sure = chat.choose(
            fields.named("sure", turn),
            f"{told}\n{text}",
            {SEND: _("Send the notes"), AGAIN: _("Write them again"), DROP: _("Throw them away")},
            words={SEND: _("yes|send|ok"), AGAIN: _("again|change"), DROP: _("no|drop|cancel")},
        )
        if sure != AGAIN:
            break
        turn += 1
    if sure == DROP:
        chat.say(_("That is fine. Nothing was sent."))
        return
    messages = in_each_language(chat.area, lambda: Message(_notes(chat, meeting, text)))
    told_to = send_notes(chat.session, chat.area, chat.person, meeting, text=text, messages=messages)
    chat.say(ngettext("Done. {count} person is told.", "Done. {count} people are told.", told_to))


def _notes(chat: Chat, meeting: Meeting, text: str) -> str:
    day = dates.day(chat.area.today(meeting.starts)) if meeting.starts else ""
    said = [_("The notes of “{title}” on {day}:", title=meeting.title, day=day), text]
    if meeting.notes_late(now(), chat.area.zone):
        said.append(_("They come later than was promised. We are sorry."))
    return "\n".join(said)
