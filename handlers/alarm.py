"""Telling staff that somebody may be at risk, until one of them says “I have it”.

On two ways that do not depend on each other, the chat and e-mail, and with none of the words: a code and a button, or a
link that works once. Red goes out at once, at any hour: to the first on duty, after 15 minutes to the second, after 30
to the manager, and again and again to all of them. Amber waits for the office to open, is chased before it closes, and
wakes nobody. All of it follows from the rows, so a restart forgets nothing and no process tells twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import taps
from locales import _, ngettext, speaking
from models.alert import (
    Alert,
    amber_due,
    link_for,
    may_take,
    nobody_has,
    referrals_late,
    undecided,
    whom_to_alert,
)
from models.area import Area
from models.audit import record
from models.database import now
from models.duty import Order, email_address, on_duty
from models.message import Button, Message
from models.outgoing import Class, drop, send
from models.partnership import Partnership
from models.person import Person, reach

ORDERS = (Order.FIRST, Order.SECOND, Order.MANAGER)
# Nobody has it: then the second, then the manager is told as well.
STEP_AFTER = (timedelta(0), timedelta(minutes=15), timedelta(minutes=30))
# It is told again: often while it is fresh, then so that it is not switched off in anger.
FRESH = timedelta(hours=2)
AGAIN_WHILE_FRESH = timedelta(minutes=15)
AGAIN_LATER = timedelta(hours=1)
# Amber words are mostly sent a few minutes after they were written: only then is there something to read.
AMBER_WAITS = timedelta(minutes=30)
AMBER_CHASED = timedelta(hours=1)
AMBER_AGAIN = timedelta(hours=2)
# Whoever has an alert is asked for a decision so long after, then once a working day; so is a referral that is late.
DECISION_AFTER = timedelta(hours=2)
ONCE_A_DAY = timedelta(hours=20)


def alert_staff(session: Session, partnership: Partnership, alert: Alert | None) -> None:
    """Tell whoever is on duty, as far as it may be told now; the clock does the rest. None is nothing to tell."""
    if alert is None:
        return
    moment = now()
    if alert.told_at is not None:
        _tell_of_more(session, partnership, alert, moment)
    elif alert.red:
        _tell(session, partnership, alert, 1, moment)
    else:
        _look_at_amber(session, partnership, alert, moment)


def alert_again(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock: what nobody has taken goes further up, or out again, and what is still open about the rest
    is asked for. Returns how many alerts were told of."""
    told = 0
    for alert in _locked(session, nobody_has(session)):
        look = _look_at_red if alert.red else _look_at_amber
        told += look(session, partnership, alert, moment)
    for alert in _locked(session, undecided(session)):
        told += _ask_for_decision(session, partnership, alert, moment)
    for alert in _locked(session, referrals_late(session, moment)):
        told += _ask_for_arrival(session, partnership, alert, moment)
    return told


def whom_to_tell(session: Session, area: Area, step: int, moment: datetime) -> list[Person]:
    """Who is told at this step: everybody on duty up to that order. Where the rota has nobody, or nobody new at a later
    step, everybody who looks after alerts."""
    people = [one for order in ORDERS[:step] for one in on_duty(session, area, moment, order)]
    if step == 1 and not people:
        people = on_duty(session, area, moment)
    if step > 1:
        before = whom_to_tell(session, area, step - 1, moment)
        known = {one.id for one in before}
        people = before + ([one for one in people if one.id not in known] or whom_to_alert(session))
    return list({one.id: one for one in people or whom_to_alert(session)}.values())


def there_is_more(alert: Alert) -> str:
    """One line about an alert that somebody has, or was told of, for staff."""
    return _("Alert {code}: the same person has written more. Please look now.", code=alert.code)


def red_line(alert: Alert, moment: datetime) -> str:
    """What stands above every screen of staff while nobody has it."""
    minutes = int((moment - alert.since).total_seconds() // 60)
    return ngettext(
        "🔴 Nobody has had alert {code} for {count} minute.",
        "🔴 Nobody has had alert {code} for {count} minutes.",
        minutes,
        code=alert.code,
    )


def what_to_do(alert: Alert) -> str:
    """One line about an alert that nobody has, for staff."""
    if alert.red:
        return _("Somebody may be at risk. The code is {code}. Please look now.", code=alert.code)
    return _("Please read this today. The code is {code}.", code=alert.code)


# -- red


def _look_at_red(session: Session, partnership: Partnership, alert: Alert, moment: datetime) -> int:
    age = moment - alert.since
    step = sum(age >= after for after in STEP_AFTER)
    pause = AGAIN_WHILE_FRESH if age < FRESH else AGAIN_LATER
    if step <= alert.step and alert.told_at is not None and moment - alert.told_at < pause:
        return 0
    _tell(session, partnership, alert, max(step, 1), moment)
    return 1


# -- amber


def _look_at_amber(session: Session, partnership: Partnership, alert: Alert, moment: datetime) -> int:
    area = partnership.area
    if not area.office_open(moment):
        return 0
    due = amber_due(area, alert.since)
    if alert.told_at is None:
        if alert.feedback_id is None and moment - alert.since < AMBER_WAITS:
            return 0
        step = 1 if moment < due else 3
    elif moment >= due:
        step = 3
    elif moment >= due - AMBER_CHASED:
        step = 2
    else:
        return 0
    again = alert.told_at is not None and moment - alert.told_at >= AMBER_AGAIN and moment >= due
    if step <= alert.step and not again:
        return 0
    if alert.told_at is not None and moment - alert.told_at < AGAIN_WHILE_FRESH:
        return 0
    _tell(session, partnership, alert, step, moment)
    return 1


# -- more of the same


def _tell_of_more(session: Session, partnership: Partnership, alert: Alert, moment: datetime) -> None:
    """The same person wrote of danger in another conversation: whoever has the alert is told, else all who were."""
    holder = session.get(Person, alert.seen_by) if alert.seen_by else None
    held = holder is not None and may_take(session, holder)
    people = [holder] if holder is not None and held else whom_to_tell(session, partnership.area, alert.step, moment)
    due = None if alert.red else partnership.area.next_waking(moment)
    for person in people:
        with speaking(person.language):
            label = _("Look at it") if held else _("I have it")
            message = Message(there_is_more(alert), (Button(label, taps.start("alert", {"alert": alert.code})),))
        ways = [_send(session, person, message, alert, due), _by_mail(session, partnership, alert, person, more=True)]
        record(session, person, "told of more", alert.about, ", ".join(filter(None, ways)) or "no way")
    session.flush()


# -- what is still open


def _ask_for_decision(session: Session, partnership: Partnership, alert: Alert, moment: datetime) -> int:
    if alert.seen_at is None or not _may_ask_again(partnership.area, alert, alert.seen_at + DECISION_AFTER, moment):
        return 0
    for person in _who_has(session, partnership.area, alert, moment):
        with speaking(person.language):
            text = _("Alert {code}: please tell me what you decided, and why.", code=alert.code)
            button = Button(_("Tell what I decided"), taps.start("alert", {"alert": alert.code}))
        _send(session, person, Message(text, (button,)), alert)
    alert.chased_at = moment
    return 1


def _ask_for_arrival(session: Session, partnership: Partnership, alert: Alert, moment: datetime) -> int:
    if alert.arrival_due is None or not _may_ask_again(partnership.area, alert, alert.arrival_due, moment):
        return 0
    people = _who_has(session, partnership.area, alert, moment)
    if alert.chased_at is not None and alert.chased_at > alert.arrival_due:
        people += on_duty(session, partnership.area, moment, Order.MANAGER)  # asked before, and nothing was heard
    for person in {one.id: one for one in people}.values():
        with speaking(person.language):
            text = _("Alert {code}: has what you handed on arrived? Please ask them, then tell me.", code=alert.code)
            button = Button(_("Tell me"), taps.start("alert", {"alert": alert.code}))
        _send(session, person, Message(text, (button,)), alert)
    alert.chased_at = moment
    return 1


def _may_ask_again(area: Area, alert: Alert, since: datetime, moment: datetime) -> bool:
    """First when it is due, then once a day; never at night, and for amber only while the office is open."""
    if moment < since or area.quiet(moment) or not (alert.red or area.office_open(moment)):
        return False
    return alert.chased_at is None or alert.chased_at < since or moment - alert.chased_at >= ONCE_A_DAY


def _who_has(session: Session, area: Area, alert: Alert, moment: datetime) -> list[Person]:
    """Whoever has it, as long as they may and can be reached; else whoever is on duty."""
    holder = session.get(Person, alert.seen_by) if alert.seen_by else None
    if holder is not None and may_take(session, holder) and reach(holder) is not None:
        return [holder]
    return whom_to_tell(session, area, 2, moment)


# -- sending


def _locked(session: Session, alerts: Iterable[Alert]) -> list[Alert]:
    """The same alerts, theirs alone until this transaction ends: somebody may be taking one just now."""
    ids = [alert.id for alert in alerts]
    if not ids:
        return []
    query = select(Alert).where(Alert.id.in_(ids)).order_by(Alert.id).with_for_update(skip_locked=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _tell(session: Session, partnership: Partnership, alert: Alert, step: int, moment: datetime) -> None:
    for person in whom_to_tell(session, partnership.area, step, moment):
        ways = [_in_the_chat(session, alert, person), _by_mail(session, partnership, alert, person)]
        record(
            session, person, "told of alert", alert.about, f"step {step}: {', '.join(filter(None, ways)) or 'no way'}"
        )
    alert.step, alert.told_at = max(step, alert.step), moment
    session.flush()


def _in_the_chat(session: Session, alert: Alert, person: Person) -> str:
    with speaking(person.language):
        button = Button(_("I have it"), taps.start("alert", {"alert": alert.code}))
        message = Message(what_to_do(alert), (button,))
    return _send(session, person, message, alert)


def _send(session: Session, person: Person, message: Message, alert: Alert, due: datetime | None = None) -> str:
    address = reach(person)
    if address is None:
        return ""
    send(session, address, message, Class.ALERT, due=due, about=alert.about)
    return address.channel


def _by_mail(session: Session, partnership: Partnership, alert: Alert, person: Person, *, more: bool = False) -> str:
    address = email_address(session, person) if partnership.mails else None
    if address is None:
        return ""
    link = f"{partnership.web_address}/alert/{link_for(session, alert, person)}"
    with speaking(person.language):
        message = Message(
            "\n\n".join(
                [
                    _("Alert {code}", code=alert.code),
                    there_is_more(alert) if more else what_to_do(alert),
                    _("This link is only for you. It works once, for a day. Do not pass it on."),
                ]
            ),
            (Button(_("I have it"), url=link),),
        )
    # While the mail server is away they would heap up there: the newest says all of it, and its link lives longest.
    drop(session, alert.about, address)
    send(session, address, message, Class.ALERT, about=alert.about)
    return address.channel
