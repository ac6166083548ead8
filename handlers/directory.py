"""The Who's Who for staff: which cards to ring, setting one right, whose it is, and what it has learnt.

What families could not find is in unanswered.py. A wrong number costs a family most in danger, so those come first.
Everybody who may read sees it; who may answer can say that a card is right, or correct it, and take that back. Nothing
is sent to anybody from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from handlers.contact_card import card_text
from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.labels import clip
from handlers.staff import organisation_name
from locales import _, dates, ngettext
from models import contact
from models.area import rung_in_danger
from models.contact import ContactCheck, Detail, ToCheck, Why
from models.database import now
from models.message import Button
from models.role import Permission, may, require
from models.unanswered import LearntWords, count_unanswered, learnt_for, settled, take_back, take_off

MORE = "more"
MINE = "mine"
# Each is read with its words or its reason: four to six fit on a phone.
A_PAGE = 5
MOST_FOUND = 8


class Look(StrEnum):
    QUESTIONS = "questions"
    CHECK = "check"
    FIND = "find"
    GAPS = "gaps"


class Deed(StrEnum):
    RIGHT = "right"
    CORRECT = "correct"
    UNDO = "undo"
    WORDS = "words"
    OWNER = "owner"
    LEAVE = "leave"


def directory(chat: Chat) -> None:
    require(chat.session, chat.person, Permission.READ)
    if "card" in chat.answers:
        _one_card(chat, str(chat.answers["card"]))
        return
    questions = count_unanswered(chat.session)
    cards = contact.to_check(chat.session, chat.area, chat.area.today(now()))
    look = chat.choose(
        "look",
        " ".join(
            [
                ngettext("{count} question has no answer.", "{count} questions have no answer.", questions),
                ngettext("{count} card should be checked.", "{count} cards should be checked.", len(cards)),
            ]
        ),
        {
            Look.QUESTIONS: _("Questions"),
            Look.CHECK: _("Cards to check"),
            Look.FIND: _("Find a card"),
            Look.GAPS: _("What is missing"),
        },
    )
    if look is Look.QUESTIONS:
        chat.then("unanswered")
    elif look is Look.GAPS:
        chat.then("gaps")
    elif look is Look.CHECK:
        _cards_to_check(chat, cards)
    else:
        _find(chat)


# -- cards


def _cards_to_check(chat: Chat, cards: Sequence[ToCheck]) -> None:
    page = 0
    while True:
        shown = cards[page * A_PAGE : (page + 1) * A_PAGE]
        if not shown:
            chat.say(_("There is no card to check now."))
            return
        choices = {one.card.id: clip(one.card.name) for one in shown}
        if len(cards) > (page + 1) * A_PAGE:
            choices[MORE] = _("Show more")
        lines = [f"{place}. {clip(one.card.name, 60)}: {why(one)}" for place, one in enumerate(shown, 1)]
        text = "\n".join([_("Most pressing first. Which one?"), *lines])
        picked = chat.choose(f"check{page + 1}", text, choices, words={MORE: _("more|next")})
        if picked != MORE:
            _one_card(chat, picked)
            return
        page += 1


def why(one: ToCheck) -> str:
    match one.why:
        case Why.UNREACHED:
            return ngettext("{count} did not get through", "{count} did not get through", one.unreached)
        case Why.DANGER:
            return _("rung in danger, not checked lately")
        case Why.WAITS:
            return _("we hide the number until somebody rings it")
        case Why.NO_WAY:
            return _("no phone, e-mail or web page")
        case Why.NEVER:
            return _("not checked yet")
        case Why.OLD:
            return _("not checked for a year")


def _find(chat: Chat) -> None:
    words = chat.ask("words", _("Which service? Type its name, or what it helps with."))
    names = {facts.id: facts.name for facts in chat.area.contacts}
    found = cards_for(chat, words)
    if not found:
        chat.say(_("I found no card for that."), chat.start(_("Find a card"), "directory", look=Look.FIND))
        return
    lines = [f"{place}. {names[each]}" for place, each in enumerate(found, 1)]
    picked = chat.choose("found", "\n".join([_("Which one?"), *lines]), {each: clip(names[each]) for each in found})
    _one_card(chat, picked)


def cards_for(chat: Chat, words: str) -> list[str]:
    """The cards that staff may mean: by a part of the name, and by what it helps with."""
    named = [one.id for one in chat.area.contacts if words.casefold() in f"{one.id} {one.name}".casefold()]
    return list(dict.fromkeys([*named, *chat.find(words).contacts]))[:MOST_FOUND]


def _one_card(chat: Chat, contact_id: str) -> None:
    if all(facts.id != contact_id for facts in chat.area.contacts):
        chat.say(_("I do not know that card any more."), _find_another(chat))
        return
    newest = contact.newest_check(chat.session, contact_id)
    text = "\n".join([*_as_families_see_it(chat, contact_id), *_for_staff(chat, contact_id, newest)])
    if not may(chat.session, chat.person, Permission.ANSWER):
        chat.say(text, _find_another(chat))
        return
    learnt = learnt_for(chat.session, contact_id, chat.person)
    rings = contact.number_to_ring(chat.session, chat.area, contact_id) is not None
    choices = {
        Deed.RIGHT: _("I rang: it is right") if rings else _("I checked: all right"),
        Deed.CORRECT: _("Correct it"),
        **({Deed.UNDO: _("Undo last change")} if newest is not None else {}),
        **({Deed.WORDS: _("Take words off")} if learnt else {}),
        Deed.OWNER: _("Who looks after it"),
        Deed.LEAVE: _("Leave it"),
    }
    match chat.choose("deed", text, choices):
        case Deed.RIGHT:
            _changed(chat, contact.found_right(chat.session, contact_id, chat.area.today(now()), chat.person))
        case Deed.CORRECT:
            _correct(chat, contact_id)
        case Deed.UNDO if newest is not None:
            contact.take_back(chat.session, newest, chat.person)
            _say_taken_back(chat, contact_id)
        case Deed.WORDS if learnt:
            _take_words_off(chat, contact_id, learnt)
        case Deed.OWNER:
            _choose_owner(chat, contact_id)
        case _:
            chat.say(_("I changed nothing."), _find_another(chat))


def _as_families_see_it(chat: Chat, contact_id: str) -> list[str]:
    return [_("Families see this:"), card_text(contact.card_of(chat.session, chat.area, contact_id))]


def _for_staff(chat: Chat, contact_id: str, newest: ContactCheck | None) -> list[str]:
    facts = chat.area.contact(contact_id)
    number = contact.number_to_ring(chat.session, chat.area, contact_id)
    unreached = contact.unreached_since_checked(chat.session).get(contact_id, 0)
    lines = ["", _("Only staff see this:")]
    if number is not None and contact.card_of(chat.session, chat.area, contact_id).phone_waits:
        lines.append(_("The number to ring: {phone}", phone=number))
    if unreached:
        lines.append(
            ngettext("{count} family did not get through.", "{count} families did not get through.", unreached)
        )
    lines.append(_("It comes from: {source}", source=clip(facts.source, 200)))
    if facts.note:
        lines.append(_("Note: {note}", note=facts.note))
    lines.append(_("Looked after by: {who}", who=_owner(chat, contact_id)))
    if learnt := learnt_for(chat.session, contact_id, chat.person):
        lines.append(_("It has learnt: {words}", words="; ".join(f"“{clip(row.words, 60)}”" for row in learnt[:5])))
    if newest is not None:
        lines.append(_("Staff last changed it on {day}.", day=dates.day(chat.area.today(newest.made))))
    return [*lines, *_danger_note(chat, contact_id)]


def _danger_note(chat: Chat, contact_id: str) -> list[str]:
    """Help now must work without the database (DESIGN 11), so what is corrected here does not reach it."""
    if all(facts.id != contact_id for facts in rung_in_danger(chat.area)):
        return []
    return [_("“Help now” does not read this list. Ask whoever runs me to change it in the area's files as well.")]


# -- whose it is, and what it has learnt


def _owner(chat: Chat, contact_id: str) -> str:
    owner = contact.owner_of(chat.session, contact_id)
    if owner is not None and owner.person_id == chat.person.id:
        return _("you")
    if owner is not None and owner.person_id is not None:
        return _("a colleague")
    key = owner.organisation if owner is not None and owner.organisation else chat.area.organisations[0].key
    return organisation_name(chat, key)


def _choose_owner(chat: Chat, contact_id: str) -> None:
    organisations = {one.key: clip(_(one.name)) for one in chat.area.organisations}
    whose = chat.choose(
        "whose",
        _("Who looks after this card? They are asked when it is old, and when families do not get through."),
        {MINE: _("I do"), **organisations},
    )
    if whose == MINE:
        contact.own(chat.session, contact_id, chat.person, person=chat.person)
    else:
        contact.own(chat.session, contact_id, chat.person, organisation=whose)
    chat.say(
        _("Done. Looked after by: {who}", who=_owner(chat, contact_id)),
        chat.start(_("See the card"), "directory", card=contact_id),
    )


def _take_words_off(chat: Chat, contact_id: str, learnt: Sequence[LearntWords]) -> None:
    shown = learnt[:MOST_FOUND]
    day = {row.id: dates.short_day(chat.area.today(row.made)) for row in shown}
    lines = [f"{place}. “{clip(row.words, 90)}” ({day[row.id]})" for place, row in enumerate(shown, 1)]
    picked = chat.choose(
        "off",
        "\n".join([_("Which words should the card lose?"), *lines]),
        {str(row.id): clip(row.words) for row in shown},
    )
    row = next(one for one in shown if str(one.id) == picked)
    take_off(chat.session, row, chat.person)
    chat.say(
        _("Done. The card no longer has these words."), chat.start(_("See the card"), "directory", card=contact_id)
    )


# -- correcting


def _correct(chat: Chat, contact_id: str) -> None:
    labels = {
        Detail.PHONE: _("Phone number"),
        Detail.EMAIL: _("E-mail"),
        Detail.WEB: _("Web page"),
        Detail.HOURS: _("Hours"),
    }
    detail = chat.choose("detail", _("What is wrong?"), labels)
    right = chat.ask(f"right-{detail}", _ask_for(detail), _reader(detail), recall=str, skip=_("There is none"))
    sure = chat.agree(
        "sure",
        _(
            "{name}\n{detail}: {right}\nFamilies will see this. Is it right?",
            name=chat.area.contact(contact_id).name,
            detail=labels[detail],
            right=right or _("there is none"),
        ),
        yes=_("Yes, change it"),
        no=_("No, leave it"),
    )
    if not sure:
        chat.say(_("I changed nothing."), _find_another(chat))
        return
    today = chat.area.today(now())
    _changed(chat, contact.correct(chat.session, contact_id, detail, right or "", day=today, by=chat.person))


def _ask_for(detail: Detail) -> str:
    return {
        Detail.PHONE: _("Type the right phone number. Please ring it first: it will be shown as checked today."),
        Detail.EMAIL: _("Type the right e-mail address."),
        Detail.WEB: _("Type or paste the right web address."),
        Detail.HOURS: _("Type the right hours, like “Mon-Fri 9am-5pm”."),
    }[detail]


def _reader(detail: Detail) -> Callable[[str], str]:
    reads: dict[Detail, tuple[Callable[[str], str], str]] = {
        Detail.PHONE: (
            contact.read_phone,
            _("That is no number that people can ring in the UK at a usual price. Type it with its area code."),
        ),
        Detail.EMAIL: (contact.read_email, _("That is not an e-mail address. It looks like name@place.uk.")),
        Detail.WEB: (contact.read_web, _("That is not a web address. It looks like www.place.uk.")),
        Detail.HOURS: (contact.read_hours, _("Please write the hours in one short line.")),
    }
    read, sorry = reads[detail]

    def right(text: str) -> str:
        try:
            return read(text)
        except ValueError as error:
            raise NotUnderstood(sorry) from error

    return right


def _changed(chat: Chat, check: ContactCheck) -> None:
    chat.say(
        " ".join([_("Done. Families see it like this from now on."), *_danger_note(chat, check.contact_id)]),
        chat.start(_("Undo"), "directory_undo", check=check.id),
        chat.start(_("See the card"), "directory", card=check.contact_id),
        chat.start(_("More cards to check"), "directory", look=Look.CHECK),
    )


def _say_taken_back(chat: Chat, contact_id: str) -> None:
    chat.say(
        _("Taken back. The card is as it was before."), chat.start(_("See the card"), "directory", card=contact_id)
    )


def _find_another(chat: Chat) -> Button:
    return chat.start(_("Find a card"), "directory", look=Look.FIND)


def undo(chat: Chat) -> None:
    """Started by a button only: which check of a card, or what was said of a question, is taken back."""
    require(chat.session, chat.person, Permission.ANSWER)
    check = chat.session.get(ContactCheck, _number(chat, "check"))
    said = settled(chat.session, _number(chat, "settled"))
    if check is not None:
        contact.take_back(chat.session, check, chat.person)
        _say_taken_back(chat, check.contact_id)
    elif said is not None:
        take_back(chat.session, said, chat.person)
        chat.say(_("It is on the list again."), chat.start(_("More questions"), "unanswered"))
    else:
        chat.say(_("That is no longer kept, so there is nothing to undo."))


def still_right(chat: Chat) -> None:
    """Started by the button under the question whether a card is still right: one tap, and it can be taken back."""
    contact_id = str(chat.answers.get("card", ""))
    if all(facts.id != contact_id for facts in chat.area.contacts):
        chat.say(_("I do not know that card any more."), _find_another(chat))
        return
    _changed(chat, contact.found_right(chat.session, contact_id, chat.area.today(now()), chat.person))


def _number(chat: Chat, name: str) -> int:
    text = str(chat.answers.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() else 0


ERRAND = Errand(
    directory,
    label=lambda: _("Who's Who: check"),
    words=lambda: _("directory|who's who|whos who|check contacts|check cards"),
    command="directory",
    browsed=True,
    permission=Permission.READ,
)
UNDO = Errand(undo, label=lambda: _("Undo"), permission=Permission.ANSWER, in_menu=False)
STILL_RIGHT = Errand(
    still_right, label=lambda: _("It is still right"), permission=Permission.ANSWER, in_menu=False, aside=True
)
