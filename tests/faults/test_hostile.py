"""Nonsense, malice and haste, by the thousand: nothing fails, nothing is dropped, and everybody is still served."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections import Counter
from datetime import timedelta

import time_machine
from sqlalchemy import Engine, func, select, text

from bot.channels.telegram.heard import Group, Ignored, heard
from bot.channels.telegram.payload import Update
from bot.channels.telegram.render import calls
from bot.clock import Clock
from bot.sweeps import SWEEPS
from bot.turn import Turned, Turns, failed, turn
from bot.writer import Writer
from handlers import reception
from models.consent import version
from models.conversation import Conversation
from models.database import now, reading, writing
from models.heard import Heard, keepable
from models.meeting import Meeting, Rsvp
from models.message import Message
from models.outgoing import Outgoing
from models.partnership import Partnership
from models.person import Address, Kind, meet
from models.received import Received
from models.role import Role, RoleName
from tests.company import family
from tests.crawl import known
from tests.faults.conftest import Trials
from tests.faults.hostile import BOT_ID, Hostile, plainly
from tests.talk import Talk

LONGEST_TEXT, LONGEST_DATA = 4096, 64
PEOPLE = range(1, 25)
AT_ONCE = 12  # so many come in together, as one batch of getUpdates brings them


class Watched(Turns):
    """Keeps what went wrong with its place in the code, for whoever reads the failure of this test."""

    def __init__(self, writer: Writer, partnership: Partnership) -> None:
        super().__init__(writer, partnership)
        self.crashes: list[str] = []

    async def take(self, heard: Heard) -> Turned:
        heard = keepable(heard)

        def rescue(session: object, error: Exception) -> Turned:
            said = json.dumps(heard.as_json())[:400]
            self.crashes.append("".join(traceback.format_exception(error)[-6:]) + said)
            return failed(session, heard, self.partnership, error)  # type: ignore[arg-type]

        return await self.writer.do(lambda session: turn(session, heard, self.partnership), rescue)


class Fuzz:
    """One partnership with strangers, families and staff of each role, and what reaches it."""

    def __init__(self, engine: Engine, partnership: Partnership, clock: time_machine.Traveller, seed: int) -> None:
        self.engine, self.partnership, self.travel = engine, partnership, clock
        self.writer = Writer(engine)
        self.turns = Watched(self.writer, partnership)
        self.clock = Clock(self.writer, partnership, SWEEPS, lambda: None)
        self.hostile = Hostile(seed, PEOPLE)
        self.wrong: list[str] = []
        self.claimed: set[str] = set()
        self.unreadable = Counter[str]()
        self.looked_at = 0
        known(partnership, engine, "parent", "en")
        with writing(engine) as session:
            for number in PEOPLE:
                person = meet(session, "telegram", str(number), ("en", "pl", "ur")[number % 3]).person
                if number % 2:
                    person.agreed_to, person.agreed_at = version(partnership.area), now()
                    person.kind = Kind.YOUNG if number % 5 == 0 else Kind.PARENT
                if number <= len(RoleName) * 2:
                    session.add(
                        Role(person=person, name=list(RoleName)[number % len(RoleName)], organisation="council")
                    )

    async def run(self, updates: int, trials: Trials) -> int:
        """Returns how many there was time for."""
        done = 0
        self.writer.start()
        try:
            while done < updates and not trials.time_is_up:
                many = min(self.hostile.chance.randint(1, AT_ONCE), updates - done)
                await asyncio.gather(*(self._hear() for _each in range(many)))
                self._look()
                done += many
                if self.hostile.chance.random() < 0.02:
                    self.travel.shift(timedelta(minutes=self.hostile.chance.choice((1, 30, 60 * 9, 60 * 24 * 3))))
                    await self.clock.sweep()
        finally:
            await asyncio.to_thread(self.writer.stop)
        return done

    async def _hear(self) -> None:
        update = self.hostile.update()
        try:
            found = heard(update, BOT_ID)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.unreadable[type(error).__name__] += 1  # kept for staff as it came: see test_listening.py
            return
        if isinstance(found, Group | Ignored):
            return
        await self.turns.take(found)
        self.claimed.add(found.id)

    def _look(self) -> None:
        """Reads what was written to people, as their phones would get it, and remembers the buttons."""
        with reading(self.engine) as session:
            query = (
                select(Outgoing, Address)
                .join(Address, Address.id == Outgoing.address_id)
                .where(Outgoing.id > self.looked_at)
                .order_by(Outgoing.id)
            )
            for row, address in session.execute(query):
                self.looked_at = row.id
                self._judge(row.message, address)

    def _judge(self, message: Message, address: Address) -> None:
        if address.channel != "telegram":
            return
        buttons = [*message.buttons, *message.footer]
        self.hostile.shown(int(address.key), [one.tap for one in buttons if one.tap], [one.label for one in buttons])
        if message.attachment is not None:
            return
        made = calls(message, int(address.key), None, None)
        self.wrong += [f"nothing to send: {message}"] if not made else []
        for call in made:
            words = call.params.get("text", "")
            # Telegram counts characters, as render.py does: 4,096 emoji of two UTF-16 units each are taken.
            if len(words) > LONGEST_TEXT or (call.method == "sendMessage" and not words.strip()):
                self.wrong.append(f"{len(words)} characters: {words[:80]!r}")
            if "parse_mode" in call.params:
                self.wrong.append("formatting, which words of others could break")
        self.wrong += [f"long data: {one}" for one in buttons if len(one.tap.encode()) > LONGEST_DATA]

    def everybody_asks_for_the_menu(self) -> list[int]:
        """Those who do not get it."""
        left_alone = []
        for number in PEOPLE:
            self.turns.take_now(_heard(plainly(number, 4_000_000_000 + number * 2, "/menu")))
            before = self.looked_at
            with reading(self.engine) as session:
                got = list(
                    session.scalars(
                        select(Outgoing)
                        .join(Address)
                        .where(Address.channel == "telegram", Address.key == str(number), Outgoing.id > before)
                    )
                )
            if not got or not any(row.message.buttons for row in got):
                left_alone.append(number)
        return left_alone


def _heard(update: Update) -> Heard:
    found = heard(update, BOT_ID)
    assert isinstance(found, Heard)
    return found


def test_nonsense_by_the_thousand_fails_nothing_and_drops_nothing(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller, trials: Trials
) -> None:
    fuzz = Fuzz(engine, tameside, clock, trials.seed)
    updates = asyncio.run(fuzz.run(trials.many(1_000, 100_000), trials))
    trials.tell("hostile updates", f"{updates} updates, {len(fuzz.claimed)} heard, {fuzz.unreadable.total()} kept unread",
                lost=len(fuzz.turns.crashes))  # fmt: skip
    assert fuzz.turns.crashes == [], "\n\n".join(fuzz.turns.crashes[:5])
    assert fuzz.wrong == []
    with reading(engine) as session:
        assert session.scalars(select(Received.id).where(Received.error.is_not(None))).all() == []
        kept = set(session.scalars(select(Received.id)))
        sorry = session.scalar(select(func.count()).where(Outgoing.body["text"].as_string() == reception.sorry()))
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert sorry == 0
    # Whoever has everything erased takes the keys of their own messages along: no other key may be gone.
    erased = fuzz.claimed - kept
    assert len(erased) < len(fuzz.claimed) // 2 or not erased
    assert fuzz.everybody_asks_for_the_menu() == []


def test_a_number_longer_than_any_of_ours_is_an_old_button(talk: Talk) -> None:
    family(talk)
    for tap in ("a:99999999999999999999:topic:school", "s:meetings:meeting=99999999999999999999999"):
        talk.hear(tap=tap)
        assert "That button is from an earlier version of me." in talk.messages()[-1].text
    talk.types("/start meetings-meeting_99999999999999999999999")
    talk.types("9" * 100_000)
    assert [one.error for one in talk.kept(Received) if one.error] == []


def test_a_link_answers_nothing_in_the_name_of_whoever_opens_it(talk: Talk) -> None:
    known(talk.partnership, talk.engine, "parent", "en")
    coffee = next(one for one in talk.kept(Meeting) if one.title.startswith("Cuppa and a Chat with the whole"))
    talk.types(f"/start meetings-meeting_{coffee.id}-coming_yes-how_online")
    assert talk.kept(Rsvp) == []
    assert "Cuppa and a Chat" in talk.messages()[-1].text
    talk.taps("I'm coming")
    assert len(talk.kept(Rsvp)) == 1


def test_a_link_fills_in_nothing_for_staff(talk: Talk) -> None:
    known(talk.partnership, talk.engine, "staff", "en")
    talk.types("/start publish-text_hello")
    assert all(not one.answers for one in talk.kept(Conversation) if one.flow == "publish")


def test_a_button_to_words_that_were_erased_meanwhile_leads_to_the_list(talk: Talk) -> None:
    known(talk.partnership, talk.engine, "staff", "en")
    talk.hear(tap="s:inbox:which=ABCDEF")
    assert "The oldest promise comes first" in talk.messages()[-1].text
    assert [one.error for one in talk.kept(Received) if one.error] == []
