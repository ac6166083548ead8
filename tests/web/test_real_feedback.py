"""The partnership's own labelled feedback, all of it, on the way that it goes in real life: kept, screened, marked,
softened; and none of it on the board or in a report, whoever said what to whom.

Where the file is not there, messages of our own of the same kind stand in for it (`tests/bench/feedback.own.jsonl`).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Engine, select

from bot.report.csv_file import comments_csv
from bot.report.yearly import yearly
from locales import speaking
from models.database import reading, writing
from models.feedback import Feedback, Visibility, give_feedback
from models.partnership import Partnership
from models.person import Kind, Person
from models.theme import load_you_said
from tests.bench import real_feedback as bench
from tests.web.serving import Served

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def told(engine: Engine, tameside: Partnership) -> list[bench.Message]:
    """Everything is kept as its author wrote it, for each of the audiences in turn, beside the area's own items."""
    messages = bench.messages()
    topics = [topic.key for topic in tameside.area.topics]
    with writing(engine) as session:
        load_you_said(session, tameside.area)
        for place, one in enumerate(messages):
            person = Person(kind=Kind.YOUNG if one.young else Kind.PARENT, language="en")
            session.add(person)
            feedback = give_feedback(
                session, tameside.area, person, topic=topics[place % len(topics)], text=one.text,
                visibility=list(Visibility)[place % 4],
            )  # fmt: skip
            feedback.received = AT
    return messages


def test_every_message_is_kept_as_it_was_written(told: list[bench.Message], engine: Engine) -> None:
    with reading(engine) as session:
        kept = session.scalars(select(Feedback).order_by(Feedback.id)).all()
    assert [one.text for one in kept] == [one.text.strip() for one in told]
    assert len(told) >= 60


def test_who_is_at_risk_personal_data_and_abuse_are_seen_as_well_as_before(told: list[bench.Message]) -> None:
    """Floors: what was measured when they were set (`python tests/bench/real_feedback.py`). False alarms of the screening
    are more than we would like (decision 0013): fewer cost misses."""
    found = bench.measure(told)
    for what, recall, false_alarms in (("at risk", 0.8, 0.15), ("personal", 1.0, 0.02), ("abusive", 0.5, 0.02)):
        tally = found[what]
        assert tally.of >= 2, what
        assert tally.seen >= recall * tally.of, (what, tally.missed)
        assert tally.false <= false_alarms * tally.others, (what, tally.wrong)


def test_nothing_of_it_is_on_the_board_or_in_the_report(
    told: list[bench.Message], served: Served, engine: Engine, tameside: Partnership
) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as anybody:
        shown = [
            anybody.get(path).text for path in ("/board", "/board/feed.atom", *(f"/board/{n}" for n in range(1, 7)))
        ]
    with reading(engine) as session, speaking("en"):
        written = yearly(session, tameside.area, 2026)
    shown += [json.dumps(written.as_json(), ensure_ascii=False), comments_csv(written.items, "")]
    everything = "\n".join(shown)
    assert "Plans have mistakes in them" in everything
    for one in told:
        # Four words in a row are nobody's but theirs; so is what could lead to somebody.
        assert not bench.runs_of(one.text, 4) & bench.runs_of(everything, 4), one.text
        assert not [words for words in one.personal_words if words in everything], one.text
