"""The rules, written as phrases (`*.toml` beside this), and how a phrase is found in a text.

A phrase is words with a space between them, and each may be
- `a|b|c`: any of these; `new_partner` is two words that belong together
- `hit*`: any word that begins so
- `<child>`: any of the list of that name; `<child>s` are not needed: lists hold their endings
- `word?`: there or not
- `..`: up to three words of the same sentence; `...`: up to eight
- `^` at the beginning, `$` at the end: where a sentence begins or ends (`$` may also be one of several)

An idiom is a phrase that only sounds like danger. It is covered up for the rules that name it, and for no other, and
only where it stands: "this form is killing me and I want to die" is still an alarm.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from sys import intern
from typing import Any, Literal

from .reading import END, plain

Kind = Literal["life", "self", "hurt", "partner", "missing", "online", "breaking", "asks", "worry"]
Level = Literal["amber", "red"]
Lists = Mapping[str, Iterable[str]]
_NO_SPACES = 0x3000  # from here on scripts are written without spaces between words
_WORDS = rf"(?:[^\s{END}]+ )"
_GAPS = {"..": f"{_WORDS}{{0,3}}?", "...": f"{_WORDS}{{0,8}}?"}
_ENDS = rf"(?=$|{END})"
_SHORT = 3  # letters by which phrases are looked up
# Words too common to look a phrase up by.
_COMMON = frozenset(
    plain(
        "i me my mine we us our you your he him his she her hers they them their it its a an the and or but if so to of"
        " in on at by for from with is are was were be been am im hes shes theyre ive do does did dont not no any this"
        " that what when who how have has had get got will would can all just up out off as then there here"
    ).split()
)


@dataclass(frozen=True)
class Phrase:
    """One phrase: what it is looked up by, and the pattern, made when it is first needed."""

    source: str
    begins: tuple[str, ...]
    """One of these stands at the beginning of some word wherever the phrase does; empty when that is not known."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)


@dataclass(frozen=True, slots=True)
class Rule:
    kind: Kind
    level: Level
    name: str
    phrases: tuple[Phrase, ...]
    idioms: tuple[str, ...]
    """The names of those that are covered up for it."""

    @property
    def why(self) -> str:
        return f"{self.kind}: {self.name}"


class Rules:
    """All rules of a folder, looked up by the beginnings of the words of a text."""

    def __init__(self, folder: Path) -> None:
        lists: dict[str, list[str]] = tomllib.loads((folder / "lists.toml").read_text(encoding="utf-8"))
        idioms = tomllib.loads((folder / "idioms.toml").read_text(encoding="utf-8"))
        self._idioms = {name: tuple(_phrase(text, lists) for text in texts) for name, texts in idioms.items()}
        self.all = tuple(
            _rule(written, lists)
            for file in sorted(folder.glob("rules_*.toml"))
            for written in tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
        )
        self._by_beginning: dict[str, list[tuple[Rule, Phrase]]] = {}
        for rule in self.all:
            for phrase in rule.phrases:
                for beginning in phrase.begins or {""}:
                    self._by_beginning.setdefault(beginning, []).append((rule, phrase))

    def words(self) -> Iterator[str]:
        """Every word in plain letters that some rule holds."""
        for rule in self.all:
            for phrase in rule.phrases:
                yield from re.findall(r"[a-z]{2,}", re.sub(r"\\.", " ", phrase.source))

    def found_in(self, read: str) -> Iterator[Rule]:
        """The rules that the text speaks of, each once. `read`: as `readings` gives it."""
        seen: set[int] = set()
        # Sentence by sentence: no phrase reaches from one into the next, and a long story costs what its sentences do.
        for sentence in dict.fromkeys(part for part in read.split(END) if not part.isspace()):
            beginnings = {"", *(word[:_SHORT] for word in sentence.split())}
            spans = cache(lambda name, said=sentence, at=beginnings: self._spans(name, said, at))  # once for all rules
            for beginning in sorted(beginnings):
                for rule, phrase in self._by_beginning.get(beginning, ()):
                    if id(rule) not in seen and _says(rule, phrase, sentence, spans):
                        seen.add(id(rule))
                        yield rule

    def _spans(self, name: str, said: str, beginnings: set[str]) -> list[tuple[int, int]]:
        """Where idioms of a name stand."""
        return [
            found.span()
            for idiom in self._idioms[name]
            if not idiom.begins or not beginnings.isdisjoint(idiom.begins)
            for found in idiom.pattern.finditer(said)
        ]


def _says(rule: Rule, phrase: Phrase, said: str, spans: Callable[[str], list[tuple[int, int]]]) -> bool:
    if phrase.pattern.search(said) is None:
        return False
    covered = sorted(span for name in rule.idioms for span in spans(name))
    return not covered or phrase.pattern.search(_without(said, covered)) is not None


def _without(said: str, covered: list[tuple[int, int]]) -> str:
    """What is left when some parts are covered up."""
    left, at = "", 0
    for begin, end in covered:
        if begin >= at:
            left += f"{said[at:begin]}{END} "
        at = max(at, end)
    return left + said[at:]


def _rule(written: dict[str, Any], lists: Lists) -> Rule:
    return Rule(
        kind=written["kind"],
        level=written["level"],
        name=written["name"],
        phrases=tuple(_phrase(text, lists) for text in written["say"]),
        idioms=(*written.get("idioms", ()), "everywhere"),
    )


def _phrase(written: str, lists: Lists) -> Phrase:
    if ord(written[0]) >= _NO_SPACES and ord(written[0]) < 0xFFFF:
        return Phrase(re.escape(written), ())
    source = ["(?<= )"]
    lookups: list[frozenset[str]] = []
    for element in written.split():
        if element in _GAPS:
            source.append(_GAPS[element])
        elif element == "^":
            source = [rf"(?:(?<=^ )|(?<={END} ))"]
        elif element == "$":
            source.append(_ENDS)
        else:
            ways = sorted(_ways(element.rstrip("?"), lists))
            optional = element.endswith("?")
            source.append(f"(?:{'|'.join(map(_way, ways))})")
            if optional:
                source[-1] = f"(?:{source[-1]})?"
            else:
                lookups.append(_beginnings(ways))
    known = [beginnings for beginnings in lookups if beginnings]
    fewest = min(known, key=len, default=frozenset[str]())
    return Phrase("".join(source), tuple(sorted(fewest)))


def _ways(element: str, lists: Lists) -> Iterator[str]:
    for part in element.split("|"):
        if part.startswith("<"):
            yield from (way for listed in lists[part[1:-1]] for way in _ways(listed.replace(" ", "_"), lists))
        else:
            star = "*" if part.endswith("*") else ""
            if part == "$":
                yield part
            elif way := plain(part.rstrip("*").replace("_", " ")):
                yield way + star


def _way(way: str) -> str:
    if way == "$":
        return _ENDS
    return (re.escape(way[:-1]) + r"\S*" if way.endswith("*") else re.escape(way)) + " "


def _beginnings(ways: Iterable[str]) -> frozenset[str]:
    firsts = {way.split()[0] for way in ways}
    if any(word in _COMMON or word == "$" or (word.endswith("*") and len(word) <= _SHORT) for word in firsts):
        return frozenset()
    # Two thousand phrases begin in a few hundred ways.
    return frozenset(intern(word.rstrip("*")[:_SHORT]) for word in firsts)
