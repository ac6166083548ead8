"""Questions that families sent ahead: the answer goes back to whoever asked, and if staff wish to all who come (H6)."""

from __future__ import annotations

from handlers.call_meeting import fields
from handlers.call_meeting.looking import looking
from handlers.dialogue import Chat
from handlers.meetings.words import in_each_language, line_label
from locales import _, ngettext, speaking
from models.meeting import AheadQuestion, Meeting, answer_question, expected_at, questions_for
from models.meeting.telling import write_to_all
from models.message import Message
from models.outgoing import Class
from models.person import Person

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
    answer_question(chat.session, chat.person, question, answer, shared=whom == ALL)
    _tell_asker(chat, question)
    told = 1 + (_tell_others(chat, question) if whom == ALL else 0)
    chat.say(ngettext("Sent to {count} person.", "Sent to {count} people.", told), back)


def _tell_asker(chat: Chat, question: AheadQuestion) -> None:
    with speaking(question.person.language):
        text = _(
            "You asked for “{title}”:\n“{text}”\nThe answer: {answer}",
            title=question.meeting.title,
            text=question.text,
            answer=question.answer,
        )
        chat.write_to(question.person, Message(text), Class.RECEIPT, about=question.meeting.about)


def _tell_others(chat: Chat, question: AheadQuestion) -> int:
    """Without saying who had asked."""

    def message() -> Message:
        return Message(
            _(
                "Somebody asked for “{title}”:\n“{text}”\nThe answer: {answer}",
                title=question.meeting.title,
                text=question.text,
                answer=question.answer,
            )
        )

    others = expected_at(question.meeting) & (Person.id != question.person_id)
    return write_to_all(
        chat.session,
        others,
        in_each_language(chat.area, message),
        kind=Class.BROADCAST,
        about=question.meeting.about,
        due=chat.area.next_waking(question.answered or question.asked),
    )
