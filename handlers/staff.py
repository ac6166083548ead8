"""Becoming staff by an invite, and appointing colleagues.

An invite works once and expires. Used, expired and invented ones get the same answer: nobody can find out which
exist. Whoever is removed has no rights from their next message on.
"""

from __future__ import annotations

import io

from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.labels import clip
from handlers.menu import say_where_the_desk_is
from locales import _, dates
from models import role
from models.message import File
from models.role import Permission, Role, RoleName

# It stands in a list beside an organisation.
LONGEST_JOB = 40


def role_label(name: RoleName) -> str:
    """What a role may do, short enough for a button."""
    return {
        RoleName.VIEWER: _("Viewer: read"),
        RoleName.RESPONDER: _("Responder: answer"),
        RoleName.BROADCASTER: _("Publisher: tell all"),
        RoleName.APPROVER: _("Approver: let it go out"),
        RoleName.SAFEGUARDING: _("Safeguarding: alerts"),
        RoleName.ADMIN: _("Admin: everything"),
    }[name]


def organisation_name(chat: Chat, key: str) -> str:
    return next((_(one.name) for one in chat.area.organisations if one.key == key), key)


def join_staff(chat: Chat) -> None:
    secret = str(chat.answers.get("secret", ""))
    accepted = role.accept(chat.session, secret, chat.person) if secret else None
    if accepted is None:
        chat.say(_("This invite does not work. It may have been used or be too old. Ask for a new one."))
        return
    chat.say(
        _(
            "Welcome. You are now staff for {organisation}. Your role is “{role}”. The menu has your staff desk.",
            role=role_label(accepted.name),
            organisation=organisation_name(chat, accepted.organisation),
        )
    )
    chat.then("called")


def called(chat: Chat) -> None:
    """Colleagues tell each other apart by job, never by name: whom to remove must not be a guess."""
    job = chat.ask(
        "job",
        _("What should colleagues call you? A job or a team, no name. For example: “SEN team, mornings”."),
        _job,
        recall=str,
        skip=_("Skip"),
    )
    if job:
        role.call(chat.session, chat.person, job)
        chat.say(_("Thank you. Colleagues see “{job}”.", job=job))
    say_where_the_desk_is(chat)
    chat.then("menu")


def _job(text: str) -> str:
    job = " ".join(text.split())
    if len(job) > LONGEST_JOB:
        raise NotUnderstood(_("That is too long for a list. Please use {most} letters or fewer.", most=LONGEST_JOB))
    return job


def colleagues(chat: Chat) -> None:
    role.require(chat.session, chat.person, Permission.APPOINT)
    what = chat.choose(
        "what", _("What would you like to do?"), {"invite": _("Invite somebody"), "remove": _("Remove somebody")}
    )
    if what == "invite":
        _invite(chat)
    else:
        _remove(chat)


def _invite(chat: Chat) -> None:
    name = chat.choose("role", _("What may they do?"), {one: role_label(one) for one in RoleName})
    organisation = chat.choose(
        "for", _("Who do they work for?"), {one.key: clip(_(one.name)) for one in chat.area.organisations}
    )
    invited, secret = role.invite(chat.session, name, organisation, chat.person)
    payload = f"inv-{secret}"
    links = [chat.partnership.link(payload)]
    if chat.partnership.telegram_name:
        links.insert(0, chat.partnership.link(payload, "telegram"))
    chat.say(
        _(
            "Here is the invite: {role}, for {organisation}. It works once, until {day}. Send it only to the person "
            "it is for.",
            role=role_label(name),
            organisation=organisation_name(chat, organisation),
            day=dates.day(chat.area.local(invited.expires).date()),
        )
    )
    chat.say("\n".join(links), file=_qr_code(links[0]))


def _qr_code(link: str) -> File:
    import segno

    drawn = io.BytesIO()
    segno.make(link, error="m").save(drawn, kind="png", scale=8)
    return File.of("invite.png", "image/png", drawn.getvalue())


def _remove(chat: Chat) -> None:
    others = [one for one in role.everybody(chat.session) if one.person_id != chat.person.id]
    if not others:
        chat.say(_("There is nobody else yet."))
        return
    shown = others[:9]
    number = chat.choose("who", _list(chat, shown), {one.id: clip(_line(chat, one)) for one in shown})
    gone = chat.session.get(Role, number)
    if gone is None or gone.ended is not None:
        chat.say(_("They have already been removed."))
        return
    if not chat.agree(
        "sure",
        _("Remove {who}? They will not be able to read or do anything from now on.", who=_line(chat, gone)),
        yes=_("Yes, remove"),
        no=_("No, keep"),
    ):
        chat.say(_("Nothing was changed."))
        return
    role.remove(chat.session, gone, chat.person)
    chat.say(_("Done. They have no access any more."))


def _line(chat: Chat, one: Role) -> str:
    return (
        f"{one.id}: {one.title or role_label(one.name).partition(':')[0]}, {organisation_name(chat, one.organisation)}"
    )


def _list(chat: Chat, shown: list[Role]) -> str:
    lines = [
        _("{who}, since {day}", who=_line(chat, one), day=dates.short_day(chat.area.local(one.granted).date()))
        for one in shown
    ]
    return "\n".join([_("Who should be removed?"), *lines])


JOIN = Errand(join_staff, label=lambda: _("Become staff"), in_menu=False)
CALLED = Errand(called, label=lambda: _("My job here"), permission=Permission.READ, in_menu=False)
COLLEAGUES = Errand(
    colleagues,
    label=lambda: _("Colleagues"),
    words=lambda: _("colleagues|staff|invite|remove somebody"),
    command="colleagues",
    permission=Permission.APPOINT,
    seldom=True,
)
