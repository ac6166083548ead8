"""What each group is sent, word for word, in every language that the area speaks.

It is made once, when a publication is handed in: what staff saw before they sent it is what goes out, and making the
rows of ten thousand people is only a matter of filling in each person's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers import taps
from handlers.labels import clip
from handlers.you_said import standing, who_does_it
from locales import _, dates, languages, speaking, spoken
from models.area import Area
from models.audience import Part
from models.broadcast import QUOTE, UPDATE, VIA, Move
from models.feedback import Status
from models.message import Button, Message
from models.theme import Theme

LONGEST_SAID = 120


@dataclass(frozen=True, slots=True)
class Item:
    """What a publication says about an item. `promised` is the day that families were given before, if they were."""

    theme: Theme
    move: Move
    promised: date | None = None


def promised_before(theme: Theme, move: Move) -> date | None:
    """The day that families were given for the same thing."""
    if move.another:
        return None
    said = move.action or theme.newest
    return said.due if said else None


def languages_of(area: Area) -> list[str]:
    """The languages that messages are made in: those of the area that have a catalogue, and English."""
    return ["en", *(code for code in area.languages if code in languages() and code != "en")]


def about_item(area: Area, item: Item) -> dict[str, Any]:
    """The messages of an item that moves, for those who raised it, follow it, or want to hear of its topic."""
    made: dict[str, Any] = {}
    for language in languages_of(area):
        with speaking(language):
            made[language] = {
                **{part.value: message(area, item, part).as_json() for part in Part},
                **{f"{part.value} young": message(area, item, part, young=True).as_json() for part in Part},
            }
    return made


def plain_text(area: Area, texts: Mapping[str, str]) -> dict[str, Any]:
    """The messages of a text that is about no item's moving; who raised something is still quoted."""
    made: dict[str, Any] = {}
    for language in languages_of(area):
        with speaking(language):
            text = texts.get(language) or texts["en"]
            quoting = "\n".join([_("You told us: “{quote}”", quote=QUOTE), text])
            made[language] = {
                part.value: Message(
                    "\n".join([quoting if part is Part.RAISER else text, _how_to_stop()]), footer=footer()
                ).as_json()
                for part in Part
            }
    return made


def message(area: Area, item: Item, part: Part, *, young: bool = False) -> Message:
    """The message of one group, in the language being spoken, with `QUOTE` where each person's own words go."""
    move = item.move
    text = move.texts.get(spoken()) or move.texts["en"]
    cannot = move.status is Status.CANNOT
    lines = [_opening(area, item.theme, part), standing(move.status, text if cannot else "")]
    if text and not cannot:
        lines.append(text if young else _("What is being done: {text}", text=text))
    if not young:
        lines += _who_and_when(area, item)
    if _more_goes_on(item):
        lines.append(_("This is one part of it. More is still being done."))
    return Message("\n".join([*lines, _how_to_stop()]), _buttons(item, part), footer(), tall=young)


def _more_goes_on(item: Item) -> bool:
    """Whether something else about it is still being done: one part that is done is not all of it."""
    over = item.move.status in (Status.DONE, Status.CANNOT)
    part = item.move.action is not None or item.move.another
    return over and part and any(one.goes_on for one in item.theme.actions if one is not item.move.action)


def _opening(area: Area, theme: Theme, part: Part) -> str:
    said = clip(_(theme.said), LONGEST_SAID)
    match part:
        case Part.RAISER:
            return _("You told us: “{quote}”", quote=QUOTE)
        case Part.FOLLOWER:
            return _("News about what you follow: “{said}”", said=said)
        case Part.SUBSCRIBER:
            topic = next((_(one.label) for one in area.topics if one.key == theme.topic), theme.topic)
            return _("News about “{topic}”. Families said: “{said}”", topic=topic, said=said)
        case Part.READER:
            return _("Families said: “{said}”", said=said)


def _who_and_when(area: Area, item: Item) -> list[str]:
    lines = who_does_it(area, item.move.organisation, item.move.role)
    due = item.move.due
    if due is None:
        return lines
    lines.append(_("By when: {day}.", day=dates.day(due)))
    if item.promised is not None and due > item.promised:
        lines.append(_("That is later than the day we gave you before: {day}.", day=dates.day(item.promised)))
    return lines


def _buttons(item: Item, part: Part) -> tuple[Button, ...]:
    number = item.theme.id
    buttons = []
    if item.move.status is Status.DONE:
        buttons += [
            Button(_("Yes, it is better"), _is_it_done(number, "yes")),
            Button(_("Not right yet"), _is_it_done(number, "no")),
        ]
    buttons.append(Button(_("Read more"), taps.start("you_said", {"item": number, "via": VIA})))
    if part is Part.FOLLOWER:
        buttons.append(Button(_("Stop following"), taps.start("follow", {"item": number, "on": "no", "via": VIA})))
    elif part is not Part.RAISER:
        buttons.append(Button(_("Follow this"), taps.start("follow", {"item": number, "on": "yes", "via": VIA})))
    return tuple(buttons)


def _is_it_done(number: int, better: str) -> str:
    return taps.start("is_it_done", {"item": number, "better": better, "update": UPDATE, "via": VIA})


def footer() -> tuple[Button, ...]:
    return (Button(_("Menu"), taps.command("menu")), Button(_("Help now"), taps.command("help")))


def _how_to_stop() -> str:
    return _("To get no more of these, type STOP.")
