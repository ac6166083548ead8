"""What was sent, what is on its way, and what became of it; pause it, go on, stop it, decide about unknown fates."""

from __future__ import annotations

from handlers.dialogue import Chat
from handlers.labels import clip, room_for
from handlers.publish.approving import named
from handlers.publish.going import numbers, report, state_in_words, title
from locales import _, dates
from models.broadcast import (
    Broadcast,
    BroadcastState,
    NotNow,
    go_on,
    latest,
    leave,
    of_unknown_fate,
    pause,
    second_persons,
    send_again,
    stop,
)
from models.database import now
from models.feedback import Status
from models.message import Button
from models.role import Permission, may
from models.theme import not_right_yet, verdicts

# So many messages of unknown fate are decided about at a time: they fit on one question.
A_HANDFUL = 8


def sent(chat: Chat) -> None:
    broadcast = named(chat)
    if broadcast is None:
        broadcast = _picked(chat)
    if broadcast is None:
        chat.say(_("Nothing has been sent yet."), chat.start(_("Say what we are doing"), "publish"))
        return
    try:
        _do(chat, broadcast, str(chat.answers.get("do", "")))
    except NotNow:
        chat.say(_("That does not go any more: it has moved on."))
    _show(chat, broadcast)


def _picked(chat: Chat) -> Broadcast | None:
    found = {str(broadcast.id): broadcast for broadcast in latest(chat.session)}
    if not found:
        return None
    lines = [
        f"{place}. {dates.short_day(chat.area.local(one.at).date())}: {title(one)} ({state_in_words(one.state)})"
        for place, one in enumerate(found.values(), 1)
    ]
    labels = {number: clip(one.texts["en"], room_for(len(found))) for number, one in found.items()}
    return found[chat.choose("pick", "\n".join([_("Which one?"), *lines]), labels)]


def _do(chat: Chat, broadcast: Broadcast, what: str) -> None:
    match what:
        case "pause":
            pause(chat.session, broadcast, chat.person)
            chat.say(_("It is paused. What is on its way still arrives."))
        case "go":
            go_on(chat.session, broadcast, chat.person)
            chat.say(_("It goes on."))
        case "stop":
            _stop(chat, broadcast)
        case "fate":
            _fate(chat, broadcast)


def _stop(chat: Chat, broadcast: Broadcast) -> None:
    if broadcast.state in (BroadcastState.STOPPED, BroadcastState.DONE):
        raise NotNow(broadcast.state)
    sure = chat.agree(
        "sure",
        _("Call it off for good? What has arrived cannot be called back."),
        yes=_("Call it off"),
        no=_("Let it go on"),
    )
    if sure:
        stop(chat.session, broadcast, chat.person)
        chat.say(_("It is called off. Nothing more of it is sent."))


def _fate(chat: Chat, broadcast: Broadcast) -> None:
    rows = of_unknown_fate(chat.session, broadcast)[:A_HANDFUL]
    if not rows:
        return
    choices = {"again": _("Send again"), "leave": _("Leave it"), "some": _("Pick some")}
    if broadcast.state is BroadcastState.STOPPED:
        choices = {"leave": _("Leave it")}
    picked = chat.choose(
        "fate",
        _(
            "We do not know if these arrived: {numbers}. Sent again, somebody may get one twice.",
            numbers=numbers(rows),
        ),
        choices,
    )
    again = list(rows) if picked == "again" else []
    if picked == "some":
        again = list(
            chat.several("rows", _("Which should be sent again?"), {row: _("No. {row}", row=row) for row in rows})
        )
    if again:
        send_again(chat.session, broadcast, again, chat.person)
        chat.say(_("Sent again: {numbers}.", numbers=numbers(again)))
    left = [row for row in rows if row not in again]
    if left:
        leave(chat.session, broadcast, left, chat.person)
        chat.say(_("Left as it is: {numbers}.", numbers=numbers(left)))


def _show(chat: Chat, broadcast: Broadcast) -> None:
    lines = [f"“{title(broadcast)}”", _("Now: {state}.", state=state_in_words(broadcast.state))]
    if broadcast.state is BroadcastState.SCHEDULED:
        lines.append(_begins(chat, broadcast))
    if broadcast.state is BroadcastState.WAITING and not second_persons(chat.session, broadcast.author_id):
        lines.append(_("Nobody else here can say yes to it yet. An admin can ask somebody to join: tap “Colleagues”."))
    if broadcast.state is BroadcastState.DRAFT and broadcast.sent_back_because:
        lines.append(_("They say: “{because}”", because=broadcast.sent_back_because))
    if broadcast.started is not None:
        lines += [*report(chat.session, broadcast), *_is_it_better(chat, broadcast)]
    chat.say("\n".join(lines), *_buttons(chat, broadcast))


def _begins(chat: Chat, broadcast: Broadcast) -> str:
    at = broadcast.at if broadcast.at_night else chat.area.next_waking(max(broadcast.at, now()))
    if at <= now():
        return _("It begins in a moment.")
    return _("It goes out on {moment}.", moment=dates.moment(at, chat.area.zone))


def _is_it_better(chat: Chat, broadcast: Broadcast) -> list[str]:
    """What families say of something that we called done (T9)."""
    update = broadcast.update
    if update is None or update.status is not Status.DONE:
        return []
    said = verdicts(chat.session, update)
    lines = [_("Families say: better {better}, not right yet {not_yet}.", better=said.better, not_yet=said.not_yet)]
    return lines + [f"– “{clip(words, 150)}”" for words in not_right_yet(chat.session, update, chat.person)]


def _may_approve(chat: Chat) -> bool:
    return may(chat.session, chat.person, Permission.APPROVE)


def _buttons(chat: Chat, broadcast: Broadcast) -> list[Button]:
    def button(label: str, do: str) -> Button:
        return chat.start(label, "sent", which=broadcast.id, do=do)

    states = BroadcastState
    buttons = []
    if broadcast.state in (states.GOING, states.PAUSED):
        buttons.append(chat.start(_("How far is it?"), "sent", which=broadcast.id))
    if broadcast.state is states.WAITING and broadcast.author_id != chat.person.id and _may_approve(chat):
        buttons.append(chat.start(_("Look and decide"), "approve", which=broadcast.id))
    if broadcast.state is states.GOING:
        buttons.append(button(_("Pause"), "pause"))
    if broadcast.state is states.PAUSED:
        buttons.append(button(_("Go on"), "go"))
    if broadcast.state is states.DRAFT and broadcast.author_id == chat.person.id:
        buttons.append(chat.start(_("Change it"), "publish_again", which=broadcast.id))
    if broadcast.state not in (states.STOPPED, states.DONE):
        buttons.append(button(_("Call it off"), "stop"))
    if of_unknown_fate(chat.session, broadcast):
        buttons.append(button(_("Decide"), "fate"))
    return buttons
