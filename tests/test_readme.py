"""The conversation that opens the README is one that can be held."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.partnership import load_rows
from tests.company import family, references_in_order
from tests.talk import Talk

README = Path(__file__).parent.parent / "README.md"


def test_the_readme_opens_with_a_real_conversation(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    references_in_order(monkeypatch)
    with talk.writing() as session:
        load_rows(session, talk.partnership.area)
    family(talk)
    found = re.search(r"```\n(> .*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    talk(found[1])


def test_the_two_commands_are_in_the_readme_and_in_the_makefile() -> None:
    makefile = (README.parent / "Makefile").read_text()
    for command in ("start", "test"):
        assert f"    make {command}\n" in README.read_text(encoding="utf-8")
        assert re.search(rf"^{command}:.*## ", makefile, re.MULTILINE)
