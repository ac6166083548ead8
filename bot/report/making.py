"""Makes the files of a report: HTML that prints, PDF, CSV.

It runs in whatever thread calls it and waits for nothing but the database and the process that draws. Nothing is
changed, except that a look at families' words for the forum is recorded before they leave.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from bot.report.csv_file import comments_csv
from bot.report.digest import digest
from bot.report.document import Comment, Document, Picture, Table, Words
from bot.report.yearly import yearly
from bot.web.shown import templates
from locales import speaking
from models.area import Area
from models.database import reading, writing
from models.person import Person
from models.report import Period
from models.role import Permission, require

Progress = Callable[[float], None]

# A report of thousands is drawn in seconds; what takes this long never ends.
LONGEST_SECONDS = 300
# How far it is when the words are written, when all is drawn, and when it is put in its place.
WRITTEN, DRAWN = 0.25, 0.95


class ReportError(Exception):
    """The report could not be made. Its text says at what, never what was in it."""


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    html: Path
    pdf: Path
    csv: Path
    comments: int
    unanswered: int

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.html, self.pdf, self.csv)

    def as_json(self) -> dict[str, str | int]:
        files = {file.suffix[1:]: str(file) for file in self.files}
        return {**files, "comments": self.comments, "unanswered": self.unanswered}


def _nothing(_done: float) -> None:
    pass


def make_report(
    engine: Engine,
    area: Area,
    year: int,
    out: Path,
    *,
    progress: Progress = _nothing,
    web_address: str = "",
    language: str = "en",
    by: Person | None = None,
) -> Made:
    """The yearly report (regulation 56) as local-offer-YEAR.html, .pdf and .csv in the folder `out`.

    `progress` is told how far it is, from 0 to 1. `by` is None for somebody with the machine itself. Raises
    `NotAllowed`, `ReportError`, `OSError`.
    """
    with speaking(language), reading(engine) as session:
        if by is not None:
            require(session, by, Permission.READ)
        written = yearly(session, area, year)
    return _files(written, out, f"local-offer-{year}", web_address, progress)


def make_digest(
    engine: Engine,
    area: Area,
    quarter: str,
    organisation: str,
    out: Path,
    *,
    progress: Progress = _nothing,
    web_address: str = "",
    language: str = "en",
    by: Person | None = None,
) -> Made:
    """A quarter ("2026Q4") for one organisation, by its key, as digest-QUARTER-ORGANISATION.html, .pdf and .csv.

    What was told to the forum alone is in the forum's, and each look at it is recorded. Raises `NotAllowed`,
    `ValueError` for a quarter or an organisation that there is not, `ReportError`, `OSError`.
    """
    Period.quarter(quarter)
    if organisation not in [one.key for one in area.organisations]:
        raise ValueError(f"there is no organisation “{organisation}” in this area")
    with speaking(language), writing(engine) as session:
        written = digest(session, area, quarter.upper(), organisation, by)
    return _files(written, out, f"digest-{quarter.upper()}-{organisation}", web_address, progress)


def _files(written: Document, out: Path, name: str, web_address: str, progress: Progress) -> Made:
    """All files or none: they are put into `out` once all of them are there."""
    progress(WRITTEN)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as folder, speaking(written.language):
        making = Path(folder)
        _draw(written, making, lambda done: progress(WRITTEN + (DRAWN - WRITTEN) * done))
        (making / "report.html").write_text(as_html(written, making), encoding="utf-8")
        (making / "report.csv").write_bytes(comments_csv(written.items, web_address).encode("utf-8"))
        made = {kind: out / f"{name}.{kind}" for kind in ("html", "pdf", "csv")}
        for kind, file in made.items():
            shutil.move(making / f"report.{kind}", file)
    progress(1.0)
    unanswered = sum(not item.answered for item in written.items)
    return Made(out, made["html"], made["pdf"], made["csv"], len(written.items), unanswered)


def _draw(written: Document, folder: Path, progress: Progress) -> None:
    """Pictures and PDF, by another process: it may be as heavy as it likes."""
    command = [sys.executable, "-m", "bot.report.drawing", str(folder)]
    kind = ""
    with subprocess.Popen(  # noqa: S603  # ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as drawing:
        assert drawing.stdin is not None
        assert drawing.stdout is not None
        too_long = threading.Timer(LONGEST_SECONDS, drawing.kill)
        too_long.start()
        try:
            with drawing.stdin:
                json.dump(written.as_json(), drawing.stdin, ensure_ascii=False)
            for line in drawing.stdout:
                if line.startswith("!"):
                    kind = line[1:].strip()
                else:
                    progress(float(line))
        finally:
            too_long.cancel()
            drawing.kill()
    if not (folder / "report.pdf").exists():
        raise ReportError(f"The pictures and the PDF could not be drawn ({kind or drawing.returncode}).")


def as_html(written: Document, folder: Path) -> str:
    """One file with everything in it; each picture is a part of its own, so that their insides do not mix."""
    pictures = {one.key: _inside(folder / f"{one.key}.svg") for one in written.pictures}
    return templates().get_template("report/report.html").render(document=written, pictures=pictures, kind_of=_kind_of)


def _inside(svg: Path) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.read_bytes()).decode()


def _kind_of(block: Words | Table | Picture | Comment) -> str:
    return type(block).__name__.lower()
