"""A publication on its way: what the clock does with it, how staff hear of it, and a text sent from the machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers import taps
from handlers.labels import clip
from handlers.publish.compose import footer, plain_text
from handlers.publish.naming import found_in
from locales import _, dates, ngettext, speaking
from models.area import Area
from models.audience import check_audience
from models.broadcast import (
    Broadcast,
    BroadcastState,
    Progress,
    due_broadcasts,
    expand,
    finish,
    hand_in,
    hold_at_night,
    of_unknown_fate,
    progress,
)
from models.message import Button, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Person, reach
from models.personal.allowed import allow
from models.role import Permission, may, staff_who_may
from models.theme import to_chase

# Rows made in one transaction. Measured on SQLite: 60 ms, twice that on a busy machine; a conversation waits no longer.
SLICE = 200


def publications(session: Session, partnership: Partnership, moment: datetime) -> int:
    """What the clock does on each sweep: hold at night what must not go then, make the next rows, tell authors what
    became of theirs. Returns how many rows were made; `SLICE` means that there are more. Never commits."""
    hold_at_night(session, partnership.area, moment)
    made = 0
    for broadcast in due_broadcasts(session, partnership.area, moment):
        if made < SLICE:
            made += expand(session, broadcast, SLICE - made)
    for broadcast in finish(session, moment):
        _tell_author(session, broadcast)
    _chase(session, partnership, moment)
    return made


def _chase(session: Session, partnership: Partnership, moment: datetime) -> None:
    """The day before something was promised to be done, staff are asked to say how it stands (T5)."""
    if partnership.area.quiet(moment):
        return
    for action in to_chase(session, partnership.area.today(moment) + timedelta(days=1)):
        promised, theme = action.due, action.theme
        if promised is None:
            continue
        action.chased_for = promised
        for person in staff_who_may(session, Permission.PUBLISH):
            with speaking(person.language):
                write_to_staff(
                    session,
                    person,
                    _(
                        "Families were told “{day}” for this: “{said}”. Please say how it stands, before they ask.",
                        day=dates.day(promised),
                        said=clip(theme.said, 100),
                    ),
                    Button(_("Say how it stands"), taps.start("publish", {"item": theme.id, "part": action.id})),
                )


def _tell_author(session: Session, broadcast: Broadcast) -> None:
    if broadcast.author is None or not may(session, broadcast.author, Permission.PUBLISH):
        return
    with speaking(broadcast.author.language):
        write_to_staff(
            session,
            broadcast.author,
            "\n".join([_("“{text}” has gone out.", text=title(broadcast)), *report(session, broadcast)]),
            Button(_("Look at it"), taps.start("sent", {"which": broadcast.id})),
        )


def write_to_staff(session: Session, person: Person, text: str, *buttons: Button, due: datetime | None = None) -> None:
    """News of their own work, at `due` (UTC; now, unless given). It is no delivery of the publication, and not counted
    as one."""
    address = reach(person)
    if address is not None:
        send(session, address, Message(text, buttons, footer()), Class.RECEIPT, due=due)


class PointsToSomebody(Exception):
    """A text that was to go to many holds personal data, and nobody has said that it may. `found` says what."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found))
        self.found = found


def publish_text(
    session: Session,
    text: str,
    audience: str,
    at: datetime | None,
    by: Person | None = None,
    *,
    area: Area,
    allow_personal: bool = False,
) -> Broadcast:
    """Have a text sent to an audience (models/audience), at `at` (UTC) or now. Never commits.

    Whoever calls it has said when, so it goes at night too. `by` is None for somebody with the machine itself, and
    then nobody needs to approve it. With `allow_personal` somebody has looked at what may point to a person, and it is
    kept that it was allowed. Raises `UnknownAudience`, with words, `PointsToSomebody` and `NotAllowed`.
    """
    check_audience(session, area, audience)
    texts = {"en": text.strip()}
    found = found_in(texts.values(), frozenset())
    if found and not allow_personal:
        raise PointsToSomebody(found)
    broadcast = hand_in(
        session,
        audience,
        texts,
        plain_text(area, texts),
        at=at,
        by=by,
        needs_approval=by is not None and area.publication.needs_approval,
        most_a_week=area.publication.most_a_week,
        at_night=True,
    )
    if found:
        allow(session, broadcast.about, texts.values(), by)
    return broadcast


# -- in words


def title(broadcast: Broadcast) -> str:
    """What stands for it in a sentence: the beginning of its text, without a full stop."""
    return clip(broadcast.texts["en"], 60).rstrip(".")


def state_in_words(state: BroadcastState) -> str:
    return {
        BroadcastState.DRAFT: _("sent back"),
        BroadcastState.WAITING: _("waits for approval"),
        BroadcastState.SCHEDULED: _("waits for its time"),
        BroadcastState.GOING: _("going out"),
        BroadcastState.PAUSED: _("paused"),
        BroadcastState.STOPPED: _("stopped"),
        BroadcastState.DONE: _("sent"),
    }[state]


def report(session: Session, broadcast: Broadcast) -> list[str]:
    """How far it is, or what became of it: everybody is in exactly one of these numbers."""
    far = progress(session, broadcast)
    if far.total == 0:
        return [_("There was nobody to write to.")]
    lines = [_("Got it: {got} of {total}.", got=far.got, total=far.total)]
    if far.waiting:
        lines.append(_("Still to go: {count}.", count=far.waiting))
    if far.not_reached:
        lines.append(_("Could not be reached: {count} ({reasons}).", count=far.not_reached, reasons=_reasons(far)))
    if far.dropped:
        lines.append(_("Not sent, because it was stopped or they opted out: {count}.", count=far.dropped))
    return lines + _unknown(session, broadcast, far)


def _unknown(session: Session, broadcast: Broadcast, far: Progress) -> list[str]:
    if not far.unknown:
        return []
    lines = [
        ngettext(
            "We do not know if {count} message arrived.",
            "We do not know if {count} messages arrived.",
            far.unknown,
        )
    ]
    undecided = of_unknown_fate(session, broadcast)
    if undecided:
        lines.append(_("To decide: {numbers}.", numbers=numbers(undecided)))
    return lines


def numbers(rows: Sequence[int], most: int = 20) -> str:
    """Numbers of messages, without anybody's name."""
    return ", ".join(str(row) for row in rows[:most]) + (" …" if len(rows) > most else "")


def _reasons(far: Progress) -> str:
    named: dict[str, int] = {}
    for error, count in far.reasons.items():
        named[_reason(error)] = named.get(_reason(error), 0) + count
    return ", ".join(f"{reason}: {count}" for reason, count in sorted(named.items()))


def _reason(error: str) -> str:
    """Channels give short codes; what staff can act on is whether the person shut us out."""
    code = error.casefold()
    if "block" in code or "403" in code or "forbidden" in code or "deactivated" in code:
        return _("they closed the chat")
    if code == "too late":
        return _("no way to them for a day")
    return _("the channel refused it")
