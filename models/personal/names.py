"""Names of people: after "my son", "called" or "Mrs", and first names that a rule can be sure of where they stand.

Three grades, by the lists of `names.toml`: names and nothing else ("Kieran"), names that are words too and need a
capital letter ("Grace"), and names that are places or months and need a cue before them ("my son Ashton"). After a cue
also a word that is on no list ("our SENCO Xyla"), if it has a capital letter and is no word that everybody uses.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .letters import plain
from .marks import Kind
from .public import public

_HERE = Path(__file__).parent
_EVERYDAY = _HERE.parent / "finding" / "everyday_words.txt"
_TOKEN = re.compile(r"[^\W\d_]+(?:['][^\W\d_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?…;:\n\r؟۔|•]|^\W*[\"(]\W*$")
_BESIDE = re.compile(r"[ \t\n]{1,2}")
_NEAR = re.compile(r"[ \t]{0,2}[,(:\-–]?[ \t]{0,2}\"?")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_SHORTEST_SMALL = 4  # letters: shorter names written small are other words too often
_MOST_FAMILY_NAMES = 3
_POLISH = re.compile("[ąćęłńóśźż]")
_POLISH_FAMILY = re.compile(r"(?:[sc]k|dzk)(?:i|a|iego|iej|iemu|im|ą)$|(?:wicz|czyk)(?:a|owi|em)?$")
_FAMILY_WITHOUT_LIST = 6  # letters of a Polish family name known by its ending alone

# "my granddaughter summer, she is six"
_SPEAKS_OF_THEM = frozenset("he she he's she's hes shes is has was aged who".split())

# In Arabic letters, where nothing has a capital letter.
_CUES_ARABIC = frozenset("بیٹا بیٹے بیٹی بچے بچی بچہ بہائی بہن بہتیجا بہانجا شوہر بیوی ابنی ابنتی ولدی بنتی".split())
_NAME_ARABIC = frozenset("نام اسم اسمہ اسمہا".split())
_BETWEEN_ARABIC = frozenset("کا کی کے جس اس ہے ہیں میرا میری میرے".split())
_HONOURED_ARABIC = frozenset("صاحب صاحبہ باجی آپا اپا بہائی جناب مسز مس ڈاکٹر استاد ٹیچر".split())


@dataclass(frozen=True)
class Lists:
    sure: frozenset[str]
    small: frozenset[str]  # of those, the ones that are seen when written small
    capital: frozenset[str]
    cued: frozenset[str]
    bent: frozenset[str]
    family: frozenset[str]
    family_words: frozenset[str]
    arabic: frozenset[str]
    arabic_cued: frozenset[str]
    relation: frozenset[str]
    between: frozenset[str]
    called: frozenset[str]
    people: frozenset[str]
    titles: frozenset[str]
    sure_titles: frozenset[str]
    introduced: frozenset[str]
    does: frozenset[str]
    none: frozenset[str]
    none_small: frozenset[str]
    particles: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    everyday: frozenset[str]

    def any(self, key: str) -> bool:
        return key in self.sure or key in self.capital or key in self.cued or key in self.bent

    def no_name(self, key: str) -> bool:
        return key in self.none or key in self.everyday


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    key: str
    start: int
    end: int
    gap: str  # what stands before it
    first: bool  # in its sentence
    shouted: bool  # its capital letters say nothing: all of it, and what stands around it, is written large

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and not self.shouted


@cache
def lists() -> Lists:
    names = _read("names.toml")
    words = _read("words.toml")
    accents = names["with_accents"]
    sure = names["sure"] | frozenset(name for name in accents if _without_accents(name) in names["sure"])
    capital = names["with_capital"] | frozenset(
        name for name in accents if _without_accents(name) in names["with_capital"]
    )
    everyday = frozenset(
        word
        for line in _EVERYDAY.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line.split()
    )
    return Lists(
        sure=sure,
        small=frozenset(name for name in sure if len(name) >= _SHORTEST_SMALL) - words["no_names"] - everyday
        | names["sure_though_short"],
        capital=capital,
        cued=names["after_a_cue"],
        bent=frozenset(form for name in names["polish"] for form in _bent(name)) - everyday - words["no_names"],
        family=names["family"],
        family_words=names["family_with_capital"],
        arabic=names["arabic_letters"],
        arabic_cued=names["arabic_letters"] | names["arabic_letters_after_a_cue"],
        relation=words["relation"],
        between=words["between"],
        called=words["called"],
        people=words["people"],
        titles=words["titles"],
        sure_titles=words["titles_that_are_sure"],
        introduced=words["introduced"],
        does=words["name_does"],
        none=words["no_names"],
        none_small=words["small_words"],
        particles=words["particles"],
        after=words["not_people_after"],
        before=words["not_people_before"],
        everyday=everyday,
    )


def _read(file: str) -> dict[str, frozenset[str]]:
    read = tomllib.loads((_HERE / file).read_text(encoding="utf-8"))
    return {name: frozenset(plain(words).text.casefold().split()) for name, words in read.items()}


def _without_accents(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.replace("ł", "l"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _bent(name: str) -> Iterator[str]:
    """A Polish name as it stands in a sentence: "Jakuba", "Jakubowi", "Zosi", "Zosię"."""
    if name.endswith("ek"):
        yield from (name[:-2] + "k" + ending for ending in ("a", "owi", "iem", "u"))
    if name.endswith("a"):
        stem = name[:-1]
        yield from (stem + ending for ending in ("y", "i", "ę", "ą", "o", "e", "ie"))
        if stem.endswith("k"):
            yield stem[:-1] + "ce"
        if stem.endswith("r"):
            yield stem[:-1] + "rze"
        if stem.endswith("g"):
            yield stem[:-1] + "dze"
        if stem.endswith("t"):
            yield stem[:-1] + "cie"
        if stem.endswith("i"):
            yield stem
    elif name.endswith(("y", "i")):
        yield from (name[:-1] + ending for ending in ("ego", "emu", "ym", "im"))
    elif not name.endswith(("e", "o")):
        yield from (name + ending for ending in ("a", "owi", "em", "iem", "ie", "u", "ze"))
        if name.endswith("ł"):
            yield from (name + ending for ending in ("a", "owi", "em"))
        if name.endswith("er"):
            yield from (name[:-2] + "r" + ending for ending in ("a", "owi", "em", "ze"))


def names(text: str, small: str) -> Iterator[tuple[Kind, int, int]]:
    """Stretches that name somebody. `small`: the text in small letters, as long as the text."""
    tokens = list(_tokens(text))
    if not tokens:
        return
    known = lists()
    skip = 0
    arabic = _ARABIC.search(text) is not None
    for i, token in enumerate(tokens):
        if i < skip:
            continue
        if arabic and _ARABIC.match(token.text):
            found = _arabic(tokens, i, known)
            sure = True
        else:
            found, sure = _latin(tokens, i, known)
        if found is None:
            continue
        first, last = found
        start, end = tokens[first].start, tokens[last].end
        if sure or not public().covers(small, start, end):
            yield Kind.NAME, start, end - _possessive(tokens[last].text)
        skip = last + 1


def _tokens(text: str) -> Iterator[Token]:
    before = 0
    shouting = _shouting(text)
    for found in _TOKEN.finditer(text):
        gap = text[before : found.start()]
        word = found.group()
        first = before == 0 or _ENDS_SENTENCE.search(gap) is not None
        key = _key(word)
        yield Token(word, key, found.start(), found.end(), gap, first, shouting and word.isupper())
        before = found.end()


def _key(word: str) -> str:
    """By what a word is looked up: small, without "'s", without accents that are not Polish ("Siân", "Zoë")."""
    key = word[: len(word) - _possessive(word)].casefold()
    if not key.isascii() and not _POLISH.search(key) and not _ARABIC.search(key):
        key = _without_accents(key)
    return key


def _shouting(text: str) -> bool:
    """Whether large letters are the rule."""
    large = sum(sign.isupper() for sign in text)
    return large > 8 and large > 0.6 * sum(sign.isalpha() for sign in text)


def _possessive(word: str) -> int:
    return 2 if word.endswith(("'s", "'S")) and len(word) > 3 else 0


# -- which word is a name


def _latin(tokens: list[Token], i: int, known: Lists) -> tuple[tuple[int, int] | None, bool]:
    """The first and last token of a name that begins or is announced here; whether a cue made sure of it."""
    token = tokens[i]
    if token.key in known.titles and (named := _after_title(tokens, i, known)):
        return (i, _with_family(tokens, named, known)), True
    if (cued := _after_cue(tokens, i, known)) is not None:
        return (i, _with_family(tokens, i, known)), cued
    if _by_itself(tokens, i, known):
        return (i, _with_family(tokens, i, known)), False
    return None, False


def _after_title(tokens: list[Token], i: int, known: Lists) -> int | None:
    """The token after a title, if it is a name."""
    title = tokens[i]
    if i + 1 >= len(tokens):
        return None
    following = tokens[i + 1]
    if following.gap not in {" ", ". ", ".", "  "} or (following.gap.startswith(".") and len(title.key) > 3):
        return None
    if following.capital:
        taken = following.key not in known.none and (
            following.key not in known.everyday or following.key in known.family_words
        )
        return (
            i + 1
            if taken
            and (title.capital or known.any(following.key) or title.key in known.sure_titles)
            and following.key not in known.after
            else None
        )
    if title.key == "miss":
        return i + 1 if following.key in known.family else None
    if title.key in known.sure_titles:
        return i + 1 if not known.no_name(following.key) or following.key in known.family else None
    return i + 1 if following.shouted and title.shouted and following.key in known.family else None


def _after_cue(tokens: list[Token], i: int, known: Lists) -> bool | None:  # noqa: PLR0911  # one sign after another
    """Whether what stands before a token announces a name, and it may be one: None when not."""
    token = tokens[i]
    back = i - 1
    passed = 0
    if back < 0 or _ENDS_SENTENCE.search(token.gap.replace(":", "")):
        return None
    while back > 0 and passed < 4 and tokens[back].key in known.between and tokens[back].key != "called":
        if _ENDS_SENTENCE.search(tokens[back].gap.replace(":", "")):
            return None
        back, passed = back - 1, passed + 1
    cue = tokens[back]
    near = _NEAR.fullmatch(token.gap) is not None
    if not near or len(token.key) < 2:
        return None
    if cue.key in known.called:
        return _may_be_called(tokens, back, token, known)
    if (
        cue.key in {"name", "imię", "naam"}
        or (cue.key == "names" and _whose(tokens, back))
        or (
            passed
            and (tokens[i - 1].key in {"name's", "imię"} or (tokens[i - 1].key == "names" and _whose(tokens, i - 1)))
        )
    ):
        listed = known.any(token.key) and token.key not in known.none_small
        return (
            True
            if listed or ((token.capital or (passed > 0 and _whose(tokens, back))) and _unknown_name(token, known))
            else None
        )
    if cue.key in {"nazywam", "nazywa"} or (
        cue.key == "się" and back > 0 and tokens[back - 1].key in {"nazywam", "nazywa"}
    ):
        return True if token.capital else None
    if cue.key in known.relation:
        return None if cue.text.endswith("'s") else _may_be_related(tokens, back, i, known)
    if tokens[i - 1].key in known.introduced or (
        tokens[i - 1].key in {"am", "is"} and i > 1 and tokens[i - 2].key in {"i", "this"}
    ):
        listed = token.key in known.small or (token.capital and known.any(token.key))
        return True if listed else None
    return None


def _whose(tokens: list[Token], i: int) -> bool:
    """ "his names jayden" """
    return i > 0 and (tokens[i - 1].key in {"my", "his", "her", "their"} or tokens[i - 1].key.endswith("s"))


def _may_be_called(tokens: list[Token], back: int, token: Token, known: Lists) -> bool | None:
    somebody = any(
        before.key in known.people or before.key in known.relation for before in tokens[max(0, back - 4) : back]
    )
    if token.capital:
        if known.any(token.key):
            return True
        return True if somebody and len(token.key) > 1 and token.key not in known.none else None
    return True if somebody and known.any(token.key) and token.key not in known.none_small else None


def _may_be_related(tokens: list[Token], back: int, i: int, known: Lists) -> bool | None:
    cue, token, passed = tokens[back], tokens[i], i - back - 1
    if token.capital:
        if known.any(token.key):
            return True
        # "Child Development Centre" is no child.
        return True if _unknown_name(token, known) and passed == 0 and cue.text.islower() | cue.text.isupper() else None
    if token.text[0].isupper() and not token.shouted:
        return None
    if token.key in known.none_small:
        following = tokens[i + 1].key if i + 1 < len(tokens) else ""
        return True if passed == 0 and known.any(token.key) and following in _SPEAKS_OF_THEM else None
    return True if known.any(token.key) and (passed == 0 or token.key in known.small) and len(token.key) > 2 else None


def _unknown_name(token: Token, known: Lists) -> bool:
    """A word that is on no list of names, and none that everybody uses."""
    acronym = token.text.isupper() and len(token.text) <= 6 and not token.shouted
    return (
        len(token.key) > 2
        and not acronym
        and not known.no_name(token.key)
        and token.key not in known.after
        and not token.key.endswith("n't")
    )


def _by_itself(tokens: list[Token], i: int, known: Lists) -> bool:  # noqa: PLR0911  # one sign after another
    """A first name without anything that announces it."""
    token = tokens[i]
    key = token.key
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    beside = following is not None and _BESIDE.fullmatch(following.gap) is not None
    if _of_a_place(tokens, i, known, beside):
        return False
    if key in known.small or (key in known.sure and token.capital):
        return True
    if key.endswith("s") and len(key) > _SHORTEST_SMALL and key[:-1] in known.small and not known.no_name(key):
        return True  # "jaydens taxi"
    if not token.capital:
        return False
    family_follows = bool(
        beside
        and following is not None
        and following.capital
        and (following.key in known.family or (_is_polish_family(following) and not known.no_name(following.key)))
    )
    if key in known.capital and key not in known.none:
        if not token.first or token.text.endswith("'s"):
            return True
        return family_follows or bool(
            following and (following.key in known.does or following.gap.strip() in {",", "("})
        )
    if key in known.bent and not token.first:
        return True
    if family_follows and not known.no_name(key) and not token.text.isupper():
        return True
    return _is_polish_family(token) and not known.no_name(key)


def _of_a_place(tokens: list[Token], i: int, known: Lists, beside: bool) -> bool:
    """ "Victoria Street", "St Peter's": called after somebody, and nobody."""
    following = tokens[i + 1] if beside else None
    if (
        following is not None
        and following.key in known.after
        and (following.capital or not tokens[i].text.endswith("'s"))
    ):
        return following.capital or following.key in {
            "street",
            "road",
            "school",
            "primary",
            "academy",
            "college",
            "hospital",
            "syndrome",
        }
    return (
        i > 0
        and tokens[i - 1].key in {"st", "saint"}
        and _BESIDE.fullmatch(tokens[i].gap.replace(".", "") or " ") is not None
    )


def _is_polish_family(token: Token) -> bool:
    return token.capital and len(token.key) >= _FAMILY_WITHOUT_LIST and _POLISH_FAMILY.search(token.key) is not None


# -- how far it goes


def _with_family(tokens: list[Token], i: int, known: Lists) -> int:
    """The last token of the name that has its first name at `i`."""
    last = i
    if tokens[i].text.endswith("'s"):
        return last
    for more in range(i + 1, min(i + 1 + _MOST_FAMILY_NAMES, len(tokens))):
        token = tokens[more]
        if token.gap not in {" ", "-", "  ", ". ", "\u00a0"} or (token.gap == ". " and len(tokens[more - 1].text) != 1):
            break
        if (
            token.key in known.particles
            and more + 1 < len(tokens)
            and (tokens[more + 1].capital or tokens[more + 1].key in known.family)
        ):
            continue
        if not _goes_on(token, known):
            break
        last = more
        if token.text.endswith("'s"):
            break
    return last


def _goes_on(token: Token, known: Lists) -> bool:  # noqa: PLR0911  # one sign after another
    if token.key in known.family:
        return token.key not in known.none
    if token.gap == "-" and known.any(token.key):
        return True
    if token.capital:
        if len(token.text) == 1:
            return token.text not in {"I", "A"}
        if token.key in known.family_words or known.any(token.key):
            return token.key not in known.none
        if token.text.isupper() and len(token.text) <= 5:
            return False
        return not known.no_name(token.key) and token.key not in known.after and token.key not in known.does
    return token.key in known.small


# -- in Arabic letters


def _arabic(tokens: list[Token], i: int, known: Lists) -> tuple[int, int] | None:
    token = tokens[i]
    listed = token.key in known.arabic or (token.key in known.arabic_cued and _arabic_cue(tokens, i))
    named = not listed and _arabic_named(tokens, i) and len(token.key) > 1
    honoured = i > 0 and tokens[i - 1].key in {"مسز", "مس", "جناب", "ڈاکٹر"} and len(token.key) > 2
    if not (listed or named or honoured):
        return None
    last = i
    while (
        last + 1 < len(tokens)
        and tokens[last + 1].gap == " "
        and tokens[last + 1].key in known.arabic_cued
        and last - i < 2
    ):
        last += 1
    if last + 1 < len(tokens) and tokens[last + 1].key in {
        "خان",
        "بیگم",
        "بی",
        "شاہ",
        "ملک",
        "چوہدری",
        "بٹ",
        "مرزا",
        "قریشی",
    }:
        last += 1
    return i, last


def _arabic_cue(tokens: list[Token], i: int) -> bool:
    before = tokens[i - 1].key if i > 0 else ""
    following = tokens[i + 1].key if i + 1 < len(tokens) else ""
    if before == "ہے" and i > 1:
        before = tokens[i - 2].key
    return following in _HONOURED_ARABIC or before in _CUES_ARABIC | _NAME_ARABIC | _HONOURED_ARABIC


def _arabic_named(tokens: list[Token], i: int) -> bool:
    """ "اس کا نام … ہے": whatever stands between the word for name and the verb."""
    before = tokens[i - 1].key if i > 0 else ""
    following = tokens[i + 1].key if i + 1 < len(tokens) else ""
    return before in _NAME_ARABIC and tokens[i].key not in _BETWEEN_ARABIC and following in {"ہے", "ہیں", "ہی"}
