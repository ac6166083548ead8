"""Did you get through? Asked once, some days after somebody was given a contact (T3).

What they say goes to the card: where three did not get through, staff are asked to ring it. Only who agreed and has not
stopped messages is asked, outside the quiet hours, and nobody more than once a week.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import taps
from handlers.contact_card import with_capital
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.labels import clip
from handlers.who import Do, not_what_they_need, shown_so_far
from locales import _, dates, speaking
from models.area import Area
from models.contact import cards_of
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.question import Got, Question, answer, question_for, to_follow_up

ANOTHER = "another"
# A list has ten rows, and one is for "another".
MOST_NAMED = 9
# Of their own words, enough to know them again.
QUOTED = 80


def got_through(chat: Chat) -> None:
    """Started by the buttons of `ask_who_got_through`: which question, and what came of it."""
    question = question_for(chat.session, chat.answers.get("question", ""), chat.person)
    if question is None:
        chat.say(_("I no longer have that question, so I changed nothing."), chat.start(_("Find who can help"), "who"))
        return
    got = chat.choose("got", _asked(chat.area, question), _answers(), words=_answers_also())
    if got is Got.WRONG:
        not_what_they_need(chat, question)
        return
    if got is Got.RIGHT:
        answer(question, got)
        chat.say(_("Good. Thank you for telling me."))
        return
    answer(question, got, _tried(chat, question))
    chat.say(_("Thank you. Staff can see that you did not get through."), *_other_ways(chat, question))


def _tried(chat: Chat, question: Question) -> str | None:
    """Which of the contacts that were shown they did not reach; None for another one."""
    shown = cards_of(chat.session, chat.area, shown_so_far(chat, question))
    cards = [card for card in shown if card.reachable][:MOST_NAMED]
    if len(cards) == 1:
        return cards[0].id
    named = {card.id: clip(with_capital(_(card.plain_name))) for card in cards}
    tried = chat.choose("tried", _("Sorry about that. Which one did you try?"), {**named, ANOTHER: _("Another one")})
    return None if tried == ANOTHER else tried


def ask_who_got_through(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: ask everybody who may be asked now. Returns how many were."""
    if partnership.area.quiet(moment):
        return 0
    asked = 0
    for question in to_follow_up(session, moment):
        question.asked_back = moment
        person = session.get_one(Person, question.person_id)
        address = reach(person)
        if address is not None:
            with speaking(person.language):
                send(
                    session,
                    address,
                    _message(partnership.area, question),
                    Class.REMINDER,
                    about=f"question:{question.id}",
                )
            asked += 1
    session.flush()
    return asked


def _message(area: Area, question: Question) -> Message:
    buttons = [
        Button(label, taps.start("got_through", {"question": question.id, "got": got}))
        for got, label in _answers().items()
    ]
    return Message(_asked(area, question), tuple(buttons))


def _asked(area: Area, question: Question) -> str:
    return _(
        "On {day} you looked for help: “{words}”. Did you get through to someone?",
        day=dates.short_day(area.today(question.at)),
        words=clip(question.words, QUOTED),
    )


def _answers() -> dict[Got, str]:
    return {
        Got.RIGHT: _("Yes, I did"),
        Got.UNREACHED: _("Did not get through"),
        Got.WRONG: _("Not the right one"),
    }


def _answers_also() -> dict[Got, str]:
    return {
        Got.RIGHT: _("yes|yeah|yep|i did|got through"),
        Got.UNREACHED: _("no|nope|no answer|nobody answered|could not get through"),
        Got.WRONG: _("wrong|wrong one|wrong number"),
    }


def _other_ways(chat: Chat, question: Question) -> tuple[Button, ...]:
    return (
        chat.start(_("Tell the partnership"), "who_next", question=question.id, do=Do.TELL),
        chat.start(_("Ask another way"), "who"),
    )


ERRAND = Errand(got_through, label=lambda: _("Did you get through?"), in_menu=False, aside=True)
