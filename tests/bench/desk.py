"""How long each page of the desk takes with 2,000 families and 10,000 feedbacks, over real HTTP.

.venv/bin/python -m tests.bench.desk            (--families, --feedback, --rounds, --url for PostgreSQL)
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer
from sqlalchemy import select

from bot.migrations import migrate
from bot.partnership import open_partnership
from models.database import open_database, reading, writing
from models.desk.signing_in import lend_link
from models.feedback import Feedback, Visibility
from models.person import Person
from models.role import Role, RoleName
from tests.many import fill
from tests.web.serving import serving


def main(
    families: Annotated[int, typer.Option()] = 2000,
    feedback: Annotated[int, typer.Option()] = 10_000,
    rounds: Annotated[int, typer.Option()] = 15,
    url: Annotated[str, typer.Option(help="An empty database; SQLite in a folder of its own unless given.")] = "",
) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(url or f"sqlite:///{Path(folder) / 'many.db'}")
        migrate(engine)
        partnership = open_partnership("tameside", "http://127.0.0.1:8080")
        began = time.perf_counter()
        fill(engine, partnership.area, families=families, feedback=feedback)
        print(f"filled in {time.perf_counter() - began:.1f} s: {families} families, {feedback} feedbacks")
        with writing(engine) as session:
            admin = session.scalars(select(Role).where(Role.name == RoleName.ADMIN)).one()
            secret = lend_link(session, session.get_one(Person, admin.person_id))
        with reading(engine) as session:
            visible = Feedback.visibility != Visibility.FORUM
            refs = session.scalars(select(Feedback.ref).where(visible).limit(rounds)).all()
        with serving(engine, partnership) as served, httpx.Client(base_url=served.address, timeout=60) as http:
            http.post("/desk/enter", data={"token": secret}, headers={"Sec-Fetch-Site": "same-origin"})
            for name in PAGES:
                _measure(http, name, [name] * rounds)
            _measure(http, "/desk/inbox/…", [f"/desk/inbox/{ref}" for ref in refs])
            _measure(http, "the 100th page of all", [_far(http, "/desk/inbox?which=all", 100)] * rounds)
        engine.dispose()


PAGES = (
    "/desk",
    "/desk/inbox",
    "/desk/inbox?which=all",
    "/desk/inbox?which=unopened",
    "/desk/inbox?which=all&topic=transport&status=done",
    "/desk/inbox?words=taxi+late",
    "/desk/inbox?words=zzz",
    "/desk/alerts",
    "/desk/replies",
    "/desk/people",
    "/desk/log",
    "/desk/log?deed=looked+at",
)


def _far(http: httpx.Client, path: str, pages: int) -> str:
    for _page in range(pages):
        link = http.get(path).text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        if not link:
            break
        path = link
    return path


def _measure(http: httpx.Client, name: str, paths: list[str]) -> None:
    took = []
    for path in paths:
        began = time.perf_counter()
        response = http.get(path)
        took.append((time.perf_counter() - began) * 1000)
        response.raise_for_status()
    print(
        f"{name:52} median {statistics.median(took):6.1f} ms   slowest {max(took):6.1f} ms   {len(response.content) // 1024} kB"
    )


if __name__ == "__main__":
    typer.run(main)
