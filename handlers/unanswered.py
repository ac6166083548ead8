"""What families could not find, one group at a time: a tap says what it should have been, and the next one comes (T3).

Three best guesses are buttons; another service is found by typing it. What was said becomes words of the card at once
and can be taken back under the same message. Families' words are shown masked.
"""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.directory import cards_for
from handlers.errand import Errand
from handlers.labels import clip
from locales import _, ngettext
from models.message import Button
from models.question import Got
from models.role import Permission, may
from models.unanswered import (
    Group,
    LearntWords,
    Settled,
    count_unanswered,
    gaps,
    group_of,
    look_at,
    no_service,
    not_for_us,
    should_have_been,
    unanswered,
)

GUESSES = 3
GAP, NOT_OURS, LATER, ANOTHER = "gap", "not ours", "later", "another"
# Of the list of what is missing, what fits in a message.
MOST_GAPS = 12


def ask_what_it_should_have_been(chat: Chat) -> None:
    group = _group(chat)
    if group is None:
        chat.say(_("No question is without an answer now."), chat.start(_("What is missing"), "gaps"))
        return
    chat.answers.setdefault("question", str(group.newest.id))
    chat.at_once(lambda: look_at(chat.session, chat.person, [group]))
    number = group.newest.id
    names = {one.id: one.name for one in chat.area.contacts}
    if not may(chat.session, chat.person, Permission.ANSWER):
        chat.choose(f"seen-{number}", _about(chat, group), {LATER: _("Next one")})
        _next(chat, group)
        return
    guesses = {each: clip(names[each]) for each in guesses_for(chat, group)}
    said = chat.ask(
        f"should-{number}",
        "\n".join(
            [
                _about(chat, group),
                _("Who should it have been? Tap one, or type its name."),
                # A button holds 24 characters, and several services begin alike.
                *(f"{place}. {names[each]}" for place, each in enumerate(guesses, 1)),
            ]
        ),
        suggest={**guesses, GAP: _("No such service"), NOT_OURS: _("Not for us"), LATER: _("Later")},
    )
    if said == LATER:
        _next(chat, group)
    elif said == GAP:
        _say_done(chat, no_service(chat.session, group, chat.person), _("It is on the list of what is missing."))
    elif said == NOT_OURS:
        _say_done(chat, not_for_us(chat.session, group, chat.person), _("It is off the list."))
    elif said in names:
        _teach(chat, group, said)
    else:
        _typed(chat, group, said)


def guesses_for(chat: Chat, group: Group) -> list[str]:
    """The best guesses that they have not seen already."""
    seen = {contact for one in group.questions for contact in one.found[: one.shown]}
    known = {one.id for one in chat.area.contacts}
    found = [
        contact
        for one in group.questions[:GUESSES]
        for contact in (*one.found, *chat.find(one.words).contacts)
        if contact in known
    ]
    new = [contact for contact in dict.fromkeys(found) if contact not in seen]
    return [*new, *(contact for contact in dict.fromkeys(found) if contact in seen)][:GUESSES]


def _group(chat: Chat) -> Group | None:
    """The one that was opened, or the most asked of those that have not been put off."""
    opened = chat.answers.get("question")
    if opened is not None and (group := group_of(chat.session, opened, chat.person)) is not None:
        return group
    later = set(str(chat.answers.get("later", "")).split("."))
    waiting = unanswered(chat.session, chat.person, most=len(later) + 1)
    return next((group for group in waiting if str(group.newest.id) not in later), None)


def _about(chat: Chat, group: Group) -> str:
    """What was asked, how often, and what they were shown."""
    names = {one.id: one.name for one in chat.area.contacts}
    waiting = count_unanswered(chat.session)
    first, *others = [clip(words, 200) for words in group.ways()]
    lines = [
        ngettext("{count} question waits.", "{count} questions wait.", waiting),
        ngettext("Asked once: “{words}”", "Asked {count} times: “{words}”", group.times, words=first),
    ]
    if others:
        lines.append(_("Also: {words}", words="; ".join(f"“{words}”" for words in others)))
    shown = dict.fromkeys(
        names[contact] for one in group.questions for contact in one.found[: one.shown] if contact in names
    )
    if any(one.got is Got.UNREACHED for one in group.questions):
        lines.append(_("They did not get through to what I showed: {names}.", names="; ".join(list(shown)[:3])))
    elif shown:
        lines.append(_("I showed: {names}. They say that it was not right.", names="; ".join(list(shown)[:3])))
    else:
        lines.append(_("I found nobody for it."))
    return "\n".join(lines)


def _typed(chat: Chat, group: Group, words: str) -> None:
    names = {one.id: one.name for one in chat.area.contacts}
    named = [each for each, name in names.items() if words.casefold() in name.casefold()]
    found = named if len(named) == 1 else cards_for(chat, words)
    if not found:
        chat.say(_("I found no card for that."))
        chat.then("unanswered", question=str(group.newest.id))
        return
    if len(found) == 1:
        _teach(chat, group, found[0])
        return
    lines = [f"{place}. {names[each]}" for place, each in enumerate(found, 1)]
    picked = chat.choose(
        f"found-{group.newest.id}",
        "\n".join([_("Which one?"), *lines]),
        {**{each: clip(names[each]) for each in found}, ANOTHER: _("None of these")},
    )
    if picked == ANOTHER:
        chat.then("unanswered", question=str(group.newest.id))
        return
    _teach(chat, group, picked)


def _teach(chat: Chat, group: Group, contact_id: str) -> None:
    said, learnt = should_have_been(chat.session, group, contact_id, chat.person)
    _say_done(chat, said, what_was_learnt(chat.area.contact(contact_id).name, learnt))


def what_was_learnt(name: str, learnt: list[LearntWords]) -> str:
    if not learnt:
        return _("{name}: noted. No words are left without personal data, so it learnt none.", name=name)
    words = "; ".join(f"“{clip(row.words, 60)}”" for row in learnt)
    return _("{name} has learnt: {words}", name=name, words=words)


def _say_done(chat: Chat, said: Settled, done: str) -> None:
    chat.say(done, chat.start(_("Undo"), "directory_undo", settled=said.id))
    chat.then("unanswered", **_put_off(chat))


def _next(chat: Chat, group: Group) -> None:
    later = ".".join(filter(None, [str(chat.answers.get("later", "")), str(group.newest.id)]))
    chat.then("unanswered", later=later)


def _put_off(chat: Chat) -> dict[str, str]:
    return {"later": str(chat.answers["later"])} if chat.answers.get("later") else {}


def what_is_missing(chat: Chat) -> None:
    """The services that families look for and that there are none of: the gaps in the Local Offer."""
    found = gaps(chat.session, chat.person)
    more: tuple[Button, ...] = (chat.start(_("Questions"), "unanswered"),)
    if not found:
        chat.say(_("Staff have named no gap yet."), *more)
        return
    look_at(chat.session, chat.person, [gap.group for gap in found[:MOST_GAPS]])
    lines = [
        ngettext("{place}. “{words}” (once)", "{place}. “{words}” ({count} times)", gap.group.times,
                 place=place, words=clip(gap.group.ways(1)[0], 90))
        for place, gap in enumerate(found[:MOST_GAPS], 1)
    ]  # fmt: skip
    undo = tuple(
        chat.start(clip(_("No gap: {place}", place=place)), "directory_undo", settled=gap.settled.id)
        for place, gap in enumerate(found[: MOST_GAPS // 2], 1)
        if may(chat.session, chat.person, Permission.ANSWER)
    )
    chat.say("\n".join([_("Families look for this, and there is no such service:"), *lines]), *undo, *more)


ERRAND = Errand(
    ask_what_it_should_have_been,
    label=lambda: _("Questions without answer"),
    words=lambda: _("unanswered|unanswered questions"),
    browsed=True,
    permission=Permission.READ,
    in_menu=False,
)
GAPS = Errand(
    what_is_missing,
    label=lambda: _("What is missing"),
    words=lambda: _("gaps|what is missing"),
    browsed=True,
    permission=Permission.READ,
    in_menu=False,
)
