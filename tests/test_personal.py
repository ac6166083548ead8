"""Personal data in free text: what is seen, what is left alone, and that nothing planted comes through."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.personal import Kind, Mark, masked, personal_data


def test_a_message_with_everything_in_it_goes_out_without_it() -> None:
    said = (
        "You have put my son Jakub Nowak dob 14/03/2016 in the wrong year group. Mrs Patel knows. "
        "Ring 07700 900871 or write to zahra.k@example.org, we live at 12 Mill Lane, SK14 9ZZ."
    )
    assert masked(said) == (
        "You have put my son [a name] dob [a day of birth] in the wrong year group. [a name] knows. "
        "Ring [a phone number] or write to [an e-mail address], we live at [an address], [a postcode]."
    )


def test_marks_say_where_it_stands_in_the_text_as_it_was_written() -> None:
    assert personal_data("ring me on ٠٧٧٠٠ ٩٠٠٨٧١") == [Mark(Kind.PHONE, 11, 23)]
    said = "ask Jak\u200bub please"
    [mark] = personal_data(said)
    assert said[mark.start : mark.end] == "Jak\u200bub"


def test_what_a_person_has_allowed_stays() -> None:
    said = "Thank you to Dave and Maureen for the bus run"
    assert masked(said) == "Thank you to [a name] and [a name] for the bus run"
    assert masked(said, allowed={"Dave"}) == "Thank you to Dave and [a name] for the bus run"


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=400))
def test_marks_are_in_order_apart_and_inside_the_text(text: str) -> None:
    marks = personal_data(text)
    ends = [0, *(mark.end for mark in marks)]
    assert all(before <= mark.start < mark.end <= len(text) for before, mark in zip(ends, marks, strict=False))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "?" * 50_000,
        "my son " * 10_000,
        "ا" * 50_000,
        "\ud800",
        "a" * 50_000,
        "1" * 50_000,
        "1 " * 30_000,
        "a." * 30_000,
        "a@" * 30_000,
    ],
)
def test_odd_and_huge_texts_are_borne(text: str) -> None:
    assert isinstance(masked(text), str)
