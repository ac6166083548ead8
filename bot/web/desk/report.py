"""Reports from the desk: started with one press, made in the background, fetched when they are there.

A report changes nothing, so looking at its page starts it. It is made in a thread of its own, and drawn by another
process, so that no conversation waits for it. Its files are this process's own, in a folder that nobody else may read,
and go after a day or with the process: whoever needs one again makes it again.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from starlette.responses import FileResponse, RedirectResponse, Response

from bot.report.digest import may_have
from bot.report.making import Made, Progress, make_digest, make_report
from bot.web.desk.page import Desk, NotThere, Page
from bot.web.site import Site
from handlers.you_said import organisation_name
from locales import _
from models.database import now
from models.report import Period
from models.role import NotAllowed, Permission

KEPT_SECONDS = 24 * 3600
KINDS = {"html": "text/html", "pdf": "application/pdf", "csv": "text/csv"}
# As many years back as there can be something to report.
YEARS = 3


@dataclass
class Job:
    """One report of one member of staff, on its way or made."""

    folder: Path
    done: float = 0.0
    begun: float = field(default_factory=time.monotonic)
    future: Future[Made] | None = None

    def tell(self, done: float) -> None:
        self.done = done

    @property
    def made(self) -> Made | None:
        future = self.future
        return future.result() if future is not None and future.done() and future.exception() is None else None

    @property
    def failed(self) -> bool:
        return self.future is not None and self.future.done() and self.future.exception() is not None


class Shelf:
    """The reports of this process, one made after the other."""

    def __init__(self) -> None:
        # Readable by nobody else: that is how the system makes it.
        self._home = tempfile.mkdtemp(prefix="yousaid-reports-")
        weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)
        self._jobs: dict[tuple[int, str], Job] = {}
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="report")

    def job(self, person: int, name: str, make: Callable[[Path, Progress], Made]) -> Job:
        """The report of this name, made for this person; begun now if it is not there."""
        with self._lock:
            self._throw_out_old()
            job = self._jobs.get((person, name))
            if job is None:
                job = self._jobs[person, name] = Job(Path(tempfile.mkdtemp(dir=self._home)))
                job.future = self._worker.submit(make, job.folder, job.tell)
            return job

    def there(self, person: int, name: str) -> Made | None:
        with self._lock:
            self._throw_out_old()
            job = self._jobs.get((person, name))
        return job.made if job is not None else None

    def again(self, person: int, name: str) -> None:
        """What was made goes: it is made anew when it is next looked at. One on its way goes on."""
        with self._lock:
            job = self._jobs.get((person, name))
            if job is not None and job.future is not None and job.future.done():
                del self._jobs[person, name]
                shutil.rmtree(job.folder, ignore_errors=True)

    def _throw_out_old(self) -> None:
        for key, job in list(self._jobs.items()):
            if time.monotonic() - job.begun > KEPT_SECONDS and job.future is not None and job.future.done():
                del self._jobs[key]
                shutil.rmtree(job.folder, ignore_errors=True)


_shelves: weakref.WeakKeyDictionary[Site, Shelf] = weakref.WeakKeyDictionary()


def shelf(site: Site) -> Shelf:
    if site not in _shelves:
        _shelves[site] = Shelf()
    return _shelves[site]


def choose(desk: Desk) -> Response:
    """Which there are for this person: the yearly ones, and the digests of their own organisation."""
    year = desk.area.today(now()).year
    quarters = [f"{one}Q{quarter}" for one in (year, year - 1) for quarter in (4, 3, 2, 1)]
    begun = f"{year}Q{(desk.area.today(now()).month + 2) // 3}"
    digests = [
        (
            organisation_name(desk.area, one.key),
            [(f"{quarter}-{one.key}", quarter) for quarter in quarters if quarter <= begun],
        )
        for one in desk.area.organisations
        if _allowed(desk, one.key)
    ]
    return desk.page("reports.html", _("Reports"), years=range(year, year - YEARS, -1), digests=digests)


def _allowed(desk: Desk, organisation: str) -> bool:
    try:
        may_have(desk.session, organisation, desk.person)
    except NotAllowed:
        return False
    return True


def show(desk: Desk) -> Response:
    """How far it is; and its files once it is made."""
    name = str(desk.names["name"])
    make = _make(desk, name)
    own = shelf(desk.site)
    if "anew" in desk.fields:
        own.again(desk.person.id, name)
        # To the page without the wish: it is looked at again and again while the report is on its way.
        return RedirectResponse(f"{PAGE.address}/{name}", 303)
    return desk.page("report.html", _("A report"), job=own.job(desk.person.id, name, make), name=name)


def fetch(desk: Desk) -> Response:
    name, kind = str(desk.names["name"]), str(desk.names["kind"])
    _make(desk, name)
    made = shelf(desk.site).there(desk.person.id, name)
    if made is None or kind not in KINDS:
        raise NotThere
    file = made.folder / {"html": made.html, "pdf": made.pdf, "csv": made.csv}[kind].name
    return FileResponse(file, media_type=KINDS[kind], filename=file.name, content_disposition_type="attachment")


def _make(desk: Desk, name: str) -> Callable[[Path, Progress], Made]:
    """What makes the report of this name, with this person's rights. Raises `NotThere`, `NotAllowed`."""
    chat, area, person, language = desk.site.chat, desk.area, desk.person, desk.person.language
    what, _dash, which = name.partition("-")
    address = desk.partnership.web_address
    if what == "year" and which.isdecimal() and len(which) == 4:
        return lambda out, progress: make_report(
            chat.engine, area, int(which), out, progress=progress, web_address=address, language=language, by=person
        )
    organisation = which.partition("-")[2] if what == "digest" else ""
    quarter = which.partition("-")[0]
    try:
        Period.quarter(quarter)
    except ValueError:
        raise NotThere from None
    if organisation not in [one.key for one in area.organisations]:
        raise NotThere
    may_have(desk.session, organisation, person)
    return lambda out, progress: make_digest(
        chat.engine, area, quarter, organisation, out,
        progress=progress, web_address=address, language=language, by=person,
    )  # fmt: skip


PAGE = Page("/reports", Permission.READ, choose, label=lambda: _("Reports"))
ONE = Page("/reports/{name}", Permission.READ, show)
FILE = Page("/reports/{name}/{kind}", Permission.READ, fetch)
