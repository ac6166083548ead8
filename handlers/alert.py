"""An alert, for the staff who look after it: “I have it” stops it for everybody; what was decided, and why, is kept.

What was handed on has a clock of its own: it must be heard by the next working day that it arrived.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from locales import _, dates
from models.alert import Alert, Decision, Words, alert_with, alerts, decide, refer, referral_arrived, rows_of, take
from models.conversation import Conversation
from models.feedback import Feedback, may_see
from models.person import Person
from models.role import Permission
from models.second_look import words_not_sent

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
        Decision.NOTHING: _("Nothing to go on"),
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
    lines = [f"{chosen.code}: {where_it_stands(chat, chosen)}"]
    if chosen.reason:
        lines.append(_("Why: {reason}", reason=chosen.reason))
    chat.say("\n".join(lines))


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
    chat.say(_("You have alert {code}. Nobody is told about it again.", code=found.code))
    for text, ref in what_became(chat.session, chat.person, found):
        chat.say(text, *([chat.start(_("Open what was said"), "inbox", which=ref)] if ref else []))


def what_became(session: Session, by: Person, found: Alert) -> list[tuple[str, str]]:
    """What became of the words that an alert is about: a sentence, and the reference under which they can be opened,
    if they can; one for each time that its person wrote of danger."""
    asked = words_not_sent(session, found)
    if asked and found.seen_at is None:
        return [(_("Press “I have it” first. Then you can read the words."), "")]
    said = [(_("They asked: “{words}”", words=look.words), "") for look in asked]
    told = [_became(session, by, one) for one in rows_of(session, found) if not asked or one.feedback_id is not None]
    return said + told


def _became(session: Session, by: Person, one: Alert) -> tuple[str, str]:
    feedback = session.get(Feedback, one.feedback_id) if one.feedback_id else None
    if feedback is None:
        return _nothing_to_open(session, one), ""
    if may_see(session, by, feedback):
        return _("They have sent their words. Each look at them is recorded."), feedback.ref
    return _("Press “I have it” first. Then you can open the words."), ""


def _nothing_to_open(session: Session, one: Alert) -> str:
    if one.words is Words.SENT:
        return _("The words were sent, and have been erased since.")
    if one.words is Words.KEPT_BACK:
        return _("They chose not to pass their words on. So nobody can read them, and nobody knows who wrote them.")
    conversation = session.get(Conversation, one.conversation_id) if one.conversation_id else None
    if conversation is None:
        return _("The words are not here any more. They were not sent to us.")
    if conversation.ended is None:
        not_yet = _("The words have not been sent yet, so I cannot show them. If they are sent, I tell you.")
        if not one.red:
            return not_yet
        without = _("If they say nothing more for ten minutes, I show you the words without a yes.")
        return f"{not_yet} {without}"
    return _("The words were written in “{what}”. They did not come as feedback.", what=_written_in(conversation))


def _written_in(conversation: Conversation) -> str:
    """What somebody was doing when they wrote of danger."""
    from handlers import ERRANDS

    errand = ERRANDS.get(conversation.flow)
    return errand.label() if errand is not None else conversation.flow


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
