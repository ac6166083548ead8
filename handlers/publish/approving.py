"""A second person looks before many are written to: approve it, or send it back and say why."""

from __future__ import annotations

from handlers import taps
from handlers.dialogue import Chat
from handlers.inbox.telling import Sender
from handlers.publish.going import title, write_to_staff
from handlers.publish.last_look import filled_from
from handlers.publish.preview import handed_in_preview
from locales import _, speaking
from models.broadcast import Broadcast, BroadcastState, NotNow, OwnWork, approve, send_back
from models.message import Button
from models.role import Permission, may


def approving(chat: Chat) -> None:
    broadcast = named(chat)
    if broadcast is None or broadcast.state is not BroadcastState.WAITING:
        chat.say(_("That has been decided already. Thank you."), chat.start(_("What we sent"), "sent"))
        return
    if broadcast.author_id == chat.person.id:
        chat.say(_("You wrote this yourself. A colleague has to look at it."))
        return
    for text in handed_in_preview(chat.session, chat.area, broadcast):
        chat.say(text)
    verdict = chat.agree("verdict", _("Shall it go out like this?"), yes=_("Approve"), no=_("Send back"))
    because = "" if verdict else chat.ask("because", _("What should be different? Your colleague will read this."))
    try:
        _decided(chat, broadcast, because, approved=verdict)
    except (NotNow, OwnWork):
        chat.say(_("That has been decided already. Thank you."), chat.start(_("What we sent"), "sent"))


def _decided(chat: Chat, broadcast: Broadcast, because: str, *, approved: bool) -> None:
    if approved:
        decide(chat, broadcast, "", approved=True)
        chat.say(_("Thank you. It goes out."), chat.start(_("How far is it?"), "sent", which=broadcast.id))
    else:
        decide(chat, broadcast, because, approved=False)
        chat.say(_("Thank you. It does not go out. Your colleague reads why."))


def decide(desk: Sender, broadcast: Broadcast, because: str, *, approved: bool) -> None:
    """Let it go, or send it back, and tell its author. Raises as `approve` does."""
    if approved:
        approve(desk.session, broadcast, desk.person)
    else:
        send_back(desk.session, broadcast, desk.person, because)
    _tell_author(desk, broadcast, because, approved=approved)


def _tell_author(desk: Sender, broadcast: Broadcast, because: str, *, approved: bool) -> None:
    if broadcast.author is None or not may(desk.session, broadcast.author, Permission.PUBLISH):
        return  # nobody there any more who should hear of it
    with speaking(broadcast.author.language):
        if approved:
            text = _("A colleague approved “{text}”. It goes out.", text=title(broadcast))
            button = Button(_("How far is it?"), taps.start("sent", {"which": broadcast.id}))
        else:
            text = _("A colleague sent back “{text}”. They say: “{because}”", text=title(broadcast), because=because)
            button = Button(_("Change it"), taps.start("publish_again", {"which": broadcast.id}))
        write_to_staff(desk.session, broadcast.author, text, button)


def publish_again(chat: Chat) -> None:
    """Started by a button: go through what was sent back, with every answer filled in."""
    broadcast = named(chat)
    if broadcast is None or broadcast.state is not BroadcastState.DRAFT:
        chat.say(_("That has been decided already. Thank you."), chat.start(_("What we sent"), "sent"))
        return
    if broadcast.audience != f"theme:{broadcast.theme_id}":
        desk = f"{chat.partnership.web_address}/desk/publications/{broadcast.id}"
        chat.say(_("It was written on the desk. Please change it there."), Button(_("Open the desk"), url=desk))
        return
    chat.then("publish", **filled_from(broadcast))


def named(chat: Chat) -> Broadcast | None:
    """The broadcast that a button was about."""
    number = str(chat.answers.get("which", ""))
    return chat.session.get(Broadcast, int(number)) if number.isdecimal() else None
