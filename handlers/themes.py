"""Items, for staff: what several families said together, gathered by hand and by suggestion, looked after (T1, T12).

Nothing here is seen by families: what they read goes out by “Say what we are doing”. Suggestions are only that: a
person decides. Every look at a family's words is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.feedback_words import topic_label
from handlers.inbox import reading
from handlers.labels import clip, distinct, room_for
from handlers.ladder import ask_how_far, rungs
from handlers.meant import ask_families, what_they_said
from handlers.you_said import in_short, what_is_done, who_and_when
from locales import _, dates, ngettext
from models.area import Area
from models.feedback import Feedback, Status, seen_by, with_reference
from models.message import Button
from models.person import Person
from models.role import Permission, may, staff_who_may
from models.theme import (
    Change,
    Event,
    Theme,
    called,
    give_owner,
    give_priority,
    history,
    how_many_said,
    items,
    link,
    name_rung,
    new_theme,
    note,
    put_under,
    reword,
    suggest_feedback,
    suggest_themes,
    unlink,
    verdicts_on,
    words_in,
)

NEW, MORE, NONE = "new", "more", "none"
A_PAGE = 6
MOST_LINES = 12
LONGEST_SAID = 300


def themes(chat: Chat) -> None:
    theme = _which(chat)
    if theme is None:
        _new(chat)
    else:
        _deal_with(chat, theme)


def _which(chat: Chat) -> Theme | None:
    """The item that a button named, or one picked page by page; None for a new one."""
    page, before = 0, None
    while True:
        found = items(chat.session, chat.person, before=before, most=A_PAGE + 1)
        choices = {NEW: _("Something new")} if page == 0 else {}
        room = room_for(len(found) + 1)
        choices |= distinct({str(one.id): clip(one.said, room) for one in found[:A_PAGE]}, room)
        given = str(chat.answers.get("which", ""))
        if page == 0 and given.isdecimal() and (named := chat.session.get(Theme, int(given))) is not None:
            choices.setdefault(given, clip(named.said, room))
        if len(found) > A_PAGE:
            choices[MORE] = _("Show me more")
        lines = [f"– {clip(one.said, 90)} ({in_short(one.status)})" for one in found[:A_PAGE]]
        asked = "\n".join([_("Which item would you like to look at?"), *lines])
        picked = chat.choose("which" if page == 0 else f"which{page + 1}", asked, choices)
        if picked != MORE:
            return None if picked == NEW else chat.session.get(Theme, int(picked))
        page, before = page + 1, found[A_PAGE - 1].id


def _new(chat: Chat) -> None:
    """Made once all is known."""
    if not may(chat.session, chat.person, Permission.PUBLISH):
        chat.say(_("You can look at items, but not make one."))
        return
    said = _in_one_sentence(chat)
    topic = chat.choose("topic", _("What is it about?"), {one.key: _(one.label) for one in chat.area.topics})
    priority = _priority(chat, "priority")
    theme = new_theme(chat.session, topic, said, chat.person, priority=priority)
    feedback = with_reference(chat.session, chat.person, str(chat.answers.get("feedback", "")))
    if feedback is not None:
        link(chat.session, feedback, theme, chat.person)
    chat.say(_("The item is made. Families do not see it yet."), *_after(chat, theme))


def _after(chat: Chat, theme: Theme) -> list[Button]:
    return [chat.start(_("Open the item"), "themes", which=theme.id), chat.start(_("All items"), "themes")]


def _in_one_sentence(chat: Chat) -> str:
    asked = _("What did families say? Write it in one plain sentence.")
    return str(chat.ask("said", asked, _short_enough, recall=str))


def _short_enough(text: str) -> str:
    if len(text) > LONGEST_SAID:
        raise NotUnderstood(_("Please use {most} letters or fewer.", most=LONGEST_SAID))
    return text


def _priority(chat: Chat, name: str) -> str | None:
    """Nobody is asked where the plan names none."""
    if not chat.area.priorities:
        return None
    offered = {one.key: clip(_(one.title)) for one in chat.area.priorities[:9]}
    picked = chat.choose(name, _("Which priority does it belong to?"), {**distinct(offered), NONE: _("None of these")})
    return None if picked == NONE else picked


# -- one item


def _deal_with(chat: Chat, theme: Theme) -> None:
    chat.say("\n".join(_about(chat, theme)))
    ways = {"words": _("What families said"), "history": _("Its history")}
    if may(chat.session, chat.person, Permission.PUBLISH):
        ways = {
            "add": _("Add families' words"),
            **ways,
            "meant": _("Ask if it is right"),
            "change": _("Change it"),
            "say": _("Say what we do"),
            "note": _("Note to colleagues"),
        }
    match chat.choose("do", _("What would you like to do?"), {**ways, "list": _("All items")}):
        case "add":
            _add(chat, theme)
        case "words":
            _words(chat, theme)
        case "meant":
            ask_families(chat, theme)
        case "change":
            _change(chat, theme)
        case "history":
            _history(chat, theme)
        case "say":
            chat.then("publish", item=str(theme.id))
        case "note":
            note(chat.session, theme, chat.ask("note", _("What should colleagues know?")), chat.person)
            chat.say(_("It is kept in the history."), *_after(chat, theme))
        case _:
            chat.then("themes")


def _about(chat: Chat, theme: Theme) -> list[str]:
    session, area = chat.session, chat.area
    lines = [_("Families said: “{said}”", said=theme.said), _("About: {topic}", topic=topic_label(area, theme.topic))]
    if (priority := area.priority(theme.priority)) is not None:
        lines.append(_("Priority: {title}", title=_(priority.title)))
    if theme.rung is not None:
        lines.append(_("How far with families: {rung}", rung=rungs()[theme.rung]))
    owner = called(session, theme.owner) if theme.owner is not None else ""
    lines.append(_("Who looks after it: {who}", who=owner) if owner else _("Nobody looks after it yet."))
    lines.append(_("Where it stands: {status}", status=in_short(theme.status)))
    if theme.published is None:
        lines.append(_("Families do not see it yet."))
    for place, action in enumerate(theme.actions, 1):
        lines.append(f"{place}. {clip(what_is_done(action), 150)} ({in_short(action.status)})")
        lines += who_and_when(area, action.newest, action.newest.role) if action.newest is not None else []
    people = how_many_said(session, theme)
    lines.append(ngettext("{count} person said it.", "{count} people said it.", people))
    judged = verdicts_on(session, theme)
    if judged.better or judged.not_yet:
        yes, no = judged.better, judged.not_yet
        lines.append(_("Families say: better {better}, not right yet {not_yet}.", better=yes, not_yet=no))
    return lines + what_they_said(chat, theme)


def _words(chat: Chat, theme: Theme) -> None:
    """What is in it, as far as this colleague may see it; and what does not belong there can be taken out."""
    inside = words_in(chat.session, theme, chat.person)[:A_PAGE]
    if not inside:
        chat.say(_("Nothing is in it that you may see."), *_after(chat, theme))
        return
    if not may(chat.session, chat.person, Permission.PUBLISH):
        _look(chat, inside)
        chat.say("\n".join(_quoted(inside)), *_after(chat, theme))
        return
    out = _picked(chat, "out", _("Which of these do not belong here?"), inside)
    for feedback in out:
        unlink(chat.session, feedback, chat.person)
    count = len(out)
    chat.say(ngettext("{count} was taken out.", "{count} were taken out.", count), *_after(chat, theme))


def _add(chat: Chat, theme: Theme) -> None:
    """By suggestion first; by its reference, whatever else somebody has in mind."""
    alike = suggest_feedback(chat.session, theme, chat.person, most=A_PAGE)
    picked: list[Feedback] = []
    if alike or "alike" in chat.answers:
        picked = _picked(chat, "alike", _("These sound alike. Which belong to it? You decide."), alike)
    else:
        chat.say(_("Nothing that is in no item sounds like it."))
    one = chat.ask(
        "ref",
        _("Is there another one? Type its reference."),
        lambda words: _known(chat, words).ref,
        recall=lambda kept: _known(chat, kept),
        skip=_("No"),
    )
    picked += [one] if one is not None else []
    for feedback in picked:
        link(chat.session, feedback, theme, chat.person)
    count = len(picked)
    chat.say(ngettext("{count} was added.", "{count} were added.", count), *_after(chat, theme))


def _known(chat: Chat, words: str) -> Feedback:
    found = with_reference(chat.session, chat.person, words)
    if found is None:
        raise NotUnderstood(_("I do not find that reference."))
    return found


def _picked(chat: Chat, name: str, asked: str, offered: Sequence[Feedback]) -> list[Feedback]:
    if name not in chat.answers:
        _look(chat, offered)
    room = room_for(len(offered) + 1) - len("✓ ")
    labels = {str(one.id): clip(f"{one.ref} {one.text}", room) for one in offered}
    given = {number: number for number in chat.answers.get(name, ()) if isinstance(number, str)}
    marked = chat.several(name, "\n".join([asked, *_quoted(offered)]), {**given, **labels})
    found = (chat.session.get(Feedback, int(number)) for number in marked)
    return [one for one in found if one is not None]


def _look(chat: Chat, offered: Sequence[Feedback]) -> None:
    def look() -> None:
        for one in offered:
            seen_by(chat.session, one, chat.person, reading.occasion(chat))

    chat.at_once(look)


def _quoted(offered: Sequence[Feedback]) -> list[str]:
    return [f"{one.ref}: “{clip(one.text, 110)}”" for one in offered]


def _change(chat: Chat, theme: Theme) -> None:
    choices = {"said": _("What families said"), "topic": _("What it is about"), "owner": _("Who looks after it")}
    choices["rung"] = _("How far with families")
    if chat.area.priorities:
        choices["priority"] = _("Its priority")
    match chat.choose("what", _("What would you like to change?"), choices):
        case "said":
            words = chat.ask(
                "said", _("What did families say? Write it in one plain sentence."), _short_enough, recall=str
            )
            reword(chat.session, theme, words, chat.person)
        case "topic":
            topics = {one.key: _(one.label) for one in chat.area.topics}
            put_under(chat.session, theme, chat.choose("topic", _("What is it about?"), topics), chat.person)
        case "owner":
            give_owner(chat.session, theme, _owner(chat), chat.person)
        case "rung":
            name_rung(
                chat.session, theme, ask_how_far(chat, _("How far do families work with you on it?")), chat.person
            )
        case _:
            give_priority(chat.session, theme, _priority(chat, "priority"), chat.person)
    chat.say(_("It is changed. The history says so."), *_after(chat, theme))


def _owner(chat: Chat) -> Person:
    staff = {str(one.id): one for one in staff_who_may(chat.session, Permission.PUBLISH)[:9]}
    labels = {number: clip(called(chat.session, one)) for number, one in staff.items()}
    labels[str(chat.person.id)] = _("Me")
    staff[str(chat.person.id)] = chat.person
    return staff[chat.choose("owner", _("Who looks after it?"), distinct(labels))]


# -- its history


def _history(chat: Chat, theme: Theme) -> None:
    events = history(chat.session, theme, chat.person)
    lines = [_event(chat, one) for one in events[-MOST_LINES:]]
    if len(events) > MOST_LINES:
        lines.insert(0, _("The newest {count}:", count=MOST_LINES))
    chat.say("\n".join(lines), *_after(chat, theme))


def _event(chat: Chat, event: Event) -> str:
    by = chat.session.get(Person, event.by_id) if event.by_id is not None else None
    who = called(chat.session, by) if by is not None else _("the program")
    when = dates.moment(event.at, chat.area.zone)
    return f"{when}, {who}: {happened(chat.area, event)}"


def happened(area: Area, event: Event) -> str:
    """What was changed or said about an item, in the language being spoken."""
    text, what = event.text, event.what
    if isinstance(what, Status):
        if event.reopened:
            return _("families say that it is not done yet")
        return f"{in_short(what)}: {text}" if text else in_short(what)
    priority = area.priority(text)
    rung = next((label for one, label in rungs().items() if one == text), _("not said"))
    return {
        Change.MADE: _("made: “{text}”", text=text),
        Change.REWORDED: _("said better: “{text}”", text=text),
        Change.TOPIC: _("put under {topic}", topic=topic_label(area, text)),
        Change.PRIORITY: _("priority: {title}", title=_(priority.title)) if priority else _("no priority"),
        Change.RUNG: _("how far families work with us: {rung}", rung=rung),
        Change.OWNER: _("now looked after by {who}", who=text),
        Change.WORDS_IN: _("{ref} was added", ref=text),
        Change.WORDS_OUT: _("{ref} was taken out", ref=text),
        Change.ASKED: _("families were asked if it is right"),
        Change.NOTE: _("note: {text}", text=text),
    }[what]


# -- from one feedback


def gather(chat: Chat) -> None:
    """Started from the inbox: put what a family said into an item that it sounds like, or into a new one."""
    feedback = with_reference(chat.session, chat.person, str(chat.answers.get("feedback", "")))
    if feedback is None or not may(chat.session, chat.person, Permission.PUBLISH):
        chat.say(_("I cannot find that any more."), chat.start(_("Inbox"), "inbox"))
        return
    alike = suggest_themes(chat.session, feedback, chat.person, most=A_PAGE)
    room = room_for(len(alike) + 2)
    choices = distinct({str(one.id): clip(one.said, room) for one in alike}, room)
    lines = [f"– {clip(one.said, 110)}" for one in alike]
    asked = _("These items sound like it. Where does it belong?") if alike else _("No item sounds like it.")
    given = str(chat.answers.get("item", ""))
    kept = {given: given} if given.isdecimal() else {}
    picked = chat.choose(
        "item", "\n".join([asked, *lines]), {**kept, **choices, NEW: _("Something new"), NONE: _("Leave it")}
    )
    if picked == NEW:
        chat.then("themes", which=NEW, feedback=feedback.ref)
        return
    theme = chat.session.get(Theme, int(picked)) if picked.isdecimal() else None
    if theme is None:
        chat.say(_("It stays where it is."), chat.start(_("Open it again"), "inbox", which=feedback.ref))
        return
    link(chat.session, feedback, theme, chat.person)
    chat.say(_("It is part of “{said}” now.", said=clip(theme.said, 100)), *_after(chat, theme))


ERRAND = Errand(
    themes,
    label=lambda: _("Items"),
    words=lambda: _("items|themes|what belongs together"),
    command="items",
    permission=Permission.READ,
)
GATHER = Errand(gather, label=lambda: _("Put in an item"), permission=Permission.PUBLISH, in_menu=False)
