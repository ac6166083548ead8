"""What staff do with a meeting, and all whom it concerns hear of it: the same from the chat and from the desk."""

from __future__ import annotations

from handlers.inbox.telling import Sender
from handlers.meetings.words import in_each_language, invitation, lines, news_of_change, news_of_end, starts
from handlers.needs import one_in_words
from locales import _, dates, speaking, spoken
from models.database import now
from models.meeting import (
    AheadQuestion,
    Draft,
    Meeting,
    Need,
    announce,
    answer_question,
    arrange,
    call,
    cancel,
    change,
    correct_invitations,
    draft_of,
    expected_at,
    preview,
    send_notes,
    tell_the_expected,
)
from models.meeting.telling import write_to_all
from models.message import Message
from models.outgoing import Class, send
from models.person import Person, reach
from models.stopping import wanted


def call_and_announce(staff: Sender, draft: Draft, template: Meeting | None) -> tuple[Meeting, int]:
    """The meeting, and how many are told of it."""
    meeting = call(staff.session, staff.area, staff.person, draft, template)
    messages = in_each_language(staff.area, lambda: invitation(meeting, staff.area))
    return meeting, announce(staff.session, staff.area, meeting, messages)


def change_and_tell(staff: Sender, meeting: Meeting, draft: Draft) -> int:
    """Everybody who said yes or maybe hears what was and what is now; invitations on their way say what is so now."""
    before = draft_of(meeting)
    was = in_each_language(staff.area, lambda: lines(preview(staff.area, before), staff.area))
    change(staff.session, staff.area, staff.person, meeting, draft)
    messages = in_each_language(staff.area, lambda: news_of_change(meeting, staff.area, was[spoken()]))
    told = tell_the_expected(staff.session, staff.area, meeting, messages, before=before.starts)
    correct_invitations(staff.session, meeting, in_each_language(staff.area, lambda: invitation(meeting, staff.area)))
    return told


def cancel_and_tell(staff: Sender, meeting: Meeting, because: str) -> int:
    cancel(staff.session, staff.area, staff.person, meeting, because)
    messages = in_each_language(staff.area, lambda: news_of_end(meeting, staff.area))
    return tell_the_expected(staff.session, staff.area, meeting, messages)


def send_the_notes_of(staff: Sender, meeting: Meeting, text: str) -> int:
    messages = in_each_language(staff.area, lambda: Message(_notes(staff, meeting, text)))
    return send_notes(staff.session, staff.area, staff.person, meeting, text=text, messages=messages)


def _notes(staff: Sender, meeting: Meeting, text: str) -> str:
    day = dates.day(staff.area.today(meeting.starts)) if meeting.starts else ""
    said = [_("The notes of “{title}” on {day}:", title=meeting.title, day=day), text]
    if meeting.notes_late(now(), staff.area.zone):
        said.append(_("They come later than was promised. We are sorry."))
    return "\n".join(said)


def arrange_and_tell(staff: Sender, meeting: Meeting, need: Need) -> int:
    """What is arranged is told to those who need it (H3); returns how many had not heard of it before."""
    told = arrange(staff.session, staff.person, meeting, need.key)
    for rsvp in told:
        with speaking(rsvp.person.language):
            text = _(
                "For “{title}” on {when}, this is arranged: {need}.",
                title=meeting.title,
                when=starts(meeting, staff.area),
                need=one_in_words(need.mark, need.words, need.words),
            )
        _write_to(staff, rsvp.person, text, meeting)
    return len(told)


def answer_and_tell(staff: Sender, question: AheadQuestion, answer: str, *, shared: bool) -> int:
    """Whoever asked hears the answer, and if it is shared all who come, without hearing who had asked (H6). Returns how
    many hear."""
    answer_question(staff.session, staff.person, question, answer, shared=shared)
    with speaking(question.person.language):
        text = _(
            "You asked for “{title}”:\n“{text}”\nThe answer: {answer}",
            title=question.meeting.title,
            text=question.text,
            answer=question.answer,
        )
    _write_to(staff, question.person, text, question.meeting)
    return 1 + (_tell_others(staff, question) if shared else 0)


def _tell_others(staff: Sender, question: AheadQuestion) -> int:
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
        staff.session,
        others,
        in_each_language(staff.area, message),
        kind=Class.BROADCAST,
        about=question.meeting.about,
        due=staff.area.next_waking(question.answered or question.asked),
    )


def _write_to(staff: Sender, person: Person, text: str, meeting: Meeting) -> None:
    address = reach(person) if wanted(person, Class.RECEIPT) else None
    if address is not None:
        send(staff.session, address, Message(text), Class.RECEIPT, about=meeting.about)
