"""Items: what several families said together. The list, and one of them with all that led to it and came of it.

Nothing on these pages is seen by families until it is published; what they read is written on a page of its own
(`publish`). Suggestions are shown when they are asked for, since they hold families' words, and each look is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from bot.web.desk.colleagues import colleague, colleagues_named
from bot.web.desk.feedback import marked
from bot.web.desk.page import Act, Desk, Go, NotThere, Page, Wrong
from bot.web.desk.paging import By, paged
from handlers.feedback_words import how_many_people, statuses, topic_label
from handlers.ladder import choices, explained, rungs
from handlers.meant import ask_behind
from handlers.themes import LONGEST_SAID, happened
from handlers.you_said import in_short, organisation_name, what_is_done
from locales import _, dates
from models import theme as themes
from models.abuse import hard_words, softened
from models.database import now
from models.feedback import Feedback, Status, visible_to, with_reference
from models.person import Person, digest
from models.role import GRANTS, Permission, Role
from models.rung import Rung
from models.theme import Action, ItemFilters, Theme

NEWEST_FIRST = (By(Theme.id, int, descending=True),)
NEWEST_WORDS = (By(Feedback.id, int, descending=True),)
WORDS_A_PAGE = 10
LONGEST_SEARCH = 200
MINE, LATE, UNSEEN, YES = "mine", "late", "unseen", "yes"


def number_in(text: str) -> int | None:
    """The number of a row, as a form or an address has it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def theme_of(desk: Desk) -> Theme:
    found = desk.session.get(Theme, desk.names["number"]) if desk.names["number"] < 2**63 else None
    if found is None:
        raise NotThere
    return found


def version(theme: Theme) -> str:
    """Changes with what it says, where it stands, and who looks after it."""
    newest = theme.newest.id if theme.newest is not None else 0
    return f"{newest}.{hash_of(theme.said, theme.topic, theme.priority or '', str(theme.owner_id), theme.rung or '')}"


def hash_of(*texts: str) -> str:
    return digest("\0".join(texts))[:16]


# -- the list


def show_list(desk: Desk) -> Response:
    query = themes.items_like(desk.session, desk.person, asked_for(desk))
    page = paged(desk.session, query, NEWEST_FIRST, desk.fields.get("after", ""))
    fields = {name: desk.fields[name] for name in _FILTERS if desk.fields.get(name)}
    return desk.page(
        "themes.html",
        _("Items"),
        page=page,
        kept=fields,
        chosen={name: desk.fields.get(name, "") for name in _FILTERS},
        rows=[_row(desk, one) for one in page.rows],
        who=colleagues_named(desk.session, desk.area, [one.owner_id for one in page.rows]),
        topics=_topics(desk),
        statuses=[(one.value, label) for one, label in statuses().items()],
        owners=[(MINE, _("Only mine")), *_owners(desk)],
        shows=[(LATE, _("Only late ones")), (UNSEEN, _("Not shown to families yet"))],
        publishes=desk.may(Permission.PUBLISH),
        draft=desk.draft("make"),
        priorities=_priorities(desk),
    )


_FILTERS = ("words", "topic", "priority", "status", "owner", "show")


def asked_for(desk: Desk) -> ItemFilters:
    """What stands in the address; anything unknown counts as not asked."""
    asked = desk.fields
    owner = desk.person.id if asked.get("owner") == MINE else number_in(asked.get("owner", ""))
    return ItemFilters(
        topic=desk.chosen("topic", [one.key for one in desk.area.topics]),
        priority=desk.chosen("priority", [key for key, _label in _priorities(desk)]),
        status=Status(asked["status"]) if asked.get("status") in list(Status) else None,
        owner=owner,
        late_on=desk.area.today(now()) if asked.get("show") == LATE else None,
        unseen=asked.get("show") == UNSEEN,
        words=asked.get("words", "").strip()[:LONGEST_SEARCH],
    )


@dataclass(frozen=True, slots=True)
class Row:
    theme: Theme
    topic: str
    status: str
    # By when the next thing was promised, and whether that day has passed.
    due: str
    late: bool


def _row(desk: Desk, theme: Theme) -> Row:
    days = [one.due for one in theme.actions if one.due is not None and one.goes_on]
    next_one = min(days, default=None)
    late = next_one is not None and next_one < desk.area.today(now())
    return Row(
        theme,
        topic_label(desk.area, theme.topic),
        in_short(theme.status),
        _promised(next_one, late=late) if next_one is not None else "",
        late,
    )


def _promised(day: date, *, late: bool) -> str:
    return _("late since {day}", day=dates.short_day(day)) if late else _("due {day}", day=dates.short_day(day))


def _topics(desk: Desk) -> list[tuple[str, str]]:
    return [(one.key, _(one.label)) for one in desk.area.topics]


def _priorities(desk: Desk) -> list[tuple[str, str]]:
    return [(one.key, _(one.title)) for one in desk.area.priorities]


def _owners(desk: Desk) -> list[tuple[str, str]]:
    """Everybody who may look after an item."""
    names = [name for name, granted in GRANTS.items() if Permission.PUBLISH in granted]
    roles = desk.session.scalars(select(Role).where(Role.ended.is_(None), Role.name.in_(names)).order_by(Role.id))
    first: dict[int, Role] = {}
    for role in roles:
        first.setdefault(role.person_id, role)
    return [(str(number), colleague(desk.area, role)) for number, role in first.items()]


def make(desk: Desk) -> Go:
    said = desk.text("said", required=_("Write what families said, in one plain sentence."), most=LONGEST_SAID)
    keys = [key for key, _label in _topics(desk)]
    topic = desk.chosen("topic", keys, required=_("Choose what it is about."))
    priority = desk.chosen("priority", [key for key, _label in _priorities(desk)]) or None
    theme = themes.new_theme(desk.session, topic, said, desk.person, priority=priority)
    desk.sent("make")
    return Go(f"{PAGE.address}/{theme.id}", _("The item is made. Families do not see it yet."))


# -- one of them


def show(desk: Desk) -> Response:
    theme = theme_of(desk)
    publishes = desk.may(Permission.PUBLISH)
    inside = select(Feedback).where(Feedback.theme_id == theme.id, visible_to(desk.session, desk.person))
    words = paged(desk.session, inside, NEWEST_WORDS, desk.fields.get("after", ""), WORDS_A_PAGE)
    alike: Sequence[Feedback] = ()
    if publishes and desk.fields.get("suggest") == YES:
        alike = themes.suggest_feedback(desk.session, theme, desk.person)
    meant = [one for one in themes.meant_instead(desk.session, theme, desk.person) if one.words]
    for feedback in (*words.rows, *alike, *(one.feedback for one in meant)):
        desk.look(feedback.about)
    events = themes.history(desk.session, theme, desk.person)
    return desk.page(
        "theme.html",
        _("Item {number}", number=theme.id),
        theme=theme,
        topic=topic_label(desk.area, theme.topic),
        stands=in_short(theme.status),
        priority=desk.area.priority(theme.priority),
        who=colleagues_named(desk.session, desk.area, [theme.owner_id, *(one.by_id for one in events)]),
        publishes=publishes,
        words=words,
        suggest=desk.fields.get("suggest") == YES,
        alike=alike,
        marked=marked,
        hard=hard_words,
        softened=softened,
        people=themes.how_many_said(desk.session, theme),
        to_ask=len(themes.can_be_asked(desk.session, theme)) if publishes else 0,
        asked=themes.meant_counts(desk.session, theme),
        meant=meant,
        actions=[_doing(desk, one) for one in theme.actions],
        judged=_judged(desk, theme),
        events=[(one.at, one.by_id, happened(desk.area, one)) for one in reversed(events)],
        seen=version(theme),
        drafts={name: desk.draft(f"{name}:{theme.id}") for name in ("change", "note")},
        topics=_topics(desk),
        priorities=_priorities(desk),
        rung=rungs()[theme.rung] if theme.rung else "",
        rungs=choices(),
        meanings=explained(),
        owners=_owners(desk),
    )


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that is being done about it."""

    action: Action
    words: str
    status: str
    who: str
    due: str
    late: bool


def _doing(desk: Desk, action: Action) -> Doing:
    late = action.goes_on and action.due is not None and action.due < desk.area.today(now())
    organisation = organisation_name(desk.area, action.organisation)
    return Doing(
        action,
        what_is_done(action),
        in_short(action.status),
        ", ".join(filter(None, [organisation, action.role])),
        dates.day(action.due) if action.due is not None else "",
        late,
    )


def _judged(desk: Desk, theme: Theme) -> dict[str, Any] | None:
    """What families say of what was called done; numbers that could point to one of them are not shown."""
    said = themes.verdicts_on(desk.session, theme)
    if not said.better and not said.not_yet:
        return None
    done = next(one for one in reversed(theme.updates) if one.status is Status.DONE)
    words = themes.words_not_right(desk.session, done, desk.person)
    if words:
        desk.look(f"update:{done.id}")
    return {
        "better": how_many_people(desk.area, said.better),
        "not_yet": how_many_people(desk.area, said.not_yet),
        "words": words,
        "reopened": themes.reopened(theme),
    }


def change(desk: Desk) -> Go:
    """What it says, what it is about, its priority, its rung, and who looks after it."""
    theme = theme_of(desk)
    said = desk.text("said", required=_("Write what families said, in one plain sentence."), most=LONGEST_SAID)
    topic = desk.chosen("topic", [key for key, _label in _topics(desk)]) or theme.topic
    priority = desk.chosen("priority", [key for key, _label in _priorities(desk)]) or None
    rung = desk.chosen("rung", list(Rung))
    number = number_in(desk.chosen("owner", [key for key, _label in _owners(desk)]))
    owner = desk.session.get(Person, number) if number is not None else None
    desk.unless_changed(version(theme))
    themes.reword(desk.session, theme, said, desk.person)
    themes.put_under(desk.session, theme, topic, desk.person)
    themes.give_priority(desk.session, theme, priority, desk.person)
    themes.name_rung(desk.session, theme, Rung(rung) if rung else None, desk.person)
    if owner is not None:
        themes.give_owner(desk.session, theme, owner, desk.person)
    desk.sent(f"change:{theme.id}")
    return Go(desk.address, _("It is changed. The history says so."))


def put_in(desk: Desk) -> Go:
    """One tap beside a suggestion, or a reference that somebody has in mind."""
    theme = theme_of(desk)
    feedback = with_reference(desk.session, desk.person, desk.text("ref", required=_("Write its reference."))[:20])
    if feedback is None:
        raise Wrong({"ref": _("I do not find that reference.")})
    themes.link(desk.session, feedback, theme, desk.person)
    more = f"?suggest={YES}" if desk.fields.get("suggest") == YES else ""
    return Go(desk.address + more, _("{ref} is part of it now. Whoever said it hears when it moves.", ref=feedback.ref))


def take_out(desk: Desk) -> Go:
    theme = theme_of(desk)
    feedback = with_reference(desk.session, desk.person, desk.fields.get("ref", "")[:20])
    if feedback is None or feedback.theme_id != theme.id:
        raise Wrong({"": _("That is not part of it any more.")}, 409)
    themes.unlink(desk.session, feedback, desk.person)
    return Go(desk.address, _("{ref} is not part of it any more.", ref=feedback.ref))


def ask(desk: Desk) -> Go:
    theme = theme_of(desk)
    desk.unless_changed(version(theme))
    return Go(desk.address, ask_behind(desk.session, desk.area, theme, desk.person))


def note(desk: Desk) -> Go:
    theme = theme_of(desk)
    themes.note(desk.session, theme, desk.text("note", required=_("Write your note first.")), desk.person)
    desk.sent(f"note:{theme.id}")
    return Go(desk.address, _("It is kept in the history."))


PAGE = Page("/items", Permission.READ, show_list, {"make": Act(Permission.PUBLISH, make)}, label=lambda: _("Items"))
ONE = Page(
    "/items/{number:int}",
    Permission.READ,
    show,
    {
        "change": Act(Permission.PUBLISH, change),
        "put-in": Act(Permission.PUBLISH, put_in),
        "take-out": Act(Permission.PUBLISH, take_out),
        "ask": Act(Permission.PUBLISH, ask, others=True),
        "note": Act(Permission.ANSWER, note),
    },
)
