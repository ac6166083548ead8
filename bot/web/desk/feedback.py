"""One feedback: the words, what came with them, all that was written since, and everything that can be done about it.

Two may work on it at once: each form carries what its page had shown, and whoever is second sees what the first one
did, beside their own words, and decides. A reply is looked at before it goes; the remarks are advice, and are recorded
when somebody sends it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import undefer
from starlette.responses import Response

from bot.web.desk import further
from bot.web.desk.colleagues import colleague, colleagues_named
from bot.web.desk.further import the_feedback
from bot.web.desk.inbox import Says
from bot.web.desk.page import Act, Desk, Go, NotThere, Page, Wrong
from bot.web.file_page import Download, handed_over
from handlers.feedback_words import statuses
from handlers.inbox import reading, telling
from locales import _, language_name, languages, speaking
from models import feedback as said
from models.abuse import hard_words, softened
from models.attachment import Attachment
from models.audit import Audit, record
from models.database import now
from models.desk.saved_replies import saved_replies
from models.desk.work import (
    NotForThem,
    assign,
    note_for_colleagues,
    notes_of_colleagues,
    snooze,
    who_may_be_given,
    work_on,
)
from models.feedback import Feedback, ReasonMissing, Side, Status
from models.looking import LOOKED
from models.person import Person, digest
from models.personal import in_words, personal_data
from models.plain import Remark, check_reply
from models.role import Permission

# The newest deeds of the history; the audit has the rest.
MOST_DEEDS = 30
HERE = "/inbox/{ref}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the thread. `kind`: family, ours, colleague, event."""

    at: datetime
    kind: str
    text: str
    who: str = ""


def version(feedback: Feedback) -> str:
    """Changes with whatever was written to or by the family, and with where it stands."""
    note = feedback.notes[-1].id if feedback.notes else 0
    change = feedback.history[-1].id if feedback.history else 0
    return f"{note}.{change}"


# -- showing


def show(desk: Desk) -> Response:
    feedback = the_feedback(desk)
    desk.look(feedback.about)
    work = work_on(desk.session, feedback)
    return desk.page(
        "feedback.html",
        feedback.ref,
        feedback=feedback,
        says=Says(desk),
        head=list(reading.facts(desk, feedback)),
        marked=marked,
        hard=hard_words,
        softened=softened,
        files=[(one, reading.attached_label(one.kind)) for one in said.attached(desk.session, feedback)],
        thread=_thread(desk, feedback),
        seen=version(feedback),
        answers=desk.may(Permission.ANSWER),
        awaits_answer=feedback.answered is None and bool(feedback.notes) and feedback.notes[-1].side is Side.FAMILY,
        drafts={name: desk.draft(f"{name}:{feedback.ref}") for name in ("reply", "status", "note")},
        remarks=_remarks_again(desk, feedback),
        anyway=digest(desk.fields.get("text", "").replace("\r\n", "\n").strip()),
        frame=_frame(desk, feedback),
        written_in=_other_language(desk, feedback),
        saved=saved_replies(desk.session, desk.person),
        statuses=[(one.value, label) for one, label in statuses().items()],
        work=work,
        given_to=colleagues_named(desk.session, desk.area, [work.person_id] if work else []),
        colleagues=[(one.person_id, colleague(desk.area, one)) for one in who_may_be_given(desk.session, feedback)],
        organisations=[(one.key, _(one.name)) for one in desk.area.organisations],
        deeds=_deeds(desk, feedback),
        today=desk.area.today(now()),
        **further.shown(desk, feedback),
    )


def marked(text: str) -> Markup:
    """Words as they were written; what may lead to a person is marked, and says so to a screen reader too."""
    out, done = Markup(""), 0
    for mark in personal_data(text):
        out += escape(text[done : mark.start]) + Markup('<mark>{}<span class="hidden"> ({})</span></mark>').format(
            text[mark.start : mark.end], in_words(mark.kind)
        )
        done = mark.end
    return out + escape(text[done:])


def _thread(desk: Desk, feedback: Feedback) -> list[Entry]:
    notes = notes_of_colleagues(desk.session, feedback)
    authors = {one.author_id for one in feedback.notes} | {one.author_id for one in notes}
    authors |= {one.by_id for one in feedback.history}
    who = colleagues_named(desk.session, desk.area, [one for one in authors if one != feedback.person_id])

    def entries() -> Iterator[Entry]:
        for note in feedback.notes:
            ours = note.side is Side.STAFF
            yield Entry(note.at, "ours" if ours else "family", note.text, who[note.author_id] if ours else "")
        for change in feedback.history[1:]:
            label = statuses()[change.status].removesuffix("…").strip()
            yield Entry(change.at, "event", ". ".join(filter(None, [label, change.reason])), who[change.by_id])
        for one in notes:
            yield Entry(one.at, "colleague", one.text, who[one.author_id])

    return sorted(entries(), key=lambda one: one.at)


def _deeds(desk: Desk, feedback: Feedback) -> list[tuple[datetime, str, str]]:
    rows = desk.session.scalars(
        select(Audit).where(Audit.about == feedback.about).order_by(Audit.id.desc()).limit(MOST_DEEDS)
    ).all()
    who = colleagues_named(desk.session, desk.area, [one.person_id for one in rows])
    return [
        (one.at, who[one.person_id], one.deed if one.deed == LOOKED or not one.detail else f"{one.deed}: {one.detail}")
        for one in rows
    ]


def _frame(desk: Desk, feedback: Feedback) -> tuple[str, str]:
    """What stands before and after the words of a reply, as the family reads it."""
    place = "\0"
    language = feedback.person.language if feedback.person else "en"
    with speaking(language):
        whole = telling.reply_text(desk.area, feedback, telling.who_writes(desk, desk.person), place)
    before, _place, after = whole.partition(place)
    return before, after


def _other_language(desk: Desk, feedback: Feedback) -> str:
    language = feedback.person.language if feedback.person else feedback.language
    return language_name(language) if language in languages() and language != "en" else ""


# -- replying


def remarks_on(desk: Desk, feedback: Feedback, text: str) -> list[Remark]:
    theirs = [feedback.text, *(one.text for one in feedback.notes if one.side is Side.FAMILY), feedback.name or ""]
    return check_reply(text, desk.area.glossary, said=" ".join(theirs), today=desk.area.today(now()))


def _remarks_again(desk: Desk, feedback: Feedback) -> list[Remark]:
    """Beside a reply that was not sent because of them."""
    if desk.act not in ("reply", "look") or not desk.problems:
        return []
    return remarks_on(desk, feedback, desk.fields.get("text", ""))


def remarked() -> str:
    return _("Look at the remarks beside your reply. Change it, or send it as it is.")


def look_again(desk: Desk) -> Go:
    """Only look at the reply: nothing is sent."""
    feedback = the_feedback(desk)
    text = desk.text("text", required=_("Write your reply first."))
    found = remarks_on(desk, feedback, text)
    raise Wrong({"text": remarked() if found else _("Nothing was found that could be plainer.")}, 200)


def reply(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    text = desk.text("text", required=_("Write your reply first."))
    remarks = remarks_on(desk, feedback, text)
    if remarks and desk.fields.get("anyway") != digest(text):
        raise Wrong({"text": remarked()})
    desk.unless_changed(version(feedback))
    said.reply(desk.session, feedback, text, desk.person)
    if remarks:
        kinds = ", ".join(dict.fromkeys(one.kind.value for one in remarks))
        record(desk.session, desk.person, "replied despite remarks", feedback.about, kinds)
    desk.sent(f"reply:{feedback.ref}")
    return Go(desk.address, telling.tell_reply(desk, feedback, text))


def set_status(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    status = desk.chosen("status", statuses(), required=_("Choose where it stands."))
    reason = desk.text("reason")
    desk.unless_changed(version(feedback))
    try:
        change = said.set_status(desk.session, feedback, Status(status), desk.person, reason)
    except ReasonMissing:
        raise Wrong({"reason": _("Say why it cannot be done. The family reads it.")}) from None
    desk.sent(f"status:{feedback.ref}")
    if change is None:
        return Go(desk.address, _("It stood there before, so nobody was told again."))
    return Go(desk.address, telling.tell_status(desk, feedback, change))


def enough(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    desk.unless_changed(version(feedback))
    said.no_answer_needed(desk.session, feedback, desk.person)
    return Go(desk.address, _("Nothing is owed for {ref} now.", ref=feedback.ref))


# -- among colleagues


def give(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    number = desk.fields.get("to", "")
    to = desk.session.get(Person, int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
    if number and to is None:
        raise Wrong({"to": _("That colleague is not here any more.")})
    organisation = desk.chosen("given", [one.key for one in desk.area.organisations]) or None
    try:
        assign(desk.session, feedback, desk.person, to=to, organisation=organisation)
    except NotForThem:
        raise Wrong({"to": _("That colleague may not see this, or may not answer.")}) from None
    return Go(desk.address, _("That is noted."))


def put_off(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    try:
        until = date.fromisoformat(desk.fields.get("until", ""))
        snooze(desk.session, desk.area, feedback, until, desk.person)
    except ValueError:
        raise Wrong({"until": _("Choose a day after today.")}) from None
    return Go(desk.address, _("It is out of sight until then. If its answer is late, you see it all the same."))


def back_in_sight(desk: Desk) -> Go:
    snooze(desk.session, desk.area, the_feedback(desk), None, desk.person)
    return Go(desk.address, _("It is in sight again."))


def note(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    note_for_colleagues(desk.session, feedback, desk.text("note", required=_("Write your note first.")), desk.person)
    desk.sent(f"note:{feedback.ref}")
    return Go(desk.address, _("Your note is kept. Only colleagues see it."))


# -- what came with it


def file(desk: Desk) -> Response:
    """A photo or file, handed over so that no browser shows it in our name. Taking it is recorded by itself."""
    feedback = the_feedback(desk)
    row = desk.session.get(Attachment, desk.names["number"], options=[undefer(Attachment.content)])
    if row is None or row.feedback_id != feedback.id or row.content is None:
        raise NotThere
    desk.look(feedback.about)
    desk.look(f"attachment:{row.id}")
    return handed_over(Download(row.name or row.kind, row.mime, row.content))


PAGE = Page(
    HERE,
    Permission.READ,
    show,
    {
        "reply": Act(Permission.ANSWER, reply, others=True),
        "look": Act(Permission.ANSWER, look_again),
        "status": Act(Permission.ANSWER, set_status, others=True),
        "enough": Act(Permission.ANSWER, enough),
        "give": Act(Permission.ANSWER, give),
        "put-off": Act(Permission.ANSWER, put_off),
        "in-sight": Act(Permission.ANSWER, back_in_sight),
        "note": Act(Permission.READ, note),
        **further.ACTS,
    },
)
FILE = Page(HERE + "/file/{number:int}", Permission.READ, file)
