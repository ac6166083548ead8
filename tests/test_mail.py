"""E-mail to staff on duty, over real SMTP: what arrives, what is refused, what nobody knows, and the link in it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select

from bot.channels.outcome import NotSent, Sent, Unknown
from bot.mail import Mail, MailServer
from bot.post import Post
from bot.settings import Settings
from bot.writer import Writer
from handlers.alarm import alert_again, alert_staff
from models.alert import Alert, AlertLink, Level, alert_by_link, raise_alert
from models.database import now
from models.duty import Order, confirm_email, email_address, give_email
from models.duty.email import key_of
from models.message import Button, Message
from models.outgoing import Outgoing, State
from models.partnership import Partnership
from models.person import reach
from tests import company
from tests.company import family, with_a_team
from tests.patience import PATIENCE
from tests.talk import Talk
from tests.web.serving import serving

WORDS = Message("Alert A7\n\nSomebody may be at risk.", (Button("I have it", url="https://example.org/alert/x"),))
KEY = "7:duty@example.org"
SENDER = "YouSaid <no-reply@example.org>"


class Postbox:
    """What an SMTP server was handed, and how it behaves: `says` answers a command in the place of its own answer."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.says: dict[str, str] = {}
        self.silent = False

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        if self.silent:
            await asyncio.sleep(30)
        if "DATA" in self.says:
            return self.says["DATA"]
        self.letters.append(letter)
        return "250 OK"

    def text(self, number: int = -1) -> str:
        body = self.letters[number].get_body()
        assert body is not None
        return str(body.get_content())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[MailServer]:
    controller = Controller(postbox, hostname="0.0.0.0", port=free_port(), ready_timeout=PATIENCE)
    controller.start()
    yield MailServer("127.0.0.1", controller.port, SENDER)
    controller.stop()


def deliver(server: MailServer, seconds: float = 10) -> Any:
    return asyncio.run(Mail(server, seconds=seconds).deliver(KEY, WORDS, None, None))


def test_a_letter_arrives_with_a_subject_and_a_link_and_nothing_else(server: MailServer, postbox: Postbox) -> None:
    assert isinstance(deliver(server), Sent)
    [letter] = postbox.letters
    assert (letter["To"], letter["Subject"]) == ("duty@example.org", "YouSaid: Alert A7")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert postbox.text().split() == "Somebody may be at risk. I have it: https://example.org/alert/x".split()


@pytest.mark.parametrize(
    ("command", "answer", "blocked", "again"),
    [
        ("RCPT", "550 no such mailbox", True, False),
        ("RCPT", "451 come back later", False, True),
        ("RCPT", "554 you are on a list", False, True),
        ("DATA", "452 the disk is full", False, True),
        ("DATA", "552 too big", False, True),
    ],
)
def test_a_no_of_the_server_is_believed(
    server: MailServer, postbox: Postbox, command: str, answer: str, blocked: bool, again: bool
) -> None:
    postbox.says[command] = answer
    outcome = deliver(server)
    assert isinstance(outcome, NotSent)
    assert (outcome.blocked, outcome.refused) == (blocked, False)
    assert again or outcome.retry_after is None
    assert answer.partition(" ")[2] not in outcome.reason


def test_silence_after_the_words_is_unknown_and_before_them_it_is_not_sent(
    server: MailServer, postbox: Postbox
) -> None:
    postbox.silent = True
    assert isinstance(deliver(server, seconds=0.5), Unknown)
    nobody = replace(server, port=free_port())
    assert isinstance(deliver(nobody), NotSent)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        assert isinstance(deliver(replace(server, port=mute.getsockname()[1]), seconds=0.3), NotSent)


def test_over_a_network_nothing_goes_in_clear(server: MailServer, postbox: Postbox) -> None:
    """This server offers no STARTTLS: by any name but this machine's own it gets nothing."""
    outcome = deliver(replace(server, host="127.0.0.2"), seconds=2)
    assert isinstance(outcome, NotSent)
    assert postbox.letters == []


def test_the_settings_say_what_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    made = MailServer.from_url("smtp://sam%40example.org:p%3Ass@mail.example.org", SENDER)
    assert (made.host, made.port, made.user, made.password, made.tls) == (
        "mail.example.org", 587, "sam@example.org", "p:ss", False,
    )  # fmt: skip
    assert MailServer.from_url("smtps://mail.example.org", SENDER).port == 465
    assert "p:ss" not in repr(made)
    for url, sender in (("http://x", SENDER), ("smtp://", SENDER), ("smtp://mail.example.org", "nobody")):
        with pytest.raises(ValueError, match=r"use smtp|MAIL_FROM"):
            MailServer.from_url(url, sender)
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("MAIL_FROM", SENDER)
    assert Settings().mail_server == MailServer("mail.example.org", 587, SENDER)


# -- in the program


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return family(Talk(engine, with_a_team(tameside, mails=True), clock))


def goes_round(talk: Talk, server: MailServer) -> None:
    """The post sends what e-mail there is to send."""

    async def go() -> None:
        writer = Writer(talk.engine)
        writer.start()
        post = Post(talk.engine, writer, [Mail(server, seconds=2)])
        await post.round()
        await post.idle()
        await asyncio.to_thread(writer.stop)

    asyncio.run(go())


def with_mail(talk: Talk, staff: Talk, server: MailServer, postbox: Postbox, address: str) -> None:
    """They give their duty e-mail in the chat, and type the code that is sent there."""
    staff.hear(tap="s:duty_email")
    staff.shown()
    staff.types(address)
    goes_round(talk, server)
    code = re.search(r"\b\d{6}\b", postbox.text())
    assert code is not None
    staff.types(code[0])
    assert staff.shown()[-1] == f"Thank you. You are now told about alerts here and at {address}."


@pytest.mark.both_databases
def test_an_address_counts_once_the_code_came_back(parent: Talk, server: MailServer, postbox: Postbox) -> None:
    first = company.on_duty(parent, "11")
    first.hear(tap="s:duty_email")
    first.shown()
    first("""
        > not an address
        Sorry, I did not understand. That is no e-mail address. It looks like name@example.org.
        At which e-mail address may I tell you about alerts? No words are sent there.
        > Duty@Example.org
        I have sent a code of six numbers to duty@example.org. Which is it?
        > 12345
        Sorry, I did not understand. The code has six numbers. It is in the e-mail.
        I have sent a code of six numbers to duty@example.org. Which is it?
    """)
    goes_round(parent, server)
    goes_round(parent, server)
    assert len(postbox.letters) == 1  # sent once, whatever was typed
    with parent.writing() as session:
        person = first.person(session)
        assert email_address(session, person) is None
        chat = reach(person)
        assert chat is not None
        assert chat.channel == "terminal"  # no reply ever goes to the mailbox
    first.types("000000" if "000000" not in postbox.text() else "000001")
    assert first.shown()[0].startswith("That is not the code")
    with_mail(parent, first, server, postbox, "duty@example.org")
    with parent.writing() as session:
        address = email_address(session, first.person(session))
        assert address is not None
        assert address.key == key_of(first.person(session).id, "duty@example.org")
    # Two may share a mailbox, and somebody may change theirs.
    with_mail(parent, company.on_duty(parent, "12", Order.SECOND), server, postbox, "duty@example.org")
    with_mail(parent, first, server, postbox, "other@example.org")


@pytest.mark.both_databases
def test_a_code_cannot_be_guessed(parent: Talk) -> None:
    first = company.on_duty(parent, "11")
    with parent.writing() as session:
        given = give_email(session, first.person(session), "duty@example.org")
        assert given is not None
        _address, code = given
    wrong = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, 7)]
    with parent.writing() as session:
        person = first.person(session)
        assert [confirm_email(session, person, one) for one in wrong[:5]] == [False] * 5
        assert not confirm_email(session, person, code)  # too late


@pytest.mark.both_databases
def test_two_ways_and_the_link_stops_it_once(parent: Talk, server: MailServer, postbox: Postbox) -> None:
    first = company.on_duty(parent, "11")
    second = company.on_duty(parent, "12", Order.SECOND)
    with_mail(parent, first, server, postbox, "one@example.org")
    with_mail(parent, second, server, postbox, "two@example.org")
    postbox.letters.clear()
    parent("> tell us\n...\n> two minutes\n...\n> school\n...")
    parent.types("I want to kill myself, said Zebedee")
    goes_round(parent, server)
    parent("(later 15 minutes)")
    with parent.writing() as session:
        assert alert_again(session, parent.partnership, now()) == 1
    goes_round(parent, server)
    postbox.letters.sort(key=lambda letter: str(letter["To"]))  # they go side by side
    assert [letter["To"] for letter in postbox.letters] == ["one@example.org", "one@example.org", "two@example.org"]
    code = parent.kept(Alert)[0].code
    assert {letter["Subject"] for letter in postbox.letters} == {f"YouSaid: Alert {code}"}
    assert not any("Zebedee" in postbox.text(number) or "kill" in postbox.text(number) for number in range(3))
    links = [re.search(r"/alert/\S+", postbox.text(number)) for number in range(3)]
    paths = [found[0] for found in links if found]
    assert len(set(paths)) == 3
    with serving(parent.engine, parent.partnership) as served, httpx.Client(base_url=served.address) as browser:
        for _preview in range(2):  # a program that reads mail opens its links
            page = browser.get(paths[2])
            assert (page.status_code, "I have it" in page.text) == (200, True)
        assert parent.kept(Alert)[0].seen_at is None
        forged = browser.post(paths[2], headers={"Sec-Fetch-Site": "cross-site"})
        assert (forged.status_code, parent.kept(Alert)[0].seen_at) == (403, None)
        assert f"You have alert {code}." in browser.post(paths[2]).text
        assert browser.post(paths[2]).status_code == 404  # once
        assert "A colleague has this alert." in browser.post(paths[0]).text
        assert browser.get("/alert/" + "x" * 43).status_code == 404
    [alert] = parent.kept(Alert)
    with parent.writing() as session:
        assert alert.seen_by == second.person(session).id
    parent("(later 1 hour)")
    with parent.writing() as session:
        assert alert_again(session, parent.partnership, now()) == 0


@pytest.mark.both_databases
def test_a_link_is_good_for_a_day_and_only_for_who_still_may(
    parent: Talk, server: MailServer, postbox: Postbox
) -> None:
    first = company.on_duty(parent, "11")
    with_mail(parent, first, server, postbox, "one@example.org")
    with parent.writing() as session:
        alert_staff(session, parent.partnership, raise_alert(session, parent.person(session).id, level=Level.RED))
    goes_round(parent, server)
    found = re.search(r"/alert/(\S+)", postbox.text())
    assert found is not None
    parent("(later 25 hours)")
    with parent.writing() as session:
        assert alert_by_link(session, found[1]) is None
        assert len(session.scalars(select(AlertLink)).all()) == 1


def test_a_mailbox_that_is_not_there_is_no_second_way_any_more(
    parent: Talk, server: MailServer, postbox: Postbox
) -> None:
    first = company.on_duty(parent, "11")
    with_mail(parent, first, server, postbox, "one@example.org")
    postbox.says["RCPT"] = "550 gone"
    parent("> tell us\n...\n> two minutes\n...\n> school\n...")
    parent.types("I want to kill myself")
    goes_round(parent, server)
    with parent.writing() as session:
        assert email_address(session, first.person(session)) is None
        [row] = [row for row in session.scalars(select(Outgoing)) if row.error]
        assert (row.state, row.error) == (State.NOT_SENT, "SMTPRecipientRefused 550")


def test_a_server_that_is_away_is_asked_again_until_somebody_has_it(
    parent: Talk, server: MailServer, postbox: Postbox
) -> None:
    first = company.on_duty(parent, "11")
    with_mail(parent, first, server, postbox, "one@example.org")
    postbox.letters.clear()
    parent("> tell us\n...\n> two minutes\n...\n> school\n...")
    parent.types("I want to kill myself")
    goes_round(parent, replace(server, port=free_port()))
    parent("(later 1 minute)")
    goes_round(parent, server)
    assert len(postbox.letters) == 1
