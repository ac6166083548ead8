"""What the first message of a process would have to wait for is done before it comes.

Patterns are compiled, lists are read and statements are put into words when they are first needed: a second's work
altogether, on a busy machine five, and whoever writes first would wait for it, and everybody else behind them. So the
program talks to itself once, by the same code, about a database in memory that is thrown away with what was said.
"""

from __future__ import annotations

import contextlib
import ctypes
import subprocess
import sys
from datetime import date
from pathlib import Path

import structlog

from bot.turn import turn
from bot.writer import what_failed
from models.database import Base, now, open_database, writing
from models.heard import Heard
from models.partnership import Partnership
from models.promise import remember

log = structlog.get_logger()

# After the start, so that nobody who waited for it waits longer.
AFTER_SECONDS = 1.0
# What is typed, or tapped: the ways that most people go.
SAYS = (
    "/start", "en", "parent", "yes", "c:menu", "tell us", "two", "transport", "The taxi was late again.", "done",
    "skip", "staff", "send", "c:menu", "my things", "c:menu", "meetings", "c:menu", "who", "c:help", "c:menu",
)  # fmt: skip


def warm(partnership: Partnership) -> None:
    """Takes a second or two, in a thread of its own. Never raises: nobody depends on it."""
    try:
        remember(bank_holidays_of(now().year))
        talk_to_itself(partnership)
    except Exception as error:
        log.warning("not warmed up", **what_failed(error))
    give_back()


def give_back() -> None:
    """What was only needed on the way, 3 MB: glibc keeps it otherwise. Another C library is left alone."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def talk_to_itself(partnership: Partnership) -> list[str]:
    """What it answered."""
    engine = open_database("sqlite://")
    Base.metadata.create_all(engine)
    answered = []
    for number, said in enumerate(SAYS):
        tapped = said.startswith("c:")
        heard = Heard(f"warm:{number}", "warm", "nobody", text="" if tapped else said, tap=said if tapped else "")
        with writing(engine) as session:
            answered += [one.message.text for one in turn(session, heard, partnership).answers]
    engine.dispose()
    return answered


def bank_holidays_of(this_year: int) -> dict[int, frozenset[date]]:
    """Of the years that promises and meetings lie in, by a process that ends: their library would stay in this one."""
    asks = "import sys, models.promise as it; print(*(day for year in sys.argv[1:] for day in it.looked_up(int(year))))"
    years = range(this_year - 1, this_year + 3)
    told = subprocess.run(  # noqa: S603 - our own code, and numbers
        [sys.executable, "-c", asks, *map(str, years)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    days = [date.fromisoformat(day) for day in told.stdout.split()]
    return {year: frozenset(day for day in days if day.year == year) for year in years}
