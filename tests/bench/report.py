"""How long the board's pages and the yearly report take with 2,000 families and 10,000 feedbacks.

python -m tests.bench.report
"""

from __future__ import annotations

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from bot.partnership import open_partnership
from bot.report.making import make_report
from models.database import open_database, writing
from models.feedback import Feedback, Status, Visibility
from models.person import Kind, Person
from models.tables import Base
from models.theme import Theme, record_update
from tests.web.serving import serving

FAMILIES, FEEDBACKS, ITEMS = 2_000, 10_000, 200


def fill(engine: object, topics: list[str], seed: int = 1) -> None:
    drawn = random.Random(seed)
    with writing(engine) as session:  # type: ignore[arg-type]
        session.execute(
            insert(Person), [{"language": drawn.choice(["en", "en", "pl", "ur"]), "kind": Kind.PARENT} for _one in range(FAMILIES)]
        )  # fmt: skip
        for place in range(ITEMS):
            at = datetime(2026, 1, 2, 12, tzinfo=UTC) + timedelta(days=place)
            theme = Theme(topic=drawn.choice(topics), said=f"We wait long for answer number {place}.", published=at)
            session.add(theme)
            session.flush()
            record_update(
                session, theme, Status.DOING, "We look at it twice.", organisation="council", due=None, by=None
            )
        rows = []
        for place in range(FEEDBACKS):
            at = datetime(2026, 1, 2, 12, tzinfo=UTC) + timedelta(days=drawn.randrange(320))
            rows.append(
                {
                    "ref": f"{place:06}", "person_id": drawn.randrange(1, FAMILIES + 1), "topic": drawn.choice(topics),
                    "text": "words", "feeling": drawn.choice([None, 1, 2, 3, 4, 5]), "said_by": drawn.choice(list(Kind)),
                    "visibility": drawn.choice(list(Visibility)), "language": drawn.choice(["en", "pl", "ur"]),
                    "status": Status.HEARD, "theme_id": drawn.choice([None, drawn.randrange(1, ITEMS + 1)]),
                    "received": at, "answer_by": at.date() + timedelta(days=21),
                    "answered": at + timedelta(days=drawn.randrange(30)),
                }
            )  # fmt: skip
        session.execute(insert(Feedback), rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/bench.db")
        Base.metadata.create_all(engine)
        tameside = open_partnership("tameside", "http://127.0.0.1:8080")
        fill(engine, [topic.key for topic in tameside.area.topics])
        with serving(engine, tameside) as served:
            for path in ("/board", "/board?page=5", "/board?topic=plan", "/board/7", "/board/feed.atom"):
                httpx.get(served.address + path)
                begun = time.perf_counter()
                for _look in range(10):
                    answer = httpx.get(served.address + path)
                print(f"{path}: {(time.perf_counter() - begun) * 100:.0f} ms, {len(answer.content):,} bytes")
        begun = time.perf_counter()
        made = make_report(engine, tameside.area, 2026, Path(folder) / "out")
        sizes = ", ".join(f"{file.suffix[1:]} {file.stat().st_size:,} bytes" for file in made.files)
        print(
            f"report of {made.comments} comments, {FEEDBACKS:,} feedbacks: {time.perf_counter() - begun:.1f} s; {sizes}"
        )
        engine.dispose()


if __name__ == "__main__":
    main()
