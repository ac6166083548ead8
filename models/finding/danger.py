"""A first look for danger, so that "who to ring now" comes before anything else.

What this is: rules (in `danger.toml`) for explicit words of danger in English, Polish and Urdu, and for the plainest
ones in a dozen other languages. A rule may raise the flag and nothing takes it down again.

What this is not: a safeguard to rely on. It reads words, not people. It misses what is hinted at, new slang, most
slips, a child's roundabout way of telling, and most of what is said in languages that are listed with a few phrases
only. It also flags some who are safe ("he is going to kill me for spending that"): then help is shown beside the
answer, which costs little. So help stays one tap away on every screen, and every message is still read by a person.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from .cards import Card
from .words import folded

Group = Literal["life", "self", "hurt", "partner", "missing", "online", "breaking", "asks"]
_FILE = Path(__file__).with_name("danger.toml")
_MARKS = re.compile(r"[^\w\s🆘]+(?!\w)|(?<!\w)[^\w\s🆘]+|[_]+")
_NO_SPACES = 0x3000  # from here on scripts are written without spaces between words
_WITHIN = 10_000  # one message of Telegram has 4096 characters; several together still end here
_NOW = re.compile(
    r"\b(?:now|tonight|right this|today|screaming|bleeding|knife|gun|throat|strangl\w*|overdose\w*|taken|took|"
    r"swallowed|upstairs|outside|hiding|attack\w*|breaking in|bridge|roof|tracks|dying|unconscious|kill|stab\w*)\b"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    group: Group
    parts: tuple[str, ...]
    """What must stand in the text for the pattern to match: a plain look, much quicker than the pattern."""
    pattern: re.Pattern[str]

    def speaks(self, plain: str) -> bool:
        return all(part in plain for part in self.parts) and self.pattern.search(plain) is not None


class Dangers:
    """The rules, read and compiled once."""

    def __init__(self, file: Path = _FILE) -> None:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        lists: dict[str, str] = data["lists"]
        self._rules = [
            rule
            for group in get_args(Group)
            for listed in data["rule"]
            if listed["group"] == group
            for rule in (
                *(_Rule(group, (), re.compile(_filled(pattern, lists))) for pattern in listed.get("say", ())),
                *(_written(group, phrase) for phrase in listed.get("plain", ())),
            )
        ]
        unknown = {listed["group"] for listed in data["rule"]} - set(get_args(Group))
        if unknown:
            raise ValueError(f"{file}: no such group of danger: {sorted(unknown)}")

    def in_text(self, text: str) -> tuple[Group, ...]:
        """Which kinds of danger the words speak of, the most pressing first; empty when no rule found any."""
        plain = plainest(text)
        return tuple(dict.fromkeys(rule.group for rule in self._rules if rule.speaks(plain)))

    @staticmethod
    def now(text: str) -> bool:
        """Whether it sounds as if it were happening at this moment: then 999 is named first."""
        return _NOW.search(plainest(text)) is not None


class Ring:
    """Whom to ring, in which order, from the cards that an area has.

    The national lines are named by id; the local ones by their kind, which stands among a card's words (see
    cards.py), so that a new area needs no code. 999 comes first where it sounds as if it were happening now, or where a
    child is hurt.
    """

    def __init__(self, cards: Iterable[Card]) -> None:
        self._by_kind: dict[str, list[str]] = {}
        for card in cards:
            for name in (card.id, *_KINDS.intersection(card.people_say)):
                self._by_kind.setdefault(name, []).append(card.id)

    def order(self, groups: Iterable[Group], text: str, *, young: bool) -> tuple[str, ...]:
        """Ids of contacts, the first to ring first; empty only where the area has none of them."""
        groups = tuple(groups)
        plain = plainest(text)
        young = young or _YOUNG.search(plain) is not None
        names: list[str] = []
        if "life" in groups or "hurt" in groups or "missing" in groups or Dangers.now(text):
            names.append("e-999")
        for group in groups:
            names += _ORDER[group]
        if young:
            names = [name for name in names if name not in _GROWN]
            names[1:1] = ["e-childline"]
        elif _OTHER.search(plain) is None and "self" in groups:
            # Neither young nor about somebody young: lines for everybody before those of one age.
            place = names.index(_CRISIS_CHILD)
            names[place:place] = self._for_all_ages() or ["e-samaritans", "e-111-mh"]
        return tuple(dict.fromkeys(contact for name in (*names, "e-999") for contact in self._by_kind.get(name, ())))

    def _for_all_ages(self) -> list[str]:
        both = set(self._by_kind.get(_CRISIS_CHILD, ())) & set(self._by_kind.get(_CRISIS_ADULT, ()))
        return sorted(both)


_CRISIS_CHILD, _CRISIS_ADULT = "mental health crisis, under 18", "mental health crisis, adult"
_KINDS = frozenset(
    {"child safety front door", "emergency social work", "domestic abuse", "camhs", "adult social care"}
    | {_CRISIS_CHILD, _CRISIS_ADULT}
)
_GROWN = {_CRISIS_ADULT, "e-mens-advice", "adult social care"}
_ORDER: dict[Group, tuple[str, ...]] = {
    "life": ("e-999", "e-111"),
    "self": (_CRISIS_CHILD, _CRISIS_ADULT, "e-111-mh", "e-samaritans", "e-papyrus", "e-shout", "e-childline", "camhs"),
    "hurt": ("child safety front door", "emergency social work", "e-nspcc", "e-childline", "e-101"),
    "partner": ("e-da", "domestic abuse", "e-999", "e-mens-advice", "e-101"),
    "missing": ("e-999", "e-101", "child safety front door", "emergency social work"),
    "online": ("child safety front door", "e-101", "e-nspcc", "e-childline", "emergency social work"),
    "breaking": (
        "e-samaritans", _CRISIS_ADULT, "e-111-mh", "child safety front door", "emergency social work", "e-family-lives",
    ),
    "asks": (
        "e-999", "child safety front door", "emergency social work", "e-111-mh", _CRISIS_ADULT, "e-samaritans",
        "e-childline",
    ),
}  # fmt: skip
_YOUNG = re.compile(
    r"\bmy (?:mum|mums|mam|dad|mom|step ?dad|step ?mum|parents|teachers?|mates?|nan|uncle|foster \w+)\b|^mums? "
    r"|\b(?:im|i am) (?:[89]|1[0-7])\b"
)
_OTHER = re.compile(
    r"\b(?:son|daughter|child|kid|lad|boy|girl|he|she|hes|shes|teenager|teen|grandson|granddaughter|pupil|niece|nephew)\b"
)


def plainest(text: str) -> str:
    """Folded, apostrophes closed up ("can't" is "cant"), other marks gone: what the rules are written against."""
    whole = folded(text if len(text) <= _WITHIN else text[: _WITHIN // 2] + " " + text[-_WITHIN // 2 :])
    return " ".join(_MARKS.sub(" ", whole.replace("'", "").replace("-", " ")).split())


def _filled(pattern: str, lists: dict[str, str]) -> str:
    for name, listed in lists.items():
        pattern = pattern.replace(f"<{name}>", listed)
    return pattern


def _written(group: Group, phrase: str) -> _Rule:
    """A phrase as people write it: "*" is a few words or the rest of a word; a final "." means the whole message."""
    parts = [plainest(part) for part in phrase.rstrip(".").split("*")]
    # Word edges only for letters that have them: Chinese writes no spaces, and endings follow directly in Urdu.
    start = r"(?<!\w)" if ord(parts[0][0]) < _NO_SPACES else ""
    joined = start + r".{0,24}?".join(map(re.escape, parts))
    if phrase.endswith("."):
        joined = f"^{joined}$"
    elif not phrase.endswith("*") and ord(parts[-1][-1]) < _NO_SPACES:
        joined += r"(?!\w)"
    return _Rule(group, tuple(parts), re.compile(joined))
