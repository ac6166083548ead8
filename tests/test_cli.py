"""What scripts rely on (docs/scripts.md): each command once, as a process of its own, on the real program."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.audit import Audit
from models.database import open_database, reading
from tests.faults.program import Program
from tests.faults.ready import PROJECT
from tests.faults.test_kill import families
from tests.standin import BotApi

TEXT = "The libraries are open on Saturdays again."


class Shell:
    """Runs the program with a database of its own, without Telegram."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "AREA": "tameside",
            "DATABASE_URL": f"sqlite:///{folder / 'yousaid.db'}",
            "TELEGRAM_TOKEN": "",
            "PUBLIC_URL": "https://yousaid.example",
        }

    def __call__(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """What it prints; where it fails, what it says on standard error."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=PROJECT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        return done.stderr if code == 2 else done.stdout


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


def test_who_answers_every_line_with_an_object(shell: Shell) -> None:
    said = shell(
        "who", "--area", "tameside", "--stdin", typed="speech therapy for my son\n\nthe taxi was late again\nqwxyz\n"
    )
    answers = [json.loads(line) for line in said.splitlines()]
    assert [one["q"] for one in answers] == ["speech therapy for my son", "", "the taxi was late again", "qwxyz"]
    assert all(set(one) >= {"q", "route", "contacts", "sure"} for one in answers)
    assert {one["route"] for one in answers} <= {"contact", "feedback", "help", "none"}
    assert (answers[0]["route"], answers[0]["contacts"][0], answers[0]["sure"]) == ("contact", "t-slt", True)
    assert answers[2]["route"] == "feedback"
    assert answers[3]["contacts"] == []


def test_an_invite_is_a_link_that_works_once(shell: Shell) -> None:
    invited: dict[str, Any] = json.loads(shell("invite", "--role", "responder", "--organisation", "nhs", "--json"))
    assert set(invited) >= {"role", "organisation", "expires", "web", "telegram"}
    assert (invited["role"], invited["organisation"], invited["telegram"]) == ("responder", "nhs", None)
    link = invited["web"]
    assert link.startswith("https://yousaid.example/start/inv-")
    payload = link.rsplit("/", 1)[1]
    assert "Welcome. You are now staff" in shell("talk", "--who", "nurse", typed=f"/start {payload}\n")
    assert "This invite does not work." in shell("talk", "--who", "other", typed=f"/start {payload}\n")


def test_a_conversation_can_be_piped_in(shell: Shell) -> None:
    said = shell("talk", typed="hello\nenglish\nparent\nyes\n")
    assert "Which language would you like?" in said
    assert "[A parent or carer]" in said
    assert "[Tell us]" in said


def test_publish_writes_to_everyone_and_counts(tmp_path: Path, api: BotApi) -> None:
    text = tmp_path / "text"
    text.write_text(TEXT)
    with Program(tmp_path, api) as program:
        crowd = families(program, api, 3)
        api.person(crowd[2]).blocks()
        said = json.loads(program.run("publish", "--text-file", str(text), "--to", "everyone", "--yes", "--json"))
        assert said["total"] == said["got"] + said["not_reached"] + said["unknown"] + said["waiting"] + said["dropped"]
        assert (said["got"], said["waiting"], said["unknown"]) == (2, 0, 0)
        assert [sum(TEXT in words for words in api.chat(one).texts) for one in crowd] == [1, 1, 0]
        later = program.run(
            "publish",
            "--text-file",
            str(text),
            "--to",
            "topic:transport",
            "--at",
            "2100-01-01T09:00",
            "--yes",
            "--json",
        )
        assert json.loads(later)["state"] == "scheduled"


def test_what_may_point_to_a_person_is_published_only_when_somebody_says_so(shell: Shell, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("Ring Dave on 07700 900123. The old number is shut.")
    order = ("publish", "--text-file", str(text), "--to", "everyone", "--at", "2100-01-01T09:00", "--yes", "--json")
    refused = shell(*order, code=2)
    assert refused.count("\n") == 1
    assert "“Dave”: a name; “07700 900123”: a phone number" in refused
    assert "--allow-personal-data" in refused
    assert json.loads(shell(*order, "--allow-personal-data"))["state"] == "scheduled"
    engine = open_database(shell.environment["DATABASE_URL"])
    with reading(engine) as session:
        [kept] = session.scalars(select(Audit).where(Audit.deed == "allowed personal data"))
        assert (kept.about, kept.detail, kept.person_id) == ("broadcast:1", "name, phone", None)
    engine.dispose()


def test_an_invite_has_a_link_for_telegram_where_there_is_one(tmp_path: Path, api: BotApi) -> None:
    program = Program(tmp_path, api)
    invited = json.loads(program.run("invite", "--role", "admin", "--json"))
    secret = invited["web"].rsplit("/", 1)[1]
    assert invited["telegram"] == f"https://t.me/standin_bot?start={secret}"


def test_a_backup_is_a_whole_database(shell: Shell, tmp_path: Path) -> None:
    shell("talk", typed="hello\n")
    copy = tmp_path / "copy.db"
    made = json.loads(shell("backup", str(copy), "--json"))
    assert made == {"file": str(copy), "bytes": copy.stat().st_size}
    with sqlite3.connect(copy) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM person").fetchone() == (1,)
    database.close()
    assert shell("backup", str(copy), code=2).count("\n") == 1


def test_the_doctor_names_what_is_not_in_order(shell: Shell) -> None:
    shell("migrate")
    findings = json.loads(shell("doctor", "--json"))
    assert all(set(one) >= {"level", "what", "says"} for one in findings)
    assert {one["level"] for one in findings} <= {"ok", "look"}
    assert {"settings", "database", "migrations", "area", "clock"} <= {one["what"] for one in findings}
    shell.environment["AREA"] = "nowhere"
    findings = json.loads(shell("doctor", "--json", code=1))
    assert [one["what"] for one in findings if one["level"] == "wrong"] == ["settings"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("who", "--area", "nowhere", "--stdin"), "nowhere"),
        (("invite", "--organisation", "nobody"), "council"),
        (("publish", "--text-file", "/nowhere", "--to", "everyone", "--yes"), "/nowhere"),
        (("publish", "--text-file", "LICENSE", "--to", "nobody", "--yes"), "everyone"),
        (("publish", "--text-file", "LICENSE", "--to", "everyone", "--at", "soon", "--yes"), "2027-03-01T18:30"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(shell: Shell, command: tuple[str, ...], why: str) -> None:
    said = shell(*command, code=2)
    assert said.count("\n") == 1
    assert why in said


def test_where_something_else_listens_it_says_so_and_not_that_it_runs(shell: Shell) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        shell.environment["PORT"] = str(other.getsockname()[1])
        said = shell("start", code=2)
    assert "Is it running already? Else set PORT to another number." in said
    assert "is running." not in said
