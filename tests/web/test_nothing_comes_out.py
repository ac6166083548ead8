"""500 identifiers of every kind, in what families wrote and in what staff wrote by mistake: none comes out anywhere.

On every surface that somebody else may see, each identifier is looked for as it was written; where the words of one
item stand by themselves, also for any part of it that could still be read.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import Engine, select

from bot.report.digest import digest
from bot.report.document import Section, Words
from bot.report.drawing import draw_pdf
from bot.report.making import make_report
from bot.report.yearly import document, yearly
from bot.you_said import Item, items
from handlers.meant import ask_behind
from handlers.you_said import lines_about
from locales import speaking
from models import pulse as pulses
from models.consent import agree
from models.database import reading, writing
from models.feedback import Status, Visibility, give_feedback
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Address, Kind, Person
from models.personal.allowed import allow, allowed_in
from models.role import Role, RoleName
from models.theme import Theme, record_update
from tests.planted import Planted, planted, survives
from tests.web.serving import Served

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
# Where in an item staff put it by mistake.
PLACES = ("said", "doing", "reason", "role", "heard at")
LANGUAGES = ("en", "pl", "ur")
# Letters and digits of an identifier that no other words hold by accident.
LONG = 6


@pytest.fixture
def seeds(engine: Engine, tameside: Partnership) -> list[Planted]:
    """Every second stands in a family's own words; the others were taken over into an item and published. The number
    of the item of `seeds[2 * n]` is n + 1."""
    seeds = list(planted(500, 500))
    with writing(engine) as session:
        for place, one in enumerate(seeds):
            if place % 2:
                person = Person(kind=Kind.PARENT, language="en")
                session.add(person)
                told = give_feedback(
                    session, tameside.area, person, topic="plan", text=one.text,
                    visibility=list(Visibility)[place // 2 % 4],
                )  # fmt: skip
                told.received, told.theme_id = AT, None
                pulses.answer(session, tameside.area, person, "listened", place % 5 + 1)
                continue
            where = PLACES[place // 2 % len(PLACES)]
            theme = Theme(topic="plan", said=one.text if where == "said" else "Letters get lost.", published=AT)
            theme.heard_at = one.text if where == "heard at" else None
            session.add(theme)
            session.flush()
            cannot = where == "reason"
            record_update(
                session, theme, Status.CANNOT if cannot else Status.DOING,
                one.text if where == "doing" else "" if cannot else "We ask the firm.",
                organisation="council", due=None, by=None, role=one.text if where == "role" else "",
                reason=one.text if cannot else None,
            )  # fmt: skip
    return seeds


def flat(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def seen(seeds: list[Planted], text: str) -> list[str]:
    """Which of the planted stand in it as they were written, however spaces and escapes are written."""
    shown = flat(text)
    found = {" ".join(one.identifier.split()) for one in seeds}
    return sorted(one for one in found if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", shown))


def test_the_planted_can_be_seen_where_they_are_not_masked(seeds: list[Planted]) -> None:
    everything = html.escape(" ".join(one.text for one in seeds))
    assert len(seen(seeds, everything)) == len({" ".join(one.identifier.split()) for one in seeds}) > 300
    assert len({one.kind for one in seeds}) >= 25


@pytest.mark.timeout(900)
def test_none_of_500_comes_out_on_the_board_or_in_its_feed(
    seeds: list[Planted], served: Served, engine: Engine, tameside: Partnership
) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as anybody:
        paths: list[str] = []
        page, more = 1, True
        while more:
            shown = anybody.get(f"/board?page={page}").text
            assert seen(seeds, shown) == [], page
            paths += re.findall(r'<h2><a href="(/board/\d+)"', shown)
            page, more = page + 1, 'rel="next"' in shown
        assert len(paths) == 250
        for place, path in enumerate(paths):
            language = LANGUAGES[place % len(LANGUAGES)]
            assert seen(seeds, anybody.get(path, params={"language": language}).text) == [], path
        feed = anybody.get("/board/feed.atom").text
        assert feed.count("<entry>") == 50
        assert seen(seeds, feed) == []
    with reading(engine) as session:
        all_items = items(session, tameside.area, session.scalars(select(Theme).order_by(Theme.id)).all())
    through = [
        one for one, item in zip(seeds[::2], all_items, strict=True) if survives(one.identifier, own_words(item))
    ]
    assert through == []


def own_words(item: Item) -> str:
    """What somebody wrote of it, without labels and days."""
    told = [(one.doing, one.reason, one.who.removeprefix("Tameside Council")) for one in item.answers]
    return " | ".join([item.said, item.heard_at, *(words for one in told for words in one)])


def test_none_comes_out_in_the_chat(seeds: list[Planted], engine: Engine, tameside: Partnership) -> None:
    with reading(engine) as session:
        for one, theme in zip(seeds[::2], session.scalars(select(Theme).order_by(Theme.id)), strict=True):
            for language in LANGUAGES:
                with speaking(language):
                    said = "\n".join(lines_about(tameside.area, theme, allowed_in(session, theme.about)))
                assert seen([one], said) == [], theme.id


def test_what_several_are_asked_about_names_none_of_them(
    engine: Engine, tameside: Partnership, clock: object, seeds: list[Planted]
) -> None:
    """“Is this what you meant?” goes to everybody behind an item, with words that may come from one of them."""
    with writing(engine) as session:
        staff = Person(language="en")
        session.add(Role(person=staff, name=RoleName.BROADCASTER, organisation="council", title=""))
        themes = session.scalars(select(Theme).order_by(Theme.id)).all()
        for number, theme in enumerate(themes[:: len(PLACES)]):
            person = Person(kind=Kind.PARENT, language="en")
            person.addresses.append(Address(channel="telegram", key=f"{number}"))
            session.add(person)
            agree(session, person, tameside.area)
            told = give_feedback(session, tameside.area, person, topic="plan", text="It was late.")
            told.theme_id = theme.id
            session.flush()
            ask_behind(session, tameside.area, theme, staff)
    with reading(engine) as session:
        written = [row.message.text for row in session.scalars(select(Outgoing).where(Outgoing.about.like("meant:%")))]
    assert len(written) == 50
    assert seen(seeds, "\n".join(written)) == []


@pytest.mark.timeout(900)
def test_none_comes_out_in_a_report(
    seeds: list[Planted], engine: Engine, tameside: Partnership, tmp_path: Path
) -> None:
    made = make_report(engine, tameside.area, 2026, tmp_path)
    assert made.comments == 250
    assert seen(seeds, made.html.read_text(encoding="utf-8")) == []
    written = made.csv.read_text(encoding="utf-8-sig")
    assert seen(seeds, written) == []
    assert len(list(csv.reader(io.StringIO(written)))) == 251
    paper = words_of(made.pdf)
    assert paper.count("Letters get lost.") == 200
    assert "When we heard it. Jan" in paper, "what it says of its pictures"
    assert seen_on_paper(seeds, paper) == []
    with reading(engine) as session, speaking("en"):
        # All three are drawn from this and from nothing else.
        assert seen(seeds, json.dumps(yearly(session, tameside.area, 2026).as_json(), ensure_ascii=False)) == []
    with writing(engine) as session, speaking("en"):
        found = [digest(session, tameside.area, "2026Q1", one, None).as_json() for one in ("forum", "council", "nhs")]
    assert "[a name]" in str(found[0])
    assert seen(seeds, json.dumps(found, ensure_ascii=False)) == []


def seen_on_paper(seeds: list[Planted], text: str) -> list[str]:
    """Lines break anywhere there: so without spaces too, where it is long enough to be no accident."""
    whole = closed(text)
    broken = {" ".join(one.identifier.split()) for one in seeds if len(closed(one.identifier)) >= LONG}
    return sorted({*seen(seeds, text), *(one for one in broken if closed(one) in whole)})


def closed(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f]+", "", unicodedata.normalize("NFKC", text))


def words_of(pdf: Path) -> str:
    """What whoever opens it can read, search and copy; with what it says of its pictures to a screen reader."""
    reader = PdfReader(pdf)
    objects = [reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"])))]
    alternatives = [str(one["/Alt"]) for one in objects if isinstance(one, DictionaryObject) and "/Alt" in one]
    return "\n".join([*(page.extract_text() for page in reader.pages), *alternatives, str(reader.metadata)])


def test_the_planted_can_be_seen_in_a_pdf_where_they_are_not_masked(
    seeds: list[Planted], tmp_path: Path, tameside: Partnership
) -> None:
    """So that nothing found in the report's PDF means that nothing is there."""
    told = Section("Not masked", tuple(Words(one.text) for one in seeds))
    with speaking("en"):
        written = document(tameside.area, "Not masked", "2026", [told], [])
    draw_pdf(written.as_json(), tmp_path)
    there = seen_on_paper(seeds, words_of(tmp_path / "report.pdf"))
    # But for letters that the font has not, and short names in Urdu, whose letters come back in other shapes.
    assert len(there) > 0.95 * len({" ".join(one.identifier.split()) for one in seeds})


def test_none_comes_out_with_a_pulse(seeds: list[Planted], engine: Engine, tameside: Partnership) -> None:
    with reading(engine) as session:
        found = pulses.trend(session, tameside.area, "listened")
    assert not found.empty
    assert seen(seeds, pulses.in_words(found) + pulses.svg(found).decode()) == []


def test_what_a_person_has_allowed_on_one_item_shows_there_and_nowhere_else(
    served: Served, engine: Engine, tameside: Partnership
) -> None:
    with writing(engine) as session:
        publisher = Person(language="en")
        session.add(Role(person=publisher, name=RoleName.BROADCASTER, organisation="council", title=""))
        both = [Theme(topic="plan", said="Thank you to Dave for the bus.", published=AT) for _place in range(2)]
        session.add_all(both)
        session.flush()
        allow(session, both[0].about, [both[0].said], publisher)
    board = httpx.get(f"{served.address}/board").text
    assert board.count("Dave") == board.count("[a name]") == 1
    assert "Dave" in httpx.get(f"{served.address}/board/1").text
    assert "Dave" not in httpx.get(f"{served.address}/board/2").text
    feed = httpx.get(f"{served.address}/board/feed.atom").text
    assert ("Thank you to Dave" in feed, "Thank you to [a name]" in feed) == (True, True)
    with reading(engine) as session:
        said = [
            "\n".join(lines_about(tameside.area, theme, allowed_in(session, theme.about)))
            for theme in session.scalars(select(Theme).order_by(Theme.id))
        ]
    assert ["Dave" in one for one in said] == [True, False]
