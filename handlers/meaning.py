"""What does that word mean? Any term of officials, in plain words (H4).

The glossary answers, the area's own before England's; a slip of the thumb is mended where only one term is near. It
answers in passing: the conversation that the question interrupted goes on.
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import OSA

from handlers.dialogue import Chat, NotUnderstood
from handlers.errand import Errand
from handlers.understanding import plain
from locales import _
from models.area import Area, Term

# One slip in a short form, two in a longer word: “EHPC” is EHCP, “SEND” is not “SENT”.
SHORTEST_TO_MEND = 4
LONG = 8


def meaning(chat: Chat) -> None:
    def read(words: str) -> str:
        term = asked_about(chat.area, words) or nearest(chat.area, words)
        if term is None:
            raise NotUnderstood(_("I do not know that word. Try another, or ask us with “tell us”."))
        return term.term

    term = chat.area.meaning(chat.ask("word", _("Which word shall I explain?"), read, recall=str))
    if term is None:
        chat.say(_("I do not know that word any more."))
        return
    chat.say(explained(term))


def explained(term: Term) -> str:
    # The glossary is English: it is not half translated.
    if term.stands_for:
        return _("{term} is short for: {stands_for}.\n{meaning}",
                 term=term.term, stands_for=term.stands_for, meaning=term.meaning)  # fmt: skip
    return _("{term}: {meaning}", term=term.term, meaning=term.meaning)


def asked_about(area: Area, words: str) -> Term | None:
    """The term, when these words ask what one means: “what does EHCP mean?”, “EHCP meaning”. Else None."""
    said = plain(words)
    for pattern in _patterns(f"{_ways_to_ask()}|{_polite_ways_to_ask()}"):
        if (found := pattern.fullmatch(said)) and (term := nearest(area, found["word"])):
            return term
    return None


def nearest(area: Area, word: str) -> Term | None:
    """The term that this is, or the only one that it may be with a slip."""
    said = _without_article(plain(word))
    forms = _forms(area)
    if said in forms:
        return forms[said]
    if len(said) < SHORTEST_TO_MEND:
        return None
    most = 1 if len(said) < LONG else 2
    # Letters that changed places are a likelier slip than one that is missing: “EHPC” is EHCP rather than EHC.
    how_far = {form: (OSA.distance(form, said, score_cutoff=most), abs(len(form) - len(said))) for form in forms}
    closest = min(how_far.values())
    near = {forms[form].term: forms[form] for form, far in how_far.items() if far == closest}
    return next(iter(near.values())) if closest[0] <= most and len(near) == 1 else None


def _forms(area: Area) -> dict[str, Term]:
    return {plain(form): term for term in reversed(area.glossary) for form in reversed(term.forms)}


def _without_article(said: str) -> str:
    return re.sub(r"^(?:the|a|an) ", "", said)


def _ways_to_ask() -> str:
    return _(
        "what does {word} mean|what does {word} stand for|what do they mean by {word}|what is meant by {word}|"
        "meaning of {word}|meaning {word}|{word} meaning|what means {word}|define {word}|explain {word}|"
        "what is {word}|what's {word}|whats {word}|what are {word}"
    )


def _polite_ways_to_ask() -> str:
    return _(
        "please explain {word}|explain {word} please|can you explain {word}|could you explain {word}|"
        "what does {word} mean please|tell me what {word} means|please tell me what {word} means|"
        "can you tell me what {word} means|what {word} means|what does the word {word} mean|"
        "i dont know what {word} means|i don't know what {word} means"
    )


@cache
def _patterns(ways: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(way) for way in ways.split("|"))


def _pattern(way: str) -> re.Pattern[str]:
    before, _mark, after = way.partition("{word}")
    parts = [re.escape(plain(before)), "(?P<word>.+)", re.escape(plain(after))]
    return re.compile(" ".join(part for part in parts if part))


ERRAND = Errand(
    meaning,
    label=lambda: _("What a word means"),
    words=lambda: _("meaning|meanings|glossary|what does it mean|explain a word|jargon"),
    command="meaning",
    in_menu=False,
    aside=True,
)
