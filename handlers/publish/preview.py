"""What staff see before anything goes out: every group's message as it will be, how many get it, and who does not."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from handlers.publish.compose import Item, message, promised_before
from locales import _, dates, ngettext
from models.area import Area
from models.audience import Count, LeftOut, Part
from models.broadcast import QUOTE, Broadcast, Move, who_gets_it
from models.database import now


def preview(area: Area, item: Item, count: Count) -> list[str]:
    """A message for each group that has somebody in it. With nobody to write to, it says so."""
    shown = [part for part in Part if count.parts.get(part)]
    if not shown:
        return [_("Nobody would be written to. This is how it would read:"), _as_sent(area, item, Part.FOLLOWER)]
    return [f"{heading(part, count.parts[part])}\n{_as_sent(area, item, part)}" for part in shown]


def heading(part: Part, count: int) -> str:
    match part:
        case Part.RAISER:
            return ngettext("To {count} person who said it:", "To {count} people who said it:", count)
        case Part.FOLLOWER:
            return ngettext("To {count} person who follows it:", "To {count} people who follow it:", count)
        case Part.SUBSCRIBER:
            return ngettext("To {count} person who wants news:", "To {count} people who want news:", count)
        case Part.READER:
            return ngettext("To {count} person:", "To {count} people:", count)


def _as_sent(area: Area, item: Item, part: Part) -> str:
    made = message(area, item, part)
    text = made.text.replace(QUOTE, _("their own words"), 1)
    return f"{text}\n" + " ".join(f"[{button.label}]" for button in made.buttons)


def left_out(count: Count) -> list[str]:
    """Who is in the group but gets nothing, and why."""
    written_to = ngettext("{count} person is written to.", "{count} people are written to.", count.reached)
    return [written_to, *(_left_out(reason, count.left_out[reason]) for reason in LeftOut if reason in count.left_out)]


def _left_out(reason: LeftOut, number: int) -> str:
    match reason:
        case LeftOut.NO_AGREEMENT:
            return ngettext("{count} is not: they have not agreed.", "{count} are not: they have not agreed.", number)
        case LeftOut.STOPPED:
            return ngettext("{count} is not: they opted out.", "{count} are not: they opted out.", number)
        case LeftOut.BLOCKED:
            return ngettext(
                "{count} is not: they have no open chat.", "{count} are not: they have no open chat.", number
            )
        case LeftOut.ENOUGH:
            return ngettext(
                "{count} is not: they have had enough messages this week.",
                "{count} are not: they have had enough messages this week.",
                number,
            )


def handed_in_preview(session: Session, area: Area, broadcast: Broadcast) -> list[str]:
    """The same for what has been handed in: what the second person sees, with the time if one was given."""
    count = who_gets_it(session, broadcast)
    lines = [broadcast.texts["en"]]
    if broadcast.theme is not None and broadcast.status is not None:
        move = Move(
            broadcast.status,
            broadcast.texts,
            broadcast.organisation,
            broadcast.due,
            role=broadcast.role,
            action=broadcast.action,
            another=broadcast.another,
        )
        lines = preview(area, Item(broadcast.theme, move, promised_before(broadcast.theme, move)), count)
    lines += left_out(count)
    if broadcast.at > now():
        lines.append(_("It goes out on {moment}.", moment=dates.moment(broadcast.at, area.zone)))
    return lines


def in_pieces(lines: Sequence[str], most: int = 900) -> list[str]:
    """The lines as messages of at most so many letters, as far as the lines allow: a phone shows some 600."""
    pieces: list[str] = []
    for line in lines:
        if pieces and len(pieces[-1]) + len(line) < most:
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return pieces
