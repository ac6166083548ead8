"""The form of a meeting, for calling one and for changing it: what stands in it, and how it is read.

It is looked at once before anybody is told: the page is shown again as families will read it, with how many there are,
and only those very words are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.web.desk.page import Desk, Wrong
from handlers.call_meeting import fields
from handlers.dialogue import NotUnderstood
from handlers.meetings.words import audience_label, way_label
from handlers.when import at, read_minutes
from handlers.when.length import LONGEST, SHORTEST
from locales import _, dates, ngettext
from models.area import Area
from models.database import now
from models.meeting import Draft, Way, clashes, needs_reason, notice_days
from models.person import digest
from models.plain import Remark, check

KINDS = ("everyone", "parents", "young", "asked")
USUAL_MINUTES = 90


def choices(area: Area) -> list[tuple[str, str]]:
    """For whom a meeting can be."""
    return [(one, audience_label(one, area)) for one in (*KINDS, *(f"topic:{topic.key}" for topic in area.topics))]


def way_choices() -> list[tuple[str, str]]:
    return [(f"way_{way.value}", way_label(way)) for way in Way]


def filled_in(draft: Draft, area: Area) -> dict[str, str]:
    """The fields of the form as a meeting stands now."""
    here = area.local(draft.starts)
    return {
        "title": draft.title,
        "purpose": draft.purpose,
        "day": here.date().isoformat(),
        "clock": f"{here:%H:%M}",
        "minutes": str(draft.minutes),
        "place": draft.place or "",
        "link": draft.link or "",
        "phone": draft.phone or "",
        "audience": draft.audience,
        "for_whom": draft.for_whom or "",
        "reason": draft.short_notice_because or "",
        **{f"way_{way.value}": "yes" for way in draft.ways},
    }


def read(desk: Desk, before: Draft | None = None) -> Draft:
    """The meeting as it was typed. Raises `Wrong` with everything that does not do.

    `before`: what it is changed from. Whom it is for stays as it was, since they have been told."""
    wrong: dict[str, str] = {}

    def tried(name: str, reading: Callable[[], Any]) -> Any:
        try:
            return reading()
        except NotUnderstood as error:
            wrong[name] = str(error)
        except Wrong as error:
            wrong.update(error.problems)
        return None

    title = tried("title", lambda: fields.read_title(desk.text("title", required=_("Give the meeting a title."))))
    purpose = tried(
        "purpose", lambda: fields.short_text(desk.text("purpose", required=_("Say what it is for. Families read it.")))
    )
    starts = tried("day", lambda: _starts(desk, before))
    minutes = tried("minutes", lambda: read_minutes(desk.text("minutes")))
    ways = tuple(way for way in Way if desk.fields.get(f"way_{way.value}") == "yes")
    if not ways:
        wrong[f"way_{Way.IN_PERSON.value}"] = _("Choose at least one way to take part.")
    place = tried("place", lambda: _or_none(desk, "place", fields.short_text))
    link = tried("link", lambda: _or_none(desk, "link", fields.read_link))
    phone = tried("phone", lambda: _or_none(desk, "phone", fields.read_phone))
    for_whom = tried("for_whom", lambda: _or_none(desk, "for_whom", fields.read_title)) if before is None else None
    audience = desk.chosen("audience", [key for key, _label in choices(desk.area)]) or "everyone"
    if wrong:
        raise Wrong(wrong)
    draft = Draft(title, purpose, starts, minutes, ways, place, link, phone, audience, for_whom)
    if before is not None:
        draft = replace(draft, audience=before.audience, for_whom=before.for_whom)
    return _with_reason(desk, draft, before)


def _starts(desk: Desk, before: Draft | None) -> datetime:
    """The moment (UTC) at which it begins. Raises `Wrong`."""
    try:
        day = date.fromisoformat(desk.fields.get("day", ""))
    except ValueError:
        raise Wrong({"day": _("Choose the day.")}) from None
    try:
        clock = time.fromisoformat(desk.fields.get("clock", "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Wrong({"clock": _("Choose when it starts.")}) from None
    if day - desk.area.today(now()) > fields.FURTHEST:
        raise Wrong({"day": _("{day} is more than two years away. Please check the year.", day=dates.day(day))})
    moments = at(day, clock, desk.area.zone)
    if not moments:
        raise Wrong({"clock": _("The clocks go forward that night. Choose another time.")})
    twice = desk.chosen("twice", ("first", "second"))
    if len(moments) > 1 and before is not None and before.starts in moments and not twice:
        return before.starts.astimezone(UTC)
    if len(moments) > 1 and not twice:
        raise Wrong({"twice": _("The clocks go back that night. Which of the two do you mean?")})
    starts = moments[-1] if twice == "second" else moments[0]
    if starts <= now() and (before is None or before.starts != starts):
        raise Wrong({"day": _("That time is over. Choose one that is still to come.")})
    return starts


def _or_none(desk: Desk, name: str, reading: Callable[[str], str]) -> str | None:
    text = desk.text(name)
    return reading(text) if text else None


def _with_reason(desk: Desk, draft: Draft, before: Draft | None) -> Draft:
    """With why there is less notice than was promised, where there is (H1)."""
    if before is not None and draft.starts == before.starts:
        return replace(draft, short_notice_because=before.short_notice_because)
    if not needs_reason(desk.area, draft.starts, now()):
        return draft
    try:
        reason = fields.short_text(desk.text("reason", required=too_soon(desk.area, draft)))
    except NotUnderstood as error:
        raise Wrong({"reason": str(error)}) from None
    return replace(draft, short_notice_because=reason)


def too_soon(area: Area, draft: Draft) -> str:
    days = notice_days(area, draft.starts, now())
    soon = (
        ngettext("That is {count} day from now.", "That is {count} days from now.", days)
        if days
        else _("That is today.")
    )
    promised = ngettext(
        "Families are promised {count} day.", "Families are promised {count} days.", area.promises.meeting_notice_days
    )
    return f"{soon} {promised} {_('Why so soon? Families read your reason.')}"


def look_first(desk: Desk, draft: Draft) -> None:
    """Raises `Wrong` until these very words have been looked at."""
    if desk.fields.get("sure") != sure(draft):
        raise Wrong({"sure": _("Look at it as families will read it. Then send it.")}, 200)


def sure(draft: Draft) -> str:
    return digest(repr(draft))


def looked_at(desk: Desk, before: Draft | None = None) -> Draft | None:
    """What was sent and only has to be looked at; None where the page is opened anew, or something does not do."""
    if not desk.act or list(desk.problems) != ["sure"]:
        return None
    try:
        return read(desk, before)
    except Wrong:
        return None


def warnings(area: Area, draft: Draft) -> list[str]:
    """What families have at that time (H2), and what could be plainer."""
    said = [fields.clash_label(clash) for clash in clashes(area, draft.starts, draft.minutes)]
    if area.quiet(draft.starts):
        said.append(_("That is at night. Please check the time."))
    return said + [one.text for one in remarks(area, draft)]


def remarks(area: Area, draft: Draft) -> list[Remark]:
    return check(f"{draft.title}. {draft.purpose}", area.glossary)[:3]


def shown(desk: Desk, form: str, begun: Mapping[str, str]) -> dict[str, Any]:
    """What the template of the form needs; `begun` is what stands in it where nothing was typed yet."""
    typed = desk.fields if desk.problems and desk.fields.get("form") == form else desk.draft(form)
    return {
        "form_name": form,
        "draft": typed or begun,
        "way_choices": way_choices(),
        "audiences": choices(desk.area),
        "notice": desk.area.promises.meeting_notice_days,
        "lengths": (SHORTEST, LONGEST),
        "begun_before": bool(typed) and not desk.problems,
    }
