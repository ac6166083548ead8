"""Nothing is confirmed to Telegram before it is committed, whichever way it comes; and nothing blocks what is behind."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import Engine, text

from bot.channels.telegram import describe, forget_staff_commands, open_webhook, set_staff_commands
from bot.channels.telegram.polling import FAR_SECONDS, SHARE_FROM_AFAR
from bot.turn import Turned, Turns
from bot.writer import SHARE_A_COMMIT
from models.heard import Heard
from models.partnership import Partnership
from models.received import Received
from models.role import Permission
from tests.patience import PATIENCE
from tests.standin import BotApi, Kind
from tests.telegram.conftest import Log
from tests.telegram.serving import SECRET, Serving

pytestmark = pytest.mark.both_databases


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody else writes to the database, and takes their time."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("LOCK TABLE received"))
            yield
        return
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("webhook", [False, True])
def test_what_cannot_be_committed_is_not_confirmed_and_comes_again(
    api: BotApi, impatient: Engine, tameside: Partnership, log: Log, webhook: bool
) -> None:
    with Serving(api, impatient, tameside, webhook=webhook):
        sam = api.person(7)
        with locked(impatient):
            sam.starts("taxi")
            log.waits_for("update not committed")
            if not webhook:  # what it asks next is what would confirm it
                asked = len(api.calls.of("getUpdates"))
                api.wait_for(lambda: len(api.calls.of("getUpdates")) > asked)
            assert not api.all_heard
        sam.hears("What is this about?")
        api.wait_for(lambda: api.all_heard)
        assert len(sam.chat.messages) == 1


@pytest.mark.parametrize("fault", [409, 500, 502, 429, 400])
def test_listening_goes_on_after_whatever_telegram_says(api: BotApi, serving: Serving, fault: int) -> None:
    api.fault(Kind.REFUSE, "getUpdates", code=fault)
    sam = api.person(7)
    sam.says("menu")
    sam.hears()
    api.fault(Kind.DROP_BEFORE, "getUpdates", times=2)
    sam.starts("taxi")
    sam.hears("What is this about?")


def test_a_webhook_left_from_before_is_taken_away_when_we_ask_ourselves(api: BotApi, serving: Serving) -> None:
    serving.do(open_webhook(serving.bot, "https://example.org", "s"))
    api.wait_for(lambda: api.calls.of("deleteWebhook"))
    sam = api.person(7)
    sam.starts("taxi")
    sam.hears("What is this about?")


def test_ids_may_jump_down(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("taxi")
    sam.hears("What is this about?")
    api.jump_update_ids(50)
    sam.says("school")
    sam.hears("Tell us.")
    sam.says("It was late.")
    sam.hears("Thank you")
    api.wait_for(lambda: api.all_heard)


def test_an_update_that_nobody_can_read_is_kept_and_the_next_is_answered(
    api: BotApi, serving: Serving, log: Log
) -> None:
    with api.world.changed:
        api.world.updates.push("message", {"chat": {"id": 7, "type": "private"}, "text": 4711}, 7)
        api.world.updates.push("message", ["not even", "a message"], 7)
    sam = api.person(7)
    sam.starts("taxi")
    sam.hears("What is this about?")
    api.wait_for(lambda: api.all_heard)
    failed = [row for row in serving.kept(Received) if row.error]
    assert [row.error for row in failed] == ["TypeError", "AttributeError"]
    assert failed[0].kept is not None
    assert failed[0].kept["message"]["text"] == 4711
    assert "4711" not in str(log.lines)


class Stumbling(Turns):
    """A turn that fails outside of its own rescue, each time."""

    async def take(self, heard: Heard) -> Turned:
        if heard.text == "stumble":
            raise ValueError(heard.text)
        return await super().take(heard)


@pytest.mark.usefixtures("_short")
def test_a_message_that_fails_again_and_again_is_kept_and_blocks_nobody(
    api: BotApi, engine: Engine, tameside: Partnership, log: Log
) -> None:
    with Serving(api, engine, tameside, turns=Stumbling) as serving:
        sam, kim = api.person(7), api.person(8)
        sam.says("stumble")
        kim.starts("taxi")
        kim.hears("What is this about?")
        api.wait_for(lambda: api.all_heard)
        [kept] = [row for row in serving.kept(Received) if row.error]
        assert kept.kept is not None
        assert kept.kept["message"]["text"] == "stumble"
        assert "stumble" not in str(log.lines)


class StumblingForNow(Turns):
    """A turn that fails until the test has it succeed."""

    stumbles = True

    async def take(self, heard: Heard) -> Turned:
        if heard.text == "stumble" and self.stumbles:
            raise ValueError(heard.text)
        return await super().take(heard)


@pytest.mark.usefixtures("_short")
def test_a_number_that_was_just_committed_and_is_given_again_waits_like_any_other(
    api: BotApi, engine: Engine, tameside: Partnership, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers begin anew, twice at the same one: Kim's is committed, Sam's second has to wait for Sam's first, which has a
    higher one. Only the last number of a batch says how far it was confirmed."""
    monkeypatch.setattr("bot.channels.telegram.hearing.MOST_TRIES", 1_000_000)
    with Serving(api, engine, tameside, turns=StumblingForNow) as serving:
        sam, kim = api.person(7), api.person(8)
        api.jump_update_ids(500)
        sam.says("stumble")
        log.waits_for("update not committed")
        with api.world.changed:  # heard together
            api.jump_update_ids(101)
            kim.starts("taxi")
            api.jump_update_ids(101)
            sam.starts("taxi")
        kim.hears("What is this about?")
        asked = len(api.calls.of("getUpdates"))
        api.wait_for(lambda: len(api.calls.of("getUpdates")) > asked)
        assert isinstance(serving.turns, StumblingForNow)
        serving.turns.stumbles = False
        sam.hears()
        sam.hears("What is this about?")
        api.wait_for(lambda: api.all_heard)
        assert len(serving.kept(Received)) == 3


class Waiting(Turns):
    """One turn that takes as long as it takes somebody else to be answered twice."""

    async def take(self, heard: Heard) -> Turned:
        if not hasattr(self, "answered"):
            self.answered = asyncio.Event()
        if heard.text == "slow":
            await self.answered.wait()
        turned = await super().take(heard)
        if heard.text == "and again":
            self.answered.set()
        return turned


def test_whoever_was_answered_is_heard_again_while_another_one_is_still_being_committed(
    api: BotApi, engine: Engine, tameside: Partnership
) -> None:
    with Serving(api, engine, tameside, turns=Waiting):
        sam, kim = api.person(7), api.person(8)
        with api.world.changed:  # heard together
            sam.says("slow")
            kim.says("menu")
        kim.hears()
        assert not api.all_heard
        kim.says("and again")
        kim.hears()
        sam.hears()
        api.wait_for(lambda: api.all_heard)


@pytest.mark.parametrize(("way", "together"), [(0.0, SHARE_A_COMMIT), (2 * FAR_SECONDS, SHARE_FROM_AFAR)])
def test_from_afar_fewer_share_a_commit_and_everybody_is_answered_once(
    api: BotApi, engine: Engine, tameside: Partnership, way: float, together: int
) -> None:
    api.server.latency = way
    people = [api.person(number) for number in range(7, 47)]
    with Serving(api, engine, tameside, per_second=0) as serving:
        for _time in range(2):
            with api.world.changed:
                for one in people:
                    one.says("menu")
            for one in people:
                one.hears()
        api.wait_for(lambda: api.all_heard)
        # However slow the machine is, what is far away never looks near.
        assert serving.writer.share == together or not way
    assert {len(one.chat.messages) for one in people} == {2}


def test_being_stopped_ends_listening_at_once(api: BotApi, serving: Serving) -> None:
    api.wait_for(lambda: api.world.updates.polls)
    serving.__exit__(None, None, None)
    assert not serving._thread.is_alive()


# Webhook


@pytest.mark.usefixtures("_short")
def test_telegram_brings_updates_and_is_thanked_when_they_are_committed(
    api: BotApi, engine: Engine, tameside: Partnership
) -> None:
    with Serving(api, engine, tameside, webhook=True):
        sam = api.person(7)
        api.wait_for(lambda: api.calls.of("setWebhook"))
        [setting] = api.calls.of("setWebhook")
        assert setting.params["secret_token"] == SECRET
        assert "my_chat_member" in setting.params["allowed_updates"]
        sam.starts("taxi")
        sam.hears("What is this about?")
        sam.taps("School")
        sam.hears("Tell us.")


@pytest.mark.usefixtures("_short")
def test_nobody_else_can_tell_that_there_is_anything(
    api: BotApi, engine: Engine, tameside: Partnership, log: Log
) -> None:
    with Serving(api, engine, tameside, webhook=True) as serving:
        update = {"update_id": 1, "message": {"chat": {"id": 7, "type": "private"}, "from": {"id": 7}, "text": "x"}}
        header = "X-Telegram-Bot-Api-Secret-Token"
        with httpx.Client(base_url=serving.web_address) as stranger:
            nothing = stranger.post("/nowhere", json=update)
            answers = [
                stranger.post("/telegram", json=update),
                stranger.post("/telegram", json=update, headers={header: ""}),
                stranger.post("/telegram", json=update, headers={header: SECRET + "x"}),
                stranger.post("/telegram", json=update, headers={header.encode(): "ü".encode()}),
                stranger.get("/telegram", headers={header: "x"}),
                stranger.put("/telegram"),
                stranger.post("/telegram", content=b"x" * 3_000_000),
            ]
            assert {(answer.status_code, answer.text) for answer in answers} == {(nothing.status_code, nothing.text)}
            assert not serving.kept(Received)
            known = {header: SECRET}
            assert stranger.post("/telegram", content=b"{", headers=known).status_code == 200
            assert stranger.post("/telegram", content=b"x" * 3_000_000, headers=known).status_code == 413
            assert stranger.post("/telegram", json=update, headers=known).status_code == 200
        assert len(serving.kept(Received)) == 1


# How the bot presents itself


def test_commands_and_words_are_set_for_each_language_and_for_staff(
    api: BotApi, serving: Serving, tameside: Partnership, log: Log
) -> None:
    serving.do(describe(serving.bot, tameside.area, pause=0))
    profile = api.world.profile
    scopes = {(scope, language) for scope, language in profile.commands}
    assert {("all_private_chats", ""), ("all_private_chats", "en")} <= scopes
    menu = {command["command"] for command in profile.commands["all_private_chats", ""]}
    assert {"taxi", "menu"} <= menu
    assert "999" in profile.description["en"]
    assert "program" in profile.short_description[""]

    sam = api.person(7)
    sam.says("menu")
    sam.hears()
    serving.do(set_staff_commands(serving.bot, "7", "en", {Permission.READ}))
    assert {command["command"] for command in profile.commands["chat:7", ""]} >= menu
    serving.do(forget_staff_commands(serving.bot, "7"))
    assert ("chat:7", "") not in profile.commands


def test_a_profile_that_cannot_be_set_stops_nothing(
    api: BotApi, serving: Serving, tameside: Partnership, log: Log
) -> None:
    api.fault(Kind.REFUSE, "setMyCommands", code=400, times=None)
    api.fault(Kind.REFUSE, "setMyDescription", code=429, retry_after=1)
    api.fault(Kind.DROP_BEFORE, "setMyShortDescription")
    serving.do(asyncio.wait_for(describe(serving.bot, tameside.area, pause=0), PATIENCE))
    assert log.waits_for("Telegram profile not set")
    assert "" in api.world.profile.description
