"""What the bot says can be read by a tired parent and by a nine-year-old, and is the same in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from bot.texts import catalogues, gathered, wrongs
from locales import IN_ENGLISH, KNOWN, dates, languages, looked_up, ngettext, speaking
from models.plain import reading_age

PROJECT = Path(__file__).parent.parent
LONGEST = 300
# One sentence of few words is judged unkindly by any formula: nearly all must keep to nine, none may be far above.
AIM, MOST, NEARLY_ALL = 9.0, 10.2, 0.93


def said_by_the_program() -> Iterator[str]:
    """Sentences in the code. An area's own words (names of services, what families said) are facts, not ours."""
    for message in gathered():
        if message.id and any(not place.startswith("areas/") for place, _line in message.locations):
            yield from [message.id] if isinstance(message.id, str) else message.id


def sentences() -> list[str]:
    filled = [re.sub(r"\{\w+\}", "this", text) for text in said_by_the_program() if "|" not in text]
    return [text for text in filled if len(text.split()) >= 5]


def test_nearly_everything_reads_at_nine_and_nothing_far_above_it() -> None:
    ages = {text: reading_age(text) for text in sentences()}
    assert {text: age for text, age in ages.items() if age > MOST} == {}
    assert sum(age <= AIM for age in ages.values()) / len(ages) >= NEARLY_ALL


def test_every_text_fits_on_a_phone() -> None:
    assert [text for text in said_by_the_program() if len(text) > LONGEST and "|" not in text] == []


PROMISES = ("confidential", "straight away", "immediately", "right away", "as soon as possible", "guarantee", "24/7")


def test_nothing_is_promised_that_is_not_so() -> None:
    assert [text for text in said_by_the_program() for promise in PROMISES if promise in text.casefold()] == []


def test_no_value_is_put_into_a_sentence_before_it_is_translated() -> None:
    """An f-string inside `_()` would be looked up with its values in it, and never be found."""
    found = []
    for path in [*PROJECT.glob("handlers/**/*.py"), *PROJECT.glob("bot/**/*.py"), *PROJECT.glob("models/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if isinstance(node, ast.Call) and called in ("_", "ngettext") and isinstance(node.args[0], ast.JoinedStr):
                found.append(f"{path}:{node.lineno}")
    assert found == []


def test_every_catalogue_is_whole() -> None:
    assert wrongs() == []


def test_every_catalogue_says_who_checked_it() -> None:
    for path in catalogues():
        assert "Checked by: " in path.read_text(encoding="utf-8")
        # Until a native speaker has read one, none claims to be checked.
        assert languages()[path.parent.parent.name].checked_by == ""
    assert {code for code, language in languages().items() if language.right_to_left} == {"ur"}


def test_what_is_known_of_english_and_its_neighbours_is_what_babel_says() -> None:
    assert {code: looked_up(code) for code in KNOWN} == KNOWN
    assert {code: Locale.parse(code).get_display_name("en") for code in IN_ENGLISH} == IN_ENGLISH
    for days in range(366):
        at = datetime(2027, 12, 25, days % 24, days % 60, tzinfo=UTC) + timedelta(days)
        assert (dates.day(at), dates.month(at), dates.short_month(at), dates.short_day(at), dates.clock(at, UTC)) == (
            format_date(at, "EEEE d MMMM y", locale="en_GB"),
            format_skeleton("yMMMM", at, locale="en_GB"),
            format_date(at, "LLL", locale="en_GB"),
            format_skeleton("MMMEd", at, locale="en_GB"),
            format_time(at, "HH:mm", locale="en_GB"),
        )
    assert [dates.number(one) for one in (0, -4, 999, 1_234, 1_234_567, 0.5)] == [
        format_decimal(one, locale="en_GB") for one in (0, -4, 999, 1_234, 1_234_567, 0.5)
    ]


@pytest.mark.parametrize("code", sorted(languages()))
def test_numbers_take_their_words_form(code: str) -> None:
    with speaking(code):
        assert "3" in ngettext("{count} is late.", "{count} are late.", 3)
