"""Picks one meeting of a list, page by page; a button that already names one skips the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.dialogue import Chat
from handlers.meetings.words import line_label
from locales import _
from models.meeting import Meeting

MORE = "more"
# Five lines with their times and titles are what a phone shows at once.
A_PAGE = 5


def pick(chat: Chat, question: str, found: Sequence[Meeting], line: Callable[[Meeting], str]) -> Meeting:
    """Asks which of `found` is meant. A meeting that is named by a button is taken even when it is in the list no
    more: what became of it is then for the flow to say."""
    page = 0
    while True:
        name = "meeting" if page == 0 else f"meeting{page + 1}"
        here = found[page * A_PAGE : (page + 1) * A_PAGE]
        choices = {str(one.id): line_label(place, one.title) for place, one in enumerate(here, start=1)}
        if len(found) > (page + 1) * A_PAGE:
            choices[MORE] = _("Show more")
        choices |= {str(named.id): named.title for named in _named(chat, name) if str(named.id) not in choices}
        text = "\n".join([question, *(f"{place}. {line(one)}" for place, one in enumerate(here, start=1))])
        picked = chat.choose(name, text, choices, words={MORE: _("more|next")})
        if picked != MORE:
            return chat.session.get_one(Meeting, int(picked))
        page += 1


def given(chat: Chat) -> Meeting | None:
    """The meeting that the button which started this flow named, if there still is one."""
    return _meeting(chat, chat.answers.get("meeting"))


def _named(chat: Chat, question: str) -> list[Meeting]:
    """The meeting that was answered already, or is being answered by an old button."""
    values = [chat.answers.get(question)]
    if chat.reply is not None and chat.reply.question == question:
        values.append(chat.reply.value)
    return [one for one in (_meeting(chat, value) for value in values) if one is not None]


def _meeting(chat: Chat, value: object) -> Meeting | None:
    digits = str(value)
    return chat.session.get(Meeting, int(digits)) if digits.isascii() and digits.isdigit() else None
