"""The database is gone, really: help is said all the same, on Telegram and in the web chat, with and without a script.

The SQLite file is made unreadable, PostgreSQL's database is taken away; both come back, and it goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.pool import NullPool

from models.database import reading
from models.outgoing import Outgoing, State
from models.partnership import Partnership
from tests.faults.program import until
from tests.standin import BotApi
from tests.telegram.serving import Serving
from tests.web.serving import Served
from tests.web.visitor import Visitor

pytestmark = pytest.mark.both_databases
AWAY = "This chat is not working just now, so nobody sees what you write. Please ring:"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@contextmanager
def gone(engine: Engine) -> Iterator[None]:
    """The database is not there: the file holds nothing that could be read; the server lets nobody in.

    Only once all that was being said is said: a turn that is just being written would otherwise still be answered, or
    be written into a file that nobody finds again."""
    until(lambda: nothing_on_its_way(engine), "everything to be said")
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        engine.dispose()
        files = [*path.parent.glob(f"{path.name}-*"), path]
        kept = {file: file.read_bytes() for file in files}
        for file in files:
            file.unlink()
        path.mkdir()  # a folder is no database, whoever we run as
        # Whoever opened it just before that has it still, under no name: what the pool kept of it goes as well.
        engine.dispose()
        try:
            yield
        finally:
            engine.dispose()
            path.rmdir()
            for file, content in kept.items():
                file.write_bytes(content)
        return
    name = str(engine.url.database)
    admin = create_engine(
        make_url(str(engine.url.render_as_string(hide_password=False))).set(database="postgres"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with admin.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false'))
        connection.execute(
            # Each returns when that connection has ended.
            text("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
    try:
        yield
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true'))
        admin.dispose()


def nothing_on_its_way(engine: Engine) -> bool:
    with reading(engine) as session:
        waiting = Outgoing.state.in_((State.WAITING, State.SENDING))
        return session.scalar(select(func.count(Outgoing.id)).where(waiting)) == 0


@pytest.mark.parametrize("words", ["help", "/help", "my stepdad hits me"])
def test_on_telegram_whoever_asks_is_told_whom_to_ring(
    api: BotApi, engine: Engine, tameside: Partnership, words: str
) -> None:
    sam = api.person(first_name="Sam", language_code="en")
    with Serving(api, engine, tameside):
        sam.starts()
        api.wait_for(lambda: sam.chat.texts)
        with gone(engine):
            sam.says(words)
            api.wait_for(lambda: any(AWAY in one for one in sam.chat.texts), 30)
            assert "Emergency services: 999" in sam.chat.texts[-1]
            before = len(sam.chat.texts)
            time.sleep(1.5)  # it is asked again and again meanwhile: said once all the same
            assert len(sam.chat.texts) == before
        # It is back: what was said is taken now, and nothing was lost.
        api.wait_for(lambda: len(sam.chat.texts) > before, 60)
        assert any("999" in one for one in sam.chat.texts[before:])


def test_on_telegram_the_button_works_too_and_other_words_wait(
    api: BotApi, engine: Engine, tameside: Partnership
) -> None:
    sam = api.person(first_name="Sam", language_code="pl")
    with Serving(api, engine, tameside):
        sam.starts()
        api.wait_for(lambda: any(one.labels for one in sam.chat.arrivals_after(0)))
        shown = next(one for one in sam.chat.arrivals_after(0) if one.labels)
        label = next(button.label for button in shown.buttons if button.data == "c:help")
        with gone(engine):
            sam.says("the taxi was late")
            sam.taps(label, on=shown)
            api.wait_for(lambda: "999" in sam.chat.texts[-1], 30)
            assert sum("116 123" in one for one in sam.chat.texts) == 1


def test_on_telegram_whoever_comes_later_is_told_too_and_everybody_is_answered_in_order(
    api: BotApi, engine: Engine, tameside: Partnership
) -> None:
    crowd = [api.person(first_name=name, language_code="en") for name in ("Sam", "Ania", "Noor", "Kim")]
    with Serving(api, engine, tameside):
        for one in crowd:
            one.starts()
            one.hears()
        with gone(engine):
            for one in crowd:
                one.says("help")
                api.wait_for(lambda one=one: any(AWAY in text for text in one.chat.texts), 60)  # type: ignore[misc]
                one.says("English")
        for one in crowd:
            api.wait_for(lambda one=one: "Who are you?" in one.chat.texts[-1], 60)  # type: ignore[misc]
            said = one.chat.texts
            assert sum(AWAY in text for text in said) == 1
            serious = next(place for place, text in enumerate(said) if "999" in text and AWAY not in text)
            assert serious < len(said) - 1


def test_in_the_web_chat_it_is_said_and_their_words_stay_in_the_box(engine: Engine, tameside: Partnership) -> None:
    served = Served(engine, tameside)
    served.start()
    try:
        with Visitor(served.address) as family:
            family.looks()
            family.says("/start")
            with gone(engine):
                shown = family.says("help")
                assert shown.status_code == 503
                assert AWAY in shown.text
                assert 'href="tel:999"' in shown.text
                said = family.http.post(
                    "/say",
                    data={"id": "x" * 20, "text": "my stepdad hits me"},
                    headers={"Accept": "application/json"},
                )
                assert said.status_code == 503
                assert said.json()["notice"].startswith(AWAY)
                assert "999" in said.json()["notice"]
                tapped = family.http.post(
                    "/say", data={"id": "y" * 20, "tap": "c:help", "ref": "1"}, headers={"Accept": "application/json"}
                )
                assert "999" in tapped.json()["notice"]
                other = family.says("the taxi was late")
                assert other.status_code == 503
                assert "That was not sent" in other.text
                assert "the taxi was late</textarea>" in other.text
                page = family.looks("/help-now")
                assert "0800 1111" in page
                assert 'href="tel:999"' in page
                chat = family.http.get("/")
                assert "999" in chat.text
                assert family.http.get("/healthz").status_code in (404, 503)
            # Where there is no script, help is the first thing on every page.
            page = family.looks()
            body = page[page.index("<body") :]
            assert body.index("/help-now") < body.index("YouSaid")
            assert body[: body.index("/help-now")].count("<a ") == 1
    finally:
        served.close()


def test_a_stranger_with_the_database_gone_sees_the_page_and_its_help(engine: Engine, tameside: Partnership) -> None:
    served = Served(engine, tameside)
    served.start()
    try:
        with Visitor(served.address) as stranger, gone(engine):
            page = stranger.looks()
            assert "/help-now" in page
            assert AWAY in stranger.says("help me").text
            polish = stranger.http.get("/help-now?language=pl")
            assert "999" in polish.text
    finally:
        served.close()


def test_a_database_that_does_not_answer_at_all_keeps_nobody_in_danger_waiting(
    engine: Engine, tameside: Partnership
) -> None:
    """Locked by another process, it refuses nothing: it is silent."""
    served = Served(engine, tameside)
    served.start()
    try:
        with Visitor(served.address) as family:
            family.looks()
            family.says("/start")
            with engine.connect() as other:
                # On SQLite whoever begins to write locks out all who write; on PostgreSQL it takes a lock on the rows.
                if engine.dialect.name == "postgresql":
                    other.execute(text("LOCK TABLE received IN ACCESS EXCLUSIVE MODE"))
                else:
                    other.exec_driver_sql("SELECT 1")
                assert AWAY in family.says("help").text
                other.rollback()
    finally:
        served.close()
