"""Say what we are doing: pick what families said, say where it stands, see exactly what goes out to whom, and send it.

Nothing is written down before the last tap. Until then the item and its links are made on trial, so that the database
itself counts who would be written to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from handlers import taps
from handlers.dialogue import Chat, NotUnderstood
from handlers.labels import clip, room_for
from handlers.publish import compose
from handlers.publish.going import write_to_staff
from handlers.publish.preview import handed_in_preview, left_out, preview
from handlers.when import at as moments_at
from handlers.when import read_clock, read_day
from handlers.you_said import in_short
from locales import _, dates, languages, speaking
from models.audience import Count, audience_size
from models.broadcast import Broadcast, BroadcastState, Move, hand_in, stop
from models.database import now
from models.feedback import Feedback, Status, seen_by
from models.message import Button
from models.plain import check
from models.role import Permission, staff_who_may
from models.theme import Theme, link, linkable, new_theme, put_under

NEW, MORE = "new", "more"
A_PAGE = 6
# What fits on a phone with all that stands around it.
LONGEST_TEXT = 500
MOST_REMARKS = 4
# What has to be asked again when one thing changes.
GOES_WITH = {
    "said": ("said", "topic"),
    "topic": ("topic",),
    "status": ("status", "doing", "plain", "by"),
    "doing": ("doing", "plain"),
    "who": ("who",),
    "by": ("by",),
    "when": ("when", "day", "clock", "night"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """All that was answered: about what, in whose words, what is said about it, and when (UTC; None: now)."""

    theme: Theme | None
    topic: str
    said: str
    linked: Sequence[Feedback]
    move: Move
    at: datetime | None
    at_night: bool


def publish(chat: Chat) -> None:
    theme = _item(chat)
    topic, said = (theme.topic, theme.said) if theme else ("", "")
    if theme is None:
        said = chat.ask("said", _("What did families say? Write it in one plain sentence."), _short_enough, recall=str)
    if theme is None or "refiled" in chat.answers:
        topic = chat.choose("topic", _("What is it about?"), {one.key: _(one.label) for one in chat.area.topics})
    linked = _linked(chat, topic)
    move = _move(chat)
    at, at_night = _when(chat)
    plan = Plan(theme, topic, said, linked, move, at, at_night)
    _decide(chat, plan)


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


def _move(chat: Chat) -> Move:
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
        _again_without(chat, "doing")
        chat.finish()
    organisation = _who(chat)
    due = _by(chat) if status in (Status.LOOKING, Status.DOING) else None
    return Move(status, {"en": english, **_other_languages(chat)}, organisation, due)


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
    for code in compose.languages_of(chat.area)[1:]:
        text = chat.ask(
            f"in_{code}",
            _(
                "Do you have it in {language}? If not, it goes to these families in English.",
                language=languages()[code].own_name,
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


# -- the last look


def _decide(chat: Chat, plan: Plan) -> None:
    trial = chat.session.begin_nested()
    theme = plan.theme or new_theme(chat.session, plan.topic, plan.said, chat.person)
    if theme.topic != plan.topic:
        put_under(chat.session, theme, plan.topic, chat.person)
    for feedback in plan.linked:
        link(chat.session, feedback, theme, chat.person)
    item = compose.Item(theme, plan.move, promised=theme.newest.due if theme.newest else None)
    count = audience_size(chat.session, f"theme:{theme.id}")
    decided = _last_look(chat, item, count, plan.at)
    if decided == "send":
        trial.commit()
        _hand_in(chat, item, plan)
        return
    trial.rollback()
    if decided == "drop":
        chat.say(_("That is thrown away. Nothing of it was sent."))
        return
    changed = chat.choose("what", _("What would you like to change?"), _changeable(chat))
    _again_without(chat, changed)


def _changeable(chat: Chat) -> dict[str, str]:
    labels = {
        "doing": _("The words"),
        "status": _("Where it stands"),
        "who": _("Who does it"),
        "by": _("By which day"),
        "when": _("When it goes out"),
        "said": _("What families said"),
        "topic": _("What it is about"),
        "in": _("Another language"),
        "link": _("Whose words it is about"),
    }
    asked = set(chat.answers)
    return {
        name: label
        for name, label in labels.items()
        if name in asked
        or name == "topic"
        or any(one.startswith(("in_", "link")) and one.startswith(name) for one in asked)
    }


def _again_without(chat: Chat, changed: str) -> None:
    """Go through it once more with every answer filled in but the one to be changed."""
    forgotten = {"sure", "what", *GOES_WITH.get(changed, ())}
    if changed in ("doing", "status", "in"):
        forgotten |= {name for name in chat.answers if name.startswith("in_")}
    if changed in ("said", "topic", "link"):
        forgotten |= {name for name in chat.answers if name.startswith(("link", "more"))}
    kept = {name: answer for name, answer in chat.answers.items() if name not in forgotten}
    if changed == "topic":
        kept["refiled"] = "yes"
    chat.then("publish", **kept)


def _last_look(chat: Chat, item: compose.Item, count: Count, at: datetime | None) -> str:
    for text in preview(chat.area, item, count):
        chat.say(text)
    lines = left_out(count)
    if at is not None:
        lines.append(_("It goes out on {moment}.", moment=dates.moment(at, chat.area.zone)))
    lines.append(_("It will also stand in “You said, we are doing”, for everybody to see."))
    send = _("Send it")
    if chat.area.publication.needs_approval:
        send = _("Ask a colleague")
        lines.append(_("A second person has to look at it first."))
    return chat.choose(
        "sure",
        "\n".join(lines),
        {"send": send, "change": _("Change something"), "drop": _("Throw it away")},
        words={"send": _("yes|ok|send"), "drop": _("no|throw away|cancel")},
    )


def _hand_in(chat: Chat, item: compose.Item, plan: Plan) -> None:
    needs_approval = chat.area.publication.needs_approval
    before = chat.session.get(Broadcast, int(chat.answers.get("again", 0)))
    if before is not None and before.state is BroadcastState.DRAFT:
        stop(chat.session, before, chat.person)
    broadcast = hand_in(
        chat.session,
        f"theme:{item.theme.id}",
        item.move.texts,
        compose.about_item(chat.area, item),
        at=plan.at,
        by=chat.person,
        needs_approval=needs_approval,
        at_night=plan.at_night,
        move=item.move,
    )
    look = chat.start(_("How far is it?"), "sent", which=broadcast.id)
    if not needs_approval:
        chat.say(
            _("Thank you. It goes out at the time you gave.") if plan.at else _sent_now(chat, at_night=plan.at_night),
            look,
        )
        return
    asked = _ask_colleagues(chat, broadcast)
    if asked:
        chat.say(_("Thank you. I have asked a colleague to look at it. You will hear what they say."), look)
    else:
        chat.say(_("It is kept, but there is nobody yet who may approve it. An admin can invite somebody."), look)


def _sent_now(chat: Chat, *, at_night: bool) -> str:
    if chat.area.quiet(now()) and not at_night:
        return _("Thank you. It goes out when the quiet hours are over.")
    return _("Thank you. It goes out now.")


def _ask_colleagues(chat: Chat, broadcast: Broadcast) -> int:
    """Everybody who may approve, but not the author, gets the preview with both buttons."""
    colleagues = [one for one in staff_who_may(chat.session, Permission.APPROVE) if one.id != chat.person.id]
    for colleague in colleagues:
        with speaking(colleague.language):
            asked = _("A colleague asks you to look at this before it goes out.")
            write_to_staff(
                chat.session,
                colleague,
                "\n".join([asked, *handed_in_preview(chat.session, chat.area, broadcast)]),
                Button(_("Approve"), taps.start("approve", {"which": broadcast.id, "verdict": "yes"})),
                Button(_("Send back"), taps.start("approve", {"which": broadcast.id, "verdict": "no"})),
            )
    return len(colleagues)


def _when_before(broadcast: Broadcast) -> dict[str, Any]:
    """The time that was given, unless it is over by now."""
    if broadcast.at <= now():
        return {"when": "night" if broadcast.at_night else "now"}
    night = {"night": "no"} if broadcast.at_night else {}
    return {"when": "later", "day": broadcast.at.date().isoformat(), "clock": broadcast.at.isoformat(), **night}


def filled_from(broadcast: Broadcast) -> dict[str, Any]:
    """The answers that led to a broadcast that was sent back, for going through it again."""
    texts = broadcast.texts
    answers: dict[str, Any] = {
        "item": str(broadcast.theme_id),
        "status": broadcast.status.value if broadcast.status else Status.HEARD.value,
        "doing": texts["en"],
        "who": broadcast.organisation,
        "plain": "yes",
        **_when_before(broadcast),
        "again": str(broadcast.id),
        # What was left out stays left out: None is a skipped answer.
        **{f"in_{code}": texts.get(code) for code in languages() if code != "en"},
    }
    if broadcast.status in (Status.LOOKING, Status.DOING):
        answers["by"] = broadcast.due.isoformat() if broadcast.due else None
    return answers
