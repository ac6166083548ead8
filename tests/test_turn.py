"""One message, one transaction: nobody's words are lost, and nothing happens twice."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError

import handlers
from bot.turn import Turns
from bot.writer import Writer
from handlers.dialogue import Chat
from handlers.errand import Errand
from models.audit import Audit, record
from models.conversation import Conversation
from models.database import now, reading, writing
from models.heard import Heard
from models.outgoing import Outgoing, State, settle_interrupted
from models.partnership import Partnership
from models.person import Address, Person
from models.received import Received, unhandled
from tests.talk import Talk

pytestmark = pytest.mark.both_databases


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> None:
    """An errand that counts: each word typed is one deed in the audit."""

    def flow(chat: Chat) -> None:
        word = chat.ask("word", "Which word?")
        if word == "fail":
            raise RuntimeError("the text of the error quotes: my secret words")
        record(chat.session, chat.person, "word", word)
        chat.say(f"Noted: {word}.")

    monkeypatch.setitem(handlers.ERRANDS, "count", Errand(flow, label=lambda: "Count", words=lambda: "count"))


def deeds(talk: Talk) -> list[str]:
    return [row.about for row in talk.kept(Audit)]


@pytest.mark.usefixtures("count")
def test_a_message_that_comes_again_changes_nothing(talk: Talk) -> None:
    talk.types("count")
    talk.hear(text="tree", id="telegram:9:1")
    talk.hear(text="tree", id="telegram:9:1")
    assert deeds(talk) == ["tree"]
    assert [message.text for message in talk.messages()] == ["Which word?", "Noted: tree."]


@pytest.mark.usefixtures("count")
def test_ids_may_jump_back_and_are_still_new(talk: Talk) -> None:
    talk.hear(text="count", id="telegram:9:900000")
    talk.hear(text="tree", id="telegram:9:17")
    assert deeds(talk) == ["tree"]


@pytest.mark.usefixtures("count")
def test_a_message_that_makes_the_code_fail_is_kept_and_the_queue_goes_on(
    talk: Talk, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.types("count")
    talk.hear(text="fail", id="terminal:kept")
    other = talk.another("2")
    other.types("count")
    other.types("leaf")
    assert talk.messages()[-1].text.startswith("Sorry, something went wrong here.")
    with reading(talk.engine) as session:
        [kept] = unhandled(session)
        assert (kept.id, kept.error, kept.kept and kept.kept["text"]) == ("terminal:kept", "RuntimeError", "fail")
    assert deeds(talk) == ["leaf"]
    assert "secret words" not in capsys.readouterr().out


@pytest.mark.usefixtures("count")
def test_after_a_failure_the_person_is_where_they_were(talk: Talk) -> None:
    talk("""
        > count
        Which word?
        > fail
        ...
        > tree
        Noted: tree.
    """)


@pytest.mark.usefixtures("count")
def test_a_crash_between_commit_and_send_sends_the_reply_after_all(talk: Talk) -> None:
    talk.types("count")
    [row] = talk.rows()
    assert row.state is State.SENDING
    with talk.writing() as session:
        assert settle_interrupted(session) == 1
    [row] = talk.rows()
    assert row.state is State.WAITING


def test_a_crash_before_the_commit_leaves_nothing_and_the_message_comes_again(talk: Talk) -> None:
    heard = Heard("telegram:9:1", "telegram", "7", text="menu")

    def cut_off(_session: object) -> None:
        raise OperationalError("insert", {}, Exception("disk I/O error"))

    writer = Writer(talk.engine)
    with pytest.raises(OperationalError):
        writer.do_now(cut_off)
    with reading(talk.engine) as session:
        assert session.scalar(select(func.count()).select_from(Received)) == 0
    Turns(writer, talk.partnership).take_now(heard)
    with reading(talk.engine) as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 1


@pytest.mark.usefixtures("count")
def test_one_that_fails_takes_nothing_of_the_others_that_share_its_commit(talk: Talk) -> None:
    turns = Turns(talk.turns.writer, talk.partnership)

    async def all_at_once() -> None:
        turns.writer.start()
        for step, words in enumerate((["count"] * 3, ["tree", "fail", "leaf"])):
            await asyncio.gather(
                *(
                    turns.take(Heard(f"telegram:9:{step}{who}", "telegram", str(who), text=text))
                    for who, text in enumerate(words)
                )
            )
        turns.writer.stop()

    asyncio.run(all_at_once())
    assert sorted(deeds(talk)) == ["leaf", "tree"]
    with reading(talk.engine) as session:
        assert len(unhandled(session)) == 1


@pytest.mark.usefixtures("count")
def test_two_messages_of_one_person_at_once_are_taken_one_after_the_other(talk: Talk) -> None:
    """Two processes on one database: the second waits for the first, and each message is one step."""
    talk.types("count")
    ready = threading.Barrier(2)

    def say(number: int) -> None:
        turns = Turns(Writer(talk.engine), talk.partnership)
        ready.wait()
        turns.take_now(Heard(f"telegram:9:{number}", talk.channel, talk.key, text=f"word {number} count"))

    threads = [threading.Thread(target=say, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One of them answered the question; the other came when no question was open any more.
    assert len(deeds(talk)) == 1
    with reading(talk.engine) as session:
        assert session.scalar(select(func.count()).select_from(Received)) == 3
        assert not unhandled(session)


@pytest.mark.usefixtures("count")
def test_two_hundred_people_at_once_each_get_their_answer_and_no_others(talk: Talk) -> None:
    async def everybody() -> None:
        turns = Turns(Writer(talk.engine), talk.partnership)
        turns.writer.start()

        async def somebody(who: int) -> None:
            for step, text in enumerate(("count", f"word{who}")):
                await turns.take(Heard(f"telegram:9:{who}-{step}", "telegram", str(who), text=text))

        await asyncio.gather(*(somebody(who) for who in range(200)))
        turns.writer.stop()

    asyncio.run(everybody())
    assert sorted(deeds(talk)) == sorted(f"word{who}" for who in range(200))
    with reading(talk.engine) as session:
        told = session.execute(
            select(Address.key, Outgoing.body).join(Outgoing, Outgoing.address_id == Address.id).order_by(Outgoing.id)
        ).all()
        assert session.scalar(select(func.count()).select_from(Person)) == 200
        assert session.scalar(select(func.count()).where(Conversation.ended.is_(None))) == 0
    last = {key: body["text"] for key, body in told}
    assert last == {str(who): f"Noted: word{who}." for who in range(200)}


def test_words_are_kept_for_a_channel_that_must_show_them_again_and_for_no_other(talk: Talk) -> None:
    talk.hear(text="menu", id="a")
    talk.hear(text="menu", id="b", keep_words=True)
    assert {row.id: row.said for row in talk.kept(Received)} == {"a": None, "b": "menu"}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u200b", "\u202eabc", "'; DROP TABLE person; --", "<script>alert(1)</script>", "=cmd|' /C calc'!A0",
     "🏳️‍🌈" * 50, "x" * 100_000, "{name}", "%s", "/nosuchcommand", "/start inv-nonsense", "/start " + "z" * 300, "؟" * 10,
     "a\0b", "\ud83d half an emoji", "\0"],
)  # fmt: skip
def test_hostile_words_get_a_sensible_answer(talk: Talk, text: str) -> None:
    talk.types(text)
    assert talk.messages()
    assert not talk.messages()[-1].text.startswith("Sorry, something went wrong")


@pytest.mark.parametrize("number", ["0", "2147483648", "987654321012345", "9" * 40])
def test_a_button_with_any_number_at_all_gets_a_sensible_answer(talk: Talk, number: str) -> None:
    for tap in (f"a:{number}:topic:school", f"s:taking_part:meeting={number}", f"s:you_said:item={number}"):
        talk.hear(tap=tap)
        assert not talk.messages()[-1].text.startswith("Sorry, something went wrong")


def test_another_message_with_a_number_that_was_there_before_is_another_one(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller
) -> None:
    """Each of the two once, however often they come; and a row of an earlier release, which has no mark, for as long as
    Telegram may hand its message over again."""
    turns = Turns(Writer(engine), tameside)
    with writing(engine) as session:
        session.add(Received(id="telegram:1:7", at=now()))

    def repeated(number: int, mark: str) -> bool:
        heard = Heard(f"telegram:1:{number}", "telegram", "7", "/menu", mark=mark)
        return turns.take_now(heard).repeated

    assert [repeated(6, mark) for mark in ("a", "a", "b", "b", "a", "c")] == [False, True, False, True, True, False]
    assert repeated(7, "a")
    clock.shift(timedelta(days=8))
    assert [repeated(7, "a"), repeated(7, "a"), repeated(6, "a")] == [False, True, True]
