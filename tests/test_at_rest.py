"""What the program has loaded when it serves and nobody talks to it: each of these would take its megabytes for ever."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from bot.partnership import finder_in
from models.finding.needs import WEIGHTS
from tests.faults.program import free_port

PROJECT = Path(__file__).parent.parent
# For a day's errand, a page, a report, a letter, an upgrade, or several processes: loaded by whoever needs them, when
# they do.
NOT_AT_REST = (
    "aiohttp", "aiosmtplib", "alembic", "bot.web.app", "bot.web.board", "bot.web.desk", "holidays", "icalendar", "jinja2",
    "mako", "matplotlib", "numpy", "procrastinate", "psycopg", "pygments", "rich", "segno",
    "sqlalchemy.dialects.postgresql", "typst",
)  # fmt: skip

SERVES_AND_TELLS = """
import os, signal, sys
from bot.main import run
from bot.settings import Settings
from bot.warm import warm

def tell(house):
    warm(house.partnership)
    print("loaded", *sorted(sys.modules))
    print("languages", *sorted(sys.modules["babel.localedata"]._cache))
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)

run(Settings(_env_file=None), tell)
"""


def test_what_is_not_needed_every_day_is_not_loaded(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "AREA": "tameside",
        "DATABASE_URL": f"sqlite:///{tmp_path}/rest.db",
        "PORT": str(free_port()),
        "TELEGRAM_TOKEN": "1:nobodys",
        "TELEGRAM_API_URL": "http://127.0.0.1:9/bot",
    }
    environment.pop("PUBLIC_URL", None)
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"], cwd=PROJECT, env=environment, check=True, capture_output=True
    )
    serves = subprocess.run(
        [sys.executable, "-c", SERVES_AND_TELLS],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = dict(line.partition(" ")[::2] for line in serves.stdout.splitlines())
    assert "sqlalchemy.orm" in told["loaded"].split(), serves.stderr
    assert [name for name in NOT_AT_REST if name in told["loaded"].split()] == []
    # Four megabytes for the first, one for each other: for whoever speaks something else than English.
    assert told["languages"] == ""


def test_the_whos_who_keeps_only_what_a_question_needs() -> None:
    made = pickle.dumps(finder_in("tameside"))
    # What was learnt of the needs is mapped by whoever asks: not a part of it comes along.
    weights = WEIGHTS.read_bytes()
    assert weights[-20_000:-19_000] not in made
    # What people say of each service is in the index, and nowhere beside it.
    assert b"overnight respite close to breaking point" not in made
    finder = pickle.loads(made)
    assert finder.find("he wets the bed") == finder_in("tameside").find("he wets the bed")
