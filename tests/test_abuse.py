"""Hard words: hidden behind a tap, answered once, and what was said is heard all the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.abuse import AbuseAnswer, Hard, hard_words, softened
from models.feedback import Feedback
from tests.bench import abuse as bench
from tests.company import colleague, family, references_in_order
from tests.talk import Talk

ANSWER = (
    "We read what you say about this, and it is passed on. You may be angry here. "
    "Please write without words that hurt the people who work here."
)


@pytest.fixture(autouse=True)
def _references(monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)


def sends(talk: Talk, words: str) -> list[str]:
    for line in ("feedback", "two", "transport", words, "that is all", "skip", "only staff"):
        talk.types(line)
    talk.shown()
    talk.types("send it")
    return talk.shown()


def test_it_is_kept_and_sent_and_the_family_is_asked_once(talk: Talk) -> None:
    family(talk)
    assert any(ANSWER in line for line in sends(talk, "the bus never came, you are all idiots"))
    assert not any(ANSWER in line for line in sends(talk, "again no bus you idiots"))
    assert [one.text for one in talk.kept(Feedback)] == [
        "the bus never came, you are all idiots",
        "again no bus you idiots",
    ]
    assert len(talk.kept(AbuseAnswer)) == 1


def test_staff_read_what_was_said_and_the_hard_words_with_one_tap(talk: Talk) -> None:
    family(talk)
    sends(talk, "the bus never came, you are all idiots")
    staff = colleague(talk, "9")
    staff.types("inbox")
    staff.types("222222")
    said = "\n".join(staff.shown())
    assert "This message has hard words." in said
    assert "the bus never came, [hard words]" in said
    assert "idiots" not in said
    staff.taps("Show the words")
    assert "you are all idiots" in "\n".join(staff.shown())


def test_anger_typed_where_nothing_was_asked_becomes_what_they_tell(talk: Talk) -> None:
    family(talk)
    talk("""
        > u lot r a joke stick ur breathing exercises up ur arse
        I can pass that on. You see it before it is sent.
        ...
    """)


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("you're a b1tch", [Hard.INSULT]), ("jesteście bandą idiotów", [Hard.INSULT]), ("تم لوگ حرامی ہو", [Hard.INSULT]),
        ("I know where you live", [Hard.THREAT]), ("wiem gdzie pracujesz", [Hard.THREAT]),
        ("this is a f*cking joke", []), ("the transport is shit", []), ("kids call my son a retard", []),
        ("stop treating us like idiots", []), ("my ex says I know where you live", []), ("you make me so angry", []),
    ],
)  # fmt: skip
def test_abuse_is_thrown_at_somebody_and_anger_is_not(said: str, kinds: list[Hard]) -> None:
    assert hard_words(said) == kinds


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=300))
def test_it_never_raises(text: str) -> None:
    assert isinstance(softened(text), str)
    assert bool(hard_words(text)) == (softened(text) != text)


def test_our_own_set_is_read_as_well_as_before() -> None:
    found, angry = bench.measure(bench.own())
    assert found.hits >= 0.85 * found.of
    assert angry.hits <= 0.05 * angry.of
