"""Whom to ring when somebody may be at risk, the first to ring first.

Whether somebody is at risk is decided by `models.screening`, for the whole program; here is only what follows from
the kinds of danger it found, and from whether it sounds as if it were happening now.
"""

import re
from collections.abc import Iterable

from models.screening import Kind

from .cards import Card
from .words import folded

_MARKS = re.compile(r"[^\w\s🆘]+(?!\w)|(?<!\w)[^\w\s🆘]+|[_]+")
_WITHIN = 10_000  # one message of Telegram has 4096 characters; several together still end here
_NOW = re.compile(
    r"\b(?:now|tonight|right this|today|screaming|bleeding|knife|gun|throat|strangl\w*|overdose\w*|taken|took|"
    r"swallowed|upstairs|outside|hiding|attack\w*|breaking in|bridge|roof|tracks|dying|unconscious|kill|stab\w*)\b"
)


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

    def order(self, kinds: Iterable[Kind], text: str, *, young: bool) -> tuple[str, ...]:
        """Ids of contacts, the first to ring first; empty only where the area has none of them."""
        kinds = tuple(kinds)
        plain = plainest(text)
        young = young or _YOUNG.search(plain) is not None
        if "partner" in kinds and not young and _OTHER.search(plain) is None:
            # Somebody's own husband or wife: the lines for that before those for a child who is hurt.
            kinds = ("partner", *(kind for kind in kinds if kind != "partner"))
        names: list[str] = []
        if "life" in kinds or "hurt" in kinds or "missing" in kinds or _NOW.search(plain):
            names.append("e-999")
        for kind in kinds:
            names += _ORDER.get(kind, ())
        if young:
            names = [name for name in names if name not in _GROWN]
            names[1:1] = ["e-childline"]
        elif _OTHER.search(plain) is None and "self" in kinds:
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
_ORDER: dict[Kind, tuple[str, ...]] = {
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


_ONESELF = re.compile(r"\b(?:i|im|ive|id|me|myself)\b")


def of_oneself(text: str) -> bool:
    """Whether somebody speaks of themselves, and of no child."""
    plain = plainest(text)
    return _ONESELF.search(plain) is not None and _OTHER.search(plain) is None


def plainest(text: str) -> str:
    """Folded, apostrophes closed up ("can't" is "cant"), other marks gone: what the rules are written against."""
    whole = folded(text if len(text) <= _WITHIN else text[: _WITHIN // 2] + " " + text[-_WITHIN // 2 :])
    return " ".join(_MARKS.sub(" ", whole.replace("'", "").replace("-", " ")).split())
