"""The list: a page of what families said, the oldest promise first, without their words."""

from __future__ import annotations

from datetime import date

from handlers.alarm import what_to_do
from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from handlers.feedback_words import feelings, statuses, topic_label
from handlers.inbox import answering, failures, reading
from handlers.labels import clip
from locales import _, dates, ngettext
from models import feedback as said
from models.alert import may_take, nobody_has
from models.area import Area
from models.database import now
from models.failed import failed_messages
from models.feedback import Feedback
from models.looking import refused
from models.promise import working_days_between
from models.role import Permission, may

# With "more" and the failed messages that makes ten, the most that WhatsApp lists.
A_PAGE = 8
MORE, FAILED = "more", "failed"


def inbox(chat: Chat) -> None:
    _alerts_first(chat)
    which = _which(chat)
    if which == FAILED:
        failures.one_by_one(chat)
        return
    feedback = _kept(chat, which)
    reading.show(chat, feedback)
    answering.deal_with(chat, feedback)


def _alerts_first(chat: Chat) -> None:
    if "which" in chat.answers or not may_take(chat.session, chat.person):
        return
    for alert in nobody_has(chat.session)[:3]:
        chat.say(
            what_to_do(alert),
            chat.start(_("I have it"), "alert", alert=alert.code),
        )


def _which(chat: Chat) -> str:
    """A reference, or `FAILED`; a page at a time. A reference can also be typed."""
    page = 0
    while True:
        name = "which" if page == 0 else f"which{page + 1}"
        rows = said.inbox(chat.session, chat.person, offset=page * A_PAGE, limit=A_PAGE + 1)
        failed = len(failed_messages(chat.session, chat.person)) if page == 0 else 0
        if not rows and not failed and name not in chat.answers:
            _nothing(chat, page)
        offered = {
            one.ref: clip(f"{number}. {topic_label(chat.area, one.topic)}")
            for number, one in enumerate(rows[:A_PAGE], start=1)
        }
        if len(rows) > A_PAGE:
            offered[MORE] = _("More")
        if failed:
            offered[FAILED] = ngettext("{count} failed message", "{count} failed messages", failed)
        text = _page(chat, list(rows[:A_PAGE]), page, failed)
        which = chat.ask(
            name,
            text,
            lambda words: _known(chat, words),
            suggest=offered,
            recall=lambda kept: kept if kept in (MORE, FAILED) else _kept(chat, kept).ref,
        )
        if which != MORE:
            return str(which)
        page += 1


def _nothing(chat: Chat, page: int) -> None:
    chat.say(_("That is all there is.") if page else _("Nothing has come in yet."))
    _for_the_forum_only(chat)
    _with_those_on_duty(chat)
    chat.finish()


def _page(chat: Chat, rows: list[Feedback], page: int, failed: int) -> str:
    if page == 0:
        _for_the_forum_only(chat)
        _with_those_on_duty(chat)
    today = chat.area.today(now())
    late = said.how_many_overdue(chat.session, chat.area, chat.person) if page == 0 else 0
    lines = [_("What families said. The oldest promise comes first:")] if rows else []
    lines += [_line(chat.area, number, one, today) for number, one in enumerate(rows, start=1)]
    if late:
        lines.insert(0, ngettext("{count} answer is late.", "{count} answers are late.", late))
    if failed:
        lines.append(ngettext("{count} message made me fail.", "{count} messages made me fail.", failed))
    return "\n".join(lines)


def _line(area: Area, number: int, one: Feedback, today: date) -> str:
    parts = [topic_label(area, one.topic)]
    if one.feeling is not None:
        parts.append(feelings()[one.feeling])
    parts.append(time_left(one, today) if one.answered is None else statuses()[one.status])
    return f"{number}. {one.ref}: {', '.join(parts)}"


def time_left(feedback: Feedback, today: date) -> str:
    """The promised day, and how far away it is, in words."""
    if feedback.paused is not None:
        return _("has to wait")
    day = dates.short_day(feedback.answer_by)
    left = working_days_between(today, feedback.answer_by)
    if feedback.answer_by == today:
        return _("answer today")
    if feedback.answer_by < today:
        return ngettext(
            "{count} working day late (was {day})",
            "{count} working days late (was {day})",
            max(-left, 1),
            day=day,
        )
    return ngettext("{count} working day left (by {day})", "{count} working days left (by {day})", left, day=day)


def _with_those_on_duty(chat: Chat) -> None:
    count = said.with_those_on_duty(chat.session, chat.person)
    if count:
        chat.say(
            ngettext(
                "{count} message is with the people on duty. Somebody may be at risk in it.",
                "{count} messages are with the people on duty. Somebody may be at risk in them.",
                count,
            )
        )


def _for_the_forum_only(chat: Chat) -> None:
    """What nobody of the forum is here to read must not wait unseen."""
    count = said.closed_to(chat.session, chat.person)
    if count and not said.forum_reads(chat.session) and may(chat.session, chat.person, Permission.APPOINT):
        chat.say(
            ngettext(
                "{count} message is only for the parent carer forum. Nobody from it is here yet. Please invite them.",
                "{count} messages are only for the parent carer forum. Nobody from it is here yet. Please invite them.",
                count,
            )
        )


def _known(chat: Chat, words: str) -> str:
    if words in (MORE, FAILED):
        return words
    found = said.with_reference(chat.session, chat.person, words)
    if found is None:
        chat.at_once(lambda: _refused(chat, words))
        raise NotUnderstood(_("Please tap one of these, or type its reference."))
    return found.ref


def _refused(chat: Chat, ref: str) -> None:
    closed = said.closed_to_them(chat.session, chat.person, ref)
    if closed is not None:
        refused(chat.session, chat.person, closed.about, reading.occasion(chat))


def _kept(chat: Chat, ref: str) -> Feedback:
    found = said.with_reference(chat.session, chat.person, ref)
    if found is None:
        chat.at_once(lambda: _refused(chat, ref))
        raise Lost(ref)
    return found


ERRAND = Errand(
    inbox,
    label=lambda: _("Inbox"),
    words=lambda: _("inbox|messages|what families said"),
    command="inbox",
    browsed=True,
    permission=Permission.READ,
)
