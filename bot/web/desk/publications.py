"""Publications: what waits for a second person, what is on its way, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Page, Wrong
from bot.web.desk.paging import By, paged
from bot.web.desk.themes import number_in
from bot.web.desk.writing import phones
from handlers.feedback_words import statuses
from handlers.publish.approving import decide
from handlers.publish.audiences import in_words, roles
from handlers.publish.going import report, state_in_words, title
from handlers.publish.preview import left_out
from locales import _, dates, language_name
from models import broadcast as broadcasts
from models.audience import Count, LeftOut
from models.broadcast import Broadcast, BroadcastState, Delivery, NotNow, OwnWork
from models.database import now
from models.feedback import Feedback, visible_to
from models.outgoing import Outgoing
from models.person import Address, Person
from models.role import Permission

NEWEST_FIRST = (By(Broadcast.id, int, descending=True),)
# Messages of unknown fate that are decided about at a time.
A_HANDFUL = 50
OVER = (BroadcastState.STOPPED, BroadcastState.DONE)


def show_list(desk: Desk) -> Response:
    state = desk.chosen("state", list(BroadcastState))
    query = select(Broadcast)
    if state:
        query = query.where(Broadcast.state == BroadcastState(state))
    page = paged(desk.session, query, NEWEST_FIRST, desk.fields.get("after", ""))
    return desk.page(
        "publications.html",
        _("Publications"),
        page=page,
        rows=[_row(desk, one) for one in page.rows],
        state=state,
        states=[(one.value, _label(one)) for one in BroadcastState],
        waits=broadcasts.waiting_for(desk.session, desk.person),
        warm=(BroadcastState.WAITING, BroadcastState.DRAFT, BroadcastState.PAUSED),
    )


def _row(desk: Desk, one: Broadcast) -> tuple[Broadcast, str, str, str]:
    return one, title(one), state_in_words(one.state), in_words(desk.session, desk.area, one.audience)


def _label(state: BroadcastState) -> str:
    words = state_in_words(state)
    return words[:1].upper() + words[1:]


# -- one of them


def the_broadcast(desk: Desk) -> Broadcast:
    found = desk.session.get(Broadcast, desk.names["number"]) if desk.names["number"] < 2**63 else None
    if found is None:
        raise NotThere
    return found


def show(desk: Desk) -> Response:
    broadcast = the_broadcast(desk)
    far = broadcasts.progress(desk.session, broadcast)
    count = _count(desk, broadcast)
    mine = broadcast.author_id == desk.person.id
    waiting = broadcast.state is BroadcastState.WAITING
    return desk.page(
        "publication.html",
        _("Publication {number}", number=broadcast.id),
        broadcast=broadcast,
        heading=title(broadcast),
        state=state_in_words(broadcast.state),
        warm=broadcast.state in (BroadcastState.WAITING, BroadcastState.DRAFT, BroadcastState.PAUSED),
        audience=in_words(desk.session, desk.area, broadcast.audience),
        who=colleagues_named(desk.session, desk.area, [broadcast.author_id, broadcast.approver_id]),
        stands=statuses()[broadcast.status].removesuffix("…").strip(" ,") if broadcast.status is not None else "",
        out=left_out(count),
        phones=phones(broadcast.messages, count),
        begins=_begins(desk, broadcast),
        far=far,
        settled=far.total - far.waiting,
        told=report(desk.session, broadcast) if broadcast.started is not None else [],
        tapped=broadcasts.how_many_tapped(desk.session, broadcast),
        unknown=_unknown(desk, broadcast),
        going=broadcast.state is BroadcastState.GOING,
        over=broadcast.state in OVER,
        paused=broadcast.state is BroadcastState.PAUSED,
        may_decide=waiting and not mine and desk.may(Permission.APPROVE),
        mine_waits=waiting and mine,
        nobody_approves=waiting and not broadcasts.second_persons(desk.session, broadcast.author_id),
        sent_back=broadcast.state is BroadcastState.DRAFT,
        change_at=_change_at(broadcast),
        stopped=broadcast.state is BroadcastState.STOPPED,
        draft=desk.draft(f"back:{broadcast.id}"),
        seen=broadcast.state.value,
    )


def _count(desk: Desk, broadcast: Broadcast) -> Count:
    """Who gets it, or, once there is a message for everybody, who it was made for and who was left out then."""
    if broadcast.left_out is None:
        return broadcasts.who_gets_it(desk.session, broadcast)
    counted = desk.session.execute(
        select(Delivery.part, func.count()).where(Delivery.broadcast_id == broadcast.id).group_by(Delivery.part)
    )
    parts = {row[0]: row[1] for row in counted}
    left = {LeftOut(why): many for why, many in broadcast.left_out.items()}
    return Count(sum(parts.values()), left, parts)


def _begins(desk: Desk, broadcast: Broadcast) -> str:
    if broadcast.started is not None or broadcast.state in OVER:
        return ""
    at = max(broadcast.at, now())
    at = at if broadcast.at_night else desk.area.next_waking(at)
    if at <= now():
        return _("It begins in a moment.") if broadcast.state is BroadcastState.SCHEDULED else ""
    return _("It goes out on {moment}.", moment=dates.moment(at, desk.area.zone))


def _change_at(broadcast: Broadcast) -> str:
    page = f"/desk/items/{broadcast.theme_id}/say" if broadcast.theme_id is not None else "/desk/publications/new"
    return f"{page}?again={broadcast.id}"


@dataclass(frozen=True, slots=True)
class Fate:
    """A message of which nobody knows whether it arrived, and what helps to decide: staff know no family by name, but
    a reference leads to the words that it answers, and who has written since was there."""

    number: int
    channel: str
    at: str
    who: str
    wrote_since: bool
    refs: Sequence[str]


def _unknown(desk: Desk, broadcast: Broadcast) -> list[Fate]:
    rows = broadcasts.of_unknown_fate(desk.session, broadcast)[:A_HANDFUL]
    at = func.coalesce(Outgoing.settled, Outgoing.made)
    found = desk.session.execute(
        select(Outgoing.id, Address.channel, at, Address.last_heard, Person.id, Person.kind, Person.language)
        .join(Address, Address.id == Outgoing.address_id)
        .join(Person, Person.id == Address.person_id)
        .where(Outgoing.id.in_(rows))
        .order_by(Outgoing.id)
    ).all()
    refs = _refs(desk, broadcast, [row[4] for row in found])
    return [
        Fate(
            number,
            channel.capitalize(),
            dates.moment(sent, desk.area.zone),
            ", ".join([*([roles()[kind]] if kind else []), language_name(language)]),
            heard is not None and heard > sent,
            refs.get(person, []),
        )
        for number, channel, sent, heard, person, kind, language in found
    ]


def _refs(desk: Desk, broadcast: Broadcast, people: Sequence[int]) -> dict[int, list[str]]:
    """What each of them said of the item that it is about, as far as this colleague may see it."""
    said: dict[int, list[str]] = {}
    if broadcast.theme_id is not None:
        its = Feedback.theme_id == broadcast.theme_id, Feedback.person_id.in_(people)
        query = select(Feedback.person_id, Feedback.ref).where(*its, visible_to(desk.session, desk.person))
        for person, ref in desk.session.execute(query.order_by(Feedback.id)):
            if person is not None:
                said.setdefault(person, []).append(ref)
    return said


# -- what is done about it


def approve(desk: Desk) -> Go:
    _decide(desk, the_broadcast(desk), "", approved=True)
    return Go(desk.address, _("It goes out. Your colleague is told."))


def send_back(desk: Desk) -> Go:
    broadcast = the_broadcast(desk)
    because = desk.text("because", required=_("Say what should be different. Your colleague reads it."), most=500)
    _decide(desk, broadcast, because, approved=False)
    desk.sent(f"back:{broadcast.id}")
    return Go(desk.address, _("It does not go out. Your colleague reads why."))


def _decide(desk: Desk, broadcast: Broadcast, because: str, *, approved: bool) -> None:
    try:
        decide(desk, broadcast, because, approved=approved)
    except OwnWork:
        raise Wrong({"": _("You wrote this yourself. A colleague has to look at it.")}, 403) from None
    except NotNow:
        raise ChangedMeanwhile(_("That has been decided already. Thank you.")) from None


def pause(desk: Desk) -> Go:
    try:
        broadcasts.pause(desk.session, the_broadcast(desk), desk.person)
    except NotNow:
        raise _moved_on() from None
    return Go(desk.address, _("It is paused. What is on its way still arrives."))


def go_on(desk: Desk) -> Go:
    try:
        broadcasts.go_on(desk.session, the_broadcast(desk), desk.person)
    except NotNow:
        raise _moved_on() from None
    return Go(desk.address, _("It goes on."))


def stop(desk: Desk) -> Go:
    """At once: what has not left yet does not."""
    try:
        broadcasts.stop(desk.session, the_broadcast(desk), desk.person)
    except NotNow:
        raise _moved_on() from None
    return Go(desk.address, _("It is called off. Nothing more of it is sent."))


def _moved_on() -> ChangedMeanwhile:
    return ChangedMeanwhile(_("That does not go any more: it has moved on."))


def again(desk: Desk) -> Go:
    broadcast, rows = the_broadcast(desk), _marked(desk)
    try:
        count = broadcasts.send_again(desk.session, broadcast, rows, desk.person)
    except NotNow:
        raise _moved_on() from None
    return Go(desk.address, _("Sent again: {numbers}.", numbers=count))


def leave(desk: Desk) -> Go:
    count = broadcasts.leave(desk.session, the_broadcast(desk), _marked(desk), desk.person)
    return Go(desk.address, _("Left as it is: {numbers}.", numbers=count))


def _marked(desk: Desk) -> Sequence[int]:
    rows = [number for one in desk.marked.get("row", []) if (number := number_in(one)) is not None]
    if not rows:
        raise Wrong({"row": _("Mark at least one of them.")})
    return rows


PAGE = Page("/publications", Permission.PUBLISH, show_list, label=lambda: _("Publications"))
ONE = Page(
    "/publications/{number:int}",
    Permission.PUBLISH,
    show,
    {
        "approve": Act(Permission.APPROVE, approve, others=True),
        "send-back": Act(Permission.APPROVE, send_back, others=True),
        "pause": Act(Permission.PUBLISH, pause),
        "go-on": Act(Permission.PUBLISH, go_on, others=True),
        "stop": Act(Permission.PUBLISH, stop),
        "again": Act(Permission.PUBLISH, again, others=True),
        "leave": Act(Permission.PUBLISH, leave),
    },
)
