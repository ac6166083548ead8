"""An alert, for the staff who look after it: “I have it” stops it for everybody; what was decided, and why, is kept.

What was handed on has a clock of its own: it must be heard by the next working day that it arrived.
"""

from __future__ import annotations

from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from locales import _, dates
from models.alert import Alert, Decision, alert_with, alerts, decide, refer, referral_arrived, take
from models.feedback import Feedback
from models.message import Button
from models.role import Permission

# A list on WhatsApp has ten rows.
MOST_LISTED = 9
ARRIVED, NOT_YET = "arrived", "not-yet"


def alert(chat: Chat) -> None:
    found = chat.ask(
        "alert",
        _("What is the code of the alert?"),
        lambda words: _known(chat, words).code,
        recall=lambda kept: _kept(chat, kept),
    )
    # What is shown stays shown, so the look is kept even while a question stays open.
    chat.at_once(lambda: _looked(chat, found))
    if found.seen_at is not None and found.seen_by != chat.person.id:
        since = dates.moment(found.seen_at, chat.area.zone)
        chat.say(_("A colleague has had this alert since {since}. You need not do anything.", since=since))
        return
    chat.at_once(lambda: _take(chat, found))
    if found.arrival_due is not None and found.arrived_at is None:
        _arrival(chat, found)
        return
    _show(chat, found)
    decision = chat.choose("decided", _("When you have decided, tell me what you did."), decisions())
    reason = chat.ask("why", _("Why did you decide that? One or two sentences, please. Leave out names."))
    if decision == Decision.REFERRED:
        due = refer(chat.session, chat.area, found, chat.person, reason)
        chat.say(
            _(
                "Thank you. That is kept with the alert. Please find out by {when} if it has arrived. I ask you then.",
                when=dates.moment(due, chat.area.zone),
            )
        )
        return
    decide(chat.session, found, chat.person, decision, reason)
    chat.say(_("Thank you. That is kept with the alert."))


def decisions() -> dict[Decision, str]:
    """What can be done about an alert, short enough for a button."""
    return {
        Decision.TOLD: _("Told the right team"),
        Decision.REFERRED: _("Handed it on"),
        Decision.WROTE: _("Wrote to the family"),
        Decision.RANG: _("Rang somebody"),
        Decision.SAFE: _("Nobody is at risk"),
    }


def alert_list(chat: Chat) -> None:
    """What nobody has, what is not decided, what was handed on; then what is done."""
    found = alerts(chat.session, chat.person, f"conversation:{chat.conversation.id}", limit=MOST_LISTED)
    occasion = f"conversation:{chat.conversation.id}"
    chat.at_once(lambda: _looked_at_list(chat, occasion))
    if not found and "which" not in chat.answers:
        chat.say(_("There are no alerts."))
        return
    lines = [_("Alerts. The most pressing first:"), *(f"{one.code}: {where_it_stands(chat, one)}" for one in found)]
    which = chat.ask(
        "which",
        "\n".join(lines),
        lambda words: _known(chat, words).code,
        suggest={one.code: one.code for one in found},
        recall=lambda kept: _kept(chat, kept).code,
    )
    chosen = _kept(chat, which)
    if chosen.open:
        chat.then("alert", alert=which)
        return
    chat.at_once(lambda: _looked(chat, chosen))
    chat.say("\n".join([f"{chosen.code}: {where_it_stands(chat, chosen)}", _("Why: {reason}", reason=chosen.reason)]))


def where_it_stands(chat: Chat, one: Alert) -> str:
    """One line about an alert, without words and without names."""
    zone = chat.area.zone
    if one.seen_at is None:
        what = _("🔴 nobody has it, since {when}") if one.red else _("🟠 to be read today, since {when}")
        return what.format_map({"when": dates.moment(one.since, zone)})
    if one.decided_at is None:
        return _("somebody has it since {when}", when=dates.moment(one.seen_at, zone))
    if one.arrival_due is not None and one.arrived_at is None:
        return _("handed on, arrived? By {when}", when=dates.moment(one.arrival_due, zone))
    done = next((label for decision, label in decisions().items() if decision == one.decision), one.decision or "")
    return _("done: {what}, {when}", what=done, when=dates.moment(one.decided_at, zone))


def _show(chat: Chat, found: Alert) -> None:
    feedback = chat.session.get(Feedback, found.feedback_id) if found.feedback_id else None
    buttons: list[Button] = []
    if feedback is not None:
        buttons.append(chat.start(_("Open what was said"), "inbox", which=feedback.ref))
    chat.say(_("You have alert {code}. Nobody is told about it again.", code=found.code), *buttons)
    if feedback is None:
        chat.say(_("The words have not been sent yet, so I cannot show them. If they are sent, I tell you."))


def _arrival(chat: Chat, found: Alert) -> None:
    answer = chat.choose(
        "arrived",
        _("You handed on alert {code}. Has it arrived there?", code=found.code),
        {ARRIVED: _("It has arrived"), NOT_YET: _("Not yet")},
        words={ARRIVED: _("yes|arrived|it has"), NOT_YET: _("no|not yet|don't know")},
    )
    if answer == NOT_YET:
        chat.say(_("Thank you. Please ring them. I ask you again on the next working day."))
        return
    referral_arrived(chat.session, found, chat.person)
    chat.say(_("Thank you. That is kept with the alert."))


def _take(chat: Chat, found: Alert) -> None:
    take(chat.session, found, chat.person)


def _looked(chat: Chat, found: Alert) -> None:
    alert_with(chat.session, chat.person, found.code, f"conversation:{chat.conversation.id}")


def _looked_at_list(chat: Chat, occasion: str) -> None:
    alerts(chat.session, chat.person, occasion, limit=1)


def _known(chat: Chat, words: str) -> Alert:
    found = alert_with(chat.session, chat.person, words)
    if found is None:
        raise NotUnderstood(_("There is no alert of that code."))
    return found


def _kept(chat: Chat, kept: str) -> Alert:
    found = alert_with(chat.session, chat.person, kept)
    if found is None:
        raise Lost(kept)
    return found


ERRAND = Errand(alert, label=lambda: _("An alert"), permission=Permission.READ, in_menu=False)
LIST = Errand(
    alert_list,
    label=lambda: _("Alerts"),
    words=lambda: _("alerts|alarm|alarms"),
    command="alerts",
    permission=Permission.PROTECT,
    browsed=True,
)
