"""Danger in the middle of an invitation, on Telegram: help at once, staff told in the chat and by e-mail, up to the
manager, until somebody has it; and the person is back where they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import Engine

from bot.mail import Mail, MailServer
from handlers.alarm import alert_again
from models.alert import Alert
from models.database import now, writing
from models.duty import Order, add_turn, confirm_email, give_email
from models.meeting import Coming, Rsvp
from models.partnership import Partnership
from models.person import meet
from models.role import Role, RoleName
from tests.company import EVERY_DAY, TEAM, family, with_a_team
from tests.faults.program import until
from tests.somebody import Somebody
from tests.standin import BotApi
from tests.talk import Talk
from tests.telegram.serving import Serving
from tests.test_mail import SENDER, Postbox, free_port
from tests.test_meetings import called
from tests.web.serving import serving as web_serving

DANGER = {"en": "I want to kill myself", "pl": "chcę się zabić, nie chcę żyć", "ur": "میں خودکشی کرنا چاہتا ہوں"}
ORDERS = (Order.FIRST, Order.SECOND, Order.MANAGER)


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, MailServer]]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, MailServer("127.0.0.1", controller.port, SENDER)
    controller.stop()


def on_the_rota(engine: Engine, partnership: Partnership, one: Somebody, order: Order) -> None:
    """Staff with a chat and a confirmed mailbox."""
    with writing(engine) as session:
        person = meet(session, "telegram", str(one.person.id)).person
        session.add(Role(person=person, name=RoleName.SAFEGUARDING, organisation="council"))
        session.flush()
        rota = {"team": TEAM, "order": order, "days": EVERY_DAY, "starts": "00:00", "ends": "00:00"}
        add_turn(session, partnership.area, person, person, **rota)  # type: ignore[arg-type]
        given = give_email(session, person, f"{order.value}@example.org")
        assert given is not None
        assert confirm_email(session, person, given[1])


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_help_at_once_staff_told_two_ways_up_to_the_manager_and_back_again(
    api: BotApi,
    engine: Engine,
    tameside: Partnership,
    postbox: tuple[Postbox, MailServer],
    language: str,
) -> None:
    box, server = postbox
    with time_machine.travel(datetime(2026, 11, 10, 10, 0, tzinfo=UTC), tick=True) as clock:
        partnership = with_a_team(tameside, mails=True)
        guest = Somebody(api, "Sam", language)
        staff = [Somebody(api, order.value) for order in ORDERS]
        with Serving(api, engine, partnership) as serving:
            serving.post.add(Mail(server))
            for one in (guest, *staff):
                one.starts()
                one.waits(lambda one=one: one.new(), "an answer")  # type: ignore[misc]
            for one, order in zip(staff, ORDERS, strict=True):
                on_the_rota(engine, partnership, one, order)
                one.seen = one.person.chat.arrived
            talk = Talk(engine, partnership, clock, key=str(guest.person.id), channel="telegram", language=language)
            family(talk)
            meeting = called(talk)
            guest.starts(f"meetings-meeting_{meeting}")
            guest.hears("Are you coming?")
            guest.says(DANGER[language])
            said = guest.hears("This sounds serious. Please do not wait for an answer here. You can ring:")
            assert "999" in said

            def goes_on(minutes: int) -> None:
                clock.shift(minutes * 60)

                async def sweep() -> int:
                    return await serving.writer.do(lambda session: alert_again(session, partnership, now()))

                assert serving.do(sweep()) == 1
                serving.loop.call_soon_threadsafe(serving.post.ring)

            def letters(*orders: str) -> None:
                wanted = sorted(f"{order}@example.org" for order in orders)
                until(lambda: sorted(str(one["To"]) for one in box.letters) == wanted, f"letters to {wanted}")

            staff[0].hears("Somebody may be at risk.")
            letters("first")
            assert not staff[1].ever("at risk")
            goes_on(15)
            staff[1].hears("Somebody may be at risk.")
            letters("first", "first", "second")
            assert not staff[2].ever("at risk")
            goes_on(15)
            staff[2].hears("Somebody may be at risk.")
            letters("first", "first", "first", "second", "second", "manager")
            assert not any(DANGER[language] in box.text(number) for number in range(6))
            # The manager takes it by the link in the e-mail, which the web serves.
            [number] = [place for place, one in enumerate(box.letters) if one["To"] == "manager@example.org"]
            link = re.search(r"/alert/\S+", box.text(number))
            assert link is not None
            with web_serving(engine, partnership) as served:
                page = httpx.post(served.address + link[0])
            [alert] = talk.kept(Alert)
            assert f"You have alert {alert.code}." in page.text
            assert alert.seen_at is not None
            guest.taps("No, not now")
            assert guest.read("Now back to where you were.") in guest.hears("Are you coming?")
            guest.taps("I'm coming")
            guest.waits(lambda: [one.coming for one in talk.kept(Rsvp)] == [Coming.YES], "the answer")
            assert serving.do(_nothing_more(serving, partnership)) == 0


async def _nothing_more(serving: Serving, partnership: Partnership) -> int:
    return await serving.writer.do(lambda session: alert_again(session, partnership, now()))
