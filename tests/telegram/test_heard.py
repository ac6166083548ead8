"""What Telegram sends, and what was heard: a payload in, a `Heard` out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.heard import Group, Ignored, answered_keyboard, clean, heard, pressed
from models.heard import Attached, Heard

BOT = 99
SAM: dict[str, Any] = {"id": 7, "is_bot": False, "first_name": "Sam", "language_code": "pl"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Sam"}
GROUP = {"id": -100200, "type": "supergroup", "title": "Class 4"}


def message(**content: Any) -> Any:
    return {"update_id": 5, "message": {"message_id": 11, "from": SAM, "chat": PRIVATE, "date": 1, **content}}


def edited(**content: Any) -> Any:
    return {"update_id": 5, "edited_message": {"message_id": 11, "from": SAM, "chat": PRIVATE, "date": 1, **content}}


def moved(status: str, chat: Any = PRIVATE) -> Any:
    return {"update_id": 5, "my_chat_member": {"chat": chat, "from": SAM, "new_chat_member": {"status": status}}}


def tap(data: str | None = "a:3:topic:school", chat: Any = PRIVATE, **more: Any) -> Any:
    query = {"id": "400", "from": SAM, "message": {"message_id": 12, "chat": chat, "date": 1, **more}}
    return {"update_id": 5, "callback_query": {**query, **({"data": data} if data is not None else {})}}


def said(**what: Any) -> Heard:
    return Heard(**{"id": "telegram:99:5", "channel": "telegram", "key": "7", "language": "pl", **what})


PHOTO = [
    {"file_id": "small", "file_size": 900, "width": 90, "height": 67},
    {"file_id": "large", "file_size": 90_000, "width": 1280, "height": 960},
    {"file_id": "medium", "file_size": 9_000, "width": 320, "height": 240},
]
STORIES: dict[str, tuple[Any, Any]] = {
    "words": (message(text="The taxi was late again."), said(text="The taxi was late again.")),
    "a command": (message(text="/menu"), said(text="/menu")),
    "a deep link": (message(text="/start inv-abc"), said(text="/start inv-abc")),
    "a phone without a language": (
        {"update_id": 5, "message": {"message_id": 1, "from": {"id": 7}, "chat": PRIVATE, "text": "Hi"}},
        said(text="Hi", language="en"),
    ),
    "the largest size of a photo, with its words": (
        message(photo=PHOTO, caption="Look"),
        said(text="Look", attached=(Attached("photo", "photo:large", "photo.jpg", "image/jpeg", 90_000),)),
    ),
    "a voice note": (
        message(voice={"file_id": "v", "duration": 3, "mime_type": "audio/ogg", "file_size": 12}),
        said(attached=(Attached("voice", "voice:v", "voice.ogg", "audio/ogg", 12),)),
    ),
    "a recording": (
        message(audio={"file_id": "a", "duration": 3, "file_name": "memo.m4a", "mime_type": "audio/mp4"}),
        said(attached=(Attached("voice", "audio:a", "memo.m4a", "audio/mp4"),)),
    ),
    "a film": (
        message(video={"file_id": "f", "duration": 3, "width": 1, "height": 1, "file_size": 50}),
        said(attached=(Attached("video", "video:f", "video.mp4", "video/mp4", 50),)),
    ),
    "a round film": (
        message(video_note={"file_id": "n", "length": 240, "duration": 3}),
        said(attached=(Attached("video", "video_note:n", "video.mp4", "video/mp4"),)),
    ),
    "a GIF, which comes twice over": (
        message(animation={"file_id": "g"}, document={"file_id": "g", "file_name": "a.gif"}),
        said(attached=(Attached("video", "animation:g", "animation.mp4", "video/mp4"),)),
    ),
    "a file": (
        message(document={"file_id": "d", "file_name": "../EHCP\r\n\"x\".pdf", "mime_type": "application/pdf"}),
        said(attached=(Attached("file", "document:d", "EHCP x .pdf", "application/pdf"),)),
    ),
    "a sticker": (message(sticker={"file_id": "s", "emoji": "👍"}), said(event="sticker")),
    "a place": (message(location={"latitude": 53.4, "longitude": -2.1}), said(event="location")),
    "a named place": (message(venue={"title": "x"}, location={"latitude": 1, "longitude": 1}), said(event="location")),
    "a contact, of which nothing is taken": (
        message(contact={"phone_number": "07700 900123", "first_name": "Jo"}),
        said(event="contact"),
    ),
    "a die": (message(dice={"emoji": "🎲", "value": 4}), said(event="other")),
    "a poll": (message(poll={"id": "1", "question": "?", "options": []}), said(event="other")),
    "something that Telegram has not invented yet": (message(hologram={"file_id": "h"}), said(event="other")),
    "nothing but what cannot be seen": (message(text="\x00\x07\u202e"), said(event="other")),
    "words with control characters": (message(text=" a\x00b\r\nc\td\ud83d "), said(text="ab\nc\td")),
    "Urdu, and a family of one emoji, as they are": (
        message(text="میں نہیں آ سکتا\u200c 👩\u200d👧"),
        said(text="میں نہیں آ سکتا\u200c 👩\u200d👧"),
    ),
    "a tap": (tap(), said(tap="a:3:topic:school", tapped_ref="12")),
    "a tap under a message too old for Telegram to show": (
        {"update_id": 5, "callback_query": {"id": "4", "from": SAM, "data": "c:menu",
         "message": {"message_id": 12, "chat": PRIVATE, "date": 0}}},
        said(tap="c:menu", tapped_ref="12"),
    ),
    "a tap without data": (tap(None), Ignored("a button without data")),
    "a tap in a group": (tap(chat=GROUP), Ignored("a button elsewhere")),
    "an edit": (edited(text="The bus.", edit_date=2), said(text="The bus.", event="edited")),
    "an edited caption": (edited(caption="Bus", photo=PHOTO, edit_date=2), said(text="Bus", event="edited")),
    "an edit of nothing that we see": (edited(text="The bus."), Ignored("edited without words")),
    "somebody who shares where they are going": (
        edited(location={"latitude": 1, "longitude": 1}, edit_date=2),
        Ignored("edited without words"),
    ),
    "an edit in a group": (edited(text="x", edit_date=2, chat=GROUP), Ignored("edited elsewhere")),
    "blocked": (moved("kicked"), said(event="blocked")),
    "let in again": (moved("member"), said(event="unblocked")),
    "added to a group": (moved("member", GROUP), Group(-100200, "pl")),
    "made an administrator of a channel": (
        moved("administrator", {"id": -1009, "type": "channel"}),
        Group(-1009, "pl"),
    ),
    "put out of a group": (moved("kicked", GROUP), Ignored("left")),
    "spoken to in a group": (message(text="/start", chat=GROUP), Group(-100200, "pl")),
    "another bot": (message(text="Hi", **{"from": {"id": 8, "is_bot": True}}), Ignored("a bot")),
    "a pinned message": (message(pinned_message={"message_id": 3}), Ignored("service message")),
    "a kind that was not asked for": ({"update_id": 5, "poll": {"id": "1"}}, Ignored("not asked for")),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_what_is_heard(story: str) -> None:
    update, expected = STORIES[story]
    assert heard(update, BOT) == expected


NOT_TELEGRAMS = (KeyError, TypeError, ValueError, AttributeError)


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 5, "message": {}},
        {"update_id": 5, "message": None},
        {"update_id": 5, "message": {"chat": {"id": 7, "type": "private"}, "text": 5}},
        {"update_id": 5, "callback_query": {"id": "4", "message": {"chat": PRIVATE}, "data": "x", "from": SAM}},
    ],
)
def test_what_is_not_shaped_as_telegram_shapes_it_is_an_error(update: Any) -> None:
    with pytest.raises(NOT_TELEGRAMS):
        heard(update, BOT)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FIELDS = [
    "chat", "from", "text", "caption", "photo", "voice", "document", "sticker", "contact", "data", "message", "edit_date",
    "id", "message_id", "new_chat_member", "reply_markup", "dice", "type",
]  # fmt: skip
KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "poll"]


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), ANYTHING), st.booleans())
def test_whatever_comes_is_heard_in_the_right_types_or_is_an_error(kind: str, content: Any, private: bool) -> None:
    update: Any = {"update_id": 5, kind: {"chat": PRIVATE, "from": SAM, **content} if private else content}
    try:
        found = heard(update, BOT)
        pressed(update)
    except NOT_TELEGRAMS:
        return
    if isinstance(found, Heard):
        assert found.key.lstrip("-").isdigit()
        assert clean(found.text) == found.text
        assert isinstance(found.language, str)
        assert all(isinstance(one.size, int) and clean(one.name) == one.name for one in found.attached)


def test_an_override_of_the_direction_is_gone_but_the_words_are_whole() -> None:
    assert clean("evil \u202etxt.exe\u202c end\u2028next") == "evil txt.exe end\nnext"


KEYS = [
    [{"text": "School", "callback_data": "a:3:topic:school"}, {"text": "Transport", "callback_data": "a:3:topic:bus"}],
    [{"text": "More", "url": "https://example.org"}],
    [{"text": "Menu", "callback_data": "c:menu"}, {"text": "Help now", "callback_data": "c:help"}],
]


def test_an_answered_question_shows_its_answer_and_the_ways_out() -> None:
    press = pressed(tap("a:3:topic:bus", reply_markup={"inline_keyboard": KEYS}))
    assert press is not None
    assert (press.query_id, press.key, press.ref) == ("400", "7", "12")
    assert answered_keyboard(press) == [
        [{"text": "✓ Transport", "callback_data": "a:3:topic:bus"}],
        [{"text": "Menu", "callback_data": "c:menu"}, {"text": "Help now", "callback_data": "c:help"}],
    ]


@pytest.mark.parametrize("data", ["c:menu", "s:meetings:meeting=3", "a:3:topic:gone"])
def test_a_keyboard_that_asked_nothing_stays_as_it_is(data: str) -> None:
    press = pressed(tap(data, reply_markup={"inline_keyboard": KEYS}))
    assert press is not None
    assert answered_keyboard(press) is None


def test_nothing_but_a_tap_is_a_press() -> None:
    assert pressed(message(text="Hi")) is None


def test_hearing_is_a_plain_function() -> None:
    assert not asyncio.iscoroutinefunction(heard)
