"""What somebody with the machine does about safety: sign off the words that are said, and hand out what was missed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Engine

from handlers.safety_words import to_be_signed
from locales import speaking
from models.area import Area
from models.database import reading
from models.personal import masked
from models.second_look import missed_texts
from models.sign_off import Standing, standing, write_file


def how_signed(area: Area, engine: Engine | None = None) -> Standing:
    """Which of the words are not signed off, by the area's file and, where there is a database, by the chat."""
    sentences = to_be_signed()
    if engine is None:
        return standing(area, sentences)
    with reading(engine) as session:
        return standing(area, sentences, session)


def sign_in_file(area: Area, names: list[str], by: str, on: date) -> list[str]:
    """Sign these sentences, or all, in the area's own file. Returns their names; KeyError for an unknown one."""
    sentences = to_be_signed()
    chosen = {name: sentences[name] for name in names} if names else sentences
    write_file(area.folder, chosen, by, on)
    return list(chosen)


def missed_lines(engine: Engine) -> Iterator[str]:
    """Every miss as a test of the screening, a JSON object a line: `{"text", "language", "expected"}`. Names, numbers,
    addresses and the like are masked; a person reads it before it goes anywhere."""
    with reading(engine) as session:
        found = list(missed_texts(session))
    for language, text in found:
        with speaking(language):
            yield json.dumps({"text": masked(text), "language": language, "expected": "amber"}, ensure_ascii=False)
