"""The notes of a meeting: to everybody who was invited or answered, also late (H5)."""

from __future__ import annotations

from handlers.call_meeting import fields
from handlers.call_meeting.telling import send_the_notes_of
from handlers.dialogue import Chat
from handlers.meetings.words import is_late
from locales import _, ngettext
from models.database import now
from models.meeting import Meeting, how_many
from models.meeting.telling import heard_of

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
    told_to = send_the_notes_of(chat, meeting, text)
    chat.say(ngettext("Done. {count} person is told.", "Done. {count} people are told.", told_to))
