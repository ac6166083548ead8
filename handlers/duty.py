"""The duty rota, kept in the chat by those who look after alerts: who is on, who is away, who does it instead.

Teams and their usual hours stand in area.toml; people join them here. Nobody is on duty by a file alone: it takes a
person who can be reached.
"""

from __future__ import annotations

from datetime import date, time

from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.labels import clip
from handlers.staff import organisation_name, role_label
from handlers.when import read_clock, read_day
from locales import _, dates
from models import duty as rota
from models.area.rules import Duty
from models.database import now
from models.duty import DutyAway, DutyTurn, Order
from models.duty.email import mailbox
from models.message import Message
from models.outgoing import Class, send
from models.person import Address, Person
from models.role import Permission, require, roles_of, staff_who_may

MOST_LISTED = 9
NOBODY, USUAL, OTHER = "nobody", "usual", "other"


def duty(chat: Chat) -> None:
    require(chat.session, chat.person, Permission.PROTECT)
    if not chat.area.duty:
        chat.say(_("No team does duty here yet. Whoever looks after the program writes it into area.toml."))
        return
    ways = {"on": _("Put on duty"), "off": _("Take off duty"), "away": _("Away, or swap"), "email": _("My duty e-mail")}
    ways["words"] = _("Sign off the words")
    if rota.absences(chat.session, chat.area.today(now())):
        ways["back"] = _("Back from away")
    match chat.choose("what", "\n".join(_rota(chat)), ways):
        case "on":
            _put_on(chat)
        case "off":
            _take_off(chat)
        case "away":
            _away(chat)
        case "back":
            _back(chat)
        case "words":
            chat.then("sign_off")
        case _:
            chat.then("duty_email")


def orders() -> dict[Order, str]:
    return {
        Order.FIRST: _("First: told at once"),
        Order.SECOND: _("Second: after 15 min"),
        Order.MANAGER: _("Manager: after 30 min"),
    }


def weekdays() -> dict[str, str]:
    return {
        "monday": _("Monday"),
        "tuesday": _("Tuesday"),
        "wednesday": _("Wednesday"),
        "thursday": _("Thursday"),
        "friday": _("Friday"),
        "saturday": _("Saturday"),
        "sunday": _("Sunday"),
    }


def called(chat: Chat, person: Person) -> str:
    """A colleague by job and organisation, never by name."""
    held = roles_of(chat.session, person)
    if not held:
        return f"{person.id}"
    job = held[0].title or role_label(held[0].name).partition(":")[0]
    return f"{person.id}: {job}, {organisation_name(chat, held[0].organisation)}"


# -- what is so


def _rota(chat: Chat) -> list[str]:
    moment, area = now(), chat.area
    on = rota.on_duty(chat.session, area, moment)
    lines = [_("On duty now: {who}", who="; ".join(called(chat, one) for one in on) or _("nobody"))]
    if not on:
        coming = rota.next_on_duty(chat.session, area, moment)
        when = dates.moment(coming, area.zone) if coming else _("nobody")
        lines.append(_("Next on duty: {when}", when=when))
    lines += [_turn_line(chat, turn) for turn in rota.turns(chat.session, area)]
    lines += [_away_line(chat, one) for one in rota.absences(chat.session, area.today(moment))]
    return [*lines, _("What would you like to do?")]


def _turn_line(chat: Chat, turn: DutyTurn) -> str:
    names = weekdays()
    return _(
        "{order}: {who}. {team}, {days}, {start} to {end}.",
        order=orders()[turn.order].partition(":")[0],
        who=called(chat, turn.person),
        team=turn.team,
        days=", ".join(names[day] for day in turn.days if day in names),
        start=turn.starts,
        end=turn.ends,
    )


def _away_line(chat: Chat, away: DutyAway) -> str:
    return _(
        "Away from {first} to {last}: {who}. Instead: {instead}",
        first=dates.short_day(away.first),
        last=dates.short_day(away.last),
        who=called(chat, away.person),
        instead=called(chat, away.instead) if away.instead else _("nobody"),
    )


# -- on and off


def _put_on(chat: Chat) -> None:
    person = _who(chat, "who", _("Who is it?"))
    team = _team(chat)
    order = chat.choose("order", _("Who is told when?"), orders())
    days, starts, ends = _hours(chat, team)
    rota.add_turn(
        chat.session, chat.area, chat.person, person, team=team.team, order=order, days=days, starts=starts, ends=ends
    )
    chat.say(_("Done. They are on the rota."))
    if rota.email_address(chat.session, person) is None:
        chat.say(
            _("They have no duty e-mail yet. With one they are told in two ways. Each gives their own."),
            chat.start(_("My duty e-mail"), "duty_email"),
        )


def _who(chat: Chat, name: str, text: str, *, without: Person | None = None, nobody: bool = False) -> Person:
    """Somebody who looks after alerts; whoever asks comes first."""
    people = staff_who_may(chat.session, Permission.PROTECT)
    people.sort(key=lambda one: (one.id != chat.person.id, one.id))
    shown = [one for one in people if without is None or one.id != without.id][:MOST_LISTED]
    offered = {str(one.id): clip(_("Me") if one.id == chat.person.id else called(chat, one)) for one in shown}
    if nobody:
        offered[NOBODY] = _("Nobody")
    chosen = chat.choose(name, "\n".join([text, *(called(chat, one) for one in shown)]), offered)
    found = chat.session.get(Person, int(chosen)) if chosen != NOBODY else None
    return found if found is not None else chat.person


def _team(chat: Chat) -> Duty:
    teams = {str(place): one for place, one in enumerate(chat.area.duty)}
    if len(teams) == 1:
        return chat.area.duty[0]
    chosen = chat.choose("team", _("Which team?"), {place: clip(one.team) for place, one in teams.items()})
    return teams[chosen]


def _hours(chat: Chat, team: Duty) -> tuple[list[str], str, str]:
    names = weekdays()
    usual = _(
        "{days}, {start} to {end}",
        days=", ".join(names[day] for day in team.days),
        start=f"{team.start:%H:%M}",
        end=f"{team.end:%H:%M}",
    )
    which = chat.choose(
        "hours",
        _("When? The team's usual hours are: {usual}.", usual=usual),
        {USUAL: _("The usual hours"), OTHER: _("Other hours")},
    )
    if which == USUAL:
        return list(team.days), f"{team.start:%H:%M}", f"{team.end:%H:%M}"
    days = chat.several("days", _("On which days? Tap all that fit, then the last button."), names)
    if not days:
        chat.say(_("Without a day nothing was changed."))
        chat.finish()
    starts = chat.ask("starts", _("From what time? For example 17:00."), read_clock, recall=_clock)
    ends = chat.ask(
        "ends", _("Until what time? A time before the start is on the next day."), read_clock, recall=_clock
    )
    return list(days), f"{starts:%H:%M}", f"{ends:%H:%M}"


def _clock(kept: str) -> time:
    return time.fromisoformat(kept)


def _take_off(chat: Chat) -> None:
    turns = rota.turns(chat.session, chat.area)[:MOST_LISTED]
    if not turns and "turn" not in chat.answers:
        chat.say(_("Nobody is on the rota."))
        return
    chosen = chat.choose(
        "turn",
        _("Which turn is over? From then on they are not told of alerts in it."),
        {str(turn.id): clip(_turn_line(chat, turn)) for turn in turns},
    )
    turn = chat.session.get(DutyTurn, int(chosen))
    if turn is not None:
        rota.end_turn(chat.session, chat.person, turn)
    chat.say(_("Done. They are off the rota for that turn."))
    if not rota.watched(chat.session, chat.area):
        chat.say(_("Nobody is on duty here now. From now on every screen says that messages are not watched."))


# -- away


def _away(chat: Chat) -> None:
    person = _who(chat, "away_who", _("Who is away?"))
    today = chat.area.today(now())
    first = chat.ask("first", _("From which day?"), lambda text: read_day(text, today), recall=_day)
    last = chat.ask(
        "last", _("Until which day? That day is part of it."), lambda text: read_day(text, first), recall=_day
    )
    if last < first:
        chat.say(_("That day is before the first one, so nothing was changed."))
        return
    instead = _who(chat, "instead", _("Who does their duty on these days?"), without=person, nobody=True)
    nobody = chat.answers.get("instead") == NOBODY
    rota.be_away(chat.session, chat.person, person, first=first, last=last, instead=None if nobody else instead)
    chat.say(
        _(
            "Done. From {first} to {last} their duty is done by: {who}",
            first=dates.day(first),
            last=dates.day(last),
            who=_("nobody") if nobody else called(chat, instead),
        )
    )
    if not rota.watched(chat.session, chat.area):
        chat.say(_("Nobody is on duty here now. From now on every screen says that messages are not watched."))


def _day(kept: str) -> date:
    return date.fromisoformat(kept)


def _back(chat: Chat) -> None:
    away = {str(one.id): one for one in rota.absences(chat.session, chat.area.today(now()))[:MOST_LISTED]}
    chosen = chat.choose(
        "which_away", _("Which is over?"), {number: clip(_away_line(chat, one)) for number, one in away.items()}
    )
    rota.come_back(chat.session, chat.person, away[chosen])
    chat.say(_("Done. They do their own duty again."))


# -- e-mail


def duty_email(chat: Chat) -> None:
    """A second way to be told, for when the chat does not work. It counts once a code that was sent there came back."""
    require(chat.session, chat.person, Permission.PROTECT)
    if not chat.partnership.mails:
        chat.say(_("No e-mail is set up here yet. Ask the person who runs the program."))
        return
    before = rota.email_address(chat.session, chat.person)
    if before is not None and "email" not in chat.answers:
        chat.say(_("Your duty e-mail is {email}. A new one takes its place.", email=mailbox(before.key)))
    email = chat.ask(
        "email", _("At which e-mail address may I tell you about alerts? No words are sent there."), _email
    )
    if "code" not in chat.answers:
        chat.at_once(lambda: _send_code(chat, email))
    code = chat.ask("code", _("I have sent a code of six numbers to {email}. Which is it?", email=email), _code)
    if not rota.confirm_email(chat.session, chat.person, code):
        chat.say(_("That is not the code, or it is too old."), chat.start(_("Try again"), "duty_email"))
        return
    chat.say(_("Thank you. You are now told about alerts here and at {email}.", email=email))


def _email(text: str) -> str:
    email = text.strip().lower()
    if not rota.is_email(email):
        raise NotUnderstood(_("That is no e-mail address. It looks like name@example.org."))
    return email


def _code(text: str) -> str:
    code = "".join(text.split())
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        raise NotUnderstood(_("The code has six numbers. It is in the e-mail."))
    return code


def _send_code(chat: Chat, email: str) -> None:
    given = rota.give_email(chat.session, chat.person, email)
    if given is None:
        return
    address: Address
    address, code = given
    text = [
        _("Your code for YouSaid"),
        _("The code is {code}. Type it in the chat. It works for 30 minutes.", code=code),
        _("If you did not ask for it, do nothing."),
    ]
    send(chat.session, address, Message("\n\n".join(text)), Class.REPLY)


ERRAND = Errand(
    duty,
    label=lambda: _("Duty rota"),
    words=lambda: _("duty|rota|on duty|i am on duty"),
    command="duty",
    permission=Permission.PROTECT,
    browsed=True,
    seldom=True,
)
EMAIL = Errand(duty_email, label=lambda: _("My duty e-mail"), permission=Permission.PROTECT, in_menu=False)
