"""Say what we are doing: pick what families said, say where it stands, see exactly what goes out to whom, and send it.

Nothing is written down before the last tap (`last_look`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from handlers.dialogue import Chat, NotUnderstood
from handlers.labels import clip, distinct, room_for
from handlers.publish.compose import languages_of
from handlers.publish.last_look import ANOTHER, WHOLE, Plan, again_without, last_look
from handlers.when import at as moments_at
from handlers.when import read_clock, read_day
from handlers.you_said import in_short, what_is_done
from locales import _, dates, language_name
from models.broadcast import Move
from models.database import now
from models.feedback import Feedback, Status, seen_by
from models.plain import check
from models.theme import Theme, linkable

NEW, MORE = "new", "more"
A_PAGE = 6
# What fits on a phone with all that stands around it.
LONGEST_TEXT = 500
MOST_REMARKS = 4
# With “something more” and “all of it” that makes ten, the most that WhatsApp lists.
MOST_PARTS = 8
LONGEST_JOB = 60


def publish(chat: Chat) -> None:
    theme = _item(chat)
    topic, said = (theme.topic, theme.said) if theme else ("", "")
    if theme is None:
        said = chat.ask("said", _("What did families say? Write it in one plain sentence."), _short_enough, recall=str)
    if theme is None or "refiled" in chat.answers:
        topic = chat.choose("topic", _("What is it about?"), {one.key: _(one.label) for one in chat.area.topics})
    linked = _linked(chat, topic)
    move = _move(chat, theme)
    at, at_night = _when(chat)
    plan = Plan(theme, topic, said, linked, move, at, at_night)
    last_look(chat, plan)


# -- what it is about


def _item(chat: Chat) -> Theme | None:
    """An item that there is already, or None for a new one; page by page, what moved last first."""
    given = chat.answers.get("item", "")
    page = 0
    while True:
        found = chat.session.scalars(
            select(Theme).order_by(Theme.id.desc()).offset(page * A_PAGE).limit(A_PAGE + 1)
        ).all()
        choices = {NEW: _("Something new")} if page == 0 else {}
        room = room_for(len(found) + 1)
        choices |= {str(theme.id): clip(theme.said, room) for theme in found[:A_PAGE]}
        if page == 0 and given.isdecimal() and (named := chat.session.get(Theme, int(given))) is not None:
            choices.setdefault(given, clip(named.said, room))
        if len(found) > A_PAGE:
            choices[MORE] = _("Show me more")
        lines = [f"– {clip(theme.said, 90)} ({in_short(theme.status)})" for theme in found[:A_PAGE]]
        asked = _("What do you want to say something about?") + "".join(f"\n{line}" for line in lines)
        picked = chat.choose("item" if page == 0 else f"item{page + 1}", asked, choices)
        if picked != MORE:
            return None if picked == NEW else chat.session.get(Theme, int(picked))
        page += 1


def _linked(chat: Chat, topic: str) -> list[Feedback]:
    """What families said about the topic and is answered with this, picked from what is in no item yet."""
    picked: list[Feedback] = []
    page, after = 1, 0
    while True:
        found = linkable(chat.session, topic, chat.person, after=after, most=A_PAGE + 1)
        offered = found[:A_PAGE]
        if not offered:
            if f"link{page}" in chat.answers:  # sent back, and picked already
                chat.answers.pop(f"link{page}")
            return picked
        picked += _picked_of(chat, f"link{page}", offered)
        if len(found) <= A_PAGE:
            return picked
        if chat.agree(
            f"more{page}",
            _("There is more that families said about this. Do you want to look at it too?"),
            yes=_("That is enough"),
            no=_("Show me more"),
        ):
            return picked
        page, after = page + 1, offered[-1].id


def _picked_of(chat: Chat, name: str, offered: Sequence[Feedback]) -> list[Feedback]:
    if name not in chat.answers:
        chat.at_once(lambda: _record_look(chat, offered))
    lines = [f"{feedback.ref}: “{clip(feedback.text, 110)}”" for feedback in offered]
    room = room_for(len(offered) + 1) - len("✓ ")
    asked = _("Which of these are about it? Whoever said it is told, with their own words.")
    marked = chat.several(
        name,
        "\n".join([asked, *lines]),
        {str(feedback.id): clip(f"{feedback.ref} {feedback.text}", room) for feedback in offered},
    )
    return [feedback for feedback in offered if str(feedback.id) in marked]


def _record_look(chat: Chat, offered: Sequence[Feedback]) -> None:
    for feedback in offered:
        seen_by(chat.session, feedback, chat.person, f"conversation:{chat.conversation.id}")


# -- what is said about it


def _part(chat: Chat, theme: Theme | None) -> dict[str, Any]:
    """Which of the things that are being done about the item this is about; one more; or all of it."""
    if theme is None or not theme.actions:
        return {}
    there = {str(one.id): one for one in theme.actions[-MOST_PARTS:]}
    room = room_for(len(there) + 2)
    labels = {number: clip(what_is_done(one), room) for number, one in there.items()}
    lines = [f"– {clip(what_is_done(one), 90)} ({in_short(one.status)})" for one in there.values()]
    picked = chat.choose(
        "part",
        "\n".join([_("Which part of it is this about?"), *lines]),
        {**distinct(labels, room), ANOTHER: _("Something more"), **({WHOLE: _("All of it")} if len(there) > 1 else {})},
        words={ANOTHER: _("more|new|another"), WHOLE: _("all|everything")},
    )
    return {"another": True} if picked == ANOTHER else {"action": there.get(picked)}


def _move(chat: Chat, theme: Theme | None) -> Move:
    part = _part(chat, theme)
    status = chat.choose(
        "status",
        _("Where does it stand?"),
        {
            Status.LOOKING: _("We are looking into it"),
            Status.DOING: _("We are doing it"),
            Status.DONE: _("It is done"),
            Status.CANNOT: _("We can't do it"),
            Status.HEARD: _("We have heard it"),
        },
        words={Status.CANNOT: _("cannot|can't|no"), Status.HEARD: _("heard")},
    )
    asked = _("What is being done about it? Write it for families, in plain words.")
    if status is Status.CANNOT:
        asked = _("Why not? Families read: “We can't do this, because: …”")
    english = chat.ask("doing", asked, _short_enough, recall=str)
    if not _plain_enough(chat, english):
        again_without(chat, "doing")
        chat.finish()
    organisation = _who(chat)
    job = ""
    if status in (Status.LOOKING, Status.DOING):
        job = chat.ask("job", _("Which job or team there does it? Not a name."), _short_job, recall=str, skip=_("Skip"))
    due = _by(chat) if status in (Status.LOOKING, Status.DOING) else None
    return Move(status, {"en": english, **_other_languages(chat)}, organisation, due, role=job or "", **part)


def _short_job(text: str) -> str:
    job = " ".join(text.split())
    if len(job) > LONGEST_JOB:
        raise NotUnderstood(_("Please use {most} letters or fewer.", most=LONGEST_JOB))
    return job


def _short_enough(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(
            _(
                "That is too long for a phone: {count} letters. Please use {most} or fewer.",
                count=len(text),
                most=LONGEST_TEXT,
            )
        )
    return text


def _who(chat: Chat) -> str | None:
    room = room_for(len(chat.area.organisations))
    offered = {one.key: clip(_(one.name), room) for one in chat.area.organisations}
    if len(offered) == 1:
        return next(iter(offered))
    return chat.choose("who", _("Who does it?"), offered)


def _by(chat: Chat) -> date | None:
    """The day, counted from the area's today. One that is over is a slip."""
    today = chat.area.today(now())

    def read(text: str) -> date:
        day = read_day(text, today)
        if day < today:
            raise NotUnderstood(_("{day} is over. Please give a day to come.", day=dates.day(day)))
        return day

    answer: date | None = chat.ask(
        "by",
        _("By which day? You can type “12 March”, “in 2 weeks” or “next Friday”."),
        read,
        recall=date.fromisoformat,
        skip=_("No day yet"),
    )
    return answer


def _other_languages(chat: Chat) -> dict[str, str]:
    """What is left out goes in English: nothing is translated by a machine."""
    texts = {}
    for code in languages_of(chat.area)[1:]:
        text = chat.ask(
            f"in_{code}",
            _(
                "Do you have it in {language}? If not, it goes to these families in English.",
                language=language_name(code),
            ),
            _short_enough,
            recall=str,
            skip=_("Skip"),
        )
        if text:
            texts[code] = text
    return texts


def _plain_enough(chat: Chat, text: str) -> bool:
    """What could be plainer is said before it goes out (H4). It is advice: the writer decides."""
    remarks = check(text, chat.area.glossary)
    if not remarks:
        return True
    asked = [_("This could be plainer:"), *(f"– {remark.text}" for remark in remarks[:MOST_REMARKS])]
    return chat.agree("plain", "\n".join(asked), yes=_("Keep it like this"), no=_("Change it"))


# -- when


def _when(chat: Chat) -> tuple[datetime | None, bool]:
    """When it goes (UTC; None: now), and whether it may go in the quiet hours."""
    quiet = chat.area.quiet(now())
    choices = {"now": _("Now"), "later": _("At a time")}
    if quiet or chat.answers.get("when") == "night":
        waking = dates.clock(chat.area.next_waking(now()), chat.area.zone)
        choices = {"now": _("At {clock}", clock=waking), "later": _("At another time"), "night": _("Now, at night")}
    picked = chat.choose("when", _("When should it go out?"), choices)
    if picked != "later":
        return None, picked == "night"
    today = chat.area.today(now())
    day = chat.ask(
        "day", _("On which day?"), lambda text: _to_come(read_day(text, today), today), recall=date.fromisoformat
    )
    at = chat.ask(
        "clock", _("At what time?"), lambda text: _ahead(chat, day, read_clock(text)), recall=datetime.fromisoformat
    )
    if not chat.area.quiet(at):
        return at, False
    awake = chat.area.next_waking(at)
    morning = chat.agree(
        "night",
        _(
            "Nothing is usually sent at that hour. Shall it wait until {moment}?",
            moment=dates.moment(awake, chat.area.zone),
        ),
        yes=_("Let it wait"),
        no=_("Send it at night"),
    )
    return (awake, False) if morning else (at, True)


def _to_come(day: date, today: date) -> date:
    if day < today:
        raise NotUnderstood(_("{day} is over. Please give a day to come.", day=dates.day(day)))
    return day


def _ahead(chat: Chat, day: date, clock: time) -> datetime:
    moments = moments_at(day, clock, chat.area.zone)
    if not moments:
        raise NotUnderstood(_("The clocks go forward then, and skip that hour. Please type another time."))
    if moments[0] <= now():
        raise NotUnderstood(_("That time is over. Please type a later one."))
    return moments[0]
