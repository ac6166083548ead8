"""Questions without an answer: what families looked for and did not find. A tap says who it should have been.

What it should have been becomes words of that card at once, for everybody who asks alike. Words are shown masked.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, Page, Wrong
from handlers.unanswered import what_was_learnt
from locales import _, ngettext
from models.question import Got
from models.role import Permission
from models.unanswered import (
    Group,
    Outcome,
    Settled,
    count_unanswered,
    gaps,
    group_of,
    lately_settled,
    no_service,
    not_for_us,
    settled,
    should_have_been,
    take_back,
    unanswered,
)

A_PAGE = 15
GUESSES = 3
WAYS = 3
MOST_LATELY = 10
# A deeper page than this is of no use to anybody.
FURTHEST = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    group: Group
    ways: list[str]
    # What came of it, in a sentence, and the ids of the cards that it may have been, with their names.
    outcome: str
    guesses: list[tuple[str, str]]


def show(desk: Desk) -> Response:
    after = desk.fields.get("after", "")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 5 else 0
    groups = unanswered(desk.session, desk.person, first=min(first, FURTHEST), most=A_PAGE + 1)
    named = gaps(desk.session, desk.person)
    for group in [*groups[:A_PAGE], *(gap.group for gap in named)]:
        for question in group.questions[:WAYS]:
            desk.look(f"question:{question.id}")
    lately = lately_settled(desk.session, desk.person, MOST_LATELY)
    who = colleagues_named(desk.session, desk.area, [one.by_id for one in lately])
    return desk.page(
        "questions.html",
        _("Questions without answer"),
        count=count_unanswered(desk.session),
        shown=[_shown(desk, group) for group in groups[:A_PAGE]],
        after=first + A_PAGE if len(groups) > A_PAGE else 0,
        gaps=named,
        lately=[(one, _said(desk, one), who[one.by_id]) for one in lately],
        everything=[(one.id, one.name) for one in desk.area.contacts],
        answers=desk.may(Permission.ANSWER),
    )


def _shown(desk: Desk, group: Group) -> Shown:
    names = {one.id: one.name for one in desk.area.contacts}
    seen = [each for one in group.questions for each in one.found[: one.shown] if each in names]
    found = [each for one in group.questions[:GUESSES] for each in one.found]
    found += desk.partnership.finder.find(group.newest.words).contacts
    new = [each for each in dict.fromkeys(found) if each in names and each not in seen]
    guesses = [*new, *dict.fromkeys(seen)][:GUESSES]
    shown = "; ".join(names[each] for each in list(dict.fromkeys(seen))[:3])
    if any(one.got is Got.UNREACHED for one in group.questions) and shown:
        outcome = _("They did not get through to what I showed: {names}.", names=shown)
    elif shown:
        outcome = _("I showed: {names}. They say that it was not right.", names=shown)
    else:
        outcome = _("I found nobody for it.")
    return Shown(group, group.ways(WAYS), outcome, [(each, names[each]) for each in guesses])


def _said(desk: Desk, one: Settled) -> str:
    match one.outcome:
        case Outcome.CARD:
            names = {contact.id: contact.name for contact in desk.area.contacts}
            return _("It should have been: {name}", name=names.get(one.contact_id or "", one.contact_id or ""))
        case Outcome.GAP:
            return _("No such service")
        case Outcome.NOT_OURS:
            return _("Not for us")


# -- doing


def _group(desk: Desk) -> Group:
    """A colleague may have said something of it meanwhile."""
    group = group_of(desk.session, desk.fields.get("question", ""), desk.person)
    if group is None:
        raise ChangedMeanwhile
    return group


def card(desk: Desk) -> Go:
    known = {one.id: one.name for one in desk.area.contacts}
    contact = desk.chosen("contact", known) or desk.chosen("other", known)
    if not contact:
        raise Wrong({"": _("Choose who it should have been.")})
    _said_of_it, learnt = should_have_been(desk.session, _group(desk), contact, desk.person)
    return Go(desk.address, what_was_learnt(known[contact], learnt))


def gap(desk: Desk) -> Go:
    no_service(desk.session, _group(desk), desk.person)
    return Go(desk.address, _("It is on the list of what is missing."))


def not_ours(desk: Desk) -> Go:
    not_for_us(desk.session, _group(desk), desk.person)
    return Go(desk.address, _("It is off the list."))


def back(desk: Desk) -> Go:
    number = desk.fields.get("settled", "")
    one = settled(desk.session, int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
    if one is None:
        raise ChangedMeanwhile
    take_back(desk.session, one, desk.person)
    return Go(desk.address, _("It is on the list again."))


def how_many(count: int) -> str:
    return ngettext("{count} question has no answer.", "{count} questions have no answer.", count)


PAGE = Page(
    "/directory/questions",
    Permission.READ,
    show,
    {
        "card": Act(Permission.ANSWER, card),
        "gap": Act(Permission.ANSWER, gap),
        "not-ours": Act(Permission.ANSWER, not_ours),
        "back": Act(Permission.ANSWER, back),
    },
)
