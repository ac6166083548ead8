"""How long before a meeting somebody wants to be reminded of it. Never in the quiet hours; that is said as well."""

from __future__ import annotations

from datetime import datetime, time

from handlers.dialogue import Chat
from handlers.errand import Errand
from locales import _
from locales.dates import clock
from models import reminder
from models.area import Area
from models.database import now

WEEK, DAY, HOURS = 168, 24, 2
# What each answer stands for, in hours before the meeting.
CHOICES: dict[str, tuple[int, ...]] = {
    "all": (WEEK, DAY, HOURS),
    "week-day": (WEEK, DAY),
    "day-hours": (DAY, HOURS),
    "week": (WEEK,),
    "day": (DAY,),
    "hours": (HOURS,),
    "none": (),
}


def reminders_wanted(chat: Chat) -> None:
    wish = chat.choose(
        "when",
        _(
            "When should I remind you of a meeting you said yes to? I never do it between {start} and {end}.",
            start=_on_the_wall(chat.area, chat.area.quiet_hours.start),
            end=_on_the_wall(chat.area, chat.area.quiet_hours.end),
        ),
        labels(),
        words={"all": _("all|usual|yes"), "none": _("none|never|no|no reminders|stop")},
    )
    chat.person.reminder_hours = None if wish == "all" else list(CHOICES[wish])
    reminder.plan_person(chat.session, chat.area, chat.person)
    if wish == "none":
        chat.say(_("I will not remind you of meetings. To change it, type “reminders”."))
    else:
        chat.say(_("I will remind you: {when}. To change it, type “reminders”.", when=labels()[wish]))


def labels() -> dict[str, str]:
    return {
        "all": _("Week, day and 2 hours"),
        "week-day": _("A week and a day before"),
        "day-hours": _("A day and 2 hours before"),
        "week": _("A week before"),
        "day": _("A day before"),
        "hours": _("2 hours before"),
        "none": _("No reminders"),
    }


def _on_the_wall(area: Area, at: time) -> str:
    return clock(datetime.combine(area.today(now()), at, area.zone), area.zone)


ERRAND = Errand(
    reminders_wanted,
    label=lambda: _("Reminders"),
    words=lambda: _("reminders|reminder|remind me|change reminders"),
    in_menu=False,
)
