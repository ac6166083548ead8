"""Families on Telegram, over real HTTP: what they do, and what arrives on their phones."""

from __future__ import annotations

import pytest

from models.attachment import Attachment
from models.outgoing import Outgoing, State
from models.person import Address
from models.received import Received
from tests.standin import BotApi, Kind
from tests.telegram.conftest import CALENDAR
from tests.telegram.serving import Serving

pytestmark = pytest.mark.both_databases


def test_a_question_is_answered_by_a_tap_and_by_words(api: BotApi, serving: Serving) -> None:
    sam = api.person(7, "Sam")
    sam.starts("taxi")
    question = sam.hears("What is this about?")
    assert question.rows[0][0].label == "School"
    assert question.labels[-2:] == ["Menu", "Help now"]
    press = sam.taps("The bus")
    assert press is not None
    assert sam.hears("Tell us.").labels == ["Back", "Menu", "Help now"]
    sam.says("It was late.")
    assert sam.hears("Thank you").text == "Thank you for “It was late.” about bus."
    assert api.wait_for(lambda: sam.answers(press)), "the clock on the button has stopped"
    assert api.wait_for(lambda: sam.chat.sent[question.id].labels == ["✓ The bus", "Menu", "Help now"])


def test_the_same_update_twice_is_one_message(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    update = sam.starts("taxi")
    sam.hears("What is this about?")
    assert update is not None
    api.redeliver(update)
    sam.says("school")
    sam.hears("Tell us.")
    assert len([text for text in sam.chat.texts if text.startswith("What is this about?")]) == 1


def test_messages_of_one_person_are_answered_in_their_order(api: BotApi, serving: Serving) -> None:
    people = [api.person(number) for number in range(1, 6)]
    for person in people:
        person.starts("taxi")
        person.says("school")
        person.says(f"Words of {person.id}")
    for person in people:
        person.hears(f"Thank you for “Words of {person.id}” about school.")
        assert [text.split("\n")[0].split("“")[0] for text in person.chat.texts] == [
            "What is this about?",
            "Tell us.",
            "Thank you for ",
        ]


def test_marks_are_set_in_place_and_the_keyboard_stays(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("needs")
    question = sam.hears("What do you need?")
    sam.taps("A ramp")
    asked = sam.hears("What do you need?")
    sam.taps("A quiet room", asked)
    shown = sam.hears("What do you need?")
    assert [label for label in shown.labels if label.startswith("✓")] == ["✓ A ramp", "✓ A quiet room"]
    assert shown.id == asked.id, "shown in the place of the one that was tapped"
    sam.taps("That is all", shown)
    sam.hears("Noted: ramp, quiet.")
    assert question.id in sam.chat.sent


def test_a_calendar_file_arrives_as_one(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("meeting")
    shown = sam.hears("Add it to your calendar.")
    assert shown.document is not None
    assert (shown.document["file_name"], shown.document["mime_type"]) == ("meeting.ics", "text/calendar")
    assert shown.attachment == CALENDAR


def test_a_contact_can_be_saved(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("travel")
    sam.hears("They help with travel.")
    contact = sam.hears().contact
    assert contact is not None
    assert (contact["phone_number"], contact["first_name"]) == ("+441632960123", "Travel team")
    assert "URL:https://example.org" in contact["vcard"]


def test_a_photo_comes_in_and_goes_on_to_somebody_else(api: BotApi, serving: Serving) -> None:
    sam, staff = api.person(7), api.person(8)
    staff.starts()
    staff.hears()
    sam.starts("photo")
    sam.hears("Send it.")
    sam.sends_photo(b"\xff\xd8\xff the taxi")
    sam.hears()
    sam.taps("That is all")
    assert staff.hears("Somebody sent this.").attachment == b"\xff\xd8\xff the taxi"
    [kept] = serving.kept(Attachment)
    assert (kept.kind, kept.channel, kept.mime) == ("photo", "telegram", "image/jpeg")
    assert serving.do(serving.channel.fetch(kept.ref)) == b"\xff\xd8\xff the taxi"
    assert serving.do(serving.channel.fetch("photo:gone")) is None


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        ("sends_sticker", "sticker"),
        ("sends_location", "location"),
        ("sends_contact", "contacts"),
    ],
)
def test_whatever_is_sent_gets_a_sensible_answer(api: BotApi, serving: Serving, act: str, answer: str) -> None:
    sam = api.person(7)
    sam.starts("taxi")
    sam.hears("What is this about?")
    getattr(sam, act)()
    assert answer in sam.hears().text


def test_an_edited_message_is_told_what_to_do(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("taxi")
    sam.hears("What is this about?")
    update = sam.says("something quite different from it all")
    sam.hears()
    assert update is not None
    sam.edits(update, "something else that I meant to say")
    assert "changed an earlier message" in sam.hears().text


def test_an_old_button_explains_itself_however_late(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("taxi")
    question = sam.chat.sent[sam.hears("What is this about?").id]
    press = sam.presses(question, "a-release-long-ago")
    assert press is not None
    api.expire_queries()
    assert "earlier version of me" in sam.hears().text
    sam.presses(question, "a:999:topic:school")
    assert "do not know that button" in sam.hears().text
    assert _settled(serving)
    assert all(row.state is State.SENT for row in serving.kept(Outgoing))


def test_whoever_blocks_us_is_left_alone_until_they_come_back(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    sam.starts("taxi")
    sam.hears()
    sam.blocks()
    api.wait_for(lambda: api.all_heard)
    assert serving.kept(Address)[0].blocked_at is not None
    sam.unblocks()
    sam.says("school")
    sam.hears("Tell us.")
    assert serving.kept(Address)[0].blocked_at is None


def test_a_refusal_on_the_way_out_says_that_we_are_blocked(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    api.fault(Kind.REFUSE, "sendMessage", code=403)
    sam.starts("taxi")
    api.wait_for(lambda: api.calls.of("sendMessage", code=403) and _settled(serving))
    assert serving.kept(Address)[0].blocked_at is not None
    sam.says("school")
    sam.hears("Tell us.")


def _settled(serving: Serving) -> bool:
    serving.do(serving.post.idle())
    return True


def test_too_many_requests_are_waited_out_and_the_message_comes_once(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    api.fault(Kind.REFUSE, "sendMessage", code=429, retry_after=1)
    sam.starts("taxi")
    sam.hears("What is this about?")
    assert len(sam.chat.messages) == 1


@pytest.mark.parametrize(("kind", "times"), [(Kind.DROP_BEFORE, 1), (Kind.DROP_AFTER, 2), (Kind.CUT, 2)])
def test_a_reply_of_unknown_fate_is_repeated(api: BotApi, serving: Serving, kind: Kind, times: int) -> None:
    sam = api.person(7)
    api.fault(kind, "sendMessage")
    sam.starts("taxi")
    for _time in range(times):
        sam.hears("What is this about?")
    sam.says("school")
    sam.hears("Tell us.")
    assert len([text for text in sam.chat.texts if text.startswith("What is this about?")]) == times


def test_in_a_group_one_sentence_is_said_and_nothing_is_kept(api: BotApi, serving: Serving) -> None:
    sam = api.person(7)
    group = sam.adds_to_group()
    api.wait_for(lambda: not group.chat.open)
    [said] = group.messages
    assert "private chats" in said.text
    assert "https://t.me/standin_bot" in said.text
    api.redeliver({"update_id": 3, "message": {"message_id": 1, "from": sam.user, "chat": group.chat.info, "date": 1}})
    api.wait_for(lambda: len(api.calls.of("leaveChat")) > 1)
    sam.adds_to_group(group_id=group.id)
    api.wait_for(lambda: not group.chat.open)
    sam.starts("taxi")
    sam.hears("What is this about?")
    assert len(group.messages) == 1, "told once, however often we are asked in"
    assert [address.key for address in serving.kept(Address)] == ["7"]
    assert all(":3" not in received.id for received in serving.kept(Received))
