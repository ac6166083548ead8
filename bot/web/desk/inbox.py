"""The inbox: what families said, narrowed down and searched. The list shows nobody's words; opening one is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from bot.web.desk.colleagues import colleagues_named
from bot.web.desk.page import Desk, Page
from bot.web.desk.paging import By, paged
from handlers.feedback_words import feelings, statuses, topic_label
from handlers.you_said import organisation_name
from locales import _, dates, language_name, languages
from models.database import now
from models.desk.listing import Filters, Which, listing
from models.desk.tables import FeedbackWork
from models.feedback import Feedback, Status, closed_to, with_those_on_duty
from models.promise import working_days_between
from models.role import Permission

BY_PROMISE = (By(Feedback.answer_by, date), By(Feedback.id, int))
NEWEST_FIRST = (By(Feedback.id, int, descending=True),)
LONGEST_SEARCH = 200


def parts_of_the_inbox() -> dict[Which, str]:
    return {
        Which.OWED: _("Waits for an answer"),
        Which.LATE: _("Late"),
        Which.TODAY: _("Due today"),
        Which.NEXT: _("Due on the next working day"),
        Which.UNOPENED: _("Nobody has opened it"),
        Which.OPEN: _("Answered, not settled"),
        Which.SETTLED: _("Settled"),
        Which.SNOOZED: _("Put off"),
        Which.ALL: _("Everything"),
    }


def show(desk: Desk) -> Response:
    filters = asked_for(desk)
    order = BY_PROMISE if filters.which.by_promise else NEWEST_FIRST
    page = paged(
        desk.session, listing(desk.session, desk.area, desk.person, filters), order, desk.fields.get("after", "")
    )
    work = {
        one.feedback_id: one
        for one in desk.session.query(FeedbackWork).filter(FeedbackWork.feedback_id.in_([row.id for row in page.rows]))
    }
    return desk.page(
        "inbox.html",
        _("Inbox"),
        page=page,
        filters=filters,
        kept=_in_the_address(desk),
        choices=_choices(desk),
        work=work,
        who=colleagues_named(desk.session, desk.area, [one.person_id for one in work.values()]),
        closed=closed_to(desk.session, desk.person),
        with_duty=with_those_on_duty(desk.session, desk.person),
        says=Says(desk),
    )


def asked_for(desk: Desk) -> Filters:
    """What stands in the address, as far as it makes sense."""
    asked = desk.fields
    which = asked.get("which", "")
    words = asked.get("words", "").strip()[:LONGEST_SEARCH]
    return Filters(
        # Whoever searches looks through everything, unless they say otherwise.
        which=Which(which) if which in list(Which) else Which.ALL if words else Which.OWED,
        topic=_known(asked.get("topic", ""), [one.key for one in desk.area.topics]),
        status=_known(asked.get("status", ""), [one.value for one in Status]),
        organisation=_known(asked.get("organisation", ""), [one.key for one in desk.area.organisations]),
        language=_known(asked.get("language", ""), list(languages())),
        mine=asked.get("mine", "") == "yes",
        words=words,
    )


def _known(value: str, offered: list[str]) -> str:
    return value if value in offered else ""


def _in_the_address(desk: Desk) -> dict[str, str]:
    names = ("which", "topic", "status", "organisation", "language", "mine", "words")
    return {name: desk.fields[name] for name in names if desk.fields.get(name)}


def _choices(desk: Desk) -> Mapping[str, list[tuple[str, str]]]:
    return {
        "which": [(one.value, label) for one, label in parts_of_the_inbox().items()],
        "topic": [(one.key, _(one.label)) for one in desk.area.topics],
        "status": [(one.value, label) for one, label in statuses().items()],
        "organisation": [(one.key, _(one.name)) for one in desk.area.organisations],
        "language": [(code, language_name(code)) for code in languages()],
    }


class Says:
    """How a line of the list is put into words."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.today = desk, desk.area.today(now())

    def topic(self, feedback: Feedback) -> str:
        return topic_label(self.desk.area, feedback.topic)

    def status(self, feedback: Feedback) -> str:
        return statuses()[feedback.status].removesuffix("…").strip(" ,")

    def feeling(self, feedback: Feedback) -> str:
        return feelings()[feedback.feeling] if feedback.feeling is not None else ""

    def language(self, feedback: Feedback) -> str:
        return language_name(feedback.language) if feedback.language in languages() else feedback.language

    def organisation(self, key: str) -> str:
        return organisation_name(self.desk.area, key) or key

    def day(self, day: date) -> str:
        return dates.short_day(day)

    def came(self, feedback: Feedback) -> str:
        return dates.short_day(self.desk.area.today(feedback.received))

    def late(self, feedback: Feedback) -> bool:
        return feedback.answered is None and not _paused(feedback) and feedback.answer_by < self.today

    def due(self, feedback: Feedback) -> str:
        """When an answer is owed; empty when none is."""
        if feedback.answered is not None:
            return ""
        if _paused(feedback):
            return _("promise stands still")
        if self.late(feedback):
            days = working_days_between(feedback.answer_by, self.today)
            return _("late since {day}", day=dates.short_day(feedback.answer_by)) if days else _("late")
        if feedback.answer_by == self.today:
            return _("due today")
        return _("due {day}", day=dates.short_day(feedback.answer_by))


def _paused(feedback: Feedback) -> bool:
    return feedback.paused is not None


PAGE = Page("/inbox", Permission.READ, show, label=lambda: _("Inbox"))
