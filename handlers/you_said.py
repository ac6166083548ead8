"""You said, we are doing: what families said, where it stands, who does something about it, and by when (T1, T5).

Anybody may look. Who follows an item, or wants to hear about a topic, is told when it moves. Who is told that
something is done may say whether it really is (T9). Where nothing has been answered it says so. Nothing here points to
a person: words are masked but for what somebody has allowed, and numbers are said as on the public board.
"""

from __future__ import annotations

from handlers.consent import agreed
from handlers.dialogue import Chat
from handlers.errand import Errand
from handlers.labels import clip, room_for
from handlers.ladder import means
from locales import _, apart, dates, spoken
from models.area import Area
from models.database import now
from models.feedback import Status
from models.message import Button
from models.personal import masked
from models.personal.allowed import allowed_in, allowed_in_each
from models.report import people_behind
from models.role import Permission, may
from models.small_number import at_least
from models.theme import (
    Action,
    Theme,
    Update,
    Verdicts,
    follow,
    follows,
    raised_by,
    shown,
    subscribe,
    subscribes,
    topics_shown,
    unfollow,
    unsubscribe,
    verdicts_on,
)

ALL, MORE, TELL, HUSH = "all", "more", "tell", "hush"
# Four fit on a phone, and leave room for the other buttons.
A_PAGE = 4
# Between these two of ten, neither side is most.
DIVIDED = range(4, 7)


def you_said(chat: Chat) -> None:
    if "item" in chat.answers:
        theme = published(chat, chat.answers["item"])
        if theme is None:
            chat.say(_("I cannot find that any more."), chat.start(_("See what is here"), "you_said"))
            return
        show_item(chat, theme)
        return
    _look_around(chat)


def _look_around(chat: Chat) -> None:
    counts = topics_shown(chat.session)
    if not counts:
        chat.say(_("Nothing has been put here yet. When staff say what is being done, you will find it here."))
        return
    labels = {topic.key: _(topic.label) for topic in chat.area.topics if topic.key in counts}
    topic = chat.choose(
        "topic",
        _("Here is what families said, and what is being done. What would you like to see?"),
        {ALL: _("All"), **labels},
        words={ALL: _("all|everything|anything")},
    )
    picked = _pick(chat, None if topic == ALL else topic)
    if picked in (TELL, HUSH):
        _topic_news(chat, topic, wanted=picked == TELL)
        return
    theme = published(chat, picked)
    if theme is not None:
        show_item(chat, theme)


def _pick(chat: Chat, topic: str | None) -> str:
    """The number of an item, or what was wished about the topic; page by page."""
    page = 0
    while True:
        items = shown(chat.session, topic, first=page * A_PAGE, most=A_PAGE + 1)
        room = room_for(min(len(items), A_PAGE) + (len(items) > A_PAGE) + (topic is not None))
        allowed = allowed_in_each(chat.session, [theme.about for theme in items[:A_PAGE]])
        said = {theme.id: public(theme.said, allowed[theme.about]) for theme in items[:A_PAGE]}
        choices = {str(number): clip(words, room) for number, words in said.items()}
        if len(items) > A_PAGE:
            choices[MORE] = _("Show me more")
        if topic is not None:
            if subscribes(chat.session, chat.person, topic):
                choices[HUSH] = _("Stop news about this")
            else:
                choices[TELL] = _("Send me news of this")
        lines = [
            f"{place}. {clip(said[theme.id], 60)} ({in_short(theme.status)})"
            for place, theme in enumerate(items[:A_PAGE], 1)
        ]
        text = _("Which would you like to read?") + "\n" + "\n".join(lines)
        picked = chat.choose(f"pick{page + 1}", text, choices, words={MORE: _("more|next")})
        if picked != MORE:
            return picked
        page += 1


def published(chat: Chat, number: object) -> Theme | None:
    """The item, if there is one that families see."""
    theme = chat.session.get(Theme, int(str(number))) if str(number).isdecimal() else None
    return theme if theme is not None and theme.published is not None else None


def show_item(chat: Chat, theme: Theme) -> None:
    buttons = [chat.start(_("See more"), "you_said")]
    # Three buttons fit everywhere.
    if may(chat.session, chat.person, Permission.PUBLISH):
        buttons.append(chat.start(_("Look after it"), "themes", which=theme.id))
    else:
        board = f"{chat.partnership.web_address}/board/{theme.id}?language={spoken()}"
        buttons.append(Button(_("Open as a page"), url=board))
    allowed = allowed_in(chat.session, theme.about)
    lines = [*lines_about(chat.area, theme, allowed, young=chat.person.young), *counts_about(chat, theme)]
    if raised_by(chat.session, theme, chat.person):
        told = _("You told us about this. We write to you when it moves.")
        chat.say("\n".join([*lines, told]), *buttons)
        return
    chat.say("\n".join(lines), following_button(chat, theme), *buttons)


def counts_about(chat: Chat, theme: Theme) -> list[str]:
    """How many said it, and whether those who know say that it is done; never a number that could point to one."""
    if chat.person.young:
        return []
    small = chat.area.publication.small_number
    people, said = people_behind(chat.session, [theme.id]).get(theme.id, 0), verdicts_on(chat.session, theme)
    found = what_families_find(said, small) if said.better or said.not_yet else ""
    return [line for line in (how_many(people, small), found) if line]


def how_many(people: int, small: int) -> str:
    """How many said it, so that it points to nobody; empty for fewer than the area says in public."""
    least = at_least(people, small)
    return _("{count} people or more said this.", count=dates.number(least)) if least is not None else ""


def what_families_find(verdicts: Verdicts, small: int) -> str:
    """Whether families say that it is better now (T9); which way most of them lean, never how many."""
    answers = verdicts.better + verdicts.not_yet
    if answers < small:
        return _("Not enough families have told us yet if it is better now.")
    better = verdicts.better * 10 // answers if verdicts.better * 2 < answers else -(-verdicts.better * 10 // answers)
    if better in DIVIDED:
        return _("Some families say that it is better now. As many say: not yet.")
    if better > max(DIVIDED):
        return _("Most families who told us say that it is better now.")
    return _("Most families who told us say: not yet.")


def following_button(chat: Chat, theme: Theme) -> Button:
    if follows(chat.session, chat.person, theme):
        return chat.start(_("Stop following"), "follow", item=theme.id, on="no")
    return chat.start(_("Follow this"), "follow", item=theme.id, on="yes")


def public(text: str | None, allowed: frozenset[str]) -> str:
    """Words as they may stand in public: in the language being spoken, without what points to a person, but for what
    somebody has looked at and allowed on this item."""
    return masked(_(text), allowed) if text else ""


def lines_about(area: Area, theme: Theme, allowed: frozenset[str], *, young: bool = False) -> list[str]:
    """An item in plain words, in the language being spoken: said, standing, doing, who, by when, last changed."""
    update = theme.newest
    lines = [_("Families said: “{said}”", said=apart(public(theme.said, allowed)))]
    if theme.heard_at and not young:
        lines.append(_("Where we heard it: {place}.", place=apart(public(theme.heard_at, allowed))))
    if len(theme.actions) > 1:
        lines += [*_several(area, theme, allowed, young=young), *_how_far(theme), *_last_changed(area, theme)]
        return lines
    if update is not None and update.reopened:
        lines.append(_("We said it was done. Families told us that it is not right yet."))
    told = update is not None and bool(update.text)
    if not (told and theme.status is Status.DOING):  # what is being done says by itself that something is
        lines.append(standing(theme.status, public(_reason(update), allowed)))
    if update is not None and update.text:
        lines.append(_("What is being done: {text}", text=apart(public(wording(update), allowed))))
    elif theme.status is not Status.CANNOT:
        lines.append(_("Nobody has told us yet what will be done about it."))
    lines += [] if young or update is None else who_and_when(area, update, public(update.role, allowed))
    return [*lines, *_how_far(theme), *_last_changed(area, theme)]


def _how_far(theme: Theme) -> list[str]:
    return [means(theme.rung)] if theme.rung is not None else []


def _last_changed(area: Area, theme: Theme) -> list[str]:
    if theme.changed is None:
        return []
    return [_("Last changed: {day}.", day=dates.day(theme.changed.astimezone(area.zone).date()))]


def _several(area: Area, theme: Theme, allowed: frozenset[str], *, young: bool) -> list[str]:
    """Where it stands as a whole, and then each thing that is being done."""
    lines = [standing(theme.status, public(_reason(theme.newest), allowed))]
    for place, action in enumerate(theme.actions, 1):
        lines.append(f"{place}. {apart(public(what_is_done(action), allowed))} ({in_short(action.status)})")
        if action.newest is not None and not young:
            lines += who_and_when(area, action.newest, public(action.newest.role, allowed))
    return lines


def what_is_done(action: Action) -> str:
    """What staff said last of one thing that is being done, in the language being spoken."""
    for update in reversed(action.updates):
        if words := wording(update):
            return words
    return standing(action.status)


def who_does_it(area: Area, organisation: str | None, role: str) -> list[str]:
    """The organisation, and the job there where one was given."""
    name = organisation_name(area, organisation)
    if name and role:
        return [_("Who does it: {who} ({job}).", who=name, job=role)]
    return [_("Who does it: {who}.", who=name)] if name else []


def who_and_when(area: Area, update: Update, role: str) -> list[str]:
    """Who does it (`role` is their job, as it may be shown) and by when; where no day was given, that; where it has
    passed, that too (T5)."""
    lines = who_does_it(area, update.organisation, role)
    if update.status not in (Status.LOOKING, Status.DOING):
        return lines
    if update.due is None:
        return [*lines, _("No day has been given for it.")]
    lines.append(_("By when: {day}.", day=dates.day(update.due)))
    if update.due < area.today(now()):
        lines.append(_("That day has passed. It has not been done, or nobody has told us."))
    return lines


def organisation_name(area: Area, key: str | None) -> str:
    """What families call an organisation; empty for none, and for one that the area no longer has."""
    return next((_(one.name) for one in area.organisations if one.key == key), "")


def _reason(update: Update | None) -> str:
    return wording(update) if update is not None and update.status is Status.CANNOT else ""


def wording(update: Update) -> str:
    """What an update says, in the language being spoken if it was written in it."""
    in_english = update.reason if update.status is Status.CANNOT else update.text
    # An empty sentence is none: to a catalogue it is the name of its own header.
    return str(update.texts.get(spoken()) or (in_english and _(in_english)) or "")


def standing(status: Status, reason: str = "") -> str:
    """Where something stands, in plain words (T5)."""
    match status:
        case Status.HEARD:
            return _("We have heard this.")
        case Status.LOOKING:
            return _("We are looking into it.")
        case Status.DOING:
            return _("We are doing something about it.")
        case Status.DONE:
            return _("It is done.")
        case Status.CANNOT:
            return _("We can't do this, because: {reason}", reason=apart(reason))


def in_short(status: Status) -> str:
    return {
        Status.HEARD: _("heard"),
        Status.LOOKING: _("looking into it"),
        Status.DOING: _("doing it"),
        Status.DONE: _("done"),
        Status.CANNOT: _("we can't"),
    }[status]


# -- being told


def _topic_news(chat: Chat, topic: str, *, wanted: bool) -> None:
    label = _(chat.area.topic(topic).label)
    if not wanted:
        unsubscribe(chat.session, chat.person, topic)
        more = chat.start(_("See more"), "you_said")
        chat.say(_("We will not send you news about “{topic}” any more.", topic=label), more)
        return
    agreed(chat)
    subscribe(chat.session, chat.person, topic)
    chat.say(
        _("You will hear when something about “{topic}” moves.", topic=label), chat.start(_("See more"), "you_said")
    )
    _what_keeps_it_from_coming(chat)


def follow_this(chat: Chat) -> None:
    """Started by a button only: which item, and whether to begin or to end."""
    theme = published(chat, chat.answers.get("item", ""))
    if theme is None:
        chat.say(_("I cannot find that any more."), chat.start(_("See what is here"), "you_said"))
    elif chat.answers.get("on") == "no":
        unfollow(chat.session, chat.person, theme)
        chat.say(_("You do not follow this any more."), following_button(chat, theme))
    else:
        agreed(chat)
        follow(chat.session, chat.person, theme)
        chat.say(_("You follow this now. We write to you when it moves."), following_button(chat, theme))
        _what_keeps_it_from_coming(chat)


def _what_keeps_it_from_coming(chat: Chat) -> None:
    """Nothing is promised that is not so: who stopped messages gets none."""
    if chat.person.stopped_at is not None:
        chat.say(_("But you have stopped messages from us. To get this, first type “start”."))


ERRAND = Errand(
    you_said,
    label=lambda: _("You said, we are doing"),
    words=lambda: _("you said|we are doing|what is being done|what are you doing|what happened|news"),
    command="yousaid",
    browsed=True,
)
FOLLOW = Errand(follow_this, label=lambda: _("Follow an item"), in_menu=False, before_welcome=False)
