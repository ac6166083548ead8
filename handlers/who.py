"""Who to contact: the question in their own words, at most three cards, best first (T3).

It answers in passing, after one question at most, so that whatever it interrupted goes on. What can be done next are
buttons that stay good at any age: they carry the number of the question, not its words. When it is unsure it says so;
when it found nothing it says that, staff can see what is missing, and free advice and a person are offered (T13).
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from handlers.contact_card import show_card
from handlers.danger import tells_of_danger, watch
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.said_plainly import says_not_this, takes_it_back
from handlers.understanding import Choice, understand
from locales import _, spoken
from models import consent
from models.contact import ContactCard, cards_of
from models.finding import Found
from models.finding.next_steps import next_step_for
from models.finding.parts import Part, nearer, parting
from models.message import Button
from models.question import Got, Question, answer, keep_question, question_for
from models.second_look import pick_question_if_its_turn
from models.unanswered import settled

# More would not be read by somebody who is tired.
AT_ONCE = 3
NOT_SURE = "not sure"


class Do(StrEnum):
    """What the buttons under an answer do."""

    MORE = "more"
    WRONG = "wrong"
    NEEDED = "needed"
    TELL = "tell"
    ANSWERED = "answered"


def who(chat: Chat) -> None:
    words = chat.ask("words", _ask_text(chat))
    # What is only asked is answered, with the numbers among it.
    chat.screened = True
    found = chat.find(words)
    if _goes_before(chat, words, found):
        return
    words, found = _nearer(chat, words, found)
    if _goes_before(chat, words, found):
        return
    question = keep_question(
        chat.session,
        chat.area.key,
        words,
        found,
        language=spoken(),
        person=chat.person if consent.agrees(chat.person, chat.area) else None,
    )
    pick_question_if_its_turn(chat.session, question)
    if found.contacts:
        chat.say(_intro(chat, found))
        _show(chat, question, words=words)
        _say_what_comes_next(chat, words, found)
    elif found.route == "feedback":
        _offer_to_pass_it_on(chat, question)
    elif found.route == "none":
        _say_what_i_can(chat, question)
    else:
        chat.say(_found_nobody(question))
        _offer_a_person(chat, question)


def _goes_before(chat: Chat, words: str, found: Found) -> bool:
    """Whether the words tell of danger more than they ask: then there are the numbers, and staff hear of it as of every
    other free text. What is asked all the same is answered, and looked at as well."""
    if found.route == "help" or tells_of_danger(chat.person, words, found):
        chat.then("free_words", words={"text": words, "attachments": []})
        return True
    if "heard" not in chat.answers:
        watch(chat, words)
    return False


def _nearer(chat: Chat, words: str, found: Found) -> tuple[str, Found]:
    """Where two services are close, one question, never two: which part of life is it about? Own words do as well."""
    between = parting(found.close) if found.route == "contact" else None
    if between is None:
        return words, found
    said = chat.ask(
        "part",
        _("One question, so that I find the right one: what is it more about?"),
        suggest={**{str(part): part_label(part) for part in between}, NOT_SURE: _("I am not sure")},
    )
    if said == NOT_SURE or says_not_this(said) or takes_it_back(said):
        return words, found
    said = _part_named(said) or said
    if said in list(Part):
        return words, replace(found, contacts=nearer(found.contacts, Part(said)), sure=True)
    # Their own words: a new question where they are one by themselves, else more of the first.
    alone = chat.find(said)
    if alone.sure or alone.route == "help":
        return said, alone
    both = f"{words}. {said}"
    return both, chat.find(both)


def _part_named(said: str) -> str | None:
    """Another part of life than the two that were offered is an answer all the same."""
    named = understand(said, [Choice(str(part), part_label(part)) for part in Part])
    return named.value if named is not None else None


def part_label(part: Part) -> str:
    return {
        Part.SCHOOL: _("School or nursery"),
        Part.HEALTH: _("Health"),
        Part.FEELINGS: _("Feelings"),
        Part.HOME: _("Help at home"),
        Part.MONEY: _("Money"),
        Part.RIGHTS: _("Rights and advice"),
        Part.FAMILIES: _("Meeting other families"),
        Part.GROWN: _("Growing up"),
    }[part]


def _say_what_comes_next(chat: Chat, words: str, found: Found) -> None:
    """What they can do, and the time that the law gives, with where it stands."""
    step = next_step_for(found.need, words)
    if step is not None:
        chat.say(
            _("What you can do: {step} It stands in: {law}.", step=_(step.say), law=step.law),
            Button(_("Read the law"), url=step.source),
        )


def next_step(chat: Chat) -> None:
    """Started by the buttons under an answer: which question, and what to do."""
    question = question_for(chat.session, chat.answers.get("question", ""), chat.person)
    if question is None:
        chat.say(_("I no longer have that question. Please ask it again."), _ask_again(chat))
        return
    match str(chat.answers.get("do", "")):
        case Do.MORE:
            after = str(chat.answers.get("after", ""))
            _show(chat, question, words=question.words, start=int(after) if after.isdecimal() else 0)
        case Do.TELL:
            pass_on(chat, question)
        case Do.ANSWERED:
            _show_what_staff_said(chat, question)
        case Do.NEEDED:
            answer(question, Got.NOTHING)
            _offer_a_person(chat, question)
        case _:
            not_what_they_need(chat, question)


def _show_what_staff_said(chat: Chat, question: Question) -> None:
    """The contact that staff named for it; what was found by itself where they have taken that back."""
    said = settled(chat.session, question.settled_id) if question.settled_id else None
    cards = cards_of(chat.session, chat.area, [said.contact_id]) if said is not None and said.contact_id else []
    if not cards:
        _show(chat, question, words=question.words)
        return
    show_card(chat, cards[0], *_what_next(chat, question), words=question.words)


def not_what_they_need(chat: Chat, question: Question) -> None:
    """Nothing of what was shown was it: that is kept, and a person is offered."""
    answer(question, Got.WRONG)
    if question.got is Got.WRONG and question.words:
        chat.say(_("Sorry that it was not right. I kept your question, so that staff can see what is missing."))
    else:
        chat.say(_("Sorry that it was not right."))
    _offer_a_person(chat, question)


def pass_on(chat: Chat, question: Question) -> None:
    """To the partnership, with the words filled in as far as they were kept."""
    if question.words:
        chat.then("tell_us", story={"text": question.words, "attachments": []})
    else:
        chat.then("tell_us")


def _ask_text(chat: Chat) -> str:
    if chat.person.young:
        return _("What do you need help with? Use your own words. Please leave out names.")
    return _(
        "What do you need help with? Ask in your own words, in one message. Please leave out names. "
        "For example: “who can help with speech?”"
    )


def _intro(chat: Chat, found: Found) -> str:
    if found.route == "feedback":
        return _(
            "These may be able to help. If the partnership should hear about it, "
            "tap “Tell the partnership” under the last one."
        )
    if not found.sure:
        return _("I am not sure what you need. This is the nearest I found.")
    return _("Here is who can help.") if len(found.contacts) == 1 else _("Here is who can help, best first.")


def _show(chat: Chat, question: Question, *, words: str, start: int = 0) -> None:
    """Three cards from this place on, each its own message; what can be done next stands under the last."""
    ids = _known(chat, question)
    cards = cards_of(chat.session, chat.area, ids[start : start + AT_ONCE])
    if not cards:
        chat.say(_("That is all I found."), *_what_next(chat, question))
        return
    question.shown = max(question.shown, start + len(cards))
    question.reachable = question.reachable or any(card.reachable for card in cards)
    more = [_more(chat, question, start + AT_ONCE)] if len(ids) > start + AT_ONCE else []
    for card in cards[:-1]:
        show_card(chat, card, *_how_to_ask(chat, question, card), words=words)
    last = cards[-1]
    how = _how_to_ask(chat, question, last)
    show_card(chat, last, *how, *more, *_what_next(chat, question, telling=not how), words=words)


def shown_so_far(chat: Chat, question: Question) -> list[str]:
    """The ids of the contacts that were shown for it."""
    return _known(chat, question)[: question.shown]


def _known(chat: Chat, question: Question) -> list[str]:
    """What was found, without what the area has taken out of its files since."""
    known = {contact.id for contact in chat.area.contacts}
    return [contact_id for contact_id in question.found if contact_id in known]


def _how_to_ask(chat: Chat, question: Question, card: ContactCard) -> tuple[Button, ...]:
    """For a service that we cannot say how to reach, a person is offered instead."""
    if card.phone or card.email or card.web:
        return ()
    return (_button(chat, _("Tell the partnership"), question, Do.TELL),)


def _what_next(chat: Chat, question: Question, *, telling: bool = True) -> list[Button]:
    buttons = [_button(chat, _("Not what I need"), question, Do.WRONG)]
    if telling and (question.route == "feedback" or not question.sure):
        buttons.insert(0, _button(chat, _("Tell the partnership"), question, Do.TELL))
    return buttons


def _found_nobody(question: Question) -> str:
    if question.person_id is None:
        return _(
            "Sorry, I found nobody for that. I kept the question, but not who asked it, "
            "so that staff can see what is missing."
        )
    return _("Sorry, I found nobody for that. I kept your question, so that staff can see what is missing.")


def _offer_to_pass_it_on(chat: Chat, question: Question) -> None:
    chat.say(
        _("I found nobody to contact about that. I can pass your words on to the partnership."),
        _button(chat, _("Tell the partnership"), question, Do.TELL),
        _button(chat, _("I still need someone"), question, Do.NEEDED),
    )


def _say_what_i_can(chat: Chat, question: Question) -> None:
    """None of our business, it seems; who knows better is one tap from a person."""
    outside = question.got is Got.OUTSIDE
    chat.say(_("Sorry, I do not know about that.") if outside else _found_nobody(question))
    chat.say(
        _("I can find who helps families. I can pass on what you say. I can tell you about meetings."),
        _ask_again(chat),
        _button(chat, _("I still need someone"), question, Do.NEEDED),
    )


def _offer_a_person(chat: Chat, question: Question) -> None:
    """Free advice that takes no side (T13), unless it was among what did not help, and a person."""
    buttons = (_button(chat, _("Tell the partnership"), question, Do.TELL), _ask_again(chat))
    sendiass = chat.area.sendiass.id
    if sendiass in shown_so_far(chat, question):
        chat.say(_("You can ask the partnership, or ask me in other words."), *buttons)
        return
    chat.say(_("This service gives free advice and does not take sides. You can ask it about anything:"))
    show_card(chat, cards_of(chat.session, chat.area, [sendiass])[0], *buttons)


def _button(chat: Chat, label: str, question: Question, do: Do) -> Button:
    return chat.start(label, "who_next", question=question.id, do=do)


def _more(chat: Chat, question: Question, start: int) -> Button:
    # The place stands in the button: tapped twice, it shows the same cards twice.
    return chat.start(_("Show more"), "who_next", question=question.id, do=Do.MORE, after=start)


def _ask_again(chat: Chat) -> Button:
    return chat.start(_("Ask another way"), "who")


ERRAND = Errand(
    who,
    label=lambda: _("Find who can help"),
    words=lambda: _("who|who to contact|who to ask|who can help|who do i ask|who do i ring|find a contact"),
    command="who",
    words_answer="words",
    aside=True,
)
NEXT = Errand(next_step, label=lambda: _("More about who can help"), in_menu=False, aside=True)
