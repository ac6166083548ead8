"""The hour that happens twice, the hour that never happens, clocks that jump by a day, and three days without the machine.

Minute by minute: each reminder and each publication reaches each phone once, at its time, never in the quiet hours and
never when it is over.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import Engine

from bot.sweeps import SWEEPS
from models.partnership import Partnership
from tests.faults.conftest import Trials
from tests.faults.hands_of_the_clock import A_DAY, A_MINUTE, AN_HOUR, LONDON, SOME, Hands, wall
from tests.standin import BotApi

FORWARD, BACK = datetime(2027, 3, 28, 1, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
CHANGES = pytest.mark.parametrize("change", [FORWARD, BACK], ids=["forward", "back"])
# The usual night, and one that ends in the middle of the hour that happens twice, or never.
NIGHTS = pytest.mark.parametrize("quiet", [(time(21), time(8)), (time(23), time(1, 30))], ids=["21-8", "23-1.30"])
EVENING = timedelta(minutes=15)


def minutes(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += A_MINUTE


def around(change: datetime, quiet: tuple[time, time], trials: Trials) -> tuple[datetime, datetime]:
    """A day and a half; a slice is from an hour before the night until an hour after it."""
    if trials.long:
        return change - 12 * AN_HOUR, change + 24 * AN_HOUR
    return (
        (change - 5 * AN_HOUR, change + 8 * AN_HOUR)
        if quiet[0].hour == 21
        else (change - 3 * AN_HOUR, change + 2 * AN_HOUR)
    )


def worth_a_look(hands: Hands, first: datetime, last: datetime, trials: Trials) -> Iterator[datetime]:
    """Every minute; of a slice, in the depth of the night, every tenth."""
    for place, moment in enumerate(minutes(first, last)):
        deep = all(hands.quiet(moment + minute * A_MINUTE) for minute in (-3, 0, 3))
        if trials.long or not deep or place % 10 == 0:
            yield moment


@CHANGES
@NIGHTS
def test_reminders_minute_by_minute(
    api: BotApi,
    engine: Engine,
    tameside: Partnership,
    trials: Trials,
    change: datetime,
    quiet: tuple[time, time],
) -> None:
    first, last = around(change, quiet, trials)
    every = timedelta(minutes=trials.many(30, 10))
    with time_machine.travel(first - A_DAY, tick=False) as clock:
        hands = Hands(engine, api, tameside, clock, quiet)
        starts: dict[int, datetime] = {}
        moment = first + AN_HOUR
        while moment < last + A_DAY:
            number = 100 + len(starts)
            hands.family(number)
            hands.meets(f"Meeting {number}.", moment, [number])
            starts[number] = moment
            moment += every

        async def go() -> None:
            async with hands:
                for moment in worth_a_look(hands, first, last, trials):
                    clock.move_to(moment)
                    await hands.minute()

        asyncio.run(go())
    wrong = [
        f"{number} at {wall(at)}: {problem}" for number, at in starts.items() for problem in judged(hands, number, at)
    ]
    trials.tell(
        f"reminders over the hour {'forward' if change == FORWARD else 'back'}, quiet {quiet[0]:%H:%M}–{quiet[1]:%H:%M}",
        f"{hands.minutes} minutes, {len(starts)} meetings, {len(hands.arrivals)} reminders",
        lost=len(wrong),
    )
    assert wrong == []
    assert len(hands.arrivals) > len(starts) // 2
    assert [one for one in hands.arrivals if hands.quiet(one.at)] == []


def judged(hands: Hands, number: int, starts: datetime) -> Iterator[str]:
    """What is wrong with the reminders of one meeting, in the words of the rule and not by its code."""
    came = hands.told(number, f"Meeting {number}.")
    if [at for at in came if at >= starts]:
        yield "after it began"
    if len(set(came)) < len(came):
        yield "twice"
    first, last = hands.arrivals[0].at.replace(hour=0) - A_DAY, max(one.at for one in hands.arrivals)
    day, clock = wall(starts)
    day_before = datetime.combine(day - A_DAY, clock, LONDON)
    two_hours = starts - 2 * AN_HOUR
    for what, due in (("a day", day_before.astimezone(UTC)), ("two hours", two_hours)):
        if not first < due <= last or due >= starts:
            continue
        yield from _said_at(hands, came, what, due, starts)


def _said_at(hands: Hands, came: list[datetime], what: str, due: datetime, starts: datetime) -> Iterator[str]:
    begun = min(one.at for one in hands.arrivals)
    if due < begun:
        return  # it was due before we looked
    if not hands.quiet(due):
        if due not in came:
            yield f"{what} before is {wall(due)}, and nothing came then but at {[wall(at) for at in came]}"
        return
    morning, evening = due, due
    while hands.quiet(morning):
        morning += A_MINUTE
    while hands.quiet(evening):
        evening -= A_MINUTE
    by_day = what == "a day" and morning < starts
    good = [at for at in came if at == morning or (not by_day and evening - EVENING <= at <= evening)]
    if not good and begun < evening - EVENING and morning < max(one.at for one in hands.arrivals):
        yield f"{what} before falls into the night, and nothing came around it but at {[wall(at) for at in came]}"


@CHANGES
@NIGHTS
def test_publications_minute_by_minute(
    api: BotApi,
    engine: Engine,
    tameside: Partnership,
    trials: Trials,
    change: datetime,
    quiet: tuple[time, time],
) -> None:
    first, last = around(change, quiet, trials)
    people = range(100, 103)
    with time_machine.travel(first - A_DAY, tick=False) as clock:
        hands = Hands(engine, api, tameside, clock, quiet)
        for number in people:
            hands.family(number)
        due: dict[str, datetime] = {}
        for place, moment in enumerate(minutes(first, last - (9 if trials.long else 1) * AN_HOUR)):
            if place % trials.many(60, 15) == 7:
                due[f"News {place}."] = moment
                hands.publishes(f"News {place}.", moment)

        async def go() -> None:
            async with hands:
                for moment in worth_a_look(hands, first, last, trials):
                    clock.move_to(moment)
                    await hands.minute()

        asyncio.run(go())
    wrong = []
    for text, at in due.items():
        morning = at
        while hands.quiet(morning):
            morning += A_MINUTE
        wrong += [
            (text, number, hands.told(number, text)) for number in people if hands.told(number, text) != [morning]
        ]
    trials.tell(
        f"publications over the hour {'forward' if change == FORWARD else 'back'}, quiet {quiet[0]:%H:%M}–{quiet[1]:%H:%M}",
        f"{hands.minutes} minutes, {len(due)} publications to {len(people)}",
        lost=sum(not came for _text, _number, came in wrong),
        twice=sum(len(came) > 1 for _text, _number, came in wrong),
    )
    assert wrong == []


def test_whatever_the_clock_does_nobody_is_told_twice_at_night_or_too_late(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    """Minutes, hours, a day forward, a day back, three days without the machine, restarts; over two weeks with a change
    of the hour in them."""
    chance = random.Random(trials.seed)
    moves, jumps, days_off = trials.many(200, 8_000), 0, 0
    begin = BACK - 5 * A_DAY
    families = range(100, 104)
    with time_machine.travel(begin, tick=False) as clock:
        hands = Hands(engine, api, tameside, clock, (time(21), time(8)), SWEEPS if trials.long else SOME)
        for number in families:
            hands.family(number)
        meetings, news = dict[str, datetime](), dict[str, datetime]()
        for number in range(trials.many(40, 400)):
            starts = begin + A_DAY + timedelta(minutes=chance.randrange(60 * 24 * trials.many(14, 90)))
            meetings[f"Meeting {number}."] = starts
            hands.meets(f"Meeting {number}.", starts, families)
        for number in range(trials.many(10, 60)):
            news[f"News {number}."] = begin + timedelta(minutes=chance.randrange(60 * 24 * trials.many(14, 90)))
            hands.publishes(f"News {number}.", news[f"News {number}."])
        looked: list[datetime] = []

        async def go() -> None:
            nonlocal jumps, days_off
            moment = begin
            async with hands:
                for _move in range(moves):
                    roll = chance.random()
                    if roll < 0.03:
                        moment += chance.choice((A_DAY, -A_DAY))
                        jumps += 1
                    elif roll < 0.04:
                        await hands.stop()
                        moment += 3 * A_DAY
                        days_off += 1
                        clock.move_to(moment)
                        await hands.start()
                    else:
                        moment += A_MINUTE * chance.choice((1, 1, 5, 15, 60, 90))
                    clock.move_to(moment)
                    await hands.minute()
                    looked.append(moment)
                    if trials.time_is_up:
                        break
                for _hour in range(48):  # to an end, by day and by night
                    moment += AN_HOUR
                    clock.move_to(moment)
                    await hands.minute()
                    looked.append(moment)

        asyncio.run(go())
    awake = [at for at in looked if not hands.quiet(at)]
    missed, twice, late = [], [], []
    for title, starts in meetings.items():
        in_time = [at for at in awake if starts - A_DAY <= at < starts]
        for number in families:
            came = hands.told(number, title)
            # A week, a day and two hours before; each of them once.
            twice += [(title, number, came)] if len(came) > 3 else []
            late += [(title, number, at) for at in came if at >= starts]
            missed += [(title, number)] if in_time and not came else []
    for text, at in news.items():
        went = any(one >= at for one in awake)
        for number in families:
            came = hands.told(number, text)
            twice += [(text, number, came)] if len(came) > 1 else []
            missed += [(text, number)] if went and not came else []
    trials.tell(
        "jumps of a day either way, three days off, restarts",
        f"{len(looked)} moves, {jumps} jumps, {days_off} times off; {len(meetings)} meetings, {len(news)} publications",
        lost=len(missed),
        twice=len(twice),
    )
    assert missed == []
    assert twice == []
    assert late == []
    assert [one for one in hands.arrivals if hands.quiet(one.at)] == []


@CHANGES
def test_the_machine_is_off_for_three_days_over_the_change(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials, change: datetime
) -> None:
    """Off at any hour, and on again three days later, with reminders due: one for what is ahead, none for what is over."""
    wrong, tried = [], 0
    hours = range(0, 72, trials.many(24, 3))
    with time_machine.travel(change - 12 * A_DAY, tick=False) as clock:
        hands = Hands(engine, api, tameside, clock, (time(21), time(8)))
        for hour in hours:
            off = change - 2 * A_DAY + hour * AN_HOUR
            on = off + 3 * A_DAY
            clock.move_to(off - 8 * A_DAY)
            number = 100 + hour
            hands.family(number)
            # Reminders of all of them fall into the three days; the first two are over when it is on again.
            over, ahead = [off + 5 * AN_HOUR, on - AN_HOUR], [on + 13 * AN_HOUR, on + 23 * AN_HOUR]
            for place, starts in enumerate((*over, *ahead)):
                hands.meets(f"Meeting {number}.{place}.", starts, [number])

            async def go(off: datetime = off, on: datetime = on) -> None:
                async with hands:
                    for at in (off - 7 * A_DAY + 12 * AN_HOUR, off - A_MINUTE):
                        clock.move_to(at)
                        await hands.minute()
                async with hands:
                    for minute in range(0, 11 * 60, 10):
                        clock.move_to(on + minute * A_MINUTE)
                        await hands.minute()

            asyncio.run(go())
            tried += 1
            for place, starts in enumerate((*over, *ahead)):
                came = [at for at in hands.told(number, f"Meeting {number}.{place}.") if at >= on]
                # What comes two hours before may be due once it is on again: before the night, where it would fall into it.
                own = starts - 2 * AN_HOUR
                while hands.quiet(own):
                    own -= A_MINUTE
                late = [at for at in came if at < own - EVENING]
                if (len(late), len(came) > len(late) + 1) != (1, False) if place >= 2 else came:
                    wrong.append((number, place, wall(off), [wall(at) for at in came]))
    kind = "forward" if change == FORWARD else "back"
    trials.tell(f"three days off over the hour {kind}", f"{tried} times, {4 * tried} meetings", lost=len(wrong))
    assert wrong == []
    assert [one for one in hands.arrivals if hands.quiet(one.at)] == []
    assert all(one.at <= other.at for one, other in pairwise(hands.arrivals) if one.chat == other.chat)


def test_a_clock_that_was_a_day_ahead_for_a_moment_costs_nobody_a_reminder(
    api: BotApi, engine: Engine, tameside: Partnership, trials: Trials
) -> None:
    starts = datetime(2026, 11, 11, 14, 0, tzinfo=UTC)
    with time_machine.travel(starts - 20 * AN_HOUR, tick=False) as clock:
        hands = Hands(engine, api, tameside, clock, (time(21), time(8)))
        hands.family(100)
        hands.meets("Cuppa.", starts, [100])

        async def go() -> None:
            async with hands:
                for hours in (20, -4, 20, 2, 1):
                    clock.move_to(starts - hours * AN_HOUR)
                    await hands.minute()

        asyncio.run(go())
    trials.tell("a day ahead and back", "1 meeting", lost=1 - len(hands.told(100, "Cuppa.")))
    assert hands.told(100, "Cuppa.") == [starts - 2 * AN_HOUR]
