"""Defences taken away one at a time: a test that stays green without the thing it is there for is no test of it.

    python -m tests.faults.sabotage                all of them, as a table
    python -m tests.faults.sabotage "inbox key"    those with any of these in their name
    python -m tests.faults.sabotage --from 31      from the 31st of the list on

The tree is copied to a temporary folder. There the tests of a defence run with everything in place, and must be green;
then one place is changed, and they must be red; then it is put back.
"""

from __future__ import annotations

import argparse
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
        # What was green in it already while everything was in place: database and test.
        self.green = set[tuple[str, str]]()
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


def not_green(tree: Tree, defence: Defence) -> str:
    """Empty when its tests are green while nothing is taken away; else what is wrong. Those seen before are not run."""
    needed = [test for test in defence.tests if (defence.database, test) not in tree.green]
    if needed:
        done = tree.run(needed, defence.database)
        if done.returncode != 0:
            return f"not green with it: {last_line(done)}"
        tree.green |= {(defence.database, test) for test in needed}
    return ""


def not_red(tree: Tree, defence: Defence) -> str:
    """Empty when a test fails without it; else what is wrong. Raises `NotThere`.

    A test fails with exit code 1. That it could not be found or read (2, 4, 5) proves nothing."""
    with tree.without(defence):
        done = tree.run(defence.tests, defence.database)
    return "" if done.returncode == 1 else last_line(done)


def not_noticed(tree: Tree, defence: Defence) -> str:
    """Empty when its tests are green with it and red without it; else what is wrong."""
    try:
        return not_green(tree, defence) or not_red(tree, defence)
    except NotThere as problem:
        return str(problem)


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """What failed, or how it ended."""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return (failed or lines or [f"exit {done.returncode}"])[-1]


def main(*arguments: str) -> int:
    """Prints a table as Markdown, a line at a time; returns how many were not noticed."""
    from tests.faults.defences import DEFENCES

    parser = argparse.ArgumentParser(prog="python -m tests.faults.sabotage")
    parser.add_argument("words", nargs="*", help="only those with any of these in their name")
    parser.add_argument("--from", type=int, default=1, dest="first", help="from this one of the list on")
    wanted = parser.parse_args(arguments)
    words, rest = wanted.words, DEFENCES[max(wanted.first, 1) - 1 :]
    chosen = [one for one in rest if not words or any(word in one.name for word in words)]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="yousaid-sabotage-") as folder:
        tree = Tree(Path(folder))
        print("| defence taken away | where | red? |\n|---|---|---|", flush=True)
        for defence in chosen:
            trouble = not_noticed(tree, defence)
            missed += bool(trouble)
            print(f"| {defence.name} | `{defence.file}` | {trouble or 'yes'} |", flush=True)
    print(f"\n{len(chosen) - missed} of {len(chosen)} noticed")
    return missed


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
