"""A promise that is about to break is chased: staff are told the day before and on the day, once each morning (T2)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import taps
from locales import _, ngettext, speaking
from models.feedback import PromisesDue, promises_due
from models.message import Button, Message
from models.outgoing import Class, Outgoing, send
from models.partnership import Partnership
from models.person import Person, reach
from models.role import Permission, staff_who_may


def chase_promises(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep of the clock, on working days once the office is open. Returns how many colleagues were told."""
    area = partnership.area
    if not area.office_open(moment):
        return 0
    today = area.today(moment)
    told = 0
    for person in staff_who_may(session, Permission.ANSWER):
        owed = promises_due(session, area, today, by=person)
        told += _tell(session, person, today, owed) if any(owed) else 0
    return told


def _tell(session: Session, person: Person, today: date, owed: PromisesDue) -> int:
    about, address = f"promises:{today}:{person.id}", reach(person)
    if address is None or session.scalar(select(Outgoing.id).where(Outgoing.about == about).limit(1)) is not None:
        return 0
    with speaking(person.language):
        message = Message("\n".join(_lines(owed)), (Button(_("Open the inbox"), taps.start("inbox", {})),))
    send(session, address, message, Class.RECEIPT, about=about)
    return 1


def _lines(owed: PromisesDue) -> list[str]:
    lines = [_("Families were promised an answer:")]
    if owed.overdue:
        count = len(owed.overdue)
        lines.append(ngettext("{count} is late.", "{count} are late.", count))
    if owed.today:
        count = len(owed.today)
        lines.append(ngettext("{count} is due today.", "{count} are due today.", count))
    if owed.tomorrow:
        count = len(owed.tomorrow)
        lines.append(
            ngettext("{count} is due on the next working day.", "{count} are due on the next working day.", count)
        )
    return lines
