"""A small slice of the bench: it still walks through what is there to say, and every reply is the one that belongs to
it. Never a duration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.speed import PROJECT, ours
from tests.faults.program import free_port


@pytest.mark.parametrize("walk", ["telling", "looking"])
def test_several_people_walk_through_it_and_nobody_is_left_unanswered(tmp_path: Path, walk: str) -> None:
    load = [sys.executable, "-m", "tests.standin.load", "--people", "4", "--messages", "80", "--seconds", "120"]
    walks = ["--warm-up", "0.1", "--patience", "60", "--walk", f"tests/bench/walks/{walk}.txt"]
    done = subprocess.run(
        [*load, *walks, "--", sys.executable, "-m", "bot", "serve"],
        cwd=PROJECT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert (report["lost"], report["lost_at"]) == (0, "")
    assert report["messages"] >= 80


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, **ours(folder, PORT=str(free_port()))}
