"""`yousaid who --stdin` for scripts: a question a line goes in, a JSON object a line comes out, in the same order.

Every line has its answer, whatever is in it; an empty one too, so that the lines of both sides can be paired.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from models.finding import Finder


def answer_lines(finder: Finder, lines: Iterable[str]) -> Iterator[str]:
    """Answers each line as it comes (none is read ahead): `{"q", "route", "contacts", "sure"}`, best contact first.

    ASCII only: a half character or a line separator in a question cannot break the line that answers it.
    """
    for line in lines:
        words = line.rstrip("\r\n")
        found = finder.find(words)
        yield json.dumps({"q": words, "route": found.route, "contacts": list(found.contacts), "sure": found.sure})
