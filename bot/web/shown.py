"""How words become a page: templates, links in plain text, and the language and direction of each message."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from locales import _, languages, ngettext, spoken
from locales.dates import clock, short_day
from models.database import now
from models.message import Message

HERE = Path(__file__).parent
STATIC = HERE / "static"

# Web addresses, and British telephone numbers as they are written: 0161 342 4101, 07700 900123, 0800 1111; and the
# short ones where they stand for themselves at the end of a line: “Emergency services: 999”.
_WEB = r"(?P<web>(?:https?://|(?<![\w.@/-])www\.)[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]])"
_PHONE = r"(?<![\w/.-])(?P<phone>0\d(?: ?\d){6,9}|(?<=: )(?:999|101|111|116 ?\d{3})(?= *(?:\n|$)))(?![\w-])"
# “Phone: 0161 342 4101” is a label and a number, “Ring 0161 342 4101 and ask for the nurse” is more.
LABEL = 20
_LINK = re.compile(f"{_WEB}|{_PHONE}")


def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        {
            "_": _,
            "ngettext": ngettext,
            "around": around,
            "asset": asset,
            "direction": direction,
            "in_order": in_order,
            "language_of": language_of,
            "dialled": dialled,
            "safe_url": safe_url,
            "is_named": is_named,
            "without_repeats": without_repeats,
        }
    )
    environment.filters["linked"] = linked
    return environment


@cache
def asset(name: str) -> str:
    """A static file's address, which changes with what is in it: it may then be kept for ever."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{mark}"


def direction(language: str) -> str:
    known = languages().get(language)
    return "rtl" if known is not None and known.right_to_left else "ltr"


def in_order(phone: str) -> str:
    """A number inside a right-to-left sentence, kept from being read group by group from its end."""
    return f"\u2066{phone}\u2069" if direction(spoken()) == "rtl" else phone


def language_of(text: str, language: str) -> str:
    """The language of a message from its script, where that tells it apart from the person's own.

    Somebody who reads Urdu is also shown English where a translation is missing: a screen reader must know."""
    letters = [character for character in text if unicodedata.category(character).startswith("L")]
    if not letters:
        return language
    arabic = sum(unicodedata.name(letter, "").startswith("ARABIC") for letter in letters) * 2 > len(letters)
    if arabic:
        return language if direction(language) == "rtl" else "ur"
    return "en" if direction(language) == "rtl" else language


@pass_context
def around(context: Context, sentence: str, **words: str) -> Markup:
    """A sentence of ours with somebody's own words in its `{named}` places: they keep their own language and direction,
    whatever those of the page are."""
    page = str(context["language"])
    return escape(sentence).format(**{name: _apart(text, page) for name, text in words.items()})


def _apart(text: str, page: str) -> Markup:
    language = language_of(text, page)
    return escape(text) if language == page else Markup('<bdi lang="{}">{}</bdi>').format(language, text)


def linked(text: str) -> Markup:
    """Plain text, escaped, in which web addresses open and telephone numbers ring."""
    text = "\n".join(map(_from_its_side, text.split("\n"))) if direction(spoken()) == "rtl" else text
    out, done = Markup(""), 0
    for found in _LINK.finditer(text):
        out += escape(text[done : found.start()])
        if found["web"]:
            out += Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(
                found["web"] if found["web"].startswith("http") else f"https://{found['web']}", found["web"]
            )
        else:
            out += Markup('<a href="tel:{}" dir="ltr">{}</a>').format(found["phone"].replace(" ", ""), found["phone"])
        done = found.end()
    return out + escape(text[done:])


def _from_its_side(line: str) -> str:
    """A line of a right-to-left language that happens to begin with a Latin name still begins at the right."""
    strong = [side for side in map(unicodedata.bidirectional, line) if side in ("L", "R", "AL")]
    return f"\u200f{line}" if strong[:1] == ["L"] and len(set(strong)) > 1 else line


def without_repeats(message: Message) -> str:
    """Its words without the lines that only say what one of its own buttons below says: a number, a web address."""
    said = [message.card.phone] if message.card else []
    said += [re.sub(r"^https?://|/$", "", button.url) for button in message.buttons if button.url.startswith("http")]

    def repeats(line: str) -> bool:
        return any(each and each in line and len(line) - len(each) <= LABEL for each in said)

    return "\n".join(line for line in message.text.split("\n") if not repeats(line))


def is_named(message: Message) -> bool:
    """Whether its words already name the contact that comes with it."""
    return message.card is not None and message.card.name.partition(" (")[0] in message.text


def dialled(phone: str) -> str:
    """The number as a telephone takes it; empty for what cannot be rung (a text service)."""
    number = phone.replace("(0)", "")  # +44 (0)161 …: the nought is not dialled from abroad
    return re.sub(r"[ ()-]", "", number) if re.fullmatch(r"\+?[\d ()-]+", number) else ""


def safe_url(url: str) -> str:
    """The address, if it is of a kind that a button may open; else empty."""
    return url if re.match(r"(https?|tel|mailto|sms):", url) else ""


def when(at: datetime, zone: Any) -> str:
    """The clock, and the day unless it is today."""
    today = at.astimezone(zone).date() == now().astimezone(zone).date()
    return clock(at, zone) if today else f"{short_day(at.astimezone(zone).date())}, {clock(at, zone)}"


def accepted(header: str, offered: Iterable[str]) -> str | None:
    """The first language of an Accept-Language header that we speak."""
    wanted = []
    for part in header.split(",")[:20]:
        tag, _semicolon, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    known = list(offered)
    return next((tag for _quality, tag in sorted(wanted, key=lambda pair: pair[0]) if tag in known), None)
