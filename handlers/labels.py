"""Labels of buttons that hold something variable: a title, a day, somebody's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

# The longest row that WhatsApp shows; what fits there fits everywhere.
LONGEST_LABEL = 24
# Up to three choices are buttons on WhatsApp, and those are shorter than the rows of a list.
FEW, LONGEST_BUTTON = 3, 20


def clip(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text on one line, cut at a word with “…” where it is longer than a label may be."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut
    return at_word.rstrip(" ,;:.–-") + "…"


def room_for(choices: int) -> int:
    """How long a label may be where there are so many choices."""
    return LONGEST_BUTTON if choices <= FEW else LONGEST_LABEL


def distinct(labels: Mapping[str, str], longest: int = LONGEST_LABEL) -> dict[str, str]:
    """The labels, with a number before those that would read alike: two buttons that read the same are no choice."""
    seen = Counter(labels.values())
    return {
        value: clip(f"{place}. {label}", longest) if seen[label] > 1 else label
        for place, (value, label) in enumerate(labels.items(), 1)
    }
