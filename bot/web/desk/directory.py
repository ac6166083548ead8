"""The Who's Who: which cards to ring first, and finding one by name or by what it helps with."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from bot.web.desk.page import Desk, Page
from bot.web.desk.questions import how_many
from handlers.contact_card import as_exact_as_given
from handlers.directory import why
from locales import _, dates, ngettext
from models.contact.listing import Listed, Pile, cards_listed, in_pile
from models.database import now
from models.role import Permission
from models.unanswered import count_unanswered

A_PAGE = 30
LONGEST_SEARCH = 200


def piles() -> dict[Pile, str]:
    return {
        Pile.TO_CHECK: _("Cards to check"),
        Pile.UNREACHED: _("Families did not get through"),
        Pile.OLD: _("Old"),
        Pile.NEVER: _("Never checked by staff"),
        Pile.ALL: _("All cards"),
    }


def show(desk: Desk) -> Response:
    asked = desk.fields
    words = asked.get("words", "").strip()[:LONGEST_SEARCH]
    named = asked.get("which", "")
    # Whoever searches looks through everything, unless they say otherwise.
    pile = Pile(named) if named in list(Pile) else Pile.ALL if words else Pile.TO_CHECK
    where = asked.get("where", "") if asked.get("where") in {one.area for one in desk.area.contacts} else ""
    everything = cards_listed(desk.session, desk.area, desk.person, desk.area.today(now()))
    organisation = desk.chosen("organisation", [one.key for one in desk.area.organisations])
    found = [
        one
        for one in in_pile(everything, pile)
        if (not where or one.area == where) and (not organisation or one.organisation == organisation)
    ]
    if words:
        found = _named(desk, found, words)
    after = asked.get("after", "")
    first = next((place for place, one in enumerate(found, 1) if one.card.id == after), 0)
    shown = found[first : first + A_PAGE]
    return desk.page(
        "directory.html",
        _("Who's Who"),
        shown=shown,
        after=shown[-1].card.id if first + A_PAGE < len(found) else "",
        count=len(found),
        counts={one: len(in_pile(everything, one)) for one in Pile},
        piles=list(piles().items()),
        pile=pile,
        where=where,
        places=[(key, desk.area.name if key == desk.area.key else _("All of England")) for key in _areas(desk)],
        words=words,
        organisation=organisation,
        organisations=[(one.key, _(one.name)) for one in desk.area.organisations],
        questions=how_many(count_unanswered(desk.session)),
        kept={name: asked[name] for name in ("which", "where", "organisation", "words") if asked.get(name)},
        why=why,
        unreached=unreached,
        known=known,
    )


def _areas(desk: Desk) -> list[str]:
    return list(dict.fromkeys(one.area for one in desk.area.contacts))


def _named(desk: Desk, listed: Sequence[Listed], words: str) -> list[Listed]:
    """Those whose name or number has these words, then those that they would find in the chat."""
    wanted = words.casefold()
    digits = "".join(filter(str.isdigit, words))
    by_name = [
        one.card.id
        for one in listed
        if wanted in f"{one.card.id} {one.card.name} {one.card.plain_name}".casefold()
        or (len(digits) >= 3 and digits in (one.card.phone or "").replace(" ", ""))
    ]
    order = list(dict.fromkeys([*by_name, *desk.partnership.finder.find(words).contacts]))
    place = {contact: number for number, contact in enumerate(order)}
    return sorted((one for one in listed if one.card.id in place), key=lambda one: place[one.card.id])


def unreached(one: Listed) -> str:
    return ngettext("{count} did not get through", "{count} did not get through", one.unreached)


def known(one: Listed) -> str:
    """Since when its facts are known, never more exactly than they are."""
    if one.card.checked is not None:
        return _("checked by staff {day}", day=dates.short_day(one.card.checked) + f" {one.card.checked.year}")
    if one.card.seen:
        return _("last seen {when}", when=as_exact_as_given(one.card.seen))
    return _("nobody knows when it was checked")


PAGE = Page("/directory", Permission.READ, show, label=lambda: _("Who's Who"))
