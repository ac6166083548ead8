"""Identifiers that lead to nobody, planted into words by a seed: what is published must come out without them.

Telephone numbers come from Ofcom's ranges for drama, NHS numbers from the range kept for tests (999), postcodes from
districts that do not exist (99); the names are put together from a list.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = "Tyler Jakub Aisha Mohammed Chloe Zosia Oliver Priya Callum Hania Ibrahim Megan Kacper Zainab Ellis".split()
LAST = "Nowak Hussain Pickering Wolczak Okafor Hargreaves Lisowska Chaudhry Bramwell Ogden Siddiqui Tattersall".split()


@dataclass(frozen=True, slots=True)
class Planted:
    """`text` holds `secrets`: each must not be seen by anybody it is not meant for."""

    text: str
    secrets: tuple[str, ...]


def planted(many: int, seed: int = 500) -> list[Planted]:
    drawn = random.Random(seed)
    kinds = (_phone, _nhs, _postcode, _email, _name, _born)
    return [Planted(*next(kinds[place % len(kinds)](drawn))) for place in range(many)]


def _phone(drawn: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    number = drawn.choice(["07700 900", "01632 960", "0161 496 0", "020 7946 0"]) + f"{drawn.randrange(1000):03}"
    yield f"Nobody rings back. My number is {number} so please ring.", (number,)


def _nhs(drawn: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    while True:
        nine = f"999{drawn.randrange(10**6):06}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        if check != 10:
            number = f"{nine[:3]} {nine[3:6]} {nine[6:]}{check % 11}"
            yield f"They lost the letter for NHS number {number} again.", (number,)


def _postcode(drawn: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    code = f"{drawn.choice(['OL', 'SK', 'WA', 'M'])}99 {drawn.randrange(1, 10)}{drawn.choice('ABDEFGHJLN')}{drawn.choice('PQRSTUWXYZ')}"
    yield f"The bus does not come to {code} any more.", (code,)


def _email(drawn: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    address = f"{drawn.choice(FIRST).lower()}.{drawn.choice(LAST).lower()}{drawn.randrange(1000)}@example.com"
    yield f"Please write to {address} about the plan.", (address,)


def _name(drawn: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    first, last = drawn.choice(FIRST), drawn.choice(LAST)
    before = drawn.choice(["My son", "My daughter", "our son", "my child"])
    yield f"{before} {first} {last} has waited for a year.", (first, last)


def _born(drawn: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    day = f"{drawn.randrange(1, 29):02}/{drawn.randrange(1, 13):02}/{drawn.randrange(2008, 2022)}"
    yield f"He was born {day} and still has no plan, dob {day}.", (day,)
