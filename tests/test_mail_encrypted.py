"""E-mail about alerts over an encrypted line, with a login, as a council's own server wants it: real TLS, real SMTP.

Certificates are made for each run; who signed them is trusted as an administrator would have it, by SSL_CERT_FILE.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlalchemy import Engine

from bot.channels.outcome import NotSent, Sent
from bot.mail import LATER_SECONDS, Mail, MailServer
from handlers.alarm import alert_again
from models.alert import Alert, nobody_has
from models.database import now
from models.partnership import Partnership
from tests import company
from tests.company import family, with_a_team
from tests.talk import Talk
from tests.test_mail import KEY, SENDER, WORDS, Postbox, free_port, goes_round, with_mail

# The library counts STARTTLS alone as TLS, and warns of a server that is encrypted from its first byte.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
    # A line that was refused is put down in the event loop's next round, and each letter of a test has a loop of its own.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

# Not one of this machine's own names for itself: here nothing may go in clear.
HOST = "127.0.0.2"
USER, PASSWORD = "yousaid@example.org", "a long secret"


@pytest.fixture(autouse=True)
def _what_is_left_is_this_tests() -> Iterator[None]:
    yield
    gc.collect()


class Doors:
    """Who came in, and with what."""

    def __init__(self) -> None:
        self.logins: list[tuple[str, bool]] = []
        self.encrypted: list[bool] = []

    def __call__(self, _server: Any, session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        self.logins.append((data.login.decode(), right))
        self.encrypted.append(session.ssl is not None)
        return AuthResult(success=right, handled=right)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server's certificate from it for HOST, and one for another machine."""
    if shutil.which("openssl") is None:
        pytest.skip("certificates are made with openssl, and there is none here")
    folder = tmp_path_factory.mktemp("papers")
    _openssl(folder, "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "36500", "-subj", "/CN=An authority",
             "-keyout", "ca.key", "-out", "ca.pem", "-addext", "basicConstraints=critical,CA:TRUE",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    for name, where in (("server", HOST), ("other", "127.0.0.9")):
        _openssl(folder, "req", "-nodes", "-newkey", "rsa:2048", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                 "-out", f"{name}.csr")  # fmt: skip
        (folder / f"{name}.ext").write_text(f"subjectAltName=IP:{where}\nbasicConstraints=CA:FALSE\n")
        _openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                 "-days", "36500", "-extfile", f"{name}.ext", "-out", f"{name}.pem")  # fmt: skip
    return folder


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture
def _trusted(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(papers / "ca.pem"))


@contextmanager
def opened(
    papers: Path, box: Postbox, doors: Doors, *, paper: str = "server", tls: bool = False
) -> Iterator[MailServer]:
    """A server that takes nothing in clear and nothing without a login. `tls`: from the first byte, else STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers / f"{paper}.pem", papers / f"{paper}.key")
    encrypted: dict[str, Any] = (
        {"ssl_context": context, "auth_require_tls": False}
        if tls
        else {"tls_context": context, "require_starttls": True}
    )
    controller = Opening(
        box, hostname=HOST, port=free_port(), authenticator=doors, auth_required=True, ready_timeout=20, **encrypted
    )
    controller.start()
    try:
        yield MailServer(HOST, controller.port, SENDER, tls=tls, user=USER, password=PASSWORD)
    finally:
        controller.stop()


class Opening(Controller):
    """The server knocks at its own door once it is open; the library would do so as if it were a server itself."""

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), 20) as knock:
            if self.ssl_context is None:
                knock.recv(1024)
                return
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with context.wrap_socket(knock) as encrypted:
                encrypted.recv(1024)


def deliver(server: MailServer) -> Any:
    return asyncio.run(Mail(server, seconds=10).deliver(KEY, WORDS, None, None))


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("tls", [False, True])
def test_it_is_handed_in_encrypted_and_with_a_login(papers: Path, tls: bool) -> None:
    box, doors = Postbox(), Doors()
    with opened(papers, box, doors, tls=tls) as server:
        assert isinstance(deliver(server), Sent)
        assert asyncio.run(Mail(server, seconds=10).try_out()) == ""
    assert [letter["To"] for letter in box.letters] == ["duty@example.org"]
    assert doors.logins == [(USER, True)] * 2
    if not tls:
        assert doors.encrypted == [True] * 2


@pytest.mark.usefixtures("_trusted")
def test_a_wrong_password_is_no_mailbox_that_is_gone_and_doctor_says_so(papers: Path) -> None:
    box, doors = Postbox(), Doors()
    with opened(papers, box, doors) as right:
        server = replace(right, password="another")
        outcome = deliver(server)
        assert isinstance(outcome, NotSent)
        assert (outcome.blocked, outcome.refused, outcome.retry_after) == (False, False, LATER_SECONDS)
        assert "another" not in outcome.reason
        assert asyncio.run(Mail(server, seconds=10).try_out()) == "SMTPAuthenticationError"
    assert box.letters == []


@pytest.mark.parametrize("tls", [False, True])
def test_a_certificate_that_nobody_knows_gets_neither_the_password_nor_the_words(papers: Path, tls: bool) -> None:
    box, doors = Postbox(), Doors()
    with opened(papers, box, doors, tls=tls) as server:
        outcome = deliver(server)
        assert isinstance(outcome, NotSent)
        assert not outcome.blocked
        assert asyncio.run(Mail(server, seconds=10).try_out()) != ""
    assert (box.letters, doors.logins) == ([], [])


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("tls", [False, True])
def test_nor_does_one_that_is_another_machines(papers: Path, tls: bool) -> None:
    box, doors = Postbox(), Doors()
    with opened(papers, box, doors, paper="other", tls=tls) as server:
        assert isinstance(deliver(server), NotSent)
    assert (box.letters, doors.logins) == ([], [])


@pytest.fixture
def parent(engine: Engine, tameside: Partnership, clock: time_machine.Traveller) -> Talk:
    return family(Talk(engine, with_a_team(tameside, mails=True), clock))


@pytest.mark.usefixtures("_trusted")
@pytest.mark.both_databases
def test_while_the_mail_server_is_away_for_an_hour_the_chat_tells_and_then_one_letter_comes(
    parent: Talk, papers: Path
) -> None:
    box = Postbox()
    with opened(papers, box, Doors()) as server:
        first = company.on_duty(parent, "11")
        with_mail(parent, first, server, box, "one@example.org")
        box.letters.clear()
        first.shown()
        away = replace(server, port=free_port())
        parent("> tell us\n...\n> two minutes\n...\n> school\n...")
        parent.types("I want to kill myself")
        [alert] = parent.kept(Alert)
        in_the_chat = 0
        for minute in range(0, 61, 5):
            with parent.writing() as session:
                alert_again(session, parent.partnership, now())
            goes_round(parent, away)
            in_the_chat += sum("at risk" in line for line in first.shown())
            assert in_the_chat == 1 + minute // 15
            parent("(later 5 minutes)")
        assert box.letters == []
        parent("(later 5 minutes)")
        goes_round(parent, server)
        # It was to be told five times: one letter says all of it, and its link is good.
        assert [str(one["Subject"]) for one in box.letters] == [f"YouSaid: Alert {alert.code}"]
        with parent.writing() as session:
            assert [one.code for one in nobody_has(session)] == [alert.code]
