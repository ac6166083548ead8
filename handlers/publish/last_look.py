"""The last look before a publication is handed in: what each group gets, how many they are, who is left out and why.

The item and its links are made on trial, so that the database itself counts who would be written to; what is not sent
is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.dialogue import Chat
from handlers.publish import compose, naming
from handlers.publish.handing_in import Ready, ask_colleagues, handed_in
from handlers.publish.preview import left_out, preview
from locales import _, dates, languages
from models.audience import Count
from models.broadcast import Broadcast, Move, second_persons, who_would_get_it
from models.database import now
from models.feedback import Feedback, Status
from models.personal import masked
from models.personal.allowed import allow, allowed_in
from models.theme import Theme, link, new_theme, put_under

# The answer that one more thing is being done, beside what is done already; and that it is about all of it.
ANOTHER, WHOLE = "another", "whole"
# What has to be asked again when one thing changes.
GOES_WITH = {
    "said": ("said", "topic"),
    "topic": ("topic",),
    "status": ("status", "doing", "plain", "by"),
    "doing": ("doing", "plain"),
    "who": ("who", "job"),
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


def last_look(chat: Chat, plan: Plan) -> None:
    about = f"theme:{plan.theme.id}" if plan.theme else None
    said = plan.theme.said if plan.theme else plan.said
    personal = naming.decided(chat, about, [said, plan.move.role, *plan.move.texts.values()])
    if personal == naming.CHANGE:
        again_without(chat, _where_it_stands_in(plan, said, chat))
        return
    trial = chat.session.begin_nested()
    theme = plan.theme or new_theme(chat.session, plan.topic, plan.said, chat.person)
    if theme.topic != plan.topic:
        put_under(chat.session, theme, plan.topic, chat.person)
    for feedback in plan.linked:
        link(chat.session, feedback, theme, chat.person)
    if personal == naming.MASK:
        allowed = allowed_in(chat.session, f"theme:{theme.id}")
        theme.said = masked(theme.said, allowed)
        texts = {code: masked(text, allowed) for code, text in plan.move.texts.items()}
        plan = replace(plan, move=replace(plan.move, texts=texts, role=masked(plan.move.role, allowed)))
    elif personal == naming.ALLOW:
        allow(chat.session, f"theme:{theme.id}", [theme.said, plan.move.role, *plan.move.texts.values()], chat.person)
    item = compose.Item(theme, plan.move, promised=compose.promised_before(theme, plan.move))
    count = who_would_get_it(chat.session, f"theme:{theme.id}", chat.area.publication.most_a_week)
    decided = _decided(chat, item, count, plan.at)
    if decided == "send":
        trial.commit()
        _hand_in(chat, item, plan)
        return
    trial.rollback()
    if decided == "drop":
        chat.say(_("That is thrown away. Nothing of it was sent."))
        return
    changed = chat.choose("what", _("What would you like to change?"), _changeable(chat))
    again_without(chat, changed)


def _where_it_stands_in(plan: Plan, said: str, chat: Chat) -> str:
    """Which of the answers is written again: the one with the personal data in it."""
    allowed = allowed_in(chat.session, plan.theme.about) if plan.theme else frozenset()
    if not plan.theme and naming.found_in([said], allowed):
        return "said"
    return "doing" if naming.found_in(plan.move.texts.values(), allowed) else "who" if plan.move.role else "doing"


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


def again_without(chat: Chat, changed: str) -> None:
    """Go through it once more with every answer filled in but the one to be changed."""
    forgotten = {"sure", "what", "personal", *GOES_WITH.get(changed, ())}
    if changed in ("doing", "status", "in"):
        forgotten |= {name for name in chat.answers if name.startswith("in_")}
    if changed in ("said", "topic", "link"):
        forgotten |= {name for name in chat.answers if name.startswith(("link", "more"))}
    kept = {name: answer for name, answer in chat.answers.items() if name not in forgotten}
    if changed == "topic":
        kept["refiled"] = "yes"
    chat.then("publish", **kept)


def _decided(chat: Chat, item: compose.Item, count: Count, at: datetime | None) -> str:
    for text in preview(chat.area, item, count):
        chat.say(text)
    lines = left_out(count)
    if at is not None:
        lines.append(_("It goes out on {moment}.", moment=dates.moment(at, chat.area.zone)))
    lines.append(_("Everybody can see it on “You said, we are doing” too."))
    send = _("Send it")
    if chat.area.publication.needs_approval:
        send = _("Ask a colleague") if second_persons(chat.session, chat.person.id) else _("Keep it waiting")
        lines.append(_second_person(chat))
    return chat.choose(
        "sure",
        "\n".join(lines),
        {"send": send, "change": _("Change something"), "drop": _("Throw it away")},
        words={"send": _("yes|ok|send"), "drop": _("no|throw away|cancel")},
    )


def _second_person(chat: Chat) -> str:
    if second_persons(chat.session, chat.person.id):
        return _("A second person has to look at it first.")
    return _("A second person has to look at it first, but nobody else here may do that. It waits until somebody may.")


def _hand_in(chat: Chat, item: compose.Item, plan: Plan) -> None:
    needs_approval = chat.area.publication.needs_approval
    ready = Ready(
        f"theme:{item.theme.id}",
        item.move.texts,
        compose.about_item(chat.area, item),
        plan.at,
        plan.at_night,
        item.move,
        before=chat.session.get(Broadcast, int(chat.answers.get("again", 0))),
    )
    broadcast = handed_in(chat, ready)
    look = chat.start(_("How far is it?"), "sent", which=broadcast.id)
    if not needs_approval:
        chat.say(
            _("Thank you. It goes out at the time you gave.") if plan.at else _sent_now(chat, at_night=plan.at_night),
            look,
        )
        return
    asked = ask_colleagues(chat, broadcast)
    if asked and chat.area.quiet(now()) and not broadcast.at_night:
        clock = dates.clock(chat.area.next_waking(now()), chat.area.zone)
        chat.say(_("Thank you. I ask a colleague at {clock}: nobody is written to at night.", clock=clock), look)
    elif asked:
        chat.say(_("Thank you. I have asked a colleague to look at it. You will hear what they say."), look)
    else:
        chat.say(
            _(
                "It is kept, and waits: nobody else here may approve it. An admin can invite an approver under "
                "“Colleagues”. They find it under “What we sent”."
            ),
            look,
        )


def _sent_now(chat: Chat, *, at_night: bool) -> str:
    if chat.area.quiet(now()) and not at_night:
        return _("Thank you. It goes out when the quiet hours are over.")
    return _("Thank you. It goes out now.")


def _when_before(broadcast: Broadcast) -> dict[str, Any]:
    """The time that was given, unless it is over by now."""
    if broadcast.at <= now():
        return {"when": "night" if broadcast.at_night else "now"}
    night = {"night": "no"} if broadcast.at_night else {}
    return {"when": "later", "day": broadcast.at.date().isoformat(), "clock": broadcast.at.isoformat(), **night}


def _part_before(broadcast: Broadcast) -> dict[str, Any]:
    if broadcast.another:
        return {"part": ANOTHER}
    return {"part": str(broadcast.action_id)} if broadcast.action_id is not None else {}


def filled_from(broadcast: Broadcast) -> dict[str, Any]:
    """The answers that led to a broadcast that was sent back, for going through it again."""
    texts = broadcast.texts
    answers: dict[str, Any] = {
        "item": str(broadcast.theme_id),
        "status": broadcast.status.value if broadcast.status else Status.HEARD.value,
        "doing": texts["en"],
        "who": broadcast.organisation,
        "job": broadcast.role or None,
        **_part_before(broadcast),
        "plain": "yes",
        **_when_before(broadcast),
        "again": str(broadcast.id),
        # What was left out stays left out: None is a skipped answer.
        **{f"in_{code}": texts.get(code) for code in languages() if code != "en"},
    }
    if broadcast.status in (Status.LOOKING, Status.DOING):
        answers["by"] = broadcast.due.isoformat() if broadcast.due else None
    return answers
