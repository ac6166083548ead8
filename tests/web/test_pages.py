"""The web chat over plain HTTP, as somebody without JavaScript uses it."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, delete, func, select

from bot.web.chat_page import MOST_CHARACTERS
from bot.web.shown import dialled, is_named, linked, safe_url, without_repeats
from locales import speaking
from models.attachment import MOST_BYTES, Attachment
from models.database import now, reading, writing
from models.message import Button, Card, Message
from models.outgoing import Class, send
from models.partnership import Partnership
from models.person import Address, Person, meet
from models.received import Received
from models.role import Role, RoleName
from tests.patience import PATIENCE
from tests.web.conftest import CALENDAR
from tests.web.serving import Served, serving
from tests.web.visitor import FROM_HERE, Visitor


def count(engine: Engine, table: type[Person] | type[Address] | type[Received] | type[Attachment]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_looking_at_the_page_stores_nothing(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as stranger:
        for path in ("/", "/?language=en", "/help-now", "/start/picnic", "/events-not-here", "/device"):
            stranger.looks(path)
        assert not stranger.http.cookies
    assert count(engine, Person) == count(engine, Received) == 0


def test_a_conversation_without_a_script(served: Served) -> None:
    with Visitor(served.address) as family:
        family.says("/start")
        assert family.lines == ["What would you like to drink?"]
        family.presses("Tea")
        family.presses("Milk")
        family.presses("Honey")
        family.presses("That’s it")
        assert 'placeholder="A first name"' in family.page
        family.says("Our cup & yours")
        assert family.lines[:7] == [
            "What would you like to drink?",
            "Tea",
            "What would you like with it?",
            "That’s it",
            "What should we write on the cup?",
            "Our cup & yours",
            "One tea with 2 extras for Our cup & yours.",
        ]
        assert "✓ Milk" in family.page, "the marks stand on the question itself"
        family.looks()
        assert family.lines[1] == "Tea", "a reload keeps it"


def test_a_first_message_may_be_anything(served: Served) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        assert family.lines == ["picnic", "What would you like to drink?"]


def test_the_secret_stays_with_its_owner(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family, Visitor(served.address) as other:
        response = family.http.post("/say", data={"text": "picnic", "id": "0123456789abcdef"}, follow_redirects=False)
        cookie = response.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=31536000"} <= set(cookie.split("; "))
        secret = family.http.cookies["yousaid"]
        assert len(secret) >= 43
        with reading(engine) as session:
            [address] = session.scalars(select(Address))
            assert secret not in address.key
        assert "What would you like to drink?" not in other.looks()
        other.http.cookies.set("yousaid", "somebody-elses-guess")
        assert "What would you like to drink?" not in other.looks()
        assert "has ended here" in other.page


def test_over_https_the_cookie_is_for_https_alone(engine: Engine, tameside: Partnership) -> None:
    with serving(engine, tameside, public="https://chat.example.org") as served, Visitor(served.address) as family:
        response = family.http.post("/say", data={"text": "picnic"}, follow_redirects=False)
        assert response.headers["set-cookie"].startswith("__Host-yousaid=")
        assert "Secure" in response.headers["set-cookie"]
        assert "max-age=31536000" in response.headers["strict-transport-security"]


def test_a_form_from_another_site_is_refused(served: Served, engine: Engine) -> None:
    forged: list[dict[str, str]] = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ]
    for headers in forged:
        for path, fields in {"/say": {"text": "picnic"}, "/start": {"payload": "picnic"}}.items():
            assert httpx.post(served.address + path, data=fields, headers=headers).status_code == 403
    assert count(engine, Person) == 0
    honest = httpx.post(served.address + "/say", data={"text": "picnic"}, headers={"Origin": served.address})
    assert honest.status_code == 303


def test_sending_the_same_form_twice_counts_once(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family:
        token = family.token()
        first = family.http.post("/say", data={"id": token, "text": "picnic"}, follow_redirects=False)
        # The answer with the cookie got lost on the way, so the browser sends it again as a stranger.
        family.http.cookies.clear()
        again = family.http.post("/say", data={"id": token, "text": "picnic"}, follow_redirects=False)
        assert first.headers["set-cookie"] == again.headers["set-cookie"]
        family.looks()
        assert family.lines == ["picnic", "What would you like to drink?"]
        assert count(engine, Person) == count(engine, Received) == 1
        # Other words from the same page (the reader went back) are another message.
        family.http.post("/say", data={"id": token, "text": "Tea"})
        family.looks()
        assert family.lines[2:] == ["Tea", "What would you like with it?"]


def test_markup_is_shown_as_what_it_is(served: Served, engine: Engine) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)> https://example.org/\"onmouseover='x"
    with Visitor(served.address) as family:
        family.says("picnic")
        with writing(engine) as session:
            send(session, session.scalars(select(Address)).one(), Message(nasty, hint=nasty), Class.RECEIPT)
        served.ring()
        family.says(nasty)
        assert "<script>alert" not in family.page
        assert "<img src=x" not in family.page
        assert nasty in family.lines
        assert not re.search(r"<[^>]*\son[a-z]+=", family.page)


def test_too_many_words_come_back_in_the_box(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        story = "ہم ابھی بھی انتظار میں ہیں۔ " * 7200  # 200,000 letters of Urdu: some 360 kB
        response = family.says(story)
        assert response.status_code == 413
        assert "still in the box" in family.page
        assert story.strip() in html.unescape(family.page)
        assert count(engine, Received) == 1
        # Words that nobody takes for danger: while the machine is slow, those would be told at once whom to ring.
        calm = "The taxi was late again. " * MOST_CHARACTERS
        assert family.says(calm[:MOST_CHARACTERS]).status_code == 200


def test_files_come_along_and_too_big_ones_are_refused_kindly(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        small = {"files": ("the taxi.jpg", b"\xff\xd8 a photo", "image/jpeg")}
        family.http.post("/say", data={"id": family.token(), "text": ""}, files=small)
        family.looks()
        assert "You sent a file: the taxi.jpg" in html.unescape(family.page)
        with reading(engine) as session:
            [kept] = session.scalars(select(Attachment))
            assert (kept.kind, kept.mime, kept.size, kept.channel) == ("photo", "image/jpeg", 10, "web")
            assert kept.content == b"\xff\xd8 a photo"
        for size in (MOST_BYTES + 1, MOST_BYTES * 2):
            big = {"files": ("long.mp3", b"\0" * size, "audio/mpeg")}
            refused = family.http.post("/say", data={"id": family.token(), "text": ""}, files=big)
            assert refused.status_code == 413
            assert "at most 20 MB" in refused.text
        assert count(engine, Attachment) == 1


def test_a_file_is_for_its_own_conversation_alone(served: Served) -> None:
    with Visitor(served.address) as family, Visitor(served.address) as other:
        family.says("picnic")
        for step in ("Juice", "None of these"):
            family.presses(step)
        family.says("Us")
        [path] = re.findall(r'href="(/file/\d+)"', family.page)
        [contact] = re.findall(r'href="(/contact/\d+\.vcf)"', family.page)
        calendar = family.http.get(path)
        assert calendar.content == CALENDAR
        assert calendar.headers["content-disposition"] == "attachment; filename*=utf-8''picnic.ics"
        assert calendar.headers["content-type"].startswith("text/calendar")
        assert "TEL;TYPE=VOICE:01632 960123" in family.http.get(contact).text
        other.says("picnic")
        for private in (path, contact, "/file/99999"):
            assert other.http.get(private).status_code == 404


def test_a_familys_photo_opens_for_staff_and_not_once_they_are_removed(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family, Visitor(served.address) as staff:
        family.http.post("/say", data={"text": ""}, files={"files": ("x.html", b"<script>1</script>", "text/html")})
        staff.says("picnic")
        with writing(engine) as session:
            photo = session.scalars(select(Attachment)).one()
            address = session.scalars(select(Address).order_by(Address.id.desc())).first()
            assert address is not None
            role = Role(person=address.person, name=RoleName.VIEWER, organisation="council")
            session.add(role)
            row = send(session, address, Message("A file came.", attachment=photo.id), Class.REPLY)
            session.flush()
            number, role_number = row.id, role.id
        opened = staff.http.get(f"/file/{number}")
        assert opened.content == b"<script>1</script>"
        assert opened.headers["content-type"] == "application/octet-stream"
        assert "sandbox" in opened.headers["content-security-policy"]
        with writing(engine) as session:
            session.get_one(Role, role_number).ended = now()
        assert staff.http.get(f"/file/{number}").status_code == 404


def test_every_page_is_shut_in(served: Served) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        for path in ("/", "/help-now", "/device", "/start/inv-secret", "/me/secret", "/nowhere", "/file/1"):
            response = family.http.get(path)
            policy = response.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["referrer-policy"] == "no-referrer"
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["x-frame-options"] == "DENY"
            assert response.headers["cache-control"] == "no-store"
            assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", response.text)
            loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', response.text)
            assert all(address.startswith("/static/") for address in loaded)


def test_help_is_the_first_thing_on_every_page(served: Served) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        for path in ("/", "/device", "/start/picnic", "/me/x", "/nowhere", "/help-now"):
            first = re.search(r"<(?:a|button|input|textarea)\b[^>]*>", family.looks(path))
            assert first is not None
            assert 'href="/help-now' in first[0]


def test_help_now_needs_no_database(engine: Engine, tameside: Partnership) -> None:
    with serving(engine, tameside) as served, Visitor(served.address) as family:
        family.says("picnic")
        with engine.begin() as connection:
            for table in ("outgoing", "received", "address"):
                connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            assert "tel:999" in family.looks("/help-now")
            lost = family.http.get("/")
            assert lost.status_code == 500
            assert "It is our fault" in lost.text
            assert "/help-now" in lost.text
        finally:
            with engine.begin() as connection:
                for table in ("outgoing", "received", "address"):
                    connection.exec_driver_sql(f"ALTER TABLE {table}_away RENAME TO {table}")


def test_numbers_that_may_not_be_shown_are_not(served: Served, tameside: Partnership) -> None:
    hidden = [line.contact for line in tameside.area.help_now if line.contact.shown_phone is None]
    with Visitor(served.address) as family:
        page = family.looks("/help-now")
        assert "We have no number for this that has been checked" in page or not hidden
        assert not any(contact.phone and contact.phone in page for contact in hidden)


def test_a_preview_of_a_link_does_not_use_it_up(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as invited:
        preview = httpx.get(f"{served.address}/start/inv-once-only")
        assert preview.status_code == 200
        assert count(engine, Received) == 0
        page = invited.looks("/start/inv-once-only")
        assert re.findall(r"<button[^>]*>([^<]+)</button>", page) == ["Open"]
        opened = invited.http.post("/start", data={"payload": "inv-once-only", "id": invited.token()})
        invited.page = opened.text
        assert "once-only" not in str(opened.url)
        assert invited.lines == ["Welcome. The invite was 9 letters long."]
    with reading(engine) as session:
        assert [row.said for row in session.scalars(select(Received))] == [None]


def test_a_strange_link_leads_nowhere(served: Served) -> None:
    with Visitor(served.address) as stranger:
        for path in ("/start/%3Cscript%3E", "/start/" + "x" * 500, "/start/a.b"):
            assert stranger.http.get(path).status_code == 404


def test_a_message_that_fails_is_still_shown_to_its_owner(served: Served) -> None:
    with Visitor(served.address) as family:
        family.says("broken")
        assert family.lines[0] == "broken"
        assert "Your words are kept" in family.lines[1]


def test_a_burst_is_slowed_down_kindly(engine: Engine, tameside: Partnership) -> None:
    # So few that none is given back while the test runs; the real number is thirty.
    with serving(engine, tameside, a_minute=2) as served, Visitor(served.address) as family:
        family.says("picnic")
        assert [family.says(f"again {number}").status_code for number in (1, 2, 3)] == [200, 200, 429]
        assert "Please wait a minute" in family.page
        assert "again 3</textarea>" in family.page
        with Visitor(served.address) as other:
            assert other.says("picnic").status_code == 200


def test_another_device_goes_on_and_can_be_signed_out(served: Served) -> None:
    with Visitor(served.address) as phone, Visitor(served.address) as laptop, Visitor(served.address) as thief:
        phone.says("picnic")
        page = phone.http.post("/device/link").text
        [path] = re.findall(r"(/me/[\w-]+)<", page)
        assert "<svg" in page
        assert "Go on with your chat" in laptop.looks(path)
        token = path.removeprefix("/me/")
        assert "What would you like to drink?" in laptop.http.post("/me", data={"token": token}).text
        assert thief.http.post("/me", data={"token": token}).status_code == 410
        laptop.looks()
        laptop.presses("Tea")
        assert "What would you like with it?" in phone.looks()

        [other_path] = re.findall(r"(/me/[\w-]+)<", phone.http.post("/device/link").text)
        phone.http.post("/device/others")
        assert "has ended here" in laptop.looks()
        assert thief.http.post("/me", data={"token": other_path.removeprefix("/me/")}).status_code == 410
        phone.looks()
        phone.presses("Milk")
        assert "✓ Milk" in phone.page
        phone.http.post("/device/out")
        assert "✓ Milk" not in phone.looks()


def test_whoever_was_erased_starts_anew(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        old = family.http.cookies["yousaid"]
        with writing(engine) as session:
            session.execute(delete(Person))
        assert "has ended here" in family.looks()
        assert "yousaid" not in family.http.cookies
        family.says("picnic")
        assert family.http.cookies["yousaid"] != old


def test_the_language_of_the_device_unless_another_is_chosen(served: Served) -> None:
    with Visitor(served.address) as family:
        family.http.headers["Accept-Language"] = "xx, en-GB;q=0.8"
        assert '<html lang="en" dir="ltr">' in family.looks()


def stream(served: Served, cookie: str, since: str) -> list[dict[str, object]]:
    """The first news on a page's open line."""
    headers = {"Cookie": f"yousaid={cookie}", "Last-Event-ID": since, **FROM_HERE}
    with httpx.stream("GET", f"{served.address}/events", headers=headers, timeout=PATIENCE) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        for line in response.iter_lines():
            if line.startswith("data: "):
                return list(json.loads(line.removeprefix("data: ")).get("entries", []))
    return []


def test_what_came_while_a_page_was_away_is_told_when_it_comes_back(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        [position] = re.findall(r'data-position="(\d+)"', family.page)
        served.stop()
        with writing(engine) as session:
            address = session.scalars(select(Address)).one()
            # Announced long ago and sent only now: its number and its due time are older than what was seen last.
            late = send(session, address, Message("A reminder."), Class.REMINDER, due=now() - timedelta(hours=3))
            send(session, address, Message("Not before tomorrow."), Class.REMINDER, due=now() + timedelta(days=1))
            session.flush()
            key = f"m-{late.id}"
        served.start()
        entries = stream(served, family.http.cookies["yousaid"], position)
        while key not in [entry["key"] for entry in entries]:
            entries = stream(served, family.http.cookies["yousaid"], position)
        family.looks()
        assert family.lines[-1] == "A reminder."
        assert stream(served, "nobody", position) == []


def test_somebody_reads_what_was_sent_to_them_alone(served: Served, engine: Engine) -> None:
    with Visitor(served.address) as family, Visitor(served.address) as other:
        family.says("picnic")
        other.says("picnic")
        with writing(engine) as session:
            stranger = meet(session, "web", "another-key")
            send(session, stranger, Message("For somebody else."), Class.RECEIPT)
        served.ring()
        assert "For somebody else" not in family.looks() + other.looks()


@pytest.mark.parametrize("old", ["a:1:drink:juice", "a:999:x:y", "s:gone:x=1", "nonsense", "c:menu"])
def test_old_buttons_act_or_explain(served: Served, old: str) -> None:
    with Visitor(served.address) as family:
        family.says("picnic")
        family.presses("Tea")
        before = len(family.lines)
        assert family.http.post("/say", data={"ref": "1", "tap": old}).status_code == 200
        family.looks()
        assert len(family.lines) > before


def test_what_a_button_below_says_is_not_said_above_it_as_well() -> None:
    text = "Kitchen\nHelps with: lunch.\nPhone: 01632 960123\nWeb: example.org/lunch\nRing 01632 960123 before ten, and ask for lunch."
    card = Card("Kitchen (upstairs)", "01632 960123")
    message = Message(text, (Button("Open web page", url="https://example.org/lunch/"),), card=card)
    assert without_repeats(message) == "Kitchen\nHelps with: lunch.\nRing 01632 960123 before ten, and ask for lunch."
    assert is_named(message)
    assert without_repeats(Message(text)) == text


def test_addresses_and_numbers_in_plain_text_can_be_pressed() -> None:
    text = "See https://example.org/a?b=1&c=2. Or www.example.org/x, or ring 0161 496 0123 (not 2026-11-10)."
    assert str(linked(text)) == (
        'See <a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">'
        "https://example.org/a?b=1&amp;c=2</a>. "
        'Or <a href="https://www.example.org/x" target="_blank" rel="noopener noreferrer nofollow">'
        'www.example.org/x</a>, or ring <a href="tel:01614960123" dir="ltr">0161 496 0123</a> (not 2026-11-10).'
    )
    assert 'href="tel:999"' in str(linked("Emergency services: 999\nThen wait."))
    assert 'href="tel:116123"' in str(linked("Samaritans: 116 123"))
    assert "tel:" not in str(linked("It takes 999 days: 111 of them are school days."))
    assert "<script>" not in str(linked('https://x.org/"><script>'))
    assert safe_url("javascript:alert(1)") == ""
    assert [dialled(phone) for phone in ("0161 496 0123", "+44 (0)161 496 0123", "text HELLO to 85258")] == [
        "01614960123",
        "+441614960123",
        "",
    ]


def test_an_urdu_line_that_begins_with_a_latin_name_begins_at_the_right() -> None:
    with speaking("ur"):
        assert linked("SEND پر مفت مشورہ\nScope\nفون کریں") == "\u200fSEND پر مفت مشورہ\nScope\nفون کریں"
    with speaking("en"):
        assert linked("SEND advice") == "SEND advice"
