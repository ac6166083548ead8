"""Complaints about data at the desk: an admin's work, with the law's clock beside each."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.feedback import marked
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Page, Wrong
from handlers.data_complaint import acknowledge_and_tell, close_and_tell, tell_admins, time_left
from locales import _
from models import complaint as complaints
from models.abuse import hard_words, softened
from models.complaint import DataComplaint
from models.database import now
from models.feedback import with_reference
from models.role import Permission

MOST = 200


def show_list(desk: Desk) -> Response:
    """The nearest day comes first; nobody's words."""
    closed = desk.fields.get("show") == "all"
    found = complaints.complaints(desk.session, desk.person, open_only=not closed, most=MOST)
    return desk.page(
        "complaints.html",
        _("Complaints about data"),
        rows=[(one, _state(one), _left(desk, one)) for one in found],
        closed=closed,
        today=desk.area.today(now()),
    )


def _state(complaint: DataComplaint) -> str:
    if complaint.closed is not None:
        return _("closed")
    return _("acknowledged") if complaint.acknowledged is not None else _("waits")


def _left(desk: Desk, complaint: DataComplaint) -> str:
    return "" if complaint.closed is not None else time_left(desk.area, complaint)


def mark(desk: Desk) -> Go:
    """A message that nobody took for a complaint is one: its clock began when it came."""
    ref = desk.text("ref", required=_("Write its reference."))[:20]
    feedback = with_reference(desk.session, desk.person, ref)
    if feedback is None:
        raise Wrong({"ref": _("I do not find that reference.")})
    complaint = complaints.mark(desk.session, desk.area, feedback, desk.person)
    tell_admins(desk.session, desk.area, complaint)
    return Go(f"{PAGE.address}/{complaint.code}", _("{ref} is complaint {code} now.", ref=ref, code=complaint.code))


# -- one of them


def the_complaint(desk: Desk) -> DataComplaint:
    found = complaints.with_code(desk.session, desk.person, str(desk.names["code"]))
    if found is None:
        raise NotThere
    return found


def show(desk: Desk) -> Response:
    complaint = the_complaint(desk)
    desk.look(complaint.about)
    if complaint.feedback is not None:
        desk.look(complaint.feedback.about)
    people = [complaint.marked_by, complaint.acknowledged_by, complaint.closed_by]
    return desk.page(
        "complaint.html",
        _("Complaint {code}", code=complaint.code),
        complaint=complaint,
        state=_state(complaint),
        left=_left(desk, complaint),
        late=complaint.overdue(desk.area.today(now())),
        who=colleagues_named(desk.session, desk.area, people),
        marked=marked,
        hard=hard_words,
        softened=softened,
        draft=desk.draft(f"close:{complaint.code}"),
    )


def acknowledge(desk: Desk) -> Go:
    said = acknowledge_and_tell(desk, the_complaint(desk))
    if said is None:
        raise _quicker()
    return Go(desk.address, said)


def close(desk: Desk) -> Go:
    complaint = the_complaint(desk)
    outcome = desk.text("outcome", required=_("Say what you found, and what was done. The family reads it."))
    said = close_and_tell(desk, complaint, outcome)
    if said is None:
        raise _quicker()
    desk.sent(f"close:{complaint.code}")
    return Go(desk.address, said)


def _quicker() -> ChangedMeanwhile:
    return ChangedMeanwhile(_("A colleague was quicker. It has been done."))


PAGE = Page(
    "/complaints",
    Permission.APPOINT,
    show_list,
    {"mark": Act(Permission.APPOINT, mark, others=True)},
    label=lambda: _("Data complaints"),
)
ONE = Page(
    "/complaints/{code}",
    Permission.APPOINT,
    show,
    {
        "acknowledge": Act(Permission.APPOINT, acknowledge, others=True),
        "close": Act(Permission.APPOINT, close, others=True),
    },
)
