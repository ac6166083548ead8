"""One short question now and then, to those who agreed; and how the answers move."""

from __future__ import annotations

import io
import time
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import update

from handlers.pulse import ask_pulses, send_pictures
from locales import speaking
from models import keeping, pulse, stopping
from models.database import now
from models.outgoing import Outgoing
from models.person import Kind
from models.pulse import PulseAnswer, PulsePicture, PulseWish, Side
from models.role import RoleName
from tests.company import colleague, family
from tests.patience import PATIENCE
from tests.talk import Talk

FACES = "[😞 Not at all] [🙁 A little] [😐 In the middle] [🙂 Quite a lot] [😀 Very much]"


def clock_rings(talk: Talk) -> int:
    with talk.writing() as session:
        return ask_pulses(session, talk.partnership, now())


def agrees(talk: Talk) -> None:
    family(talk)
    with talk.writing() as session:
        pulse.agree(session, talk.person(session))


def answers(talk: Talk, number: int, values: list[int], kind: Kind = Kind.PARENT, key: str = "listened") -> None:
    """So many more people of a kind answer."""
    for place, value in enumerate(values):
        other = family(talk.another(f"{number}-{place}"), kind)
        with other.writing() as session:
            pulse.answer(session, talk.partnership.area, other.person(session), key, value)


def test_nobody_is_asked_who_has_not_agreed(talk: Talk) -> None:
    family(talk)
    assert clock_rings(talk) == 0
    talk(f"""
        > short questions
        May I ask you one short question now and then? At most once in 28 days. You can stop at any time. [Yes, ask me] [No, thank you]
        > yes, ask me
        Do you feel listened to? {FACES}
        (restart)
        > 🙂
        Thank you. Your answer is counted, and shown only together with many others. [See all the answers] [No more questions]
    """)
    [kept] = talk.kept(PulseAnswer)
    assert (kept.key, kept.value, kept.side) == ("listened", 4, Side.PARENT)
    assert clock_rings(talk) == 0  # they were asked today


def test_no_thank_you_is_kept_as_that(talk: Talk) -> None:
    family(talk)
    for words in ("short questions", "no"):
        talk.types(words)
    assert talk.kept(PulseWish) == []


def test_the_clock_asks_the_next_question_once_in_28_days_and_one_tap_answers(talk: Talk) -> None:
    agrees(talk)
    assert clock_rings(talk) == 1
    assert talk.shown() == [
        "Do you feel listened to?",
        f"One tap is enough. To end these questions, type “stop questions”. {FACES}",
    ]
    talk.taps("😀")
    talk.shown()
    talk.clock.shift(timedelta(days=27))
    assert clock_rings(talk) == 0
    talk.clock.shift(timedelta(days=1, minutes=1))
    assert clock_rings(talk) == 1
    assert clock_rings(talk) == 0
    assert talk.shown()[0] == "Are plans made together with families, and not for them?"
    assert [one.value for one in talk.kept(PulseAnswer)] == [5]


def test_nobody_is_asked_at_night_or_after_stop(talk: Talk) -> None:
    agrees(talk)
    talk.clock.shift(timedelta(hours=14))  # midnight
    assert clock_rings(talk) == 0
    talk.clock.shift(timedelta(hours=10))
    with talk.writing() as session:
        stopping.stop(talk.person(session))
    assert clock_rings(talk) == 0


def test_no_more_questions(talk: Talk) -> None:
    agrees(talk)
    talk("""
        > stop questions
        I do not ask you any more. To start again, type “short questions”.
    """)
    talk.clock.shift(timedelta(days=30))
    assert clock_rings(talk) == 0


def test_staff_are_asked_the_same_and_are_told_apart(talk: Talk) -> None:
    area = talk.partnership.area
    answers(talk, 1, [2, 2, 2, 2, 3])
    for place in range(5):
        staff = family(colleague(talk, f"s{place}", RoleName.RESPONDER))
        with staff.writing() as session:
            pulse.answer(session, area, staff.person(session), "listened", 5)
    with talk.writing() as session:
        key, _say, sides = pulse.comparison(session, area)[0]
    assert key == "listened"
    assert sides == {Side.PARENT: (2.2, 5), Side.YOUNG: None, Side.OTHER: None, Side.STAFF: (5.0, 5)}


def test_a_group_of_fewer_than_five_is_never_shown(talk: Talk) -> None:
    answers(talk, 1, [1, 2, 3, 4, 5])
    answers(talk, 2, [1, 1, 1, 1], Kind.YOUNG)
    with talk.writing() as session:
        found = pulse.trend(session, talk.partnership.area, "listened")
    assert [(point.mean, point.people) for point in found.points if point.side is Side.YOUNG] == [(None, None)]
    words = pulse.in_words(found)
    assert "Parents and carers. November 2026: 3 (5+)" in words
    assert "Young people" not in words


def test_each_counts_once_a_month_with_the_newest(talk: Talk) -> None:
    area = talk.partnership.area
    answers(talk, 1, [5, 5, 5, 5, 5])
    talk.clock.shift(timedelta(days=10))
    answers(talk, 1, [1, 1, 1, 1, 1])
    with talk.writing() as session:
        [point] = pulse.trend(session, area, "listened").points
    assert (point.mean, point.people) == (1.0, 5)


def test_the_answers_come_as_words_at_once_and_as_a_picture_after(talk: Talk) -> None:
    family(talk)
    answers(talk, 1, [1, 2, 3, 4, 5])
    talk.hear(tap="s:pulse_trend:which=listened")
    assert talk.shown() == [
        "Do you feel listened to?",
        "From 1 (not at all) to 5 (very much):",
        "Parents and carers. November 2026: 3 (5+)",
        "Groups of fewer than 5 people are not shown.",
        "A picture of it follows in a minute or two.",
    ]
    sent = 0
    for _round in range(20 * PATIENCE):
        with talk.writing() as session:
            sent += send_pictures(session, talk.partnership, now())
        if sent:
            break
        time.sleep(0.1)  # a real process draws it
    assert talk.kept(PulsePicture) == []
    [row] = [row for row in talk.rows() if row.message.file]
    assert row.message.file is not None
    image = Image.open(io.BytesIO(row.message.file.bytes))
    assert image.width >= 1000
    assert "3 (5+)" in row.message.text


def test_the_same_as_svg_for_a_page(talk: Talk) -> None:
    answers(talk, 1, [1, 2, 3, 4, 5])
    with talk.writing() as session, speaking("en"):
        found = pulse.trend(session, talk.partnership.area, "listened")
    assert b"<svg" in pulse.svg(found)


def test_with_too_few_answers_it_says_so(talk: Talk) -> None:
    family(talk)
    answers(talk, 1, [1, 2])
    talk.hear(tap="s:pulse_trend:which=listened")
    assert "Too few people have answered this yet." in talk.shown()
    assert talk.kept(PulsePicture) == []


def test_erased_with_everything_and_handed_over_before(talk: Talk) -> None:
    agrees(talk)
    with talk.writing() as session:
        person = talk.person(session)
        pulse.answer(session, talk.partnership.area, person, "honest", 2)
        assert keeping.held(session, person)["short_questions"][0]["answer"] == 2
        keeping.erase(session, person)
    assert talk.kept(PulseAnswer) == []
    assert talk.kept(PulseWish) == []


def test_answers_go_when_their_time_is_up(talk: Talk) -> None:
    answers(talk, 1, [3])
    with talk.writing() as session:
        session.execute(update(PulseAnswer).values(at=now() - timedelta(days=800)))
        keeping.sweep_old(session, talk.partnership, now())
    assert talk.kept(PulseAnswer) == []


@pytest.mark.parametrize(
    "bent", ["s:pulse:which=nothing:how=5", "s:pulse:which=listened:how=9", "s:pulse:which=listened:how=x"]
)
def test_bent_buttons_keep_nothing(talk: Talk, bent: str) -> None:
    agrees(talk)
    talk.hear(tap=bent)
    assert all(one.value in range(1, 6) for one in talk.kept(PulseAnswer))
    assert talk.kept(Outgoing)
