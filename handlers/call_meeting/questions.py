"""Questions that families sent ahead: the answer goes back to whoever asked, and if staff wish to all who come (H6)."""

from __future__ import annotations

from handlers.call_meeting import fields
from handlers.call_meeting.looking import looking
from handlers.call_meeting.telling import answer_and_tell
from handlers.dialogue import Chat
from handlers.meetings.words import line_label
from locales import _, ngettext
from models.meeting import AheadQuestion, Meeting, questions_for

ONE, ALL, SEND, DROP = "one", "all", "send", "drop"
MOST_SHOWN = 9


def questions(chat: Chat, meeting: Meeting) -> None:
    found = looking(chat, lambda: questions_for(chat.session, chat.person, meeting))
    unanswered = [one for one in found if one.answered is None][:MOST_SHOWN]
    back = chat.start(_("Back to the meeting"), "run_meeting", meeting=meeting.id)
    if not unanswered:
        chat.say(_("There are no questions to answer. Answered so far: {count}.", count=len(found)), back)
        return
    listed = [f"{place}. {one.text}" for place, one in enumerate(unanswered, start=1)]
    picked = chat.choose(
        "which",
        "\n".join([_("Which question would you like to answer?"), *listed]),
        {str(one.id): line_label(place, one.text) for place, one in enumerate(unanswered, start=1)},
    )
    question = chat.session.get_one(AheadQuestion, int(picked))
    answer = str(chat.ask("answer", _("“{text}”\nWhat is your answer?", text=question.text), read=fields.short_text))
    whom = chat.choose(
        "share",
        _("Who should read the answer?"),
        {ONE: _("Only who asked"), ALL: _("Everyone who comes")},
    )
    sure = chat.choose(
        "sure",
        _("I will send this:\n“{text}”\nAnswer: {answer}", text=question.text, answer=answer),
        {SEND: _("Send it"), DROP: _("Throw it away")},
        words={SEND: _("yes|send|ok"), DROP: _("no|drop|cancel")},
    )
    if sure == DROP:
        chat.say(_("That is fine. Nothing was sent."), back)
        return
    told = answer_and_tell(chat, question, answer, shared=whom == ALL)
    chat.say(ngettext("Sent to {count} person.", "Sent to {count} people.", told), back)
