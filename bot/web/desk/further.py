"""What else can be done about a feedback: its promise stands still or goes on, it becomes part of what several said,
or several organisations answer it together."""

from __future__ import annotations

from typing import Any

from bot.web.desk.page import Act, ChangedMeanwhile, Desk, Go, NotThere, Wrong
from handlers.inbox import telling
from handlers.inbox.clock import paused_text, resumed_text
from handlers.inbox.parts import joined_text, tell_colleagues
from handlers.you_said import organisation_name
from locales import _, dates, speaking
from models import feedback as said
from models import theme as themes
from models.feedback import CannotPause, Feedback, ForTheForumOnly, NothingToSend, ReasonMissing
from models.role import Permission
from models.theme import Theme

MOST_THEMES = 200


def the_feedback(desk: Desk) -> Feedback:
    found = said.with_reference(desk.session, desk.person, str(desk.names["ref"])[:20])
    if found is None:
        closed = said.closed_to_them(desk.session, desk.person, str(desk.names["ref"])[:20])
        raise NotThere(closed.about if closed is not None else "")
    return found


def shown(desk: Desk, feedback: Feedback) -> dict[str, Any]:
    """What the page needs to offer all this."""
    publishes = desk.may(Permission.PUBLISH)
    suggested = themes.suggest_themes(desk.session, feedback, desk.person) if publishes and feedback.text else []
    known = themes.items(desk.session, desk.person, most=MOST_THEMES) if publishes else []
    return {
        "publishes": publishes,
        "theme": desk.session.get(Theme, feedback.theme_id) if feedback.theme_id else None,
        "suggested": [(one.id, one.said) for one in suggested],
        "themes": [(one.id, one.said[:80]) for one in known if one not in suggested],
        "pause": said.standing_still(feedback),
        "parts": [(one, organisation_name(desk.area, one.organisation) or one.organisation) for one in feedback.parts],
        "my_part": said.my_part(desk.session, feedback, desk.person),
        "parts_in": said.parts_in(feedback),
    }


# -- the promise


def pause(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    reason = desk.text("because", required=_("Say why. The family reads it."))
    try:
        said.pause_promise(desk.session, desk.area, feedback, reason, desk.person)
    except CannotPause:
        raise Wrong({"because": _("It cannot stand still: its day has passed, or nothing is owed.")}) from None
    except ReasonMissing:
        raise Wrong({"because": _("Say why. The family reads it.")}) from None
    desk.sent(f"pause:{feedback.ref}")
    return Go(desk.address, telling.tell(desk, feedback, lambda: paused_text(desk.area, feedback, reason)))


def resume(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    try:
        day = said.resume_promise(desk.session, desk.area, feedback, desk.person)
    except CannotPause:
        raise ChangedMeanwhile from None
    told = telling.tell(desk, feedback, lambda: resumed_text(desk.area, feedback))
    return Go(desk.address, " ".join([_("The new day is {day}.", day=dates.day(day)), told]))


# -- what several said


def put_in(desk: Desk) -> Go:
    """Into a theme that there is, or a new one in plain words."""
    feedback = the_feedback(desk)
    words = desk.text("new_theme", most=300)
    number = desk.fields.get("theme", "")
    if words:
        theme: Theme | None = themes.new_theme(desk.session, feedback.topic, words, desk.person)
    else:
        known = number.isascii() and number.isdigit() and len(number) < 16
        theme = desk.session.get(Theme, int(number)) if known else None
    if theme is None:
        raise Wrong({"theme": _("Choose what it belongs to, or write it in plain words.")})
    themes.link(desk.session, feedback, theme, desk.person)
    desk.sent(f"theme:{feedback.ref}")
    return Go(desk.address, _("Whoever said it hears when it moves."))


def take_out(desk: Desk) -> Go:
    themes.unlink(desk.session, the_feedback(desk), desk.person)
    return Go(desk.address, _("It belongs to nothing now."))


# -- several organisations


def split(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    keys = [one.key for one in desk.area.organisations]
    organisation = desk.chosen("asked_of", keys, required=_("Choose who is to answer."))
    what = desk.text("asked", required=_("Write what they are to answer."))
    try:
        parts = said.split(desk.session, desk.area, feedback, {organisation: what}, desk.person)
    except ForTheForumOnly:
        raise Wrong({"asked_of": _("This is for the parent forum only. Nobody else may be asked.")}) from None
    for part in parts:
        if part.organisation == organisation:
            tell_colleagues(desk, part)
    desk.sent(f"split:{feedback.ref}")
    return Go(desk.address, _("They see it on their desk. The promised day holds for them too."))


def answer_part(desk: Desk) -> Go:
    feedback = the_feedback(desk)
    part = said.my_part(desk.session, feedback, desk.person)
    if part is None:
        raise ChangedMeanwhile
    text = desk.text("part", required=_("Write your answer first."))
    last = said.answer_part(desk.session, part, text, desk.person)
    desk.sent(f"part:{feedback.ref}")
    if last:
        return _send(desk, feedback)
    return Go(desk.address, _("Your part is in. The family gets one answer when all are in."))


def send_parts(desk: Desk) -> Go:
    return _send(desk, the_feedback(desk))


def _send(desk: Desk, feedback: Feedback) -> Go:
    """All that is in goes as one answer."""
    with speaking(feedback.person.language if feedback.person else "en"):
        joined = joined_text(desk.area, feedback)
    words = "\n\n".join(
        f"{organisation_name(desk.area, one.organisation) or one.organisation}: {one.answer}"
        for one in said.parts_in(feedback)
    )
    try:
        said.send_parts(desk.session, feedback, words, desk.person)
    except NothingToSend:
        raise ChangedMeanwhile from None
    return Go(desk.address, telling.tell(desk, feedback, lambda: joined))


ACTS = {
    "pause": Act(Permission.ANSWER, pause, others=True),
    "resume": Act(Permission.ANSWER, resume, others=True),
    "put-in": Act(Permission.PUBLISH, put_in),
    "take-out": Act(Permission.PUBLISH, take_out),
    "split": Act(Permission.ANSWER, split, others=True),
    "answer-part": Act(Permission.ANSWER, answer_part, others=True),
    "send-parts": Act(Permission.ANSWER, send_parts, others=True),
}
