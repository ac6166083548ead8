"""Many people at once, as they use a chat: each waits for the reply, then taps the first button, else types.

After the last step (a final text, or so many steps) a person sends /start again. With a `walk` they go through a
conversation of its file instead, and each reply must be the one that stands there: one that is missing, wrong or out
of its order is lost. Everything runs on the stand-in's own event loop and puts updates straight into its queue, so
that what is measured is the bot. Latency is what a person feels: from sending until the reply is on the phone.

    python -m tests.standin.load --people 50 --seconds 10 -- python bot.py

The bot after -- is started with TELEGRAM_TOKEN and TELEGRAM_API_URL set, and killed when the run is over.
"""

import argparse
import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvloop

from .api import BotApi
from .judge import Shown
from .people import Person
from .walk import Walk, read_walk

FIRST_ID = 5_000_001  # away from the ids that tests hand out
LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Plan:
    """Who does what, for how long. Times are in seconds; `messages` ends the run early when that many were answered."""

    people: int = 50
    seconds: float = 10.0
    messages: int | None = None
    warm_up: float = 1.0
    steps: int = 6
    final: str | None = None
    types: str = "The taxi was late again."
    settle: float = 0.0  # wait this long for further messages of the same reply before going on
    patience: float = 10.0  # then the message counts as lost, and the person starts again
    first_id: int = FIRST_ID
    walk: str | None = None  # a file of walk.py
    known: bool = False  # they have been through it before, and go on from its last step


@dataclass
class Report:
    """What came of it. `messages` are people's messages that got their reply within the measured time."""

    people: int
    seconds: float
    messages: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    longest_ms: float
    lost: int
    further_messages: int
    standin_processor_share: float
    # With those before the measuring began, but without those after it.
    whole_run_messages: int = 0
    # What a message took of the bot's processor, where its process is known.
    processor_ms: float = 0.0
    calls: dict[str, int] = field(default_factory=dict)
    # The first of those that were lost: the step, and what was on the phone instead.
    lost_at: str = ""


@dataclass(slots=True)
class Walker:
    """One person on the way through the conversation. `said_at` is None while they read."""

    person: Person
    step: int = 0
    said_at: float | None = None
    shown: Shown | None = None
    going_on: asyncio.TimerHandle | None = None


class Load:
    """One run of a plan against the bot that listens to `api`."""

    def __init__(self, api: BotApi, plan: Plan, bot: int | None = None) -> None:
        """`bot`: its process, if its processor time is to be measured."""
        self.api = api
        self.plan = plan
        self.bot = bot
        self.walkers = {
            number: Walker(api.person(number, f"Person {number}"))
            for number in range(plan.first_id, plan.first_id + plan.people)
        }
        self._final = re.compile(plan.final) if plan.final else None
        self._walk: Walk | None = read_walk(plan.walk) if plan.walk else None
        self._latencies: list[float] = []
        self._measuring = False
        self._over = asyncio.Event()
        self._answered = 0
        self._lost = 0
        self._lost_at = ""
        self._further = 0

    async def run(self) -> Report:
        """Runs on the stand-in's event loop."""
        await self._bot_listens()
        world = self.api.world
        world.arrived = self._arrived
        watch = asyncio.create_task(self._watch())
        try:
            for walker in self.walkers.values():
                self._start(walker)
            await asyncio.sleep(self.plan.warm_up)
            before = dict(world.calls.counts)
            started, worked, bot_worked = time.monotonic(), time.thread_time(), processor_seconds(self.bot)
            self._lost = self._further = 0
            self._measuring = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), self.plan.seconds)
            self._measuring = False
            seconds, busy = time.monotonic() - started, time.thread_time() - worked
            bot_worked = processor_seconds(self.bot) - bot_worked
        finally:
            world.arrived = None
            watch.cancel()
        calls = {
            f"{method} {code}": count - before.get((method, code), 0)
            for (method, code), count in sorted(world.calls.counts.items())
            if count > before.get((method, code), 0)
        }
        return self._report(seconds, busy, bot_worked, calls)

    async def _bot_listens(self) -> None:
        updates = self.api.world.updates
        while not (updates.webhook_active or updates.polls):
            await asyncio.sleep(LOOK_SECONDS)

    async def _watch(self) -> None:
        """Whoever waited too long starts again."""
        while True:
            await asyncio.sleep(min(1.0, self.plan.patience))
            too_long_ago = time.monotonic() - self.plan.patience
            for walker in self.walkers.values():
                if walker.said_at is not None and walker.said_at < too_long_ago:
                    self._lost += 1
                    self._lost_at = self._lost_at or self._where(walker)
                    self._start(walker)

    def _where(self, walker: Walker) -> str:
        waited_for = self._walk.steps[walker.step] if self._walk else walker.step
        return f"{walker.person.id} at {waited_for}; on the phone: {walker.shown!r}"

    def _start(self, walker: Walker) -> None:
        if self._walk and (walker.shown is not None or self.plan.known):
            walker.step = len(self._walk.steps) - 1  # the last one leads to where the first one begins
            self._does(walker, self._walk)
            return
        walker.step = 0
        walker.said_at = time.monotonic()
        walker.person.starts()

    def _arrived(self, chat_id: int, shown: Shown) -> None:
        walker = self.walkers.get(chat_id)
        if walker is None:
            return
        walker.shown = shown
        if self._walk and walker.said_at is not None and self._walk.steps[walker.step].reply not in shown.text:
            self._further += 1
            return
        if walker.said_at is None:
            self._further += 1
            if walker.going_on:
                walker.going_on.cancel()
        else:
            self._answered += 1
            if self._measuring:
                self._latencies.append(shown.at - walker.said_at)
                if self.plan.messages and len(self._latencies) >= self.plan.messages:
                    self._over.set()
            walker.said_at = None
        # Not at once: the call that brought this message has not ended yet.
        walker.going_on = asyncio.get_running_loop().call_later(self.plan.settle, self._go_on, walker)

    def _go_on(self, walker: Walker) -> None:
        shown, person = walker.shown, walker.person
        if shown is None or walker.said_at is not None:
            return
        if self._walk:
            walker.step = self._walk.after(walker.step)
            self._does(walker, self._walk)
            return
        walker.step += 1
        button = next((one for one in shown.buttons if one.data is not None), None)
        if walker.step >= self.plan.steps or (self._final and not button and self._final.search(shown.text)):
            self._start(walker)
            return
        walker.said_at = time.monotonic()
        if button and button.data is not None:
            person.presses(person.chat.sent[shown.id], button.data)
        else:
            person.says(self.plan.types)

    def _does(self, walker: Walker, walk: Walk) -> None:
        step = walk.steps[walker.step]
        walker.said_at = time.monotonic()
        if step.types:
            walker.person.says(step.types)
        elif walker.shown and any(button.label == step.presses for button in walker.shown.buttons):
            walker.person.taps(step.presses, walker.shown)
        else:
            walker.person.taps(step.presses)

    def _report(self, seconds: float, busy: float, bot_worked: float, calls: dict[str, int]) -> Report:
        felt = sorted(self._latencies) or [0.0]
        parts = statistics.quantiles(felt, n=100) if len(felt) > 1 else [felt[0]] * 99
        return Report(
            people=self.plan.people,
            seconds=round(seconds, 2),
            messages=len(self._latencies),
            per_second=round(len(self._latencies) / seconds, 1),
            p50_ms=round(parts[49] * 1000, 1),
            p95_ms=round(parts[94] * 1000, 1),
            p99_ms=round(parts[98] * 1000, 1),
            longest_ms=round(felt[-1] * 1000, 1),
            lost=self._lost,
            further_messages=self._further,
            standin_processor_share=round(busy / seconds, 2),
            whole_run_messages=self._answered,
            processor_ms=round(bot_worked * 1000 / max(len(self._latencies), 1), 3),
            calls=calls,
            lost_at=self._lost_at,
        )


def processor_seconds(process: int | None) -> float:
    """What it has used so far, in user and kernel; 0 where the system does not say."""
    if process is None:
        return 0.0
    try:
        line = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    user, kernel = line.rpartition(")")[2].split()[11:13]
    return (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")


def drive(api: BotApi, plan: Plan) -> Report:
    """Runs a plan from a test's or a bench's thread, and waits for it."""
    if api.loop is None:
        raise RuntimeError("the stand-in is not running")

    async def run() -> Report:
        return await Load(api, plan).run()

    return asyncio.run_coroutine_threadsafe(run(), api.loop).result()


def plan_from(given: dict[str, Any]) -> Plan:
    """A plan from JSON or from the command line; what is None or missing keeps its default."""
    return Plan(**{name: value for name, value in given.items() if value is not None})


async def _bench(api: BotApi, plan: Plan, command: list[str]) -> Report:
    await api.open()
    # BOT_NAME is NAME for the bot alone.
    for_the_bot = {name[4:]: value for name, value in os.environ.items() if name.startswith("BOT_")}
    environment = {**os.environ, **for_the_bot, "TELEGRAM_TOKEN": api.token, "TELEGRAM_API_URL": api.url}
    bot = subprocess.Popen(command, env=environment, stdout=sys.stderr) if command else None
    if bot is None:
        print(orjson.dumps({"token": api.token, "url": api.url}).decode(), file=sys.stderr, flush=True)
    try:
        return await _while_it_lives(asyncio.create_task(Load(api, plan, bot.pid if bot else None).run()), bot)
    finally:
        if bot:
            bot.kill()
            bot.wait()
        await api.close()


async def _while_it_lives(run: asyncio.Task[Report], bot: subprocess.Popen[bytes] | None) -> Report:
    """Raises SystemExit when the bot ends: nobody would be answered any more."""
    while not run.done():
        await asyncio.wait([run], timeout=1)
        if not run.done() and bot and bot.poll() is not None:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)
            raise SystemExit(f"the bot ended by itself, with {bot.returncode}")
    return run.result()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a bot with many people at once.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--unmodified-edits-pass", action="store_true", help="for bots that repeat themselves")
    for name, value in asdict(Plan()).items():
        if name == "known":
            continue
        kind = {"messages": int, "final": str, "walk": str}.get(name, type(value))
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=None)
    parser.add_argument("command", nargs="*", help="the bot, after --; it is started and killed")
    given = vars(parser.parse_args())
    api = BotApi(port=given.pop("port"), latency=given.pop("latency_ms") / 1000, keep=20)
    api.world.unmodified_edits_pass = given.pop("unmodified_edits_pass")
    command = given.pop("command")
    report = uvloop.run(_bench(api, plan_from(given), command))
    print(orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
