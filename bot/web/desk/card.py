"""One card of the Who's Who: what families see, where it comes from, what staff did to it, and setting it right.

Nothing is filled in: a number stands here because a source or a colleague gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Page, Wrong
from handlers.contact_card import card_text
from handlers.you_said import organisation_name
from locales import _, dates, ngettext
from models.area import ContactFacts, rung_in_danger
from models.area.facts import Confidence
from models.contact import (
    ContactCheck,
    Detail,
    card_of,
    correct,
    found_right,
    number_to_ring,
    own,
    owner_of,
    read_email,
    read_hours,
    read_phone,
    read_web,
    take_back,
    unreached_since_checked,
)
from models.contact.listing import history_of
from models.database import now
from models.role import Permission
from models.unanswered import LearntWords, learnt_for, take_off

LONGEST_NOTE = 300
MINE = "me"
# A call that is longer ago says nothing of today.
RUNG_WITHIN = timedelta(days=31)


def details() -> dict[Detail, str]:
    return {
        Detail.PHONE: _("Phone number"),
        Detail.EMAIL: _("E-mail"),
        Detail.WEB: _("Web page"),
        Detail.HOURS: _("Hours"),
    }


def show(desk: Desk) -> Response:
    facts = the_facts(desk)
    card = card_of(desk.session, desk.area, facts.id)
    history = history_of(desk.session, desk.person, facts.id)
    who = colleagues_named(desk.session, desk.area, [one.by_id for one in history])
    unreached = unreached_since_checked(desk.session).get(facts.id, 0)
    return desk.page(
        "card.html",
        facts.name,
        card=card,
        reads=card_text(card),
        facts=[(name, value) for name, value in _from_the_source(facts) if value],
        rings=number_to_ring(desk.session, desk.area, facts.id),
        unreached=ngettext("{count} family did not get through.", "{count} families did not get through.", unreached)
        if unreached
        else "",
        in_danger=facts.id in {one.id for one in rung_in_danger(desk.area)},
        history=[(one, _deed(one), who[one.by_id]) for one in history],
        seen=version(history),
        today=desk.area.today(now()).isoformat(),
        details=[(one.value, label) for one, label in details().items()],
        owner=_owner(desk, facts.id),
        owners=[(MINE, _("I do")), *((one.key, _(one.name)) for one in desk.area.organisations)],
        learnt=_learnt(desk, facts.id),
        answers=desk.may(Permission.ANSWER),
        drafts={name: desk.draft(f"{name}:{facts.id}") for name in ("card_right", "card_correct")},
    )


def the_facts(desk: Desk) -> ContactFacts:
    try:
        return desk.area.contact(str(desk.names["id"]))
    except KeyError:
        raise NotThere from None


def version(history: Sequence[ContactCheck]) -> str:
    """Changes with whatever staff do to the card."""
    return f"{len(history)}.{sum(one.undone is not None for one in history)}"


def _from_the_source(facts: ContactFacts) -> list[tuple[str, str | None]]:
    sure = {
        Confidence.HIGH: _("sure"),
        Confidence.MEDIUM: _("fairly sure"),
        Confidence.LOW: _("not sure"),
    }
    return [
        (_("Helps with"), "; ".join(facts.what_they_help_with)),
        (_("For whom"), facts.who_for),
        (_("Phone number"), facts.phone or _("none given")),
        (_("E-mail"), facts.email or _("none given")),
        (_("Web page"), facts.web or _("none given")),
        (_("Hours"), facts.hours or _("none given")),
        (_("How sure"), sure[facts.confidence]),
        (_("Day of the source"), facts.seen),
        (_("Checked"), dates.day(facts.checked) if facts.checked else None),
        (_("It comes from"), facts.source),
        (_("Note"), facts.note),
    ]


def _deed(check: ContactCheck) -> str:
    labels = details()
    for detail in Detail:
        right: str | None = getattr(check, detail)
        if right is not None:
            return _("{detail}: {right}", detail=labels[detail], right=right or _("there is none"))
    day = dates.day(check.checked) if check.checked else ""
    return _("Found right on {day}", day=day)


def _owner(desk: Desk, contact_id: str) -> str:
    """Who looks after it; where nobody was named it is the first organisation's."""
    owner = owner_of(desk.session, contact_id)
    if owner is not None and owner.person_id is not None:
        return colleagues_named(desk.session, desk.area, [owner.person_id])[owner.person_id]
    key = owner.organisation if owner is not None and owner.organisation else desk.area.organisations[0].key
    return organisation_name(desk.area, key) or key


def _learnt(desk: Desk, contact_id: str) -> Sequence[LearntWords]:
    """What families call it, as staff have said. They are families' words: the look is recorded."""
    learnt = learnt_for(desk.session, contact_id, desk.person)
    if learnt:
        desk.look(f"contact:{contact_id}")
    return learnt


# -- doing


def rang(desk: Desk) -> Go:
    """It was rung, or looked up where there is no number, and is right."""
    facts = the_facts(desk)
    day = _day_of_the_call(desk)
    note = desk.text("note", most=LONGEST_NOTE)
    _unless_changed(desk, facts)
    found_right(desk.session, facts.id, day, desk.person, note)
    desk.sent(f"card_right:{facts.id}")
    return Go(desk.address, _("Done. Families see it as checked on {day}.", day=dates.day(day)))


def _day_of_the_call(desk: Desk) -> date:
    today = desk.area.today(now())
    try:
        day = date.fromisoformat(desk.fields.get("day", ""))
    except ValueError:
        raise Wrong({"day": _("Choose the day.")}) from None
    if not today - RUNG_WITHIN <= day <= today:
        raise Wrong({"day": _("Choose today, or a day in the last month.")})
    return day


def put_right(desk: Desk) -> Go:
    facts = the_facts(desk)
    detail = Detail(desk.chosen("detail", list(Detail), required=_("Choose what is wrong.")))
    hide = desk.fields.get("none") == "yes"
    typed = desk.text("right", most=LONGEST_NOTE)
    if hide and typed:
        raise Wrong({"right": _("Either type what is right, or say that there is none.")})
    if not hide and not typed:
        raise Wrong({"right": _("Type what is right, or say that there is none.")})
    right = "" if hide else _read(detail, typed)
    if detail is Detail.PHONE and right and desk.fields.get("rang") != "yes":
        raise Wrong({"rang": _("Please ring the number first. Families will see it as checked today.")})
    _unless_changed(desk, facts)
    today = desk.area.today(now())
    correct(desk.session, facts.id, detail, right, day=today, by=desk.person)
    desk.sent(f"card_correct:{facts.id}")
    return Go(desk.address, _("Done. Families see it like this from now on."))


def _read(detail: Detail, typed: str) -> str:
    reads: dict[Detail, tuple[Callable[[str], str], str]] = {
        Detail.PHONE: (
            read_phone,
            _("That is no number that people can ring in the UK at a usual price. Type it with its area code."),
        ),
        Detail.EMAIL: (read_email, _("That is not an e-mail address. It looks like name@place.uk.")),
        Detail.WEB: (read_web, _("That is not a web address. It looks like www.place.uk.")),
        Detail.HOURS: (read_hours, _("Please write the hours in one short line.")),
    }
    read, sorry = reads[detail]
    try:
        return read(typed)
    except ValueError:
        raise Wrong({"right": sorry}) from None


def back(desk: Desk) -> Go:
    """One thing that was done to the card is taken back: it is what it was without it."""
    facts = the_facts(desk)
    number = desk.fields.get("check", "")
    known = number.isascii() and number.isdigit() and len(number) < 16
    check = desk.session.get(ContactCheck, int(number)) if known else None
    if check is None or check.contact_id != facts.id:
        raise ChangedMeanwhile
    take_back(desk.session, check, desk.person)
    return Go(desk.address, _("Taken back. The card is as it was before."))


def give(desk: Desk) -> Go:
    """Who looks after it from now on, and is asked when it is old."""
    facts = the_facts(desk)
    organisations = [one.key for one in desk.area.organisations]
    whose = desk.chosen("whose", [MINE, *organisations], required=_("Choose who looks after it."))
    if whose == MINE:
        own(desk.session, facts.id, desk.person, person=desk.person)
    else:
        own(desk.session, facts.id, desk.person, organisation=whose)
    return Go(desk.address, _("Done. {who} looks after this card.", who=_owner(desk, facts.id)))


def words_off(desk: Desk) -> Go:
    facts = the_facts(desk)
    number = desk.fields.get("words", "")
    row = next((one for one in learnt_for(desk.session, facts.id, desk.person) if str(one.id) == number), None)
    if row is None:
        raise ChangedMeanwhile
    take_off(desk.session, row, desk.person)
    return Go(desk.address, _("Done. The card no longer has these words."))


def _unless_changed(desk: Desk, facts: ContactFacts) -> None:
    desk.unless_changed(version(history_of(desk.session, desk.person, facts.id)))


PAGE = Page(
    "/directory/{id}",
    Permission.READ,
    show,
    {
        "right": Act(Permission.ANSWER, rang),
        "correct": Act(Permission.ANSWER, put_right),
        "back": Act(Permission.ANSWER, back),
        "owner": Act(Permission.ANSWER, give),
        "words": Act(Permission.ANSWER, words_off),
    },
)
