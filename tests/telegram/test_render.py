"""What a message looks like on Telegram: a `Message` in, the exact requests out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.render import LONGEST_TEXT, Call, Upload, calls, split
from models.message import Button, Card, File, Message

QUIET = {"is_disabled": True}
MENU, HELP = Button("Menu", "c:menu"), Button("Help now", "c:help")
WAYS_OUT = [{"text": "Menu", "callback_data": "c:menu"}, {"text": "Help now", "callback_data": "c:help"}]


def text(words: str, rows: list[list[dict[str, str]]] | None = None, **more: Any) -> Call:
    markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return Call("sendMessage", {"chat_id": 7, "text": words, "link_preview_options": QUIET, **markup, **more})


def keys(*labels: str) -> list[dict[str, str]]:
    return [{"text": label, "callback_data": label} for label in labels]


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, label) for label in labels)


SCREENS: dict[str, tuple[Message, list[Call]]] = {
    "words": (Message("Hello."), [text("Hello.")]),
    "words with a remark that every screen has": (
        Message("Hello.", notice="Nobody reads this at night."),
        [text("Hello.\n\nNobody reads this at night.")],
    ),
    "markup is only words": (Message("*a* <b> _c_ &amp;"), [text("*a* <b> _c_ &amp;")]),
    "short buttons, three in a row, and the ways out below": (
        Message("Which?", buttons("One", "Two", "Three", "Four"), (MENU, HELP)),
        [text("Which?", [keys("One", "Two", "Three"), keys("Four"), WAYS_OUT])],
    ),
    "middling buttons, two in a row": (
        Message("Which?", buttons("Getting there", "School", "Health")),
        [text("Which?", [keys("Getting there", "School"), keys("Health")])],
    ),
    "long buttons, one in a row": (
        Message("Which?", buttons("Yes, write back to me", "No")),
        [text("Which?", [keys("Yes, write back to me"), keys("No")])],
    ),
    "bigger buttons": (Message("Which?", buttons("A", "B"), tall=True), [text("Which?", [keys("A"), keys("B")])]),
    "buttons that open something, as far as Telegram opens it": (
        Message(
            "Here.",
            (
                Button("Site", url="https://example.org/a?b=c"),
                Button("Ring", url="tel:+441632960123"),
                Button("Write", url="mailto:a@example.org"),
                Button("Bad", url="javascript:alert(1)"),
                Button("Broken", url="http://[x"),
                Button("Here", url="http://localhost:8080/"),
                Button("Chat", url="tg://resolve?domain=x"),
                Button(" ", "empty"),
                Button("Nothing"),
            ),
        ),
        [
            text(
                "Here.",
                [
                    [
                        {"text": "Site", "url": "https://example.org/a?b=c"},
                        {"text": "Chat", "url": "tg://resolve?domain=x"},
                    ]
                ],
            )
        ],
    ),
    "a contact": (
        Message("They help with transport.", (), (MENU, HELP), card=Card("Travel; team, north", "01632 960 123")),
        [
            text("They help with transport.", [WAYS_OUT]),
            Call(
                "sendContact",
                {
                    "chat_id": 7,
                    "phone_number": "+441632960123",
                    "first_name": "Travel; team, north",
                    "vcard": "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Travel\\; team\\, north;;;;\r\n"
                    "FN:Travel\\; team\\, north\r\nTEL;TYPE=WORK:+441632960123\r\nEND:VCARD",
                },
            ),
        ],
    ),
    "a contact with an extension, mail and a page": (
        Message("", card=Card("Duty", "020 7946 0123 ext 4", "duty@example.org", "https://example.org")),
        [
            Call(
                "sendContact",
                {
                    "chat_id": 7,
                    "phone_number": "+442079460123",
                    "first_name": "Duty",
                    "vcard": "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Duty;;;;\r\nFN:Duty\r\nTEL;TYPE=WORK:+442079460123\r\n"
                    "NOTE:ext. 4\r\nEMAIL:duty@example.org\r\nURL:https://example.org\r\nEND:VCARD",
                },
            )
        ],
    ),
    "a calendar file, its words as its caption": (
        Message("Add it.", buttons("Done"), file=File.of("meeting.ics", "text/calendar", b"BEGIN")),
        [
            Call(
                "sendDocument",
                {
                    "document": Upload("meeting.ics", "text/calendar", b"BEGIN"),
                    "chat_id": 7,
                    "caption": "Add it.",
                    "reply_markup": {"inline_keyboard": [keys("Done")]},
                },
            )
        ],
    ),
    "a file with more words than a caption holds": (
        Message("a " * 600, file=File.of("all.json", "application/json", b"{}")),
        [
            text("a " * 599 + "a"),
            Call("sendDocument", {"document": Upload("all.json", "application/json", b"{}"), "chat_id": 7}),
        ],
    ),
    "nothing": (Message(" "), []),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_what_is_sent(screen: str) -> None:
    message, expected = SCREENS[screen]
    assert calls(message, 7) == expected


@pytest.mark.parametrize(
    "phone", ["999", "111", "116 123", "105", "text SHOUT to 85258", "", "ring the school", "0161 / 0151 496 0000"]
)
def test_what_is_no_full_number_is_never_made_into_a_contact(phone: str) -> None:
    assert [call.method for call in calls(Message("Ring.", card=Card("Help", phone)), 7)] == ["sendMessage"]


def test_a_childrens_line_with_its_short_number_can_be_saved() -> None:
    contact = calls(Message("Ring.", card=Card("Childline", "0800 1111")), 7)[-1]
    assert contact.params["phone_number"] == "+448001111"


def test_a_card_that_would_be_too_long_loses_what_is_least_needed() -> None:
    card = Card("ی" * 300, "01632 960123", "a@example.org", "https://example.org/" + "x" * 3000)
    contact = calls(Message("", card=card), 7)[0].params
    assert len(contact["vcard"].encode()) <= 2048
    assert len(contact["first_name"]) == 64
    assert "EMAIL:a@example.org" in contact["vcard"]
    assert "URL" not in contact["vcard"]


# The same question with another mark on it


def test_a_question_is_shown_again_in_its_place_or_anew_when_that_fails() -> None:
    message = Message("Which?", buttons("✓ A", "B"), in_place=True)
    [edit] = calls(message, 7, "12")
    new = text("Which?", [keys("✓ A", "B")])
    assert edit == Call("editMessageText", {**new.params, "message_id": 12}, otherwise=new)
    assert calls(message, 7) == [new]
    assert calls(Message("Which?"), 7, "12") == [text("Which?")]


# What somebody sent, passed on


@dataclass
class Kept:
    kind: str = "photo"
    name: str = "photo.jpg"
    mime: str = "image/jpeg"
    channel: str = "telegram"
    ref: str = "photo:large"
    content: bytes | None = b"\xff\xd8\xff"


PICTURE = Upload("photo.jpg", "image/jpeg", b"\xff\xd8\xff")
AS_PHOTO = Call("sendPhoto", {"photo": PICTURE}, Call("sendDocument", {"document": PICTURE}))
PASSED_ON: dict[str, tuple[Kept, list[Call]]] = {
    "by its number, else by its content": (Kept(), [Call("sendPhoto", {"photo": "large"}, AS_PHOTO)]),
    "by its number alone": (Kept(content=None), [Call("sendPhoto", {"photo": "large"})]),
    "a round film as what it was": (
        Kept("video", "video.mp4", "video/mp4", ref="video_note:n", content=None),
        [Call("sendVideoNote", {"video_note": "n"})],
    ),
    "a photo from the web chat": (Kept(channel="web", ref="5"), [AS_PHOTO]),
    "a voice note from the web chat that Telegram would not play": (
        Kept("voice", "v.webm", "audio/webm", "web", "5", b"x"),
        [Call("sendDocument", {"document": Upload("v.webm", "audio/webm", b"x")})],
    ),
    "what nobody has": (Kept(channel="web", ref="5", content=None), []),
}


@pytest.mark.parametrize("case", PASSED_ON)
def test_an_attachment_is_passed_on(case: str) -> None:
    kept, expected = PASSED_ON[case]
    assert calls(Message(""), 7, attachment=kept) == [_to_sam(call) for call in expected]


def _to_sam(call: Call) -> Call:
    return Call(call.method, {**call.params, "chat_id": 7}, _to_sam(call.otherwise) if call.otherwise else None)


def test_words_go_with_an_attachment_and_before_a_round_film() -> None:
    [photo] = calls(Message("From the story", buttons("Next")), 7, attachment=Kept())
    assert photo.params["caption"] == "From the story"
    assert photo.otherwise is not None
    assert photo.otherwise.params["caption"] == "From the story"
    kept = Kept("video", "v.mp4", "video/mp4", ref="video_note:n")
    assert [call.method for call in calls(Message("Look", buttons("Next")), 7, attachment=kept)] == [
        "sendMessage",
        "sendVideoNote",
    ]


# Long words


def test_a_long_text_is_cut_between_paragraphs_and_its_buttons_stand_at_the_end() -> None:
    message = Message("\n\n".join(["Word " * 300] * 4), buttons("Yes"))
    first, second = calls(message, 7)
    assert first.params["text"].endswith("Word")
    assert len(first.params["text"]) == 1499 * 2 + 3
    assert "reply_markup" not in first.params
    assert second.params["reply_markup"] == {"inline_keyboard": [keys("Yes")]}


@pytest.mark.parametrize("one", ["👩‍👧‍👦", "é", "🇬🇧", "👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "کُ"])
def test_a_text_is_never_cut_within_what_is_seen_as_one_character(one: str) -> None:
    for shift in range(len(one)):
        pieces = split("x" * shift + one * 3000)
        assert "".join(pieces) == "x" * shift + one * 3000
        assert all(piece.startswith(("x", one)) and len(piece) <= LONGEST_TEXT for piece in pieces)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(10, 60))
def test_whatever_is_said_nothing_of_it_is_lost_and_no_piece_is_too_long(words: str, longest: int) -> None:
    pieces = split(words, longest)
    assert "".join("".join(pieces).split()) == "".join(words.split())
    assert all(0 < len(piece) <= longest for piece in pieces)


def test_more_buttons_than_telegram_shows_leave_room_for_the_ways_out() -> None:
    [call] = calls(Message("Which?", buttons(*(f"Number {n}" for n in range(150))), (MENU, HELP)), 7)
    rows = call.params["reply_markup"]["inline_keyboard"]
    assert sum(len(row) for row in rows) == 100
    assert rows[-1] == WAYS_OUT
