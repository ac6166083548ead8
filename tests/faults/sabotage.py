"""Defences taken away one at a time: a test that stays green without the thing it is there for is no test of it.

    python -m tests.faults.sabotage                all of them, as a table
    python -m tests.faults.sabotage "inbox key"    those with any of these in their name

The tree is copied to a temporary folder. There the named tests run with everything in place, and must be green; then
one place is changed, and they must be red; then it is put back.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.ready import PROJECT

# What a tree needs to run its tests; everything else of a working copy is not looked at.
NEEDED = ("areas", "bot", "deploy", "docs", "handlers", "locales", "models", "tests", "Makefile", "README.md",
          "pyproject.toml")  # fmt: skip
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Defence:
    """One defence: where it stands, what stands there without it, and the tests that must notice."""

    name: str
    file: str
    text: str
    without: str
    tests: tuple[str, ...]
    database: str = "sqlite"


class NotThere(Exception):
    """The text of a defence is not in its file, or more than once: the list is older than the code."""


class Tree:
    """A copy of the project, with one defence less at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in NEEDED:
            source = PROJECT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("*.db*", ".pytest_cache"))
            elif source.exists():
                shutil.copy2(source, folder / name)

    @contextmanager
    def without(self, defence: Defence) -> Iterator[None]:
        file = self.folder / defence.file
        whole = file.read_text()
        if whole.count(defence.text) != 1:
            raise NotThere(f"{defence.name}: {whole.count(defence.text)} times in {defence.file}")
        self._put(file, whole.replace(defence.text, defence.without))
        try:
            yield
        finally:
            self._put(file, whole)

    def _put(self, file: Path, text: str) -> None:
        """Python takes a compiled file for new when size and second are the same: it must not find any."""
        file.write_text(text)
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
            compiled.unlink()

    def run(self, tests: Iterable[str], database: str) -> subprocess.CompletedProcess[str]:
        """These tests, in this tree, with this Python."""
        run = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        try:
            return subprocess.run(
                [*run, "--database", database, *tests],
                cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(run, 1, "still running when its time was over\n", "")


def not_green(tree: Tree, defences: Iterable[Defence]) -> str:
    """Empty when all their tests are green while nothing is taken away; else what is wrong."""
    needed: dict[str, dict[str, None]] = {}
    for one in defences:
        needed.setdefault(one.database, {}).update(dict.fromkeys(one.tests))
    for database, tests in needed.items():
        done = tree.run(tests, database)
        if done.returncode != 0:
            return last_line(done)
    return ""


def not_red(tree: Tree, defence: Defence) -> str:
    """Empty when a test fails without it; else what is wrong. Raises `NotThere`.

    A test fails with exit code 1. That it could not be found or read (2, 4, 5) proves nothing."""
    with tree.without(defence):
        done = tree.run(defence.tests, defence.database)
    return "" if done.returncode == 1 else last_line(done)


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """What failed, or how it ended."""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return (failed or lines or [f"exit {done.returncode}"])[-1]


def main(*words: str) -> int:
    """Prints a table as Markdown; returns how many were not noticed."""
    from tests.faults.defences import DEFENCES

    chosen = [one for one in DEFENCES if not words or any(word in one.name for word in words)]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="yousaid-sabotage-") as folder:
        tree = Tree(Path(folder))
        trouble = not_green(tree, chosen)
        print(f"all of them in place: {trouble or 'green'}\n", flush=True)
        print("| defence taken away | where | red? |\n|---|---|---|", flush=True)
        for defence in chosen:
            try:
                missed = not_red(tree, defence)
            except NotThere as problem:
                missed = str(problem)
            wrong += bool(missed)
            print(f"| {defence.name} | `{defence.file}` | {missed or 'yes'} |", flush=True)
    return wrong + bool(trouble)


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
