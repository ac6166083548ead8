"""Look after a meeting that was called: who comes, what they need and ask, change it, cancel it, send the notes."""

from __future__ import annotations

from handlers.call_meeting import changing, notes, questions, who_comes
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.ladder import ask_how_far, rungs
from handlers.meetings.picking import pick
from handlers.meetings.words import is_late, starts
from locales import _
from models.database import now
from models.meeting import Coming, Meeting, MeetingState, count_open_questions, name_rung, running, turnout
from models.role import Permission

WHO, QUESTIONS, CHANGE, CANCEL, NOTES, HOW_FAR = "who", "questions", "change", "cancel", "notes", "rung"


def say_how_far(chat: Chat, meeting: Meeting) -> None:
    """How far families work with staff at it (T10): it stands on the card that they read, and nobody is written to."""
    name_rung(chat.session, meeting, ask_how_far(chat, _("How far do families work with you at it?")), chat.person)
    chat.say(_("It is kept. Families see it."), chat.start(_("Look after it"), "run_meeting", meeting=meeting.id))


WORK = {
    WHO: who_comes.who_comes,
    QUESTIONS: questions.questions,
    CHANGE: changing.change_it,
    CANCEL: changing.cancel_it,
    NOTES: notes.send_the_notes,
    HOW_FAR: say_how_far,
}


def run_meeting(chat: Chat) -> None:
    found = running(chat.session, chat.person)
    if not found and "meeting" not in chat.answers:
        chat.say(_("No meeting has been called."), chat.start(_("Call a meeting"), "call_meeting"))
        return
    meeting = pick(chat, _("Which meeting?"), found, lambda one: f"{starts(one, chat.area)}: {one.title}")
    if meeting.state is not MeetingState.CALLED:
        chat.say(_("“{title}” is not on at the moment.", title=meeting.title))
        return
    work = chat.choose("do", _summary(chat, meeting), _choices(chat, meeting))
    WORK[work](chat, meeting)


def _summary(chat: Chat, meeting: Meeting) -> str:
    out = turnout(chat.session, chat.person, meeting)
    said = [
        meeting.title,
        starts(meeting, chat.area),
        _(
            "Yes: {yes}. Maybe: {maybe}. No: {no}. People in all: {people}.",
            yes=out.answers.get(Coming.YES, 0),
            maybe=out.answers.get(Coming.MAYBE, 0),
            no=out.answers.get(Coming.NO, 0),
            people=out.people,
        ),
        _("How far with families: {rung}", rung=rungs()[meeting.rung]) if meeting.rung is not None else "",
        is_late(meeting, chat.area, now()),
    ]
    return "\n".join(filter(None, said))


def _choices(chat: Chat, meeting: Meeting) -> dict[str, str]:
    open_questions = count_open_questions(chat.session, meeting)
    choices = {WHO: _("Who is coming"), QUESTIONS: _("Questions ({count})", count=open_questions)}
    if meeting.starts is not None and meeting.starts > now():
        return {**choices, CHANGE: _("Change it"), HOW_FAR: _("How far with families"), CANCEL: _("Cancel it")}
    if meeting.notes_sent is None:
        choices[NOTES] = _("Send the notes")
    return {**choices, HOW_FAR: _("How far with families")}


ERRAND = Errand(
    run_meeting,
    label=lambda: _("Meetings we run"),
    words=lambda: _("run a meeting|who is coming|change a meeting|cancel a meeting|notes"),
    command="run",
    browsed=True,
    permission=Permission.PUBLISH,
)
