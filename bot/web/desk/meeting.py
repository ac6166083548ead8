"""One meeting: what it is for, who comes and how, what they need, what they want to know beforehand, and its notes."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.web.desk.meetings import Says
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Page, Wrong
from handlers.call_meeting import fields
from handlers.call_meeting.notes import LONGEST_NOTES
from handlers.call_meeting.telling import answer_and_tell, arrange_and_tell, cancel_and_tell, send_the_notes_of
from handlers.dialogue import NotUnderstood
from handlers.ladder import choices, explained, rungs
from handlers.meetings.words import is_late, way_label, when
from handlers.needs import one_in_words
from locales import _, dates, ngettext
from models.database import now
from models.meeting import (
    AheadQuestion,
    Coming,
    Meeting,
    MeetingState,
    Need,
    Way,
    expected_at,
    heard_of,
    how_many,
    meeting_seen,
    name_rung,
    needs_at,
    needs_listed,
    questions_listed,
    turnout,
)
from models.person import digest
from models.plain import Remark, check_reply
from models.role import Permission
from models.rung import Rung


def version(meeting: Meeting) -> str:
    """Changes with whatever families read of the meeting: not with who comes."""
    return f"{meeting.sequence}.{meeting.state.value}.{'notes' if meeting.notes_sent else ''}"


# -- showing


def show(desk: Desk) -> Response:
    meeting = the_meeting(desk)
    called = meeting.state is MeetingState.CALLED
    begun = meeting.starts is not None and meeting.starts <= now()
    publishes = desk.may(Permission.PUBLISH)
    questions = questions_listed(desk.session, desk.person, meeting)
    needs = needs_listed(desk.session, desk.person, meeting) if publishes else []
    if questions or needs:
        desk.look(meeting.about)
    return desk.page(
        "meeting.html",
        meeting.title,
        meeting=meeting,
        says=Says(desk),
        facts=list(_facts(desk, meeting)),
        seen=version(meeting),
        publishes=publishes,
        answers=desk.may(Permission.ANSWER),
        rungs=choices() if publishes and called else [],
        meanings=explained(),
        changes=publishes and called and not begun,
        writes_notes=publishes and called and begun and meeting.notes_sent is None,
        late=is_late(meeting, desk.area, now()),
        coming=_coming(desk, meeting) if publishes and called else [],
        needs=[(one, one_in_words(one.mark, one.words, one.words), len(one.rsvps)) for one in needs],
        questions=[(one, desk.draft(f"ahead:{one.id}")) for one in questions],
        answering=int(desk.fields.get("question", "0")) if desk.fields.get("question", "").isdecimal() else 0,
        expected=how_many(desk.session, expected_at(meeting)),
        readers=how_many(desk.session, heard_of(meeting)) if begun else 0,
        drafts={name: desk.draft(f"{name}:{meeting.id}") for name in ("notes", "cancel_meeting")},
        remarks=_remarks_again(desk),
        anyway=digest(_typed_notes(desk)),
        most_notes=LONGEST_NOTES,
    )


def the_meeting(desk: Desk) -> Meeting:
    found = meeting_seen(desk.session, desk.person, desk.names["number"])
    if found is None:
        raise NotThere
    return found


def _facts(desk: Desk, meeting: Meeting) -> Any:
    says = Says(desk)
    yield _("When"), when(meeting, desk.area)
    yield _("What for"), meeting.purpose
    yield _("How"), says.ways(meeting)
    if Way.IN_PERSON in meeting.ways:
        yield _("Where"), meeting.place or _("not known yet")
    if {Way.ONLINE, Way.TEXT, Way.SURVEY} & set(meeting.ways):
        yield _("Link"), meeting.link or _("not known yet")
    if Way.PHONE in meeting.ways:
        yield _("Phone to join"), meeting.phone or _("not known yet")
    yield _("For whom"), says.whom(meeting)
    if meeting.rung is not None:
        yield _("How far with families"), rungs()[meeting.rung]
    if meeting.short_notice_because:
        yield _("Why so soon"), meeting.short_notice_because
    if meeting.cancelled_because:
        yield _("Why it is off"), meeting.cancelled_because
    if meeting.called is not None:
        yield _("Called on"), dates.day(desk.area.today(meeting.called))
    if meeting.sequence and meeting.state is MeetingState.CALLED:
        yield _("Last changed"), dates.day(desk.area.today(meeting.changed))
    if meeting.notes_due is not None and meeting.state is MeetingState.CALLED:
        yield _("Notes due"), dates.day(meeting.notes_due)


def _coming(desk: Desk, meeting: Meeting) -> list[tuple[str, int]]:
    out = turnout(desk.session, desk.person, meeting)
    rows = [
        (_("Said yes"), out.answers.get(Coming.YES, 0)),
        (_("Said maybe"), out.answers.get(Coming.MAYBE, 0)),
        (_("Said no"), out.answers.get(Coming.NO, 0)),
        (_("People in all"), out.people),
        *((way_label(way), count) for way, count in out.by_way.items()),
    ]
    if out.unconfirmed:
        rows.append((_("Not answered since it changed"), out.unconfirmed))
    return rows


# -- what they need


def arranged(desk: Desk) -> Go:
    meeting = the_meeting(desk)
    told = arrange_and_tell(desk, meeting, _the_need(desk, meeting))
    return Go(desk.address, ngettext("Marked. {count} person is told.", "Marked. {count} people are told.", told))


def _the_need(desk: Desk, meeting: Meeting) -> Need:
    key = desk.fields.get("need", "")
    found = next((one for one in needs_at(desk.session, desk.person, meeting) if one.key == key), None)
    if found is None:
        raise ChangedMeanwhile
    return found


# -- questions sent ahead


def answer(desk: Desk) -> Go:
    meeting = the_meeting(desk)
    question = _the_question(desk, meeting)
    text = _words(desk, "answer", _("Write your answer first."), fields.LONGEST_TEXT)
    share = desk.chosen("share", ("one", "all"), required=_("Choose who reads the answer."))
    if question.answered is not None:
        raise ChangedMeanwhile
    told = answer_and_tell(desk, question, text, shared=share == "all")
    desk.sent(f"ahead:{question.id}")
    return Go(desk.address, ngettext("Sent to {count} person.", "Sent to {count} people.", told))


def _the_question(desk: Desk, meeting: Meeting) -> AheadQuestion:
    number = desk.fields.get("question", "")
    known = number.isascii() and number.isdigit() and len(number) < 16
    found = desk.session.get(AheadQuestion, int(number)) if known else None
    if found is None or found.meeting_id != meeting.id:
        raise ChangedMeanwhile
    return found


def _words(desk: Desk, name: str, required: str, longest: int) -> str:
    try:
        return fields.text_up_to(longest)(desk.text(name, required=required))
    except NotUnderstood as error:
        raise Wrong({name: str(error)}) from None


# -- calling it off, and the notes


def rung(desk: Desk) -> Go:
    """How far families work with staff at it (T10)."""
    named = desk.chosen("rung", list(Rung))
    name_rung(desk.session, the_meeting(desk), Rung(named) if named else None, desk.person)
    return Go(desk.address, _("It is kept. The yearly report counts it."))


def call_off(desk: Desk) -> Go:
    meeting = the_meeting(desk)
    because = _words(desk, "because", _("Say why. Families read your reason."), fields.LONGEST_TEXT)
    desk.unless_changed(version(meeting))
    if meeting.state is not MeetingState.CALLED or meeting.starts is None or meeting.starts <= now():
        raise ChangedMeanwhile
    told = cancel_and_tell(desk, meeting, because)
    desk.sent(f"cancel_meeting:{meeting.id}")
    said = ngettext("It is cancelled. {count} person is told.", "It is cancelled. {count} people are told.", told)
    return Go(desk.address, f"{said} {_('No more reminders of it go out.')}")


def _typed_notes(desk: Desk) -> str:
    return desk.fields.get("notes", "").replace("\r\n", "\n").strip()


def _remarks_on(desk: Desk, text: str) -> list[Remark]:
    return check_reply(text, desk.area.glossary, today=desk.area.today(now()))


def _remarks_again(desk: Desk) -> list[Remark]:
    return _remarks_on(desk, _typed_notes(desk)) if desk.act == "notes" and desk.problems else []


def send_notes(desk: Desk) -> Go:
    """Everybody who was invited or answered reads them: they are looked at first."""
    meeting = the_meeting(desk)
    text = _words(desk, "notes", _("Write the notes first."), LONGEST_NOTES)
    desk.unless_changed(version(meeting))
    if _remarks_on(desk, text) and desk.fields.get("anyway") != digest(text):
        raise Wrong({"notes": _("Look at the remarks beside your notes. Change them, or send them as they are.")})
    if meeting.state is not MeetingState.CALLED or meeting.starts is None or meeting.starts > now():
        raise ChangedMeanwhile
    told = send_the_notes_of(desk, meeting, text)
    desk.sent(f"notes:{meeting.id}")
    return Go(desk.address, ngettext("Done. {count} person is told.", "Done. {count} people are told.", told))


PAGE = Page(
    "/meetings/{number:int}",
    Permission.READ,
    show,
    {
        "arranged": Act(Permission.PUBLISH, arranged, others=True),
        "answer": Act(Permission.ANSWER, answer, others=True),
        "rung": Act(Permission.PUBLISH, rung),
        "cancel": Act(Permission.PUBLISH, call_off, others=True),
        "notes": Act(Permission.PUBLISH, send_notes, others=True),
    },
)
