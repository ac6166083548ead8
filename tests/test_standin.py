"""The stand-in is as strict as Telegram and, when told to, as unreliable: seen through the real python-telegram-bot."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any, TypeAlias, cast

import httpx
import orjson
import pytest
from aiohttp import web
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.patience import PATIENCE
from tests.standin import BotApi, Kind
from tests.standin.load import Load, Plan

Do: TypeAlias = Callable[[Coroutine[Any, Any, Any]], Any]
YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", url="https://example.org")]]
)


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def do(runner: asyncio.Runner) -> Do:
    return runner.run


@pytest.fixture
def bot(api: BotApi, do: Do) -> Iterator[Bot]:
    bot = Bot(api.token, base_url=api.url, base_file_url=api.file_url)
    do(bot.initialize())
    yield bot
    do(bot.shutdown())


def test_a_person_is_heard_and_hears_the_answer(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person(first_name="Sam", language_code="pl")
    sam.starts("poster-7")
    [update] = do(bot.get_updates(timeout=5))
    assert (update.message.text, update.effective_user.language_code) == ("/start poster-7", "pl")
    assert update.message.entities[0].type == "bot_command"

    do(update.message.reply_text("Are you coming?", reply_markup=YES_NO))
    assert sam.hears("coming").labels == ["Yes", "No"]
    sam.taps("Yes")
    [update] = do(bot.get_updates(offset=update.update_id + 1, timeout=5))
    do(update.callback_query.answer())
    do(update.callback_query.edit_message_text("See you there."))
    assert sam.hears().text == "See you there."
    [message] = sam.chat.messages
    assert [version.labels for version in message.versions] == [["Yes", "No"], []]


def test_an_update_comes_again_until_an_offset_confirms_it(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    for word in ("one", "two", "three"):
        sam.says(word)
    seen = do(bot.get_updates(limit=2))
    assert [update.message.text for update in seen] == ["one", "two"]
    assert do(bot.get_updates(limit=2)) == seen[:1]  # the same again within half a second
    assert [update.message.text for update in do(bot.get_updates(offset=seen[1].update_id + 1))] == ["three"]
    assert not [update for update in do(bot.get_updates()) if update in seen]
    assert [update.message.text for update in do(bot.get_updates(offset=-1))] == ["three"]


def test_an_update_can_come_twice_and_ids_can_jump_back(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    first = sam.says("one")
    assert first
    do(bot.get_updates())
    api.redeliver(first)
    [again] = do(bot.get_updates(offset=first["update_id"] + 1))
    assert again.update_id == first["update_id"]

    api.jump_update_ids(77)
    sam.says("after a quiet week")
    [jumped] = do(bot.get_updates(offset=first["update_id"] + 1))
    assert jumped.update_id == 77


def test_only_the_kinds_asked_for_come(api: BotApi, bot: Bot, do: Do) -> None:
    do(bot.get_updates(allowed_updates=["message"]))
    sam = api.person()
    sam.says("hello")
    assert sam.blocks() is None
    assert [update.message.text for update in do(bot.get_updates())] == ["hello"]
    do(bot.get_updates(allowed_updates=[]))
    assert sam.unblocks()


def test_a_second_poller_throws_out_the_first(api: BotApi, bot: Bot, do: Do) -> None:
    async def both() -> tuple[Update, ...]:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.to_thread(api.wait_for, lambda: api.listened_to)
        async with Bot(api.token, base_url=api.url) as other:
            second = asyncio.create_task(other.get_updates(timeout=30))
            with pytest.raises(Conflict, match="terminated by other getUpdates"):
                await first
            api.person().says("hello")
            return await second

    assert len(do(both())) == 1


def test_a_webhook_gets_its_secret_and_is_asked_again_until_it_answers_200(api: BotApi, bot: Bot, do: Do) -> None:
    came: list[tuple[str | None, str]] = []

    async def hook(request: web.BaseRequest) -> web.Response:
        body = await request.json()
        came.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), body["message"]["text"]))
        return web.Response(status=500 if len(came) == 1 else 200)

    async def serve() -> None:
        webhook = web.ServerRunner(web.Server(hook))
        await webhook.setup()
        site = web.TCPSite(webhook, "127.0.0.1", 0)
        await site.start()
        await bot.set_webhook(f"http://127.0.0.1:{webhook.addresses[0][1]}/hook", secret_token="s3cret")
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        sam = api.person()
        sam.says("one")
        sam.says("two")
        await asyncio.to_thread(api.wait_for, lambda: api.all_heard)
        assert "500" in str((await bot.get_webhook_info()).last_error_message)
        await bot.delete_webhook()
        await webhook.cleanup()

    do(serve())
    assert came == [("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two")]


def test_unknown_methods_and_fields_and_wrong_types_fail(api: BotApi, bot: Bot, do: Do) -> None:
    api.person(5).starts()
    with pytest.raises(EndPointNotFound):
        do(bot.do_api_request("sendMassage", {"chat_id": 5, "text": "hello"}))
    sloppy: Any = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x", api_kwargs={"txt": "x"})]])
    for slip, said in (
        ({"api_kwargs": {"txt": "hello"}}, "unknown parameter 'txt'"),
        ({"parse_mode": "HTML"}, "unknown parameter 'parse_mode'"),
        ({"api_kwargs": {"protect_content": "perhaps"}}, "'protect_content' must be true or false"),
        ({"reply_markup": sloppy}, "unknown parameter 'txt'"),
        ({"api_kwargs": {"text": None}}, "text is empty"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){said}"):
            do(bot.send_message(5, "hello", **slip))
    assert [call.code for call in api.calls.of("sendMessage")] == [400] * 5
    assert api.chat(5).messages == []


def test_a_call_may_come_as_json(api: BotApi) -> None:
    api.person(5).starts()
    call = {"chat_id": 5, "text": "hello", "reply_markup": YES_NO.to_dict()}
    answer = httpx.post(f"{api.url}{api.token}/sendMessage", json=call)
    assert answer.json()["result"]["text"] == "hello"
    assert api.chat(5).messages[0].labels == ["Yes", "No"]
    answer = httpx.post(f"{api.url}{api.token}/sendMessage", json={"chat_id": 5, "text": 7})
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_texts_have_a_length(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    sam.starts()
    for text, said in (("", "text is empty"), ("  \n", "non-empty"), ("ا" * 4097, "too long")):
        with pytest.raises(BadRequest, match=said):
            do(bot.send_message(sam.id, text))
    do(bot.send_message(sam.id, "ا" * 4096))
    with pytest.raises(BadRequest, match="caption is too long"):
        do(bot.send_document(sam.id, b"file", filename="a.txt", caption="x" * 1025))
    with pytest.raises(BadRequest, match="too long"):
        do(bot.send_contact(sam.id, "07700 900123", "Advice", vcard="BEGIN:VCARD" + "x" * 2048 + "END:VCARD"))


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (InlineKeyboardButton("x", callback_data="x" * 65), "button_data_invalid"),
        (InlineKeyboardButton("x", callback_data="ż" * 33), "button_data_invalid"),
        (InlineKeyboardButton("x", callback_data=""), "button_data_invalid"),
        (InlineKeyboardButton("x", callback_data="a", url="https://example.org"), "does one thing"),
        (InlineKeyboardButton("x"), "text buttons are unallowed"),
        (InlineKeyboardButton(" ", callback_data="a"), "text must be non-empty"),
        (InlineKeyboardButton("x", url="tel:+441632960123"), "button_url_invalid"),
        (InlineKeyboardButton("x", url="https://no spaces.org"), "button_url_invalid"),
    ],
)
def test_a_button_does_one_thing_in_64_bytes(
    api: BotApi, bot: Bot, do: Do, button: InlineKeyboardButton, said: str
) -> None:
    sam = api.person()
    sam.starts()
    with pytest.raises(BadRequest, match=f"(?i){said}"):
        do(bot.send_message(sam.id, "?", reply_markup=InlineKeyboardMarkup([[button]])))


def test_nobody_is_written_to_who_never_wrote_or_who_blocked(api: BotApi, bot: Bot, do: Do) -> None:
    stranger, sam = api.person(), api.person()
    for unknown in (stranger.id, 404):
        with pytest.raises(BadRequest, match="Chat not found"):
            do(bot.send_message(unknown, "hello"))
    sam.starts()
    sam.blocks()
    with pytest.raises(Forbidden, match="blocked by the user"):
        do(bot.send_message(sam.id, "hello"))
    assert [update.my_chat_member.new_chat_member.status for update in do(bot.get_updates())[1:]] == ["kicked"]
    sam.unblocks()
    do(bot.send_message(sam.id, "Good to have you back."))
    assert sam.chat.texts == ["Good to have you back."]


def test_an_edit_that_changes_nothing_is_refused(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    sam.starts()
    sent = do(bot.send_message(sam.id, "Yes or no?", reply_markup=YES_NO))
    with pytest.raises(BadRequest, match="not modified"):
        do(bot.edit_message_text("Yes or no?", sam.id, sent.message_id, reply_markup=YES_NO))
    do(bot.edit_message_reply_markup(sam.id, sent.message_id))
    assert sam.chat.messages[0].labels == []
    with pytest.raises(BadRequest, match="to edit not found"):
        do(bot.edit_message_text("hello", sam.id, 999))
    do(bot.delete_message(sam.id, sent.message_id))
    assert sam.chat.messages == []


def test_a_press_is_answered_once_and_in_time(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    sam.starts()
    do(bot.send_message(sam.id, "Yes or no?", reply_markup=YES_NO))
    with pytest.raises(LookupError, match=r"'Maybe'.*'Yes', 'No'"):
        sam.taps("Maybe")
    assert sam.opens("No") == "https://example.org"
    pressed = sam.taps("y")
    assert pressed
    query = pressed["callback_query"]["id"]
    do(bot.answer_callback_query(query, "Noted"))
    assert sam.answers(pressed)[0]["text"] == "Noted"
    with pytest.raises(BadRequest, match="Query is too old"):
        do(bot.answer_callback_query(query))
    late = sam.taps("Yes")
    assert late
    api.expire_queries()
    with pytest.raises(BadRequest, match="Query is too old"):
        do(bot.answer_callback_query(late["callback_query"]["id"]))


def test_another_token_is_turned_away(api: BotApi, do: Do) -> None:
    async def knock(token: str) -> None:
        async with Bot(token, base_url=api.url):
            pass

    with pytest.raises(InvalidToken, match="rejected by the server"):
        do(knock(f"{api.token[:-1]}X"))
    with pytest.raises(InvalidToken, match="rejected by the server"):
        do(knock("no token at all"))


def test_files_travel_both_ways(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    sam.sends_photo(b"\xff\xd8\xff bus stop", caption="Here")
    [update] = do(bot.get_updates())
    fetched = do(bot.get_file(update.message.photo[-1].file_id))
    assert bytes(do(fetched.download_as_bytearray())) == b"\xff\xd8\xff bus stop"

    do(bot.send_document(sam.id, b"BEGIN:VCALENDAR", filename="meeting.ics", caption="For your calendar"))
    shown = sam.hears()
    assert (shown.text, shown.attachment) == ("For your calendar", b"BEGIN:VCALENDAR")
    assert shown.document
    assert shown.document["file_name"] == "meeting.ics"
    do(bot.send_photo(sam.id, update.message.photo[-1].file_id))
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        do(bot.send_photo(sam.id, b"no picture"))
    with pytest.raises(BadRequest, match="Invalid file_id"):
        do(bot.get_file("unknown"))


@pytest.mark.parametrize(
    ("kind", "raised", "delivered"),
    [
        (Kind.DELAY_BEFORE, None, True),
        (Kind.DELAY_AFTER, None, True),
        (Kind.DROP_BEFORE, NetworkError, False),
        (Kind.DROP_AFTER, NetworkError, True),
        (Kind.REFUSE, NetworkError, False),
        (Kind.REFUSE_AFTER, NetworkError, True),
        (Kind.CUT, NetworkError, True),
        (Kind.SILENCE, NetworkError, False),
        (Kind.SILENCE_AFTER, NetworkError, True),
    ],
)
def test_a_fault_strikes_once_before_or_after_delivery(
    api: BotApi, bot: Bot, do: Do, kind: Kind, raised: type[Exception] | None, delivered: bool
) -> None:
    sam = api.person()
    sam.starts()
    api.fault(kind, "sendMessage", sam.id, seconds=0.01, code=502)
    if raised:
        patience = 0.5 if kind in (Kind.SILENCE, Kind.SILENCE_AFTER) else PATIENCE
        with pytest.raises(raised):
            do(bot.send_message(sam.id, "first", read_timeout=patience))
    else:
        do(bot.send_message(sam.id, "first"))
    [call] = api.calls.of("sendMessage")
    assert (call.handled, call.fault) == (delivered, kind.value)
    do(bot.send_message(sam.id, "second"))
    assert sam.chat.texts == (["first"] if delivered else []) + ["second"]


def test_the_ceiling_is_policed_and_refusals_are_counted(
    api: BotApi, bot: Bot, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it python-telegram-bot warns at every 429
    crowd = api.crowd(4)
    pace = api.police(overall=3, per_chat=1)
    pace.window = 60.0
    do(bot.send_message(1, "one"))
    with pytest.raises(RetryAfter) as refused:
        do(bot.send_message(1, "one more for the same person"))
    assert timedelta(0) < cast(timedelta, refused.value.retry_after) <= timedelta(seconds=60)
    do(bot.send_message(2, "two"))
    do(bot.send_message(3, "three"))
    with pytest.raises(RetryAfter):
        do(bot.send_message(4, "a fourth within the window"))
    assert (pace.passed, pace.refusals) == (3, 2)
    assert [len(person.chat.messages) for person in crowd] == [1, 1, 1, 0]


def test_a_group_is_joined_and_left(api: BotApi, bot: Bot, do: Do) -> None:
    sam = api.person()
    group = sam.adds_to_group("Parents")
    joined, told = do(bot.get_updates())
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert told.message.new_chat_members[0].id == bot.id
    assert sam.says("We talk about the bot, not to it", group) is None
    assert sam.says("/help", group)
    with pytest.raises(Forbidden, match="can't initiate"):
        do(bot.send_message(sam.id, "hello"))
    do(bot.send_message(group.id, "I only talk in private."))
    do(bot.leave_chat(group.id))
    with pytest.raises(Forbidden, match="not a member"):
        do(bot.send_message(group.id, "hello"))
    assert group.chat.texts == ["I only talk in private."]


def test_commands_have_a_form_and_a_scope(api: BotApi, bot: Bot, do: Do) -> None:
    do(bot.set_my_commands([BotCommand("help", "Get help now")], language_code="pl"))
    assert [command.command for command in do(bot.get_my_commands(language_code="pl"))] == ["help"]
    assert do(bot.get_my_commands()) == ()
    for command in (("Help", "Get help"), ("help", ""), ("h" * 33, "Get help"), ("help", "x" * 257)):
        with pytest.raises(BadRequest):
            do(bot.set_my_commands([command]))
    do(bot.set_my_description("What this is for"))
    with pytest.raises(BadRequest, match="too long"):
        do(bot.set_my_short_description("x" * 121))


def test_many_people_at_once_each_get_their_reply(api: BotApi, bot: Bot, do: Do) -> None:
    """A small bot in the way of the rivals: a question after /start, which a tap rewrites."""

    async def answer(update: Update) -> None:
        if query := update.callback_query:
            await query.answer()
            await query.edit_message_text("Thank you.")
        elif update.message:
            await update.message.reply_text("Shall we send it?", reply_markup=YES_NO)

    async def listen() -> None:
        offset = 0
        while True:
            for update in await bot.get_updates(offset=offset, timeout=5):
                offset = update.update_id + 1
                await answer(update)

    async def measure() -> Any:
        assert api.loop

        async def run() -> Any:
            return await Load(api, Plan(people=5, seconds=60, warm_up=0, messages=40, final="Thank you")).run()

        measured = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run(), api.loop))
        listening = asyncio.create_task(listen())
        report = await measured
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return report

    report = do(measure())
    assert (report.messages >= 40, report.lost, report.further_messages) == (True, 0, 0)
    assert report.calls["editMessageText 200"] > 0


def test_as_a_process_it_is_told_over_http() -> None:
    command = [sys.executable, "-m", "tests.standin", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        where = orjson.loads(process.stdout.readline())
        bot, control = f"{where['url']}{where['token']}", where["url"].removesuffix("/bot") + "/_control"
        with httpx.Client() as client:
            client.post(f"{control}/person/7/says", json={"text": "hello"})
            [update] = client.get(f"{bot}/getUpdates").json()["result"]
            assert update["message"]["text"] == "hello"
            client.post(f"{control}/fault", json={"kind": "refuse", "method": "sendMessage", "code": 429})
            first, second = (client.post(f"{bot}/sendMessage", data={"chat_id": "7", "text": "hi"}) for _ in range(2))
            assert (first.json()["parameters"], second.status_code) == ({"retry_after": 1}, 200)
            assert [one["text"] for one in client.get(f"{control}/chat/7").json()["messages"]] == ["hi"]
            assert client.get(f"{control}/").json()["counts"]["sendMessage 429"] == 1
            assert client.post(f"{control}/person/7/says", json={"no": "text"}).status_code == 400
        process.terminate()
    assert process.returncode == 0
