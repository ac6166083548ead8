"""Words of other languages in English, so that whoever asks in Somali is heard with what English questions have taught.

`glosses.toml` has the beginnings of words for some two hundred things that families speak of. That is no translation:
a message becomes the handful of English words that it is about, which is all that the search goes by. A message in
letters of its own is read with every language of these letters together; one in Latin letters with its own alone.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

_LONGEST = 12  # letters of a beginning
_JOINED = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")
"""What Arabic writes together with the word that follows: and, the, with, for."""
_ENOUGH = 3  # letters that must be left of a word without these
_CLOSED = "."
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_LONGEST = 4
_ANY = "any"

Meant = tuple[tuple[str, tuple[str, ...]], ...]
"""What a beginning means: languages, each with the English words."""


class Glosses:
    """What beginnings of words mean in each language; what is not in Latin letters counts for all of them together."""

    def __init__(self, file: Path, folded: Callable[[str], str]) -> None:
        self._meant: dict[str, Meant] = {}
        for language, listed in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for english, beginnings in listed.items():
                meant = tuple(english.split())
                latin, others = ((language, meant),), ((_ANY, meant),)
                for beginning in folded(beginnings).split():
                    self._meant[beginning] = self._meant.get(beginning, ()) + (latin if beginning.isascii() else others)
        self.english = frozenset(word for listed in self._meant.values() for _, meant in listed for word in meant)

    def languages(self, word: str) -> set[str]:
        """Those in Latin letters that know this word."""
        if not word.isascii():
            return set()
        return {language for beginning in _beginnings(word) for language, _ in self._meant.get(beginning, ())}

    def of(self, spelled: Sequence[str], language: str) -> list[str]:
        """The English words that these words mean, in their order; nothing for those that we do not know."""
        return [english for word in spelled for english in self._word(word, language)]

    def _word(self, word: str, language: str) -> Iterable[str]:
        if word.isascii():
            return self._longest(word, language)
        if _HAN.match(word):
            runs = (word[start : start + length] for start in range(len(word)) for length in range(1, _HAN_LONGEST + 1))
            return [english for run in dict.fromkeys(runs) for english in self._of(run, _ANY)]
        return self._longest(word, _ANY) or self._without_what_is_joined(word)

    def _without_what_is_joined(self, word: str) -> tuple[str, ...]:
        bare = (word.removeprefix(joined) for joined in _JOINED if word.startswith(joined))
        return next((meant for rest in bare if len(rest) >= _ENOUGH and (meant := self._longest(rest, _ANY))), ())

    def _longest(self, word: str, language: str) -> tuple[str, ...]:
        """By the longest beginning that is known."""
        return next((meant for beginning in _beginnings(word) if (meant := self._of(beginning, language))), ())

    def _of(self, beginning: str, language: str) -> tuple[str, ...]:
        listed = self._meant.get(beginning)
        if listed is None:
            return ()
        return tuple(dict.fromkeys(english for spoken, meant in listed if spoken == language for english in meant))


def _beginnings(word: str) -> Iterator[str]:
    """Of a word, the whole first."""
    yield word + _CLOSED
    for end in range(min(len(word), _LONGEST), 0, -1):
        yield word[:end]
