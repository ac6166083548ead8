"""The board as an Atom feed (RFC 4287): one entry for each thing that happened, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from bot.you_said import moment, standing, topic_name
from handlers.you_said import public
from locales import _, dates
from models.area import Area
from models.report import Change

ATOM = "http://www.w3.org/2005/Atom"
# An entry's name is for ever, also when the address of the site changes its scheme or its port (RFC 4151).
SINCE = "2026"
# Before anything has happened a feed still needs a moment at which it last changed.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def atom(
    area: Area,
    web_address: str,
    changes: Sequence[Change],
    allowed: Mapping[str, frozenset[str]],
    *,
    language: str,
    topic: str | None,
    address: str,
) -> str:
    """The feed in the language being spoken; `address` is its own, from the root of the site, and `allowed` what
    somebody has allowed on each item."""
    host = _host(web_address)
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    name = f"{_('You said, we are doing')} · {area.name}"
    _text(feed, "title", f"{name} · {topic_name(area, topic)}" if topic else name)
    _text(feed, "id", f"tag:{host},{SINCE}:board" + (f"/{topic}" if topic else ""))
    _text(feed, "updated", _stamp(changes[0].at if changes else BEGINNING))
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": web_address + address})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{web_address}/board"})
    author = ET.SubElement(feed, "author")
    _text(author, "name", _(area.partnership))
    for change in changes:
        _entry(feed, area, web_address, change, allowed[change.theme.about])
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _entry(feed: ET.Element, area: Area, web_address: str, change: Change, allowed: frozenset[str]) -> None:
    theme, update, host = change.theme, change.update, _host(web_address)
    entry = ET.SubElement(feed, "entry")
    said = moment(area, update, allowed) if update is not None else None
    where = said.standing if said else standing(theme.status)
    _text(entry, "title", f"{where}: {public(theme.said, allowed)}")
    _text(entry, "id", f"tag:{host},{SINCE}:board/{theme.id}" + (f"/{update.id}" if update else ""))
    _text(entry, "updated", _stamp(change.at))
    _text(entry, "published", _stamp(change.at))
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": f"{web_address}/board/{theme.id}"})
    ET.SubElement(entry, "category", {"term": theme.topic, "label": topic_name(area, theme.topic)})
    lines = [_("Families said: “{said}”", said=public(theme.said, allowed)), f"{where}."]
    if said is not None:
        lines += [line for line in (said.text, said.reason) if line]
        lines += [_("Who does it: {who}.", who=said.who)] if said.who else []
        lines += [_("By when: {day}.", day=dates.day(said.due))] if said.due else []
    _text(entry, "content", "\n".join(lines)).set("type", "text")


def _host(web_address: str) -> str:
    return urlsplit(web_address).hostname or "yousaid.invalid"


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = "".join(letter for letter in text if letter >= " " or letter in "\n\t")  # XML 1.0 has no others
    return element


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
