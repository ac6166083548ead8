"""A defence is taken away, and a test must notice: one of the list in `make test`, as many as there is time for in full.

`make sabotage` takes them all."""

from __future__ import annotations

import random

import pytest

from tests.faults.conftest import Trials
from tests.faults.defences import DEFENCES
from tests.faults.ready import PROJECT
from tests.faults.sabotage import Defence, Tree, not_noticed, not_red

# For the slice: those whose tests take seconds.
QUICK = (
    "inbox key",
    "a publication of unknown fate never repeats",
    "alerts and replies are taken first",
    "an invite works once",
    "who shut us out is marked",
    "what points to a person is masked in public",
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("sabotage"))


def test_every_defence_on_the_list_is_where_the_list_says() -> None:
    assert len(DEFENCES) >= 25
    assert len({one.name for one in DEFENCES}) == len(DEFENCES)
    for one in DEFENCES:
        assert (PROJECT / one.file).read_text().count(one.text) == 1, one.name
        for test in one.tests:
            file, _colons, name = test.partition("::")
            assert f"def {name}" in (PROJECT / file).read_text(), test


def test_without_a_defence_its_test_is_red(tree: Tree, trials: Trials) -> None:
    chance = random.Random(trials.seed)
    chosen = chance.sample(DEFENCES, len(DEFENCES)) if trials.long else [chance.choice(quick())]
    told = dict[str, str]()
    for one in chosen:
        if trials.time_is_up:
            break
        told[one.name] = not_noticed(tree, one)
    missed = {name: trouble for name, trouble in told.items() if trouble}
    trials.tell("a defence taken away", f"{len(told)} of {len(DEFENCES)}, {len(missed)} not noticed")
    assert missed == {}


def quick() -> list[Defence]:
    return [one for one in DEFENCES if one.name in QUICK]


def test_the_harness_knows_a_test_that_proves_nothing(tree: Tree) -> None:
    """A change that no test minds is told as one."""
    harmless = Defence(
        "a word in a docstring",
        "models/stopping.py",
        "No messages from now on.",
        "No messages from here on.",
        ("tests/test_post.py::test_nothing_goes_before_it_is_due",),
    )
    assert not_red(tree, harmless) != ""
