"""Every path of every conversation, for a parent, a young person and staff, in every language, within every channel's
limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine

from bot.channels.telegram.render import calls
from bot.partnership import load_rows
from handlers import ERRANDS, taps
from locales import languages
from models import meeting
from models.consent import version
from models.database import now, writing
from models.feedback import Visibility, give_feedback
from models.meeting import Draft, Way
from models.partnership import Partnership
from models.person import Kind, Person, meet
from models.role import RoleName, accept, invite
from tests.crawl import Crawler, Seen

LONGEST_LABEL = 24  # of a row in a WhatsApp list
MOST_ROWS = 10
LONGEST_ASKED = 1024  # of a WhatsApp message with buttons or a list
WHO = ("stranger", "parent", "young", "staff")


def known(partnership: Partnership, engine: Engine, who: str, language: str) -> None:
    """A partnership in the middle of its work, and one person in it."""
    area = partnership.area
    with writing(engine) as session:
        load_rows(session, area)
        boss = meet(session, "terminal", "boss").person
        _invite, secret = invite(session, RoleName.ADMIN, "council", None)
        accept(session, secret, boss)
        other = _agreed(meet(session, "terminal", "other").person, partnership)
        me = meet(session, "terminal", "1", language).person
        if who != "stranger":
            _agreed(me, partnership)
            me.kind = Kind.YOUNG if who == "young" else Kind.PARENT
        if who == "staff":
            _invite, secret = invite(session, RoleName.ADMIN, "council", None)
            accept(session, secret, me)
        for person in (me, other):
            give_feedback(
                session, area, person, topic="transport", text="The taxi was late.", visibility=Visibility.EVERYONE
            )
        draft = Draft(
            "Cuppa and a Chat with the whole SEN team",
            "Talk about what works and what does not.",
            now() + timedelta(days=20),
            90,
            (Way.IN_PERSON, Way.ONLINE, Way.PHONE),
            place="Family hub",
            link="https://example.org/meeting",
            phone="01632 960123",
        )
        meeting.call(session, area, boss, draft)


def _agreed(person: Person, partnership: Partnership) -> Person:
    person.agreed_to, person.agreed_at = version(partnership.area), now()
    person.kind = Kind.PARENT
    return person


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("language", sorted(languages()))
def test_every_path_of_every_conversation(
    engine: Engine, tameside: Partnership, clock: time_machine.Traveller, who: str, language: str
) -> None:
    known(tameside, engine, who, language)
    crawler = Crawler(engine, tameside, language)
    crawler.from_here(
        "/start",
        *(taps.start(name, {}) for name in ERRANDS),
        "my son cannot talk yet, who helps?",
        "The bus was late again!",
    )
    assert crawler.failures == []
    wrong = [f"{seen.where}: {complaint}" for seen in crawler.seen for complaint in complaints(seen)]
    assert wrong == []
    assert len(crawler.seen) > 100


def complaints(seen: Seen) -> list[str]:
    message, found = seen.message, []
    if message.text.startswith("Sorry, something went wrong"):
        found.append("it failed")
    if len(message.buttons) > MOST_ROWS:
        found.append(f"{len(message.buttons)} buttons")
    found += [f"long label: {button.label}" for button in message.buttons if len(button.label) > LONGEST_LABEL]
    labels = [button.label for button in message.buttons]
    if len(set(labels)) < len(labels):
        found.append(f"two buttons with one label: {labels}")
    found += [f"no label: {button}" for button in message.buttons if not button.label.strip()]
    if message.buttons and len(message.text) > LONGEST_ASKED:
        found.append(f"{len(message.text)} characters with buttons")
    if "{" in message.text or "}" in message.text:
        found.append(f"an unfilled place: {message.text}")
    if not message.text.strip():
        found.append("no words")
    if message.attachment is None and not calls(message, 1, None, None):
        found.append("nothing to send on Telegram")
    return found
