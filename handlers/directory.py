"""The Who's Who for staff: what families could not find, and which cards to ring.

A wrong number costs a family most in danger, so those come first. Everybody who may read sees it; who may answer can
say that a card is right, or correct it, and take that back. Nothing is sent to anybody from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from handlers.contact_card import card_text
from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.labels import clip
from locales import _, dates, ngettext
from models import contact, question
from models.area import rung_in_danger
from models.contact import ContactCheck, Detail, ToCheck, Why
from models.database import now
from models.message import Button
from models.question import Question, Unanswered
from models.role import Permission, may, require

MORE = "more"
# Each is read with its words or its reason: four to six fit on a phone.
A_PAGE = 5
MOST_FOUND = 8


class Look(StrEnum):
    QUESTIONS = "questions"
    CHECK = "check"
    FIND = "find"


class Deed(StrEnum):
    DEALT = "dealt"
    RIGHT = "right"
    CORRECT = "correct"
    UNDO = "undo"
    LEAVE = "leave"


def directory(chat: Chat) -> None:
    require(chat.session, chat.person, Permission.READ)
    if "card" in chat.answers:
        _one_card(chat, str(chat.answers["card"]))
        return
    questions = question.count_unanswered(chat.session)
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
        },
    )
    if look is Look.QUESTIONS:
        _questions(chat)
    elif look is Look.CHECK:
        _cards_to_check(chat, cards)
    else:
        _find(chat)


# -- what families could not find


def _questions(chat: Chat) -> None:
    picked = _pick_question(chat)
    if picked is None:
        chat.say(_("No question is without an answer now."))
        return
    chat.say(_about(chat, picked))
    choices = {Deed.LEAVE: _("Leave it")}
    if may(chat.session, chat.person, Permission.ANSWER):
        choices = {Deed.DEALT: _("It is dealt with"), **choices}
    if chat.choose("deed", _("What should happen with it?"), choices) is Deed.LEAVE:
        chat.then("directory", look=Look.QUESTIONS)
        return
    times = question.deal_with(chat.session, picked.newest, chat.person)
    chat.say(
        ngettext("{count} question is off the list.", "{count} questions are off the list.", times),
        chat.start(_("Undo"), "directory_undo", question=picked.newest.id),
        chat.start(_("More questions"), "directory", look=Look.QUESTIONS),
    )


def _pick_question(chat: Chat) -> Unanswered | None:
    """One of the questions without an answer, newest first, page by page."""
    page = 0
    while True:
        listed = question.unanswered(chat.session, chat.person, first=page * A_PAGE, most=A_PAGE + 1)
        if not listed:
            return None
        shown = listed[:A_PAGE]
        _look_stays(chat, shown)
        choices = {str(one.newest.id): clip(one.newest.words) for one in shown}
        if len(listed) > A_PAGE:
            choices[MORE] = _("Show more")
        text = "\n".join([_("Which one?"), *(_line(place, one) for place, one in enumerate(shown, 1))])
        picked = chat.choose(f"question{page + 1}", text, choices, words={MORE: _("more|next")})
        if picked != MORE:
            return question.unanswered_like(chat.session, picked, chat.person)
        page += 1


def _look_stays(chat: Chat, shown: Sequence[Unanswered]) -> None:
    """That somebody saw these words is kept even though the question after them is still open."""
    numbers = [one.newest.id for one in shown]
    chat.at_once(lambda: question.record_look(chat.session, chat.person, numbers))


def _line(place: int, one: Unanswered) -> str:
    return ngettext(
        "{place}. “{words}” (once, {day})",
        "{place}. “{words}” ({count} times, last {day})",
        one.times,
        place=place,
        words=clip(one.newest.words, 90),
        day=dates.short_day(one.newest.at.date()),
    )


def _about(chat: Chat, one: Unanswered) -> str:
    known = {facts.id: facts.name for facts in chat.area.contacts}
    found = [known[each] for each in one.newest.found[: one.newest.shown] if each in known]
    lines = [_("They asked: “{words}”", words=one.newest.words)]
    if found:
        lines.append(_("I showed: {names}. They say that it was not right.", names="; ".join(found)))
    else:
        lines.append(_("I found nobody for it."))
    return "\n".join(lines)


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
        lines = [f"{place}. {clip(one.card.name, 60)}: {_why(one)}" for place, one in enumerate(shown, 1)]
        text = "\n".join([_("Most pressing first. Which one?"), *lines])
        picked = chat.choose(f"check{page + 1}", text, choices, words={MORE: _("more|next")})
        if picked != MORE:
            _one_card(chat, picked)
            return
        page += 1


def _why(one: ToCheck) -> str:
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


def _find(chat: Chat) -> None:
    words = chat.ask("words", _("Which service? Type its name, or what it helps with."))
    names = {facts.id: facts.name for facts in chat.area.contacts}
    named = [each for each, name in names.items() if words.casefold() in f"{each} {name}".casefold()]
    found = list(dict.fromkeys([*named, *chat.finder.find(words).contacts]))[:MOST_FOUND]
    if not found:
        chat.say(_("I found no card for that."), chat.start(_("Find a card"), "directory", look=Look.FIND))
        return
    lines = [f"{place}. {names[each]}" for place, each in enumerate(found, 1)]
    picked = chat.choose("found", "\n".join([_("Which one?"), *lines]), {each: clip(names[each]) for each in found})
    _one_card(chat, picked)


def _one_card(chat: Chat, contact_id: str) -> None:
    if all(facts.id != contact_id for facts in chat.area.contacts):
        chat.say(_("I do not know that card any more."), _find_another(chat))
        return
    newest = contact.newest_check(chat.session, contact_id)
    text = "\n".join([*_as_families_see_it(chat, contact_id), *_for_staff(chat, contact_id, newest)])
    if not may(chat.session, chat.person, Permission.ANSWER):
        chat.say(text, _find_another(chat))
        return
    rings = contact.number_to_ring(chat.session, chat.area, contact_id) is not None
    choices = {
        Deed.RIGHT: _("I rang: it is right") if rings else _("I checked: all right"),
        Deed.CORRECT: _("Correct it"),
        **({Deed.UNDO: _("Undo last change")} if newest is not None else {}),
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
    if newest is not None:
        lines.append(_("Staff last changed it on {day}.", day=dates.day(chat.area.today(newest.made))))
    return [*lines, *_danger_note(chat, contact_id)]


def _danger_note(chat: Chat, contact_id: str) -> list[str]:
    """Help now must work without the database (DESIGN 11), so what is corrected here does not reach it."""
    if all(facts.id != contact_id for facts in rung_in_danger(chat.area)):
        return []
    return [_("“Help now” does not read this list. Ask whoever runs me to change it in the area's files as well.")]


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
    """Started by a button only: which check is taken back, or which question is no longer dealt with."""
    require(chat.session, chat.person, Permission.ANSWER)
    check = chat.session.get(ContactCheck, _number(chat, "check"))
    asked = chat.session.get(Question, _number(chat, "question"))
    if check is not None:
        contact.take_back(chat.session, check, chat.person)
        _say_taken_back(chat, check.contact_id)
    elif asked is not None:
        question.reopen(chat.session, asked, chat.person)
        chat.say(_("It is on the list again."), chat.start(_("More questions"), "directory", look=Look.QUESTIONS))
    else:
        chat.say(_("That is no longer kept, so there is nothing to undo."))


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
