"""`yousaid screen --stdin` for scripts: a text a line goes in, a JSON object a line comes out, in the same order.

Every line has its answer, whatever is in it; an empty one too, so that the lines of both sides can be paired.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from models.screening import screen


def screened_lines(lines: Iterable[str]) -> Iterator[str]:
    """Screens each line as it comes (none is read ahead): `{"text", "level", "why"}`.

    ASCII only: a half character or a line separator in a text cannot break the line that answers it.
    """
    for line in lines:
        text = line.rstrip("\r\n")
        found = screen(text)
        yield json.dumps({"text": text, "level": found.level, "why": list(found.why)})
