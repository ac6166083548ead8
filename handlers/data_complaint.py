"""A complaint about how somebody's data is used: kept with its 30 days, and what staff do with it (models/complaint).

Typed anywhere it is one at once; the family reads what happens next, by when, and that they can complain to the
Information Commissioner as well. Who wants to see or erase what is held is led there.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import taps
from handlers.danger import watch
from handlers.dialogue import Chat, Lost, NotUnderstood
from handlers.errand import Errand
from handlers.inbox.telling import Sender
from handlers.labels import clip
from locales import _, dates, ngettext, speaking
from models import complaint as complaints
from models import feedback as said
from models.area import Area
from models.complaint import DataComplaint, Wish
from models.database import now
from models.feedback import Feedback
from models.message import Button, Message
from models.outgoing import Class, Outgoing, send
from models.partnership import Partnership
from models.person import Person, reach
from models.role import Permission

# The regulator's own page: what it says there of how to complain is kept up to date by them.
REGULATOR = "https://ico.org.uk/make-a-complaint/"
A_PAGE = 7
MARK = "mark"


# -- the family


def data_complaint(chat: Chat) -> None:
    """Words that are there already stand as a complaint at once; without any, they are asked for."""
    given = chat.answers.get("words")
    words = chat.gather(
        "words",
        _("What went wrong with your data? Say who used it and how. Please leave out names of others."),
    )
    if given is None:  # else they were looked at where they were typed
        watch(chat, words.text)
    keep(chat, words.text, typed=given is not None)


def keep(chat: Chat, words: str, *, typed: bool = False, feedback: Feedback | None = None) -> None:
    """Keep it, have the admins told, and say what happens now."""
    complaint = complaints.complain(chat.session, chat.area, chat.person, words, feedback=feedback)
    tell_admins(chat.session, chat.area, complaint)
    lines = [
        _("I have kept this as a complaint about data. Its code is {code}.", code=complaint.code),
        _("Staff must tell you by {day} that they have it.", day=dates.day(complaint.acknowledge_by)),
        _("Then they look into it and tell you what they found."),
        _("You can tell the ICO too. They watch over how data is used. It is free."),
    ]
    buttons = [Button(_("How to reach the ICO"), url=REGULATOR)]
    if typed:
        buttons.append(chat.start(_("It is no complaint"), "complaint_back", which=complaint.code))
    chat.say("\n".join(lines), *buttons, chat.start(_("My things"), "my_things"))


def complaint_back(chat: Chat) -> None:
    """Started by a button: what was taken for a complaint was none."""
    code = str(chat.answers.get("which", "")).removeprefix("D")
    found = chat.session.get(DataComplaint, int(code)) if code.isascii() and code.isdigit() else None
    if found is not None and complaints.withdraw(chat.session, found, chat.person):
        chat.say(_("That is fine. It is not a complaint any more, and I have erased its words."))
    else:
        chat.say(_("I cannot take that back any more."))


def after_sending(chat: Chat, feedback: Feedback, words: str) -> None:
    """What was told may be such a complaint as well, or hold the wish to see or erase what is held."""
    match complaints.spoken_of(words):
        case Wish.COMPLAINT:
            keep(chat, words, feedback=feedback)
        case Wish.ERASE | Wish.COPY:
            lead_to_own_things(chat)
        case None:
            pass


def lead_to_own_things(chat: Chat) -> None:
    chat.say(
        _("You can see, take and erase what this chat holds about you. For what a service holds, ask that service."),
        chat.start(_("Take a copy"), "take_away"),
        chat.start(_("Erase everything"), "erase"),
    )


# -- telling staff


def tell_admins(session: Session, area: Area, complaint: DataComplaint) -> None:
    """At once, but for the night: a code and a day, no words."""
    for person in complaints.whom_to_tell(session):
        _tell(session, area, complaint, person, f"{complaint.about}:{person.id}")


def _tell(session: Session, area: Area, complaint: DataComplaint, person: Person, about: str) -> bool:
    address = reach(person)
    if address is None or session.scalar(select(Outgoing.id).where(Outgoing.about == about).limit(1)) is not None:
        return False
    with speaking(person.language):
        message = Message(
            "\n".join([_("A complaint about data: {code}.", code=complaint.code), time_left(area, complaint)]),
            (Button(_("Open it"), taps.start("data_complaints", {"which": complaint.code})),),
        )
    send(session, address, message, Class.RECEIPT, due=area.next_waking(now()), about=about)
    return True


def time_left(area: Area, complaint: DataComplaint) -> str:
    today, day = area.today(now()), complaint.acknowledge_by
    if complaint.acknowledged is not None:
        return _("The family has been told that you have it. Look into it without delay.")
    left = (day - today).days
    if left < 0:
        return ngettext(
            "The law’s last day has passed: {count} day late (was {day}).",
            "The law’s last day has passed: {count} days late (was {day}).",
            -left,
            day=dates.day(day),
        )
    return ngettext(
        "The family must be told by {day} that you have it: {count} day left.",
        "The family must be told by {day} that you have it: {count} days left.",
        left,
        day=dates.day(day),
    )


def chase_complaints(session: Session, partnership: Partnership, moment: datetime) -> int:
    """A sweep: from a week before the last day, and when it has passed, the admins are told each morning."""
    area = partnership.area
    if area.quiet(moment):
        return 0
    today: date = area.today(moment)
    told = 0
    for complaint in complaints.due_soon(session, today):
        for person in complaints.whom_to_tell(session):
            told += _tell(session, area, complaint, person, f"{complaint.about}:{person.id}:{today}")
    return told


# -- staff


def data_complaints(chat: Chat) -> None:
    complaint = _which(chat)
    if complaint is None:
        _mark(chat)
        return
    chat.at_once(lambda: _looked(chat, complaint))
    chat.say("\n".join(_about(chat, complaint)))
    if complaint.said:
        chat.say(_("“{words}”", words=complaint.said))
    if complaint.closed is not None:
        chat.say(_("It is closed. What was done:\n{outcome}", outcome=complaint.outcome or "–"))
        return
    ways = {} if complaint.acknowledged else {"have": _("Say that we have it")}
    match chat.choose(
        "do",
        _("What would you like to do?"),
        {**ways, "close": _("Close it"), "list": _("Back to the list")},
    ):
        case "have":
            _acknowledge(chat, complaint)
        case "close":
            _close(chat, complaint)
        case _:
            chat.then("data_complaints")


def _looked(chat: Chat, complaint: DataComplaint) -> None:
    if complaint.feedback is not None:
        said.seen_by(chat.session, complaint.feedback, chat.person, f"conversation:{chat.conversation.id}")


def _which(chat: Chat) -> DataComplaint | None:
    """One of those that are open; None when they want to mark a message as one."""
    waiting = complaints.complaints(chat.session, chat.person, most=A_PAGE)
    lines = [_("Complaints about data. The nearest day comes first:")] if waiting else [_("No complaint is open.")]
    lines += [f"{one.code}: {time_left(chat.area, one)}" for one in waiting]

    def read(text: str) -> str:
        if text == MARK:
            return MARK
        found = complaints.with_code(chat.session, chat.person, text)
        if found is None:
            raise NotUnderstood(_("Please tap one of these, or type its code."))
        return found.code

    def recall(kept: str) -> DataComplaint | None:
        found = complaints.with_code(chat.session, chat.person, kept) if kept != MARK else None
        if found is None and kept != MARK:
            raise Lost(kept)
        return found

    found: DataComplaint | None = chat.ask(
        "which",
        "\n".join(lines),
        read,
        recall=recall,
        suggest={**{one.code: one.code for one in waiting}, MARK: clip(_("Mark a message"))},
    )
    return found


def _mark(chat: Chat) -> None:
    def read(words: str) -> str:
        found = said.with_reference(chat.session, chat.person, words)
        if found is None:
            raise NotUnderstood(_("I do not find that reference."))
        return found.ref

    ref = chat.ask("ref", _("Which message is a complaint about data? Please type its reference."), read, recall=str)
    feedback = said.with_reference(chat.session, chat.person, ref)
    if feedback is None:
        raise Lost(ref)
    complaint = complaints.mark(chat.session, chat.area, feedback, chat.person)
    tell_admins(chat.session, chat.area, complaint)
    chat.say(
        "\n".join([_("{ref} is complaint {code} now.", ref=ref, code=complaint.code), time_left(chat.area, complaint)]),
        chat.start(_("Open it"), "data_complaints", which=complaint.code),
    )


def _about(chat: Chat, complaint: DataComplaint) -> list[str]:
    came = dates.moment(complaint.received, chat.area.zone)
    lines = [_("{code} came on {moment}.", code=complaint.code, moment=came), time_left(chat.area, complaint)]
    if complaint.feedback is not None:
        lines.append(_("It came with {ref}.", ref=complaint.feedback.ref))
    return lines


def _acknowledge(chat: Chat, complaint: DataComplaint) -> None:
    told = acknowledge_and_tell(chat, complaint)
    if told is None:
        chat.say(_("A colleague was quicker. It has been done."))
        return
    chat.say(told, chat.start(_("Back to the list"), "data_complaints"))


def acknowledge_and_tell(desk: Sender, complaint: DataComplaint) -> str | None:
    """Returns what came of it, for staff; None when a colleague was quicker. Raises `NotAllowed`."""
    if not complaints.acknowledge(desk.session, complaint, desk.person):
        return None
    with speaking(complaint.person.language if complaint.person else "en"):
        text = "\n".join(
            [
                _("We have your complaint about data, {code}.", code=complaint.code),
                _("We look into it, and tell you what we found and did."),
                _("You can tell the ICO too. They watch over how data is used. It is free."),
            ]
        )
    return _tell_family(desk, complaint, text)


def _close(chat: Chat, complaint: DataComplaint) -> None:
    outcome = chat.ask("outcome", _("What did you find, and what was done? The family reads your words."))
    told = close_and_tell(chat, complaint, outcome)
    if told is None:
        chat.say(_("A colleague was quicker. It has been done."))
        return
    chat.say(told, chat.start(_("Back to the list"), "data_complaints"))


def close_and_tell(desk: Sender, complaint: DataComplaint, outcome: str) -> str | None:
    """As `acknowledge_and_tell`."""
    if not complaints.close(desk.session, complaint, desk.person, outcome):
        return None
    with speaking(complaint.person.language if complaint.person else "en"):
        text = "\n".join(
            [
                _("About your complaint about data, {code}:", code=complaint.code),
                outcome,
                _("If you do not agree, you can tell the ICO. They watch over how data is used. It is free."),
            ]
        )
    return _tell_family(desk, complaint, text)


def _tell_family(desk: Sender, complaint: DataComplaint, text: str) -> str:
    """Also to who stopped messages: the law has it told, and they asked for it by complaining."""
    address = reach(complaint.person) if complaint.person is not None else None
    if complaint.person is None or address is None:
        return _("It is kept. The family cannot be reached here, so nobody was told.")
    with speaking(complaint.person.language):
        message = Message(text, (Button(_("How to reach the ICO"), url=REGULATOR),))
    send(desk.session, address, message, Class.REPLY, due=desk.area.next_waking(now()), about=complaint.about)
    return _("It is kept, and the family is told.")


ERRAND = Errand(
    data_complaint,
    label=lambda: _("Complain about data"),
    words=lambda: _("data complaint|data protection complaint|complain about data"),
    in_menu=False,
)
BACK = Errand(complaint_back, label=lambda: _("It is no complaint"), in_menu=False)
STAFF = Errand(
    data_complaints,
    label=lambda: _("Data complaints"),
    words=lambda: _("data complaints|complaints about data"),
    command="complaints",
    permission=Permission.APPOINT,
    browsed=True,
    seldom=True,
)
