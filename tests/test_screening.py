"""What is seen in somebody's words when they, or somebody they know, may be at risk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.screening import learnt, screen
from tests.bench import screening as bench

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "text",
    [
        "I want to die", "my stepdad hits me", "my husband strangled me last night", "he isnt breathing", "the house is on fire",
        "a man online wants naked pictures of my daughter", "my son has gone missing from the park", "he has got a knife",
        "finger marks on his arm when he came home from school", "they are forcing my sister to get married",
        "I nearly put a pillow over his face", "chcę umrzeć", "ابو مجھے مارتے ہیں", "mera shohar mujhe marta hai", "زوجي يضربني",
    ],
)  # fmt: skip
def test_danger_now_is_red(text: str) -> None:
    assert screen(text).level == "red"


@pytest.mark.parametrize(
    "text",
    [
        "I feel like driving off and not stopping", "please dont tell anyone", "I'm not safe at my dad's", "what's the point of anything",
        "I'm at breaking point", "he is restrained at school every week", "his mates take his benefits off him",
        "she has stopped eating and is losing weight", "my son is bullied every day", "my ex has found out where we live", "suicide",
    ],
)  # fmt: skip
def test_a_hint_is_read_by_a_person_today(text: str) -> None:
    assert screen(text).level in {"amber", "red"}


@pytest.mark.parametrize(
    "text",
    [
        "i w4nt to k1ll mys3lf", "k i l l  m y s e l f", "s*icide is all i think about", "su!cide note", "i am sucidal", "kms fr", "🔪🩸 again",
        "she says she will unalive herself", "he od on his tablets", "i was r@ped",
    ],
)  # fmt: skip
def test_slips_text_speak_and_disguises_are_seen_through(text: str) -> None:
    assert screen(text).level == "red"


@pytest.mark.parametrize(
    "text",
    [
        "this form is killing me", "how do i shoot in fifa", "dying of embarrassment", "my phone died", "we had an hour to kill time",
        "murder at homework time", "the battery died", "bloody transport late again", "can we beat the queue", "knife and fork skills",
        "the taxi was late again", "How do I get an EHCP?", "thank you, the session was lovely",
    ],
)  # fmt: skip
def test_what_only_sounds_like_danger_is_quiet(text: str) -> None:
    assert screen(text).level == "none"


@pytest.mark.parametrize(
    "text", ["x" * 200, "a" * 30, "asdfgh", "qwertyuiop", "hjkl hjkl", "sdkfjh sdkjfh", "zxcv", "lkjlkj lkjlkj lkj", "mmmmmm"]
)  # fmt: skip
def test_a_mash_of_letters_says_nothing(text: str) -> None:
    assert screen(text).level == "none"


@pytest.mark.parametrize(
    "text",
    [
        "my son isnt talking and hes 3", "PA for my child", "child mindr", "mi hijo no habla", "breastfeeding help", "i think my son is autistic",
        "someone to take her out on a sunday", "who makes sure the plan is followed", "teeth brushing is a battle",
        "my boss won't let me go to appointments", "he raced me round the hall in his walker",
    ],
)  # fmt: skip
def test_a_plain_question_rings_nobody(text: str) -> None:
    assert screen(text).level != "red"


@pytest.mark.parametrize(
    "idiom", ["this form is killing me", "my phone died", "dying of embarrassment", "knife and fork skills"]
)
def test_an_idiom_covers_only_itself(idiom: str) -> None:
    assert screen(f"{idiom} and I want to kill myself").level == "red"
    assert screen(f"I want to kill myself. {idiom}").level == "red"


def test_danger_in_the_middle_of_a_long_story_is_seen() -> None:
    lines = "They were kind to us at the school. " * 150
    assert screen(f"{lines} My dad hits me. {lines}").level == "red"


def test_the_reasons_hold_none_of_the_words() -> None:
    found = screen("Aurelia says her stepdad hits her")
    assert found.why
    assert not any("urelia" in reason for reason in found.why)


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=500))
def test_it_never_raises_and_says_the_same_twice(text: str) -> None:
    assert screen(text) == screen(text)


@settings(deadline=None, max_examples=60)
@given(before=st.text(max_size=300), after=st.text(max_size=300))
def test_nothing_said_around_it_takes_an_alarm_down(before: str, after: str) -> None:
    assert screen(f"{before}\ni want to die\n{after}").level == "red"


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x1b[31m", "👩‍👧", "?" * 100_000, "my son " * 15_000, "ا" * 100_000, "\ud800", "a" * 100_000]
)
def test_odd_and_huge_texts_are_borne(text: str) -> None:
    assert screen(text).level in {"none", "amber", "red"}


# Floors: a little below what was measured when they were set (`python tests/bench/screening.py` gives the figures of today).
FLOORS = {
    "own": ("own", 0.98, 0.97, 0.04, 0.14, 0.01, 0.05),
    "large": ("large", 0.9, 0.84, 0.05, 0.18, 0.025, 0.1),
    "fresh": ("fresh_3", 0.93, 0.88, 0.1, 0.2, 0.03, 0.1),
}


@pytest.mark.parametrize(
    ("which", "risk", "danger", "like_red", "like", "calm_red", "calm"), FLOORS.values(), ids=FLOORS
)
def test_held_out_texts_are_screened_as_well_as_before(
    which: str, risk: float, danger: float, like_red: float, like: float, calm_red: float, calm: float
) -> None:
    tallies = bench.measure(getattr(bench, which)("held_out"))
    at_risk, explicit, lookalike, ordinary = (
        tallies[kind] for kind in ("at risk", "explicit", "lookalike", "ordinary")
    )
    assert at_risk.flagged >= risk * at_risk.seen
    assert explicit.red >= danger * explicit.seen
    assert lookalike.red <= like_red * lookalike.seen
    assert lookalike.flagged <= like * lookalike.seen
    assert ordinary.red <= calm_red * ordinary.seen
    assert ordinary.flagged <= calm * ordinary.seen


@pytest.mark.parametrize("about", ["idiom", "game", "sport", "medical", "training", "past", "negated", "words", "near"])
def test_every_class_of_lookalike_stays_mostly_quiet(about: str) -> None:
    rows = [row for row in bench.large("develop") if row.kind == "lookalike" and row.about == about]
    tally = bench.measure(rows)["lookalike"]
    assert tally.red <= 0.04 * tally.seen + 1
    assert tally.flagged <= 0.35 * tally.seen


def test_the_model_hears_what_no_rule_names() -> None:
    found = screen("the escort yanked my lad and bit him again in the taxi and he is frightened of her")
    assert found.level != "none"
    assert learnt.model().heard(" my daughter likes trains ")[0] < learnt.model().heard(" my dad burned me again ")[0]


def test_the_model_says_that_no_rule_named_it() -> None:
    text = "he forces my cousin to do bad things with his mates for vodka"
    heard = [reason for reason in screen(text).why if reason.endswith("though no rule names it")]
    assert heard


def test_a_draft_that_is_asked_about_at_every_step_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    module = sys.modules["models.screening.screen"]
    monkeypatch.setattr(module, "_heard", read.append)
    draft = "The taxi was late again, and the zebrafinch saw it."
    first = screen(draft)
    once = len(read)
    assert once > 0
    assert screen(draft) is first
    assert len(read) == once
    screen(f"{draft} And on Friday.")
    assert len(read) > once
    # What came out is known, the words are not kept.
    assert "zebrafinch" not in repr(vars(module._LATELY))


def test_scripts_get_a_line_for_every_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "screen", "--stdin"],
        input="I want to die\n\nthe taxi was late\n", capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["text"], row["level"]) for row in rows] == [
        ("I want to die", "red"), ("", "none"), ("the taxi was late", "none"),
    ]  # fmt: skip
    assert set(rows[0]) == {"text", "level", "why"}


def test_a_cry_that_does_not_end_is_understood_all_the_same() -> None:
    assert screen("he is going to k" + "i" * 300 + "ll me").level == "red"
    assert screen("h" + "E" * 20_000 + "lp, he is going to kill me").level == "red"
