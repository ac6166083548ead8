"""What a process does before the first message, so that nobody waits for it."""

from __future__ import annotations

import threading

import pytest

from bot.warm import bank_holidays_of, talk_to_itself
from models.partnership import Partnership
from models.promise import looked_up


def test_it_goes_the_ways_that_most_people_go(tameside: Partnership) -> None:
    """In a thread of its own, as in a process."""
    answered: list[str] = []
    thread = threading.Thread(target=lambda: answered.extend(talk_to_itself(tameside)))
    thread.start()
    thread.join()
    for reply in ("Your reference is", "Your things.", "There are no meetings here", "What would you like to do?"):
        assert any(reply in one for one in answered), reply
    assert not any("something went wrong" in one or "did not understand" in one for one in answered)


@pytest.mark.parametrize("year", [2026, 2027])
def test_another_process_knows_the_same_bank_holidays(year: int) -> None:
    assert bank_holidays_of(year)[year] == looked_up(year)
