"""The yearly report and the digests: every comment with its answer, numbers that point to nobody, nothing that names."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.report.csv_file import as_csv, safe_cell
from bot.report.digest import digest
from bot.report.document import Document, Picture, Section
from bot.report.making import make_digest, make_report
from bot.report.yearly import yearly
from locales import speaking
from models.area import Area
from models.audit import Audit
from models.database import reading, writing
from models.feedback import Feedback, Status, Visibility, give_feedback
from models.partnership import Partnership
from models.person import Kind, Person
from models.report import Said, by_month
from models.report.counting import Period
from models.role import NotAllowed, Role, RoleName
from models.small_number import at_least, tenths, total_said, without_small
from models.theme import Theme, load_you_said, record_update

SMALL = 5


@pytest.fixture
def area(tameside: Partnership) -> Area:
    return tameside.area


@pytest.fixture
def six(engine: Engine, area: Area) -> None:
    with writing(engine) as session:
        load_you_said(session, area)
        for theme in session.scalars(select(Theme)):
            theme.published = datetime(2026, 3, 3, 12, tzinfo=UTC)


def said_by(session: Session, area: Area, many: int, *, when: date = date(2026, 5, 5), **what: object) -> None:
    for _place in range(many):
        person = Person(kind=what.get("kind", Kind.PARENT), language=str(what.get("language", "en")))
        session.add(person)
        told = give_feedback(
            session,
            area,
            person,
            topic=str(what.get("topic", "plan")),
            text=str(what.get("text", "raw words")),
            feeling=what.get("feeling"),  # type: ignore[arg-type]
            visibility=what.get("visibility", Visibility.PARTNERSHIP),  # type: ignore[arg-type]
        )
        told.received = datetime(when.year, when.month, when.day, 12, tzinfo=UTC)


def section(document: Document, title: str) -> Section:
    return next(one for one in document.sections if one.title == title)


def picture(document: Document, key: str) -> Mapping[str, str]:
    found: Picture = next(one for one in document.pictures if one.key == key)
    return {bar.label: bar.shown for bar in found.bars}


# -- what it says


def test_what_has_no_answer_comes_first(engine: Engine, area: Area, clock: object, six: None) -> None:
    with reading(engine) as session:
        document = yearly(session, area, 2026)
    first = document.sections[0]
    assert first.title == "What still has no answer"
    assert "Nobody tells us when our caseworker changes" in str(first.blocks)
    rest = str(document.sections[1:])
    assert "Nobody tells us when our caseworker changes" not in rest
    assert "The panel that decides on plans was changed in April 2025." in rest


def test_only_what_was_published_and_belongs_to_the_year(engine: Engine, area: Area, clock: object, six: None) -> None:
    with writing(engine) as session:
        session.add(Theme(topic="school", said="A draft about one child."))
        old = Theme(topic="school", said="Closed long ago.", published=datetime(2024, 3, 3, tzinfo=UTC))
        open_ = Theme(topic="school", said="Open for two years.", published=datetime(2024, 3, 3, tzinfo=UTC))
        session.add_all([old, open_])
        session.flush()
        record_update(session, old, Status.DONE, "It was done.", organisation=None, due=None, by=None)
        old.updates[0].made = datetime(2025, 3, 3, tzinfo=UTC)
    with reading(engine) as session:
        written = str(yearly(session, area, 2026).as_json())
        before = str(yearly(session, area, 2025).as_json())
    assert "A draft" not in written
    assert "Closed long ago." not in written
    assert "Open for two years." in written
    assert "Closed long ago." in before
    assert "Plans have mistakes" not in before


def test_voices_that_are_missing_are_named(engine: Engine, area: Area, clock: object) -> None:
    with writing(engine) as session:
        said_by(session, area, 20)
        said_by(session, area, 4, kind=Kind.YOUNG, language="pl")
    with reading(engine) as session:
        missing = str(section(yearly(session, area, 2026), "Whose voices are missing").blocks)
    assert "Young people" in missing
    assert "People who write in Polish" in missing
    assert "Anybody about “Transport”" in missing
    assert "Parents and carers" not in missing


@pytest.mark.both_databases
def test_months_are_those_on_the_wall(engine: Engine, area: Area, clock: object) -> None:
    with writing(engine) as session:
        said_by(session, area, 1)
        said_by(session, area, 1)
        for place, told in enumerate(session.scalars(select(Feedback).order_by(Feedback.id))):
            # Half past midnight in British summer time is still the day before in UTC.
            told.received = datetime(2026, 5, 31, 23 - place, 30, tzinfo=UTC)
    with reading(engine) as session:
        counted = by_month(session, Said(area, Period.year(2026)))
    assert (counted[date(2026, 5, 1)], counted[date(2026, 6, 1)]) == (1, 1)


def test_the_forums_own_is_in_the_forums_digest_alone_masked_and_each_look_is_recorded(
    engine: Engine, area: Area, clock: object, six: None
) -> None:
    with writing(engine) as session:
        said_by(
            session, area, 1, when=date(2026, 11, 3), visibility=Visibility.FORUM,
            text="My son Tyler waits. Ring me on 07700 900871.",
        )  # fmt: skip
        forum, council, admin = (Person(language="en") for _one in range(3))
        session.add_all([forum, council, admin])
        session.add(Role(person=forum, name=RoleName.VIEWER, organisation="forum"))
        session.add(Role(person=council, name=RoleName.VIEWER, organisation="council"))
        session.add(Role(person=admin, name=RoleName.ADMIN, organisation="council"))
        session.flush()
        told = str(digest(session, area, "2026Q4", "forum", forum).as_json())
        assert "[a name]" in told
        assert not [one for one in ("Tyler", "07700") if one in told]
        assert [row.deed for row in session.scalars(select(Audit)) if row.person_id == forum.id] == ["read"]
        for_council = str(digest(session, area, "2026Q4", "council", council).as_json())
        assert "waits" not in for_council
        for person, organisation in ((council, "forum"), (admin, "forum"), (forum, "council")):
            with pytest.raises(NotAllowed):
                digest(session, area, "2026Q4", organisation, person)
        assert digest(session, area, "2026Q4", "nhs", admin)
        assert "waits" not in str(yearly(session, area, 2026).as_json())


def test_a_digest_tells_an_organisation_what_it_owes(engine: Engine, area: Area, clock: object, six: None) -> None:
    with writing(engine) as session:
        for number, due in ((1, date(2026, 10, 1)), (2, date(2026, 12, 24))):
            theme = session.get_one(Theme, number)
            record_update(session, theme, Status.DOING, "We look.", organisation="council", due=due, by=None)
        document = digest(session, area, "2026Q4", "council", None)
    assert "Plans have mistakes" in str(section(document, "Late").blocks)
    assert "hard to get hold of" in str(section(document, "Still to be done").blocks)
    assert "Some schools" not in str(document.as_json())


@pytest.mark.parametrize("wrong", ["2026", "2026Q5", "Q4", "", "2026-4"])
def test_what_is_no_quarter_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no quarter"):
        Period.quarter(wrong)


def test_a_quarter_has_its_three_months() -> None:
    quarter = Period.quarter("2026Q4")
    assert (quarter.first, quarter.last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert [first.month for first in quarter.months] == [10, 11, 12]


# -- small numbers


def test_no_small_number_can_be_had_by_subtraction() -> None:
    """Whatever the row: what is hidden could be at least four different things each, given the total and the rest."""
    drawn = random.Random(56)
    for _round in range(3000):
        counts = {place: drawn.choice([0, 1, 2, 3, 4, 5, 6, 9, 20, 100]) for place in range(drawn.randint(1, 9))}
        shown, total = without_small(counts, SMALL), total_said(counts, SMALL)
        assert not [count for count in shown.values() if count is not None and 0 < count < SMALL]
        assert total is None or total == 0 or total >= SMALL
        hidden = [counts[place] for place, count in shown.items() if count is None]
        assert all(shown[place] == 0 for place, count in counts.items() if count == 0)
        if hidden and total is not None and any(count for count in shown.values()):
            assert len(hidden) >= 2
            assert sum(hidden) >= 2 * SMALL


def test_at_least_goes_by_wide_steps_and_tenths_need_a_group() -> None:
    assert [at_least(count, SMALL) for count in (0, 4, 5, 9, 10, 19, 20, 999)] == [None, None, 5, 5, 10, 10, 20, 500]
    assert at_least(7, 8) is None
    assert at_least(9, 8) == 8
    assert tenths(3, 19, SMALL) is None
    assert tenths(15, 20, SMALL) == 8


def test_small_groups_are_on_no_picture(engine: Engine, area: Area, clock: object) -> None:
    with writing(engine) as session:
        said_by(session, area, 30, feeling=1)
        said_by(session, area, 7, topic="school", feeling=2)
        said_by(session, area, 3, topic="health", feeling=5, when=date(2026, 7, 7))
    with reading(engine) as session:
        document = yearly(session, area, 2026)
    about = picture(document, "topics")
    assert (about["Health and therapies"], about["School"], about["Care plan (EHCP)"]) == (
        "not shown",
        "not shown",
        "30",
    )
    assert picture(document, "felt")["Jul"] == "not shown"
    for one in document.pictures:
        assert not re.search(r": [1-4](;|\.$)", one.alt) or one.key in ("standing", "priorities", "felt", "promises"), (
            one.alt
        )


# -- its files


def test_a_spreadsheet_runs_nothing_and_reads_utf_8() -> None:
    for cell in ("=1+1", "+44 7700", "-2", "@SUM(A1)", "\t=1", "＝1", "|cmd", "\r\n=HYPERLINK()"):
        assert safe_cell(cell).startswith("'"), cell
    assert safe_cell("It is “said”, with\na line") == "It is “said”, with a line"
    written = as_csv([["a", '=x","y'], ["ż", "دو"]])
    assert written.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(written[1:]))) == [["a", '\'=x","y'], ["ż", "دو"]]


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_all_three_files_are_made(
    engine: Engine, area: Area, clock: object, six: None, tmp_path: Path, language: str
) -> None:
    far: list[float] = []
    made = make_report(
        engine,
        area,
        2026,
        tmp_path / "out",
        progress=far.append,
        web_address="https://x.example.org",
        language=language,
    )
    assert far == sorted(far)
    assert far[-1] == 1.0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "local-offer-2026.csv",
        "local-offer-2026.html",
        "local-offer-2026.pdf",
    ]
    assert (made.comments, made.unanswered) == (6, 2)
    pdf = made.pdf.read_bytes()
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in pdf, "it says that it is PDF/UA, and was checked as it was written"
    html = made.html.read_text(encoding="utf-8")
    assert f'lang="{language}" dir="{"rtl" if language == "ur" else "ltr"}"' in html
    assert not re.findall(r'(?:src|href)="(?!data:)', html), "nothing is loaded from elsewhere"
    assert html.count("<figure>") == html.count('alt="') == 10
    rows = list(csv.reader(io.StringIO(made.csv.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 7
    assert len({len(row) for row in rows}) == 1


def test_a_digest_is_made_too(engine: Engine, area: Area, clock: object, six: None, tmp_path: Path) -> None:
    made = make_digest(engine, area, "2026q1", "forum", tmp_path)
    assert made.pdf.name == "digest-2026Q1-forum.pdf"
    with pytest.raises(ValueError, match="no organisation"):
        make_digest(engine, area, "2026Q1", "nobody", tmp_path)


def test_words_are_never_markup(engine: Engine, area: Area, clock: object, tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script> #import "x" $x$ *bold* {{ 7*7 }} \\ @ref <a-label> “=cmd”'
    with writing(engine) as session:
        session.add(Theme(topic="plan", said=nasty, published=datetime(2026, 3, 3, tzinfo=UTC)))
    made = make_report(engine, area, 2026, tmp_path)
    html = made.html.read_text(encoding="utf-8")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert made.pdf.stat().st_size > 10_000
    with reading(engine) as session, speaking("en"):
        document = yearly(session, area, 2026)
    assert "{{ 7*7 }}" in str(document.as_json())
